"""Negation and modality of a claim, compared with its source: whether something is so, and must, should or may be.

A stance is what "not", "must" or "may" says about the word that it belongs to. "Do not need to pay" has one about
paying. Stances about the same word are compared. A stance about a word that the other side lacks is ignored.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from humphrey.checks.agreement.denials import evened
from humphrey.checks.agreement.words import (
    BREAKS,
    FUNCTION_WORDS,
    Disagreement,
    DisagreementKind,
    ParsedSentence,
    listed,
)
from humphrey.text.words import load_groups

# Each modal verb with the strength that it is compared as, and each stem that has one before "to": "are required to".
_MODALS, _BEFORE_TO = (
    {word: strength for strength, *group in load_groups("agreement")[name] for word in group}
    for name in ("strengths", "strengths before to")
)


# "Nor" goes with "neither". Exceptions ("unless") are compared by themselves; see bounds.py.
_NEGATIONS = listed("not no never without neither none nobody unable")


# "No later than" and "not more than" set a limit and deny nothing.
_COMPARED = re.compile(r"\w+er|more|less")


# Words that a stance is never about.
_SKIPPED = FUNCTION_WORDS | listed(
    """
    usual normal general always still already automatical get likely sometimes often mostly actually even
    """
)


_STRENGTHS = ("must", "may", "can", "should", "will")


# How many words after a stance are searched for what it is about.
_REACH = 7


# Negations and strengths are only counted if claim and source share this much of their content words. With less in
# common, different counts mean nothing.
_SAME = 0.8


_BORNE_OUT = {
    *(("must", "will"), ("will", "must"), ("can", "will"), ("can", "may"), ("may", "can")),
    *(("able", "can"), ("can", "able"), ("able", "will"), ("will", "able")),
}
"""Pairs (strength in the claim, strength in the source) that agree although they differ.

