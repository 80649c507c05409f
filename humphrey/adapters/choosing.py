"""Which sentences of the guidance answer a question: chosen by meaning and by words, and quoted as they stand.

Embedding is most of the cost of a question answered offline. So words choose a dozen sentences first, and a sentence
once embedded is remembered.
"""

import math
import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from humphrey.core.evidence import Numbered
from humphrey.core.queries import content
from humphrey.core.sentences import statements, words

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts to unit vectors, one row each."""

_EMBEDDED = 12
_EMBEDDED_WORDS = 60
_REMEMBERED = 4096
_MOST = 4
_LEAST = 2
_NEAR_BEST = 0.82
_ALIKE = 0.7
_POINTING = re.compile(
    r"(?:where to read|further (?:reading|information)|related|this note is a summary|read the original)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Chosen:
    """A statement to quote: the number of its passage, its place there, and its words."""

    n: int
    start: int
    text: str


@dataclass(frozen=True)
class Choice:
    """The statements that answer, in reading order, and how near the nearest comes: a cosine, 1.0 at most."""

    statements: tuple[Chosen, ...]
    cosine: float


@dataclass(frozen=True)
class _Candidate:
    chosen: Chosen
    passage_score: float
    lexical: float


class Chooser:
    """Chooses statements; holds nothing but remembered vectors, so one serves every question at once."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self._known: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def __call__(self, situation: str, question: str, passages: Sequence[Numbered]) -> Choice:
        """The two to four statements of the passages that answer best; none when the passages have no statement.

        Args:
            situation: everything that was said, earlier questions included.
            question: the question alone.
            passages: best first.
        """
        candidates = _candidates(situation, question, passages)
        if not candidates:
            return Choice((), 0.0)
        vectors = self._vectors([situation, question, *(_short(candidate.chosen.text) for candidate in candidates)])
        whole, asked = vectors[2:] @ vectors[0], vectors[2:] @ vectors[1]
        lexical = np.array([candidate.lexical for candidate in candidates])
        passage = np.array([candidate.passage_score for candidate in candidates])
        scores = 0.5 * whole + 0.3 * asked + 0.2 * lexical + 0.3 * passage
        return Choice(_best(candidates, scores), float(max(whole.max(), asked.max())))

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        with self._lock:
            known = {text: self._known[text] for text in texts if text in self._known}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known |= dict(zip(missing, self._embed(missing), strict=True))
        with self._lock:
            for text in texts:
                self._known[text] = known[text]
                self._known.move_to_end(text)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return np.stack([known[text] for text in texts])


def _candidates(situation: str, question: str, passages: Sequence[Numbered]) -> list[_Candidate]:
    found: list[tuple[Chosen, str, float]] = []
    scores = [numbered.hit.score for numbered in passages]
    low, high = min(scores, default=0.0), max(scores, default=0.0)
    for numbered in passages:
        passage = numbered.hit.passage
        heading = " ".join(passage.section[-1:])
        level = (numbered.hit.score - low) / (high - low) if high > low else 1.0
        for span in statements(passage.text):
            text = span.of(passage.text)
            if _tells(heading, text):
                found.append((Chosen(numbered.n, span.start, text), heading, level))
    lexical = _lexical([f"{heading} {chosen.text}" for chosen, heading, _ in found], f"{situation} {question}")
    candidates = [_Candidate(chosen, level, score) for (chosen, _, level), score in zip(found, lexical, strict=True)]
    return sorted(candidates, key=lambda one: -(one.lexical + 0.5 * one.passage_score))[:_EMBEDDED]


def _tells(heading: str, text: str) -> bool:
    """Whether a statement says something of its own, rather than asking, leading in or pointing elsewhere."""
    pointing = _POINTING.match(heading) or _POINTING.match(text)
    return len(words(text)) >= 4 and not text.endswith(("?", ":")) and not pointing


def _lexical(texts: Sequence[str], query: str) -> list[float]:
    """BM25 of each text against the query, as a share of the best."""
    held = [Counter(content(text)) for text in texts]
    mean = sum(sum(one.values()) for one in held) / (len(held) or 1) or 1.0
    sought = set(content(query))
    frequency = Counter(word for one in held for word in sought if word in one)
    scores = [
        sum(
            math.log(1 + (len(held) - frequency[word] + 0.5) / (frequency[word] + 0.5))
            * (one[word] * 1.9 / (one[word] + 0.9 * (0.6 + 0.4 * sum(one.values()) / mean)))
            for word in sought
            if word in one
        )
        for one in held
    ]
    best = max(scores, default=0.0) or 1.0
    return [score / best for score in scores]


def _best(candidates: Sequence[_Candidate], scores: NDArray[np.float64]) -> tuple[Chosen, ...]:
    order = np.argsort(-scores)
    kept: list[int] = []
    for i in map(int, order):
        near = scores[i] >= _NEAR_BEST * scores[order[0]] or len(kept) < _LEAST
        if near and len(kept) < _MOST and not any(_same(candidates[i], candidates[k]) for k in kept):
            kept.append(i)
    first = {candidates[k].chosen.n: rank for rank, k in reversed(list(enumerate(kept)))}
    return tuple(sorted((candidates[k].chosen for k in kept), key=lambda chosen: (first[chosen.n], chosen.start)))


def _same(one: _Candidate, other: _Candidate) -> bool:
    a, b = set(content(one.chosen.text)), set(content(other.chosen.text))
    return len(a & b) >= _ALIKE * min(len(a), len(b))


def _short(text: str) -> str:
    # The first words of a long list say what it is about, and cost a third of the whole.
    return " ".join(text.split()[:_EMBEDDED_WORDS])
