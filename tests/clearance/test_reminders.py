"""Reminders, deputies and approvals that run out: each once, whatever stops in the middle and however many look."""

from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from humphrey.clearance.deadlines import ReminderSchedule
from humphrey.clearance.reminders import Reminders
from humphrey.clearance.store import timing as timing_store
from humphrey.database.engine import Database
from humphrey.delivery import store as outbox_store
from humphrey.errors import AlreadyDecided
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from tests.support.processes import FORKS
from tests.support.services import Desk
from tests.support.staff import Clock, anybody, desk_on, drafter, people_of, question, shown, store_in

PACE = ReminderSchedule(reminders=(0.5, 0.8), escalate_at=0.9, undated_days=5, approval=timedelta(hours=72))


HALF, MOST = datetime(2026, 11, 26, 11, tzinfo=UTC), datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
"""Of five working days and a bit, from Monday noon to the end of Tuesday week, with St Andrew's Day between."""


LATE = datetime(2026, 12, 1, 16, tzinfo=UTC)


OVERDUE = datetime(2026, 12, 2, 8, tzinfo=UTC)


@pytest.fixture
def desk(database: Database, clock: Clock) -> Desk:
    return desk_on(database, clock)


def keeping(database, clock, may_read=anybody, pace: ReminderSchedule = PACE) -> Reminders:
    return Reminders(database, people_of(database, clock), may_read, pace, clock)


@pytest.fixture
def time(database, clock) -> Reminders:
    return keeping(database, clock)


def told(notices, event: str) -> dict[str, list[str]]:
    people = ("amina", "tom", "grace", "david", "priya", "iris", "sam")
    found = {name: [each.review for each in notices.of(name) if each.event == event] for name in people}
    return {name: reviews for name, reviews in found.items() if reviews}


def acts(database, review_id: str) -> Counter[str]:
    """What was done with a review, but how its draft came about."""
    done = Counter(entry.act for entry in ledger_store.entries(database, review_id))
    return Counter({act: count for act, count in done.items() if act.split(":")[0] in {"review", "release"}})


def test_nobody_is_reminded_before_the_first_share_of_the_time_is_over(desk, time, notices, clock):
    desk.clearance.take(question())
    clock.now = HALF - timedelta(hours=1)

    assert (time.remind(), time.escalate()) == (0, 0)
    assert told(notices, "reminder") == {}


def test_every_reviewer_who_may_clear_an_unclaimed_draft_is_reminded_once_at_each_share(
    desk, time, notices, database, clock
):
    review = desk.clearance.take(question())
    for moment in (HALF, HALF, MOST, MOST, LATE):
        clock.now = moment
        time.remind()

    assert told(notices, "reminder") == {"grace": [review.id] * 2, "david": [review.id] * 2}
    assert acts(database, review.id) == {"review:open": 1, "review:remind": 2}
    assert notices.sentence(notices.of("grace")[0]).endswith("until 1 December 2026.")


def test_of_several_reminders_that_fell_due_while_nobody_looked_one_is_sent(desk, time, notices, clock):
    review = desk.clearance.take(question())
    clock.now = LATE

    assert (time.remind(), time.remind()) == (1, 0)
    assert told(notices, "reminder") == {"grace": [review.id], "david": [review.id]}


def test_the_person_who_has_a_draft_before_them_is_reminded_alone_and_everybody_once_the_claim_is_over(
    desk, time, notices, clock
):
    review = desk.clearance.take(question())
    clock.now = HALF
    until = desk.assignment.claim(review.id, "grace").claim.until
    time.remind()
    assert told(notices, "reminder") == {"grace": [review.id]}

    clock.now = max(MOST, until)
    time.remind()
    assert told(notices, "reminder") == {"grace": [review.id] * 2, "david": [review.id]}


def test_an_author_is_not_reminded_to_clear_their_own_draft(desk, time, notices, clock):
    review = desk.clearance.take(question(asked_by="grace"))
    clock.now = HALF
    time.remind()

    assert told(notices, "reminder") == {"david": [review.id]}


def test_the_person_who_may_not_read_what_a_draft_cites_is_not_reminded_and_where_nobody_may_the_administrator_is(
    desk, database, notices, clock
):
    review = desk.clearance.take(question())
    clock.now = HALF
    assert keeping(database, clock, lambda _document, _groups, _version="": False).remind() == 1

    assert told(notices, "reminder") == {"sam": [review.id]}


def test_a_due_date_counts_before_the_usual_days(database, notices, clock):
    def dated(request, watch):
        return replace(drafter(request, watch), due=date(2026, 11, 24))

    review = desk_on(database, clock, dated).clearance.take(question())
    clock.now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert keeping(database, clock).remind() == 1
    assert notices.sentence(notices.of("grace")[0]) == (
        f"Draft {review.reference} still waits for clearance, until 24 November 2026."
    )


