"""Found or not: whether the passages answer a question, and the sentences that say what they lack.

A name in the scenario decides nothing. An Act, a paragraph or a scheme that only the question names is said to be
unknown. A question that no guidance answers gets the reason, and where to ask instead.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from humphrey.calculations.workings import Working
from humphrey.drafting.extractive.confidence import ANSWERED, NOT_ANSWERED, ConfidenceFeatures, confidence
from humphrey.drafting.extractive.question_parts import (
    covers_part,
    names_not_mentioned,
    parts_left_out,
    question_parts,
    unknown_references,
)
from humphrey.drafting.questions.follow_ups import Resolved, names_subject
from humphrey.drafting.questions.misspellings import read_right
from humphrey.drafting.questions.not_guidance import where_to_ask
from humphrey.drafting.questions.tasks import text_ordered
from humphrey.papers.draft import Status
from humphrey.papers.standard_wording import (
    MISSPELT,
    NEAREST,
    NOT_FOUND,
    NOTHING,
    OTHERWISE,
    SHORTENED,
    UNASKED,
    UNFOUND,
    UNKNOWN,
    UNSAID,
    UNWRITTEN,
    WITHOUT,
)
from humphrey.search.model import Hit
from humphrey.search.queries import content_words, shortened

# Brackets, quotation marks and Markdown signs, which could pass for a citation mark or markup.
_SIGNS = re.compile(r"[\[\]【】<>*_`#|“”\"]")


_LONGEST_PART = 200
"""The most characters of the asker's own words that an answer repeats."""


# The most words of a question that a reason names.
_MOST_WORDS = 4


# Beside official words, so many words that no text has leave a part open, if they are more than this share.
_LEAST_UNSAID, _MOSTLY = 2, 0.6


# With fewer words than this beside an unknown Act or scheme, a question is about nothing else.
_FEW_WORDS = 3


_WORD = re.compile(r"[^\W\d_]{3,}(?:[’'-][^\W\d_]+)*")


class Chosen(Protocol):
    """What was selected from the passages: the signs of how near it is, and the parts that nothing is near."""

    @property
    def signs(self) -> ConfidenceFeatures | None:
        """Return the signs; None if there was no statement."""

    @property
    def nearest(self) -> float:
        """Return the cosine of the nearest statement to the question as a whole or to a part of it."""

    @property
    def lacking(self) -> tuple[str, ...]:
        """Return the parts of the question that no statement is near."""


@dataclass(frozen=True)
class Found:
    """Whether a question is answered, the sentences that say what is lacking, and whether passages are quoted."""

    status: Status
    says: tuple[str, ...]
    quoted: bool


def found_or_not(
    question: str,
    full: Resolved,
    hits: Sequence[Hit],
    choice: Chosen,
    workings: Sequence[Working],
    uncomputed: Sequence[str],
) -> Found:
    """Return whether what was found answers a question.

    Args:
        question: the question as typed.
        full: the question in full.
        hits: the passages found, best first.
        choice: the statements selected from them.
        workings: the results computed for the question; they answer it even without guidance.
        uncomputed: sentences on what could not be computed.
    """
    asked = full.asked
    sure = _sure(full, choice)
    texts = [" ".join((hit.imprint.title, *hit.passage.section, hit.passage.text)) for hit in hits]
    unknown = unknown_references(full.typed or asked, texts)
    elsewhere = "" if workings else where_to_ask(question, texts) or _of_others(question, full, texts)
    if not workings and (reason := elsewhere or _reason(asked, texts, sure, unknown)):
        return Found("not_in_guidance", (*uncomputed, NOT_FOUND, reason, *_readings(question, asked)), False)
    lacking = (*uncomputed, *_lacking(full, texts, choice, unknown, workings), *_beside(full, texts))
    if wanted := text_ordered(question):
        lacking = (*lacking, f"{UNWRITTEN}{own_words(wanted)}.")
    whole = not lacking and (bool(workings) or sure >= ANSWERED)
    vague = not (whole or workings or choice.lacking)
    says = (*lacking, *([NEAREST] if vague else []), *_readings(question, asked))
    return Found("answered" if whole else "partial", says, sure >= NOT_ANSWERED)


