"""How sure it is that what was found answers: a few signs of the search, weighed as they were fitted.

No model says whether it knows. What tells most is how near the nearest statement comes, and whether the question's
words are those of one page and of its headings. The weights are fitted by `evals/answers`, on questions whose page was
there and on the same questions with the page taken away.
"""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from humphrey.core.queries import content
from humphrey.core.search import Hit

NOT_ANSWERED = 0.3
"""Below this the guidance does not answer."""

ANSWERED = 0.6
"""From this on it does; between the two, what comes nearest is shown as perhaps a part of the answer."""

OFF_SUBJECT = 0.32
"""Below this cosine the nearest statement is about something else, whatever words it shares."""

_HEADED = 3


@dataclass(frozen=True)
class Signs:
    """What a search tells about itself, each from 0.0 to 1.0.

    Attributes:
        nearness: the cosine of the nearest statement to the whole situation.
        said: the share of the situation's words that the passage with most of them has.
        headed: the share of a best passage's title and headings that the situation says.
        gathered: the share of what was found that is of one page with the best passage.
    """

    nearness: float
    said: float
    headed: float
    gathered: float


_WEIGHTS = Signs(nearness=10.59, said=3.49, headed=1.05, gathered=2.08)
_BIAS = -8.84


def confidence(signs: Signs) -> float:
    """How sure it is that what was found answers, from 0.0 to 1.0; 0.0 where nothing is near."""
    if signs.nearness < OFF_SUBJECT:
        return 0.0
    weighed = sum(weight * sign for weight, sign in zip(astuple(_WEIGHTS), astuple(signs), strict=True))
    return 1 / (1 + math.exp(-weighed - _BIAS))


def signs_of(situation: str, hits: Sequence[Hit], nearness: float) -> Signs:
    """The signs of what was found for a question.

    Args:
        situation: everything that was said, earlier questions included.
        hits: what was found, best first; at least one.
        nearness: the cosine of the nearest statement to the situation.
    """
    sought = set(content(situation))
    names = [set(content(" ".join((hit.imprint.title, *hit.passage.section)))) for hit in hits]
    held = [set(content(hit.passage.text)) | name for hit, name in zip(hits, names, strict=True)]
    sizes = [len(hit.passage.text) for hit in hits]
    same = sum(size for hit, size in zip(hits, sizes, strict=True) if hit.imprint.title == hits[0].imprint.title)
    return Signs(
        nearness,
        max(_share(sought, has) for has in held),
        max(_share(name, sought) for name in names[:_HEADED]),
        same / max(sum(sizes), 1),
    )


def _share(part: set[str], whole: set[str]) -> float:
    return len(part & whole) / max(len(part), 1)
