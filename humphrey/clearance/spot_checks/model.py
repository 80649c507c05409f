"""Spot checks: copies of approved drafts with one known error ("seeded drafts"), which test whether reviewers read.

The error is inserted by rule, never by a model: a figure is changed, a "not" is dropped, or a sentence is added that no
source supports. An error that the checks would block does not test a reviewer and is not used. An error that no check
reports is preferred. If a check does report it, the reviewer learns so when the spot check is revealed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from humphrey.ledger.model import Act, Entry
from humphrey.papers.citations import quotations
from humphrey.papers.draft import Draft, Finding
from humphrey.text.figures import Figure, figures
from humphrey.text.sentences import Span, sentences

ErrorType = Literal["figure", "sentence", "negation"]
"""The type of the inserted error: a figure was changed, a sentence was added, or a "not" was dropped."""


Outcome = Literal["found", "missed"]
"""The outcome of a spot check. `found`: returned, refused or corrected; `missed`: approved."""


_TENTHS = ("ten", "fifteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


_ONES = ("two", "three", "four", "five", "six", "seven", "eight", "nine")


_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)", re.IGNORECASE)


_NOT = re.compile(
    r"\b((?:must|may|should|can|could|will|would|shall|does|do|did|is|are|was|were|has|have|need))( not|not)\b"
)


_MARKER = re.compile(r"\[\d{1,3}\]")


_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\n)[^\n]+)*")


# A paragraph of one line of prose: no list item, heading, quotation or table, and it ends with a stop or a marker.
_PROSE = re.compile(r"(?![-*•#>|]|\d{1,3}[.)]\s)[^\n]*[^\W\d_][^\n]*[.\]]")


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|--\d{2}-\d{2}")


# Day 28 exists in every month. Numbers from 1900 to 2100 are taken for years, and numbers up to 12 move by 1 or 2.
_LAST_DAY, _DAY_DIGITS, _FIRST_YEAR, _LAST_YEAR, _SMALL = 28, 2, 1900, 2100, 12


# At most two figures of the sources replace one figure, and none that is more than four times larger or smaller.
_LIKE, _NEAR = 2, 4


# The details of `seed:plant` that the entry `review:open` shows in its place while the spot check is not revealed.
_SHOWN = frozenset({"digest", "kind", "kept", "reference"})


_UNSUPPORTED = (
    "Where the last day is a Friday, one further working day is allowed",
    "The same applies to anything that is received by telephone",
    "The head of the unit concerned may extend this once without giving reasons",
    "No record of the decision needs to be kept",
    "A copy must be sent to the permanent secretary's office in every case",
    "This does not apply where fewer than five people are affected",
    "The person concerned must be asked for their consent in writing first",
)
"""Invented sentences that read like guidance; each is added with the last marker of its paragraph."""


_UNCITED = (
    "No exceptions are allowed",
    "Notice by telephone suffices",
    "Late replies are acceptable",
    "Reasons are not needed",
    "This is merely advisory",
    "Either side may object",
    "A further extension follows",
    "Oral agreement is enough",
    "Smaller bodies are exempt",
    "Weekends count in full",
    "The minister decides alone",
    "Copies need no marking",
    "Earlier rules still apply",
    "Nobody else is consulted",
)
"""Invented sentences of four words, too short for the check `sentences_cited`; only a reader can notice them."""


@dataclass(frozen=True)
class InsertedError:
    """One error, and `text`, the draft text that contains it.

    `was` are the original words, `now` the inserted ones, `paragraph` is the number of the paragraph, from 1.
    `sentence` is the sentence with the error, by which the error is recognised in a later version.
    """

    wrong: ErrorType
    text: str
    was: str
    now: str
    paragraph: int
    sentence: str


@dataclass(frozen=True)
class SpotCheck:
    """A spot check: its error, whether a check reported the error, and the reviewer who found or missed it, if any."""

    review: str
    source: str
    wrong: ErrorType
    was: str
    now: str
    paragraph: int
    sentence: str
    flagged: bool
    found_by: str = ""
    missed_by: str = ""

    @property
    def revealed(self) -> bool:
        """Return whether a reviewer has found or missed the error, so that it may be disclosed."""
        return bool(self.found_by or self.missed_by)


def errors(text: str, choose: Random, near: Iterable[str] = ()) -> list[InsertedError]:
    """Return every error that could be inserted into a text, in random order; empty if no rule applies.

    Words in quotation marks are left alone: a changed quotation would be blocked by the checks.

    Args:
        text: the text of the draft.
        choose: the random number generator.
        near: the quoted texts of its sources. Their figures are used as wrong figures, because models confuse such
            figures and the checks are least likely to notice.
    """
    quoted = quotations(text)
    possible = [*_figures(text, choose, "\n".join((text, *near))), *_negations(text), *_sentences(text, choose)]
    fit = [each for span, each in possible if not any(span.start < q.end and q.start < span.end for q in quoted)]
    choose.shuffle(fit)
    return fit


def insert_error(original: Draft, error: InsertedError) -> Draft:
    """Return the copy of a draft with an error, without findings and without a conversation."""
    asked = replace(original.commission, conversation="", earlier=())
    return replace(original, commission=asked, text=error.text, findings=())


def new_findings(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings of a copy that its original does not have; positions in the text are not compared."""
    known = [(finding.check, finding.message) for finding in before]
    return tuple(finding for finding in after if (finding.check, finding.message) not in known)


