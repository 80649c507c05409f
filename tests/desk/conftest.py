"""A desk in a folder of its own, and a clock to move."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from making import Clock, Desk, desk_on, store_in

from humphrey.store.engine import Database


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
