"""Subjects: the party that must, may, will or can do something, and what is in some state, compared by verb.

A subject is the noun phrase or pronoun directly before "must", "is" and the like. An order is addressed to "you".
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from humphrey.checks.agreement.roles import BEFORE_NOUNS, PARTICIPLE, VERBS
from humphrey.checks.agreement.words import (
    BREAKS,
    PRONOUNS,
    Disagreement,
    ParsedPassage,
    ParsedSentence,
    is_adverb,
    listed,
)

# Pronouns that stand for something named before.
_BACK = listed("they it he she this that which who these those there")


# Names for the reader, and for people in general.
_READERS = listed("you person official department applicant claimant customer user staff team member servant reader")


# They go on with a noun phrase: "a reader who stops after the first page".
_RELATIVE = listed("who which that whose after before since until once")


# Stems whose subject is before them, and whose verb is after them, after "not" and "to" or none.
_HELPING = listed("must should may can will could might shall need have do cannot require be")


# How many words after one of these are searched for the verb.
_VERB_REACH = 6


def disagreeing(
    claim: ParsedSentence, near: Sequence[ParsedSentence], sources: Sequence[ParsedPassage]
) -> Iterator[Disagreement]:
    """Yield the first subject of a claim whose verb has another subject in its source, if there is one."""
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
        return bool(ours.phrase & _READERS) or any(ours.head in each.content for each in sources)
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
        elif (
            (before is None or not before.stem[0].isalnum())
            and token.stem in VERBS
            and not PARTICIPLE.search(token.word)
        ):
            yield _Subject("you", frozenset({"you"}), False, n, token.meaning)


def _last_before(said: ParsedSentence, n: int) -> int:
    """Return the index of the token before one, past adverbs; 0 if there is no other."""
    return next((m for m in range(n - 1, 0, -1) if not is_adverb(said.tokens[m])), 0)


def _phrase(said: ParsedSentence, last: int) -> frozenset[str]:
    """Return the words of the noun phrase that ends at a token, its relative clause included."""
    words = {said.tokens[last].meaning}
    for n in range(last - 1, -1, -1):
        token = said.tokens[n]
        if token.stem in PRONOUNS or (token.stem in BREAKS and token.stem not in _RELATIVE):
            break
        words.add(token.meaning)
    return frozenset(words)


def _verb_after(said: ParsedSentence, n: int) -> str:
    """Return the meaning of the verb after "must" and the like, with "be" before it if it is a passive or a state."""
    be = ""
    for token in said.tokens[n : n + _VERB_REACH]:
        # In "will have a reply" the next content word is a noun.
        if token.stem in BREAKS or (token.stem in BEFORE_NOUNS and not be):
            return ""
        if token.stem == "be":
            be = "be "
        elif token.content and not is_adverb(token):
            return be + token.meaning
    return ""
