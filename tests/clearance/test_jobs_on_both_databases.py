"""The clock, the notices, the seeds and the figures, on SQLite and on PostgreSQL alike."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from humphrey.accounts import store as account_store
from humphrey.accounts.model import Person
from humphrey.clearance.deadlines import ReminderSchedule
from humphrey.clearance.notifications import store as notification_store
from humphrey.clearance.notifications.service import Notifications
from humphrey.clearance.reminders import Reminders
from humphrey.clearance.reviewer_statistics.service import ReviewerStatistics
from humphrey.clearance.spot_checks.service import SpotChecks
from humphrey.database.engine import Database, open_database
from tests.support.staff import anybody, desk_on, people_of, question, shown


@pytest.fixture
def either(address: str) -> Iterator[Database]:
    database = open_database(address)
    yield database
    database.close()


def test_reminders_deputies_expiry_seeds_readings_and_letters_are_the_same_on_both(either, clock):
    desk, people = desk_on(either, clock), people_of(either, clock)
    for n in range(5):
        review = desk.clearance.take(question(f"Question {n}"))
        clock.now += timedelta(seconds=1)
        desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
    desk.deliver("web", shown)
    seeds = SpotChecks(either, lambda draft: (), lambda name: False, 0.2, clock)
    readings = ReviewerStatistics(either, people, desk.clearance.review_to_clear, clock)
    assert [seeds.create(), seeds.create()] == [1, 0]
    [seed] = desk.clearance.reviews(everything=False)
    assert readings.note(seed.id, "david", 1, 10, ["1"]) == 10
    assert desk.clearance.decide(seed.id, "approve", "david", seed.draft.digest).state == "closed"

    late, stale = desk.clearance.take(question("Late")), desk.clearance.take(question("Stale"))
    desk.clearance.decide(stale.id, "approve", "grace", stale.draft.digest)
    clock.now += timedelta(days=10)
    keeping = Reminders(either, people, anybody, ReminderSchedule(), clock)
    assert [keeping.remind(), keeping.remind(), keeping.escalate(), keeping.escalate()] == [1, 0, 1, 0]
    assert [keeping.expire(), keeping.expire(), desk.clearance.review(stale.id).state] == [1, 0, "open"]

    notices = Notifications(either, clock)
    assert sorted(each.event for each in notices.of("grace")) == ["escalated", "expired", "reminder"]
    assert notices.read("grace", notices.of("grace")[0].id)
    assert (notices.unread("grace"), [each.missed for each in readings.of("david")]) == (2, [1, 1])
    desk.clearance.decide(late.id, "approve", "grace", late.draft.digest)
    # A person real, so that the demonstration people are gone.
    with either.transaction() as tx:
        account_store.add_person(tx, Person("zoe", ("official",), email="zoe@office.example"), "hash", clock())
        notification_store.add(tx, ["zoe"], "returned", late.id, clock())
    [letter] = notification_store.pending_mail(either, clock(), clock() - timedelta(days=7), 10)
    with either.transaction() as tx:
        assert notification_store.claim_for_mail(tx, letter, clock() + timedelta(minutes=5))
        assert not notification_store.claim_for_mail(tx, letter, clock() + timedelta(minutes=5))
        notification_store.mark_unmailed(tx, letter.notice.id, "no such user", None)
    assert (notices.unsent().waiting, notices.unsent().given_up, notices.unsent().failure) == (0, 1, "no such user")
