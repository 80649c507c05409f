"""Ranking of passages: two rankings fused, pages that are not current discounted, and a share for attached files."""

import heapq
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from humphrey.documents.model import DocumentState
from humphrey.search.model import Hit
from humphrey.text.sentences import folded

POOL = 100
"""How many passages of each ranking take part in fusing, the best ones."""


# Weights of meaning and of words (docs/adr/0006).
_DENSE, _KEYWORD = 0.6, 0.4


# Weight of a page's bonus, and how many of its best passages the bonus averages (docs/adr/0006).
_PAGE, _PAGE_BEST = 0.8, 3


_NOT_CURRENT = 0.5
"""Factor for a passage of a page that is superseded, moved or withdrawn: a current one half as good ranks above it."""


# Names such as "a.pdf" have a stem so short that it would match ordinary words.
_SHORTEST_NAME = 4


# "attached" alone refers to the files; a bare "letter" may be one to write, so such nouns need "this", "my" or "our".
_ABOUT_FILES = re.compile(
    r"\b(?:attach(?:ed|ments?)|enclos(?:ed|ures?)|upload(?:ed|s)?)\b"
    r"|\b(?:this|these|that|those|my|our|the)\s+(?:\w+\s+)?(?:documents?|files?|pdfs?)\b"
    r"|\b(?:this|these|my|our)\s+(?:\w+\s+)?(?:papers?|reports?|letters?|notes?|minutes|submissions?|e-?mails?|drafts?"
    r"|briefings?|contracts?|polic(?:y|ies)|texts?)\b",
    re.IGNORECASE,
)


# Everything that separates words in file names, such as "-", "_" and ".".
_SEPARATORS = re.compile(r"[\W_]+")


Key = TypeVar("Key", bound=Hashable)


def fuse(
    dense: Mapping[Key, float], keyword: Mapping[Key, float], page: Callable[[Key], Hashable]
) -> list[tuple[Key, float]]:
    """Return one ranking from two, best first; ties keep the order of the dense, then of the keyword ranking.

    The best 100 of each ranking are scaled to 0.0-1.0, because cosines and BM25 scores differ in size, and weighted.
    Each passage also gets a bonus: the mean score of the best three passages of its page, weighted. So a page whose
    passages do well rises as a whole, and a page with a single short passage is at no disadvantage.

    Args:
        dense: similarity of each passage by meaning; higher is better.
        keyword: score of each passage by its words; higher is better.
        page: returns the page of a passage.
    """
    sides = ((_DENSE, _scaled(dense)), (_KEYWORD, _scaled(keyword)))
    scores: dict[Key, float] = defaultdict(float)
    for weight, side in sides:
        for key, score in side.items():
            scores[key] += weight * score
    bonus = _page_bonus(scores, page)
    return sorted(((key, score + bonus[page(key)]) for key, score in scores.items()), key=lambda pair: -pair[1])


def discounted(score: float, state: DocumentState) -> float:
    """Return the score of a passage, lowered if its publisher no longer maintains the page."""
    return score * (1 if state == "current" else _NOT_CURRENT)


def is_about_files(query: str, names: Iterable[str]) -> bool:
    """Return whether a query refers to attached files, by a word such as "attached" or by a file's name."""
    if _ABOUT_FILES.search(query):
        return True
    words = f" {_SEPARATORS.sub(' ', folded(query))} "
    stems = (_SEPARATORS.sub(" ", folded(name.rpartition(".")[0] or name)).strip() for name in names)
    return any(len(stem) >= _SHORTEST_NAME and f" {stem} " in words for stem in stems)


def share_for_files(hits: Sequence[Hit], own: Collection[str], limit: int, *, first: bool) -> list[Hit]:
    """Return the best hits, best first, with a share for the asker's own documents.

    Args:
        hits: the hits, best first.
        own: the ids of the asker's own documents.
        limit: the most hits to return.
        first: own documents come before all others and get two thirds of the hits; otherwise they get up to half.
    """
    ours = [hit for hit in hits if hit.passage.document in own]
    others = [hit for hit in hits if hit.passage.document not in own]
    if first:
        most = min(len(others), limit // 3)
        chosen, rest = ours[: limit - most], others[:most]
        # The scores are raised too, so that sorting by score keeps this order.
        lift = max((hit.score for hit in rest), default=0.0)
        return [*(replace(hit, score=hit.score + lift) for hit in chosen), *rest]
    share = ours[: max(1, limit // 2)]
    best = {id(hit): hit for hit in (*share, *hits)}
    chosen = list(best.values())[:limit]
    return sorted(chosen, key=lambda hit: -hit.score)


def _scaled(ranking: Mapping[Key, float]) -> dict[Key, float]:
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
