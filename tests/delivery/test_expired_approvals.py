"""Approvals that ran out: no caller of the gate delivers one, in whatever order delivery and expiry come."""

from datetime import timedelta

import pytest

from humphrey.clearance.deadlines import ReminderSchedule
from humphrey.clearance.model import Review
from humphrey.clearance.reminders import Reminders
from humphrey.clearance.rules import expire
from humphrey.database.engine import Database
from humphrey.delivery.downloads import Downloads
from humphrey.delivery.export.exporter import Exporter
from humphrey.delivery.outbox import Outbox
from humphrey.errors import ApprovalExpired, DeliveryError, ReviewError
from humphrey.ledger import store as ledger_store
from tests.delivery.test_delivery_service import alter
from tests.support.services import LIFE, SHOWN, Clock, Desk, anybody, desk_on, question


@pytest.fixture
def desk(database: Database, clock: Clock) -> Desk:
    return desk_on(database, clock)


@pytest.fixture
def outbox(database: Database, clock: Clock) -> Outbox:
    return Outbox(database, LIFE, clock)


@pytest.fixture
def downloads(desk: Desk, database: Database, clock: Clock) -> Downloads:
    return Downloads(database, desk.people, Exporter({}), desk.access.reads, LIFE, clock)


@pytest.fixture
def reminders(desk: Desk, database: Database, clock: Clock) -> Reminders:
    return Reminders(database, desk.people, anybody, ReminderSchedule(approval=LIFE), clock)


def approved(desk: Desk) -> Review:
    review = desk.clearance.take(question())
    return desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)


def acts(desk: Desk, review: Review) -> list[str]:
    return [entry.act for entry in ledger_store.entries(desk.database, review.id)]


def nothing_leaves(_release: object) -> None:
    pytest.fail("a text was sent whose approval had run out")


def test_the_outbox_sends_nothing_whose_approval_ran_out_though_nobody_expired_it_first(desk, outbox, clock):
    review, before = approved(desk), acts(desk, approved(desk))
    clock.now += LIFE

    done = outbox.deliver("web", nothing_leaves)

    assert done.delivered == ()
    assert review.id in {failure.review for failure in done.failed}
    assert "ran out after 72 hours; a reviewer must approve it again" in done.failed[0].reason
    assert acts(desk, review) == before
    assert {row.set_aside_at for row in desk.delivery.outbox_rows()} == {None}


def test_the_outbox_sends_until_the_last_moment_of_an_approval(desk, outbox, clock):
    approved(desk)
    clock.now += LIFE - timedelta(seconds=1)

    assert len(outbox.deliver("web", lambda _release: SHOWN).delivered) == 1


@pytest.mark.parametrize("first", ["outbox", "expiry"])
def test_whichever_meets_it_first_it_goes_back_on_the_queue_and_leaves_by_a_new_approval(
    desk, outbox, reminders, clock, first
):
    review = approved(desk)
    clock.now += LIFE
    if first == "outbox":
        assert len(outbox.deliver("web", nothing_leaves).failed) == 1

    assert reminders.expire() == 1
    assert outbox.deliver("web", nothing_leaves) == outbox.deliver("file", nothing_leaves)
    assert desk.clearance.review(review.id).state == "open"
    desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    assert [each.approved_by for each in outbox.deliver("web", lambda _release: SHOWN).delivered] == ["david"]


def test_one_that_failed_before_it_ran_out_goes_back_on_the_queue_too(desk, outbox, reminders, clock):
    review = approved(desk)

    def away(_release: object) -> None:
        raise DeliveryError("the outlet is away; wait")

    outbox.deliver("web", away)
    clock.now += LIFE

    assert len(outbox.deliver("web", nothing_leaves).failed) == 1
    assert reminders.expire() == 1
    assert desk.clearance.review(review.id).state == "open"


def test_a_sending_that_was_killed_is_not_begun_again_after_the_life_of_its_approval(desk, outbox, reminders, clock):
    review = approved(desk)

    def killed(_release: object) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        outbox.deliver("web", killed)
    clock.now += LIFE

    assert len(outbox.deliver("web", nothing_leaves).failed) == 1
    assert reminders.expire() == 1
    assert desk.clearance.review(review.id).state == "open"


def test_a_file_is_taken_out_before_delivery_only_within_the_life_of_the_approval(desk, downloads, clock):
    review = approved(desk)
    clock.now += LIFE - timedelta(seconds=1)
    assert downloads.download(review.id, "md", "amina")
    clock.now += timedelta(seconds=1)

    for person in ("amina", "grace", "iris", ""):
        with pytest.raises(ApprovalExpired, match="a reviewer must approve it again"):
            downloads.download(review.id, "md", person)
        assert acts(desk, review)[-1] == "act:refused"


def test_a_text_that_was_delivered_in_time_stays_on_its_page_and_can_be_taken_out(desk, outbox, downloads, clock):
    review = approved(desk)
    outbox.deliver("web", lambda _release: SHOWN)
    clock.now += 10 * LIFE

    assert [release.review for release in desk.delivery.released_to("amina")] == [review.id]
    assert downloads.download(review.id, "md", "amina")


def test_one_whose_receipt_came_after_the_life_was_delivered_all_the_same(desk, outbox, clock):
    review = approved(desk)
    clock.now += LIFE - timedelta(seconds=1)

    def slow(_release: object) -> object:
        clock.now += timedelta(minutes=20)
        return SHOWN

    assert len(outbox.deliver("web", slow).delivered) == 1
    assert [release.review for release in desk.delivery.released_to("amina")] == [review.id]


def test_a_page_shows_no_text_that_is_called_delivered_and_was_not_once_its_approval_ran_out(desk, clock, tmp_path):
    approved(desk)
    alter(tmp_path, "UPDATE reviews SET state = 'delivered'")
    assert len(desk.delivery.released_to("amina")) == 1
    clock.now += LIFE

    assert desk.delivery.released_to("amina") == []


def test_an_expired_review_is_open_and_no_caller_makes_a_release_of_it(desk, downloads, reminders, clock):
    review = approved(desk)
    clock.now += LIFE
    reminders.expire()

    assert desk.clearance.review(review.id) == expire(review)
    with pytest.raises(ReviewError, match="only an approved one can leave"):
        downloads.download(review.id, "md", "amina")


@pytest.mark.parametrize("verdict", ["refuse", "approve"])
def test_one_that_was_called_released_beside_the_record_does_not_go_back_on_the_queue(
    desk, outbox, reminders, clock, tmp_path, verdict
):
    review, other = desk.clearance.take(question()), approved(desk)
    desk.clearance.decide(review.id, verdict, "grace", review.draft.digest, "" if verdict == "approve" else "No.")
    outbox.deliver("web", lambda _release: SHOWN)
    clock.now += LIFE
    taken = review if verdict == "approve" else other
    alter(
        tmp_path,
        "UPDATE outbox SET review = ?, delivered_at = NULL, receipt = '', sent_digest = '' WHERE review = ?",
        review.id,
        taken.id,
    )
    alter(tmp_path, "UPDATE reviews SET state = 'released' WHERE id = ?", review.id)

    assert reminders.expire() == 0
    assert desk.clearance.review(review.id).state == "released"
    assert "release:expire" not in acts(desk, review)
    assert outbox.deliver("web", nothing_leaves).delivered == ()
