"""The gate, of approvals whose time is over and of drafts that were seeded with an error."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from humphrey.clearance.gate import release
from humphrey.clearance.model import Decision
from humphrey.clearance.rules import close, decide, expire, open_review
from humphrey.errors import AlreadyDecided, ApprovalExpired, ReviewError
from humphrey.ledger.model import START, Act, Entry, seal
from humphrey.papers.draft import Commission, Draft, ModelName

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


LIFE = timedelta(hours=72)


LATER = NOON + timedelta(days=3)


DRAFT = Draft(
    Commission("answer", "How long do we have?", "amina", "web"), "answered", "Twenty days.", ModelName("t", "t")
)


def entry(act: Act, actor: str, at: datetime = NOON) -> Entry:
    return seal(Entry(1, at, actor, act, "r1", {"digest": DRAFT.digest}, START))


def all_signed(_record: Iterable[Entry]) -> None:
    """The signatures hold; tests/ledger/test_signed_record.py has real ones."""


OPENED, APPROVED = entry("review:open", "amina"), entry("review:approve", "grace")


EXPIRED = entry("release:expire", "humphrey", LATER)


RELEASED = replace(
    decide(open_review("r1", DRAFT, NOON), Decision("approve", "grace", DRAFT.digest, "", NOON)), state="released"
)


def test_an_approval_that_expired_goes_back_on_the_list_with_all_that_was_said_of_it():
    expired = expire(RELEASED)

    assert expired == replace(RELEASED, state="open")
    assert decide(expired, Decision("approve", "david", DRAFT.digest, "", LATER)).state == "approved"


@pytest.mark.parametrize("state", ["open", "returned", "refused", "approved", "delivered", "closed"])
def test_only_what_is_on_its_way_out_expires(state):
    with pytest.raises(AlreadyDecided, match=state):
        expire(replace(RELEASED, state=state))


@pytest.mark.parametrize("state", ["approved", "released", "delivered"])
def test_an_expired_approval_mints_nothing_whatever_state_a_person_wrote_into_the_database(state):
    tampered = replace(expire(RELEASED), state=state)

    assert release(tampered, [OPENED, APPROVED], NOON, LIFE, all_signed).approved_by == "grace"
    with pytest.raises(ReviewError, match="does not leave"):
        release(tampered, [OPENED, APPROVED, EXPIRED], NOON, LIFE, all_signed)


def test_the_same_words_approved_anew_leave_by_the_new_approval():
    ruling = Decision("approve", "david", DRAFT.digest, "", LATER + timedelta(hours=1))
    again = decide(expire(RELEASED), ruling)

    permit = release(
        again, [OPENED, APPROVED, EXPIRED, entry("review:approve", "david", ruling.at)], ruling.at, LIFE, all_signed
    )

    assert (permit.approved_by, permit.approved_at) == ("david", ruling.at)


PLANTED = entry("seed:plant", "humphrey")


@pytest.mark.parametrize(
    "record",
    [[PLANTED, APPROVED], [OPENED, PLANTED, APPROVED], [PLANTED, OPENED, APPROVED], [OPENED, APPROVED, PLANTED]],
)
def test_a_seeded_draft_never_makes_a_release_in_whatever_order_things_were_recorded(record):
    with pytest.raises(ReviewError, match="seeded"):
        release(RELEASED, record, NOON, LIFE, all_signed)


def test_a_seeded_draft_whose_planting_was_cut_out_of_the_record_was_sent_by_nobody_and_does_not_leave():
    with pytest.raises(ReviewError, match="does not record"):
        release(RELEASED, [APPROVED], NOON, LIFE, all_signed)


def test_a_closed_review_can_be_neither_decided_nor_released():
    closed = close(RELEASED)

    with pytest.raises(AlreadyDecided, match="closed"):
        decide(closed, Decision("approve", "david", DRAFT.digest, "", LATER))
    with pytest.raises(ReviewError, match="closed"):
        release(closed, [OPENED, APPROVED], NOON, LIFE, all_signed)


DELIVERED = entry("release:deliver", "humphrey", NOON + timedelta(hours=1))


@pytest.mark.parametrize("state", ["approved", "released", "delivered"])
def test_an_approval_makes_a_release_until_its_life_ends_and_not_from_then_on(state):
    review, last = replace(RELEASED, state=state), NOON + LIFE - timedelta(microseconds=1)

    assert release(review, [OPENED, APPROVED], last, LIFE, all_signed).approved_at == NOON
    with pytest.raises(ApprovalExpired, match="12:00 GMT on 23 November 2026, ran out after 72 hours; a reviewer must"):
        release(review, [OPENED, APPROVED], NOON + LIFE, LIFE, all_signed)


def test_a_text_that_was_delivered_in_time_stays_valid_after_the_life_of_its_approval():
    delivered = replace(RELEASED, state="delivered")

    assert release(delivered, [OPENED, APPROVED, DELIVERED], NOON + 10 * LIFE, LIFE, all_signed).text == DRAFT.text
    assert release(delivered, [OPENED, APPROVED, DELIVERED], NOON + LIFE, LIFE / 100, all_signed).text == DRAFT.text


def test_a_delivery_of_other_words_or_before_the_approval_does_not_make_it_last():
    other = seal(replace(DELIVERED, detail={"digest": "sha256:other"}))
    before = entry("release:deliver", "humphrey", NOON - timedelta(hours=1))

    for record in ([OPENED, APPROVED, other], [OPENED, before, APPROVED]):
        with pytest.raises(ApprovalExpired):
            release(replace(RELEASED, state="delivered"), record, NOON + LIFE, LIFE, all_signed)


def test_a_delivery_by_a_clock_that_is_behind_keeps_its_text_valid():
    behind = entry("release:deliver", "humphrey", NOON - timedelta(seconds=5))

    assert release(replace(RELEASED, state="delivered"), [OPENED, APPROVED, behind], NOON + LIFE, LIFE, all_signed)
