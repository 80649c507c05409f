"""The chain: a change anywhere is noticed, and the first one is named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from humphrey.ledger.model import START, Entry, first_broken, seal, seal_holds

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def chain(length: int) -> list[Entry]:
    entries: list[Entry] = []
    for n in range(1, length + 1):
        previous = entries[-1].seal if entries else START
        entries.append(seal(Entry(n, NOON, "grace", "review:approve", f"r{n}", {"digest": "sha256:1"}, previous)))
    return entries


def test_an_untouched_chain_holds():
    assert first_broken([]) is None
    assert first_broken(chain(1)) is None
    assert first_broken(chain(6)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"n": 7},
        {"at": NOON + timedelta(microseconds=1)},
        {"actor": "Grace"},
        {"act": "review:refuse"},
        {"subject": "r9"},
        {"detail": {"digest": "sha256:2"}},
        {"previous": START},
        {"seal": START},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_change_of_any_part_of_an_entry_is_noticed(change):
    entries = chain(5)
    entries[2] = replace(entries[2], **change)

    assert first_broken(entries) == 3


def test_a_changed_entry_that_was_sealed_anew_breaks_the_one_after_it():
    entries = chain(5)
    entries[2] = seal(replace(entries[2], actor="david"))

    assert first_broken(entries) == 4


def test_numbers_go_up_by_one():
    first = chain(1)[0]
    third = seal(replace(first, n=3, previous=first.seal))

    assert first_broken([first, third]) == 2


def test_a_removed_entry_is_named():
    entries = chain(5)

    assert first_broken(entries[:2] + entries[3:]) == 3


def test_entries_in_another_order_are_noticed():
    entries = chain(4)

    assert first_broken([entries[0], entries[2], entries[1], entries[3]]) == 2


def test_a_seal_does_not_depend_on_the_zone_a_time_is_written_in():
    summer = NOON.astimezone(timezone(timedelta(hours=1)))
    entry = chain(1)[0]

    assert seal_holds(replace(entry, at=summer))
