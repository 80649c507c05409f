"""Sentence selection: the statements of the guidance that answer a question, by meaning and by words, in reading order.

Embedding is most of the cost of a question answered offline. So word scores first select a dozen statements.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from humphrey.drafting.evidence import NumberedPassage
from humphrey.drafting.extractive.assembly import Quote, SelectedStatement, assemble_quotations
from humphrey.drafting.extractive.confidence import ConfidenceFeatures, confidence_features
from humphrey.drafting.extractive.question_parts import has_requested_figure, question_parts
from humphrey.drafting.extractive.quotable import Quotable, quotables
from humphrey.search.queries import content_words

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Turns texts into unit vectors, one row each."""


# The shares and weights in this module were chosen on the half of the questions that `python -m evals answers` calls
# tuned on.
_EMBEDDED = 12


_EMBEDDED_WORDS = 60


# Statements within `_NEAR_BEST` of the best score are quoted up to `_MOST`, those within `_FAIR` up to `_LEAST`.
_MOST = 5


_LEAST = 4


_NEAR_BEST, _FAIR = 0.82, 0.65


# Two statements are the same from this share of the shorter one's words on.
_ALIKE = 0.7


# A figure that the question asks for raises a score; fewer than nine words lower it.
_FIGURED, _BRIEF, _FEW_WORDS = 0.24, 0.08, 9


# A part is unanswered below this cosine, if all statements together have less than half of its words.
_UNCOVERED, _UNSAID = 0.4, 0.5


# Headings and openings of text that only leads to other text; it answers nothing itself.
_POINTING = re.compile(
    r"(?:where to read|further (?:reading|information)|related|this note is a summary|read the original"
    r"|more information"
    r"|(?:you can )?(?:read|find out|see|get) (?:more|the (?:full )?guidance|about|guidance|how|what|if|whether)"
    r"|this (?:guide|page) (?:is also|does not))\b",
    re.IGNORECASE,
)


def any_statement(_statement: str) -> bool:
    """Return True: any statement may be quoted."""
    return True


@dataclass(frozen=True)
class Selection:
    """The statements that answer a question, and signs of how well they do.

    Attributes:
        quotes: what to quote, in reading order; empty if no statement of the passages stands by itself.
        signs: the signs from which confidence is computed; None if there was no statement.
        lacking: of a question with several parts, those that no statement is near.
    """

    quotes: tuple[Quote, ...] = ()
    signs: ConfidenceFeatures | None = None
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Candidate:
    """A statement that may be quoted.

    Attributes:
        of: its passage.
        quotable: its position in the passage.
        said: its words of substance, with those of its heading.
        level: the score of its passage among those found, 0.0 to 1.0.
        lexical: its score by words, 0.0 to 1.0.
        figured: for each part of the question, whether it has a figure of the kind that the part asks for.
    """

    of: NumberedPassage
    quotable: Quotable
    said: tuple[str, ...]
    level: float
    lexical: float = 0.0
    figured: tuple[bool, ...] = ()

    @property
    def core(self) -> str:
        """Return the statement itself."""
        return self.quotable.core.of(self.of.hit.passage.text)

    @property
    def telling(self) -> list[float]:
        """Return, for each part, the bonus for a figure it asks for, less a penalty for a very short statement."""
        # A very short statement hardly says more than its heading.
        brief = _BRIEF * (len(self.core.split()) < _FEW_WORDS)
        return [_FIGURED * figure - brief for figure in self.figured]

    @property
    def headed(self) -> str:
        """Return the statement after its title and heading, which name its subject if it does not."""
        return f"{' > '.join((self.of.hit.imprint.title, *self.of.hit.passage.section[-1:]))}: {self.core}"


