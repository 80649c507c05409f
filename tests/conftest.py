"""A desk, a ledger and both databases, for the tests of every room. A room's own conftest comes before this one."""

import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from evals.proofs.databases import postgresql
from humphrey.database.engine import Database
from humphrey.errors import SettingsError
from tests.support.ledger_books import Books
from tests.support.ledger_books import Clock as TickingClock
from tests.support.services import Clock, Desk, desk_on, store_in

pytest_plugins = ["tests.support.cheaper_parts"]

SLOW = re.compile(
    r"^(?:from|import) (?:playwright|subprocess|uvicorn|chromadb|humphrey\.(?:app|cli)|evals\."
    r"|tests\.(?:web|conversations)|tests\.support\.(?!services|roles)|humphrey\.search\.(?:embeddings|index|vector_store)"
    r"|humphrey\.delivery\.(?:export|outbox|outlets)|humphrey\.accounts\.passwords|humphrey\.guidance\.sync\.govuk)",
    re.MULTILINE,
)
"""An import of a file of tests that starts a server, a browser or another process, loads an index, or makes files."""


@cache
def slow(path: Path) -> bool:
    """Return whether a file of tests is slow, by its imports."""
    return bool(SLOW.search(path.read_text(encoding="utf-8")))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--fast`."""
    parser.addoption("--fast", action="store_true", help="leave out servers, browsers, other processes and indexes")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave slow files out before they are imported, because importing is most of their cost."""
    fast = config.getoption("fast") and collection_path.match("test_*.py")
    return True if fast and slow(collection_path) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run slow files first, so that the workers end together."""
    items.sort(key=lambda item: not slow(item.path))
    if config.getoption("fast"):
        config.hook.pytest_deselected(items=[item for item in items if "postgresql" in item.nodeid])
        items[:] = [item for item in items if "postgresql" not in item.nodeid]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = store_in(tmp_path)
    yield database
    database.close()


@pytest.fixture
def desk(database: Database, clock: Clock) -> Desk:
    return desk_on(database, clock)


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


@pytest.fixture
def ticking_clock() -> TickingClock:
    """A clock that goes on with every look, so that no two moments are one."""
    return TickingClock()


@pytest.fixture
def books(tmp_path: Path, ticking_clock: TickingClock) -> Iterator[Books]:
    books = Books(tmp_path, ticking_clock)
    yield books
    books.database.close()