"You can" agrees with a source that says "you will", but "you will" does not agree with "you can".
"""


@dataclass(frozen=True)
class _Modality:
    """One modality or negation, with the words it is about.

    Attributes:
        strength: must, should, may, can, will or need; empty if only negated.
        negated: whether it is denied.
        about: meanings of the next content words, at most two.
        first: index of its first token.
        last: index of its last token.
    """

    strength: str
    negated: bool
    about: tuple[str, ...]
    first: int
    last: int


def disagreeing(claim: ParsedSentence, near: Sequence[ParsedSentence]) -> Iterator[Disagreement]:
    """Yield each stance of the claim that no source sentence takes, and each of the closest that the claim drops."""
    ours = modalities(claim)
    theirs = [modalities(said) for said in near]
    found = [*_ours(claim, ours, near, theirs)]
    for said, each in zip(near, theirs, strict=True):
        for stance in each:
            found += _dropped(stance, said, claim, ours)
    even = evened(claim, near)
    yield from (each for each in found or _counted(claim, near) if each.kind != "negation" or not even)


def _ours(
    claim: ParsedSentence,
    ours: Sequence[_Modality],
    near: Sequence[ParsedSentence],
    theirs: Sequence[Sequence[_Modality]],
) -> Iterator[Disagreement]:
    for stance in ours:
        if complaint := _against(stance, near, theirs):
            kind, message = complaint
            yield Disagreement(kind, message, *claim.at(stance.first, stance.last))


def _counted(claim: ParsedSentence, near: Sequence[ParsedSentence]) -> Iterator[Disagreement]:
    """Yield what the claim denies or requires more or less often than its source, if both otherwise say the same."""
    content = frozenset().union(*(said.content for said in near))
    if len(content & claim.content) < _SAME * max(len(content), len(claim.content), 1):
        return
    here, there = _parts(claim), Counter[str]()
    for said in near:
        there.update(_parts(said))
    if here["not"] != there["not"]:
        message = f"the source says “not” or its like {there['not']} times, this {here['not']}; check the negations"
        yield Disagreement("negation", message, 0, len(claim.text))
    more = [each for each in _STRENGTHS if here[each] > there[each]]
    less = [each for each in _STRENGTHS if here[each] < there[each]]
    if (
        more
        and less
        and not _forbids(claim, near)
        and not any((one, other) in _BORNE_OUT for one in more for other in less)
    ):
        message = f"the source says “{less[0]}” where this says “{more[0]}”; check what is required"
        yield Disagreement("strength", message, 0, len(claim.text))


def _forbids(claim: ParsedSentence, near: Sequence[ParsedSentence]) -> bool:
    """Return whether claim and source both deny a strength: "must not", "nobody may" and "cannot" all forbid."""
    return all(
        any(stance.negated and stance.strength for said in each for stance in modalities(said))
        for each in ([claim], near)
    )


def _parts(said: ParsedSentence) -> Counter[str]:
    """Return how often a sentence expresses each strength, and "not"."""
    found = Counter[str]()
    at = depth = 0
    while at < len(said.tokens):
        here, width = _part(said, at)
        depth += {"(": 1, ")": -1}.get(said.tokens[at].stem, 0)
        # A claim may leave out a whole bracket, so what is in brackets is not counted.
        found["must" if here == "need" else here] += not depth
        at += max(width, 1)
    return found


def modalities(said: ParsedSentence) -> list[_Modality]:
    """Return what a sentence says must, should or may be, and what it negates, in order."""
    found: list[_Modality] = []
    n = 0
    while n < len(said.tokens):
        stance = _stance(said, n)
        if stance:
            found.append(stance)
        n = stance.last + 1 if stance else n + 1
    return found


def _stance(said: ParsedSentence, n: int) -> _Modality | None:
    """Return the stance whose first word is the n-th; None if none starts there."""
    strength, negated, last = "", False, n - 1
    at = n
    while at < len(said.tokens):
        here, width = _part(said, at)
        if not width:
            break
        if here == "not":
            negated = True
        elif (strength, here) == ("will", "can"):
            strength = "able"
        elif here and (not strength or (strength == "will" and here != "can")):
            strength = here
        at += width
        last = at - 1
    if not strength and not negated:
        return None
    return _Modality(strength, negated, _about(said, last + 1), n, last)


def _part(said: ParsedSentence, at: int) -> tuple[str, int]:
    """Return what the token at an index adds to a stance ("not", a strength or nothing) and how many tokens it takes.

    No tokens means that the stance ends before it.
    """
    stem, following = said.tokens[at].stem, said.tokens[at + 1].stem if at + 1 < len(said.tokens) else ""
    if stem in _NEGATIONS:
        return ("", 0) if _denies_nothing(said, at) else ("not", 1)
    # "May" with a capital inside a sentence is the month.
    if stem in _MODALS and not (stem == "may" and said.tokens[at].word == "May" and at):
        return _MODALS[stem], 1
    if stem in _BEFORE_TO and following == "to":
        return _BEFORE_TO[stem], 2
    if stem == "need" and following == "not":
        return "need", 1
    if at and (stem in {"do", "be"} or (stem in _SKIPPED and stem.endswith(("l", "ly")))) and _goes_on(said, at):
        return "", 1
    return "", 0


def _goes_on(said: ParsedSentence, at: int) -> bool:
    """Return whether the words after "be" or "do" belong to the same stance: "are not", "will be able to"."""
    if at + 1 >= len(said.tokens):
        return False
    following = said.tokens[at + 1].stem
    if following in _NEGATIONS:
        return True
    to = said.tokens[at + 2].stem if at + 2 < len(said.tokens) else ""
    return following in _BEFORE_TO and to == "to"


def _denies_nothing(said: ParsedSentence, at: int) -> bool:
    """Return whether a "not" only compares ("no later than") or leads on to more ("not only … but also")."""
    following = [token.stem for token in said.tokens[at + 1 :]]
    if following[:1] == ["only"]:
        return "but" in following or "also" in following
    return following[:1] == ["matter"] or (following[1:2] == ["than"] and bool(_COMPARED.fullmatch(following[0])))


def _about(said: ParsedSentence, at: int) -> tuple[str, ...]:
    found: list[str] = []
    for token in said.tokens[at : at + _REACH]:
        if token.stem in BREAKS and (found or not token.stem.isalpha()):
            break
        if token.stem not in _SKIPPED and token.stem[:1].isalnum():
            found.append(token.meaning)
        if len(found) == 2:
            break
    return tuple(found)


def _against(
    stance: _Modality, near: Sequence[ParsedSentence], theirs: Sequence[Sequence[_Modality]]
) -> tuple[DisagreementKind, str] | None:
    """Return the complaint about a stance of the claim; None if a source sentence agrees or none is about its words."""
    speaking = [
        (sum(bool(_of(word, said, each)) for word in stance.about), said, each)
        for said, each in zip(near, theirs, strict=True)
    ]
    most = max((matched for matched, _, _ in speaking), default=0)
    held = [
        other
        for matched, said, each in speaking
        if matched == most
        for word in stance.about
        for other in _of(word, said, each)
    ]
    if held:
        if any(_agree(stance, other) for other in held):
            return None
        return _complaint(stance, next((other for other in held if other.negated == stance.negated), held[0]))
    if stance.negated and not any(other.negated for each in theirs for other in each):
        return "negation", "the source says nothing of the kind is not so; check the negation"
    return None


def _of(word: str, said: ParsedSentence, each: Sequence[_Modality]) -> list[_Modality]:
    """Return the stances of a sentence about a word.

    A plain stance, without strength or negation, is added if the sentence also has the word without any.
    """
    about = [stance for stance in each if word in stance.about]
    times = sum(token.meaning == word for token in said.tokens)
    plain = [_Modality("", False, (word,), 0, 0)] if times > len(about) else []
    return [*about, *plain]


def _agree(ours: _Modality, theirs: _Modality) -> bool:
    if ours.negated != theirs.negated:
        return False
    one, other = ours.strength, theirs.strength
    if ours.negated:
        # "Need not" permits; "must not" and "cannot" forbid. So these two groups do not agree.
        return not ({one, other} & {"need"}) or one == other or "" in {one, other}
    one, other = ("must" if each == "need" else each for each in (one, other))
    if "" in {one, other} or one == other:
        return True
    return (one, other) in _BORNE_OUT


def _complaint(ours: _Modality, theirs: _Modality) -> tuple[DisagreementKind, str]:
    if ours.negated and not theirs.negated:
        return "negation", "the source says this without “not”; check the negation"
    if theirs.negated and not ours.negated:
        return "negation", "the source says that this is not so; check the negation"
    said = {"need": "must", "": "does"}
    was, now = said.get(theirs.strength, theirs.strength), said.get(ours.strength, ours.strength)
    return "strength", f"the source says “{was}” where this says “{now}”; check what is required"


def _dropped(
    stance: _Modality, said: ParsedSentence, claim: ParsedSentence, ours: Sequence[_Modality]
) -> Iterator[Disagreement]:
    """Yield a complaint if the claim has the word that a source's stance is about and takes no such stance."""
    for word in stance.about[:1]:
        held = _of(word, claim, ours)
        twice = sum(token.meaning == word for token in said.tokens) > 1
        if held and not twice and not any(_agree(other, stance) for other in held):
            if all(other.strength or other.negated for other in held):
                return  # the claim's own stances about the word were compared already
            kind, message = _complaint(held[0], stance)
            place = next(n for n, token in enumerate(claim.tokens) if token.meaning == word)
            yield Disagreement(kind, message, *claim.at(place, place))
