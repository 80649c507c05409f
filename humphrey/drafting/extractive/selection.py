"""Selection: the statement of the guidance that answers a question, and the passages that the answer needs.

Statements are compared with the question by meaning and by words. The best one leads; of its passage and of at most two
more, the blocks that bear on the question are shown. Embedding is most of the cost of a question answered offline. So
word scores first select a dozen statements.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from humphrey.documents.model import Passage
from humphrey.drafting.evidence import NumberedPassage
from humphrey.drafting.extractive.assembly import Quote, ShownPassage, assemble_quotations
from humphrey.drafting.extractive.confidence import ConfidenceFeatures, confidence_features
from humphrey.drafting.extractive.limits import Comparison, comparison
from humphrey.drafting.extractive.overviews import gives_overview, wants_overview
from humphrey.drafting.extractive.question_parts import (
    names_party,
    question_parts,
    requested_figure,
    says_what_to_do,
    wants_list,
)
from humphrey.drafting.extractive.quotable import Quotable, blocks, quotables
from humphrey.drafting.extractive.yes_or_no import YesOrNo, yes_or_no
from humphrey.search.queries import content_words
from humphrey.text.sentences import Span

Place = tuple[int, int]
"""Where a statement stands: the number of its passage, and its first character there."""


Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Turns texts into unit vectors, one row each."""


# The shares and weights in this module were chosen on the half of the questions that `python -m evals answers` calls
# tuned on.
_EMBEDDED = 12


_EMBEDDED_WORDS = 60


# The most passages of an answer. A further one is needed if its rank in the search is nearly that of the first.
_MOST, _FURTHER = 3, 0.88


# A passage of up to so many words is shown whole. Of a longer one, blocks with a statement of at least `_BEARS` of the
# best score are shown.
_WHOLE_WORDS, _BEARS = 220, 0.75


# A statement that says yes or no leads if it has at least this share of the best score.
_SETTLES = 0.75


# A block that has this share of its words in the blocks already shown says nothing new.
_ALIKE = 0.8


# A figure, a list or a summary that the question asks for raises a score; fewer than nine words lower it.
_FIGURED, _LISTED, _SUMS_UP, _BRIEF, _FEW_WORDS = 0.24, 0.1, 0.4, 0.08, 9


# So does a person or body for "who", and the section on what to do for "What do I do?", which counts as needed.
_PARTY, _ACTS = 0.08, 0.25


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


def embedded_texts(title: str, passage: Passage) -> list[str]:
    """Return the texts that are embedded of a passage when it is found: one for each statement that may be quoted."""
    return [_headed(title, passage, core) for core, _ in _quoted(passage)]


def any_statement(_statement: str) -> bool:
    """Return True: any statement may be quoted."""
    return True


@dataclass(frozen=True)
class Selection:
    """What answers a question, and signs of how well it does.

    Attributes:
        quotes: what to quote, in reading order; empty if no statement of the passages stands by itself.
        signs: the signs from which confidence is computed; None if there was no statement.
        lacking: of a question with several parts, those that no statement is near.
        nearest: the cosine of the nearest statement to the whole question or a part of it.
        yes_or_no: whether the leading statement says yes or no, for a question that asks for it.
        comparison: the quantity of the question and the limit that the leading statement gives for it.
    """

    quotes: tuple[Quote, ...] = ()
    signs: ConfidenceFeatures | None = None
    lacking: tuple[str, ...] = ()
    nearest: float = 0.0
    yes_or_no: YesOrNo | None = None
    comparison: Comparison | None = None


