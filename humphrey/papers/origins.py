"""Where the words of a paper come from: a fact that was given, a value that was worked out, or no known origin.

Names, numbers and dates of a paper must come from its facts, a cited passage, a computed rule, the department or the
wording of its kind. `origins_of` finds them for a reader, `without_origin` finds those that come from nowhere.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from humphrey.errors import CommissionError
from humphrey.papers.assembly.computed import computed_for
from humphrey.papers.assembly.department import Department
from humphrey.papers.assembly.forms_of_address import salutation, sign_off
from humphrey.papers.assembly.sections import NEEDS, say_fact
from humphrey.papers.draft import Draft
from humphrey.papers.facts import facts_of
from humphrey.papers.kind import PLACE, Field, Paper, Papers
from humphrey.text.dates import parse_date, say, today

CHECK = "origins_known"
"""The check of origins; its parameter `department` holds what the settings say of the department."""


# Shorter parts of a fact of several lines say too little to be traced.
_SHORTEST_PART = 4


# The most labels that an origin names, where several facts say the same.
_MOST_LABELS = 3


_DATE = re.compile(
    r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4}\b"
)
_NUMBER = re.compile(r"(?<![\w.])£?\d[\d,.]*\d%?|(?<![\w.])£?\d%?")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


# A word that begins a sentence, a line or a quotation is capital for that reason.
_BEGINS = re.compile(r"(?:^|\n|[.:;!?|“\"(]\s|[“\"(]|- |#)\W*$")


# The number of a paragraph and of a citation are humphrey's own.
_OWN_NUMBER = re.compile(r"^(?:\d{1,4}\. |\| \d{1,4} \|)|\[\d{1,3}\]", re.MULTILINE)


@dataclass(frozen=True)
class Origin:
    """Words of a text with their source: the label of a field, or "worked out: ..."; `fact` is the name of the fact."""

    start: int
    end: int
    source: str
    fact: str = ""


def knowing(papers: Papers, department: Department) -> Papers:
    """Return the kinds with what the settings say of the department, so that the check of origins knows it."""
    known = {name: (value,) for name, value in department.values.items() if value}
    if not known:
        return papers
    return {
        name: replace(paper, parameters={**paper.parameters, CHECK: known}) if paper.worded else paper
        for name, paper in papers.items()
    }


def origins_of(paper: Paper, draft: Draft) -> tuple[Origin, ...]:
    """Return the words of a draft's text that come from a fact or a computed value, in order, none within another."""
    taken, found = bytearray(len(draft.text)), list[Origin]()
    for number in _OWN_NUMBER.finditer(draft.text):
        taken[number.start() : number.end()] = b"\1" * len(number[0])
    said = sorted(_said(paper, draft), key=lambda each: (-len(each[0]), each[0]))
    for words, same in groupby(said, key=lambda each: each[0]):
        source, fact = _source(list(same))
        for start in _places(words, draft.text):
            end = start + len(words)
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(Origin(start, end, source, fact))
    return tuple(sorted(found, key=lambda each: each.start))


def without_origin(paper: Paper, draft: Draft) -> Iterator[tuple[int, int]]:
    """Yield the spans of dates, numbers and names of a draft's text that come from nothing that is known."""
    text = NEEDS.sub(lambda place: " " * len(place[0]), draft.text)
    text = _OWN_NUMBER.sub(lambda place: " " * len(place[0]), text)
    known = "\n".join(_known(paper, draft))
    numbers, names = set(_NUMBER.findall(known)), {_plain(word) for word in _WORD.findall(known)}
    dates = set(_DATE.findall(known))
    foreign = [each.span() for each in _DATE.finditer(text) if each[0] not in dates]
    text = _DATE.sub(lambda day: " " * len(day[0]), text)
    foreign += [each.span() for each in _NUMBER.finditer(text) if each[0] not in numbers]
    yield from sorted([*foreign, *_joined(_foreign_names(text, names), text)])


def _foreign_names(text: str, known: set[str]) -> Iterator[tuple[int, int]]:
    for word in _WORD.finditer(text):
        if word[0][0].isupper() and _plain(word[0]) not in known and not _BEGINS.search(text[: word.start()][-8:]):
            yield word.span()


def _joined(spans: Iterable[tuple[int, int]], text: str) -> Iterator[tuple[int, int]]:
    """Yield spans with only a space between them as one."""
    open_one: tuple[int, int] | None = None
    for start, end in spans:
        if open_one and text[open_one[1] : start] == " ":
            open_one = (open_one[0], end)
            continue
        if open_one:
            yield open_one
        open_one = (start, end)
    if open_one:
        yield open_one


