"""The check of an answer that begins with a yes or a no of a model: one word states a fact, and no passage has it.

The passages that the answer cites are looked at for what they say of the question. What the embedded model answers by
rule is read from the passage itself, so it is not compared with it again.
"""

import re
from collections.abc import Iterator

from humphrey.checks.agreement.words import ParsedSentence, parse_passage
from humphrey.documents.model import DocumentLookup
from humphrey.papers.draft import Draft, Finding
from humphrey.papers.kind import Paper

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
    if found is None or draft.model.provider == "embedded" or draft.commission.task:
        return
    verdict, about = found[1].lower(), _about(draft)
    if message := _message(verdict, about, asked_denied=bool(_NEGATED.search(draft.commission.text))):
        yield Finding("verdict_supported", "warn", message, *found.span(1))


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