@dataclass(frozen=True)
class Candidate:
    """A statement that may be quoted.

    Attributes:
        of: its passage.
        quotable: its position in the passage.
        said: its words of substance, with those of its heading.
        level: the score of its passage among those found, 0.0 to 1.0.
        lexical: its score by words, 0.0 to 1.0.
        suited: for each part of the question, the bonus for being of the kind that the part asks for.
    """

    of: NumberedPassage
    quotable: Quotable
    said: tuple[str, ...]
    level: float
    lexical: float = 0.0
    suited: tuple[float, ...] = ()

    @property
    def core(self) -> str:
        """Return the statement itself."""
        return self.quotable.core.of(self.of.hit.passage.text)

    @property
    def place(self) -> Place:
        """Return where it stands."""
        return self.of.n, self.quotable.core.start

    @property
    def whole(self) -> str:
        """Return the statement with what it needs to read on its own."""
        return self.quotable.whole.of(self.of.hit.passage.text)

    @property
    def headings(self) -> str:
        """Return the title and the headings above the statement."""
        return ". ".join((self.of.hit.imprint.title, *self.of.hit.passage.section))

    @property
    def telling(self) -> list[float]:
        """Return, for each part, the bonus for what it asks for, less a penalty for a very short statement."""
        # A very short statement hardly says more than its heading.
        brief = _BRIEF * (len(self.core.split()) < _FEW_WORDS)
        return [bonus - brief for bonus in self.suited]

    @property
    def headed(self) -> str:
        """Return the statement as it is embedded."""
        return _headed(self.of.hit.imprint.title, self.of.hit.passage, self.core)


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
        """Return the statement that answers best, and the passages that the answer needs, at most three.

        Args:
            situation: everything the person said, earlier questions included, in the words of guidance.
            question: the question asked now, as typed; it may have several parts.
            passages: best first.
            fits: returns whether a statement may be quoted at all.
        """
        asked = question_parts(question)
        found = [each for each in _statements(passages) if fits(each.core)]
        # Each part of the question is embedded too, so further parts take the place of statements.
        candidates = _worded(found, situation, asked)[: _EMBEDDED + 1 - len(asked)]
        if not candidates:
            return Selection()
        vectors = self._embed([situation, *asked, *(candidate.headed for candidate in candidates)])
        cosines = vectors[1 + len(asked) :] @ vectors[: 1 + len(asked)].T
        scores = _scores(candidates, cosines)
        hits = [numbered.hit for numbered in passages]
        signs = confidence_features(situation, hits, float(cosines[:, 0].max()))
        needed = _needed(found)
        first = _settling(f"{situation} {question}", asked[0], candidates, _within(needed, candidates, scores[:, 0]))
        leads = [first.at, *(int(part.argmax()) for part in scores.T[1:])]
        scored = {one.place: float(score) for one, score in zip(candidates, scores.max(axis=1), strict=True)}
        shown = _shown(found, [candidates[n] for n in leads], needed, scored)
        lacking = _lacking(asked, cosines, candidates)
        quotes, nearest = assemble_quotations(shown), float(cosines.max())
        return Selection(quotes, signs, lacking, nearest, first.yes_or_no, first.comparison)


def _statements(passages: Sequence[NumberedPassage]) -> Iterator[Candidate]:
    """Yield the quotable statements of the passages, without those that only lead to other text."""
    scores = [numbered.hit.score for numbered in passages]
    low, high = min(scores, default=0.0), max(scores, default=0.0)
    for numbered in passages:
        passage = numbered.hit.passage
        heading = " ".join(passage.section[-1:])
        level = (numbered.hit.score - low) / (high - low) if high > low else 1.0
        for text, one in _quoted(passage):
            yield Candidate(numbered, one, tuple(content_words(f"{heading} {text}")), level)


def _quoted(passage: Passage) -> Iterator[tuple[str, Quotable]]:
    """Yield the quotable statements of a passage with their texts, without those that only lead to other text."""
    if not _POINTING.match(" ".join(passage.section[-1:])):
        stated = ((one.core.of(passage.text), one) for one in quotables(passage.text))
        yield from ((text, one) for text, one in stated if not _POINTING.match(text))


def _worded(found: Sequence[Candidate], situation: str, asked: Sequence[str]) -> list[Candidate]:
    """Return the statements, those with most of the query's words and in better passages first."""
    lexical = _lexical([one.said for one in found], " ".join((situation, *asked)))
    worded = [
        replace(one, lexical=score, suited=tuple(_suits(part, one) for part in asked))
        for one, score in zip(found, lexical, strict=True)
    ]
    # The figure counts double here: a question for an amount wants the statement with the amount to be embedded.
    return sorted(worded, key=lambda one: -(one.lexical + 0.5 * one.level + 2 * max(one.telling)))


def _suits(part: str, one: Candidate) -> float:
    """Return the bonus of a statement for being a figure, a list or a summary where the part asks for one."""
    figure = _FIGURED * requested_figure(part, one.core)
    listed = _LISTED * (wants_list(part) and "\n" in one.whole)
    overview = _SUMS_UP * (wants_overview(part) and any(map(gives_overview, one.of.hit.passage.section)))
    party = _PARTY * names_party(part, one.core)
    return figure + listed + overview + party + _ACTS * says_what_to_do(part, one.of.hit.passage.section)


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


