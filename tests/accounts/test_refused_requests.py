"""What is refused at the door is on the record, and can neither fill it nor the memory."""

from datetime import timedelta

import pytest

from humphrey.accounts.refused_requests import MAX_ADDRESSES, OTHER_ADDRESSES, RefusedRequests
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken


@pytest.fixture
def refusals(database, clock) -> RefusedRequests:
    return RefusedRequests(database, clock)


def entered(database) -> list[tuple[str, str, int]]:
    assert first_broken(ledger_store.entries(database)) is None
    assert {entry.act for entry in ledger_store.entries(database)} <= {"request:refuse"}
    return [
        (entry.subject, entry.detail["reason"], int(entry.detail["count"])) for entry in ledger_store.entries(database)
    ]


def test_the_first_refusal_is_entered_at_once_and_a_thousand_more_as_one_count_a_minute(refusals, database, clock):
    for _ in range(1000):
        refusals.record("10.0.0.1", "origin")
    assert entered(database) == [("10.0.0.1", "origin", 1)]

    clock.now += timedelta(minutes=1)
    refusals.flush()
    refusals.flush()

    assert entered(database) == [("10.0.0.1", "origin", 1), ("10.0.0.1", "origin", 999)]


def test_nothing_is_entered_for_a_quiet_minute(refusals, database, clock):
    for _ in range(3):
        clock.now += timedelta(minutes=1)
        refusals.flush()

    assert entered(database) == []


def test_addresses_and_reasons_are_told_apart(refusals, database):
    refusals.record("10.0.0.1", "origin")
    refusals.record("10.0.0.1", "size")
    refusals.record("10.0.0.2", "origin")

    assert len(entered(database)) == 3


def test_many_addresses_share_one_entry_and_every_refusal_is_counted(refusals, database, clock):
    for n in range(5000):
        refusals.record(f"10.0.{n // 250}.{n % 250}", "origin")
    refusals.flush(over=True)

    said = entered(database)
    assert sum(count for _, _, count in said) == 5000
    assert len(said) == MAX_ADDRESSES + 2
    assert [subject for subject, _, _ in said if subject == OTHER_ADDRESSES] == [OTHER_ADDRESSES] * 2


def test_an_attack_that_goes_on_for_hours_leaves_one_entry_a_minute(refusals, database, clock):
    for _ in range(120):
        for _ in range(20):
            refusals.record("10.0.0.1", "origin")
        clock.now += timedelta(minutes=1)
    refusals.flush(over=True)

    said = entered(database)
    assert sum(count for _, _, count in said) == 2400
    assert len(said) <= 122