def disguise_entries(record: Sequence[Entry], written: Sequence[tuple[str, Act, Mapping[str, str]]]) -> list[Entry]:
    """Return the entries of an unrevealed spot check, rewritten as if its asker had sent the draft.

    Args:
        record: the entries of the review.
        written: (actor, act, details) of the entries that precede `review:open` for an ordinary draft; the first actor
            is the asker.
    """
    entries = []
    for entry in record:
        entries += _disguise_entry(entry, written) if entry.act == "seed:plant" else [entry]
    return entries


def describe_spot_check(seed: SpotCheck) -> str:
    """Return a description of a revealed spot check and its outcome; it names no person."""
    where = f"the {_nth(seed.paragraph)} paragraph"
    change = {
        "figure": f"the figure {seed.was} in {where} was changed to {seed.now}",
        "negation": f"in {where} “{seed.was}” was changed to “{seed.now}”",
        "sentence": f"a sentence that no source supports was added to {where}: “{seed.now.rstrip('.')}”",
    }[seed.wrong]
    checks = " The checks had pointed at it." if seed.flagged else ""
    outcome = "It was found." if seed.found_by else "It was missed."
    return f"This was a seeded draft, and it goes nowhere: {change}. {outcome}{checks}"


def _figures(text: str, choose: Random, near: str) -> Iterator[tuple[Span, InsertedError]]:
    known = {_written(near, figure): figure.value for figure in figures(near)}
    for figure in figures(text):
        was = _written(text, figure)
        like = [each for each, value in known.items() if value != figure.value and _alike(each, was)]
        for now in dict.fromkeys((*choose.sample(like, min(len(like), _LIKE)), _other(was, figure, choose))):
            if now and now != was:
                yield _made("figure", text, Span(figure.start, figure.start + len(was)), now)


def _written(text: str, figure: Figure) -> str:
    # A comma after an amount belongs to the sentence.
    return text[figure.start : figure.end].rstrip(",")


def _alike(one: str, other: str) -> bool:
    """Return whether one figure may replace another: written the same way, and near enough not to look absurd."""
    forms = ["word" if each.isalpha() else _DIGITS.sub("0", each) for each in (one, other)]
    numbers = [float(found[0].replace(",", "")) for each in (one, other) if (found := _DIGITS.search(each))]
    if forms[0] != forms[1] or not numbers:
        return forms == ["word", "word"]
    # A year in place of a number of days would be noticed at a glance, so both must be years, or neither.
    years = {_FIRST_YEAR <= number <= _LAST_YEAR for number in numbers}
    return len(years) == 1 and max(numbers) <= _NEAR * min(numbers)


