"""HTML of reviews for their author, and the parts of a review that several pages share."""

from collections.abc import Mapping, Sequence

from humphrey.clearance.gate import Release
from humphrey.clearance.model import REASONS, Decision, Review, ReviewState, Verdict
from humphrey.delivery.outlets import OUTLETS
from humphrey.documents.model import DocumentLookup
from humphrey.papers.draft import Commission, Draft
from humphrey.web import copy_text
from humphrey.web.draft_view import citation_targets, citations, format_time, title
from humphrey.web.escaping import as_html, safe

STATES: dict[ReviewState, str] = {
    "open": "With a reviewer",
    "returned": "Returned to you",
    "refused": "Refused",
    "approved": "Approved",
    "released": "Released",
    "delivered": "Released",
    "closed": "Closed",
}
"""Label of a review's state for its author."""


DECIDED: Mapping[Verdict, str] = {"approve": "Approved", "return": "Returned", "refuse": "Refused"}
"""Label of a decision that was made."""


def sent_reviews(reviews: Sequence[Review], releases: Sequence[Release], lookup: DocumentLookup) -> str:
    """Return the drafts that a person sent for clearance, newest first, with their released texts.

    Times are absolute: the page reads this HTML again and again, and a relative time would change it and close what is
    open.
    """
    if not reviews:
        return '<p class="hint">Nothing yet. What you send for clearance is listed here.</p>'
    permits = {release.review: release for release in releases}
    newest = sorted(reviews, key=lambda review: review.opened, reverse=True)
    items = "".join(_sent(review, permits.get(review.id), lookup) for review in newest)
    return f'<ul class="plain sent-list">{items}</ul>'


def destination(asked: Commission) -> str:
    """Return where a text goes after release."""
    outlet = OUTLETS.get(asked.outlet)
    return f"to {asked.recipient}, {outlet.words if outlet else asked.outlet}"


def destination_and_marking(asked: Commission) -> str:
    """Return where a text goes, and its marking."""
    return f"goes {destination(asked)} · {asked.marking}"


def decision_reasons(made: Decision) -> str:
    """Return why a draft was returned or refused: the fixed reasons and the reviewer's words."""
    why = "".join(f"<li>{safe(REASONS[reason])}</li>" for reason in made.reasons)
    listed = f'<ul class="reasons">{why}</ul>' if why else ""
    words = f'<blockquote class="reason">{as_html(made.reason)}</blockquote>' if made.reason else ""
    return f"{listed}{words}"


def address(review_id: str) -> str:
    """Return the address of a review's page."""
    return f"/reviews/{safe(review_id)}"


def facts(written: Draft) -> str:
    """Return the facts that the author gave for a paper."""
    given = written.commission.facts
    if not given:
        return ""
    rows = "".join(
        f'<dt>{safe(name.replace("_", " "))}</dt><dd dir="auto">{safe(value)}</dd>' for name, value in given.items()
    )
    return f'<section class="facts"><h3>What it was told</h3><dl>{rows}</dl></section>'


def released(permit: Release, lookup: DocumentLookup) -> str:
    """Return a released text, folded away, with the name of the approver."""
    key = f"r{permit.review}"
    text = as_html(permit.text, (), citation_targets(permit.citations, key))
    cleared = f"Approved by {permit.approved_by}, {format_time(permit.approved_at)}. Marking: {permit.marking}."
    return (
        f'<details class="released"><summary>Read the released text</summary><div class="words">{text}</div>'
        f"{copy_text.of_release(permit, cleared, key)}{citations(permit.citations, key, lookup)}"
        f'<p class="byline">{safe(cleared)}</p></details>'
    )


def _sent(review: Review, permit: Release | None, lookup: DocumentLookup) -> str:
    made = review.decisions[-1] if review.decisions and review.state != "open" else None
    by = f" by {safe(made.reviewer)}" if made else ""
    what = "See it, change it and send it again" if review.state == "returned" else "See it and what became of it"
    which = f'<span class="unseen">: {safe(title(review.draft, 80))}</span>'
    return (
        f'<li class="{review.state}"><p><strong class="tag {review.state}">{STATES[review.state]}</strong>{by}</p>'
        f'<p dir="auto">{safe(title(review.draft))}</p>'
        f'<p class="hint">{safe(review.name)}, sent {format_time(review.opened)}</p>'
        f"{decision_reasons(made) if made else ''}"
        f'<p><a href="{address(review.id)}">{what}{which}</a></p>'
        f"{released(permit, lookup) if permit else ''}</li>"
    )
