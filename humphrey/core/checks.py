"""What a draft must pass before anybody is asked to clear it. Each check is one function and one row of `CHECKS`.

A check points at the words it complains of. `block` is for what must not leave in any circumstances: words put into a
source's mouth, a wrong date, a wrong marking. Everything that a reader has to judge is `warn`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache

from humphrey.core import personal
from humphrey.core.calendar import parse_date, say
from humphrey.core.citing import QUOTED_WORDS, found_in, quotations
from humphrey.core.disclosure import withheld_in
from humphrey.core.drafts import Citation, Draft, Finding
from humphrey.core.figures import figures, values
from humphrey.core.guidance import Document, Lookup
from humphrey.core.links import addresses, given_in, invented
from humphrey.core.markings import fault
from humphrey.core.papers import PLACE, Paper
from humphrey.core.sentence_checks import (
    SENTENCE_CHECKS,
    claim_supported,
    figures_agree,
    names_agree,
    negation_agrees,
    roles_agree,
    sentences_cited,
    strength_agrees,
)
from humphrey.core.sentences import Span, sentences, words
from humphrey.core.style import style
from humphrey.core.wording import ADDRESS_REMOVED
from humphrey.errors import CommissionError

__all__ = ["CHECKS", "SENTENCE_CHECKS", "Check", "check", "check_sources"]

Check = Callable[[Draft, Paper, Lookup], Iterator[Finding]]
"""Complaints about a draft, each pointing at words of its text; none when it passes."""

_MARKER = re.compile(r"\[(\d{1,3})\]")
_OF_SOURCES = frozenset({"source_current", "source_changed"})
_SPOKEN = re.compile(r"\b(?:by|before|due|later than|deadline|reply|respond|answer|within|until)\b", re.IGNORECASE)
_REASONS = re.compile(
    r"\bwhy (?:do |did |are )?you\b|\breasons? (?:for|behind) (?:your|the|this|making)\b|\bpurpose of your request\b"
    r"|\b(?:proof|evidence|copy) of (?:your )?(?:identity|identification|address|ID|passport)\b"
    r"|\b(?:confirm|verify|prove) (?:your|the requester's) identity\b|\bpassport\b|\bdriving licence\b",
    re.IGNORECASE,
)


def check(draft: Draft, paper: Paper, lookup: Lookup) -> tuple[Finding, ...]:
    """Every complaint that the checks of this paper have about a draft, in the order the paper lists its checks."""
    once = cache(lookup)
    return tuple(finding for name in paper.checks for finding in CHECKS[name](draft, paper, once))


def check_sources(draft: Draft, paper: Paper, lookup: Lookup) -> tuple[Finding, ...]:
    """The draft's findings with those about its sources as they are today.

    The words and the cited versions are what they were, so every other check would say again what it said.
    """
    stay = [finding for finding in draft.findings if finding.check not in _OF_SOURCES]
    again = replace(paper, checks=tuple(name for name in paper.checks if name in _OF_SOURCES))
    return (*stay, *check(draft, again, lookup))


def citations_resolve(draft: Draft, _paper: Paper, _lookup: Lookup) -> Iterator[Finding]:
    """Every marker has a citation, and every citation a marker."""
    known = {citation.marker for citation in draft.citations}
    used = set()
    for marker in _MARKER.finditer(draft.text):
        used.add(marker[1])
        if marker[1] not in known:
            message = f"{marker[0]} points at no citation; take the marker out or cite a passage"
            yield Finding("citations_resolve", "block", message, *marker.span())
    for citation in draft.citations:
        if citation.marker not in used:
            message = (
                f"citation {citation.marker} ({citation.title}) is not referred to; put its marker in or ask again"
            )
            yield Finding("citations_resolve", "block", message)


def quotes_verbatim(draft: Draft, _paper: Paper, lookup: Lookup) -> Iterator[Finding]:
    """What is shown as the source's words is the source's words, character for character."""
    for citation in draft.citations:
        document = lookup(citation.document, citation.version)
        if document is None or document.text[citation.start : citation.end] != citation.quote or not citation.quote:
            message = f"the quotation of {citation.title} is not what the stored document says; ask again"
            yield Finding("quotes_verbatim", "block", message, *_place(draft, citation))
    sources = [draft.commission.text, *draft.commission.facts.values(), *_sources(draft, lookup)]
    for span in quotations(draft.text):
        inner = span.of(draft.text).rstrip(".,;")
        if not any(found_in(inner, source) for source in sources):
            message = "these words are in quotation marks but in no cited document; take the quotation marks off"
            yield Finding("quotes_verbatim", "block", message, *span)


def links_known(draft: Draft, _paper: Paper, lookup: Lookup) -> Iterator[Finding]:
    """An address is in a cited document, or was given; one that the model made up was taken out."""
    if addresses(draft.text):
        yield from _addresses_unknown(draft, lookup)
    for place in re.finditer(re.escape(ADDRESS_REMOVED), draft.text):
        message = "the model gave an address here that no passage has; write the right one, or take these words out"
        yield Finding("links_known", "warn", message, *place.span())


def source_current(draft: Draft, _paper: Paper, lookup: Lookup) -> Iterator[Finding]:
    """A cited document is still what its publisher says."""
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
            message = f"{citation.title} is {state}{then}"
            yield Finding("source_current", "warn", message, *_place(draft, citation))


def source_changed(draft: Draft, _paper: Paper, lookup: Lookup) -> Iterator[Finding]:
    """A cited document says what it said when it was cited, and stands where it stood."""
    first = {(citation.document, citation.version): citation for citation in reversed(draft.citations)}
    for citation in sorted(first.values(), key=draft.citations.index):
        today = lookup(citation.document, "")
        if change := _change(citation, today):
            message = f"the source changed since it was cited: {citation.title} {change}; read it again, or ask again"
            yield Finding("source_changed", "warn", message, *_place(draft, citation))


def marking_valid(draft: Draft, _paper: Paper, _lookup: Lookup) -> Iterator[Finding]:
    """The protective marking is one that may stand here."""
    if complaint := fault(draft.commission.marking):
        yield Finding("marking_valid", "block", complaint)


def not_blank(draft: Draft, _paper: Paper, _lookup: Lookup) -> Iterator[Finding]:
    """There is a text, and no place of its pattern was left unfilled."""
    if not words(draft.text):
        yield Finding("not_blank", "block", "the draft has no words; write it or ask again")
    for place in PLACE.finditer(_without_facts(draft)):
        yield Finding("not_blank", "block", f"{place[0]} was not filled; give the fact and draft again", *place.span())


def due_date_stated(draft: Draft, paper: Paper, _lookup: Lookup) -> Iterator[Finding]:
    """The computed day is in the text in words, and no other day is given as the one to reply by."""
    if draft.due is None:
        yield Finding("due_date_stated", "block", f"no due date was computed; give {_counted_from(paper)}")
        return
    if say(draft.due) not in draft.text:
        message = f"the text does not say the computed date, {say(draft.due)}; put it in"
        yield Finding("due_date_stated", "block", message)
    given = {draft.due, *_days(" ".join(draft.commission.facts.values()))}
    own = _without_facts(draft)
    for span in sentences(own):
        for figure in figures(span.of(own)):
            day = _day(figure.value)
            if day and day not in given and _SPOKEN.search(span.of(own)):
                message = f"{say(day)} contradicts the computed date, {say(draft.due)}; correct it"
                at = (span.start + figure.start, span.start + figure.end)
                yield Finding("due_date_stated", "block", message, *at)


def request_quoted(draft: Draft, _paper: Paper, _lookup: Lookup) -> Iterator[Finding]:
    """What was asked for is repeated word for word."""
    request = draft.commission.facts.get("request_text", "").strip()
    if not request or request not in draft.text:
        yield Finding("request_quoted", "block", "the request is not quoted word for word; put it back as it was sent")


def reference_stated(draft: Draft, _paper: Paper, _lookup: Lookup) -> Iterator[Finding]:
    """The case can be found again by the reference in the text."""
    reference = draft.commission.facts.get("case_reference", "").strip()
    if not reference or reference not in draft.text:
        yield Finding("reference_stated", "block", f"the reference {reference or '(none given)'} is missing; put it in")


def no_reasons_asked(draft: Draft, _paper: Paper, _lookup: Lookup) -> Iterator[Finding]:
    """Nobody is asked who they are or why they want to know."""
    for found in _REASONS.finditer(_without_facts(draft)):
        message = "a request is answered whoever asks and why; take this out unless the law lets you ask"
        yield Finding("no_reasons_asked", "warn", message, *found.span())


def length_kept(draft: Draft, paper: Paper, _lookup: Lookup) -> Iterator[Finding]:
    """The paper is no longer than its kind should be; what it must quote does not count."""
    length = len(words(_without_facts(draft)))
    if paper.max_words is not None and length > paper.max_words:
        message = f"{length} words beside what was given; {paper.kind} should have at most {paper.max_words}"
        yield Finding("length_kept", "warn", message)


def no_personal_data(draft: Draft, _paper: Paper, _lookup: Lookup) -> Iterator[Finding]:
    """Nothing singles out a person, but what was given as a fact of the paper."""
    for one in personal.found(_without_given(draft)):
        message = f"this looks like {personal.CALLED[one.kind]}; make sure that it may leave, or take it out"
        yield Finding("no_personal_data", "warn", message, one.start, one.end)


def redactions_kept(draft: Draft, _paper: Paper, _lookup: Lookup) -> Iterator[Finding]:
    """No word stands in a disclosure that was marked to be taken out of it."""
    for start, end in withheld_in(draft.text, draft.workings):
        message = "these words were marked to be redacted, and must not be given out; take them out again"
        yield Finding("redactions_kept", "block", message, start, end)


CHECKS: Mapping[str, Check] = {
    "citations_resolve": citations_resolve,
    "quotes_verbatim": quotes_verbatim,
    "sentences_cited": sentences_cited,
    "figures_agree": figures_agree,
    "names_agree": names_agree,
    "negation_agrees": negation_agrees,
    "strength_agrees": strength_agrees,
    "roles_agree": roles_agree,
    "claim_supported": claim_supported,
    "links_known": links_known,
    "source_current": source_current,
    "source_changed": source_changed,
    "marking_valid": marking_valid,
    "not_blank": not_blank,
    "due_date_stated": due_date_stated,
    "request_quoted": request_quoted,
    "reference_stated": reference_stated,
    "no_reasons_asked": no_reasons_asked,
    "length_kept": length_kept,
    "no_personal_data": no_personal_data,
    "redactions_kept": redactions_kept,
    "style": style,
}
"""Every check, by the name that a paper lists it with."""


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


def _addresses_unknown(draft: Draft, lookup: Lookup) -> Iterator[Finding]:
    asked = draft.commission
    questions = [asked.text, *(turn.question for turn in asked.earlier)]
    named = [*(citation.url for citation in draft.citations), *(title for _, title in draft.looked_at)]
    given = given_in((*_sources(draft, lookup), *named, *questions, *asked.facts.values()))
    for span in invented(draft.text, given):
        message = f"{span.of(draft.text)} is in no cited document; take it out, or check that it is right"
        yield Finding("links_known", "warn", message, *span)


def _sources(draft: Draft, lookup: Lookup) -> list[str]:
    wanted = dict.fromkeys((citation.document, citation.version) for citation in draft.citations)
    found = (lookup(document, version) for document, version in wanted)
    return [document.text for document in found if document]


def _without_facts(draft: Draft) -> str:
    """The text with every longer fact blanked out, character for character: what the paper says in its own words."""
    text = draft.text
    for fact in draft.commission.facts.values():
        if fact.strip() and (len(words(fact)) >= QUOTED_WORDS or PLACE.search(fact)):
            text = text.replace(fact.strip(), " " * len(fact.strip()))
    return text


def _without_given(draft: Draft) -> str:
    """The text with every fact blanked out, however short, character for character."""
    text = draft.text
    for fact in sorted(map(str.strip, draft.commission.facts.values()), key=len, reverse=True):
        text = text.replace(fact, " " * len(fact)) if fact else text
    return text


def _days(text: str) -> set[date]:
    return {day for value in values(text) if (day := _day(value))}


def _day(value: str) -> date | None:
    try:
        return parse_date(value)
    except CommissionError:
        return None


def _counted_from(paper: Paper) -> str:
    return paper.due.counted_from if paper.due else "the day it is counted from"
