"""How reviews look: to whoever sent them, in the queue, and to the reviewer who decides."""

from collections.abc import Sequence
from datetime import datetime

from humphrey.core.drafts import Draft, Finding
from humphrey.core.guidance import Lookup
from humphrey.core.review import Release, Review, ReviewState
from humphrey.web import copying
from humphrey.web.account import byline, came_about, counted, findings, missing
from humphrey.web.show import (
    age,
    citations,
    day,
    due,
    looked_at,
    moment,
    passages,
    standing,
    targets,
    title,
    words,
    workings,
)
from humphrey.web.text import as_html, safe

STATES: dict[ReviewState, str] = {
    "open": "With a reviewer",
    "returned": "Returned to you",
    "refused": "Refused",
    "approved": "Approved",
    "released": "Released",
    "delivered": "Released",
}
"""What the state of a review is called to whoever sent it."""


def sent(reviews: Sequence[Review], releases: Sequence[Release], lookup: Lookup) -> str:
    """What one person sent for clearance, newest first, and the texts that were released to them.

    It says when, not how long ago: the page reads it again and again, and only a change may close what is open.
    """
    if not reviews:
        return '<p class="hint">Nothing yet. What you send for clearance is listed here.</p>'
    permits = {release.review: release for release in releases}
    newest = sorted(reviews, key=lambda review: review.opened, reverse=True)
    items = "".join(_sent(review, permits.get(review.id), lookup) for review in newest)
    return f'<ul class="plain sent-list">{items}</ul>'


def _sent(review: Review, permit: Release | None, lookup: Lookup) -> str:
    reason = review.decisions[-1].reason if review.decisions else ""
    by = f" by {safe(review.decisions[-1].reviewer)}" if review.decisions else ""
    why = f'<blockquote class="reason">{as_html(reason)}</blockquote>' if reason else ""
    text = _released(permit, lookup) if permit else ""
    return (
        f'<li class="{review.state}"><p><strong class="tag {review.state}">{STATES[review.state]}</strong>{by}</p>'
        f'<p dir="auto">{safe(title(review.draft))}</p>'
        f'<p class="hint">Review {safe(review.id)}, sent {moment(review.opened)}</p>{why}{text}</li>'
    )


def _released(permit: Release, lookup: Lookup) -> str:
    key = f"r{permit.review}"
    text = as_html(permit.text, (), targets(permit.citations, key))
    cleared = f"Approved by {permit.approved_by}, {moment(permit.approved_at)}. Marking: {permit.marking}."
    return (
        f'<details class="released"><summary>Read the released text</summary><div class="words">{text}</div>'
        f"{copying.of_release(permit, cleared, key)}{citations(permit.citations, key, lookup)}"
        f'<p class="byline">{safe(cleared)}</p></details>'
    )


def waiting(held: Review, now: datetime) -> str:
    """One line of the queue, plain text: what, who, how long, by when, and what the checks found."""
    written = held.draft
    parts = [f"for {written.commission.asked_by}", age(held.opened, now)]
    parts += [f"due {day(written.due)}"] if written.due else []
    parts += _counted(written.findings)
    return f"{title(written, 90)} ({', '.join(parts)})"


def _counted(found: Sequence[Finding]) -> list[str]:
    # A suggestion on style is no reason to look at a draft first.
    grave = [each for each in found if each.level != "suggest"]
    if not grave:
        return []
    blocking = sum(finding.level == "block" for finding in grave)
    count = counted(len(grave), "finding")
    return [f"{count}, {blocking} to be put right" if blocking else count]


def review(held: Review, lookup: Lookup, now: datetime) -> str:
    """A review to be read: the text beside its passages, what was found and worked out, and who had a hand in it."""
    written, key = held.draft, f"v{held.id}"
    asked = written.commission
    about = (
        f'<p class="hint">Review {safe(held.id)} · {safe(asked.kind.replace("_", " "))} for {safe(asked.recipient)} '
        f"({safe(asked.outlet)}) · {safe(asked.marking)} · sent {age(held.opened, now)} by {safe(asked.asked_by)}</p>"
    )
    text = (
        f'<article class="draft"><p class="label"><strong class="tag">{copying.NOT_CLEARED}</strong> '
        f'<span>{standing(written)}</span></p><div class="words">{words(written, key)}</div></article>'
    )
    beside = f'<section class="beside"><h3>Passages it cites</h3>{passages(written.citations, key, lookup)}</section>'
    return (
        f'<div class="review"><h2 class="asked" dir="auto">{safe(title(written, 1000))}</h2>{about}{due(written)}'
        f"{missing(written)}{findings(written.findings)}"
        f'<div class="columns"><section class="text"><h3>The text</h3>{text}{byline(written)}{came_about(written)}'
        f"</section>{beside}</div>"
        f"{facts(written)}{workings(written)}{looked_at(written)}{hands(held)}</div>"
    )


def facts(written: Draft) -> str:
    """What the author told humphrey, for a paper."""
    given = written.commission.facts
    if not given:
        return ""
    rows = "".join(
        f'<dt>{safe(name.replace("_", " "))}</dt><dd dir="auto">{safe(value)}</dd>' for name, value in given.items()
    )
    return f'<section class="facts"><h3>What it was told</h3><dl>{rows}</dl></section>'


def hands(held: Review) -> str:
    """Who wrote which wording, and what was decided before."""
    wordings = "".join(f"<li>{safe(v.editor)}, {moment(v.at)}</li>" for v in held.versions)
    rulings = "".join(
        f"<li><strong>{safe(d.verdict)}</strong> by {safe(d.reviewer)}, {moment(d.at)}{_said(d.reason)}</li>"
        for d in held.decisions
    )
    before = f"<h3>Earlier decisions</h3><ul>{rulings}</ul>" if rulings else ""
    return f'<section class="hands"><h3>Authors</h3><ol>{wordings}</ol>{before}</section>'


def _said(reason: str) -> str:
    return f'<blockquote class="reason">{as_html(reason)}</blockquote>' if reason else ""
