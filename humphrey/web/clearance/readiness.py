"""What a reviewer must have done before they may decide on the page: claimed the draft, seen the evidence, weighed it.

Commands and the JSON routes do not ask for it. The service asks for the same; here it is said where to do it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from humphrey.clearance.deciding.findings import finding_key, passages_of, to_acknowledge
from humphrey.clearance.model import Decision, Review
from humphrey.clearance.rules import claim_in_force
from humphrey.papers.draft import Draft, Finding


@dataclass(frozen=True)
class Problem:
    """One thing that is still to be done: the id of the place on the page where it is done, and a sentence."""

    place: str
    said: str


def findings_to_weigh(written: Draft) -> list[tuple[int, Finding]]:
    """Return the findings that must be acknowledged, with their numbers as the page shows them, from 1."""
    weighed = to_acknowledge(written)
    return [(n, each) for n, each in enumerate(written.findings, 1) if each in weighed]


def before_confirming(review: Review, reviewer: str, opened: Collection[str], at: datetime) -> list[Problem]:
    """Return what is to be done before a decision may be shown for confirmation.

    Args:
        review: the open review.
        reviewer: the person who wants to decide.
        opened: the markers of the passages that they opened, as recorded.
        at: the present time.
    """
    return [*_claim(review, reviewer, at), *_evidence(review, opened)]


def before_deciding(
    review: Review, decision: Decision, opened: Collection[str], acknowledged: Collection[str]
) -> list[Problem]:
    """Return all that is to be done before a decision may be made.

    Args:
        review: the open review.
        decision: the decision, at the present time.
        opened: the markers of the passages that the reviewer opened, as recorded.
        acknowledged: the keys of the findings that they acknowledged.
    """
    before = before_confirming(review, decision.reviewer, opened, decision.at)
    return [*before, *_acknowledgement(review, acknowledged), *_why(decision)]


def reasons_missing(decision: Decision) -> list[Problem]:
    """Return the problem of a return or refusal without a reason; empty if it has one."""
    return list(_why(decision))


def _claim(review: Review, reviewer: str, at: datetime) -> Iterator[Problem]:
    claim = claim_in_force(review, at)
    if claim is None or claim.reviewer != reviewer:
        yield Problem("claim", "Claim this draft before you decide on it.")


def _evidence(review: Review, opened: Collection[str]) -> Iterator[Problem]:
    written = review.draft
    for n, finding in findings_to_weigh(written):
        for marker in passages_of(written, finding):
            if marker not in opened:
                yield Problem(f"v{review.id}-p{marker}", f"Read passage [{marker}], which finding {n} is about.")


def _acknowledgement(review: Review, acknowledged: Collection[str]) -> Iterator[Problem]:
    for n, finding in findings_to_weigh(review.draft):
        if finding_key(finding) not in acknowledged:
            yield Problem("acknowledged", f"Tick finding {n} once you have weighed it.")


def _why(decision: Decision) -> Iterator[Problem]:
    if decision.verdict != "approve" and not decision.reason.strip() and not set(decision.reasons) - {"other"}:
        place = "words" if "other" in decision.reasons else "reasons"
        yield Problem(place, "Give the author a reason: tick one, or write it in your own words.")
