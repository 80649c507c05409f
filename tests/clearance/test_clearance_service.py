"""Clearance: who may do what with a review, and that each act and each refusal is on the record."""

from dataclasses import replace

import pytest

from humphrey.accounts.model import Person
from humphrey.delivery import store as outbox_store
from humphrey.errors import (
    AlreadyDecided,
    CommissionError,
    HumphreyError,
    IdentityError,
    NotPermitted,
    ReviewError,
    StaleDigest,
)
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from tests.support.services import QUESTION, question


def acts(database) -> list[tuple[str, str, str]]:
    assert first_broken(ledger_store.entries(database)) is None
    return [(entry.actor, entry.act, entry.detail.get("why", "")) for entry in ledger_store.entries(database)]


def test_a_question_goes_from_the_asker_through_a_reviewer_to_the_outbox(desk, database, clock):
    review = desk.clearance.take(question())
    assert [one.id for one in desk.clearance.reviews(everything=False)] == [review.id]

    approved = desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)

    assert (approved.state, desk.clearance.review(review.id)) == ("released", approved)
    assert [parcel.review for parcel in outbox_store.waiting(database, "web", clock())] == [review.id]
    assert acts(database) == [
        ("amina", "question:ask", ""),
        ("humphrey", "draft:write", ""),
        ("humphrey", "draft:check", ""),
        ("amina", "review:open", ""),
        ("grace", "review:approve", ""),
        ("humphrey", "release:mint", ""),
    ]
    assert [entry.act for entry in desk.clearance.history(review.id)] == [act for _, act, _ in acts(database)]
    assert desk.clearance.reviews(everything=False) == []
    assert desk.clearance.reviews(everything=True) == desk.clearance.sent_by("amina") == [approved]
    assert desk.clearance.sent_by("tom") == []


@pytest.mark.parametrize(("verdict", "state"), [("return", "returned"), ("refuse", "refused")])
def test_what_is_not_approved_keeps_its_reason_and_goes_nowhere(desk, database, clock, verdict, state):
    review = desk.clearance.take(question())

    decided = desk.clearance.decide(review.id, verdict, "grace", review.draft.digest, " Say which Act. ")

    assert (decided.state, decided.decisions[-1].reason) == (state, "Say which Act.")
    assert outbox_store.waiting(database, "web", clock()) == []
    assert acts(database)[-1] == ("grace", f"review:{verdict}", "")
    assert "Act" not in str(list(ledger_store.entries(database)))


@pytest.mark.parametrize(
    ("verdict", "reviewer", "stale", "reason", "error"),
    [
        ("approve", "amina", False, "", NotPermitted),
        ("approve", "tom", False, "", NotPermitted),
        ("approve", "grace", True, "", StaleDigest),
        ("return", "grace", False, " ", ReviewError),
        ("refuse", "grace", False, "a\x00", CommissionError),
        ("approve", "nobody", False, "", IdentityError),
        ("approve", "half \ud800 a name" * 50, False, "", IdentityError),
    ],
)
def test_a_ruling_that_is_refused_changes_nothing_and_is_on_the_record(
    desk, database, clock, verdict, reviewer, stale, reason, error
):
    review = desk.clearance.take(question())

    with pytest.raises(error):
        desk.clearance.decide(review.id, verdict, reviewer, "sha256:0" if stale else review.draft.digest, reason)

    assert desk.clearance.review(review.id) == review
    assert outbox_store.waiting(database, "web", clock()) == []
    last = list(ledger_store.entries(database))[-1]
    assert (last.act, last.subject) == ("act:refused", review.id)
    assert last.detail == {"tried": f"review:{verdict}", "why": error.__name__}
    assert last.actor == reviewer.encode(errors="replace").decode()[:200]
    assert first_broken(ledger_store.entries(database)) is None


def test_a_verdict_that_there_is_not_is_refused_with_those_there_are(desk):
    review = desk.clearance.take(question())

    with pytest.raises(ReviewError, match="no verdict 'maybe'; it is one of approve, return, refuse"):
        desk.clearance.decide(review.id, "maybe", "grace", review.draft.digest)


def test_a_reviewer_cannot_clear_their_own_question(desk):
    review = desk.clearance.take(question(asked_by="grace"))

    with pytest.raises(NotPermitted):
        desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
    assert desk.clearance.decide(review.id, "approve", "david", review.draft.digest).state == "released"


def test_a_second_ruling_comes_too_late(desk, database):
    review = desk.clearance.take(question())
    desk.clearance.decide(review.id, "refuse", "david", review.draft.digest, "No.")

    with pytest.raises(AlreadyDecided, match="already refused"):
        desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
    assert acts(database)[-1] == ("grace", "act:refused", "AlreadyDecided")


def test_a_review_that_does_not_exist_is_named(desk, database):
    with pytest.raises(ReviewError, match="no review 'r9'; `humphrey reviews --all` lists them"):
        desk.clearance.review("r9")
    with pytest.raises(ReviewError, match="no review 'r9'"):
        desk.clearance.decide("r9", "approve", "grace", "sha256:0")
    assert acts(database) == [("grace", "act:refused", "ReviewError")]


