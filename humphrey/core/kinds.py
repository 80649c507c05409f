"""The kinds of question, told apart by the words they are asked in, which `core/rules/questions.txt` holds.

Rules for guidance come first in doubt: whoever asks what the rules say of a party, a person or a fire asks about
guidance.
"""

import re
from collections.abc import Callable, Sequence
from typing import Literal

from humphrey.core.names import a_name
from humphrey.core.phrases import load
from humphrey.core.sentences import words

QuestionKind = Literal[
    "guidance",
    "drafting",
    "calculation",
    "small_talk",
    "about_humphrey",
    "legal_advice",
    "party_politics",
    "named_person",
    "emergency",
]
"""What a question wants; everything but guidance, drafting and calculation has a reply of its own."""

_PHRASES = load("questions")
_LONGEST_TALK, _LONGEST_ALARM, _LONGEST_ASIDE, _SHORT = 14, 45, 40, 14
_TALK_PARTS = re.compile(r"\s*(?:[,.!?;:\u2026-]+|\band\b(?= (?:thanks|thank|how|good|bye|have|you)))\s*")


def kind_of(question: str) -> QuestionKind:
    """The kind of a question; guidance where nothing says otherwise."""
    text = " ".join(question.replace("’", "'").split())
    for greeting in _PHRASES["greeting"]:
        text = greeting.sub("", text).strip() or text
    return next((kind for kind, holds in _KINDS if holds(text)), "guidance")


def asks_the_law(question: str) -> bool:
    """Whether a question asks if something is lawful: guidance answers it, and is no legal advice."""
    return _says("lawful", question)


def _says(section: str, text: str) -> bool:
    return any(shape.search(text) for shape in _PHRASES[section])


def _aside(section: str, text: str) -> bool:
    """Whether a text of no more than some words is of a section, and asks for no rules on it."""
    return len(words(text)) <= _LONGEST_ASIDE and _says(section, text) and not _says("rules on", text)


def _alarm(text: str) -> bool:
    return len(words(text)) <= _LONGEST_ALARM and _says("emergency", text) and not _says("not now", text)


def _politics(text: str) -> bool:
    if _aside("party politics", text):
        return True
    return len(words(text)) <= _SHORT and _aside("a party", text) and not _says("no politics", text)


def _person(text: str) -> bool:
    """Whether a person is asked about: in words that ask about persons, or in few words with a name among them."""
    if len(words(text)) > _LONGEST_ASIDE:
        return False
    return (
        _names("named person", text)
        or _names("perhaps a named person", text, known=True)
        or (len(words(text)) <= _SHORT and not _says("drafting", text) and _names("a name", text, known=True))
    )


def _names(section: str, text: str, *, known: bool = False) -> bool:
    return any(a_name(found["name"], known=known) for shape in _PHRASES[section] for found in shape.finditer(text))


def _about(text: str) -> bool:
    return len(words(text)) <= _LONGEST_ASIDE and _says("about humphrey", text)


def _talk(text: str) -> bool:
    """Whether every part of a short text is something people say to be sociable; a text without words is, too."""
    if len(words(text)) > _LONGEST_TALK:
        return False
    parts = [part for part in _TALK_PARTS.split(text) if part]
    return all(map(_sociable, parts)) or _sociable(text.strip(" .,!?"))


def _sociable(text: str) -> bool:
    return any(shape.fullmatch(text) for shape in _PHRASES["small talk"])


_KINDS: Sequence[tuple[QuestionKind, Callable[[str], bool]]] = (
    ("emergency", _alarm),
    ("party_politics", _politics),
    ("legal_advice", lambda text: _aside("legal advice", text)),
    ("named_person", _person),
    ("small_talk", _talk),
    ("about_humphrey", _about),
    ("calculation", lambda text: _says("calculation", text)),
    ("drafting", lambda text: _says("drafting", text)),
)
"""The first that holds is the kind: an alarm is answered before anything else is looked at."""
