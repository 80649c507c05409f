"""Checks of citations, quotations, links and sources."""

import re
from collections.abc import Iterator

from humphrey.documents.model import Document, DocumentLookup
from humphrey.documents.sources import source_name
from humphrey.papers.citations import QuotationSources, quotations, quoted_lines
from humphrey.papers.draft import Citation, Draft, Finding
from humphrey.papers.kind import Paper
from humphrey.text.dates import say
from humphrey.text.links import ADDRESS_REMOVED, address_checker, addresses, invented
from humphrey.text.sentences import Span

_MARKER = re.compile(r"\[(\d{1,3})\]")


_NOBODYS = "these words are in quotation marks but in no cited document; take the quotation marks off"


_OURS = "these words are set as a quotation but are humphrey's summary, not the publisher's words; take the marks off"


def citations_resolve(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Block a marker without a citation, and a citation without a marker."""
    known = {citation.marker for citation in draft.citations}
    used = set()
    for marker in _MARKER.finditer(draft.text):
        used.add(marker[1])
        if marker[1] not in known:
            message = f"{marker[0]} points at no citation; take the marker out or cite a passage"
            yield Finding("citations_resolve", "block", message, *marker.span())
    for citation in draft.citations:
        if citation.marker not in used:
            name = source_name(citation)
            message = f"citation {citation.marker} ({name}) is not referred to; put its marker in or ask again"
            yield Finding("citations_resolve", "block", message)


def quotes_verbatim(draft: Draft, _paper: Paper, lookup: DocumentLookup) -> Iterator[Finding]:
    """Block words shown as a quotation that no source contains to the character, or that only a summary does."""
    for citation in draft.citations:
        document = lookup(citation.document, citation.version)
        if document is None or document.text[citation.start : citation.end] != citation.quote or not citation.quote:
            message = f"the quotation of {source_name(citation)} is not what the stored document says; ask again"
            yield Finding("quotes_verbatim", "block", message, *_place(draft, citation))
    known = QuotationSources.of(_sources(draft, lookup), [draft.commission.text, *draft.commission.facts.values()])
    for span in quotations(draft.text):
        said = span.of(draft.text)
        if not known.may_be_quoted(said):
            yield Finding("quotes_verbatim", "block", _OURS if known.summed_up(said) else _NOBODYS, *span)
    for span in quoted_lines(draft.text):
        said = span.of(draft.text)
        if known.summed_up(said) and not known.may_be_quoted(said):
            yield Finding("quotes_verbatim", "block", _OURS, *span)


def links_known(draft: Draft, _paper: Paper, lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about an address that is in no cited document and was not given, and about one that was taken out."""
    if addresses(draft.text):
        yield from _addresses_unknown(draft, lookup)
    for place in re.finditer(re.escape(ADDRESS_REMOVED), draft.text):
        message = "the model gave an address here that no passage has; write the right one, or take these words out"
        yield Finding("links_known", "warn", message, *place.span())


def source_current(draft: Draft, _paper: Paper, lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about a cited document that its publisher has superseded, moved or withdrawn."""
    seen = set()
    for citation in draft.citations:
        if citation.document in seen:
            continue
        seen.add(citation.document)
        today = lookup(citation.document, "")
        state = citation.state if today is None else today.imprint.state
        if state != "current":
            replaced = today.imprint.replaced_by if today else ""
            then = f"; it is replaced by {replaced}" if replaced else "; look for what replaces it"
            message = f"{source_name(citation)} is {state}{then}"
            yield Finding("source_current", "warn", message, *_place(draft, citation))


def source_changed(draft: Draft, _paper: Paper, lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about a cited document whose text or state changed since it was cited."""
    first = {(citation.document, citation.version): citation for citation in reversed(draft.citations)}
    for citation in sorted(first.values(), key=draft.citations.index):
        today = lookup(citation.document, "")
        if change := _change(citation, today):
            name = source_name(citation)
            message = f"the source changed since it was cited: {name} {change}; read it again, or ask again"
            yield Finding("source_changed", "warn", message, *_place(draft, citation))


def _change(citation: Citation, today: Document | None) -> str:
    if today is None:
        return "is held no longer"
    if today.version != citation.version:
        updated = today.imprint.updated
        return f"has a new text, of {say(updated)}" if updated else "has a new text"
    return "" if today.imprint.state == citation.state else f"is {today.imprint.state} now"


def _place(draft: Draft, citation: Citation) -> Span:
    at = draft.text.find(f"[{citation.marker}]")
    return Span(at, at + len(citation.marker) + 2) if at >= 0 else Span(0, 0)


def _addresses_unknown(draft: Draft, lookup: DocumentLookup) -> Iterator[Finding]:
    asked = draft.commission
    questions = [asked.text, *(turn.question for turn in asked.earlier)]
    named = [*(citation.url for citation in draft.citations), *(title for _, title in draft.looked_at)]
    given = address_checker((*(text for text, _ in _sources(draft, lookup)), *named, *questions, *asked.facts.values()))
    for span in invented(draft.text, given):
        message = f"{span.of(draft.text)} is in no cited document; take it out, or check that it is right"
        yield Finding("links_known", "warn", message, *span)


def _sources(draft: Draft, lookup: DocumentLookup) -> list[tuple[str, bool]]:
    """Return the text of each cited document, and whether it was cited as a summary."""
    wanted = {(citation.document, citation.version): citation.summary for citation in draft.citations}
    found = ((lookup(*which), summary) for which, summary in wanted.items())
    return [(document.text, summary) for document, summary in found if document]
