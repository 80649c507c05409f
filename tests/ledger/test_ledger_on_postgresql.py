"""The record on PostgreSQL: published, checked, listed, and a change of it found."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import EntryFilter
from tests.support.ledger_books import Books, Clock


@pytest.fixture
def elsewhere(tmp_path: Path, clock: Clock, postgres: Callable[[], str]) -> Iterator[Books]:
    books = Books(tmp_path, clock, postgres())
    yield books
    books.database.close()


def test_on_postgresql_the_record_is_published_listed_and_checked_as_on_sqlite(elsewhere: Books):
    elsewhere.everything()
    assert elsewhere.publishing.publish(elsewhere.clock()) == 1
    found = elsewhere.verify()
    assert (found.ok, found.reviews, found.heads) == (True, 5, 1)
    approvals = ledger_store.find_entries(elsewhere.database, EntryFilter(act="review:approve"), 10)
    assert [entry.actor for entry in approvals] == ["david", "grace"]
    assert ledger_store.count_entries(elsewhere.database, EntryFilter()) == found.entries

    with elsewhere.database.writing() as connection:
        connection.exec_driver_sql("UPDATE comments SET text = 'Fine.'")
        connection.exec_driver_sql("UPDATE ledger SET actor = 'tom' WHERE n = 6")

    found = elsewhere.verify()
    assert found.first_broken == 6
    assert any("comment 1 is not what entry" in fault.message for fault in found.faults)
