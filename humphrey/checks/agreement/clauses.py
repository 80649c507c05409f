"""Support clause by clause: what a claim adds, which condition of its source it drops, and which sentences it mixes.

A clause ends at a sign or a conjunction. A unit is what one sentence of the source has to say as a whole: a clause with
the conditions that belong to it.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from humphrey.checks.agreement.bounds import marks
from humphrey.checks.agreement.words import BREAKS, Disagreement, ParsedPassage, ParsedSentence, Token

# A clause starts after one of these besides the signs and conjunctions of BREAKS.
_STARTS = BREAKS | {"and", "or", "then"}


# Units end at these. After "and" without a sign, a new subject has to follow.
_UNIT_ENDS = re.compile(
    r"[;:()–—]|\s-\s|,\s(?:and|or)\s|,?\s(?:but|while|so|because|although)\s|,\s(?=\w+(?:ing|ed)\b)"
    r"|\s(?:and|or)\s(?=(?:you|they|it|we|he|she|there|the|a|an|your|their|this|these)\s)",
    re.IGNORECASE,
)


# A clause of which more than half of the content words are in no source is not taken from them, if it has two such.
_LACKING, _FEWEST = 0.5, 2


_EXAMPLE = re.compile(r"\b(?:for example|for instance|such as|eg|e\.g\.)", re.IGNORECASE)


_APART = "the source says parts of this in different sentences, not together; check that they belong together"


_CONDITIONS = frozenset({"condition", "exception"})


# A condition is on something else if the sentence that says the rest lacks this share of its words.
_APART_FROM = 0.4


# A condition is dropped if the claim has at most a quarter of its words, but half of the rest of its sentence.
_KEPT, _REST = 0.25, 0.5


class Clause(NamedTuple):
    """A clause: its tokens in order."""

    tokens: Sequence[Token]

    @property
    def words(self) -> int:
        """How many content words it has, figures and names included."""
        return sum(token.content for token in self.tokens)

    @property
    def content(self) -> frozenset[str]:
        """The meanings of its content words, without figures and names, which are compared by themselves."""
        return frozenset(token.meaning for token in self.tokens if token.content and token.word[0].islower())


def disagreeing(
    claim: ParsedSentence,
    near: Sequence[ParsedSentence],
    cited: Sequence[ParsedPassage],
    beside: Sequence[ParsedPassage],
) -> Iterator[Disagreement]:
    """Yield each clause that no source supports, else what a claim mixes or drops.

    Args:
        claim: the sentence to compare.
        near: the sentences it was most likely made from, closest first.
        cited: the spans that it cites, and the passages around them.
        beside: the headings above them.
    """
    added = list(_added(claim, [*cited, *beside]))
    yield from added
    if not added:
        yield from _mixed(claim, cited, beside)
        yield from dropped(claim, near)


def _added(claim: ParsedSentence, sources: Sequence[ParsedPassage]) -> Iterator[Disagreement]:
    known = frozenset().union(*(each.content for each in sources))
    for clause in clauses(claim):
        lacking = clause.content - known
        if len(lacking) >= _FEWEST and len(lacking) > _LACKING * clause.words:
            start, end = clause.tokens[0].start, clause.tokens[-1].end
            message = f"the passages this sentence cites do not say “{claim.text[start:end]}”; check that part"
            yield Disagreement("support", message, start, end)


def clauses(said: ParsedSentence) -> list[Clause]:
    """Return the clauses of a sentence in order, without the signs and conjunctions between them."""
    parts = groupby(said.tokens, key=lambda token: token.stem in _STARTS)
    return [Clause(list(tokens)) for ends, tokens in parts if not ends]


def _mixed(
    claim: ParsedSentence, sources: Sequence[ParsedPassage], headings: Sequence[ParsedPassage]
) -> Iterator[Disagreement]:
    """Yield the first unit of a claim whose parts are in several sentences of its source, and not together in one."""
    known = _known(sources, headings)
    for first, last in _units(claim.text):
        content = frozenset(token.meaning for token in claim.tokens if token.content and first <= token.start < last)
        best = _closest(content, sources)
        elsewhere = (content - best) & known
        mixed = len(elsewhere) >= _FEWEST and len(content & best) >= _FEWEST
        if mixed or any(_misplaced(own, content - own, known, sources) for own in _conditions(claim, first, last)):
            yield Disagreement("support", _APART, first, last)
            return


def _conditions(claim: ParsedSentence, first: int, last: int) -> Iterator[frozenset[str]]:
    """Yield the words of each condition in a part of a claim."""
    for mark in marks(claim.text):
        if mark.kind in _CONDITIONS and first <= mark.start < last:
            yield ParsedSentence(claim.text[mark.end : min(last, mark.end + len(mark.clause))]).content


def _misplaced(
    own: frozenset[str], rest: frozenset[str], known: frozenset[str], sources: Sequence[ParsedPassage]
) -> bool:
    """Return whether the source sets a condition on something else than a claim does."""
    apart = own - _closest(rest, sources)
    return (
        bool(rest) and apart <= known and len(apart) >= _APART_FROM * len(own) and bool(apart & _closest(own, sources))
    )


def _known(sources: Sequence[ParsedPassage], headings: Sequence[ParsedPassage]) -> frozenset[str]:
    """Return the words of the sources, without those of the headings, which any sentence may take up."""
    words, titles = (frozenset().union(*(each.content for each in some)) for some in (sources, headings))
    return words - titles


def _closest(content: frozenset[str], sources: Sequence[ParsedPassage]) -> frozenset[str]:
    """Return the words of the one sentence of the sources that shares most with some words."""
    said = (each.content for one in sources for each in one.said)
    return max(said, key=lambda each: len(each & content), default=frozenset())


def _units(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for sign in _UNIT_ENDS.finditer(text):
        yield start, sign.start()
        start = sign.end()
    yield start, len(text.rstrip())


def dropped(claim: ParsedSentence, near: Sequence[ParsedSentence]) -> Iterator[Disagreement]:
    """Yield the first condition or exception of the closest sentence that the claim leaves out."""
    if not near:
        return
    source = near[0]
    conditions = [
        each for each in marks(source.text) if each.kind in _CONDITIONS and not _aside(source.text, each.start)
    ]
    if len(conditions) <= sum(each.kind in _CONDITIONS for each in marks(claim.text)):
        return
    for mark in conditions:
        rest = ParsedSentence(source.text[: mark.start] + source.text[mark.end + len(mark.clause) :]).content
        own = ParsedSentence(mark.clause).content - rest
        if own and len(own & claim.content) <= _KEPT * len(own) and len(rest & claim.content) >= _REST * len(rest):
            left = source.text[mark.start : mark.end] + mark.clause.rstrip(". ")
            message = f"the source adds “{left}”, which this leaves out; check that it holds without"
            yield Disagreement("condition", message, 0, len(claim.text.rstrip()), mark.clause)
            return


def _aside(text: str, place: int) -> bool:
    """Return whether a place of a sentence is in brackets or in an example, which a claim may leave out."""
    before = text[:place]
    return before.count("(") > before.count(")") or bool(_EXAMPLE.search(before))
