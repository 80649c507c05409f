"""HTML of a conversation: its latest exchange, earlier exchanges and replaced exchanges."""

from collections.abc import Mapping, Sequence

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


_USEFUL: Mapping[bool, str] = {True: "useful", False: "not useful"}


def newest(exchanges: Sequence[Exchange]) -> Exchange | None:
    """Return the latest exchange that is not replaced; None if there is none."""
    return next((kept for kept in reversed(exchanges) if not kept.replaced), None)


def latest(exchanges: Sequence[Exchange], lookup: DocumentLookup) -> str:
    """Return the HTML of the latest exchange."""
    kept = newest(exchanges)
    return _exchange(kept, lookup) if kept else ""


def earlier(exchanges: Sequence[Exchange], lookup: DocumentLookup) -> str:
    """Return the HTML of the earlier exchanges, newest first, and of the replaced ones, folded away."""
    holding = [kept for kept in exchanges if not kept.replaced][:-1]
    before = "".join(_exchange(kept, lookup) for kept in reversed(holding))
    shown = f"<h2>Earlier in this conversation</h2>{before}" if before else ""
    gone = [kept for kept in exchanges if kept.replaced]
    return f"<div>{shown}{_replaced(gone, lookup)}</div>" if before or gone else ""


def earlier_turns(exchanges: Sequence[Exchange]) -> tuple[EarlierTurn, ...]:
    """Return the earlier answers that are the context of a question, without replaced ones."""
    kept = [each for each in exchanges if each.draft.commission.kind == "answer" and not each.replaced]
    return tuple(turn_of(each.draft) for each in kept[-EARLIER_TURNS:])


def _exchange(kept: Exchange, lookup: DocumentLookup) -> str:
    which = f'<span class="unseen"> {safe(draft_view.title(kept.draft, 80))}</span>'
    label = f"Change the question and ask again{which}"
    button = f'<button type="button" class="go quiet" id="edit-{safe(kept.id)}">{label}</button>'
    # Only an answer can be asked again here: a paper has its form on the Papers page.
    acts = f'<p class="acts">{button}</p>' if kept.draft.commission.kind == "answer" else ""
    return f"{draft_view.exchange(kept, lookup, acts)}{_feedback(kept)}"


def _replaced(gone: Sequence[Exchange], lookup: DocumentLookup) -> str:
    if not gone:
        return ""
    items = "".join(draft_view.exchange(kept, lookup) for kept in reversed(gone))
    what = f"{count_of(len(gone), 'exchange')} replaced because a question was asked again in other words"
    return f'<details class="replaced"><summary>{what}</summary>{items}</details>'


def _feedback(kept: Exchange) -> str:
    if kept.feedback is None:
        return ""
    why = f'<blockquote class="reason">{as_html(kept.feedback.reason)}</blockquote>' if kept.feedback.reason else ""
    return f'<div class="thought"><p>You found this {_USEFUL[kept.feedback.good]}.</p>{why}</div>'
