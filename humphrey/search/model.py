"""Finding passages: what a search returns, and how two rankings become one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from humphrey.documents.audiences import Audience
from humphrey.documents.model import Imprint, Passage


@dataclass(frozen=True)
class Hit:
    """A passage that was found. `score` compares within one list only; the best hit has the highest."""

    passage: Passage
    imprint: Imprint
    score: float


@dataclass(frozen=True)
class Indexed:
    """A passage in an index; `words` is what is embedded and ranked: page title, section and text."""

    passage: Passage
    words: str


def indexed(title: str, passage: Passage) -> Indexed:
    """The passage with its words: its page and section say what a passage is about that does not say so itself."""
    return Indexed(passage, f"{' > '.join((title, *passage.section))}. {passage.text}")


@dataclass(frozen=True)
class PassageLocation:
    """Where a passage stands: its document in one version, its number, and its characters there; without its words."""

    document: str
    version: str
    n: int
    start: int
    end: int
    section: tuple[str, ...]


@dataclass(frozen=True)
class IndexState:
    """A document as an index should have it: another `stamp` means other passages, `passages` says how many."""

    document: str
    stamp: str
    passages: int
    audience: Audience


class Search(Protocol):
    """Finds passages for a query."""

    def __call__(self, query: str, limit: int, groups: Collection[str] = ()) -> Sequence[Hit]:
        """Best hits first, at most `limit` of them; empty when nothing matches.

        Args:
            query: what is looked for.
            limit: the most hits.
            groups: those of the person who searches; nothing is found that they may not read.
        """
