"""How reviews look to whoever sent them, and what is said of a review wherever it is shown."""

from collections.abc import Mapping, Sequence

from humphrey.clearance.gate import Release
from humphrey.clearance.model import REASONS, Decision, Review, ReviewState, Verdict
from humphrey.delivery.outlets import OUTLETS
from humphrey.documents.model import DocumentLookup
from humphrey.papers.draft import Commission, Draft
from humphrey.web import copy_text
from humphrey.web.draft_view import citations, moment, targets, title
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
"""What the state of a review is called to whoever sent it."""


RULED: Mapping[Verdict, str] = {"approve": "Approved", "return": "Returned", "refuse": "Refused"}
"""What a ruling is called once it was made."""


def sent(reviews: Sequence[Review], releases: Sequence[Release], lookup: DocumentLookup) -> str:
    """What one person sent for clearance, newest first, and the texts that were released to them.

    It says when, not how long ago: the page reads it again and again, and only a change may close what is open.
    """
    if not reviews:
        return '<p class="hint">Nothing yet. What you send for clearance is listed here.</p>'
    permits = {release.review: release for release in releases}
    newest = sorted(reviews, key=lambda review: review.opened, reverse=True)
    items = "".join(_sent(review, permits.get(review.id), lookup) for review in newest)
    return f'<ul class="plain sent-list">{items}</ul>'


def destination(asked: Commission) -> str:
    """Where a text goes when it is released."""
    outlet = OUTLETS.get(asked.outlet)
    return f"to {asked.recipient}, {outlet.words if outlet else asked.outlet}"


def handling(asked: Commission) -> str:
    """Where a text goes, and under which marking."""
    return f"goes {destination(asked)} · {asked.marking}"


def ruling(made: Decision) -> str:
    """Why something was returned or refused: the fixed reasons, and the reviewer's words."""
    why = "".join(f"<li>{safe(REASONS[reason])}</li>" for reason in made.reasons)
    listed = f'<ul class="reasons">{why}</ul>' if why else ""
    words = f'<blockquote class="reason">{as_html(made.reason)}</blockquote>' if made.reason else ""
    return f"{listed}{words}"


def address(review_id: str) -> str:
    """The page of one review, for whoever may see it."""
    return f"/reviews/{safe(review_id)}"


def facts(written: Draft) -> str:
    """What the author told humphrey, for a paper."""
    given = written.commission.facts
    if not given:
        return ""
    rows = "".join(
        f'<dt>{safe(name.replace("_", " "))}</dt><dd dir="auto">{safe(value)}</dd>' for name, value in given.items()
    )
    return f'<section class="facts"><h3>What it was told</h3><dl>{rows}</dl></section>'


def released(permit: Release, lookup: DocumentLookup) -> str:
    """The text that was released, folded away, with who cleared it."""
    key = f"r{permit.review}"
    text = as_html(permit.text, (), targets(permit.citations, key))
    cleared = f"Approved by {permit.approved_by}, {moment(permit.approved_at)}. Marking: {permit.marking}."
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
        f'<p class="hint">Review {safe(review.id)}, sent {moment(review.opened)}</p>{ruling(made) if made else ""}'
        f'<p><a href="{address(review.id)}">{what}{which}</a></p>'
        f"{released(permit, lookup) if permit else ''}</li>"
    )
