"""The check of an answer that begins with a yes or a no of a model: one word states a fact, and no passage has it.

The passages that the answer cites are looked at for what they say of the question. The embedded model reads its answer
from the passage itself by rule, so only an answer that a passage denies is told: a person has changed it.
"""

import re
from collections.abc import Iterator

from humphrey.checks.agreement.words import ParsedSentence, parse_passage
from humphrey.documents.model import DocumentLookup
from humphrey.papers.draft import Draft, Finding
from humphrey.papers.kind import Paper
from humphrey.papers.standard_wording import YES_OR_NO

_VERDICT = re.compile(r"\W*(yes|no)\b", re.IGNORECASE)


_NOT = r"\b(?:not|never|no|none|nobody|cannot|neither|nor)\b|n['’]t\b"


_NEGATED = re.compile(_NOT, re.IGNORECASE)


# A flat "yes" leaves out a condition as much as it leaves out a "not".
_DENIES = re.compile(rf"{_NOT}|\b(?:only|except|unless|wrong|unlawful|forbidden|prohibited)\b", re.IGNORECASE)


_ABOUT = 0.4
"""The least share of the significant words of the question that a sentence about it has."""


def verdict_supported(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Warn about a model's yes or no that the cited passages deny, or of which they say nothing."""
    found = _VERDICT.match(draft.text)
    if found is None or draft.commission.task:
        return
    verdict, about = found[1].lower(), _about(draft)
    asked_denied = bool(_NEGATED.search(draft.commission.text))
    if draft.model.provider == "embedded" and _read_by_rule(draft.text, verdict, about, asked_denied=asked_denied):
        return
    if message := _message(verdict, about, asked_denied=asked_denied):
        yield Finding("verdict_supported", "warn", message, *found.span(1))


def _read_by_rule(text: str, verdict: str, about: str, *, asked_denied: bool) -> bool:
    """Return whether the rule of the embedded model may have written a verdict: nothing about the question denies it.

    A person may have amended it since, and the draft still names the model.
    """
    if not about or asked_denied:
        # The rule knows other words for what is asked, and answers no question that is asked with a "not".
        return True
    conditional = text.startswith((YES_OR_NO["yes, if"], YES_OR_NO["no, unless"]))
    denied = bool((_NEGATED if conditional else _DENIES).search(about))
    return denied == (verdict == "no") or (conditional and verdict == "no" and bool(_DENIES.search(about)))


def _message(verdict: str, about: str, *, asked_denied: bool) -> str:
    if not about:
        return f"no passage it cites says “{verdict}” to what was asked; read the passages, or take the word out"
    denied = bool(_DENIES.search(about))
    # "Yes" to "May we not …?" is read both ways, so a person reads it.
    if asked_denied or denied == (verdict == "yes"):
        return f"the answer is “{verdict}”, and a passage it cites says: {about} Check which is right"
    return ""


def _about(draft: Draft) -> str:
    """Return the sentence of the cited passages that has most of the question's words; empty if none has enough."""
    asked = ParsedSentence(draft.commission.text).content
    said = [sentence for citation in draft.citations for sentence in parse_passage(citation.quote).said]
    best = max(said, key=lambda sentence: len(asked & sentence.content), default=None)
    if best is None or len(asked & best.content) < _ABOUT * len(asked):
        return ""
    return best.text.strip()
