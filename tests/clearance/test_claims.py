"""Taking turns, in the state machine itself: claim, hand back, hand over, comment, and what a claim keeps off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from humphrey.clearance.claims import claim, comment, hand_back, hand_over
from humphrey.clearance.model import REASONS, Claim, Comment, Decision, Reason, Review, ReviewState
from humphrey.clearance.rules import amend, claim_in_force, decide, open_review
from humphrey.errors import AlreadyDecided, Claimed, HumphreyError, NotPermitted, ReviewError
from humphrey.papers.draft import Commission, Draft, ModelName

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


UNTIL = NOON + timedelta(minutes=30)


LAST = UNTIL - timedelta(microseconds=1)


DRAFT = Draft(Commission("answer", "How long?", "amina", "web"), "answered", "Twenty days.", ModelName("t", "t"))


OTHER = replace(DRAFT, text="Twenty working days.")


NOT_OPEN = [state for state in get_args(ReviewState) if state != "open"]


def opened() -> Review:
    return open_review("r1", DRAFT, NOON)


def claimed(reviewer: str = "grace") -> Review:
    return claim(opened(), reviewer, NOON, UNTIL)


def ruling(reviewer: str, at: datetime, draft: Draft = DRAFT) -> Decision:
    return Decision("approve", reviewer, draft.digest, "", at)


def test_a_claim_says_who_has_the_draft_and_until_when():
    assert claimed().claim == Claim("grace", UNTIL)
    assert claim_in_force(claimed(), NOON) == Claim("grace", UNTIL)


@pytest.mark.parametrize(
    "act",
    [
        lambda review, at: claim(review, "david", at, at + timedelta(minutes=30)),
        lambda review, at: hand_over(review, "david", "erin", at, at + timedelta(minutes=30)),
        lambda review, at: decide(review, ruling("david", at)),
        lambda review, at: amend(review, OTHER, "david", at),
        lambda review, at: amend(review, OTHER, "amina", at, "make it plainer"),
    ],
    ids=["claim", "hand over", "decide", "amend", "instruct"],
)
def test_what_a_person_has_claimed_is_theirs_until_the_very_moment_that_the_claim_is_over(act):
    with pytest.raises(Claimed, match="grace has claimed review r1 until 12:30 GMT on 23 November 2026; wait, or ask"):
        act(claimed(), LAST)
    assert claim_in_force(claimed(), UNTIL) is None
    assert act(claimed(), UNTIL).id == "r1"


def test_the_moment_is_told_by_the_clock_of_the_department():
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    review = claim(opened(), "grace", summer, summer + timedelta(minutes=30))

    with pytest.raises(Claimed, match="until 13:30 BST on 1 July 2026"):
        claim(review, "david", summer, summer)


def test_claiming_again_makes_the_claim_last_longer():
    assert claim(claimed(), "grace", LAST, LAST + timedelta(minutes=30)).claim == Claim(
        "grace", LAST + timedelta(minutes=30)
    )


@pytest.mark.parametrize("author", ["amina", "david"])
def test_nobody_claims_a_draft_of_their_own(author):
    with pytest.raises(NotPermitted, match=f"{author} asked for or changed review r1"):
        claim(amend(opened(), OTHER, "david", NOON), author, NOON, UNTIL)


@pytest.mark.parametrize("state", NOT_OPEN)
def test_only_an_open_draft_is_claimed_or_handed_over(state):
    elsewhere = replace(opened(), state=state)

    with pytest.raises(AlreadyDecided, match=f"already {state}; only an open one can be claimed"):
        claim(elsewhere, "grace", NOON, UNTIL)
    with pytest.raises(AlreadyDecided, match=f"already {state}; only an open one can be handed over"):
        hand_over(elsewhere, "grace", "david", NOON, UNTIL)


def test_a_claim_is_handed_back_by_who_has_it_and_while_they_have_it():
    assert hand_back(claimed(), "grace", LAST) == opened()
    for review, who, at in ((claimed(), "david", NOON), (claimed(), "grace", UNTIL), (opened(), "grace", NOON)):
        with pytest.raises(ReviewError, match=f"{who} has not claimed review r1, or no longer"):
            hand_back(review, who, at)


@pytest.mark.parametrize("start", [opened, claimed])
def test_a_draft_is_handed_to_a_deputy_who_has_it_from_then_on(start):
    later = UNTIL + timedelta(minutes=5)
    given_over = hand_over(start(), "grace", "david", NOON, later)

    assert (given_over.claim, given_over.handed_to) == (Claim("david", later), "david")
    with pytest.raises(Claimed):
        decide(given_over, ruling("grace", NOON))
    assert decide(given_over, ruling("david", NOON)).state == "approved"
    assert hand_back(given_over, "david", NOON) == opened()


@pytest.mark.parametrize(
    ("reviewer", "deputy", "error"),
    [
        ("amina", "david", NotPermitted),
        ("grace", "amina", NotPermitted),
        ("grace", "grace", ReviewError),
    ],
)
def test_neither_an_author_nor_oneself_is_a_deputy_and_no_author_names_one(reviewer, deputy, error):
    with pytest.raises(error):
        hand_over(opened(), reviewer, deputy, NOON, UNTIL)


@pytest.mark.parametrize(
    "end",
    [
        lambda review: decide(review, ruling("grace", NOON)),
        lambda review: decide(review, Decision("return", "grace", DRAFT.digest, "", NOON, ("facts",))),
        lambda review: amend(review, OTHER, "grace", NOON),
    ],
    ids=["approve", "return", "amend"],
)
def test_a_ruling_and_a_new_wording_end_the_claim(end):
    ended = end(hand_over(opened(), "david", "grace", NOON, UNTIL))

    assert (ended.claim, ended.handed_to) == (None, "")


def test_a_returned_draft_is_amended_by_its_author_or_by_another_reviewer():
    returned = decide(claimed(), Decision("return", "grace", DRAFT.digest, "", NOON, ("facts",)))

    for editor in ("amina", "david", "grace"):
        amended = amend(returned, OTHER, editor, NOON)
        assert (amended.state, editor in amended.authors, amended.versions[-1].origin) == ("open", True, "person")


def test_a_wording_says_whether_a_person_wrote_it_or_the_model_as_it_was_told():
    told = amend(opened(), OTHER, "david", NOON, "make it plainer")

    assert [(each.origin, each.instruction) for each in told.versions] == [
        ("model", ""),
        ("instruction", "make it plainer"),
    ]
    with pytest.raises(NotPermitted):
        decide(told, ruling("david", NOON, OTHER))


def test_a_comment_changes_neither_the_words_nor_whose_turn_it_is():
    said = comment(claimed(), Comment("amina", "Is it urgent?", NOON))

    assert said == replace(claimed(), comments=(Comment("amina", "Is it urgent?", NOON),))
    assert said.authors == {"amina"}


@pytest.mark.parametrize("state", [state for state in NOT_OPEN if state != "returned"])
def test_what_was_decided_is_commented_on_no_more(state):
    with pytest.raises(AlreadyDecided, match=f"is {state}; only an open or returned one can be commented on"):
        comment(replace(opened(), state=state), Comment("amina", "Why?", NOON))


@pytest.mark.parametrize("verdict", ["return", "refuse"])
def test_a_fixed_reason_or_words_are_enough_but_another_reason_needs_words(verdict):
    def rule(reason: str, *reasons: Reason) -> Review:
        return decide(opened(), Decision(verdict, "grace", DRAFT.digest, reason, NOON, reasons))

    assert rule("", "facts", "tone", "facts").decisions[-1].reasons == ("facts", "tone")
    assert rule("Say which Act.").decisions[-1].reasons == ()
    assert rule("Say which Act.", "other").decisions[-1].reasons == ("other",)
    for reason, reasons in (("", ()), (" \n", ()), ("", ("other",))):
        with pytest.raises(ReviewError, match=f"to {verdict} review r1, give the author a reason"):
            rule(reason, *reasons)


def test_a_reason_that_there_is_not_is_refused_with_those_there_are():
    with pytest.raises(ReviewError, match=f"no reason 'mood'; it is one of {', '.join(REASONS)}"):
        decide(opened(), Decision("return", "grace", DRAFT.digest, "No.", NOON, ("mood",)))  # type: ignore[arg-type]  # as a script might


def test_an_approval_takes_no_reason_for_returning():
    with pytest.raises(ReviewError, match="to approve review r1, leave out the reasons"):
        decide(opened(), Decision("approve", "grace", DRAFT.digest, "Fine.", NOON, ("facts",)))


PEOPLE = ["amina", "grace", "david", "erin"]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["claim", "back", "over", "amend", "return", "wait"]),
        st.sampled_from(PEOPLE),
        st.sampled_from(PEOPLE),
        st.integers(1, 45),
    ),
    max_size=14,
)


TRIED = {
    "claim": lambda review, who, _other, now, _n: claim(review, who, now, now + timedelta(minutes=30)),
    "back": lambda review, who, _other, now, _n: hand_back(review, who, now),
    "over": lambda review, who, other, now, _n: hand_over(review, who, other, now, now + timedelta(minutes=30)),
    "amend": lambda review, who, _other, now, n: amend(review, replace(DRAFT, text=f"Wording {n}."), who, now),
    "return": lambda review, who, _other, now, _n: decide(
        review, Decision("return", who, review.draft.digest, "No.", now)
    ),
}


@given(ACTS)
@settings(max_examples=400, deadline=None)
def test_whatever_people_try_nobody_acts_on_what_another_has_claimed_and_no_author_ever_has_it(acts):
    review, now = opened(), NOON
    for n, (act, who, other, wait) in enumerate(acts):
        if act == "wait":
            now += timedelta(minutes=wait)
            continue
        holder = claim_in_force(review, now)
        try:
            review = TRIED[act](review, who, other, now, n)
        except HumphreyError:
            continue
        assert holder is None or holder.reviewer == who
        has = claim_in_force(review, now)
        assert has is None or (has.reviewer not in review.authors and review.state == "open")
