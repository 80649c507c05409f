"""Same terms: whether a question and a statement about the same also say it of the same party, bounds and order.

Words in common do not show that: "over £100" and "under £100" share theirs, and so do "A signs for B" and "B signs
for A". Where the terms differ, the statement settles neither yes nor no.
"""

import re
from collections.abc import Iterable, Sequence

from humphrey.checks.agreement.bounds import marks
from humphrey.checks.agreement.words import BREAKS, ParsedSentence, Token
from humphrey.text.figures import figures

_LIKE = {
    other: word
    for word, others in {
        "approv": "authoris sign clear",
        "tell": "disclos reveal share",
        "publish": "post",
        "includ": "count",
    }.items()
    for other in others.split()
}
"""Verbs that the guidance and those who ask use for one act, by their stems."""


# A question with one of these asks whether something is not so, or may be left undone.
_PROHIBITS = re.compile(
    r"\b(?:wrong\w*|unlawful\w*|illegal\w*|unacceptable|improper\w*|inappropriate\w*|forb[ia]d\w*|banned|ban|prohibit\w*"
    r"|offences?|mistak\w+|against (?:the )?(?:law|rules?|code|policy)|(?<!data )breach\w*|disallowed|barred"
    r"|impossible)\b",
    re.IGNORECASE,
)


_AVOIDS = re.compile(
    r"\b(skip|avoid|refus|refrain|omit|ignor|declin|reject|withhold|withheld|exempt|exclud|optional|voluntary|unnecessary"
    r"|leave out|opt out|bypass|waiv|get out of|get round|delay|postpon|evad|escap|miss|dispens|stop|fail|prevent"
    r"|free (?:of|from))",
    re.IGNORECASE,
)


_RARELY = re.compile(
    r"\b(?:few|fewer|rare(?:ly)?|hardly|seldom|scarcely|barely|no longer|not (?:all|every|every(?:one|body)|always))\b",
    re.IGNORECASE,
)


# Where a rule stands is no bound: "under section 14(1) of the Act 2000".
_PROVISION = re.compile(
    r"\b(?:sections?|articles?|regulations?|paragraphs?|parts?|rules?|orders? no|acts?|schedules?) \d+\w*(?:\(\w+\))*"
    r"|\b(?<=Regulations )\d{4}\b",
    re.IGNORECASE,
)


_DIRECTIONS = frozenset({"later", "earlier", "above", "below"})


# Which of several, and how long or how often, without a figure.
_WHICH = re.compile(
    r"\b(?:second|third|fourth|fifth|sixth|last|next|final|for ?ever|indefinitely"
    r"|(?:for|in|once|twice|times) an? (?:minute|hour|day|week|month|year))\b",
    re.IGNORECASE,
)


# Words for anyone to whom guidance is addressed, and for nobody in particular.
_GENERAL_WORDS = (
    "official civil servant person people department organisation staff authority public body all colleague"
)


_GENERAL_PRONOUNS = frozenset({"you", "we", "i", "it", "there", "anyone", "anybody", "someone", "somebody"})


_OTHERS = frozenset({"they", "he", "she", "this", "that", "these", "those", "such"})


# "So" and "but" begin a clause that stands alone.
_DEPENDENT = frozenset(each for each in BREAKS if each.isalpha()) - {"so", "but"}


# A phrase after one of these says more about the noun before it.
_AFTER_NOUN = frozenset("of for in from to on with at by under over who that which whose as".split())  # noqa: SIM905


def meaning(token: Token) -> str:
    """Return the stem that stands for all words of the meaning of a token."""
    return _LIKE.get(token.meaning, token.meaning)


def meanings(text: str) -> frozenset[str]:
    """Return the meanings of the content words of a text."""
    return frozenset(_LIKE.get(each, each) for each in ParsedSentence(text).content)


_GENERAL = meanings(_GENERAL_WORDS)


def prohibits(text: str) -> bool:
    """Return whether a text has a word of prohibition."""
    return bool(_PROHIBITS.search(text))


def same_avoidance(question: str, said: str) -> bool:
    """Return whether a statement has each word of prohibition or avoidance that the question has."""
    held = {*_avoided(said)}
    return all(each in held for each in _avoided(question))


def same_bounds(question: str, said: str) -> bool:
    """Return whether both name the same figures and directions, and the statement is not of fewer cases."""
    asked, told = ({mark.kind for mark in marks(text)} for text in (question, said))
    fewer = ("some" in told - asked) or ("only" in asked - told) or ("most" in told and "all" in asked)
    return not fewer and not _RARELY.search(said) and _bounds(question) == _bounds(said)


