"""What every way of finding gives, so that all are judged alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """A piece of a document as a way of finding shows it: for humphrey, a passage below its headings."""

    document: str
    text: str


Find = Callable[[str], Sequence[Piece]]
"""The pieces found for a question, best first."""


@dataclass(frozen=True)
class Way:
    """One way of finding: its name, all its pieces, and how it finds."""

    name: str
    pieces: Sequence[Piece]
    find: Find
