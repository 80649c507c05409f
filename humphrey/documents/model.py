"""Guidance as humphrey stores it: documents, and passages that a reader can check.

A passage never crosses a heading. It is `text[start:end]` of its document, to the character.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

DocumentState = Literal["current", "superseded", "moved", "withdrawn"]
"""Whether a document still says what its publisher says today."""


@dataclass(frozen=True)
class Imprint:
    """What a reader is told about a document in addition to its text.

    Attributes:
        title: its title.
        url: its address.
        publisher: the body that published it.
        updated: the day of its last change; for a summary, the day of its facts.
        state: whether it is current.
        replaced_by: what replaced a superseded document, or where a moved one is now.
        licence: the licence of its text.
        withdrawn_at: the day a withdrawn document was withdrawn.
        reason: why it was withdrawn.
        locale: the language of its text, as GOV.UK abbreviates it.
        history: the government it was published under, if not the present one.
        original: the title of what the text sums up, if it is a summary that was written for humphrey; else empty.
        original_date: the date of that original, in words.
    """

    title: str
    url: str
    publisher: str = ""
    updated: date | None = None
    state: DocumentState = "current"
    replaced_by: str = ""
    licence: str = ""
    withdrawn_at: date | None = None
    reason: str = ""
    locale: str = "en"
    history: str = ""
    original: str = ""
    original_date: str = ""

    @property
    def summary(self) -> bool:
        """Whether the text is humphrey's summary, not the publisher's own words."""
        return bool(self.original)

    @property
    def facts_as_of(self) -> str:
        """The day of the facts of a summary, as 2026-11-23; empty for other documents."""
        return self.updated.isoformat() if self.summary and self.updated else ""


@dataclass(frozen=True)
class Heading:
    """A heading of a document; `start` and `end` are the characters of its line in the document's text."""

    level: int
    title: str
    start: int
    end: int


OmissionKind = Literal[
    "hidden",
    "struck",
    "deleted",
    "comment",
    "contents",
    "running",
    "version",
    "attachment",
    "picture",
    "embedded",
    "field",
    "summary",
    "layers",
]
"""Why a part of a file is no part of its text.

`hidden`: a reader does not see it. `struck`: it is struck through. `deleted`: a tracked change deletes it. `comment`: a
remark in the margin. `contents`: a table of contents. `running`: it stands at the edge of page after page. `version`:
another version of the same text. `attachment`: a file of its own. `picture` and `embedded`: it has no words of its own.
`field`: it is a field of a GOV.UK page that is not read; its name is listed. `summary`: an upload or an attached file
calls itself humphrey's summary. `layers`: the
layers of a PDF cannot be looked at, so hidden ones may be in the text.
"""


@dataclass(frozen=True)
class Omission:
    """A part of a file that its reader left out of the text; `words` are what it says or is called, if anything."""

    kind: OmissionKind
    words: str = ""


@dataclass(frozen=True)
class Document:
    """One published page of guidance as plain text.

    Headings stand on lines of their own; list items start with "- ", two blanks further in on each level. `margins` are
    the words around the text, such as page headers, as the file that was just read has them; `left_out` is the number
    of invisible characters that the reader left out, and `omissions` are the other parts. None of these is stored.
    """

    id: str
    imprint: Imprint
    text: str
    headings: tuple[Heading, ...] = ()
    margins: str = field(default="", compare=False)
    left_out: int = field(default=0, compare=False)
    omissions: tuple[Omission, ...] = field(default=(), compare=False)

    @cached_property
    def version(self) -> str:
        """The digest of the text. Positions of one version mean nothing in another."""
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


DocumentLookup = Callable[[str, str], Document | None]
"""Opens a document as it stood: `lookup(id, version)`.

An empty version means today's. None if that version is not held.
"""


_MOST = 200
"""Most words of a passage. The embedding model reads this many in full, title and section included."""


_BLANK_LINE = re.compile(r"\n\s*\n")


_LINE_END = re.compile(r"\n")


# A capital, a digit or a pound sign must follow, so that most abbreviations do not end a sentence.
_SENTENCE_GAP = re.compile(r"(?<=[.!?])\s+(?=[\"'‘“(\[]?[A-Z0-9£])")