@pytest.mark.parametrize("moment", [LATE, OVERDUE])
def test_deputies_of_whom_a_late_draft_waits_for_are_told_once(desk, time, notices, database, clock, moment):
    review = desk.clearance.take(question())
    clock.now = moment - timedelta(minutes=5)
    desk.assignment.claim(review.id, "grace")
    clock.now = moment

    assert (time.escalate(), time.escalate()) == (1, 0)
    assert told(notices, "escalated") == {"david": [review.id]}
    [entry] = [entry for entry in ledger_store.entries(database, review.id) if entry.act == "review:escalate"]
    assert (entry.actor, entry.detail) == ("humphrey", {"told": "david"})


def test_where_no_deputy_may_clear_it_the_administrator_is_told(desk, time, notices, clock):
    # David's deputy is grace, who asked for it.
    review = desk.clearance.take(question(asked_by="grace"))
    clock.now = LATE

    assert time.escalate() == 1
    assert told(notices, "escalated") == {"sam": [review.id]}


@pytest.mark.parametrize("verdict", ["approve", "return", "refuse"])
def test_what_was_ruled_on_hurries_nobody(desk, time, notices, clock, verdict):
    review = desk.clearance.take(question())
    desk.clearance.decide(review.id, verdict, "grace", review.draft.digest, "Because.")
    clock.now = OVERDUE

    assert (time.remind(), time.escalate()) == (0, 0)


def approved(desk, reviewer: str = "grace"):
    review = desk.clearance.take(question())
    return desk.clearance.decide(review.id, "approve", reviewer, review.draft.digest)


def broken(_release):
    raise OSError("the line is down")


def test_an_approved_text_that_was_not_delivered_within_its_life_goes_back_on_the_list(
    desk, time, notices, database, clock
):
    review = approved(desk)
    clock.now += PACE.approval - timedelta(seconds=1)
    assert time.expire() == 0
    clock.now += timedelta(seconds=1)
    assert (time.expire(), time.expire()) == (1, 0)

    assert desk.clearance.review(review.id).state == "open"
    assert outbox_store.waiting(database, "web", clock()) == []
    assert acts(database, review.id)["release:expire"] == 1
    assert told(notices, "expired") == {"amina": [review.id], "grace": [review.id]}
    assert desk.deliver("web", shown).delivered == ()


def test_what_expired_leaves_only_by_a_new_approval_of_the_same_words(desk, time, database, clock):
    review = approved(desk)
    clock.now += PACE.approval
    time.expire()
    again = desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    sent = []

    assert again.state == "released"
    assert desk.deliver("web", lambda release: sent.append(release) or shown(release)).delivered
    assert [(release.approved_by, release.approved_at) for release in sent] == [("david", clock())]
    assert (time.expire(), desk.clearance.review(review.id).state) == (0, "delivered")
    assert first_broken(ledger_store.entries(database)) is None


def test_what_expired_is_late_and_hurries_people_anew(desk, time, notices, clock):
    review = approved(desk)
    clock.now = OVERDUE
    time.expire()

    assert (time.remind(), time.escalate()) == (1, 1)
    assert told(notices, "reminder")["david"] == [review.id]


def test_a_delivery_that_failed_does_not_keep_an_approval_alive(desk, time, clock):
    review = approved(desk)
    assert desk.deliver("web", broken).failed
    clock.now += PACE.approval

    assert time.expire() == 1
    assert desk.clearance.review(review.id).state == "open"


def test_while_a_delivery_has_it_an_approval_does_not_expire(desk, time, database, clock):
    review = approved(desk)
    clock.now += PACE.approval - timedelta(seconds=1)

    def slow(_release):
        clock.now += timedelta(seconds=1)
        assert time.expire() == 0
        clock.now += timedelta(minutes=20)  # longer than its claim
        assert time.expire() == 0
        return shown(_release)

    assert desk.deliver("web", slow).delivered
    assert desk.clearance.review(review.id).state == "delivered"
    assert "release:expire" not in acts(database, review.id)


def test_a_delivery_that_was_killed_keeps_it_until_its_end_is_known_or_a_day_is_over(desk, time, database, clock):
    review = approved(desk)
    clock.now += PACE.approval - timedelta(seconds=1)

    def killed(_release):
        raise SystemExit

    with pytest.raises(SystemExit):
        desk.deliver("web", killed)
    clock.now += timedelta(hours=1)
    assert time.expire() == 0
    clock.now += timedelta(hours=24)
    assert time.expire() == 1
    assert desk.clearance.review(review.id).state == "open"


