"""Both databases that humphrey runs on; a machine where PostgreSQL cannot run says so."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evals.proofs.databases import postgresql
from humphrey.errors import SettingsError


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """Makes a database on a PostgreSQL of the tests' own, each time it is called; gives its address."""
    try:
        with postgresql() as fresh:
            yield fresh
    except SettingsError as error:
        # The wish for no silent skips is the continuous integration's, not one of humphrey's settings.
        demanded = os.environ.get("CI") == "true"  # noqa: TID251 - as said above
        pytest.fail(str(error)) if demanded else pytest.skip(f"NO POSTGRESQL: {error}")


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of one kind and then of the other."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'humphrey.db'}"
    fresh: Callable[[], str] = request.getfixturevalue("postgres")
    return fresh()
