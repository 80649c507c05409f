"""Kinds of question, and what each of them needs."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from humphrey.drafting.questions.tasks import task_of, task_on_files, task_without_text
from humphrey.papers.draft import Task
from humphrey.text.names import is_person_name
from humphrey.text.sentences import words
from humphrey.text.words import load

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
"""What a question wants. Every kind but guidance, drafting and calculation has a standard reply."""


_PHRASES = load("questions")


# Most words of small talk, of an alarm, of a question with a standard reply, and of a short one. A longer text is taken
# for a question about guidance, the safe choice in doubt.
_LONGEST_TALK, _LONGEST_ALARM, _LONGEST_ASIDE, _SHORT = 14, 45, 40, 14


# Small talk comes in parts: "Hello, how are you and thanks". "And" only separates before words that start a new part.
_TALK_PARTS = re.compile(r"\s*(?:[,.!?;:\u2026-]+|\band\b(?= (?:thanks|thank|how|good|bye|have|you)))\s*")


def kind_of(question: str) -> QuestionKind:
    """Return the kind of a question; `guidance` if no rule matches."""
    text = " ".join(question.replace("’", "'").split())
    for greeting in _PHRASES["greeting"]:
        text = greeting.sub("", text).strip() or text
    return next((kind for kind, holds in _KINDS if holds(text)), "guidance")


def asks_if_lawful(question: str) -> bool:
    """Return whether a question asks if something is lawful.

    Guidance answers such a question, with a note that it is no legal advice.
    """
    return _says("lawful", question)


def _says(section: str, text: str) -> bool:
    return any(shape.search(text) for shape in _PHRASES[section])


def _aside(section: str, text: str) -> bool:
    """Return whether a text is short enough, matches a section, and does not ask for the rules on it."""
    return len(words(text)) <= _LONGEST_ASIDE and _says(section, text) and not _says("rules on", text)


def _alarm(text: str) -> bool:
    return len(words(text)) <= _LONGEST_ALARM and _says("emergency", text) and not _says("not now", text)


def _politics(text: str) -> bool:
    if _aside("party politics", text):
        return True
    return len(words(text)) <= _SHORT and _aside("a party", text) and not _says("no politics", text)


def _person(text: str) -> bool:
    """Return whether a question is about a person: by its wording, or as a short text with a name."""
    if len(words(text)) > _LONGEST_ASIDE:
        return False
    return (
        _names("named person", text)
        or _names("perhaps a named person", text, known=True)
        or (len(words(text)) <= _SHORT and not _says("drafting", text) and _names("a name", text, known=True))
    )


def _names(section: str, text: str, *, known: bool = False) -> bool:
    return any(
        is_person_name(found["name"], known=known) for shape in _PHRASES[section] for found in shape.finditer(text)
    )


def _about(text: str) -> bool:
    return len(words(text)) <= _LONGEST_ASIDE and _says("about humphrey", text)


def _talk(text: str) -> bool:
    """Return whether every part of a short text is small talk. A text without words counts as well."""
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
"""The first match decides. Emergencies come first: an alarm is answered before anything else is looked at."""


@dataclass(frozen=True)
class ClassifiedQuestion:
    """A classified question. `own_text` is the pasted text for the task; empty if the task is about attached files."""

    kind: QuestionKind
    task: Task = ""
    own_text: str = ""


def classify(question: str, *, attached: bool = False) -> ClassifiedQuestion:
    """Return the classified question.

    A task with neither a text nor files means that the asker forgot the text.

    Args:
        question: the question as typed.
        attached: whether its conversation has files.
    """
    task, own_text = task_of(question)
    if not task:
        task = task_on_files(question) if attached else task_without_text(question)
    if task:
        return ClassifiedQuestion("drafting", task, own_text)
    kind = kind_of(question)
    # An attached file may say whom it names, so a question about a person is answered from it.
    return ClassifiedQuestion("guidance" if attached and kind == "named_person" else kind)
