"""Ranking of passages: two rankings fused, pages that are not current discounted, and a share for attached files."""

import heapq
import math
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from humphrey.documents.model import Imprint
from humphrey.search.model import Hit

POOL, BY_WORDS = 100, 20
"""How many passages take part in fusing: the best by meaning, and the best by words."""


# The share of words in the fused score: this much, and more the more of the query's words the best passage has, up to a
# limit. A short query asks with the words of its passage; hardly any passage has many words of a long story.
_LEAST_WORDS, _WORDS_BY_BEST, _MOST_WORDS = 0.2, 1.2, 0.65


# Weight of a page's bonus for each passage that was found of it up to three, and beside them (docs/adr/0006).
_PAGE_EACH, _PAGE_ANY, _PAGE_BEST = 0.1, 0.6, 3


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

    The best 100 by meaning and the best 20 by words take part. Both scores of each are expressed in standard
    deviations, because cosines and BM25 scores differ in size and spread, and weighted. How much the words count
    depends on how many of the query's the best passage has. Each passage also gets a bonus: the mean score of the best
    three passages of its page, weighted by how many take part. So a page whose passages do well rises as a whole, and
    a page with a single short passage is hardly at a disadvantage.

    Args:
        dense: similarity of each passage by meaning; higher is better.
        keyword: share of the query's words that each passage has, from 0.0 to 1.0.
        page: returns the page of a passage.
    """
    near, worded = _best(dense, POOL), _best(keyword, BY_WORDS if dense else POOL)
    keys = list(dict.fromkeys((*near, *worded)))
    words = min(_MOST_WORDS, _LEAST_WORDS + _WORDS_BY_BEST * max(keyword.values(), default=0.0))
    # A passage without a vector as yet counts like the last one by meaning.
    meanings = _standardised([dense.get(key, dense[near[-1]] if near else 0.0) for key in keys])
    shares = _standardised([keyword.get(key, 0.0) for key in keys])
    both = zip(keys, meanings, shares, strict=True)
    scores = {key: (1 - words) * meaning + words * word for key, meaning, word in both}
    bonus = _page_bonus(scores, page)
    return _above_zero({key: score + bonus[page(key)] for key, score in scores.items()})


def discounted(score: float, imprint: Imprint) -> float:
    """Return the score of a passage, lowered if its publisher no longer maintains the page."""
    return score * (1 if imprint.state == "current" else _NOT_CURRENT)


def is_about_files(query: str, names: Iterable[str]) -> bool:
    """Return whether a query refers to attached files, by a word such as "attached" or by a file's name."""
    if _ABOUT_FILES.search(query):
        return True
    words = f" {_SEPARATORS.sub(' ', query.casefold())} "
    stems = (_SEPARATORS.sub(" ", name.rpartition(".")[0].casefold() or name.casefold()).strip() for name in names)
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


def _best(ranking: Mapping[Key, float], most: int) -> list[Key]:
    return heapq.nlargest(most, ranking, key=ranking.__getitem__)


def _standardised(values: Sequence[float]) -> list[float]:
    """Return values in standard deviations from their mean; zeros if they are all equal."""
    mean = sum(values) / max(len(values), 1)
    spread = math.sqrt(sum((value - mean) ** 2 for value in values) / max(len(values), 1))
    return [(value - mean) / spread if spread else 0.0 for value in values]


def _page_bonus(scores: Mapping[Key, float], page: Callable[[Key], Hashable]) -> dict[Hashable, float]:
    pages: dict[Hashable, list[float]] = defaultdict(list)
    for key, score in scores.items():
        pages[page(key)].append(score)
    best = {name: heapq.nlargest(_PAGE_BEST, found) for name, found in pages.items()}
    return {name: (_PAGE_ANY + _PAGE_EACH * len(found)) * sum(found) / len(found) for name, found in best.items()}


def _above_zero(scores: Mapping[Key, float]) -> list[tuple[Key, float]]:
    """Return the scores, best first, raised so that the lowest is 1.0: `discounted` lowers only what is above zero."""
    raised = 1.0 - min(scores.values(), default=0.0)
    return sorted(((key, score + raised) for key, score in scores.items()), key=lambda pair: -pair[1])
