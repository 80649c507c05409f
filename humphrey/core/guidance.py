"""Guidance as humphrey holds it: documents, and the passages that a reader can check.

A passage never crosses a heading and is `text[start:end]` of its document, to the character.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

State = Literal["current", "superseded", "moved", "withdrawn"]
"""Whether a document still says what its publisher says today."""


@dataclass(frozen=True)
class Imprint:
    """What a reader is told about a document beside its text.

    `replaced_by` names what a superseded document gave way to, or where a moved one went; `withdrawn_at` and `reason`
    say when and why a withdrawn one was; `history` is the government it was published under, where that is not the one
    of today; `locale` is the language of its text, as GOV.UK abbreviates it.
    """

    title: str
    url: str
    publisher: str = ""
    updated: date | None = None
    state: State = "current"
    replaced_by: str = ""
    licence: str = ""
    withdrawn_at: date | None = None
    reason: str = ""
    locale: str = "en"
    history: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading of a document; `start` and `end` are character positions of its line in the document's text."""

    level: int
    title: str
    start: int
    end: int


@dataclass(frozen=True)
class Document:
    """One published page of guidance: plain text, with headings on lines of their own and list items led by "- "."""

    id: str
    imprint: Imprint
    text: str
    headings: tuple[Heading, ...] = ()

    @cached_property
    def version(self) -> str:
        """Digest of the text; positions counted in one version mean nothing in another."""
        return "sha256:" + hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Passage:
    """The smallest span that is retrieved and cited: `text == document_text[start:end]` of that version."""

    document: str
    n: int
    version: str
    text: str
    start: int
    end: int
    section: tuple[str, ...] = field(default=())

    @property
    def id(self) -> str:
        """`<document>#<n>`, unique in one index."""
        return f"{self.document}#{self.n}"


Lookup = Callable[[str, str], Document | None]
"""A document's text as it stood: `lookup(id, version)`; an empty version means today's. None when it is not held."""


_MOST = 200
"""Words of the longest passage: what the embedding model still reads whole, title and section included."""

_BLANK_LINE = re.compile(r"\n\s*\n")
_LINE_END = re.compile(r"\n")
_SENTENCE_GAP = re.compile(r"(?<=[.!?])\s+(?=[\"'‘“(\[]?[A-Z0-9£])")
_WORD_GAP = re.compile(r"\s+")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class _Span:
    """A stretch of a text, and how many words it has."""

    start: int
    end: int
    words: int


def split(document: Document) -> list[Passage]:
    """The document's passages, in order; every character that is neither a heading's nor blank is in exactly one.

    A passage never crosses a heading. It packs whole paragraphs and whole lists, each list with the line that leads
    into it, towards equal lengths of at most 200 words; only what is longer than that by itself is cut, at its lines,
    else at sentence ends, else between words. A document without text has no passages.
    """
    passages: list[Passage] = []
    for section, start, end in _sections(document):
        for span in _packed(_units(document.text, start, end)):
            text = document.text[span.start : span.end]
            passages.append(Passage(document.id, len(passages), document.version, text, span.start, span.end, section))
    return passages


def _sections(document: Document) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Heading path, start and end of each stretch between two headings."""
    path: list[Heading] = []
    at = 0
    for heading in document.headings:
        yield tuple(above.title for above in path), at, heading.start
        path = [above for above in path if above.level < heading.level] + [heading]
        at = heading.end
    yield tuple(above.title for above in path), at, len(document.text)


def _units(text: str, start: int, end: int) -> list[_Span]:
    """What should stay together: paragraphs, and lists with the paragraph that leads into them."""
    units: list[_Span] = []
    for block in _between(text, start, end, _BLANK_LINE):
        if units and text.startswith("- ", block.start):
            units[-1:] = _led(text, units[-1], block)
        else:
            units.extend(_cut(text, block))
    return units


def _led(text: str, lead: _Span, block: _Span) -> list[_Span]:
    """A list with its lead-in: one unit, or where that is too long, the lead-in with the first item, then the rest."""
    whole = _join(lead, block)
    if whole.words <= _MOST:
        return [whole]
    items = [piece for line in _between(text, block.start, block.end, _LINE_END) for piece in _cut(text, line)]
    first = _join(lead, items[0])
    return [first, *items[1:]] if first.words <= _MOST else [lead, *items]


def _between(text: str, start: int, end: int, gap: re.Pattern[str]) -> Iterator[_Span]:
    """The stretches of `text[start:end]` between gaps, without the blanks around them; blank ones are left out."""
    edges = [start, *(edge for found in gap.finditer(text, start, end) for edge in found.span()), end]
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        words = list(_WORD.finditer(text, first, last))
        if words:
            yield _Span(words[0].start(), words[-1].end(), len(words))


def _cut(text: str, block: _Span) -> list[_Span]:
    """The block whole where it fits into a passage, else its lines, else sentences, else runs of words."""
    pieces = [block]
    for gap in (_LINE_END, _SENTENCE_GAP, _WORD_GAP):
        pieces = [
            part
            for piece in pieces
            for part in ([piece] if piece.words <= _MOST else _between(text, piece.start, piece.end, gap))
        ]
    return pieces


def _packed(units: list[_Span]) -> Iterator[_Span]:
    """Neighbours joined into spans of about equal length, none of them longer than a passage may be."""
    total = sum(unit.words for unit in units)
    even = total / max(1, -(-total // _MOST))
    held: _Span | None = None
    for unit in units:
        if held is not None and (held.words >= even or held.words + unit.words > _MOST):
            yield held
            held = None
        held = unit if held is None else _join(held, unit)
    if held is not None:
        yield held


def _join(first: _Span, second: _Span) -> _Span:
    return _Span(first.start, second.end, first.words + second.words)
