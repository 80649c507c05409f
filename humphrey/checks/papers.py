"""Checks that the kind of a paper asks for: marking, due date, reference, length, personal data."""

import re
from collections.abc import Iterator
from datetime import date

from humphrey.documents.model import DocumentLookup
from humphrey.errors import CommissionError
from humphrey.papers.citations import QUOTED_WORDS
from humphrey.papers.draft import Draft, Finding
from humphrey.papers.kind import PLACE, Paper
from humphrey.text import personal_data
from humphrey.text.dates import parse_date, say
from humphrey.text.figures import figures, values
from humphrey.text.markings import marking_fault
from humphrey.text.sentences import sentences, words

# Words that make a date one to reply by.
_SPOKEN = re.compile(r"\b(?:by|before|due|later than|deadline|reply|respond|answer|within|until)\b", re.IGNORECASE)


# Questions for a requester's reasons, or for proof of who they are.
_REASONS = re.compile(
    r"\bwhy (?:do |did |are )?you\b|\breasons? (?:for|behind) (?:your|the|this|making)\b|\bpurpose of your request\b"
    r"|\b(?:proof|evidence|copy) of (?:your )?(?:identity|identification|address|ID|passport)\b"
    r"|\b(?:confirm|verify|prove) (?:your|the requester's) identity\b|\bpassport\b|\bdriving licence\b",
    re.IGNORECASE,
)


def marking_valid(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Block an invalid protective marking."""
    if complaint := marking_fault(draft.commission.marking):
        yield Finding("marking_valid", "block", complaint)


def not_blank(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Block an empty draft, and places of the paper's pattern that are not filled."""
    if not words(draft.text):
        yield Finding("not_blank", "block", "the draft has no words; write it or ask again")
    for place in PLACE.finditer(_without_facts(draft)):
        yield Finding("not_blank", "block", f"{place[0]} was not filled; give the fact and draft again", *place.span())


def due_date_stated(draft: Draft, paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Block a draft without the computed date in words, or with another date to reply by."""
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


def request_quoted(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Block a draft that does not quote the request word for word."""
    request = draft.commission.facts.get("request_text", "").strip()
    if not request or request not in draft.text:
        yield Finding("request_quoted", "block", "the request is not quoted word for word; put it back as it was sent")


def reference_stated(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Block a draft without the case reference."""
    reference = draft.commission.facts.get("case_reference", "").strip()
    if not reference or reference not in draft.text:
        yield Finding("reference_stated", "block", f"the reference {reference or '(none given)'} is missing; put it in")


def no_reasons_asked(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about words that ask requesters who they are or why they ask."""
    for found in _REASONS.finditer(_without_facts(draft)):
        message = "a request is answered whoever asks and why; take this out unless the law lets you ask"
        yield Finding("no_reasons_asked", "warn", message, *found.span())


def length_kept(draft: Draft, paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about a draft longer than its kind allows; quoted facts do not count."""
    length = len(words(_without_facts(draft)))
    if paper.max_words is not None and length > paper.max_words:
        message = f"{length} words beside what was given; {paper.kind} should have at most {paper.max_words}"
        yield Finding("length_kept", "warn", message)


def no_personal_data(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about personal data, other than the facts given for the paper."""
    for one in personal_data.find_personal_data(_without_given(draft)):
        what = personal_data.PERSONAL_DATA_LABELS[one.kind]
        message = f"this looks like {what}; make sure that it may leave, or take it out"
        yield Finding("no_personal_data", "warn", message, one.start, one.end)


def _without_facts(draft: Draft) -> str:
    """Return the text with every longer fact replaced by blanks of its length, which leaves the paper's own words."""
    text = draft.text
    for fact in draft.commission.facts.values():
        if fact.strip() and (len(words(fact)) >= QUOTED_WORDS or PLACE.search(fact)):
            text = text.replace(fact.strip(), " " * len(fact.strip()))
    return text


def _without_given(draft: Draft) -> str:
    """Return the text with every fact, however short, replaced by blanks of its length."""
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
