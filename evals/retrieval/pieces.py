"""The result of every retriever in one form, so that all are judged alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """A piece of a document as a retriever shows it: for humphrey, a passage below its headings."""

    document: str
    text: str


Find = Callable[[str], Sequence[Piece]]
"""Return the pieces found for a question, best first."""


@dataclass(frozen=True)
class Way:
    """One retriever: its name, all its pieces, and how it searches."""

    name: str
    pieces: Sequence[Piece]
    find: Find
