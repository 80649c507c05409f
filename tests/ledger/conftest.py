"""Books in a folder of their own, and a clock to move."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bookkeeping import Books, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def books(tmp_path: Path, clock: Clock) -> Iterator[Books]:
    books = Books(tmp_path, clock)
    yield books
    books.database.close()
