"""The integrity check: what it runs on each database, and the damage that it names."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from humphrey.database.engine import Database, open_database
from humphrey.database.integrity import check_integrity
from humphrey.errors import StoreError


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    database = open_database(address)
    yield database
    database.close()


def test_an_undamaged_database_has_no_fault_and_the_check_says_what_it_ran(database: Database):
    found = check_integrity(database)

    assert found.faults == ()
    assert "foreign_key_check" in found.ran or "every reference followed" in found.ran


def test_a_row_that_refers_to_none_is_named(tmp_path: Path):
    path = tmp_path / "humphrey.db"
    database = open_database(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO comments VALUES ('r1', 1, 'ada', 'Well?', '2026-11-23 12:00:00.000000')")

    (fault,) = check_integrity(database).faults

    assert fault.endswith("of comments refers to a row of reviews that is not there")
    database.close()


def test_damaged_pages_are_named(tmp_path: Path):
    path = tmp_path / "humphrey.db"
    open_database(f"sqlite:///{path}").close()
    whole = bytearray(path.read_bytes())
    whole[4096 * 3 : 4096 * 6] = b"\xff" * (4096 * 3)
    path.write_bytes(whole)

    # Whichever page is hit, the opening or the check says so.
    with pytest.raises(StoreError, match="is damaged"):
        _require_no_fault(path)


def _require_no_fault(path: Path) -> None:
    database = open_database(f"sqlite:///{path}")
    try:
        if faults := check_integrity(database).faults:
            raise StoreError(f"{path} is damaged: {faults[0]}")
    finally:
        database.close()
