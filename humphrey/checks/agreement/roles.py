"""Semantic roles: who does what to whom, compared by word order around the verbs of a claim and its source.

If two things change places around the same verb, they have swapped roles, unless the verb became passive. A clause that
moves as a whole takes its verb along, so nothing changes places around that verb.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from humphrey.checks.agreement.words import (
    BREAKS,
    FUNCTION_WORDS,
    PRONOUNS,
    Disagreement,
    ParsedSentence,
    is_adverb,
    listed,
)
from humphrey.text.words import load_words

VERBS = load_words("agreement")["verbs"]
"""Stems of verbs, as `stem` makes them."""


# A content word after one of these is taken for a verb, even if it is not on the list.
_BEFOREVERBS = PRONOUNS | listed("to will would must may can could should might shall not who that do also")


BEFORE_NOUNS = listed("the a an your their its his her our my this that these those any no each every of")
"""After one of these, a listed stem is a noun: "the report", "your claim"."""


_LINKS = listed("from to by for than before after of with against between at in on into under over")


PARTICIPLE = re.compile(r"(?:ed|en|wn|t|de|id|ld|ne)$")
"""The end of a participle, as in a passive."""


# Words that do not link two things, so they are left out of what stands between the two.
_ALONE = listed("and or , the a an your their")


# A claim may tell about people what its source tells the reader: "you can ask" becomes "people can ask".
_RETOLD = {"they": "you", "person": "you"}


# How many words after a passive verb are searched for "by".
_AGENT_REACH = 10


class _Thing(NamedTuple):
    """A word for a thing or a person, with its token index."""

    meaning: str
    place: int


def disagreeing(claim: ParsedSentence, near: Sequence[ParsedSentence]) -> Iterator[Disagreement]:
    """Yield the first pair of things that swapped roles, if there is one. A sentence is flagged once."""
    for said in near:
        for first, last in (*_around_verbs(claim, said), *_exchanged(claim, said)):
            message = "who does what, or to whom, is the other way round in the source; check who does it"
            yield Disagreement("roles", message, *claim.at(first, last))
            return


def _around_verbs(claim: ParsedSentence, said: ParsedSentence) -> Iterator[tuple[int, int]]:
    """Yield the token indexes in the claim where subject and object of a verb changed sides."""
    ours, theirs = _by_meaning(claim), _by_meaning(said)
    for meaning, places in ours.items():
        others = theirs.get(meaning, [])
        # If a verb occurs several times, occurrences are paired in order: the first with the first.
        pairs = zip(places, others, strict=False) if len(places) == len(others) else ()
        for n, m in pairs:
            if changed := _changed_sides(claim, n, said, m):
                yield changed


def _changed_sides(claim: ParsedSentence, n: int, said: ParsedSentence, m: int) -> tuple[int, int] | None:
    """Return the token indexes of subject and object if they changed sides around this verb; None if not."""
    doer, others = _parts(claim, n)
    doer_there, others_there = _parts(said, m)
    if doer is None or doer_there is None:
        return None
    if _retold(claim, said):
        doer = _Thing(_RETOLD.get(doer.meaning, doer.meaning), doer.place)
        others = {_RETOLD.get(meaning, meaning): place for meaning, place in others.items()}
    one, other = doer.meaning, doer_there.meaning
    if one == other or one not in others_there or other not in others:
        return None
    return min(doer.place, others[other]), max(doer.place, others[other])


def _retold(claim: ParsedSentence, said: ParsedSentence) -> bool:
    """Return whether a claim is about people and its source addresses the reader."""
    ours, theirs = ({token.meaning for token in each.tokens} for each in (claim, said))
    return "you" in theirs - ours and not theirs & _RETOLD.keys()


def _parts(said: ParsedSentence, verb: int) -> tuple[_Thing | None, dict[str, int]]:
    """Return the subject of a verb, and the words on its object side (token index by meaning)."""
    before, after = range(verb - 1, -1, -1), range(verb + 1, len(said.tokens))
    if by := _agent(said, verb):
        return _head_after(said, by), _side(said, before)
    if _passive(said, verb):
        return None, _side(said, before)
    return _head_before(said, verb), _side(said, after)


def _head_before(said: ParsedSentence, verb: int) -> _Thing | None:
    """Return the nearest noun or pronoun before a verb, past "must", "not" and the like; "you" for an imperative."""
    if verb == 0 or said.tokens[verb - 1].stem in {",", ":", "please"}:
        return _Thing("you", verb)
    for n in range(verb - 1, -1, -1):
        token = said.tokens[n]
        if token.stem in BREAKS and token.stem not in {"who", "which", "that"}:
            return None
        if token.stem in PRONOUNS or (token.content and not is_adverb(token)):
            return _Thing(token.meaning, n)
    return None


def _head_after(said: ParsedSentence, by: int) -> _Thing | None:
    """Return the last word of the first noun phrase after "by"."""
    head = None
    for n in range(by + 1, len(said.tokens)):
        token = said.tokens[n]
        if token.content or token.stem in PRONOUNS:
            head = _Thing(token.meaning, n)
        elif head is not None or token.stem in BREAKS:
            break
    return head


def _side(said: ParsedSentence, places: range) -> dict[str, int]:
    found: dict[str, int] = {}
    for n in places:
        token = said.tokens[n]
        if token.stem in BREAKS:
            break
        if (token.content or token.stem in PRONOUNS) and token.stem[0].isalpha():
            found.setdefault(token.meaning, n)
    return found


def _agent(said: ParsedSentence, verb: int) -> int:
    """Return the index of "by" in a passive such as "is paid by the council"; 0 if there is none."""
    if not _passive(said, verb):
        return 0
    reach = range(verb + 1, min(verb + 1 + _AGENT_REACH, len(said.tokens)))
    ends = next((n for n in reach if said.tokens[n].stem in BREAKS), reach.stop)
    return next((n for n in range(reach.start, ends) if said.tokens[n].stem == "by"), 0)


def _passive(said: ParsedSentence, verb: int) -> bool:
    if not PARTICIPLE.search(said.tokens[verb].word.lower()):
        return False
    at = verb - 1
    while at >= 0 and (said.tokens[at].stem == "not" or said.tokens[at].word.lower().endswith("ly")):
        at -= 1
    return at >= 0 and said.tokens[at].stem == "be"


def _by_meaning(said: ParsedSentence) -> dict[str, list[int]]:
    """Return the token indexes of a sentence's verbs, by meaning."""
    found: dict[str, list[int]] = {}
    for n, token in enumerate(said.tokens):
        before = said.tokens[n - 1].stem if n else ""
        noun = before in BEFORE_NOUNS - {"that"}
        if not noun and (token.stem in VERBS or (before in _BEFOREVERBS and token.content)):
            found.setdefault(token.meaning, []).append(n)
    return found


