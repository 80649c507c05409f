"""The words of a line with the numbers of citations among them, for files in which such a number leads to its note."""

import re
from collections.abc import Collection
from dataclasses import dataclass

_MARKER = re.compile(r"(\[\d{1,3}\])")


@dataclass(frozen=True)
class Part:
    """Words in one piece; `marker` is the number of the citation that they lead to, empty where they lead nowhere."""

    words: str
    marker: str = ""


def parts(line: str, markers: Collection[str]) -> list[Part]:
    """A line in pieces, every word of it, in order.

    Args:
        line: the words.
        markers: the numbers that have a note.
    """
    pieces = [piece for piece in _MARKER.split(line) if piece]
    return [Part(piece, _number(piece, markers)) for piece in pieces]


def _number(piece: str, markers: Collection[str]) -> str:
    number = piece[1:-1] if _MARKER.fullmatch(piece) else ""
    return number if number in markers else ""
