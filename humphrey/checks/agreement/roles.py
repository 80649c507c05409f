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
    ParsedPassage,
    ParsedSentence,
    Token,
    listed,
)
from humphrey.text.words import load_words

# Stems, as `stem` makes them.
_VERBS = load_words("agreement")["verbs"]


# A content word after one of these is taken for a verb, even if it is not on the list.
_BEFORE_VERBS = PRONOUNS | listed("to will would must may can could should might shall not who that do also")


# After one of these, a listed stem is a noun: "the report", "your claim".
_BEFORE_NOUNS = listed("the a an your their its his her our my this that these those any no each every of")


_LINKS = listed("from to by for than before after of with against between at in on into under over")


_PARTICIPLE = re.compile(r"(?:ed|en|wn|t|de|id|ld|ne)$")


# Words that do not link two things, so they are left out of what stands between the two.
_ALONE = listed("and or , the a an your their")


# A claim may tell about people what its source tells the reader: "you can ask" becomes "people can ask".
_RETOLD = {"they": "you", "person": "you"}


# Pronouns that stand for something named before.
_BACK = listed("they it he she this that which who these those there")


# Names for the reader, and for people in general.
_READERS = listed("you person official department applicant claimant customer user staff team member servant reader")


# Words inside a noun phrase.
_GLUE = listed("the a an your their its of for in from with and or any each every all other 's")


_ADVERBS = listed("also still only already always often never then now therefore usual normal general")


# Stems whose subject is before them, and whose verb is after them, after "not" and "to" or none.
_HELPING = listed("must should may can will could might shall need have do cannot require be")


# How many words after one of these are searched for the verb.
_VERB_REACH = 6


# How many words after a passive verb are searched for "by".
_AGENT_REACH = 10


class _Thing(NamedTuple):
    """A word for a thing or a person, with its token index."""

    meaning: str
    place: int


def disagreeing(
    claim: ParsedSentence, near: Sequence[ParsedSentence], sources: Sequence[ParsedPassage]
) -> Iterator[Disagreement]:
    """Yield the first pair of things that swapped roles, or else a subject that the source has not; at most one."""
    for said in near:
        for first, last in (*_around_verbs(claim, said), *_exchanged(claim, said)):
            message = "who does what, or to whom, is the other way round in the source; check who does it"
            yield Disagreement("roles", message, *claim.at(first, last))
            return
    if near:
        yield from _other_doers(claim, near, sources)


def _other_doers(
    claim: ParsedSentence, near: Sequence[ParsedSentence], sources: Sequence[ParsedPassage]
) -> Iterator[Disagreement]:
    """Yield the first subject of "must", "is" and the like whose verb has another subject in the source."""
    theirs = [each for said in near for each in _subjects(said)]
    for ours in _subjects(claim):
        there = [each for each in theirs if each.verb == ours.verb]
        if there and not any(_may_be(ours, each, sources) for each in there):
            message = f"the source has another party do this, not {claim.tokens[ours.place].word!r}; check who does it"
            yield Disagreement("doer", message, *claim.at(ours.place, ours.place))
            return


class _Subject(NamedTuple):
    """The last word of a subject, all words of its noun phrase, whether it is a name, its token index, and its verb."""

    head: str
    phrase: frozenset[str]
    named: bool
    place: int
    verb: str


def _may_be(ours: _Subject, theirs: _Subject, sources: Sequence[ParsedPassage]) -> bool:
    """Return whether a subject of the claim may be that of its source.

    Names of the reader and of people in general agree with each other, and a pronoun with what the passages name.
    """
    if ours.head in theirs.phrase or theirs.head in ours.phrase or ours.head in _BACK:
        return True
    if theirs.head in _BACK:
        return any(ours.head in each.content for each in sources)
    if "we" in {ours.head, theirs.head} and (ours.named or theirs.named):
        return True
    return bool(ours.phrase & _READERS and theirs.phrase & _READERS)


