"""Small words that decide how far a sentence goes: direction of a bound, quantity, condition and exception.

A mark is an expression of one of these with the words that it is about. "Before 6 April", "by 6 April", "within 20
days" and "at most 20 days" bound from above; "after", "from" and "at least" from below. Marks about the same words are
compared.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from humphrey.checks.agreement.words import BREAKS, Disagreement, ParsedSentence
from humphrey.text.words import load

MarkKind = Literal[
    "later", "earlier", "above", "below", "some", "most", "all", "only", "exception", "condition", "without", "limit"
]
"""What a mark expresses.

`later` and `earlier`: "2 months after" and "2 months before". `above` and `below`: which side of a bound. `limit`:
other words that may stand for "only".
"""


_MARK = re.compile(
    "|".join(
        f"(?P<{kind}>\\b(?:{'|'.join(each.pattern for each in load('bounds')[kind])}))" for kind in get_args(MarkKind)
    ),
    re.IGNORECASE,
)


_OPPOSITE = {
    one: other
    for pair in (("above", "below"), ("later", "earlier"), ("condition", "exception"))
    for one, other in (pair, pair[::-1])
}


_CONDITIONS = frozenset({"condition", "exception"})


_AMOUNTS = frozenset({"all", "most", "some"})


# One of these on either side may be a way of saying "only".
_LIMITS = frozenset({"only", "exception", "without", "limit"})


DENIAL = re.compile(
    r"\b(?:not|no|never|neither|cannot|none|nobody)\b(?! \w+er than| (?:more|less) than)|n[’']t\b", re.I
)
"""Words that deny, one for each denial: "nor" goes with "neither", and "no later than" denies nothing."""


_SIGN = re.compile(r"[,;:()–]|$")


# Content words that a mark is about.
_REACH = 4


@dataclass(frozen=True)
class Mark:
    """One expression, the meanings of the words it is about, and whether the rest of its sentence denies something.

    `clause` is the text after it, to the next sign.
    """

    kind: str
    words: str
    about: frozenset[str]
    denied: bool
    clause: str
    start: int
    end: int


def disagreeing(claim: ParsedSentence, near: Sequence[ParsedSentence]) -> Iterator[Disagreement]:
    """Yield each bound and condition that the source has the other way round, and each quantity that it has not."""
    ours = marks(claim.text)
    theirs = [each for said in near for each in marks(said.text)]
    yield from _turned(ours, theirs, claim)
    yield from _other_amounts(ours, theirs, claim)
    yield from _only(ours, theirs, claim)


def _turned(ours: Sequence[Mark], theirs: Sequence[Mark], claim: ParsedSentence) -> Iterator[Disagreement]:
    for mark in ours:
        opposite = _OPPOSITE.get(mark.kind, "")
        held = matching(mark, [each for each in theirs if each.kind in {mark.kind, opposite}]) if opposite else []
        # "Not before" is "after", so an opposite direction agrees if one of the two is denied.
        if held and all(each.kind == opposite and each.denied == mark.denied for each in held):
            words = claim.text[mark.start : mark.end]
            message = f"the source says the opposite of “{words}” here; check which way round it is"
            yield Disagreement("condition" if opposite in _CONDITIONS else "bound", message, mark.start, mark.end)


def matching(mark: Mark, others: Sequence[Mark]) -> list[Mark]:
    """Return the marks that share most words with one; empty if none shares half of the fewer."""
    shared = [(len(mark.about & each.about), each) for each in others]
    most = max((n for n, _ in shared), default=0)
    return [each for n, each in shared if n and n == most and 2 * n >= min(len(mark.about), len(each.about))]


def _other_amounts(ours: Sequence[Mark], theirs: Sequence[Mark], claim: ParsedSentence) -> Iterator[Disagreement]:
    """Yield what the claim says of all, most or some where its source says another of these."""
    here, there = ({each.kind for each in marked} & _AMOUNTS for marked in (ours, theirs))
    lost = [each for each in theirs if each.kind in there - here and _said(each, claim)]
    for mark in ours:
        if mark.kind in here - there and lost:
            message = f"the source speaks of “{lost[0].kind}” where this speaks of “{mark.kind}”; check how much"
            yield Disagreement("quantity", message, mark.start, mark.end)


def _only(ours: Sequence[Mark], theirs: Sequence[Mark], claim: ParsedSentence) -> Iterator[Disagreement]:
    for mark in ours:
        if mark.kind == "only" and not any(map(_limits, theirs)):
            message = "the source does not limit this with “only”; check how far it goes"
            yield Disagreement("quantity", message, mark.start, mark.end)
    if not any(map(_limits, ours)) and any(each.kind == "only" and _said(each, claim) for each in theirs):
        message = "the source limits this with “only”; check how far it goes"
        yield Disagreement("quantity", message, 0, len(claim.text.rstrip()))


def _limits(mark: Mark) -> bool:
    """Return whether a mark may stand for "only": "not until" and "not before" do."""
    return mark.kind in _LIMITS or (mark.denied and mark.kind in {"above", "below"})


def _said(mark: Mark, claim: ParsedSentence) -> bool:
    """Return whether a claim has the words that a mark of the source is about."""
    return not mark.about or 2 * len(mark.about & claim.content) >= len(mark.about)


@lru_cache(maxsize=1024)
def marks(text: str) -> tuple[Mark, ...]:
    """Return the marks of a sentence in order."""
    found = list(_MARK.finditer(text))
    said = ParsedSentence(text) if found else None
    return tuple(_mark(each, said) for each in found) if said else ()


def _mark(found: re.Match[str], said: ParsedSentence) -> Mark:
    text = said.text
    sign = _SIGN.search(text, found.end())
    ends = sign.start() if sign else len(text)
    # A semicolon parts two statements, of which each may deny something else.
    before, after = text[: found.start()].rpartition(";")[2], text[ends:].partition(";")[0]
    denied = bool(DENIAL.search(before) or DENIAL.search(after))
    return Mark(
        str(found.lastgroup), found[0].lower(), _about(said, found), denied, text[found.end() : ends], *found.span()
    )


def _about(said: ParsedSentence, found: re.Match[str]) -> frozenset[str]:
    """Return the content words after a mark, up to the end of the clause; before it for "or more" and its like."""
    behind = [token for token in said.tokens if token.start >= found.end()]
    if found[0].lower().startswith(("or ", "and ")):
        behind = [token for token in reversed(said.tokens) if token.end <= found.start()]
    words: list[str] = []
    for token in behind:
        if len(words) == _REACH or (words and token.stem in BREAKS):
            break
        if token.content:
            words.append(token.meaning)
    return frozenset(words)
