"""An extractive summary: the few sentences of a text that stand for all the others, chosen by their meaning.

Embedding all of a long text would take too long, so word scores first select some sentences of every stretch. Their
embeddings then select those that are near the subject and together near all of the text. No third of the text is left
out.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from humphrey.documents.model import Document
from humphrey.drafting.extractive.selection import Embed
from humphrey.drafting.own_texts.statements import Statement, display_text, statements_of, summary_length
from humphrey.search.queries import content_words

Scores = NDArray[np.float64]


# Of a long text 16 x 6 statements are embedded: six of each stretch give as good a summary as eight, in three quarters
# of the time.
_STRETCHES, _EACH, _BATCH = 16, 6, 32


_THIRDS = 3


# These weights were set on one half of the texts of `python -m evals summaries`; its figures are of the other half.
_CENTRAL, _SUBJECT, _COVER, _REPEATS = 2.0, 1.5, 1.0, 0.75


_FIRST_OF_SECTION, _EARLY, _HANGS = 0.3, 0.5, 0.25


_SHORT_TEXT = 30
"""Most statements of a text that states its subject at the beginning; in longer texts an early place counts less."""


_SAME = 0.85
"""Above this cosine, two statements say the same."""


# Openings that refer back to a sentence which the summary may lack.
_HANGING = re.compile(
    r"(?:this|these|those|they|it|he|she|however|therefore|but|and|also|such|in addition|additionally|similarly"
    r"|for (?:example|instance)|finally|furthermore|moreover|instead|otherwise|the (?:latter|former)|as a result"
    r"|again)\b",
    re.IGNORECASE,
)


class ExtractiveSummariser:
    """Selects the statements that sum up a text. It has no state, so one instance serves all texts at once."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed

    def __call__(
        self, document: Document, on_progress: Callable[[], None], wanted: int | None = None
    ) -> list[Statement]:
        """Return the statements that sum up a document, in its order; all if it has few, empty if it has none.

        Args:
            document: a stored or a pasted text.
            wanted: how many statements; None for a number that fits the length of the text.
            on_progress: called between batches of work; an exception that it raises ends the work.
        """
        told = statements_of(document)
        count = wanted or summary_length(len(told))
        if len(told) <= count:
            return told
        early = _EARLY * min(1.0, _SHORT_TEXT / len(told))
        told = _shortlist(document, told)
        texts = [display_text(one.span.of(document.text)) for one in told]
        vectors = self._vectors([document.imprint.title, *texts], on_progress)
        alike = np.clip(vectors[1:] @ vectors[1:].T, 0, 1)
        # A pasted text has no id and only a stock title, so nearness to its title says nothing.
        near = vectors[1:] @ vectors[0] if document.id else np.zeros(len(told))
        merit = _CENTRAL * _stretched(alike.mean(axis=1)) + _SUBJECT * _stretched(near) + _form(told, texts, early)
        return [told[n] for n in sorted(_chosen([one.place for one in told], merit, alike, count))]

    def _vectors(self, texts: Sequence[str], on_progress: Callable[[], None]) -> Scores:
        batches = []
        for first in range(0, len(texts), _BATCH):
            on_progress()
            batches.append(self._embed(texts[first : first + _BATCH]))
        return np.concatenate(batches).astype(np.float64)


def _shortlist(document: Document, told: Sequence[Statement]) -> list[Statement]:
    """Return the statements of each stretch with the best word scores, as many as there is time to embed."""
    if len(told) <= _STRETCHES * _EACH:
        return list(told)
    scores = _word_scores(
        [content_words(one.span.of(document.text)) for one in told], content_words(document.imprint.title)
    )
    kept: list[int] = []
    for n in range(_STRETCHES):
        stretch = range(n * len(told) // _STRETCHES, (n + 1) * len(told) // _STRETCHES)
        kept += sorted(stretch, key=lambda at: -scores[at])[:_EACH]
    return [told[at] for at in sorted(kept)]


def _word_scores(statements: Sequence[Sequence[str]], title: Sequence[str]) -> list[float]:
    """Return how much each statement shares with all others and with the title; words in many statements count less."""
    # TF-IDF vectors of length 1; their sum gives each one's mean cosine with all of them in linear time.
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
    """Return the merit of each statement apart from its meaning: a bonus if it opens, a penalty if it refers back."""
    return np.array(
        [
            _FIRST_OF_SECTION * (one.nth == 0) + early / (1 + n) - _HANGS * bool(_HANGING.match(text))
            for n, (one, text) in enumerate(zip(told, texts, strict=True))
        ]
    )


def _chosen(places: Sequence[float], merit: Scores, alike: Scores, count: int) -> list[int]:
    """Return positions, the best first: each adds to those before it, and the last ones fill thirds left empty."""
    thirds = np.array([min(_THIRDS - 1, int(place * _THIRDS)) for place in places])
    kept: list[int] = []
    covered = np.zeros(len(places))
    while len(kept) < min(count, len(places)):
        gain = np.maximum(alike, covered).sum(axis=1) - covered.sum()
        repeats = alike[:, kept].max(axis=1) if kept else np.zeros(len(places))
        score = merit + _COVER * gain / (gain.max() or 1.0) - _REPEATS * repeats - 2.0 * (repeats > _SAME)
        score[kept] = -np.inf
        empty = set(map(int, thirds)) - {int(thirds[at]) for at in kept}
        # Every place that is left is needed for a third without a statement.
        if empty and count - len(kept) <= len(empty):
            score[~np.isin(thirds, list(empty))] = -np.inf
        kept.append(int(score.argmax()))
        covered = np.maximum(covered, alike[kept[-1]])
    return kept


def _stretched(scores: Scores) -> Scores:
    """Return the scores scaled to 0.0 to 1.0."""
    stretched: Scores = (scores - scores.min()) / ((scores.max() - scores.min()) or 1.0)
    return stretched
