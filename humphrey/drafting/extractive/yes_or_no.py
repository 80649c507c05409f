"""Yes or no: what a statement of the guidance says to a question that can be answered so.

The question and the statement must be about the same, word for word or by synonyms. Then what the statement says must,
may, need not or cannot be is compared with what the question asks. Anything less settles nothing, because a wrong "yes"
is worse than none.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from humphrey.checks.agreement.modality import modalities
from humphrey.checks.agreement.words import BREAKS, ParsedSentence
from humphrey.drafting.extractive.question_parts import yes_no_clause
from humphrey.drafting.extractive.same_terms import (
    is_dependent,
    meaning,
    meanings,
    prohibits,
    same_avoidance,
    same_bounds,
    same_order,
    same_subject,
)
from humphrey.drafting.questions.abbreviations import spelt_out
from humphrey.text.sentences import sentences

YesOrNo = Literal["yes", "no", "yes, if", "no, unless"]
"""What a statement says to a question; "if" and "unless": on a condition or with an exception that it names."""


Force = Literal["may", "must", "is"]
"""What a question asks: whether something may be, must be, or is so."""


# The least share of the question's words that the statement has with its headings, and by itself.
_ABOUT, _SAID = 0.8, 0.5


# A question of fewer words of substance ("Can we refuse it?") says too little of what it is about.
_LEAST_WORDS = 2


_MAY = re.compile(
    r"^(?:can|could|may|might)\b|\b(?:allowed|permitted|entitled|able|free|acceptable|permissible|lawful|ok|okay|fine"
    r"|all right|possible) (?:to|for|if)\b|\bha(?:s|ve) the (?:right|power) to\b|\bget away with\b",
    re.IGNORECASE,
)


_MUST = re.compile(
    r"^(?:must|should|shall|need|ought)\b|\b(?:have|has|had|need|needs|required|obliged|supposed|expected) to\b"
    r"|^do(?:es)? [^?]*\bneed\b|\b(?:compulsory|mandatory|obligatory|necessary|required|needed)\b",
    re.IGNORECASE,
)


# "Or" asks which of two, and a denied question ("Can't we ...?") can be read both ways.
_UNCLEAR = re.compile(r"\b(?:or|not|without|whether|never|no)\b|n['’]t\b", re.IGNORECASE)


# Where the main clause of a question ends.
_SUBORDINATE = re.compile(r"\b(?:that|which|who|whom|if|when|because|where|unless|before|after)\b", re.IGNORECASE)


_ABBREVIATION = re.compile(r"\b[A-Z]{2,6}s?\b")


_THIS = re.compile(r"\b(?:this|that|these|those|such|it|they|he|she)\b", re.IGNORECASE)


_ANSWERS: Mapping[tuple[bool, bool], YesOrNo] = {
    (True, False): "yes",
    (True, True): "yes, if",
    (False, False): "no",
    (False, True): "no, unless",
}


# Words of a question that say who asks or what it asks, not what it is about.
_ASIDE = meanings(
    """
    allowed permitted entitled able acceptable permissible lawful ok okay fine right possible compulsory mandatory
    obligatory necessary required obliged supposed expected department organisation someone somebody anyone anybody
    people thing something anything ever still really actually also already us staff colleague
    give get make take do go have use want
    """
)


# Those to whom guidance is addressed, or who anybody may be.
_ANYONE = meanings("official civil servant person authority body government minister public all")


# The name of a law says where a rule stands, not for whom.
_LAW = re.compile(r"\b(?:of|in|under) (?:the )?[A-Z][^,.;]*? (?:Act|Regulations|Order)(?: \d{4})?")


_CONDITION = re.compile(
    r"\b(?:if|unless|except|only|provided|as long as|so long as|where|when|until|without|but|however)\b", re.IGNORECASE
)


# What is normally so always has exceptions.
_NORMALLY = re.compile(
    r"\b(?:normally|usually|generally|typically|mainly|often|as a rule|most|mostly|many)\b", re.IGNORECASE
)


_AND = re.compile(r"\band\b", re.IGNORECASE)


_CLAUSE_END = re.compile(r"[,.;:]")


_WRONG = re.compile(
    r"\b(?:is|are|would be) (?:always |simply )?(?:wrong|a mistake|mistaken|unlawful|forbidden|banned)\b", re.IGNORECASE
)


# What ends the reach of a stance; a comma does not, because it may part a list.
_ENDS = BREAKS - {",", "or", "and"} | {"because"}


# Verbs that say little without their object: "keep a record" is about recording.
_LIGHT = meanings("keep make give take have get carry do put hold")


_ADVERBS = frozenset({"still", "also", "already", "always", "ever", "often"})


# A verb that requires something by itself: "travel needs approval", "an assessment is required".
_NEEDS = re.compile(r"\b(?:needs?|requires?|is required|are required|compulsory|mandatory|obligatory)\b", re.IGNORECASE)


class Stance(Protocol):
    """What a sentence says must, may or cannot be, as the checks read it."""

    @property
    def strength(self) -> str:
        """How strongly it is said."""

    @property
    def negated(self) -> bool:
        """Whether it is denied."""

    @property
    def first(self) -> int:
        """The first word."""

    @property
    def last(self) -> int:
        """The last word."""


@dataclass(frozen=True)
class _Asked:
    """What a question asks.

    Attributes:
        clause: the clause that asks, from its auxiliary verb on.
        force: whether it asks if something may be, must be, or is so.
        about: the meanings of its words of substance.
        said: the meanings of all its words of content.
        spelt: the number of its abbreviations that the guidance spells out; they are not among the words.
        target: what "Is there ...?" asks for; empty for any other question.
        this_case: whether it asks about "this" case.
    """

    clause: ParsedSentence
    force: Force
    about: frozenset[str]
    said: frozenset[str]
    spelt: int
    target: str
    this_case: bool


@dataclass(frozen=True)
class _Answer:
    """Whether a sentence says yes, and the index of the token at which its subject ends.

    `verb`: the meaning of the word that a "may", "must" or "not" is about; empty if it says so without these.
    `plain`: it says so without "may" or "must".
    """

    yes: bool
    until: int
    verb: str = ""
    plain: bool = False


def yes_or_no(question: str, statement: str, headings: str) -> YesOrNo | None:
    """Return what a statement says to a question; None if it settles neither yes nor no.

    Args:
        question: one part of a question.
        statement: words of the guidance that read on their own.
        headings: the title and the headings above them, which may name their subject.
    """
    asked = _asked(question, f"{headings} {statement}")
    if asked is None:
        return None
    above = meanings(headings) | meanings(
        " ".join(each for each in _ABBREVIATION.findall(statement) if spelt_out(each, headings))
    )
    for span in sentences(statement):
        said = ParsedSentence(span.of(statement))
        found = _answer(asked, said, above)
        if found is not None:
            narrower = _narrower(asked, said, found.until, above)
            # "The tax of Jersey is the duty there" says nothing of the duty here, and a "no" to some is none to all.
            if (narrower and (found.plain or not found.yes)) or not _same_terms(question, asked, said, found, above):
                return None
            return _ANSWERS[found.yes, narrower or _conditional(asked, statement)]
    return None


def _same_terms(question: str, asked: _Asked, said: ParsedSentence, found: _Answer, above: frozenset[str]) -> bool:
    """Return whether a sentence speaks of the party, the bounds and the order of acts that the question asks about."""
    return (
        not is_dependent(said, found.until)
        and same_avoidance(question, said.text)
        and same_bounds(question, said.text)
        and same_order(asked.clause, said, found.until, found.verb, asked.about)
        and (not found.verb or same_subject(asked.clause, said, found.until, found.verb, above))
        and not (found.plain and not same_avoidance(said.text, question))
    )


def _asked(question: str, text: str) -> _Asked | None:
    """Return what a question asks, without abbreviations that a text spells out; None if it asks for no yes or no."""
    clause = yes_no_clause(question)
    if not clause or _UNCLEAR.search(_SUBORDINATE.split(clause)[0]):
        return None
    asking = ParsedSentence(clause)
    spelt = {found for found in _ABBREVIATION.findall(clause) if spelt_out(found, text)}
    said = meanings(clause) - meanings(" ".join(spelt))
    about = said - _ASIDE
    force: Force = "may" if _MAY.search(clause) else "must" if _MUST.search(clause) else "is"
    there = [token.stem for token in asking.tokens[:2]][1:] == ["there"]
    target = next((meaning(token) for token in asking.tokens if there and token.content), "")
    this_case = bool(_THIS.search(clause))
    # What is wrong and said to be wrong is a "yes", and what is wrong and must not be done is one too.
    if len(about) < _LEAST_WORDS or (force == "is" and prohibits(clause)):
        return None
    return _Asked(asking, force, about, said, len(spelt), target, this_case)


def _answer(asked: _Asked, said: ParsedSentence, above: frozenset[str]) -> _Answer | None:
    """Return what a sentence says to a question; None if it says neither yes nor no."""
    held = meanings(said.text)
    size = len(asked.about)
    if len(asked.about & (held | above)) < _ABOUT * size or len(asked.about & held) < _SAID * size - asked.spelt:
        return None
    wrong = _WRONG.search(said.text)
    if (
        wrong
        and not _CONDITION.search(said.text[: wrong.start()])
        and not _SUBORDINATE.search(said.text[: wrong.start()])
    ):
        # "Is it bad to ...?" may ask for just that.
        if asked.force == "is" or prohibits(asked.clause.text):
            return None
        return _Answer(False, sum(token.end <= wrong.start() for token in said.tokens))
    stances = [(_aimed(stance, said, asked), stance) for stance in modalities(said)]
    best = max((aimed for aimed, _ in stances), default=0)
    if best:
        aimed = [stance for score, stance in stances if score == best]
        answers = {_of_stance(asked.force, stance) for stance in aimed}
        yes = answers.pop() if len(answers) == 1 else None
        heads = [each for each in _governed(aimed[0], said)[0] if each in asked.said]
        return None if yes is None else _Answer(yes, aimed[0].first, heads[0])
    plain = asked.force == "is" or (asked.force == "must" and _NEEDS.search(said.text))
    qualified = any(asked.about & _governed(stance, said)[1] for _, stance in stances)
    # Without a "may" or "must" about it, only a sentence that says all of the question says yes to it.
    return _Answer(True, _verb(said), plain=True) if plain and not qualified and asked.about <= held | above else None


def _verb(said: ParsedSentence) -> int:
    """Return the index of the first "is" or "needs" of a sentence; its length if it has none."""
    stems = [token.stem for token in said.tokens]
    return next((n for n, stem in enumerate(stems) if stem in {"be", "need", "requir"}), len(stems))


def _aimed(stance: Stance, said: ParsedSentence, asked: _Asked) -> int:
    """Return how much a stance is about what the question asks; 0 if it is about something else."""
    heads, rest = _governed(stance, said)
    relative = stance.first and said.tokens[stance.first - 1].stem in {"that", "which", "who"}
    if relative or asked.said.isdisjoint(heads) or (asked.target and asked.target not in heads):
        return 0
    return 2 + len(asked.about & rest)


def _governed(stance: Stance, said: ParsedSentence) -> tuple[Sequence[str], frozenset[str]]:
    """Return the meanings of the words that a stance governs directly, and of all words in its reach.

    It governs the first word after it and the first after each "and" or "or"; of "keep a record" also "record", and of
    "not a fourth tier" also "tier".
    """
    heads: list[str] = []
    rest: list[str] = []
    wanted = True
    for token in said.tokens[stance.last + 1 :]:
        if rest and token.stem in _ENDS:
            break
        wanted = wanted or token.stem in {"and", "or"}
        if not token.content or token.word.endswith("ly") or token.stem in _ADVERBS:
            continue
        rest.append(meaning(token))
        if wanted:
            heads.append(rest[-1])
            noun = stance.negated and not stance.strength and len(rest) == 1
            wanted = noun or rest[-1] in _LIGHT
    return heads, frozenset(rest)


def _of_stance(force: Force, stance: Stance) -> bool | None:
    if stance.negated:
        # "Need not" leaves it open whether one may; every other denial denies it.
        return None if force == "may" and stance.strength == "need" else False
    if force == "must":
        return True if stance.strength in {"must", "need", "should"} else None
    if force == "is":
        return None if stance.strength in {"may", "can"} else True
    return True


def _conditional(asked: _Asked, statement: str) -> bool:
    """Return whether a statement has a condition or an exception that the question does not name."""
    if _NORMALLY.search(statement) or ":\n" in statement or statement.endswith(":"):
        return True
    clauses = (_CLAUSE_END.split(statement[found.end() :], maxsplit=1)[0] for found in _CONDITION.finditer(statement))
    named = (meanings(clause) - _ASIDE for clause in clauses)
    return asked.this_case or any(not words or not words <= asked.about for words in named)


def _narrower(asked: _Asked, said: ParsedSentence, until: int, above: frozenset[str]) -> bool:
    """Return whether a sentence speaks of fewer than the question: "Carers over 21 may ..."."""
    end = said.tokens[until].start if until < len(said.tokens) else len(said.text)
    named = _LAW.sub("", said.text[:end])
    # "Reading, redacting or deciding" lists more than was asked for, and so speaks of that too.
    if meanings(named) & asked.about and re.search(r"\bor\b", named):
        return False
    clauses = [part for part in _CLAUSE_END.split(named) if meanings(part)]
    # Of "instructions and descriptors" each is meant.
    each = [meanings(part) for part in _AND.split(clauses[-1])] if clauses else []
    return bool(each) and not any(
        (len(each) == 1 or words & asked.about) and not words - _ASIDE - _ANYONE - asked.about - above for words in each
    )
