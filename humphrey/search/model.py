"""Values of search: hits, indexed passages, and the protocol of a search."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from humphrey.documents.audiences import EVERYONE, Audience
from humphrey.documents.model import Imprint, Passage


@dataclass(frozen=True)
class Hit:
    """A passage that was found. Scores are comparable within one list only; higher is better.

    `audience` is who may read its document.
    """

    passage: Passage
    imprint: Imprint
    score: float
    audience: Audience = EVERYONE


@dataclass(frozen=True)
class Indexed:
    """A passage in an index; `words` is the text that is embedded and ranked: page title, section and passage."""

    passage: Passage
    words: str


def indexed(title: str, passage: Passage) -> Indexed:
    """Return a passage with its words; title and section come first, because they may name its subject alone."""
    return Indexed(passage, f"{' > '.join((title, *passage.section))}. {passage.text}")


@dataclass(frozen=True)
class PassageLocation:
    """The location of a passage without its text: document and version, its number, its first character and its end."""

    document: str
    version: str
    n: int
    start: int
    end: int
    section: tuple[str, ...]


@dataclass(frozen=True)
class IndexState:
    """The state of a document in an index; another `stamp` means other passages, `passages` is their number."""

    document: str
    stamp: str
    passages: int
    audience: Audience


class Search(Protocol):
    """Finds passages for a query."""

    def __call__(self, query: str, limit: int, groups: Collection[str] = ()) -> Sequence[Hit]:
        """Return the best hits, best first, at most `limit`; empty if nothing matches.

        Args:
            query: the query.
            limit: the most hits.
            groups: the groups of the person who searches; documents that they may not read are never returned.
        """
