"""Scores: whether a quotation contains the answer, and how well a confidence tells answerable from unanswerable."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from evals.retrieval.matching import HOLDS, pairs, share

_LEAST_WORDS = 5


def holds(quotation: str, gold: Iterable[str]) -> bool:
    """Return whether a quotation contains an answer, or is most of it; a line of a few words is part of anything."""
    quoted = pairs(quotation)
    long = len(quotation.split()) >= _LEAST_WORDS
    return any(share(pairs(text), quoted) >= HOLDS or (long and share(quoted, pairs(text)) >= HOLDS) for text in gold)


def auroc(scores: Sequence[float], right: Sequence[bool]) -> float:
    """Return the chance that something right scores above something that is not; equal scores count half (AUC).

    Args:
        scores: one each.
        right: which of them are; some must be, and some not.
    """
    values, wanted = np.asarray(scores, dtype=float), np.asarray(right, dtype=bool)
    above, below = values[wanted], values[~wanted]
    wins = (above[:, None] > below[None, :]).sum() + 0.5 * (above[:, None] == below[None, :]).sum()
    return float(wins / (len(above) * len(below)))


def fitted(
    signs: NDArray[np.float64], right: NDArray[np.bool_], weights: NDArray[np.float64], held: float
) -> tuple[NDArray[np.float64], float]:
    """Return the weights and the bias of a logistic score, by Newton's method.

    Args:
        signs: a row for each case.
        right: which of them should score high.
        weights: how much each case counts.
        held: strength of the pull of the weights towards 0 (ridge penalty), in units of a sign's standard deviation.
    """
    mean, deviation = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    rows = np.c_[(signs - mean) / deviation, np.ones(len(signs))]
    hold = held * np.diag([*np.ones(signs.shape[1]), 0.0])
    found = np.zeros(rows.shape[1])
    for _ in range(_ROUNDS):
        likely = 1 / (1 + np.exp(-rows @ found))
        slope = rows.T @ (weights * (likely - right)) + hold @ found
        curve = (rows * (weights * likely * (1 - likely))[:, None]).T @ rows + hold
        found = found - np.linalg.solve(curve, slope)
    own = found[:-1] / deviation
    return own, float(found[-1] - own @ mean)


_ROUNDS = 30
