"""HTML of the home page. Each section says what needs the person, or that nothing does, and links to its page."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from humphrey.accounts.model import Person
from humphrey.clearance.model import Review
from humphrey.clearance.queue import QueuePage, QueueRow
from humphrey.conversations.model import Conversation
from humphrey.delivery.store import OutboxRow
from humphrey.documents.ingest import FileRejected
from humphrey.documents.sources import source_name
from humphrey.guidance.store import DocumentRow
from humphrey.ledger.heads import StoredHead
from humphrey.records.audit import RecordCheck
from humphrey.web import layout
from humphrey.web.clearance.review_view import address as review_address
from humphrey.web.draft_view import format_date, format_time, title
from humphrey.web.escaping import safe
from humphrey.web.guidance.document_view import address as document_address
from humphrey.web.home.needs import MOST, GuidanceFaults, Health, Needs, OwnWork, RecordState
from humphrey.web.provenance_view import count_of

Item = TypeVar("Item")


def home_page(needs: Needs, person: Person) -> str:
    """Return the whole page."""
    sections = (
        _queue(needs.queue) if needs.queue else "",
        _guidance(needs.guidance) if needs.guidance else "",
        _record(needs.record) if needs.record else "",
        _health(needs.health) if needs.health else "",
        _own(needs.own),
    )
    body = f"<h1>What needs you</h1>{''.join(sections)}"
    return layout.page("What needs you", body, person=person, path="/home")


def _section(heading: str, *parts: str) -> str:
    return f"<section><h2>{heading}</h2>{''.join(parts)}</section>"


def _own(work: OwnWork) -> str:
    return _section(
        "Your drafts and questions",
        _listed("Returned to you", work.returned, _sent) or "<p>No draft was returned to you.</p>",
        _listed("With a reviewer", work.waiting, _sent),
        _latest(work.recent),
        '<p><a href="/ask">Ask about the guidance</a></p>',
    )


def _latest(recent: Sequence[Conversation]) -> str:
    items = "".join(map(_conversation, recent))
    return f'<h3>Latest conversations</h3><ul class="plain">{items}</ul>' if items else ""


def _queue(page: QueuePage) -> str:
    late = f", {page.counts.overdue:,} of them overdue" if page.counts.overdue else ""
    said = f"<p>{count_of(page.total, 'draft')} to clear{late}.</p>" if page.total else "<p>No draft waits for you.</p>"
    rows = f'<ul class="plain">{"".join(map(_row, page.rows))}</ul>' if page.rows else ""
    return _section("Drafts to clear", said, rows, '<p><a href="/clear">Open the queue</a></p>')


def _guidance(faults: GuidanceFaults) -> str:
    return _section(
        "Guidance",
        _listed("Files that were refused", faults.refused, _refused) or "<p>No file was refused.</p>",
        _listed("Out of date", faults.outdated, _outdated) or "<p>No document is replaced, moved or withdrawn.</p>",
        '<p><a href="/guidance">See the guidance held</a></p>',
    )


def _record(state: RecordState) -> str:
    warned = "".join(f'<p class="warning">{safe(each)}</p>' for each in state.warnings)
    return _section(
        "The record", warned, _check(state.check), _head(state.head), '<p><a href="/record">Open the record</a></p>'
    )


def _health(health: Health) -> str:
    trouble = "".join(f'<p class="warning">{safe(each)}</p>' for each in health.trouble)
    return _section(
        "Health",
        trouble or "<p>The accounts and the search answer.</p>",
        _listed("Deliveries that failed", health.failed, _failed) or "<p>No delivery failed.</p>",
    )


def _listed(heading: str, items: Sequence[Item], drawn: Callable[[Item], str]) -> str:
    if not items:
        return ""
    more = f'<p class="hint">And {len(items) - MOST:,} more.</p>' if len(items) > MOST else ""
    return f'<h3>{heading} ({len(items):,})</h3><ul class="plain">{"".join(map(drawn, items[:MOST]))}</ul>{more}'


def _line(main: str, hint: str) -> str:
    return f'<li><p>{main} <span class="hint">{hint}</span></p></li>'


def _sent(review: Review) -> str:
    draft = review.draft
    due = f" · due by {format_date(draft.due)}" if draft.due else ""
    named = f'<a href="{review_address(review.id)}">{safe(title(draft, 90))}</a>'
    return _line(named, f"sent {format_time(review.opened)}{due}")


def _row(row: QueueRow) -> str:
    due = f"due by {format_date(row.due)}" if row.due else "no due date"
    late = '<strong class="tag">Overdue</strong> ' if row.days_left is not None and row.days_left < 0 else ""
    who = f" · claimed by {safe(row.claimed_by)}" if row.claimed_by else ""
    return _line(
        f'{late}<a href="{review_address(row.id)}">{safe(row.title)}</a>', f"{due} · asked by {safe(row.asked_by)}{who}"
    )


def _conversation(kept: Conversation) -> str:
    named = f'<a href="/ask?conversation={safe(kept.id)}">{safe(kept.title)}</a>'
    return _line(named, format_time(kept.latest))


def _refused(file: FileRejected) -> str:
    return _line(safe(file.path), safe(file.reason))


def _outdated(row: DocumentRow) -> str:
    return _line(f'<a href="{document_address(row.id)}">{safe(source_name(row.imprint))}</a>', safe(row.imprint.state))


def _failed(row: OutboxRow) -> str:
    again = "given up" if row.set_aside_at else f"tried again from {format_time(row.next_try)}"
    return _line(f"Review {safe(row.review)}, to {safe(row.outlet)}", f"{safe(row.failure)} · {again}")


def _check(check: RecordCheck | None) -> str:
    if check is None:
        return "<p>The whole record was not checked since humphrey was started.</p>"
    if not check.over:
        return "<p>The whole record is being checked.</p>"
    if check.verdict is None:
        return f'<p class="warning">{safe(check.trouble)}</p>'
    if not check.verdict.ok:
        return f'<p class="warning">The record has {count_of(len(check.verdict.faults), "fault")}.</p>'
    return (
        f"<p>All {check.verdict.entries:,} entries were checked on {format_time(check.began)}; no fault was found.</p>"
    )


def _head(head: StoredHead | None) -> str:
    if head is None:
        return "<p>No head of the record was signed yet.</p>"
    places = ", ".join(f"{safe(place)} ({format_time(at)})" for place, at in sorted(head.published.items()))
    published = f"published to {places}" if places else "not published anywhere yet"
    return f"<p>The head was signed at entry {head.head.n:,} on {format_time(head.head.at)}; {published}.</p>"