def test_the_person_who_is_unknown_cannot_send_a_draft(desk, database):
    with pytest.raises(IdentityError, match="there is no account 'zoe'"):
        desk.clearance.take(question(asked_by="zoe"))
    assert desk.clearance.reviews(everything=True) == []
    assert acts(database) == [("zoe", "act:refused", "IdentityError")]


def test_a_returned_draft_is_amended_by_its_author_and_cleared(desk, database):
    review = desk.clearance.take(question())
    desk.clearance.decide(review.id, "return", "grace", review.draft.digest, "Say which days.")

    amended = desk.clearance.amend(review.id, "Twenty working days [1].", "amina")
    approved = desk.clearance.decide(review.id, "approve", "grace", amended.draft.digest)

    assert (amended.state, approved.state) == ("open", "released")
    assert [version.draft.text for version in approved.versions] == [review.draft.text, "Twenty working days [1]."]
    assert [act for _, act, _ in acts(database)][3:] == [
        "review:open", "review:return", "review:amend", "review:approve", "release:mint",
    ]  # fmt: skip


def test_a_reviewer_who_amends_cannot_approve(desk):
    review = desk.clearance.take(question())
    amended = desk.clearance.amend(review.id, "Twenty working days [1].", "grace")

    with pytest.raises(NotPermitted):
        desk.clearance.decide(review.id, "approve", "grace", amended.draft.digest)
    with pytest.raises(StaleDigest):
        desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    assert desk.clearance.decide(review.id, "approve", "david", amended.draft.digest).state == "released"


@pytest.mark.parametrize(
    ("text", "editor", "error"),
    [
        ("", "amina", CommissionError),
        ("a\x00", "amina", CommissionError),
        ("Other words.", "tom", NotPermitted),
        ("Other words.", "nobody", IdentityError),
        ("It says “twenty working days” [1].", "amina", ReviewError),
    ],
)
def test_an_amendment_that_is_refused_changes_nothing_and_is_on_the_record(desk, database, text, editor, error):
    review = desk.clearance.take(question())

    with pytest.raises(error):
        desk.clearance.amend(review.id, text, editor)

    assert desk.clearance.review(review.id) == review
    assert acts(database)[-1] == (editor, "act:refused", error.__name__)


def test_a_disabled_person_may_do_nothing(desk, database):
    people = desk.people
    people.add(Person("zoe", ("reviewer",)), "three random words")
    people.add(Person("ann", ("official",)), "three random words")
    review = desk.clearance.take(question(asked_by="ann"))
    people.disable("zoe")

    with pytest.raises(IdentityError, match="zoe is disabled"):
        desk.clearance.decide(review.id, "approve", "zoe", review.draft.digest)
    assert desk.clearance.review(review.id).state == "open"
    assert acts(database)[-1] == ("zoe", "act:refused", "IdentityError")


def test_reviews_are_listed_oldest_first(desk, clock):
    ids = []
    for minute in (3, 1, 2):
        clock.now = clock.now.replace(minute=minute)
        ids.append(desk.clearance.take(question()).id)

    assert [review.id for review in desk.clearance.reviews(everything=False)] == [ids[1], ids[2], ids[0]]


def test_a_conversation_belongs_to_its_owner_and_looks_unknown_to_others(desk):
    first = desk.conversations.save(desk.drafting.compose(question("First? " * 40)), None)
    second = desk.conversations.save(desk.drafting.compose(question()), first.conversation)

    assert [one.draft.commission.text for one in desk.conversations.exchanges(first.conversation, "amina")][
        1
    ] == QUESTION
    assert desk.conversations.exchanges(first.conversation, "amina") == [first, second]
    assert [len(one.title) for one in desk.conversations.conversations("amina")] == [80]
    assert desk.conversations.conversations("tom") == []
    refusals = []
    for trespass in (
        lambda: desk.conversations.exchanges(first.conversation, "tom"),
        lambda: desk.conversations.exchanges("unknown", "tom"),
        lambda: desk.conversations.save(desk.drafting.compose(question(asked_by="tom")), first.conversation),
        lambda: desk.clearance.send(first.id, "tom"),
        lambda: desk.clearance.send("unknown", "tom"),
    ):
        with pytest.raises(CommissionError) as refused:
            trespass()
        refusals.append(
            str(refused.value).replace(first.conversation, "X").replace(first.id, "X").replace("unknown", "X")
        )
    assert len(set(refusals[:3])) == len(set(refusals[3:])) == 1
    assert desk.conversations.exchanges(first.conversation, "amina") == [first, second]


def test_a_kept_draft_is_sent_once(desk, database):
    exchange = desk.conversations.save(desk.drafting.compose(question()), None)

    review = desk.clearance.send(exchange.id, "amina")

    assert review.draft == exchange.draft
    assert desk.conversations.exchanges(exchange.conversation, "amina") == [replace(exchange, review=review.id)]
    with pytest.raises(AlreadyDecided, match=review.id):
        desk.clearance.send(exchange.id, "amina")
    assert [one.id for one in desk.clearance.reviews(everything=False)] == [review.id]
    assert acts(database)[-1] == ("amina", "act:refused", "AlreadyDecided")


def test_nobody_keeps_a_draft_for_a_person_unknown(desk):
    with pytest.raises(HumphreyError, match="there is no account"):
        desk.conversations.save(desk.drafting.compose(question(asked_by="zoe")), None)
