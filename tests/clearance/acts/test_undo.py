"""An approval on a page waits for its moment, and its approver takes it back before it leaves: one of the two wins."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import update

from humphrey.clearance import gate
from humphrey.clearance.deciding.service import DecidingRules
from humphrey.clearance.model import Review
from humphrey.clearance.notifications import store as notification_store
from humphrey.database.engine import Database, open_database
from humphrey.database.tables.delivery import outbox
from humphrey.delivery import store as outbox_store
from humphrey.errors import AlreadyDecided, DeliveryError, Held, IdentityError, NotPermitted, ReviewError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from tests.support.ledger_books import Books
from tests.support.processes import FORKS, Popen
from tests.support.services import LIFE, SHOWN, Clock, Desk, desk_on, question, wall_clock
from tests.support.signing import sign_entries

UNREAD = DecidingRules(reading=False)


@pytest.fixture
def desk(database: Database, clock: Clock) -> Desk:
    return desk_on(database, clock, deciding=UNREAD)


def approved(desk: Desk, reviewer: str = "grace") -> Review:
    review = desk.clearance.take(question())
    return desk.clearance.decide(review.id, "approve", reviewer, review.draft.digest, door="web")


def release_now(desk: Desk, review: Review) -> gate.Release:
    record = list(ledger_store.entries(desk.database, review.id))
    return gate.release(desk.clearance.review(review.id), record, desk.now(), LIFE, lambda _record: None)


def test_the_text_leaves_at_its_moment_and_not_before_by_any_way(desk, clock, database):
    review = approved(desk)
    moment = clock.now + timedelta(seconds=30)
    assert (review.state, review.decisions[-1].held_until) == ("released", moment)
    assert desk.delivery.outbox_rows()[0].held_until == moment

    for _ in range(30):
        assert desk.deliver("web", lambda _: SHOWN) == desk.deliver("file", lambda _: SHOWN)
        with pytest.raises(Held, match="leaves from 12:00 GMT on 23 November 2026 on"):
            release_now(desk, review)
        clock.now += timedelta(seconds=1)

    assert [each.review for each in desk.deliver("web", lambda _: SHOWN).delivered] == [review.id]


def test_a_row_that_was_brought_forward_in_the_database_does_not_leave_before_its_moment(desk, clock, database):
    review = approved(desk)
    with database.writing() as connection:
        connection.execute(update(outbox).values(next_try=clock.now))

    done = desk.deliver("web", lambda _: pytest.fail("it was sent"))

    assert (done.delivered, done.failed) == ((), ())
    clock.now += timedelta(seconds=30)
    assert [each.review for each in desk.deliver("web", lambda _: SHOWN).delivered] == [review.id]


def test_its_approver_takes_it_back_and_it_waits_for_clearance_again(desk, clock, database):
    review = approved(desk)

    undone = desk.clearance.undo(review.id, "grace")

    assert (undone.state, undone.claim, desk.delivery.outbox_rows(everything=True)) == ("open", None, [])
    assert [each.verdict for each in desk.clearance.review(review.id).decisions] == ["approve"]
    entry = list(ledger_store.entries(database, review.id))[-1]
    assert (entry.actor, entry.act, entry.detail) == ("grace", "review:undo", {"digest": review.draft.digest})
    events = {each.event for each in notification_store.notifications_of(database, "amina", 9)}
    assert events == {"undone", "approved"}
    clock.now += timedelta(minutes=1)
    assert desk.deliver("web", lambda _: SHOWN).delivered == ()
    again = desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    assert again.state == "released"
    assert [each.approved_by for each in desk.deliver("web", lambda _: SHOWN).delivered] == ["david"]


def test_the_gate_refuses_what_was_taken_back_whatever_the_rows_say(desk, clock, database):
    review = approved(desk)
    desk.clearance.undo(review.id, "grace")
    clock.now += timedelta(minutes=1)
    forged = replace(desk.clearance.review(review.id), state="released")
    record = list(ledger_store.entries(database, review.id))

    with pytest.raises(ReviewError, match="does not record this approval"):
        gate.release(forged, record, clock.now, LIFE, lambda _record: None)


def test_nobody_else_takes_it_back_and_not_what_left_or_was_never_approved(desk, clock):
    review = approved(desk)
    for name in ("david", "amina", "sam"):
        with pytest.raises(NotPermitted, match="did not approve"):
            desk.clearance.undo(review.id, name)
    with pytest.raises(IdentityError):
        desk.clearance.undo(review.id, "nobody at all")
    other = desk.clearance.take(question())
    with pytest.raises(NotPermitted):
        desk.clearance.undo(other.id, "grace")
    clock.now += timedelta(seconds=30)
    desk.deliver("web", lambda _: SHOWN)
    with pytest.raises(AlreadyDecided, match="is delivered"):
        desk.clearance.undo(review.id, "grace")


def test_while_it_is_being_sent_it_cannot_be_taken_back_and_after_a_failure_it_can(desk, clock):
    review = approved(desk)
    clock.now += timedelta(seconds=30)

    def failing(_release: gate.Release) -> None:
        with pytest.raises(AlreadyDecided, match="has begun"):
            desk.clearance.undo(review.id, "grace")
        raise DeliveryError("busy")

    desk.deliver("web", failing)

    assert desk.clearance.undo(review.id, "grace").state == "open"


@pytest.mark.parametrize("seconds", [0, 90])
def test_the_setting_says_how_long_and_commands_and_routes_never_wait(database, clock, seconds):
    desk = desk_on(database, clock, deciding=replace(UNREAD, undo=timedelta(seconds=seconds)))
    moment = clock.now + timedelta(seconds=seconds) if seconds else None

    assert approved(desk).decisions[-1].held_until == moment
    for door in ("command", "api"):
        review = desk.clearance.take(question())
        decided = desk.clearance.decide(review.id, "approve", "grace", review.draft.digest, door=door)
        assert decided.decisions[-1].held_until is None


@pytest.fixture
def either(address: str) -> Iterator[Database]:
    database = open_database(address)
    yield database
    database.close()


def _undo_each(address: str, keys: Path, ids: list[str], barrier: Barrier, won: "SimpleQueue[str]") -> None:
    """Approve one review after the other and take the approval back, at the moment when it may leave."""
    database = open_database(address)
    sign_entries(database, keys)
    desk = desk_on(database, wall_clock, deciding=replace(UNREAD, undo=timedelta()))
    for review in ids:
        desk.clearance.decide(review, "approve", "grace", desk.clearance.review(review).draft.digest, door="web")
        barrier.wait()
        try:
            desk.clearance.undo(review, "grace")
            won.put(f"undo {review}")
        except AlreadyDecided:
            pass
        barrier.wait()
    database.close()


def _deliver_each(address: str, keys: Path, ids: list[str], barrier: Barrier, won: "SimpleQueue[str]") -> None:
    database = open_database(address)
    sign_entries(database, keys)
    desk = desk_on(database, wall_clock)
    for _ in ids:
        barrier.wait()
        for release in desk.deliver("web", lambda _: SHOWN).delivered:
            won.put(f"deliver {release.review}")
        barrier.wait()
    database.close()


def test_of_undo_and_delivery_at_the_same_moment_exactly_one_wins(either, address, tmp_path):
    sign_entries(either, tmp_path / "keys")
    desk = desk_on(either, wall_clock)
    ids = [desk.clearance.take(question()).id for _ in range(8)]
    barrier, won = FORKS.Barrier(2, timeout=30), FORKS.SimpleQueue()
    given = (address, tmp_path / "keys", ids, barrier, won)
    racers = [FORKS.Process(target=act, args=given) for act in (_undo_each, _deliver_each)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(60)
    winners = []
    while not won.empty():
        winners.append(won.get())

    assert [racer.exitcode for racer in racers] == [0, 0]
    assert sorted(each.split()[1] for each in winners) == sorted(ids)
    for act, review in map(str.split, winners):
        held = desk.clearance.review(review)
        acts = Counter(entry.act for entry in desk.clearance.history(review))
        undone = act == "undo"
        assert (held.state, acts["review:undo"], acts["release:deliver"]) == (
            "open" if undone else "delivered",
            int(undone),
            int(not undone),
        )
    assert outbox_store.waiting(either, "web", wall_clock()) == []
    assert first_broken(ledger_store.entries(either)) is None


ACTING = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from tests.support.ledger_books import Books
from tests.support.services import wall_clock
from tests.clearance.acts.test_undo import UNREAD
books = Books(Path(sys.argv[1]), wall_clock, deciding=UNREAD)
print("acting", flush=True)
while True:
    review = books.take()
    decide = lambda: books.desk.clearance.decide(review.id, "approve", "grace", review.draft.digest, door="web")
    decide()
    books.desk.clearance.undo(review.id, "grace")
    decide()
    print("round", flush=True)
"""
"""Approves, takes back and approves again, until it is killed."""


def test_killed_between_approval_and_delivery_nothing_is_lost_and_the_record_holds(tmp_path):
    for _ in range(2):
        process = Popen(
            [sys.executable, "-c", ACTING, str(tmp_path), str(Path(__file__).parents[3])],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(4)] == ["acting\n", *["round\n"] * 3]
        process.kill()
        process.wait(10)
        process.stdout.close()
    later = Clock()
    later.now = wall_clock() + timedelta(seconds=31)
    books = Books(tmp_path, later, deciding=UNREAD)

    assert [fault.message for fault in books.verify().faults] == []
    states = Counter(review.state for review in books.desk.clearance.reviews(everything=True))
    delivered = books.desk.deliver("web", lambda _: SHOWN).delivered
    assert (len(delivered), states["released"] >= 6) == (states["released"], True)
    assert books.verify().ok
    books.database.close()
