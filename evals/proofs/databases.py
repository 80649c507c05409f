"""A PostgreSQL server for the time of a proof, from a development dependency."""

import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from humphrey.errors import SettingsError


@contextmanager
def postgresql() -> Iterator[Callable[[], str]]:
    """Start a server that is reached through a socket; yield a function that makes a database and returns its address.

    Raises:
        SettingsError: pgserver is not installed on this machine, or its server does not start.
    """
    # A folder of its own: the server may run as another person, who has to be let into every folder above it.
    folder = Path(tempfile.mkdtemp(prefix="humphrey-postgresql-"))
    server = _started(folder / "data")
    numbers = count(1)

    def fresh() -> str:
        name = f"humphrey_{next(numbers)}"
        server.psql(f"CREATE DATABASE {name};")
        address: str = server.get_uri(database=name)
        return address.replace("postgresql://", "postgresql+psycopg://", 1)

    try:
        yield fresh
    finally:
        server.cleanup()
        shutil.rmtree(folder)


def _started(folder: Path) -> Any:  # noqa: ANN401 - pgserver has no types
    try:
        with warnings.catch_warnings():
            # It looks for a folder that only a signed-in person's machine has, and goes on without it.
            warnings.simplefilter("ignore")
            from pgserver.postgres_server import get_server

            return get_server(folder, cleanup_mode="delete")
    except (ImportError, RuntimeError, OSError, subprocess.SubprocessError) as error:
        raise SettingsError(f"no PostgreSQL can be started here ({error}); install pgserver, or try SQLite") from error