def _plain(word: str) -> str:
    return word.casefold().replace("’", "'").removesuffix("'s")


def _said(paper: Paper, draft: Draft) -> Iterator[tuple[str, str, str]]:
    """Yield words that a text may say, with their source and the name of their fact."""
    for fact in facts_of(paper, draft.commission.facts):
        if fact.value and fact.field.type != "yes_no":
            for part in _parts(_as_said(fact.field, fact.value), draft.text):
                yield part, fact.label, fact.name
    for value, source in _worked_out(paper, draft).items():
        yield value, source, ""
    for words in paper.parameters.get(CHECK, {}).values():
        for part in _parts(words[0], draft.text):
            yield part, "the settings of the department", ""


def _parts(said: str, text: str) -> Sequence[str]:
    """Return a value as the text has it: whole, on one line as in a table, or line by line."""
    for whole in (said, " ".join(said.split())):
        if whole in text:
            return (whole,)
    return [line.strip() for line in said.splitlines() if len(line.strip()) >= _SHORTEST_PART]


def _as_said(field: Field, value: str) -> str:
    try:
        return say_fact(field, value)
    except (CommissionError, ArithmeticError):
        # Facts of an older draft need not be what the kind accepts today.
        return value


def _worked_out(paper: Paper, draft: Draft) -> Mapping[str, str]:
    """Return what was worked out, as a text says it, with how."""
    facts = draft.commission.facts
    name = next((facts.get(field.id, "") for field in paper.fields if field.type == "person"), "")
    address = {words: f"worked out: the form of address for {name}" for words in (salutation(name), sign_off(name))}
    worked = {_result(each.result): f"worked out: {each.explanation}" for each in draft.workings}
    values = dict.fromkeys(_computed(paper, draft), "worked out from the facts")
    due = {say(draft.due): worked.get(say(draft.due), "worked out: the due date")} if draft.due else {}
    steps = {
        day: f"worked out: {each.explanation}" for each in draft.workings for day in _DATE.findall(each.explanation)
    }
    return {words: how for words, how in {**steps, **values, **worked, **due, **address}.items() if words}


def _computed(paper: Paper, draft: Draft) -> Sequence[str]:
    """Return the computed values of a paper with the rates of the day of its workings."""
    try:
        on = _day_of(draft) or today()
        return [value for value in computed_for(paper.computed, draft.commission.facts, on).values.values() if value]
    except (CommissionError, ArithmeticError, ValueError):
        return []


def _day_of(draft: Draft) -> date | None:
    days = (each.inputs.get("on", "") for each in draft.workings)
    return next((date.fromisoformat(day) for day in days if day), None)


def _result(result: str) -> str:
    try:
        return say(parse_date(result))
    except CommissionError:
        return result


def _source(same: Sequence[tuple[str, str, str]]) -> tuple[str, str]:
    labels = list(dict.fromkeys(source for _, source, _ in same))
    more = "" if len(labels) <= _MOST_LABELS else f" and {len(labels) - _MOST_LABELS} more"
    return "; ".join(labels[:_MOST_LABELS]) + more, same[0][2]


def _places(words: str, text: str) -> Iterator[int]:
    """Yield where some words stand by themselves in a text."""
    at = text.find(words)
    while at != -1:
        end = at + len(words)
        inside = (at and text[at - 1].isalnum() and words[0].isalnum()) or (
            end < len(text) and text[end].isalnum() and words[-1].isalnum()
        )
        if not inside:
            yield at
        at = text.find(words, end)


def _known(paper: Paper, draft: Draft) -> Iterator[str]:
    """Yield every text that vouches for a name, a number or a date."""
    asked = draft.commission
    yield from (paper.title, asked.marking, asked.text)
    for fact in facts_of(paper, asked.facts):
        yield from (fact.value, _as_said(fact.field, fact.value) if fact.value else "")
    for section in paper.sections:
        yield from (section.title, PLACE.sub(" ", section.text), *(column.title for column in section.table))
    yield from _worked_out(paper, draft)
    yield from (each for working in draft.workings for each in (working.explanation, _result(working.result)))
    yield from (each for cited in draft.citations for each in (cited.quote, cited.title, *cited.section))
    yield from (words for known in paper.parameters.get(CHECK, {}).values() for words in known)
