"""HTML of a conversation in reading order: its questions with their answers, and where one was asked anew."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from humphrey.conversations.model import Exchange
from humphrey.documents.model import DocumentLookup
from humphrey.papers.draft import EarlierTurn
from humphrey.papers.given import turn_of
from humphrey.web import draft_view
from humphrey.web.escaping import as_html, safe
from humphrey.web.provenance_view import count_of

EARLIER_TURNS = 4
"""Number of earlier exchanges that are sent as the context of a question."""


REASONS = (
    "It is wrong",
    "It leaves something out",
    "It does not answer what I asked",
    "The guidance it cites is out of date",
    "It is hard to read",
    "Something else",
)
"""Reasons to choose from if a draft was not useful."""


LONGEST_HEADING = 300
"""Characters of a question that is its own heading; a longer one stands whole below a shortened heading."""


_USEFUL: Mapping[bool, str] = {True: "useful", False: "not useful"}


def newest(exchanges: Sequence[Exchange]) -> Exchange | None:
    """Return the latest exchange that is not replaced; None if there is none."""
    return next((kept for kept in reversed(exchanges) if not kept.replaced), None)


def latest(exchanges: Sequence[Exchange], lookup: DocumentLookup) -> str:
    """Return the HTML of the latest exchange."""
    kept = newest(exchanges)
    return _turn(kept, lookup, latest=True) if kept else ""


def earlier(exchanges: Sequence[Exchange], lookup: DocumentLookup) -> str:
    """Return the HTML of everything before the latest exchange; replaced ones are folded away where they stood."""
    before = [kept for kept in exchanges if kept is not newest(exchanges)]
    return all_of(before, lookup)


def all_of(exchanges: Sequence[Exchange], lookup: DocumentLookup) -> str:
    """Return the HTML of exchanges, oldest first; replaced ones are folded away where they stood."""
    parts = []
    for replaced, run in groupby(exchanges, lambda kept: kept.replaced):
        group = list(run)
        parts.append(_replaced(group, lookup) if replaced else "".join(_turn(kept, lookup) for kept in group))
    return f"<div>{''.join(parts)}</div>" if parts else ""


def unfinished(question: str, stage: str, text: str) -> str:
    """Return the HTML of a question that is being answered."""
    return f'<section class="exchange">{_asked(question)}{draft_view.unfinished_draft(stage, text)}</section>'


def earlier_turns(exchanges: Sequence[Exchange]) -> tuple[EarlierTurn, ...]:
    """Return the earlier answers that are the context of a question, without replaced ones."""
    kept = [each for each in exchanges if each.draft.commission.kind == "answer" and not each.replaced]
    return tuple(turn_of(each.draft) for each in kept[-EARLIER_TURNS:])


def _turn(kept: Exchange, lookup: DocumentLookup, *, latest: bool = False) -> str:
    return (
        f'<section class="exchange" id="turn-{safe(kept.id)}">{_asked(kept.draft.commission.text)}'
        f"{draft_view.draft(kept.draft, f'x{kept.id}', lookup)}{_acts(kept, latest=latest)}{_after(kept)}</section>"
    )


def _asked(question: str) -> str:
    """Return a question, whole."""
    line = " ".join(question.split())
    if len(line) <= LONGEST_HEADING:
        return f'<h2 class="asked" dir="auto">{safe(line)}</h2>'
    # A heading of a thousand words would make the list of headings useless.
    heading = f'<h2 class="unseen">{safe(line[:80])}…</h2>'
    return f'{heading}<div class="asked whole" dir="auto" tabindex="0">{as_html(question)}</div>'


def _acts(kept: Exchange, *, latest: bool) -> str:
    """Return the buttons below an answer; the script of the page sends what they ask for, with the exchange's id."""
    acts = [] if kept.review else [("send", "Send for clearance", "go")]
    # Only an answer can be asked again here: a paper has its form on the Papers page.
    if kept.draft.commission.kind == "answer":
        acts += [("edit", "Change the question", "go quiet"), ("again", "Ask again", "go quiet")]
    if kept.feedback is None:
        acts += [("good", "Useful", "go quiet"), ("bad", "Not useful", "go quiet")]
    # Each button of the earlier answers says which it belongs to; without it, the newest is meant.
    which = "" if latest else f'<span class="unseen"> {safe(draft_view.title(kept.draft, 80))}</span>'
    buttons = "".join(
        f'<button type="button" class="{css}" id="{verb}-{safe(kept.id)}">{label}{which}</button> '
        for verb, label, css in acts
    )
    return f'<p class="acts">{buttons}</p>' if buttons else ""


def _after(kept: Exchange) -> str:
    sent = f'<p class="sent">Sent for clearance as review {safe(kept.review)}.</p>' if kept.review else ""
    return f"{sent}{_feedback(kept)}"


def _replaced(gone: Sequence[Exchange], lookup: DocumentLookup) -> str:
    items = "".join(draft_view.exchange(kept, lookup) for kept in gone)
    what = f"{count_of(len(gone), 'exchange')} replaced because a question was asked again"
    return f'<details class="replaced"><summary>{what}</summary>{items}</details>'


def _feedback(kept: Exchange) -> str:
    if kept.feedback is None:
        return ""
    why = f'<blockquote class="reason">{as_html(kept.feedback.reason)}</blockquote>' if kept.feedback.reason else ""
    return f'<div class="thought"><p>You found this {_USEFUL[kept.feedback.good]}.</p>{why}</div>'
