"""Finding passages: what a search returns, and how two rankings become one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from humphrey.core.guidance import Imprint, Passage


@dataclass(frozen=True)
class Hit:
    """A passage that was found. `score` compares within one list only; the best hit has the highest."""

    passage: Passage
    imprint: Imprint
    score: float


class Search(Protocol):
    """Finds passages for a query."""

    def __call__(self, query: str, limit: int) -> Sequence[Hit]:
        """Best hits first, at most `limit` of them; empty when nothing matches."""
