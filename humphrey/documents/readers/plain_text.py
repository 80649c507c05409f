"""The plain text that every reader produces: headings on their own lines, list items started with "- "."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from humphrey.documents.model import Heading, Omission, OmissionKind
from humphrey.documents.readers.line_ends import rejoined, wrap_width
from humphrey.documents.readers.raised import apart
from humphrey.text.hidden_characters import hidden_positions

BREAK = "\v"
"""A line end inside a block, which may only wrap the text; every other run of blanks becomes one blank."""


@dataclass(frozen=True)
class PlainText:
    """A page as plain text with its headings; `title` is its first top heading and is not repeated in the text.

    `short` maps the page's abbreviations to their meaning, which the page hides; `spelt_out` makes it visible.
    `margins` are words that a person sees around the text, such as page headers, a line each.
    """

    title: str
    text: str
    headings: tuple[Heading, ...] = ()
    short: Mapping[str, str] = field(default_factory=dict)
    margins: str = ""


class LeftOut:
    """The number of invisible characters that were left out of a document, and the other parts in their order."""

    def __init__(self) -> None:
        self.count = 0
        self.parts: list[Omission] = []


_LEFT_OUT: ContextVar[LeftOut | None] = ContextVar("left_out", default=None)


_MOST_PARTS, _LONGEST_PART = 1_000, 200
"""The most parts that are listed, and the most characters of one; bounded, because a hostile page may have millions."""


_PARAGRAPHS = re.compile(r"\n\s*\n")


# Each letter has its own stroke, as some programs strike out words in plain text.
_STROKES = re.compile(r"(?:\S[\u0335\u0336](?: (?=\S[\u0335\u0336]))?){2,}")


@contextmanager
def counting(left_out: LeftOut | None) -> Iterator[None]:
    """Collect what is left out; with None, leave out unlisted what is read a second time."""
    token = _LEFT_OUT.set(left_out)
    try:
        yield
    finally:
        _LEFT_OUT.reset(token)


def omit(kind: OmissionKind, words: str = "") -> None:
    """List a part that is left out of the text; signs without a letter or figure, such as icons, are not listed."""
    left_out = _LEFT_OUT.get()
    if left_out is None or len(left_out.parts) >= _MOST_PARTS:
        return
    with counting(None):
        tidy = apart(" ".join(clean(words).split()))
    if any(map(str.isalnum, tidy)) or kind in {"picture", "embedded"}:
        left_out.parts.append(Omission(kind, tidy[:_LONGEST_PART]))


# Control characters part what stands before and after them, as "10" and "20" of "£10\x9620m". Those from 0x80 are signs
# of Windows-1252 that were taken for Latin-1, here a dash.
_CONTROLS = {
    **{code: " " for code in (*range(0x20), 0x7F) if chr(code) not in "\n\t"},
    **{code: bytes([code]).decode("cp1252", "ignore") or " " for code in range(0x80, 0xA0)},
}


def clean(text: str) -> str:
    """Remove what is no text: zero-width, direction and surrogate characters, blank letters, struck letters.

    Control characters become blanks, or the signs of Windows-1252 that they stand for.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _STROKES.sub(_struck, text.translate(_CONTROLS))
    hidden = {n for n, char in enumerate(text) if unicodedata.category(char) == "Cf"} | set(hidden_positions(text))
    if (left_out := _LEFT_OUT.get()) is not None:
        left_out.count += len(hidden)
    return "".join(char for n, char in enumerate(text) if n not in hidden and unicodedata.category(char) != "Cs")


def _struck(letters: re.Match[str]) -> str:
    omit("struck", re.sub(r"[\u0335\u0336]", "", letters[0]))
    return ""


def from_text(text: str) -> PlainText:
    """Tidy the blanks of a plain text; it has no headings."""
    writer = PlainTextWriter("")
    blocks = [block.split("\n") for block in _PARAGRAPHS.split(clean(text.replace("\r\n", "\n").replace("\r", "\n")))]
    width = wrap_width(blocks)
    for block in blocks:
        writer.lines(rejoined(block, width))
    return writer.plain({})


def spelt_out(plain: PlainText) -> PlainText:
    """Append a section that explains the abbreviations whose meaning the text does not give."""
    unsaid = {short: full for short, full in plain.short.items() if full and full not in plain.text}
    if not unsaid:
        return plain
    writer = PlainTextWriter(plain.title)
    writer.copy(plain)
    writer.heading(min((heading.level for heading in plain.headings), default=2), "Abbreviations")
    for short, full in unsaid.items():
        writer.block(f"{short}: {full}", item=True, first=True)
    return writer.plain({})


class PlainTextWriter:
    """A builder of plain text: it adds blocks one below another and records the positions of headings."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._parts: list[str] = []
        self._length = 0
        self._headings: list[Heading] = []
        self._in_list = False

    def heading(self, level: int, title: str, *, repeat: bool = False, number: str = "") -> None:
        """Add a heading on its own line, after its number.

        The page title is not repeated at the top unless `repeat` is set.
        """
        if level == 1 and not self._title:
            self._title = title
        if not title or (title == self._title and not self._parts and not repeat):
            return
        title = number + title
        start = self._append(title, "\n\n")
        self._headings.append(Heading(level, title, start, self._length))
        self._in_list = False

    def block(self, text: str, *, item: bool, first: bool = False, depth: int = 1, number: str = "") -> None:
        """Add a paragraph or a part of a list, without the line ends that only wrap it.

        `first` starts an item at a depth, counted from 1; later blocks of the item follow below it. A number stands
        before the words.
        """
        lines = text.split(BREAK)
        sign = "  " * (depth - 1) + "- " if first else ""
        self.lines(rejoined(lines, wrap_width([lines])), item=item, mark=sign + number)

    def lines(self, lines: Iterable[str], *, item: bool = False, mark: str = "") -> None:
        """Add lines that stay lines, as a paragraph or a part of a list, after the mark of an item."""
        tidy = "\n".join(filter(None, (" ".join(apart(line).split()) for line in lines)))
        if tidy:
            self._append(mark + tidy, "\n" if item and self._in_list else "\n\n")
            self._in_list = item

    def copy(self, plain: PlainText) -> None:
        """Add the text and the headings of another page."""
        if plain.text:
            start = self._append(plain.text, "\n\n")
            moved = [Heading(h.level, h.title, h.start + start, h.end + start) for h in plain.headings]
            self._headings.extend(moved)
            self._in_list = False

    def plain(self, short: Mapping[str, str]) -> PlainText:
        """Return the text written so far, with the meanings of its abbreviations."""
        return PlainText(self._title, "".join(self._parts), tuple(self._headings), short)

    def _append(self, text: str, gap: str) -> int:
        """Add text after a gap and return its start position."""
        for part in [gap, text] if self._parts else [text]:
            self._parts.append(part)
            self._length += len(part)
        return self._length - len(text)