def _scores(candidates: Sequence[Candidate], cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return scores with a row for each candidate and a column for each part of the question."""
    # With several parts, a statement near the whole question is near its dominant part; so each part weighs more.
    whole, part, level = (0.6, 0.2, 0.25) if cosines.shape[1] == 2 else (0.2, 0.6, 0.15)
    # Words count little here: a rare word ("office") led where three times the weight was tried.
    own = np.array([[0.06 * one.lexical + level * one.level] for one in candidates], dtype=np.float32)
    telling = np.array([one.telling for one in candidates], dtype=np.float32)
    scores: NDArray[np.float32] = whole * cosines[:, :1] + part * cosines[:, 1:] + own + telling
    return scores


@dataclass(frozen=True)
class _Lead:
    """The position of the statement that leads, and what it settles."""

    at: int
    yes_or_no: YesOrNo | None = None
    comparison: Comparison | None = None


def _settling(situation: str, asked: str, candidates: Sequence[Candidate], scores: NDArray[np.float32]) -> _Lead:
    """Return the best statement for the first part, or one nearly as good that settles it.

    A statement settles it with a limit for the quantity that was given, or with yes or no if none says otherwise.
    """
    best = int(scores.argmax())
    near = [int(n) for n in np.argsort(-scores) if scores[n] >= _SETTLES * scores[best]]
    limits = {n: comparison(situation, asked, candidates[n].core, candidates[n].headings) for n in near}
    for n, found in limits.items():
        if found and not any(found.stated in candidates[other].core for other in near):
            return _Lead(n, comparison=found)
    told = {n: said for n in near if (said := yes_or_no(asked, candidates[n].whole, candidates[n].headings))}
    if len({said[:2] for said in told.values()}) != 1:
        return _Lead(best)
    first = next(iter(told))
    return _Lead(first, told[first])


def _needed(found: Sequence[Candidate]) -> list[int]:
    """Return the numbers of the passages that an answer needs, best first: the first, and those ranked nearly as high.

    The search ranks whole passages better than any statement of them would.
    """
    ranks = {one.of.n: one.of.hit.score for one in found}
    order = sorted(ranks, key=lambda n: -ranks[n])
    return [n for n in order[:_MOST] if ranks[n] >= _FURTHER * ranks[order[0]]]


def _within(
    needed: Collection[int], candidates: Sequence[Candidate], scores: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the scores, those of statements in other passages as 0; all of them if none is in a passage needed."""
    inside = np.array([one.of.n in needed or max(one.suited) >= _ACTS for one in candidates])
    return np.where(inside, scores, np.float32(0)) if inside.any() else scores


def _shown(
    found: Sequence[Candidate], leads: Sequence[Candidate], needed: Sequence[int], scores: Mapping[Place, float]
) -> list[ShownPassage]:
    """Return what to show: the passages of the leads and those needed, without what was already shown."""
    cores = {one.of.n: one for one in sorted(found, key=lambda one: scores.get(one.place, 0.0))}
    cores |= {one.of.n: one for one in reversed(leads)}
    shown: list[ShownPassage] = []
    said: list[set[str]] = []
    for n in list(dict.fromkeys((*(one.of.n for one in leads), *needed)))[:_MOST]:
        core = cores[n]
        kept = tuple(_blocks(core, [one for one in found if one.of.n == n], scores, said))
        if kept:
            shown.append(ShownPassage(core.of, core.quotable.core, None if shown else core.quotable.whole, kept))
    return shown


def _blocks(
    core: Candidate, inside: Sequence[Candidate], scores: Mapping[Place, float], said: list[set[str]]
) -> Iterator[Span]:
    """Yield the blocks of one passage to show, without those whose words, in `said`, were already shown."""
    text = core.of.hit.passage.text
    least = 0.0 if len(text.split()) <= _WHOLE_WORDS else _BEARS * max(scores.values())
    for block in blocks(text):
        places = [one.place for one in inside if block.start <= one.quotable.core.start < block.end]
        words = set(content_words(block.of(text)))
        bears = any(scores.get(place, 0.0) >= least for place in places)
        again = any(len(words & each) >= _ALIKE * len(words) for each in said)
        if core.place in places or (bears and not again):
            said.append(words)
            yield block


def _lacking(asked: Sequence[str], cosines: NDArray[np.float32], candidates: Sequence[Candidate]) -> tuple[str, ...]:
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


def _headed(title: str, passage: Passage, core: str) -> str:
    """Return a statement after its title and heading, which name its subject if it does not."""
    # The first words of a long list name its subject, at a third of the cost of the whole.
    return " ".join(f"{' > '.join((title, *passage.section[-1:]))}: {core}".split()[:_EMBEDDED_WORDS])