_WORD_GAP = re.compile(r"\s+")


_LONGEST_AVERAGE = 50
"""Characters of a word on average, at most; a stretch of longer ones counts as more words, so that it is cut."""


@dataclass(frozen=True)
class _Span:
    """A stretch of a text, with its number of words."""

    start: int
    end: int
    words: int


def split(document: Document) -> list[Passage]:
    """Return the passages of a document, in order. Each character outside headings and blanks is in exactly one.

    A passage never crosses a heading. It packs whole paragraphs and whole lists, each list with its lead-in, towards
    equal lengths of at most 200 words. A longer unit is cut at its lines, else at sentence ends, else between words. A
    document without text has no passages.
    """
    passages: list[Passage] = []
    for section, start, end in _sections(document):
        for span in _packed(_units(document.text, start, end)):
            text = document.text[span.start : span.end]
            passages.append(Passage(document.id, len(passages), document.version, text, span.start, span.end, section))
    return passages


def _sections(document: Document) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Yield the heading path, start and end of each stretch between two headings."""
    path: list[Heading] = []
    at = 0
    for heading in document.headings:
        yield tuple(above.title for above in path), at, heading.start
        path = [above for above in path if above.level < heading.level] + [heading]
        at = heading.end
    yield tuple(above.title for above in path), at, len(document.text)


def _units(text: str, start: int, end: int) -> list[_Span]:
    """Return what should stay together: paragraphs, and lists with their lead-in."""
    units: list[_Span] = []
    for block in _between(text, start, end, _BLANK_LINE):
        if units and text.startswith("- ", block.start):
            units[-1:] = _led(text, units[-1], block)
        else:
            units.extend(_cut(text, block))
    return units


def _led(text: str, lead: _Span, block: _Span) -> list[_Span]:
    """Return a list with its lead-in as one unit.

    If that is too long, return the lead-in with the first item, then the other items.
    """
    whole = _join(lead, block)
    if whole.words <= _MOST:
        return [whole]
    items = [piece for line in _between(text, block.start, block.end, _LINE_END) for piece in _cut(text, line)]
    first = _join(lead, items[0])
    return [first, *items[1:]] if first.words <= _MOST else [lead, *items]


def _between(text: str, start: int, end: int, gap: re.Pattern[str]) -> Iterator[_Span]:
    """Yield the stretches of `text[start:end]` between gaps, without surrounding blanks; blank ones are left out."""
    edges = [start, *(edge for found in gap.finditer(text, start, end) for edge in found.span()), end]
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        stretch = text[first:last]
        body = stretch.strip()
        if body:
            begin = first + len(stretch) - len(stretch.lstrip())
            yield _span(text, begin, begin + len(body))


def _span(text: str, start: int, end: int) -> _Span:
    words = len(text[start:end].split())
    return _Span(start, end, max(words, (end - start) // _LONGEST_AVERAGE))


def _cut(text: str, block: _Span) -> list[_Span]:
    """Return a block whole if it fits into a passage, else its lines, its sentences, its words, or parts of words."""
    pieces = [block]
    for gap in (_LINE_END, _SENTENCE_GAP, _WORD_GAP):
        pieces = [
            part
            for piece in pieces
            for part in ([piece] if piece.words <= _MOST else _between(text, piece.start, piece.end, gap))
        ]
    return [part for piece in pieces for part in _chopped(text, piece)]


def _chopped(text: str, piece: _Span) -> Iterator[_Span]:
    """Yield a piece in parts that each fit into a passage; only a word of many thousand characters has several."""
    longest = piece.end - piece.start if piece.words <= _MOST else _MOST * _LONGEST_AVERAGE
    for at in range(piece.start, piece.end, longest):
        yield _span(text, at, min(at + longest, piece.end))


def _packed(units: list[_Span]) -> Iterator[_Span]:
    """Yield adjacent units joined into spans of about equal length, none longer than a passage may be."""
    total = sum(unit.words for unit in units)
    # The number of passages needed at least, rounded up, gives the length that makes them equal.
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