def _expire_all(folder: Path, now: datetime, barrier) -> None:
    clock = Clock()
    clock.now = now
    with closing(store_in(folder)) as database:
        barrier.wait()
        keeping(database, clock).expire()


def _deliver_all(folder: Path, now: datetime, barrier) -> None:
    clock = Clock()
    clock.now = now
    with closing(store_in(folder)) as database:
        barrier.wait()
        # A second earlier than the expiry: each of the two acts is allowed at its own moment.
        clock.now -= timedelta(seconds=1)
        desk_on(database, clock).deliver("web", shown)


def test_of_expiry_and_delivery_at_once_one_has_each_release(desk, database, clock, tmp_path):
    ids = [approved(desk).id for _ in range(40)]
    now, barrier = clock.now + PACE.approval, FORKS.Barrier(4, timeout=30)
    racers = [
        FORKS.Process(target=act, args=(tmp_path, now, barrier))
        for act in (_expire_all, _deliver_all, _expire_all, _deliver_all)
    ]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(60)

    assert [racer.exitcode for racer in racers] == [0] * 4
    for review_id in ids:
        done = acts(database, review_id)
        assert done["release:expire"] + done["release:deliver"] == 1
        assert desk.clearance.review(review_id).state == ("open" if done["release:expire"] else "delivered")
    assert outbox_store.waiting(database, "web", now) == []
    assert first_broken(ledger_store.entries(database)) is None


def _hurry(folder: Path, now: datetime, barrier) -> None:
    clock = Clock()
    clock.now = now
    with closing(store_in(folder)) as database:
        barrier.wait()
        keeping(database, clock).remind()
        keeping(database, clock).escalate()


def test_of_three_processes_that_look_at_the_clock_at_once_one_reminds_and_one_tells_the_deputies(
    desk, database, notices, tmp_path
):
    ids = [desk.clearance.take(question()).id for _ in range(20)]
    barrier = FORKS.Barrier(3, timeout=30)
    racers = [FORKS.Process(target=_hurry, args=(tmp_path, OVERDUE, barrier)) for _ in range(3)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(60)

    assert [racer.exitcode for racer in racers] == [0] * 3
    for review_id in ids:
        assert acts(database, review_id) == {"review:open": 1, "review:remind": 1, "review:escalate": 1}
    assert sorted(told(notices, "reminder")["grace"]) == sorted(ids)
    assert sorted(told(notices, "escalated")["david"]) == sorted(ids)


def test_the_person_who_decides_while_it_expires_comes_too_late_or_first_and_never_between(desk, time, clock):
    review = approved(desk)
    with pytest.raises(AlreadyDecided):
        desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    clock.now += PACE.approval
    time.expire()

    assert desk.clearance.decide(review.id, "refuse", "david", review.draft.digest, "Too late now.").state == "refused"


def test_a_round_that_looked_before_another_one_acted_finds_it_done(desk, database, clock):
    """What two rounds saw at once is asked again in the transaction of the act."""
    review = desk.clearance.take(question())
    for _ in range(2):
        assert [each.escalated for each in timing_store.waiting_reviews(database, 2)] == [False]
        with database.transaction() as tx:
            first = (
                timing_store.mark_escalated(tx, review.id, clock()),
                timing_store.mark_reminded(tx, review.id, 1),
                timing_store.mark_reminded(tx, review.id, 2),
            )
            again = (
                timing_store.mark_escalated(tx, review.id, clock()),
                timing_store.mark_reminded(tx, review.id, 2),
                timing_store.mark_reminded(tx, review.id, 1),
            )
            assert (first, again) == ((True, True, True), (False, False, False))
            timing_store.restart_reminders(tx, review.id)
    desk.clearance.decide(review.id, "refuse", "grace", review.draft.digest, "Because.")
    with database.transaction() as tx:
        assert not timing_store.mark_escalated(tx, review.id, clock())
        assert not timing_store.mark_reminded(tx, review.id, 2)


def damage(database, review_id: str) -> None:
    """Change the stored draft of a review, as only something outside humphrey would."""
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE versions SET draft = '{' WHERE review = ?", (review_id,))


def test_a_review_that_cannot_be_read_holds_up_neither_expiry_nor_reminders_of_others(desk, time, database, clock):
    damaged, whole = approved(desk), approved(desk)
    damage(database, damaged.id)
    clock.now += PACE.approval
    assert time.expire() == 1
    assert desk.clearance.review(whole.id).state == "open"

    waiting, lost = desk.clearance.take(question()), desk.clearance.take(question())
    damage(database, lost.id)
    clock.now += timedelta(days=60)
    assert acts(database, waiting.id)["review:remind"] == 0
    assert time.remind() == 2
    assert time.escalate() == 2
    assert acts(database, waiting.id)["review:remind"] == 1
