"""A summary in a text's own sentences: the few that stand for all the others, chosen by what they mean.

Every stretch of a text has its say. To embed all of a long one would take too long, so words choose some sentences of
each stretch first. Meaning then chooses those near the subject that together come near all that is said, and no third
of the text is left out.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from humphrey.adapters.choosing import Embed
from humphrey.core.guidance import Document
from humphrey.core.queries import content
from humphrey.core.summaries import Statement, how_many, shown, statements_of

Scores = NDArray[np.float64]

_STRETCHES, _EACH, _BATCH = 16, 6, 32
_THIRDS = 3
# Set on one half of the texts that `python -m evals summaries` measures; its figures are of the other half.
_CENTRAL, _SUBJECT, _COVER, _REPEATS = 2.0, 1.5, 1.0, 0.75
_FIRST_OF_SECTION, _EARLY, _HANGS = 0.3, 0.5, 0.25
_SHORT_TEXT = 30
"""Statements of a text that mostly says at its beginning what it is about."""

_SAME = 0.85
"""From this cosine on, two statements say the same."""

_HANGING = re.compile(
    r"(?:this|these|those|they|it|he|she|however|therefore|but|and|also|such|in addition|additionally|similarly"
    r"|for (?:example|instance)|finally|furthermore|moreover|instead|otherwise|the (?:latter|former)|as a result"
    r"|again)\b",
    re.IGNORECASE,
)


class Extractor:
    """Chooses the statements that sum up a text; holds nothing, so one serves every text at once."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed

    def __call__(self, document: Document, heed: Callable[[], None]) -> list[Statement]:
        """The statements that sum up a document, in its order; all it has where they are few, none where it has none.

        Args:
            document: stored, or pasted.
            heed: called between batches of work; what it raises ends the work.
        """
        told = statements_of(document)
        count = how_many(len(told))
        if len(told) <= count:
            return told
        early = _EARLY * min(1.0, _SHORT_TEXT / len(told))
        told = _shortlist(document, told)
        texts = [shown(one.span.of(document.text)) for one in told]
        vectors = self._vectors([document.imprint.title, *texts], heed)
        alike = np.clip(vectors[1:] @ vectors[1:].T, 0, 1)
        near = vectors[1:] @ vectors[0] if document.id else np.zeros(len(told))
        merit = _CENTRAL * _stretched(alike.mean(axis=1)) + _SUBJECT * _stretched(near) + _form(told, texts, early)
        return [told[n] for n in sorted(_chosen([one.place for one in told], merit, alike, count))]

    def _vectors(self, texts: Sequence[str], heed: Callable[[], None]) -> Scores:
        batches = []
        for first in range(0, len(texts), _BATCH):
            heed()
            batches.append(self._embed(texts[first : first + _BATCH]))
        return np.concatenate(batches).astype(np.float64)


def _shortlist(document: Document, told: Sequence[Statement]) -> list[Statement]:
    """The most telling statements of each stretch of a text, by their words: as many as there is time to embed."""
    if len(told) <= _STRETCHES * _EACH:
        return list(told)
    scores = _told_by_words([content(one.span.of(document.text)) for one in told], content(document.imprint.title))
    kept: list[int] = []
    for n in range(_STRETCHES):
        stretch = range(n * len(told) // _STRETCHES, (n + 1) * len(told) // _STRETCHES)
        kept += sorted(stretch, key=lambda at: -scores[at])[:_EACH]
    return [told[at] for at in sorted(kept)]


def _told_by_words(statements: Sequence[Sequence[str]], title: Sequence[str]) -> list[float]:
    """How much each statement shares with all the others and with the title, by words that are not in all of them."""
    held = Counter(word for words in statements for word in set(words))
    weighed: list[dict[str, float]] = []
    for words in statements:
        weights = {
            word: (1 + math.log(n)) * math.log(1 + len(statements) / held[word]) for word, n in Counter(words).items()
        }
        length = math.hypot(*weights.values()) or 1.0
        weighed.append({word: weight / length for word, weight in weights.items()})
    total: Counter[str] = Counter()
    for weights in weighed:
        total.update(weights)
    shared = [sum(weight * total[word] for word, weight in weights.items()) / len(weighed) for weights in weighed]
    return [score + 0.02 * len(set(title) & weights.keys()) for score, weights in zip(shared, weighed, strict=True)]


def _form(told: Sequence[Statement], texts: Sequence[str], early: float) -> Scores:
    """What speaks for a statement beside its meaning: it opens a section or the text, and does not hang on another."""
    return np.array(
        [
            _FIRST_OF_SECTION * (one.nth == 0) + early / (1 + n) - _HANGS * bool(_HANGING.match(text))
            for n, (one, text) in enumerate(zip(told, texts, strict=True))
        ]
    )


def _chosen(places: Sequence[float], merit: Scores, alike: Scores, count: int) -> list[int]:
    """The best, one after another: each adds something to those before it, and the last fill thirds left empty."""
    thirds = np.array([min(_THIRDS - 1, int(place * _THIRDS)) for place in places])
    kept: list[int] = []
    covered = np.zeros(len(places))
    while len(kept) < min(count, len(places)):
        gain = np.maximum(alike, covered).sum(axis=1) - covered.sum()
        repeats = alike[:, kept].max(axis=1) if kept else np.zeros(len(places))
        score = merit + _COVER * gain / (gain.max() or 1.0) - _REPEATS * repeats - 2.0 * (repeats > _SAME)
        score[kept] = -np.inf
        empty = set(map(int, thirds)) - {int(thirds[at]) for at in kept}
        if empty and count - len(kept) <= len(empty):
            score[~np.isin(thirds, list(empty))] = -np.inf
        kept.append(int(score.argmax()))
        covered = np.maximum(covered, alike[kept[-1]])
    return kept


def _stretched(scores: Scores) -> Scores:
    """The scores between 0.0 and 1.0."""
    stretched: Scores = (scores - scores.min()) / ((scores.max() - scores.min()) or 1.0)
    return stretched
