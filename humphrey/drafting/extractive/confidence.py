"""Confidence that what was found answers the question: five signs of the search in a logistic score.

No model is asked whether it knows. The strongest sign is how near the nearest statement is. The next is whether the
question's words are those of one page and its headings. `evals/answers` fits the weights, on questions whose page was
indexed and the same questions with it taken away.
"""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from humphrey.search.model import Hit
from humphrey.search.queries import content_words

NOT_ANSWERED = 0.3
"""Below this confidence the guidance does not answer."""


ANSWERED = 0.6
"""From this confidence on it answers.

Between the two, the nearest statements are shown as a possible part of the answer.
"""


OFF_SUBJECT = 0.32
"""Below this cosine the nearest statement is about something else, even if it shares words."""


# How many of the best hits are compared with the situation by title and headings.
_HEADED = 3


# Words of substance of a case told in a sentence or two. A shorter question has the words of a heading; in a longer one
# something is near to almost any page.
_TOLD = range(7, 17)


@dataclass(frozen=True)
class ConfidenceFeatures:
    """Signs of a search, each from 0.0 to 1.0.

    Attributes:
        nearness: the cosine of the nearest statement to the whole situation.
        said: the share of the situation's words in the passage that has most of them.
        headed: the share of words in a best hit's title and headings that the situation contains.
        gathered: the share of the text found that is of the best hit's page.
        told: 1.0 for a case told in a sentence or two, or a question that goes on from one; otherwise 0.0.
    """

    nearness: float
    said: float
    headed: float
    gathered: float
    told: float = 0.0


# Printed by `python -m evals answers --fit`: logistic regression over three sets of questions that count alike, with
# the weights held towards 0.
_WEIGHTS = ConfidenceFeatures(nearness=10.59, said=3.49, headed=1.05, gathered=2.08, told=1.2)


_BIAS = -8.84


def confidence(signs: ConfidenceFeatures) -> float:
    """Return the confidence that the hits answer, from 0.0 to 1.0; 0.0 if nothing is near."""
    if signs.nearness < OFF_SUBJECT:
        return 0.0
    weighed = sum(weight * sign for weight, sign in zip(astuple(_WEIGHTS), astuple(signs), strict=True))
    return 1 / (1 + math.exp(-weighed - _BIAS))


def confidence_features(situation: str, hits: Sequence[Hit], nearness: float) -> ConfidenceFeatures:
    """Return the signs of what was found for a question.

    Args:
        situation: everything that was said, earlier questions included.
        hits: what was found, best first; at least one.
        nearness: the cosine of the nearest statement to the situation.
    """
    query_words = set(content_words(situation))
    names = [set(content_words(" ".join((hit.imprint.title, *hit.passage.section)))) for hit in hits]
    held = [set(content_words(hit.passage.text)) | name for hit, name in zip(hits, names, strict=True)]
    sizes = [len(hit.passage.text) for hit in hits]
    same = sum(size for hit, size in zip(hits, sizes, strict=True) if hit.imprint.title == hits[0].imprint.title)
    return ConfidenceFeatures(
        nearness,
        max(_share(query_words, has) for has in held),
        max(_share(name, query_words) for name in names[:_HEADED]),
        same / max(sum(sizes), 1),
        float(len(query_words) in _TOLD),
    )


def _share(part: set[str], whole: set[str]) -> float:
    return len(part & whole) / max(len(part), 1)
