"""Which statements of the guidance answer a question: chosen by meaning and by words, and put so that they read on.

Embedding is most of the cost of a question answered offline. So words choose a dozen statements first, and a statement
once embedded is remembered.
"""

import math
import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from humphrey.core.confidence import Signs, signs_of
from humphrey.core.evidence import Numbered
from humphrey.core.parting import figured, parts
from humphrey.core.queries import content
from humphrey.core.quotable import Quotable, quotables
from humphrey.core.quoting import Quote, Quoted, put_together

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts to unit vectors, one row each."""

_EMBEDDED = 12
_EMBEDDED_WORDS = 60
_REMEMBERED = 4096
_MOST = 5
_LEAST = 4
_NEAR_BEST, _FAIR = 0.82, 0.65
_ALIKE = 0.7
_FIGURED, _BRIEF, _FEW_WORDS = 0.24, 0.08, 9
_UNCOVERED, _UNSAID = 0.4, 0.5
_POINTING = re.compile(
    r"(?:where to read|further (?:reading|information)|related|this note is a summary|read the original"
    r"|more information"
    r"|(?:you can )?(?:read|find out|see|get) (?:more|the (?:full )?guidance|about|guidance|how|what|if|whether)"
    r"|this (?:guide|page) (?:is also|does not))\b",
    re.IGNORECASE,
)


def always(_statement: str) -> bool:
    """Any statement may be quoted."""
    return True


@dataclass(frozen=True)
class Choice:
    """What answers, and what is known of how well.

    Attributes:
        quotes: what to quote, in reading order; empty where the passages have nothing that stands by itself.
        signs: what the search tells about itself; None where there was nothing to weigh.
        lacking: the parts of a question of several parts that nothing found is near.
    """

    quotes: tuple[Quote, ...] = ()
    signs: Signs | None = None
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Candidate:
    """A statement that may be quoted.

    Attributes:
        of: its passage.
        quotable: its place there.
        said: its words of substance, with those of its heading.
        level: how good its passage is among those found, 1.0 at most.
        lexical: how good it is by words, 1.0 at most.
        figured: for each part of the question, whether it has such a figure as that asks for.
    """

    of: Numbered
    quotable: Quotable
    said: tuple[str, ...]
    level: float
    lexical: float = 0.0
    figured: tuple[bool, ...] = ()

    @property
    def core(self) -> str:
        """The statement itself."""
        return self.quotable.core.of(self.of.hit.passage.text)

    @property
    def telling(self) -> list[float]:
        """What it is worth more for a figure that a part asks for, and less for hardly saying more than its heading."""
        brief = _BRIEF * (len(self.core.split()) < _FEW_WORDS)
        return [_FIGURED * figure - brief for figure in self.figured]

    @property
    def headed(self) -> str:
        """The statement below its title and heading, which say what it is about where it does not say so itself."""
        return f"{' > '.join((self.of.hit.imprint.title, *self.of.hit.passage.section[-1:]))}: {self.core}"


class Chooser:
    """Chooses statements; holds nothing but remembered vectors, so one serves every question at once."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self._known: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def __call__(
        self, situation: str, question: str, passages: Sequence[Numbered], fits: Callable[[str], bool] = always
    ) -> Choice:
        """The two to four statements of the passages that answer best, at least one for each part of the question.

        Args:
            situation: everything that was said, earlier questions included.
            question: what is asked now; it may ask several things.
            passages: best first.
            fits: whether a statement may be quoted at all.
        """
        asked = parts(question)
        found = [each for each in _statements(passages) if fits(each.core)]
        candidates = _worded(found, situation, asked)[: _EMBEDDED + 1 - len(asked)]
        if not candidates:
            return Choice()
        vectors = self._vectors([situation, *asked, *(_short(candidate.headed) for candidate in candidates)])
        cosines = vectors[1 + len(asked) :] @ vectors[: 1 + len(asked)].T
        scores = _scores(candidates, cosines)
        hits = [numbered.hit for numbered in passages]
        signs = signs_of(situation, hits, float(cosines[:, 0].max()))
        kept = [candidates[n] for n in _best(candidates, scores)]
        quoted = [Quoted(one.of, one.quotable) for one in kept]
        return Choice(put_together(quoted), signs, _lacking(asked, cosines, candidates))

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


def _statements(passages: Sequence[Numbered]) -> Iterator[_Candidate]:
    """Everything in the passages that can be quoted and says something of its own."""
    scores = [numbered.hit.score for numbered in passages]
    low, high = min(scores, default=0.0), max(scores, default=0.0)
    for numbered in passages:
        passage = numbered.hit.passage
        heading = " ".join(passage.section[-1:])
        level = (numbered.hit.score - low) / (high - low) if high > low else 1.0
        for one in quotables(passage.text):
            text = one.core.of(passage.text)
            if not (_POINTING.match(heading) or _POINTING.match(text)):
                yield _Candidate(numbered, one, tuple(content(f"{heading} {text}")), level)


def _worded(found: Sequence[_Candidate], situation: str, asked: Sequence[str]) -> list[_Candidate]:
    """The statements that have most of the query's words and are in the better passages first."""
    lexical = _lexical([one.said for one in found], " ".join((situation, *asked)))
    worded = [
        replace(one, lexical=score, figured=tuple(figured(part, one.core) for part in asked))
        for one, score in zip(found, lexical, strict=True)
    ]
    return sorted(worded, key=lambda one: -(one.lexical + 0.5 * one.level + 2 * max(one.telling)))


def _lexical(texts: Sequence[Sequence[str]], query: str) -> list[float]:
    """BM25 of each text, given as its words of substance, against the query, as a share of the best."""
    held = [Counter(text) for text in texts]
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


def _scores(candidates: Sequence[_Candidate], cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """A row for each candidate, a column for each part of the question."""
    # Of several parts each must be heard: what is near to all of them together is near to the loudest.
    whole, part, level = (0.5, 0.3, 0.3) if cosines.shape[1] == 2 else (0.2, 0.6, 0.15)
    own = np.array([[0.2 * one.lexical + level * one.level] for one in candidates], dtype=np.float32)
    telling = np.array([one.telling for one in candidates], dtype=np.float32)
    scores: NDArray[np.float32] = whole * cosines[:, :1] + part * cosines[:, 1:] + own + telling
    return scores


def _best(candidates: Sequence[_Candidate], scores: NDArray[np.float32]) -> list[int]:
    """The best of each part, then what is nearly as good; nothing that says the same twice."""
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
    """The parts that no statement is near, by meaning or by words; none where there is but one part."""
    if len(asked) == 1:
        return ()
    said = {word for candidate in candidates for word in candidate.said}
    words = [set(content(part)) for part in asked]
    return tuple(
        part
        for n, part in enumerate(asked)
        if cosines[:, 1 + n].max() < _UNCOVERED and len(words[n] & said) < _UNSAID * len(words[n])
    )


def _short(text: str) -> str:
    # The first words of a long list say what it is about, and cost a third of the whole.
    return " ".join(text.split()[:_EMBEDDED_WORDS])
