"""What must be done before a decision on the page: a claim, the evidence of each finding read, each finding ticked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from humphrey.clearance.deciding.findings import finding_key, passages_of
from humphrey.clearance.model import Claim, Decision, Review, Version
from humphrey.papers.draft import Citation, Commission, Draft, Finding, ModelName
from humphrey.web.clearance.readiness import before_confirming, before_deciding

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


TEXT = "We answer in 25 days [1]. It costs nothing [2]. Ask again."


WARNED = Finding("figures_agree", "warn", "25 is not in the passage", 13, 15)


BLOCKED = Finding("sentences_cited", "block", "this sentence cites no passage", 48, 58)


MILD = Finding("style", "suggest", "a shorter word would do", 0, 2)


def cited(marker: str, quote: str) -> Citation:
    return Citation(marker, "foi", "sha256:1", "FOI", "", (), quote, 0, len(quote))


def review(*found: Finding, claimed_by: str = "grace", until: datetime = NOW + timedelta(minutes=5)) -> Review:
    passages = (cited("1", "in 20 days"), cited("2", "at no charge"))
    written = Draft(
        Commission("answer", "When?", "amina", "web"), "answered", TEXT, ModelName("t", "t"), passages, findings=found
    )
    return Review("r1", (Version(written, "amina", NOW),), claim=Claim(claimed_by, until))


def approval(held: Review) -> Decision:
    return Decision("approve", "grace", held.draft.digest, "", NOW)


def test_a_draft_in_which_nothing_was_found_only_needs_a_claim():
    assert before_deciding(review(), approval(review()), (), ()) == []
    assert [each.place for each in before_confirming(replace(review(), claim=None), "grace", (), NOW)] == ["claim"]


@pytest.mark.parametrize("held", [review(claimed_by="david"), review(until=NOW)], ids=["another's", "over"])
def test_the_claim_of_another_or_one_that_is_over_is_no_claim(held: Review):
    assert [each.said for each in before_confirming(held, "grace", (), NOW)] == [
        "Claim this draft before you decide on it."
    ]


def test_the_passage_of_a_finding_must_have_been_read_and_no_other():
    held = review(WARNED, BLOCKED)

    assert passages_of(held.draft, WARNED) == ("1",)
    assert passages_of(held.draft, BLOCKED) == []
    assert [(each.place, each.said) for each in before_confirming(held, "grace", ("2",), NOW)] == [
        ("vr1-p1", "Read passage [1], which finding 1 is about.")
    ]
    assert before_confirming(held, "grace", ("1",), NOW) == []


def test_each_finding_is_acknowledged_by_itself_and_suggestions_on_style_are_not():
    held = review(MILD, WARNED, BLOCKED)
    said = [each.said for each in before_deciding(held, approval(held), ("1",), (finding_key(WARNED),))]

    assert said == ["Tick finding 3 once you have weighed it."]
    assert before_deciding(held, approval(held), ("1",), (finding_key(WARNED), finding_key(BLOCKED))) == []


def test_a_finding_that_says_something_else_since_is_another_one():
    assert finding_key(WARNED) != finding_key(replace(WARNED, message="25 is in no passage"))


def test_all_that_is_missing_is_said_at_once():
    held = replace(review(WARNED), claim=None)
    turned = Decision("return", "grace", held.draft.digest, "  ", NOW, ("other",))

    assert [each.place for each in before_deciding(held, turned, (), ())] == [
        "claim", "vr1-p1", "acknowledged", "words",
    ]  # fmt: skip
    assert [each.place for each in before_deciding(review(), replace(turned, reasons=()), (), ())] == ["reasons"]
    assert before_deciding(review(), replace(turned, reasons=("facts",)), (), ()) == []
