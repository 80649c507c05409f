"""Quality of a ranking, with its uncertainty.

A ranking is a list of whether each place is right. Figures of many questions are means with bootstrap intervals from a
fixed seed, so that two runs print the same.
"""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

import numpy as np
from numpy.typing import NDArray

DEPTH = 10


_DRAWN = 2000


_SEED = 20261123


@dataclass(frozen=True)
class Scores:
    """One question's figures, each from 0.0 to 1.0."""

    hit_1: float
    hit_5: float
    recall_10: float
    ndcg_10: float


@dataclass(frozen=True)
class Interval:
    """A mean and its 95% bootstrap interval over the questions."""

    mean: float
    low: float
    high: float


MEASURES = tuple(field.name for field in fields(Scores))


def scored(right: Sequence[bool], recall: float, most_right: int) -> Scores:
    """Return one question's figures.

    Args:
        right: whether each place of the ranking is right, best first.
        recall: the share of what was to be found that the first ten places have.
        most_right: how many places could be right at best; at least 1.
    """
    return Scores(float(any(right[:1])), float(any(right[:5])), recall, ndcg(right, most_right))


def ndcg(right: Sequence[bool], most_right: int) -> float:
    """Return nDCG@10: right places among the first ten, discounted by rank, as a share of the best possible.

    The place `n`, counted from 1, is worth 1 / log2(n + 1); if nothing was to be found, the result is 0.0.
    """
    gained = sum(_worth(n) for n, each in enumerate(right[:DEPTH], start=1) if each)
    best = sum(_worth(n) for n in range(1, min(most_right, DEPTH) + 1))
    return gained / best if best else 0.0


def summed(scores: Sequence[Scores]) -> dict[str, Interval]:
    """Return each measure's mean over the questions, with its interval."""
    table = np.array([astuple(each) for each in scores])
    return {name: interval(table[:, n]) for n, name in enumerate(MEASURES)}


def interval(figures: NDArray[np.float64]) -> Interval:
    """Return the mean of one figure a question, with its percentile bootstrap interval.

    For the interval of a difference, pass the differences.
    """
    drawn = np.random.default_rng(_SEED).integers(0, len(figures), (_DRAWN, len(figures)))
    low, high = np.percentile(figures[drawn].mean(axis=1), [2.5, 97.5])
    return Interval(round(float(figures.mean()), 4), round(float(low), 4), round(float(high), 4))


def _worth(place: int) -> float:
    return 1 / math.log2(place + 1)
