"""A decision on a page needs a claim, the passages of its findings opened, and each finding acknowledged."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from humphrey.clearance.deciding.findings import acknowledged_keys, finding_key, passages_of
from humphrey.clearance.deciding.service import DecidingRules
from humphrey.clearance.model import Review
from humphrey.clearance.reviewer_statistics.service import ReviewerStatistics
from humphrey.errors import NotYetRead, ReviewError
from humphrey.ledger import store as ledger_store
from humphrey.papers.draft import Draft, Finding
from tests.support.services import CITED, Clock, Desk, desk_on, drafter, question

TEXT = "You have 21 working days [1]. Say so in time [2]. Nothing else counts."

FIGURE = Finding("figures_agree", "warn", "21 is not in passage [1]", 9, 11)
OTHER = Finding("figures_agree", "warn", "another figure is not there", 9, 16)
WHOLE = Finding("length_kept", "warn", "it is long")
STYLE = Finding("style", "suggest", "a shorter word would do", 0, 3)
FOUND = (FIGURE, OTHER, WHOLE, STYLE)


def with_findings(*given: object) -> Draft:
    cited = (CITED, replace(CITED, marker="2"))
    return replace(drafter(*given), text=TEXT, citations=cited, findings=FOUND)


@pytest.fixture
def desk(database, clock) -> Desk:
    return desk_on(database, clock, with_findings)


@pytest.fixture
def review(desk: Desk, monkeypatch) -> Review:
    """A draft with these findings; the checks of the desk would find others."""
    monkeypatch.setattr(desk.drafting, "findings", lambda _draft: FOUND)
    composed = desk.drafting.compose(question())
    return desk.clearance.open_review(replace(composed, findings=FOUND))


def opens(desk: Desk, review: Review, *markers: str) -> None:
    ReviewerStatistics(desk.database, desk.people, desk.clearance.review_to_clear, desk.now).note(
        review.id, "grace", 1, 5, markers
    )


Steps = Callable[[Desk, Review], object]
ALL = tuple(finding_key(each) for each in (FIGURE, OTHER, WHOLE))


def test_a_passage_of_a_finding_is_one_that_its_sentence_cites(review):
    assert [passages_of(review.draft, each) for each in FOUND] == [("1",), ("1",), (), ("1",)]


def test_a_check_means_all_its_findings_and_a_key_means_one(review):
    assert acknowledged_keys(review.draft, ["figures_agree"]) == ALL[:2]
    assert acknowledged_keys(review.draft, [ALL[1]]) == (ALL[1],)
    with pytest.raises(ReviewError, match="no finding 'verdict_supported'; it has findings of: figures_agree, length"):
        acknowledged_keys(review.draft, ["verdict_supported"])


@pytest.mark.parametrize("verdict", ["approve", "return", "refuse"])
@pytest.mark.parametrize(
    ("claimed", "opened", "seen_to", "missing"),
    [
        (False, ("1",), ALL, "claim it"),
        (True, (), ALL, r"open passage \[1\]"),
        (True, ("2",), ALL, r"open passage \[1\]"),
        (True, ("1",), ALL[1:], "acknowledge “21 is not in"),
        (True, ("1",), ALL[:2], "acknowledge “it is long”"),
        (False, (), (), "claim it; open passage .*; acknowledge .*; acknowledge .*; acknowledge"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_decided(desk, review, verdict, claimed, opened, seen_to, missing):
    if claimed:
        desk.assignment.claim(review.id, "grace")
    opens(desk, review, *opened)

    with pytest.raises(NotYetRead, match=missing):
        desk.clearance.decide(
            review.id, verdict, "grace", review.draft.digest, "Wrong.", door="web", acknowledged=seen_to
        )

    assert (desk.clearance.review(review.id).state, desk.delivery.outbox_rows()) == ("open", [])
    assert list(ledger_store.entries(desk.database, review.id))[-1].act == "act:refused"


def test_a_claim_of_another_moment_does_not_count(desk, clock, review):
    desk.assignment.claim(review.id, "grace")
    opens(desk, review, "1")
    clock.now += timedelta(minutes=30)

    with pytest.raises(NotYetRead, match=r"claim it$"):
        desk.clearance.decide(review.id, "approve", "grace", review.draft.digest, door="web", acknowledged=ALL)


def test_with_all_of_it_the_record_says_the_door_the_claim_and_what_was_acknowledged(desk, review):
    desk.assignment.claim(review.id, "grace")
    opens(desk, review, "1")

    decided = desk.clearance.decide(review.id, "approve", "grace", review.draft.digest, door="web", acknowledged=ALL)

    [entry] = [each for each in desk.clearance.history(review.id) if each.act == "review:approve"]
    assert (entry.detail["door"], entry.detail["claim"]) == ("web", "held")
    assert entry.detail["acknowledged"].split() == list(ALL)
    stored = desk.clearance.review(review.id).decisions[-1]
    assert stored == decided.decisions[-1]
    assert (stored.door, stored.acknowledged) == ("web", ALL)


def test_commands_and_the_routes_need_none_of_it_and_claim_in_the_same_act(desk, review):
    other = desk.clearance.open_review(review.draft)
    desk.clearance.decide(review.id, "approve", "grace", review.draft.digest, acknowledged=["length_kept"])
    desk.clearance.decide(other.id, "approve", "grace", other.draft.digest, door="api")

    said = [each.detail for each in ledger_store.entries(desk.database) if each.act == "review:approve"]
    assert [(each["door"], each["claim"], each.get("acknowledged", "")) for each in said] == [
        ("command", "taken", ALL[2]),
        ("api", "taken", ""),
    ]
    assert {each.held_until for each in (*desk.clearance.review(review.id).decisions,)} == {None}


def test_the_setting_turns_it_off(database, clock: Clock):
    desk = desk_on(database, clock, with_findings, deciding=DecidingRules(reading=False, undo=timedelta()))
    review = desk.clearance.open_review(replace(desk.drafting.compose(question()), findings=FOUND))

    decided = desk.clearance.decide(review.id, "approve", "grace", review.draft.digest, door="web")

    assert (decided.state, decided.decisions[-1].held_until) == ("released", None)
