"""An office in a folder of its own, and a clock to move."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.records_office import Clock, Office


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    office = Office(tmp_path, clock)
    yield office
    office.database.close()
