"""Taking turns at the desk: each act and each refusal is on the record, and the people concerned are told."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from humphrey.accounts.model import Person
from humphrey.clearance.model import Claim
from humphrey.clearance.notifications import store as notification_store
from humphrey.clearance.queue import QueueQuery
from humphrey.database.tables.guidance import editions, texts
from humphrey.digests import sha256
from humphrey.errors import (
    AlreadyDecided,
    Claimed,
    CommissionError,
    IdentityError,
    NotPermitted,
    ReviewError,
    StaleDigest,
)
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from tests.support.services import CITED, QUESTION, question

MINUTES = timedelta(minutes=30)


def last(database) -> tuple[str, str, dict[str, str]]:
    entries = list(ledger_store.entries(database))
    assert first_broken(entries) is None
    return entries[-1].actor, entries[-1].act, dict(entries[-1].detail)


def told(database, *people: str) -> dict[str, list[str]]:
    """What each was told, in alphabetical order."""
    return {
        person: sorted(
            f"{each.event} {each.detail}" for each in notification_store.notifications_of(database, person, 50)
        )
        for person in people
    }


def test_a_reviewer_claims_a_draft_claims_it_for_longer_and_hands_it_back(desk, database, clock):
    review = desk.clearance.take(question())

    claimed = desk.assignment.claim(review.id, "grace")
    assert claimed == desk.clearance.review(review.id)
    assert claimed.claim == Claim("grace", clock.now + MINUTES)
    assert last(database) == ("grace", "review:claim", {"until": (clock.now + MINUTES).isoformat()})

    clock.now += timedelta(minutes=29)
    assert desk.assignment.claim(review.id, "grace").claim == Claim("grace", clock.now + MINUTES)
    assert desk.assignment.hand_back(review.id, "grace") == desk.clearance.review(review.id) == review
    assert last(database) == ("grace", "review:hand_back", {})


@pytest.mark.parametrize(
    "act",
    [
        lambda desk, review: desk.assignment.claim(review.id, "david"),
        lambda desk, review: desk.assignment.hand_over(review.id, "david", "grace"),
        lambda desk, review: desk.clearance.decide(review.id, "approve", "david", review.draft.digest),
        lambda desk, review: desk.clearance.amend(review.id, "Other words.", "david"),
        lambda desk, review: desk.clearance.amend(review.id, "Other words.", "amina"),
        lambda desk, review: desk.instructions.instruct(review.id, "leave out the last sentence", "amina"),
    ],
    ids=["claim", "hand over", "decide", "amend", "amend by the asker", "instruct"],
)
def test_what_a_person_has_claimed_nobody_else_acts_on_until_the_claim_is_over(desk, database, clock, act):
    review = desk.clearance.take(question())
    claimed = desk.assignment.claim(review.id, "grace")

    clock.now += MINUTES - timedelta(seconds=1)
    with pytest.raises(Claimed, match="grace has claimed review"):
        act(desk, review)
    assert desk.clearance.review(review.id) == claimed
    assert last(database)[1:] == ("act:refused", {"tried": last(database)[2]["tried"], "why": "Claimed"})
    assert desk.assignment.comment(review.id, "amina", "Is it for today?").claim == claimed.claim

    clock.now += timedelta(seconds=1)
    desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    assert desk.clearance.review(review.id).state == "released"


def test_who_claimed_a_draft_rules_on_it_and_the_claim_ends(desk):
    review = desk.clearance.take(question())
    desk.assignment.claim(review.id, "grace")

    assert desk.clearance.decide(review.id, "return", "grace", review.draft.digest, reasons=("facts",)).claim is None
    assert desk.clearance.review(review.id).claim is None


@pytest.mark.parametrize(
    ("reviewer", "error"),
    [("tom", NotPermitted), ("amina", NotPermitted), ("nobody", IdentityError)],
)
def test_only_a_reviewer_claims_or_hands_over_and_each_try_is_on_the_record(desk, database, reviewer, error):
    review = desk.clearance.take(question())

    for act, tried in (
        (lambda: desk.assignment.claim(review.id, reviewer), "review:claim"),
        (lambda: desk.assignment.hand_over(review.id, reviewer, "grace"), "review:hand_over"),
    ):
        with pytest.raises(error):
            act()
        assert last(database) == (reviewer, "act:refused", {"tried": tried, "why": error.__name__})
    assert desk.clearance.review(review.id) == review


def test_a_reviewer_claims_no_question_of_their_own(desk):
    review = desk.clearance.take(question(asked_by="grace"))

    with pytest.raises(NotPermitted, match="grace asked for or changed"):
        desk.assignment.claim(review.id, "grace")


def test_a_draft_is_handed_to_a_named_deputy_who_is_told(desk, database, clock):
    review = desk.clearance.take(question())
    desk.assignment.claim(review.id, "grace")

    given = desk.assignment.hand_over(review.id, "grace", "david")

    assert (given.claim, given.handed_to) == (Claim("david", clock.now + MINUTES), "david")
    assert last(database) == (
        "grace",
        "review:hand_over",
        {"to": "david", "until": (clock.now + MINUTES).isoformat()},
    )
    assert told(database, "david", "grace", "amina") == {"david": ["handed_over grace"], "grace": [], "amina": []}
    with pytest.raises(Claimed):
        desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
    assert desk.clearance.decide(review.id, "approve", "david", review.draft.digest).state == "released"


@pytest.mark.parametrize(
    ("deputy", "why"),
    [
        (Person("zoe", ("official", "administrator")), "zoe may not do that; it takes the reviewer role"),
        (Person("zoe", ("reviewer",), kinds=("foi_acknowledgement",)), "zoe may not clear answer drafts"),
        (Person("zoe", ("reviewer",), markings=("OFFICIAL-SENSITIVE",)), "zoe may not clear answer drafts marked"),
    ],
)
def test_a_deputy_must_be_one_who_may_clear_the_draft(desk, database, deputy, why):
    for person in (Person("amina", ("official",)), Person("grace", ("reviewer",)), deputy):
        desk.people.add(person, "three random words")
    review = desk.clearance.take(question())

    with pytest.raises(NotPermitted, match=why):
        desk.assignment.hand_over(review.id, "grace", "zoe")
    assert desk.clearance.review(review.id) == review
    assert last(database) == ("grace", "act:refused", {"tried": "review:hand_over", "why": "NotPermitted"})
    with pytest.raises(IdentityError, match="there is no account 'nobody'"):
        desk.assignment.hand_over(review.id, "grace", "nobody")


def test_a_comment_is_kept_with_its_digest_on_the_record_and_told_to_those_who_have_to_do_with_it(
    desk, database, clock
):
    review = desk.clearance.take(question())
    desk.assignment.claim(review.id, "grace")

    said = desk.assignment.comment(review.id, "amina", "  Is it for today?  ")
    desk.assignment.comment(review.id, "david", "Ask the team.")
    desk.assignment.comment(review.id, "grace", "Yes.")

    assert [(each.by, each.text, each.at) for each in said.comments] == [("amina", "Is it for today?", clock.now)]
    assert len(desk.clearance.review(review.id).comments) == 3
    assert [dict(each.detail) for each in desk.clearance.history(review.id)[-3:]] == [
        {"comment": sha256(text)} for text in ("Is it for today?", "Ask the team.", "Yes.")
    ]
    assert "today" not in str(list(ledger_store.entries(database)))
    assert told(database, "amina", "grace", "david") == {
        "amina": ["commented david", "commented grace"],
        "grace": ["commented amina", "commented david"],
        "david": ["commented grace"],
    }


@pytest.mark.parametrize(
    ("by", "text", "error"),
    [
        ("tom", "Hello.", NotPermitted),
        ("nobody", "Hello.", IdentityError),
        ("amina", " ", CommissionError),
        ("amina", "x" * 5_001, CommissionError),
    ],
)
def test_a_comment_that_is_refused_changes_nothing_and_is_on_the_record(desk, database, by, text, error):
    review = desk.clearance.take(question())

    with pytest.raises(error):
        desk.assignment.comment(review.id, by, text)

    assert desk.clearance.review(review.id) == review
    assert last(database) == (by, "act:refused", {"tried": "review:comment", "why": error.__name__})


def test_a_new_wording_is_taken_only_from_who_saw_the_one_that_stands(desk, database):
    review = desk.clearance.take(question())
    amended = desk.clearance.amend(review.id, "Twenty working days [1].", "amina", review.draft.digest)

    with pytest.raises(StaleDigest):
        desk.clearance.amend(review.id, "Thirty days [1].", "grace", review.draft.digest)
    assert desk.clearance.review(review.id) == amended
    assert last(database) == ("grace", "act:refused", {"tried": "review:amend", "why": "StaleDigest"})
    assert desk.clearance.amend(review.id, "Thirty days [1].", "grace").draft.text == "Thirty days [1]."


def test_a_returned_draft_amended_by_another_reviewer_is_cleared_by_a_third_person(desk, database):
    review = desk.clearance.take(question())
    desk.clearance.decide(review.id, "return", "grace", review.draft.digest, "Which days?", ("unclear", "facts"))

    amended = desk.clearance.amend(review.id, "Twenty working days [1].", "david", review.draft.digest)

    assert (amended.state, amended.authors) == ("open", {"amina", "david"})
    with pytest.raises(NotPermitted):
        desk.clearance.decide(review.id, "approve", "david", amended.draft.digest)
    assert desk.clearance.decide(review.id, "approve", "grace", amended.draft.digest).state == "released"
    assert told(database, "amina", "david", "grace") == {
        "amina": ["amended david", "approved grace", "returned grace"],
        "david": ["approved grace"],
        "grace": ["amended david"],
    }


def test_the_record_holds_the_fixed_reasons_and_the_digest_of_the_words(desk, database):
    review = desk.clearance.take(question())

    desk.clearance.decide(review.id, "refuse", "grace", review.draft.digest, "Say which Act.", ("not_ours", "facts"))

    assert desk.clearance.review(review.id).decisions[-1].reasons == ("not_ours", "facts")
    assert last(database)[2] == {
        "digest": review.draft.digest,
        "reason": sha256("Say which Act."),
        "reasons": "not_ours facts",
        "door": "command",
        "claim": "taken",
        "read": "none",
    }
    assert told(database, "amina", "grace") == {"amina": ["refused grace"], "grace": []}


def test_the_queue_is_for_reviewers_and_says_so_to_others(desk):
    desk.clearance.take(question())

    with pytest.raises(NotPermitted, match="amina may not do that; it takes the reviewer role"):
        desk.assignment.queue("amina", QueueQuery())
    with pytest.raises(IdentityError):
        desk.assignment.queue("nobody", QueueQuery())


def test_the_queue_follows_what_reviewers_do(desk, clock, held):
    first, second = desk.clearance.take(question()), desk.clearance.take(question("And then?"))
    mine = QueueQuery(claimed_by="grace")

    desk.assignment.claim(second.id, "grace")
    assert [row.id for row in desk.assignment.queue("grace", mine).rows] == [second.id]
    assert [row.id for row in desk.assignment.queue("david", QueueQuery(unclaimed=True)).rows] == [first.id]
    assert (desk.assignment.queue("grace", mine).counts.mine, desk.assignment.queue("david", mine).counts.mine) == (
        1,
        0,
    )

    clock.now += MINUTES
    assert desk.assignment.queue("grace", mine).rows == ()
    desk.clearance.decide(first.id, "approve", "grace", first.draft.digest)
    counts = desk.assignment.queue("grace", QueueQuery()).counts
    assert (counts.state, counts.kind) == ({"open": 1, "returned": 0, "released": 1}, {"answer": 1})
    desk.clearance.amend(second.id, "Other words.", "grace")
    assert [row.id for row in desk.assignment.queue("grace", QueueQuery(own=True)).rows] == [second.id]
    assert desk.assignment.queue("grace", QueueQuery()).rows == ()


@pytest.fixture
def held(database):
    """The document that the drafter cites, held for everybody."""
    with database.transaction() as tx:
        tx.connection.execute(insert(texts).values(version=CITED.version, text="twenty working days", headings="[]"))
        tx.connection.execute(insert(editions).values(document=CITED.document, version=CITED.version, audience="[]"))


def test_nothing_is_done_with_a_review_that_is_not_there(desk, database):
    for act in (
        lambda: desk.assignment.claim("r9", "grace"),
        lambda: desk.assignment.hand_back("r9", "grace"),
        lambda: desk.assignment.hand_over("r9", "grace", "david"),
        lambda: desk.assignment.comment("r9", "grace", QUESTION),
        lambda: desk.instructions.instruct("r9", "leave out the last sentence", "grace"),
    ):
        with pytest.raises(ReviewError, match="no review 'r9'"):
            act()
        assert last(database)[1] == "act:refused"


def test_what_was_decided_is_not_taken_again(desk):
    review = desk.clearance.take(question())
    desk.assignment.claim(review.id, "grace")
    desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)

    for act in (
        lambda: desk.assignment.claim(review.id, "david"),
        lambda: desk.assignment.hand_over(review.id, "grace", "david"),
        lambda: desk.assignment.comment(review.id, "amina", "Thank you."),
        lambda: desk.instructions.instruct(review.id, "leave out the last sentence", "amina"),
    ):
        with pytest.raises(AlreadyDecided):
            act()
