"""The page of a review for an auditor who may not read all that it rests on: acts, digests and titles, and no words."""

from collections.abc import Sequence

from humphrey.accounts.model import Person
from humphrey.clearance.model import REASONS, RecordedReview
from humphrey.web import layout
from humphrey.web.clearance.review_page import case_file
from humphrey.web.clearance.review_view import DECIDED
from humphrey.web.draft_view import format_time
from humphrey.web.escaping import safe


def page(held: RecordedReview, person: Person, why: str, *, case: bool) -> str:
    """Return the page as HTML.

    Args:
        held: what the record says of the review.
        person: the auditor.
        why: why its words are not shown, as a sentence.
        case: whether the auditor may have the case file, by the right to disclose.
    """
    body = (
        f'<h1>Review {safe(held.name)}</h1><p><strong class="tag {held.state}">{held.state.capitalize()}</strong></p>'
        f'<p class="hint">{safe(held.kind.replace("_", " "))} · {safe(held.marking)} · '
        f"asked by {safe(held.asked_by)}, {format_time(held.opened)}</p>"
        f"<p>Its words are not shown here: {safe(why)}.</p>{case_file(held.id) if case else ''}"
        f"{_listed('Documents it rests on', [safe(name) for name in held.sources])}"
        f"{_listed('Wordings', _wordings(held))}{_listed('Decisions', _decisions(held))}"
        f'<p><a href="/record?subject={safe(held.id)}">What the record says of it</a></p>'
    )
    return layout.page(f"Review {held.name}", body, person=person)


def _wordings(held: RecordedReview) -> list[str]:
    return [
        f'By {safe(editor)}, {format_time(at)}. Digest <code class="digest">{safe(digest)}</code>'
        for editor, at, digest in held.wordings
    ]


def _decisions(held: RecordedReview) -> list[str]:
    return [
        " ".join([f"{DECIDED[verdict]} by {safe(by)}, {format_time(at)}.", *(f"{REASONS[each]}." for each in reasons)])
        for verdict, by, at, reasons in held.decisions
    ]


def _listed(heading: str, items: Sequence[str]) -> str:
    lines = "".join(f"<li>{item}</li>" for item in items)
    return f"<h2>{heading}</h2><ul>{lines}</ul>" if items else ""