def _negations(text: str) -> Iterator[tuple[Span, InsertedError]]:
    for found in _NOT.finditer(text):
        yield _made("negation", text, Span(*found.span()), found[1])


def _sentences(text: str, choose: Random) -> Iterator[tuple[Span, InsertedError]]:
    for n, found in enumerate(_PARAGRAPH.finditer(text), start=1):
        paragraph = found[0].rstrip()
        markers = _MARKER.findall(paragraph)
        # After a heading, a question or a list item the added sentence would stand out.
        if not markers or not _PROSE.fullmatch(paragraph):
            continue
        at = found.start() + len(paragraph)
        for said in (f"{choose.choice(_UNSUPPORTED)} {markers[-1]}.", f"{choose.choice(_UNCITED)}."):
            yield Span(at, at), InsertedError("sentence", f"{text[:at]} {said}{text[at:]}", "", said, n, said)


def _made(wrong: ErrorType, text: str, at: Span, now: str) -> tuple[Span, InsertedError]:
    changed = text[: at.start] + now + text[at.end :]
    around = next((span for span in sentences(changed) if span.start <= at.start < span.end), None)
    sentence = around.of(changed) if around else now
    return at, InsertedError(wrong, changed, at.of(text), now, _paragraph(text, at.start), sentence)


def _other(was: str, figure: Figure, choose: Random) -> str:
    """Return a different figure to replace one; empty if no rule makes one, as for ordinals."""
    for named in (_TENTHS, _ONES):
        if was.lower() in named:
            near = _near(named, named.index(was.lower()), choose)
            return near.capitalize() if was[0].isupper() else near
    digits, dated = _DIGITS.search(was), bool(_DATE.fullmatch(figure.value))
    if not digits or (_ORDINAL.search(was) and not dated):
        return ""
    # The first number of a date is its day, except in ISO dates, which begin with the year.
    day = dated and len(digits[0]) <= _DAY_DIGITS
    return was[: digits.start()] + _varied(digits[0], choose, day=day) + was[digits.end() :]


def _near(named: Sequence[str], at: int, choose: Random) -> str:
    neighbours = [named[n] for n in (at - 2, at - 1, at + 1, at + 2) if 0 <= n < len(named)]
    return choose.choice(neighbours)


def _varied(digits: str, choose: Random, *, day: bool) -> str:
    """Return a different number in the same notation: with commas for thousands, and as many decimals."""
    if "." in digits:
        # The last decimal changes, but never to 0.
        last = str((int(digits[-1]) + choose.randint(1, 8)) % 10)
        return digits[:-1] + (last if last != "0" else "5" if digits[-1] != "5" else "4")
    number, commas = int(digits.replace(",", "")), "," in digits
    other = _moved(number, choose, day=day)
    return f"{other:,}" if commas else str(other)


def _moved(number: int, choose: Random, *, day: bool) -> int:
    if day:
        near = [n for n in range(max(1, number - 9), min(_LAST_DAY, number + 9) + 1) if n != number]
        return choose.choice(near)
    if _FIRST_YEAR <= number <= _LAST_YEAR:
        return number + choose.choice((-2, -1, 1))
    if number <= _SMALL:
        return max(number + choose.choice((-2, -1, 1, 2)), 1) if number > 1 else number + 1
    by: int = 5 * 10 ** (len(str(number)) - 2)
    return number + choose.choice((-1, 1)) * by if number > by else number + by


def _paragraph(text: str, at: int) -> int:
    starts = [found.start() for found in _PARAGRAPH.finditer(text)]
    return max(1, sum(start <= at for start in starts))


def _disguise_entry(entry: Entry, written: Sequence[tuple[str, Act, Mapping[str, str]]]) -> list[Entry]:
    shown = {name: value for name, value in entry.detail.items() if name in _SHOWN}
    asker = written[0][0]
    came = [replace(entry, actor=actor, act=act, detail=detail) for actor, act, detail in written]
    return [*came, replace(entry, actor=asker, act="review:open", detail=shown)]


def _nth(n: int) -> str:
    named = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    return named[n - 1] if n <= len(named) else f"{n}th"
