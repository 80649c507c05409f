"""Whether a claim denies as often as its source, however it says so.

"Not until", "not unless" and "not without" are an "only": "do not begin until it is approved" is "begin only once it is
approved". "Fails to" is "does not".
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from humphrey.checks.agreement.bounds import DENIAL, Mark, marks, matching
from humphrey.checks.agreement.words import ParsedSentence, listed

_WITHOUT = re.compile(r"\bwithout\b", re.IGNORECASE)


# Marks that a denial turns into "only": "not until", "not unless", "not without".
_UNDONE = re.compile(
    r"(?:not )?(?:before|until|after)|prior to|ahead of|once|without|unless|except.*|other than|apart from"
)


# Words that deny without "not"; a claim may say "fails to" for "does not".
_OPPOSITES = listed(
    "fail refrain avoid lack prevent prohibit forbid ban exclud exempt ignor fre outsid rather instead stop omit leav"
)


def evened(claim: ParsedSentence, near: Sequence[ParsedSentence]) -> bool:
    """Return whether a claim denies as often as its source, so that a "not" has only moved or changed its shape.

    "Not until", "not unless" and "not without" are an "only", so they deny nothing, unless both sides have them.
    """
    here, there = _denials([claim]), _denials(near)
    ours, theirs = ({token.stem for said in each for token in said.tokens} & _OPPOSITES for each in ([claim], near))
    if -len(ours - theirs) <= here.plain - there.plain <= len(theirs - ours):
        return True
    return here.pairs != there.pairs and here.left == there.left and _reshaped(claim, near)


def _reshaped(claim: ParsedSentence, near: Sequence[ParsedSentence]) -> bool:
    """Return whether either side has a "not until" or its like that the other does not have about the same words."""
    ours, theirs = marks(claim.text), [mark for said in near for mark in marks(said.text)]
    return any(
        mark.about and _undone(mark) and not matching(mark, [each for each in others if each.kind == mark.kind])
        for own, others in ((ours, theirs), (theirs, ours))
        for mark in own
    )


class _Denials(NamedTuple):
    """How often sentences deny: in all, how often as part of "not until" and its like, and without those."""

    plain: int
    pairs: int
    left: int


def _denials(said: Sequence[ParsedSentence]) -> _Denials:
    nots = sum(len(DENIAL.findall(each.text)) for each in said)
    marked = [mark for each in said for mark in marks(each.text)]
    withouts = sum(len(_WITHOUT.findall(each.text)) for each in said)
    pairs = min(nots, sum(map(_undone, marked)))
    return _Denials(nots + withouts, pairs, nots + withouts - pairs - min(pairs, withouts))


def _undone(mark: Mark) -> bool:
    return mark.denied and bool(_UNDONE.fullmatch(mark.words))