def _exchanged(claim: ParsedSentence, said: ParsedSentence) -> Iterator[tuple[int, int]]:
    """Yield pairs of token indexes whose words are exchanged in the source, with the same words between them."""
    ours, theirs = _single(claim), _single(said)
    shared = sorted(ours.keys() & theirs.keys(), key=ours.__getitem__)
    for one, other in combinations(shared, 2):
        if theirs[one] < theirs[other]:
            continue
        here = _between(claim, ours[one], ours[other])
        if here and here == _between(said, theirs[other], theirs[one]) and _bears(here):
            yield ours[one], ours[other]


def _single(said: ParsedSentence) -> dict[str, int]:
    """Return the token index of each content word or pronoun that occurs once, by meaning."""
    places: dict[str, int] = {}
    often = set()
    for n, token in enumerate(said.tokens):
        if token.content or token.stem in PRONOUNS:
            often |= {token.meaning} & places.keys()
            places[token.meaning] = n
    return {meaning: n for meaning, n in places.items() if meaning not in often}


def _between(said: ParsedSentence, first: int, last: int) -> tuple[str, ...]:
    return tuple(token.meaning for token in said.tokens[first + 1 : last] if token.stem not in _ALONE)


def _bears(between: Sequence[str]) -> bool:
    """Return whether the words between two things make their order matter: a verb or preposition, not just "and"."""
    return any(word in _LINKS or word not in FUNCTION_WORDS for word in between)