class SentenceSelector:
    """Selects statements. It holds no state of a question, so one instance serves all questions at once."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed

    def __call__(
        self,
        situation: str,
        question: str,
        passages: Sequence[NumberedPassage],
        fits: Callable[[str], bool] = any_statement,
    ) -> Selection:
        """Return the statements of the passages that answer best, at most five, the best for each part among them.

        Args:
            situation: everything the person said, earlier questions included.
            question: the question asked now; it may have several parts.
            passages: best first.
            fits: returns whether a statement may be quoted at all.
        """
        asked = question_parts(question)
        found = [each for each in _statements(passages) if fits(each.core)]
        # Each part of the question is embedded too, so further parts take the place of statements.
        candidates = _worded(found, situation, asked)[: _EMBEDDED + 1 - len(asked)]
        if not candidates:
            return Selection()
        vectors = self._embed([situation, *asked, *(_short(candidate.headed) for candidate in candidates)])
        cosines = vectors[1 + len(asked) :] @ vectors[: 1 + len(asked)].T
        scores = _scores(candidates, cosines)
        hits = [numbered.hit for numbered in passages]
        signs = confidence_features(situation, hits, float(cosines[:, 0].max()))
        kept = [candidates[n] for n in _best(candidates, scores)]
        quoted = [SelectedStatement(one.of, one.quotable) for one in kept]
        return Selection(assemble_quotations(quoted), signs, _lacking(asked, cosines, candidates))


def _statements(passages: Sequence[NumberedPassage]) -> Iterator[_Candidate]:
    """Yield the quotable statements of the passages, without those that only lead to other text."""
    scores = [numbered.hit.score for numbered in passages]
    low, high = min(scores, default=0.0), max(scores, default=0.0)
    for numbered in passages:
        passage = numbered.hit.passage
        heading = " ".join(passage.section[-1:])
        level = (numbered.hit.score - low) / (high - low) if high > low else 1.0
        for one in quotables(passage.text):
            text = one.core.of(passage.text)
            if not (_POINTING.match(heading) or _POINTING.match(text)):
                yield _Candidate(numbered, one, tuple(content_words(f"{heading} {text}")), level)


def _worded(found: Sequence[_Candidate], situation: str, asked: Sequence[str]) -> list[_Candidate]:
    """Return the statements, those with most of the query's words and in better passages first."""
    lexical = _lexical([one.said for one in found], " ".join((situation, *asked)))
    worded = [
        replace(one, lexical=score, figured=tuple(has_requested_figure(part, one.core) for part in asked))
        for one, score in zip(found, lexical, strict=True)
    ]
    # The figure counts double here: a question for an amount wants the statement with the amount to be embedded.
    return sorted(worded, key=lambda one: -(one.lexical + 0.5 * one.level + 2 * max(one.telling)))


def _lexical(texts: Sequence[Sequence[str]], query: str) -> list[float]:
    """Return the BM25 score of each text, given as its words of substance, as a share of the best score."""
    held = [Counter(text) for text in texts]
    mean = sum(sum(one.values()) for one in held) / (len(held) or 1) or 1.0
    query_words = set(content_words(query))
    frequency = Counter(word for one in held for word in query_words if word in one)
    # BM25 with k1 = 0.9 and b = 0.4, as in the keyword ranking.
    scores = [
        sum(
            math.log(1 + (len(held) - frequency[word] + 0.5) / (frequency[word] + 0.5))
            * (one[word] * 1.9 / (one[word] + 0.9 * (0.6 + 0.4 * sum(one.values()) / mean)))
            for word in query_words
            if word in one
        )
        for one in held
    ]
    best = max(scores, default=0.0) or 1.0
    return [score / best for score in scores]


def _scores(candidates: Sequence[_Candidate], cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return scores with a row for each candidate and a column for each part of the question."""
    # With several parts, a statement near the whole question is near its dominant part; so each part weighs more.
    whole, part, level = (0.5, 0.3, 0.3) if cosines.shape[1] == 2 else (0.2, 0.6, 0.15)
    own = np.array([[0.2 * one.lexical + level * one.level] for one in candidates], dtype=np.float32)
    telling = np.array([one.telling for one in candidates], dtype=np.float32)
    scores: NDArray[np.float32] = whole * cosines[:, :1] + part * cosines[:, 1:] + own + telling
    return scores


def _best(candidates: Sequence[_Candidate], scores: NDArray[np.float32]) -> list[int]:
    """Return the positions of the best of each part, then of those nearly as good, without duplicates."""
    kept: list[int] = []
    for part in scores.T:
        _keep(kept, candidates, [int(part.argmax())], _MOST)
    whole = scores.max(axis=1)
    order = [int(n) for n in np.argsort(-whole)]
    best = whole[order[0]]
    _keep(kept, candidates, [n for n in order if whole[n] >= _NEAR_BEST * best], _MOST)
    _keep(kept, candidates, [n for n in order if whole[n] >= _FAIR * best], _LEAST)
    return kept


def _keep(kept: list[int], candidates: Sequence[_Candidate], order: Sequence[int], most: int) -> None:
    for n in order:
        if len(kept) < most and n not in kept and not any(_same(candidates[n], candidates[k]) for k in kept):
            kept.append(n)


def _same(one: _Candidate, other: _Candidate) -> bool:
    a, b = set(one.said), set(other.said)
    return len(a & b) >= _ALIKE * min(len(a), len(b))


def _lacking(asked: Sequence[str], cosines: NDArray[np.float32], candidates: Sequence[_Candidate]) -> tuple[str, ...]:
    """Return the parts that no statement is near, by meaning or by words; none if there is only one part."""
    if len(asked) == 1:
        return ()
    said = {word for candidate in candidates for word in candidate.said}
    words = [set(content_words(part)) for part in asked]
    return tuple(
        part
        for n, part in enumerate(asked)
        if cosines[:, 1 + n].max() < _UNCOVERED and len(words[n] & said) < _UNSAID * len(words[n])
    )


def _short(text: str) -> str:
    # The first words of a long list name its subject, at a third of the cost of the whole.
    return " ".join(text.split()[:_EMBEDDED_WORDS])
