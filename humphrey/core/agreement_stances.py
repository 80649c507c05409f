"""Whether something is so, and whether it must, should or may be: of a claim, against its source.

A stance is what "not", "must" or "may" says of the word it belongs to, so "do not need to pay" has one about paying.
Stances about the same word are compared; stances about words that the other side lacks are left alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from humphrey.core.agreement_words import BREAKS, FUNCTION, Disagreement, Kind, Said, listed

_MODALS = {
    "must": "must",
    "shall": "must",
    "should": "should",
    "ought": "should",
    "may": "may",
    "might": "may",
    "can": "can",
    "could": "may",
    "will": "will",
}
_BEFORE_TO = {
    "need": "need",
    "have": "need",
    "requir": "need",
    "oblig": "need",
    "able": "can",
    "allow": "can",
    "permit": "can",
    "entitl": "can",
    "advis": "should",
    "recommend": "should",
}
_NEGATIONS = listed("not no never without neither nor none nobody unless except unable")
_COMPARED = listed("less more later earlier longer fewer sooner")
_SKIPPED = FUNCTION | listed(
    """
    usual normal general always still already automatical get likely sometimes often mostly actually even
    """
)
_STRENGTHS = ("must", "may", "can", "should", "will")
_REACH = 7
_SAME = 0.8
_BORNE_OUT = {
    *(("must", "will"), ("will", "must"), ("can", "will"), ("can", "may"), ("may", "can")),
    *(("able", "can"), ("can", "able"), ("able", "will"), ("will", "able")),
}
"""What a claim may say, and what its source: "you can" where it says "you will", but not the other way about."""


@dataclass(frozen=True)
class _Stance:
    """`strength` is empty where nothing says must, should or may; `about` are the next words that say something."""

    strength: str
    negated: bool
    about: tuple[str, ...]
    first: int
    last: int


def disagreeing(claim: Said, near: Sequence[Said]) -> Iterator[Disagreement]:
    """Each stance of the claim that no source sentence takes, and each of the closest that the claim drops."""
    ours = stances(claim)
    theirs = [stances(said) for said in near]
    found = [*_ours(claim, ours, near, theirs)]
    for said, each in zip(near, theirs, strict=True):
        for stance in each:
            found += _dropped(stance, said, claim, ours)
    yield from found or _counted(claim, near)


def _ours(
    claim: Said, ours: Sequence[_Stance], near: Sequence[Said], theirs: Sequence[Sequence[_Stance]]
) -> Iterator[Disagreement]:
    for stance in ours:
        if complaint := _against(stance, near, theirs):
            kind, message = complaint
            yield Disagreement(kind, message, *claim.at(stance.first, stance.last))


def _counted(claim: Said, near: Sequence[Said]) -> Iterator[Disagreement]:
    """What is denied or required more often, or less, in a claim that otherwise says just what its source says."""
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
    if more and less and not any((one, other) in _BORNE_OUT for one in more for other in less):
        message = f"the source says “{less[0]}” where this says “{more[0]}”; check what is required"
        yield Disagreement("strength", message, 0, len(claim.text))


def _parts(said: Said) -> Counter[str]:
    """How often a sentence says each strength, and "not"."""
    found = Counter[str]()
    at = depth = 0
    while at < len(said.tokens):
        here, width = _part(said, at)
        depth += {"(": 1, ")": -1}.get(said.tokens[at].stem, 0)
        # What stands in brackets may be left out whole.
        found["must" if here == "need" else here] += not depth
        at += max(width, 1)
    return found


def stances(said: Said) -> list[_Stance]:
    """What a sentence says must, should or may be, and what it says is not so, in order."""
    found: list[_Stance] = []
    n = 0
    while n < len(said.tokens):
        stance = _stance(said, n)
        if stance:
            found.append(stance)
        n = stance.last + 1 if stance else n + 1
    return found


def _stance(said: Said, n: int) -> _Stance | None:
    """The stance whose first word is the n-th, if one begins there."""
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
    return _Stance(strength, negated, _about(said, last + 1), n, last)


def _part(said: Said, at: int) -> tuple[str, int]:
    """What the word at a place adds to a stance ("not", a strength, or nothing), and how many words it takes."""
    stem, following = said.tokens[at].stem, said.tokens[at + 1].stem if at + 1 < len(said.tokens) else ""
    if stem in _NEGATIONS:
        return ("", 0) if _denies_nothing(said, at) else ("not", 1)
    if stem in _MODALS and not (stem == "may" and said.tokens[at].word == "May" and at):
        return _MODALS[stem], 1
    if stem in _BEFORE_TO and following == "to":
        return _BEFORE_TO[stem], 2
    if stem == "need" and following == "not":
        return "need", 1
    if at and (stem in {"do", "be"} or (stem in _SKIPPED and stem.endswith(("l", "ly")))) and _goes_on(said, at):
        return "", 1
    return "", 0


def _goes_on(said: Said, at: int) -> bool:
    """Whether the words after "be" or "do" belong to the same stance: "are not", "will be able to"."""
    if at + 1 >= len(said.tokens):
        return False
    following = said.tokens[at + 1].stem
    if following in _NEGATIONS:
        return True
    to = said.tokens[at + 2].stem if at + 2 < len(said.tokens) else ""
    return following in _BEFORE_TO and to == "to"


def _denies_nothing(said: Said, at: int) -> bool:
    """Whether a "not" only compares, as in "no later than", or goes on to say more, as in "not only … but also"."""
    following = [token.stem for token in said.tokens[at + 1 :]]
    if following[:1] == ["only"]:
        return "but" in following or "also" in following
    return following[:1] == ["matter"] or (following[1:2] == ["than"] and following[0] in _COMPARED)


def _about(said: Said, at: int) -> tuple[str, ...]:
    found: list[str] = []
    for token in said.tokens[at : at + _REACH]:
        if token.stem in BREAKS and found:
            break
        if token.stem not in _SKIPPED and token.stem[:1].isalnum():
            found.append(token.meaning)
        if len(found) == 2:
            break
    return tuple(found)


def _against(stance: _Stance, near: Sequence[Said], theirs: Sequence[Sequence[_Stance]]) -> tuple[Kind, str] | None:
    """What to say of a stance of the claim; None where a source sentence bears it out, or none speaks of it."""
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
        return None if any(_agree(stance, other) for other in held) else _complaint(stance, held[0])
    if stance.negated and not any(other.negated for each in theirs for other in each):
        return "negation", "the source says nothing of the kind is not so; check the negation"
    return None


def _of(word: str, said: Said, each: Sequence[_Stance]) -> list[_Stance]:
    """The stances that a sentence takes on a word: a plain one where it has the word and says nothing about it."""
    about = [stance for stance in each if word in stance.about]
    times = sum(token.meaning == word for token in said.tokens)
    plain = [_Stance("", False, (word,), 0, 0)] if times > len(about) else []
    return [*about, *plain]


def _agree(ours: _Stance, theirs: _Stance) -> bool:
    if ours.negated != theirs.negated:
        return False
    one, other = ours.strength, theirs.strength
    if ours.negated:
        # "Need not" frees, "must not" and "cannot" forbid.
        return not ({one, other} & {"need"}) or one == other or "" in {one, other}
    one, other = ("must" if each == "need" else each for each in (one, other))
    if "" in {one, other} or one == other:
        return True
    return (one, other) in _BORNE_OUT


def _complaint(ours: _Stance, theirs: _Stance) -> tuple[Kind, str]:
    if ours.negated and not theirs.negated:
        return "negation", "the source says this without “not”; check the negation"
    if theirs.negated and not ours.negated:
        return "negation", "the source says that this is not so; check the negation"
    said = {"need": "must", "": "does"}
    was, now = said.get(theirs.strength, theirs.strength), said.get(ours.strength, ours.strength)
    return "strength", f"the source says “{was}” where this says “{now}”; check what is required"


def _dropped(stance: _Stance, said: Said, claim: Said, ours: Sequence[_Stance]) -> Iterator[Disagreement]:
    """A complaint where the claim has the word that a source's stance is about, and takes no such stance."""
    for word in stance.about[:1]:
        held = _of(word, claim, ours)
        twice = sum(token.meaning == word for token in said.tokens) > 1
        if held and not twice and not any(_agree(other, stance) for other in held):
            if all(other.strength or other.negated for other in held):
                return  # what the claim says of it was looked at from the claim's side
            kind, message = _complaint(held[0], stance)
            place = next(n for n, token in enumerate(claim.tokens) if token.meaning == word)
            yield Disagreement(kind, message, *claim.at(place, place))