def same_order(asking: ParsedSentence, said: ParsedSentence, first: int, verb: str, about: frozenset[str]) -> bool:
    """Return whether the words of the question that both have, those of the subjects apart, stand in one order."""
    named = {*_content(_asked_subject(asking, verb)), *_content(subject(said, first))} if verb else set()
    ours = list(dict.fromkeys(each for each in _content(asking.tokens) if each in about - named))
    theirs = list(dict.fromkeys(each for each in _content(said.tokens) if each in about - named))
    return [each for each in ours if each in theirs] == [each for each in theirs if each in ours]


def _avoided(text: str) -> set[str]:
    words = [found[1].lower() for found in _AVOIDS.finditer(text)]
    return {*words, *(found[0].lower()[:5] for found in _PROHIBITS.finditer(text))}


def _bounds(text: str) -> tuple[list[str], list[str], list[str]]:
    text = _PROVISION.sub(" ", text)
    named = [figure.value for figure in figures(text)]
    return (
        sorted(named),
        [mark.kind for mark in marks(text) if mark.kind in _DIRECTIONS],
        sorted(found.lower() for found in _WHICH.findall(text)),
    )


def same_subject(asking: ParsedSentence, said: ParsedSentence, first: int, verb: str, above: frozenset[str]) -> bool:
    """Return whether a statement speaks of the party or thing that the question asks about.

    Names for the reader and for anyone agree with each other. "The form must be kept" agrees with "Must we keep it?".

    Args:
        asking: the question from its auxiliary verb on.
        said: a sentence of the statement.
        first: the index of the token in it with which what it says of its subject begins.
        verb: the meaning of the verb that it says this with.
        above: the meanings of the headings.
    """
    ours, theirs = _asked_subject(asking, verb), subject(said, first)
    heads = set(_heads(theirs))
    if any(token.stem in _OTHERS for token in (*ours[:1], *theirs[:1])):
        return False
    own = set(_heads(ours))
    if _is_general(_content(ours)):
        # What is said of some of them, "officials in Wales", is told as a condition.
        return _is_general(heads) or (_is_passive(said.tokens[first:]) and heads <= set(_content(asking.tokens)))
    if _is_general(heads):
        return _is_passive(asking.tokens) and own <= set(_content(said.tokens[first:]))
    return bool(own & heads) or (bool(own & above) and bool(heads & set(_content(ours))))


def is_dependent(said: ParsedSentence, first: int) -> bool:
    """Return whether what begins at a token is only asked, reported or supposed: "some ask whether we may"."""
    place = first - len(subject(said, first)) - 1
    return said.text.rstrip().endswith("?") or (place >= 0 and said.tokens[place].stem in _DEPENDENT)


def subject(said: ParsedSentence, first: int) -> list[Token]:
    """Return the tokens of the subject of what begins at a token; a list of several goes on over its commas."""
    at = first
    while at and said.tokens[at - 1].stem not in BREAKS:
        at -= 1
    joined = any(token.stem in {"or", "and"} for token in said.tokens[at + 1 : first])
    while joined and at > 1 and said.tokens[at - 1].stem == ",":
        at -= 1
        while at and said.tokens[at - 1].stem not in BREAKS:
            at -= 1
    return said.tokens[at:first]


def _asked_subject(asking: ParsedSentence, verb: str) -> list[Token]:
    """Return the tokens between the auxiliary verb of a question and its verb."""
    rest = asking.tokens[1:]
    if rest and rest[0].stem in _GENERAL_PRONOUNS | _OTHERS:
        return rest[:1]
    end = next((n for n, token in enumerate(rest) if n and meaning(token) == verb), 0)
    return rest[:end]


def _is_general(words: Iterable[str]) -> bool:
    return all(word in _GENERAL for word in words)


def _is_passive(tokens: Sequence[Token]) -> bool:
    """Return whether something is done to the subject, and nobody is named who does it."""
    words = {token.word.lower() for token in tokens}
    return "be" in words and "by" not in words


def _heads(subject: Sequence[Token]) -> list[str]:
    """Return the last word of each noun phrase of a subject, without what stands after a preposition."""
    heads: list[str] = []
    last, inside = "", True
    for token in subject:
        if token.stem in {"or", "and", ","}:
            heads.append(last)
            last, inside = "", True
        elif token.stem in _AFTER_NOUN:
            inside = False
        elif inside and token.content:
            last = meaning(token)
    return [head for head in (*heads, last) if head]


def _content(tokens: Iterable[Token]) -> list[str]:
    return [meaning(token) for token in tokens if token.content]
