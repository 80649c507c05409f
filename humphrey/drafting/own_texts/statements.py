"""Statements that a summary can be made of: the sentences of the asker's own text that can stand alone.

Nothing is reworded. A statement is an exact span of the text, so that it can be quoted and cited.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from humphrey.documents.model import Document, Heading, Imprint
from humphrey.text.sentences import Span, sentences, words

FEWEST, MOST = 3, 10
"""The fewest statements of a summary, if the text has as many, and the most."""


PICTURE = re.compile(r"\[Page (\d+) is a picture without text\.\]")
"""The notice that a document reader writes for a page without text."""


# The fewest and the most words of a sentence that can be a statement.
_SHORTEST, _LONGEST = 6, 60


_NUMBER = re.compile(r"(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-z]|[ivx]{1,4})[.)]+|\d{1,3}(?:\.\d{1,3})+)\s+|[-–—]\s+")


_WHOLE = re.compile(r"[.!][\"”’)]*(?:\s?\[(?:footnote )?\d{1,3}\]\s?\.?)*$")


_LETTERS = re.compile(r"[^\W\d_]")


# Sentences about where to read more, whom to contact or the document itself: they say nothing of its subject.
_POINTS_ELSEWHERE = re.compile(
    r"https?://|www\.|@|\.{4,}|…{2}|©|\bISBN\b"
    r"|^(?:see|click|read|back to|note:|source:|figure|table|box|annex|contents?|page|dear|yours|subject:)\b"
    r"|^to [a-z]+ [^,]*$|\b(?:remainder|rest) of this (?:chapter|section|document|note)\b"
    r"|\bas (?:highlighted|noted|set out|described|discussed|mentioned) (?:above|below|earlier)\b"
    r"|\b(?:email|telephone|contact(?:ed)? (?:us|details)|available (?:at|from|here))\b"
    r"|\b(?:this|the) (?:page|memorandum|document|note|guide) (?:is also available|was last|has been prepared by)\b",
    re.IGNORECASE,
)


# The most words of a heading; a line of more words below it is body text.
_HEADING_WORDS = 12


_HASHES = re.compile(r"(#{1,6})\s+(.+)")


# List items, table rows, lines that end with punctuation, "name: value" lines, addresses and salutations.
_NO_HEADING = re.compile(
    r"\s*(?:[-*•|>]|\d{1,3}[.)]?\s+[a-z])|.*[.,;:!?…]\s*$|.*\S\s*:\s+\S|.*@|(?:dear|yours|kind)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Statement:
    """A sentence that can stand alone, with the heading above it.

    `nth` is its number under that heading, from 0; `place` is its position in the text as a share, 0.0 to 1.0.
    """

    span: Span
    section: str
    nth: int
    place: float


def pasted_document(text: str, title: str) -> Document:
    """Return a pasted text as a document that is not stored (its id is empty), with lines that look like headings."""
    lines = [line for line in _lines(text) if line.of(text).strip()]
    headings = [heading for line, then in pairwise(lines) if (heading := _heading(text, line, then))]
    return Document("", Imprint(title, ""), text, tuple(headings))


def statements_of(document: Document) -> list[Statement]:
    """Return the statements of a text in order: its whole sentences, or, in texts such as notes, other lines too.

    Other lines count if there are fewer than `FEWEST` whole sentences and these are less than half of all lines.
    """
    told = list(_statements(document))
    whole = [one for one in told if _WHOLE.search(one.span.of(document.text))]
    return whole if len(whole) >= FEWEST or len(whole) >= len(told) / 2 else told


def summary_length(statements: int) -> int:
    """Return how many statements a summary has: the square root of their number, between `FEWEST` and `MOST`."""
    return max(FEWEST, min(MOST, round(math.sqrt(statements))))


def display_text(text: str) -> str:
    """Return a statement for display: on one line, without footnote numbers, which would look like markers."""
    return " ".join(re.sub(r"\s?\[(?:footnote )?\d{1,3}\]", "", text).split())


def unread_pages(document: Document) -> tuple[str, ...]:
    """Return the numbers of the pages of a document that have no text."""
    return tuple(page[1] for page in PICTURE.finditer(document.text))


def _statements(document: Document) -> Iterator[Statement]:
    text, nth, last = document.text, 0, None
    headings = iter([*document.headings, None])
    below: Heading | None = None
    coming = next(headings)
    for found in sentences(text):
        while coming and coming.start <= found.start:
            below, coming = coming, next(headings)
        if below and found.start < below.end:
            continue
        span = _unnumbered(text, found)
        if not _stands_alone(span.of(text)):
            continue
        nth = nth + 1 if below is last and nth else 1
        last = below
        yield Statement(span, below.title if below else "", nth - 1, span.start / len(text))


def _unnumbered(text: str, span: Span) -> Span:
    number = _NUMBER.match(text, span.start, span.end)
    return Span(number.end(), span.end) if number else span


def _stands_alone(said: str) -> bool:
    """Return whether a sentence can be understood without the lines around it."""
    count = len(words(said))
    letters = len(_LETTERS.findall(said))
    begins = said[:1].isupper() or said[:1].isdigit() or said[:1] in "£“‘\"'"
    return (
        _SHORTEST <= count <= _LONGEST
        and begins
        and letters >= len(said) / 2
        and not said.endswith(("?", ":", ";", ","))
        and not _POINTS_ELSEWHERE.search(said)
        and not PICTURE.search(said)
    )


def _lines(text: str) -> Iterator[Span]:
    at = 0
    for line in text.splitlines(keepends=True):
        yield Span(at, at + len(line.rstrip()))
        at += len(line)


def _heading(text: str, line: Span, then: Span) -> Heading | None:
    said = line.of(text).strip()
    if marked := _HASHES.fullmatch(said):
        return Heading(len(marked[1]), marked[2].strip(), line.start, line.end)
    # A heading is short, has no full stop and an empty line before it, and is followed by a longer line.
    apart = line.start == 0 or text[: line.start].endswith(("\n\n", "\r\n\r\n"))
    goes_on = then.of(text).endswith((".", "!", "?", ":", ";")) or len(words(then.of(text))) > _HEADING_WORDS
    short = len(words(said)) <= min(_HEADING_WORDS, len(words(then.of(text)))) and goes_on
    if apart and short and said[:1].isalnum() and not said[:1].islower() and not _NO_HEADING.match(said):
        return Heading(2, said, line.start, line.end)
    return None