def _sure(full: Resolved, choice: Chosen) -> float:
    """Return the confidence that the passages answer; 0.0 if there are none."""
    signs = choice.signs
    # Of a follow-up the subject is known, and so is that of everyday words, as if the case had been told.
    if signs and (full.subject or full.official):
        signs = replace(signs, told=1.0)
    # Every passage is on the subject, so a statement may be near only to the clause that was typed.
    if signs and full.subject:
        signs = replace(signs, nearness=choice.nearest)
    return confidence(signs) if signs else 0.0


def own_words(part: str) -> str:
    """Return words of the asker as an answer may repeat them: without signs that could pass for a citation mark."""
    return _SIGNS.sub("", " ".join(part.split()))[:_LONGEST_PART]


def _reason(question: str, texts: Sequence[str], sure: float, unknown: Sequence[str]) -> str:
    """Return why a question has no answer in the texts; empty if it has one, or a part of one."""
    if unknown and (sure < ANSWERED or _is_only_about(question, unknown)):
        return f"{UNKNOWN}{'; '.join(map(own_words, unknown))}."
    if sure >= NOT_ANSWERED:
        return ""
    if unsaid := _unsaid(question, texts):
        return f"{WITHOUT}{', '.join(unsaid)}."
    return OTHERWISE if texts else NOTHING


def _of_others(question: str, full: Resolved, texts: Sequence[str]) -> str:
    """Return that no text has the name that a follow-up goes over to: "And in the Scottish Parliament?"."""
    names = names_not_mentioned(question, texts) if full.subject else ()
    return f"{UNSAID}{', '.join(names)}." if names else ""


def _beside(full: Resolved, texts: Sequence[str]) -> Iterator[str]:
    """Yield that no text has most of the words beside the everyday ones: "my pension when I leave for a bank".

    The official words alone find the rules on jobs after leaving, and these say nothing of a pension.
    """
    asked = " ".join(question_parts(full.beside)) if full.beside else ""
    words = {word: set(content_words(word)) for word in _WORD.findall(own_words(asked)) if names_subject(word)}
    said = {stem for text in texts for stem in content_words(text)}
    unsaid = [word for word, stems in words.items() if stems - said]
    if len(unsaid) >= _LEAST_UNSAID and len(unsaid) > _MOSTLY * len(words):
        yield f"{UNSAID}{', '.join(unsaid[:_MOST_WORDS])}."


def _readings(question: str, asked: str) -> Iterator[str]:
    """Yield sentences on how the question was read, where it was not read as it stands."""
    if read := read_right(question)[1]:
        yield f"{MISSPELT}{', '.join(f'{word} ({right})' for word, right in read.items())}."
    if shortened(asked) != asked:
        yield SHORTENED


def _is_only_about(question: str, names: Sequence[str]) -> bool:
    for name in names:
        question = question.replace(name, " ")
    return len(content_words(question)) < _FEW_WORDS


def _unsaid(question: str, texts: Sequence[str]) -> list[str]:
    """Return the first words of a question that no text has, as the asker wrote them."""
    said = {stem for text in texts for stem in content_words(text)}
    asked = " ".join(question_parts(question))
    lacking = (word for word in _WORD.findall(own_words(asked)) if set(content_words(word)) - said)
    return list(dict.fromkeys(lacking))[:_MOST_WORDS]


def _lacking(
    full: Resolved, texts: Sequence[str], choice: Chosen, unknown: Sequence[str], workings: Sequence[Working]
) -> Iterator[str]:
    """Yield sentences on what neither passages nor calculations cover."""
    told = [working.explanation for working in workings]
    # Of a fragment, the question before it is no part, and "Even ones from 2016?" says too little by itself.
    if untold := [part for part in choice.lacking if not full.base and not covers_part(told, part)]:
        yield f"{UNFOUND}{'; '.join(map(own_words, untold))}"
    if unasked := parts_left_out(full.asked):
        yield f"{UNASKED}{'; '.join(map(own_words, unasked))}"
    if unknown:
        yield f"{UNKNOWN}{'; '.join(map(own_words, unknown))}."
    elif not (told or untold) and (names := names_not_mentioned(" ".join(question_parts(full.asked)), texts)):
        yield f"{UNSAID}{', '.join(names)}."
