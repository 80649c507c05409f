"""Blocks of an approved text: headings, paragraphs, lists, quotations and tables, as the pages show them.

Every line stays a line. A line that starts with `#`, a bullet, a number or `>` has that shape. Lines between bars below
a row of dashes are a table. Everything else is plain words; no text in it is an instruction.

`normal` defines when a text that was converted to another form and read back is unchanged: its words in order, line by
line, without the signs that make the shape.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

_HEADING = re.compile(r"^(#{1,6})\s+")


_BULLET = re.compile(r"^\s*[-*•]\s+")


_NUMBER = re.compile(r"^\s*(\d{1,3}[.)])\s+")


_QUOTE = re.compile(r"^\s*>\s?")


_ROW = re.compile(r"^\s*\|.*\|\s*$")


_DASHES = re.compile(r"^\s*\|(?:\s*:?-+:?\s*\|)+\s*$")


_BAR = re.compile(r"(?<!\\)\|")


# Ligatures: the "ff" to "st" of Unicode's Alphabetic Presentation Forms.
_JOINED = re.compile("[\ufb00-\ufb06]")


# XML 1.0 allows neither of these two, so an office file could not hold them.
_NO_CHARACTERS = frozenset("\ufffe\uffff")


DEEPEST = 9
"""The levels of a list; Word has no more."""


@dataclass(frozen=True)
class HeadingBlock:
    """A heading; `level` is 1 to 6."""

    level: int
    text: str


@dataclass(frozen=True)
class ParagraphBlock:
    """A paragraph or a quotation. Its lines stay separate lines."""

    lines: tuple[str, ...]
    quoted: bool = False


@dataclass(frozen=True)
class ListItem:
    """An item with its number, if it has one, and the items one level further in.

    A number is part of the words ("7. Appeals" is cited so); a bullet is only a sign.
    """

    words: str
    number: str = ""
    inside: tuple["ListItem", ...] = ()


@dataclass(frozen=True)
class ListBlock:
    """A list; items with numbers and with bullets may follow one another."""

    items: tuple[ListItem, ...]


@dataclass(frozen=True)
class TableBlock:
    """A table. Every row is as long as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = HeadingBlock | ParagraphBlock | ListBlock | TableBlock


def blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a text, in order. An empty line ends a block, but does not part an item from those in it."""
    return tuple(_blocks(clean(text).split("\n")))


def clean(text: str) -> str:
    """Return the text with `LF` line ends, without characters that no file may hold.

    These are control characters, surrogates and U+FFFE and U+FFFF.
    """
    even = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in even if sign in "\n\t" or not _forbidden(sign))


def words_of(block: Block) -> Iterator[str]:
    """Yield the words of a block line by line, in reading order; of a table cell by cell."""
    if isinstance(block, HeadingBlock):
        yield block.text
    elif isinstance(block, ParagraphBlock):
        yield from block.lines
    elif isinstance(block, ListBlock):
        yield from _words_of_items(block.items)
    else:
        for row in (block.header, *block.rows):
            yield from row


def _words_of_items(items: Iterable[ListItem]) -> Iterator[str]:
    for item in items:
        yield item.words
        yield from _words_of_items(item.inside)


def runs(items: Iterable[ListItem]) -> Iterator[tuple[bool, tuple[ListItem, ...]]]:
    """Yield the stretches of items of one level that have numbers, and that have none, with whether they do."""
    for numbered, stretch in groupby(items, key=lambda item: bool(item.number)):
        yield numbered, tuple(stretch)


def normal_form(text: str) -> str:
    """Return the normal form of a text, by which two forms of it are compared.

    It has the words of its blocks, line by line, without the signs of headings, bullets, quotations and tables. A run
    of blanks is one space. There are no blanks at the ends of a line, no empty lines and no invisible characters
    (Unicode's control and format characters).
    """
    return as_lines(words for block in blocks(text) for words in words_of(block))


def as_lines(words: Iterator[str]) -> str:
    """Return lines that have already lost their signs, in normal form."""
    tidy = (" ".join(_seen(line).split()) for each in words for line in each.split("\n"))
    return "\n".join(line for line in tidy if line)


def as_drawn(text: str) -> str:
    """Return a text in normal form as a page draws it: without blanks, and with ligatures such as "ﬁ" as two letters.

    For formats such as PDF, which place glyphs: neither can be read back from them.
    """
    return _JOINED.sub(lambda sign: unicodedata.normalize("NFKC", sign[0]), "".join(text.split()))


def _seen(line: str) -> str:
    if line.isascii() and line.isprintable():
        return line
    return "".join(sign for sign in line if unicodedata.category(sign) not in {"Cc", "Cf", "Cs"} or sign == "\t")


def _forbidden(sign: str) -> bool:
    return sign in _NO_CHARACTERS or unicodedata.category(sign) in {"Cc", "Cs"}


def _blocks(lines: list[str]) -> Iterator[Block]:
    at = 0
    while at < len(lines):
        if heading := _HEADING.match(lines[at]):
            yield HeadingBlock(len(heading[1]), lines[at][heading.end() :].strip())
            at += 1
            continue
        kind = _kind(lines, at)
        end = _end(lines, at, kind)
        if kind != "gap":
            yield _block(kind, lines[at:end])
        at = end


def _end(lines: list[str], at: int, kind: str) -> int:
    """Return where the block that begins at a line ends.

    An empty line ends it, unless it is a list and what follows is indented further than its first item.
    """
    end = _end_of_lines(lines, at, kind)
    while kind == "list":
        below = next((n for n in range(end, len(lines)) if lines[n].strip()), len(lines))
        if below == len(lines) or _kind(lines, below) != "list" or _indent(lines[below]) <= _indent(lines[at]):
            break
        end = _end_of_lines(lines, below, kind)
    return end


def _end_of_lines(lines: list[str], at: int, kind: str) -> int:
    return next((n for n in range(at + 1, len(lines)) if _kind(lines, n, kind) != kind), len(lines))


def _kind(lines: list[str], at: int, before: str = "") -> str:
    line = lines[at]
    if not line.strip():
        return "gap"
    if _ROW.match(line) and (before == "table" or (at + 1 < len(lines) and _DASHES.match(lines[at + 1]))):
        return "table"
    signs = (("heading", _HEADING), ("list", _BULLET), ("list", _NUMBER), ("quote", _QUOTE))
    return next((kind for kind, sign in signs if sign.match(line)), "words")


def _block(kind: str, lines: list[str]) -> Block:
    if kind == "table":
        header, *rows = [_cells(line) for line in lines if not _DASHES.match(line)]
        wide = max(map(len, (header, *rows)))
        padded = [(*row, *([""] * (wide - len(row)))) for row in (header, *rows)]
        return TableBlock(padded[0], tuple(padded[1:]))
    if kind == "list":
        return ListBlock(_items([line for line in lines if line.strip()], 1))
    if kind == "quote":
        return ParagraphBlock(tuple(_QUOTE.sub("", line).strip() for line in lines), quoted=True)
    return ParagraphBlock(tuple(line.strip() for line in lines))


def _items(lines: list[str], depth: int) -> tuple[ListItem, ...]:
    """Return the items of a level; what is indented further than the first one belongs to the item above it."""
    outer = _indent(lines[0])
    begins = [n for n, line in enumerate(lines) if _indent(line) <= outer or depth == DEEPEST]
    ends = [*begins[1:], len(lines)]
    return tuple(_item(lines[begin:end], depth) for begin, end in zip(begins, ends, strict=True))


def _item(lines: list[str], depth: int) -> ListItem:
    number = _NUMBER.match(lines[0])
    words = lines[0].strip() if number else _BULLET.sub("", lines[0]).strip()
    return ListItem(words, number[1] if number else "", _items(lines[1:], depth + 1) if lines[1:] else ())


def _indent(line: str) -> int:
    tabbed = line.expandtabs(4)
    return len(tabbed) - len(tabbed.lstrip())


def _cells(line: str) -> tuple[str, ...]:
    inside = line.strip().removeprefix("|").removesuffix("|")
    return tuple(cell.strip().replace("\\|", "|") for cell in _BAR.split(inside))
