"""Checks that the kind of a paper asks for: marking, due date, reference, length, personal data."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from humphrey.documents.model import DocumentLookup
from humphrey.errors import CommissionError
from humphrey.papers.assembly.sections import NEEDS
from humphrey.papers.citations import QUOTED_WORDS
from humphrey.papers.draft import Draft, Finding
from humphrey.papers.facts import missing_facts
from humphrey.papers.kind import PLACE, Paper
from humphrey.papers.origins import without_origin
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


def needs_filled(draft: Draft, paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Block a draft that still needs a fact: places of its text, and required facts that its text does not name."""
    own = _without_facts(draft)
    places = list(NEEDS.finditer(own))
    for place in places:
        yield Finding("needs_filled", "block", f"{place[0]} is missing; give it and draft again", *place.span())
    said = " ".join(place[0] for place in places)
    for fact in missing_facts(paper, draft.commission.facts):
        if fact.field.label not in said:
            yield Finding("needs_filled", "block", f"{fact.label!r} is missing; give it and draft again")


def origins_known(draft: Draft, paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about names, numbers and dates that come from no fact, citation, working, due date or set wording."""
    for start, end in without_origin(paper, draft):
        message = (
            f"“{draft.text[start:end]}” is in no fact that was given and was not worked out; see where it comes from"
        )
        yield Finding("origins_known", "warn", message, start, end)


def facts_stated(draft: Draft, paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Block a draft whose text lacks one of the named facts, word for word; `fields` names them."""
    for name in _parameter(paper, "facts_stated", "fields"):
        field, fact = paper.field(name), draft.commission.facts.get(name, "").strip()
        label = field.label if field else name
        if not fact or fact not in draft.text:
            yield Finding("facts_stated", "block", f"{label!r} is not in the text as it was given; put it back")


def said(draft: Draft, paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Block a draft without words that its kind must have; each parameter names a thing and the words that say it."""
    text = " ".join(draft.text.split()).casefold()
    for what, words_for_it in paper.parameters.get("said", {}).items():
        if not any(each.casefold() in text for each in words_for_it):
            message = f"the text does not say {what.replace('_', ' ')}; put it in, for example “{words_for_it[0]}”"
            yield Finding("said", "block", message)


def not_said(draft: Draft, paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about words that a kind does not use; each parameter is the reason, with the words."""
    own = _without_facts(draft)
    for why, words_of_it in paper.parameters.get("not_said", {}).items():
        for each in words_of_it:
            for place in re.finditer(rf"(?<!\w){re.escape(each)}(?!\w)", own, re.IGNORECASE):
                yield Finding("not_said", "warn", f"“{place[0]}”: {why.replace('_', ' ')}", *place.span())


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


def _parameter(paper: Paper, check: str, name: str) -> Sequence[str]:
    return paper.parameters.get(check, {}).get(name, ())
