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


_FIGURE = re.compile(r"(?:[£$€] ?)?\d[\d,.]*(?:%| per cent| million| billion)?")


# How many words may stand between a figure and what it counts: "412 written responses".
_BETWEEN = 2


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
    """Return whether a text has a figure for what a question counts: a number shortly before the noun."""
    counted = next((shape.search(question) for shape in _SHAPES["counted"] if shape.search(question)), None)
    if counted is None:
        return False
    noun = content_words(counted["what"])[-1:]
    return any(noun and noun[0] in content_words(text[end:][:60])[: _BETWEEN + 1] for end in _ends(text))


def _ends(text: str) -> list[int]:
    return [found.end() for found in _FIGURE.finditer(text)]


_KINDS = (
    _Kind("contact", _has_contact, ASK_DIRECTORY),
    _Kind("person", _has_person, ASK_OFFICE_HOLDERS),
    _Kind("data", _has_figure, ASK_STATISTICS),
)
"""The first kind that matches decides."""
