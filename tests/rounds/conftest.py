"""A desk in a folder of its own, and a clock to move."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from staff import Clock, desk_on, store_in

from humphrey.desk import Desk
from humphrey.notices import Notices
from humphrey.store import Store


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = store_in(tmp_path)
    yield store
    store.close()


@pytest.fixture
def desk(store: Store, clock: Clock) -> Desk:
    return desk_on(store, clock)


@pytest.fixture
def notices(store: Store, clock: Clock) -> Notices:
    return Notices(store, clock, "https://humphrey.example")
