"""Questions for what no guidance holds: contact details, the people in office, and figures about what happened.

Such a question is answered only where a passage has the very thing. Otherwise the asker is told where to ask.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from humphrey.papers.standard_wording import ASK_DIRECTORY, ASK_OFFICE_HOLDERS, ASK_STATISTICS
from humphrey.search.queries import content_words
from humphrey.text.names import TITLED, people_mentioned
from humphrey.text.words import load

_SHAPES = load("not_guidance")


_NUMBER_OR_ADDRESS = re.compile(
    r"\+?\d(?:[ ()-]?\d){8,}|\b0\d{3} ?\d{3} ?\d{4}\b|\b111\b|\b999\b|[\w.+-]+@[\w-]+\.[\w.]+"
)


@dataclass(frozen=True)
class _Kind:
    """A kind of thing sought: the section of the word list that recognises it, its holder, and who else to ask."""

    section: str
    is_held: Callable[[str, str], bool]
    ask: str


def where_to_ask(question: str, texts: Collection[str]) -> str:
    """Return where to ask for a contact, a person or a figure that a question wants and no text has; else empty.

    Args:
        question: the question.
        texts: the passages found for it.
    """
    flat = " ".join(question.replace("’", "'").split())
    if any(shape.search(flat) for shape in _SHAPES["rules"]):
        return ""
    for kind in _KINDS:
        if any(shape.search(flat) for shape in _SHAPES[kind.section]):
            return "" if any(kind.is_held(flat, text) for text in texts) else kind.ask
    return ""


def _has_contact(_question: str, text: str) -> bool:
    return bool(_NUMBER_OR_ADDRESS.search(text))


def _has_person(_question: str, text: str) -> bool:
    return bool(TITLED.search(text) or people_mentioned(text))


def _has_figure(question: str, text: str) -> bool:
    """Return whether a text has a figure of what a question counts, such as "412 written responses"."""
    counted = next((found for shape in _SHAPES["counted"] if (found := shape.search(question))), None)
    stem = next(iter(content_words(counted["what"])[-1:]), "") if counted else ""
    # A year counts nothing: "in 2026 requests rose".
    figure = rf"(?<![\w.,])(?!(?:19|20)\d\d\b)\d[\d,.]*(?:%| per cent)?(?: of)?(?: [a-z-]+){{0,2}} {re.escape(stem)}"
    return bool(stem) and bool(re.search(figure, text, re.IGNORECASE))


_KINDS = (
    _Kind("contact", _has_contact, ASK_DIRECTORY),
    _Kind("person", _has_person, ASK_OFFICE_HOLDERS),
    _Kind("data", _has_figure, ASK_STATISTICS),
)
"""The first kind that matches decides."""
