"""Splitting of a line at its citation marks, for file formats in which a mark links to its note."""

import re
from collections.abc import Collection
from dataclasses import dataclass

# One to three digits, so that a year in brackets stays text. The group makes `split` return the marks too.
_MARKER = re.compile(r"(\[\d{1,3}\])")


@dataclass(frozen=True)
class TextPart:
    """A piece of a line; `marker` is the number of the citation it links to, empty for plain text."""

    words: str
    marker: str = ""


def split_at_marks(line: str, markers: Collection[str]) -> list[TextPart]:
    """Split a line into pieces, keeping every word in order.

    Args:
        line: the text.
        markers: the numbers that have a note; any other bracketed number stays plain text.
    """
    pieces = [piece for piece in _MARKER.split(line) if piece]
    return [TextPart(piece, _number(piece, markers)) for piece in pieces]


def _number(piece: str, markers: Collection[str]) -> str:
    number = piece[1:-1] if _MARKER.fullmatch(piece) else ""
    return number if number in markers else ""
