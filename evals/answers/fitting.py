"""Fit the weights of `humphrey.drafting.extractive.confidence` on questions with their page and without it.

Each set of questions has equal weight, and in each set the answerable questions weigh as much as the others. So no set
and no share of unanswerable questions decides the threshold.
"""

import random
from collections.abc import Sequence
from dataclasses import astuple, fields

import numpy as np

from evals.answers.guidance import Asked
from evals.answers.scoring import auroc, fitted
from humphrey.drafting.extractive.confidence import ConfidenceFeatures

_SEED = 1


_HELD = 5.0


_COUNTS = 300


Weighed = tuple[ConfidenceFeatures, bool]
"""The signs of one case, and whether it can be answered."""


def sample(questions: Sequence[Asked], most: int) -> list[Asked]:
    """Return all questions that their page does not answer, and a fixed sample of the others."""
    answerable = [each for each in questions if each.answerable]
    random.Random(_SEED).shuffle(answerable)  # noqa: S311 - an even choice, no secret
    return [*(each for each in questions if not each.answerable), *answerable[:most]]


def shown(groups: Sequence[Sequence[Weighed]]) -> str:
    """Return the weights for some sets of cases, in the form of the code, and how well they do on each set."""
    signs = [np.array([astuple(each) for each, _ in cases], dtype=float) for cases in groups]
    right = [np.array([answerable for _, answerable in cases]) for cases in groups]
    counts = [np.where(each, 0.5 / each.sum(), 0.5 / (~each).sum()) * _COUNTS for each in right]
    weights, bias = fitted(np.concatenate(signs), np.concatenate(right), np.concatenate(counts), _HELD)
    named = ", ".join(
        f"{field.name}={weight:.2f}" for field, weight in zip(fields(ConfidenceFeatures), weights, strict=True)
    )
    areas = [f"{100 * auroc(list(rows @ weights), list(each)):.1f}" for rows, each in zip(signs, right, strict=True)]
    return f"_WEIGHTS = Signs({named})\n_BIAS = {bias:.2f}\nAUROC of each set: {', '.join(areas)}"
