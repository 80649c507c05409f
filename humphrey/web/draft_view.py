"""HTML of drafts and their evidence. All text goes through `escaping`, which escapes everything."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import quote, urlencode

from humphrey.calculations.workings import Working
from humphrey.conversations.model import Exchange
from humphrey.documents.model import Document, DocumentLookup
from humphrey.documents.sources import original_line, source_name
from humphrey.papers.deciding import deciding_words
from humphrey.papers.draft import Citation, Draft, Status
from humphrey.papers.given import names_looked_at
from humphrey.text.dates import say_time
from humphrey.web import copy_text, provenance_view
from humphrey.web.escaping import MarkedSpan, as_html, link, safe

CONTEXT_CHARS = 400
"""Characters of the document shown on each side of a quotation."""


STATUSES: dict[Status, str] = {
    "answered": "Answered from the guidance",
    "partial": "Partly answered: the guidance covers only some of this",
    "not_in_guidance": "Not in the guidance humphrey holds",
    "clarify": "Humphrey needs to know more before it can answer. Write it in the box below",
    "refused": "Not something humphrey may answer",
}
"""Labels of a draft's status."""


_CONDITION = re.compile(
    r"\b(?:(?:only|even) (?:if|when)|if|unless|except|provided (?:that|you)|as long as)\b", re.IGNORECASE
)
"""Words that begin a condition. They stand out, so that a hurried reader does not miss the condition."""


_STATE_WARNINGS = {
    "current": "",
    "superseded": "This guidance has been replaced.",
    "moved": "This guidance has moved.",
    "withdrawn": "This guidance has been withdrawn.",
}


_OURS = "<p>These are humphrey's words, not the publisher's. Read the original before you rely on them.</p>"


def alert(message: object) -> str:
    """Return an error that a screen reader announces at once; empty for an empty message."""
    return f'<div class="alert" role="alert"><p>{safe(message)}</p></div>' if str(message) else ""


def notice(message: object) -> str:
    """Return a message that a screen reader announces when it is idle."""
    return f'<div class="notice" role="status"><p>{safe(message)}</p></div>'


def format_date(value: date) -> str:
    """Return a date as written in a letter: 22 December 2026."""
    return f"{value.day} {value:%B %Y}"


def format_time(value: datetime) -> str:
    """Return a time to the minute, in London, with its zone."""
    return say_time(value)


def format_age(then: datetime, now: datetime) -> str:
    """Return the time since `then` in the largest unit that fits: 3 hours ago."""
    seconds = max(0, int((now - then).total_seconds()))
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if count := seconds // size:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def unfinished_draft(stage: str, text: str) -> str:
    """Return an unfinished draft below what is done at the moment."""
    # The script of the page announces the stages: a live region that is drawn anew each time would repeat itself.
    return (
        '<article class="draft growing"><p class="label"><strong class="tag">DRAFT, not cleared</strong> '
        f'<span class="stage">{safe(stage)}</span></p><div class="words">{as_html(text)}</div></article>'
    )


def draft(written: Draft, key: str, lookup: DocumentLookup) -> str:
    """Return a draft with all its evidence; `key` keeps the ids of its citations apart from those of other drafts."""
    return (
        f'<article class="draft {written.status}"><p class="label">'
        f'<strong class="tag">{copy_text.NOT_CLEARED}</strong> '
        f"<span>{status_line(written)}</span></p>{provenance_view.missing(written)}"
        f'<div class="words">{words(written, key)}</div>{copy_text.of_draft(written, key)}{due(written)}'
        f"{workings(written)}{citations(written.citations, key, lookup)}{searched_documents(written)}"
        f"{provenance_view.findings(written.findings)}{provenance_view.byline(written)}"
        f"{provenance_view.provenance(written)}</article>"
    )


def refusal(written: Draft) -> str:
    """Return why a question was refused, announced at once. A refusal is not a draft and is not stored."""
    return f'<div class="alert refusal" role="alert">{as_html(written.text)}</div>'


def status_line(written: Draft) -> str:
    """Return how complete a draft is and what it rests on: guidance, the asker's files and texts, or given facts."""
    if written.status != "answered":
        return STATUSES[written.status]
    if written.commission.facts:
        return "Drafted from the facts given"
    if written.commission.task:
        return "Made from the text you gave"
    return _answered(written)


def _answered(written: Draft) -> str:
    own, cited = set(written.commission.attached), {citation.document for citation in written.citations}
    if not cited and not written.workings:
        return "A reply that needs no guidance"
    if not cited & own:
        return STATUSES["answered"]
    return f"Answered from the attached files{' and the guidance' if cited - own else ''}"


def words(written: Draft, key: str) -> str:
    """Return the text of a draft with citation links, its emphasis, and the words of findings underlined."""
    spans = [MarkedSpan(f.start, f.end, f"finding-{f.level}") for f in written.findings if f.end > f.start]
    return as_html(written.text, [*spans, *emphasis(written)], citation_targets(written.citations, key))


def conditions(text: str) -> list[MarkedSpan]:
    """Return the spans of the words that begin conditions."""
    return [MarkedSpan(*match.span(), "condition") for match in _CONDITION.finditer(text)]


def emphasis(written: Draft) -> list[MarkedSpan]:
    """Return the spans of the words that begin conditions, and of those that decide the answer."""
    return [*conditions(written.text), *(MarkedSpan(*span, "deciding") for span in deciding_words(written))]


def citation_targets(cited: Sequence[Citation], key: str) -> dict[str, str]:
    """Map each citation number to the id of its quotation."""
    return {citation.marker: f"{key}-{citation.marker}" for citation in cited}