def _subjects(said: ParsedSentence) -> Iterator[_Subject]:
    """Yield each subject directly before "must", "is" and the like, and "you" for an order."""
    for n, token in enumerate(said.tokens):
        last = _last_before(said, n)
        before = said.tokens[last] if n else None
        if token.stem in _HELPING and before and (before.content or before.stem in PRONOUNS | _BACK):
            # In "the amount you can get is fixed" the word before "is" is a verb, and the subject stands further off.
            inside = last > 0 and said.tokens[last - 1].stem in _HELPING | PRONOUNS
            if not inside and token.word != "being" and (verb := _verb_after(said, n)):
                named = before.word[0].isupper() and last > 0
                yield _Subject(before.meaning, _phrase(said, last), named, last, verb)
        elif (before is None or before.stem in BREAKS) and token.stem in _VERBS and not _PARTICIPLE.search(token.word):
            yield _Subject("you", frozenset({"you"}), False, n, token.meaning)


def _last_before(said: ParsedSentence, n: int) -> int:
    """Return the index of the token before one, past adverbs; 0 if there is no other."""
    return next((m for m in range(n - 1, 0, -1) if not _is_adverb(said.tokens[m])), 0)


def _is_adverb(token: Token) -> bool:
    return token.stem in _ADVERBS or (token.word.endswith("ly") and not token.stem.endswith("ly"))


def _phrase(said: ParsedSentence, last: int) -> frozenset[str]:
    """Return the words of the noun phrase that ends at a token, and the word before its relative clause."""
    words = {said.tokens[last].meaning}
    inside = True
    for n in range(last - 1, -1, -1):
        token = said.tokens[n]
        if not token.stem[0].isalnum():
            break
        inside = inside and (token.content or token.stem in _GLUE)
        if inside:
            words.add(token.meaning)
        if token.stem in {"who", "which", "that"} and n:
            words.add(said.tokens[n - 1].meaning)
    return frozenset(words)


def _verb_after(said: ParsedSentence, n: int) -> str:
    """Return the meaning of the verb after "must" and the like, with "be" before it if it is a passive or a state."""
    be = ""
    for token in said.tokens[n : n + _VERB_REACH]:
        # In "will have a reply" the next content word is a noun.
        if token.stem in BREAKS or (token.stem in _BEFORE_NOUNS and not be):
            return ""
        if token.stem == "be":
            be = "be "
        elif token.content and not _is_adverb(token):
            return be + token.meaning
    return ""


def _last_before(said: ParsedSentence, n: int) -> int:
    """Return the index of the token before one, past adverbs; 0 if there is no other."""
    return next((m for m in range(n - 1, 0, -1) if not _is_adverb(said.tokens[m])), 0)


def _is_adverb(token: Token) -> bool:
    return token.stem in _ADVERBS or (token.word.endswith("ly") and not token.stem.endswith("ly"))


def _phrase(said: ParsedSentence, last: int) -> frozenset[str]:
    """Return the words of the noun phrase that ends at a token, and the word before its relative clause."""
    words = {said.tokens[last].meaning}
    inside = True
    for n in range(last - 1, -1, -1):
        token = said.tokens[n]
        if not token.stem[0].isalnum():
            break
        inside = inside and (token.content or token.stem in _GLUE)
        if inside:
            words.add(token.meaning)
        if token.stem in {"who", "which", "that"} and n:
            words.add(said.tokens[n - 1].meaning)
    return frozenset(words)


def _verb_after(said: ParsedSentence, n: int) -> str:
    """Return the meaning of the verb after "must" and the like, with "be" before it if it is a passive or a state."""
    be = ""
    for token in said.tokens[n : n + _VERB_REACH]:
        if token.stem == "be":
            be = "be "
        elif token.stem in BREAKS or (token.content and not _is_adverb(token)):
            return be + token.meaning if token.content else ""
    return ""


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
        if token.stem in PRONOUNS or (token.content and not _is_adverb(token)):
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
    if not _PARTICIPLE.search(said.tokens[verb].word.lower()):
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
        noun = before in _BEFORE_NOUNS - {"that"}
        if not noun and (token.stem in _VERBS or (before in _BEFORE_VERBS and token.content)):
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
