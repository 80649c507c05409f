"""Finding passages: what a search returns, and how two rankings become one."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

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


POOL = 100
"""How many of each ranking's best take part in fusing."""


_DENSE, _KEYWORD = 0.6, 0.4


_PAGE, _PAGE_BEST = 0.8, 3


Key = TypeVar("Key", bound=Hashable)


def fuse(
    dense: Mapping[Key, float], keyword: Mapping[Key, float], page: Callable[[Key], Hashable]
) -> list[tuple[Key, float]]:
    """One ranking from two, best first; equals stay in the order of the dense ranking, then of the keyword one.

    Each side's 100 best are brought to 0.0-1.0, since cosines and BM25 scores are of different sizes, and weighted.
    A page whose passages do well raises all of them, by the mean of the best three that were found: a reader wants the
    right page first. A page of one short passage is not behind for having no more.

    Args:
        dense: similarity of each passage by meaning; higher is better.
        keyword: score of each passage by its words; higher is better.
        page: the page that a passage is of.
    """
    sides = ((_DENSE, _levelled(dense)), (_KEYWORD, _levelled(keyword)))
    scores: dict[Key, float] = defaultdict(float)
    for weight, side in sides:
        for key, score in side.items():
            scores[key] += weight * score
    bonus = _page_bonus(scores, page)
    return sorted(((key, score + bonus[page(key)]) for key, score in scores.items()), key=lambda pair: -pair[1])


def _levelled(ranking: Mapping[Key, float]) -> dict[Key, float]:
    best = heapq.nlargest(POOL, ranking.items(), key=lambda pair: pair[1])
    if not best:
        return {}
    top, bottom = best[0][1], best[-1][1]
    return {key: (score - bottom) / (top - bottom) if top > bottom else 1.0 for key, score in best}


def _page_bonus(scores: Mapping[Key, float], page: Callable[[Key], Hashable]) -> dict[Hashable, float]:
    pages: dict[Hashable, list[float]] = defaultdict(list)
    for key, score in scores.items():
        pages[page(key)].append(score)
    best = {name: heapq.nlargest(_PAGE_BEST, found) for name, found in pages.items()}
    return {name: _PAGE * sum(found) / len(found) for name, found in best.items()}