def citations(cited: Sequence[Citation], key: str, lookup: DocumentLookup) -> str:
    """Return the cited passages, each folded away by itself."""
    if not cited:
        return ""
    items = "".join(f"<li>{_citation(citation, key, lookup)}</li>" for citation in cited)
    return f'<section class="citations"><h3>Citations</h3><ol class="plain">{items}</ol></section>'


def _citation(citation: Citation, key: str, lookup: DocumentLookup) -> str:
    return f"<details>{citation_summary(citation)}{passage(citation, key, lookup)}</details>"


def citation_summary(citation: Citation) -> str:
    """Return the summary of a citation: its number, document and section."""
    place = f' <span class="section">{safe(" › ".join(citation.section))}</span>' if citation.section else ""
    return f"<summary>[{safe(citation.marker)}] {safe(source_name(citation))}{place}</summary>"


def passage(citation: Citation, key: str, lookup: DocumentLookup, beside: Sequence[Citation] = ()) -> str:
    """Return a cited span in its context, with links to the whole document and to the original.

    Args:
        citation: the citation.
        key: keeps the ids of its citations apart from those of other drafts.
        lookup: finds a document in a stored version.
        beside: citations of the same version whose words lie nearby; they are marked in the same context.
    """
    anchor = f"{key}-{citation.marker}"
    document = lookup(citation.document, citation.version)
    warning = _STATE_WARNINGS[citation.state]
    said = (f'<p class="warning">{warning}</p>' if warning else "") + (_OURS if citation.summary else "")
    if document is None:
        whole = '<p class="warning">Humphrey no longer holds this version of the document, or you may not read it.</p>'
        return f"{said}{_cited(citation, as_html(citation.quote), anchor)}{whole}"
    if document.text[citation.start : citation.end] != citation.quote:
        return f'{said}<p class="warning" id="{safe(anchor)}">The stored document does not contain this quotation.</p>'
    return f"{said}{_cited(citation, _context(document, (citation, *beside), key))}{_document_links(citation)}"


def _cited(citation: Citation, words: str, anchor: str = "") -> str:
    """Return cited words in the element of quotations; those of a summary are no quotation."""
    named = f' id="{safe(anchor)}"' if anchor else ""
    if citation.summary:
        return f'<div class="summed"{named}>{words}</div>'
    return f"<blockquote{named}>{words}</blockquote>"


def _context(document: Document, cited: Sequence[Citation], key: str) -> str:
    start, end = min(each.start for each in cited), max(each.end for each in cited)
    first = _edge(document.text, max(0, start - CONTEXT_CHARS), start)
    last = min(len(document.text), end + CONTEXT_CHARS)
    stop = document.text.rfind("\n", end, last)
    last = stop if stop != -1 and last < len(document.text) else last
    spans = [MarkedSpan(each.start - first, each.end - first, "quote", f"{key}-{each.marker}") for each in cited]
    headings = {heading.start - first: "p" for heading in document.headings}
    return as_html(document.text[first:last], spans, headings=headings)


def _edge(text: str, first: int, limit: int) -> int:
    if first == 0:
        return 0
    # Half a line could be read as the whole rule, so the context begins at the start of a line.
    line = text.find("\n", first, limit)
    return line + 1 if line != -1 else first


def _document_links(citation: Citation) -> str:
    query = urlencode({"version": citation.version, "start": citation.start, "end": citation.end})
    here = f"/documents/{quote(citation.document, safe='/')}?{query}#quoted"
    whole = f'<a href="{safe(here)}" target="_blank" rel="noopener">Read it in the whole document</a>'
    named = original_line(citation) or "The original"
    original = f" · {link(citation.url, named)}" if citation.url else ""
    return f'<p class="ways">{whole}{original}</p>'


def due(written: Draft) -> str:
    """Return the day by which a paper must leave."""
    return f'<p class="due"><strong>Due by {format_date(written.due)}</strong></p>' if written.due else ""


def workings(written: Draft) -> str:
    """Return the results that a rule computed, not a model, with their steps."""
    if not written.workings:
        return ""
    items = "".join(
        f"<li><p><strong>{safe(_result(each.result))}</strong></p>{_explained(each, written.text)}</li>"
        for each in written.workings
    )
    return (
        f'<section class="workings"><h3>Worked out, not written by a model</h3><ul class="plain">{items}</ul></section>'
    )


def _explained(working: Working, text: str) -> str:
    # The text already holds the steps, so they are not repeated.
    return "<p>The steps are in the text.</p>" if working.explanation in text else as_html(working.explanation)


def _result(result: str) -> str:
    try:
        return format_date(date.fromisoformat(result))
    except ValueError:
        return result


def searched_documents(written: Draft) -> str:
    """Return the documents that were searched, if the question was not or only partly answered."""
    if not written.looked_at or written.status == "answered":
        return ""
    items = "".join(f"<li>{safe(name)}</li>" for name in names_looked_at(written))
    return f"<section><h3>What was looked at</h3><ul>{items}</ul></section>"


def exchange(kept: Exchange, lookup: DocumentLookup, acts: str = "") -> str:
    """Return one exchange: the question, its answer and the state of its clearance.

    Args:
        kept: the exchange.
        lookup: finds a document in a stored version.
        acts: HTML of the buttons below the question.
    """
    sent = f'<p class="sent">Sent for clearance as review {safe(kept.review)}.</p>' if kept.review else ""
    return (
        f'<section class="exchange"><h2 class="asked" dir="auto">{safe(title(kept.draft))}</h2>{acts}'
        f"{draft(kept.draft, f'x{kept.id}', lookup)}{sent}</section>"
    )


def title(written: Draft, limit: int = 200) -> str:
    """Return the question in one line of at most `limit` characters."""
    said = " ".join(written.commission.text.split())
    return said if len(said) <= limit else said[: limit - 1] + "…"
