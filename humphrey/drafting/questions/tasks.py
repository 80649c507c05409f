"""What is to be done with a text of the asker's own, and where in the question that text begins."""

import re
from collections.abc import Iterator, Sequence

from humphrey.papers.draft import Task
from humphrey.text.sentences import words
from humphrey.text.words import load

_LONGEST_ORDER, _SHORTEST_TEXT, _SHORTEST_UNPARTED = 40, 4, 15


_SHAPES = load("tasks")


_TASKS: Sequence[tuple[Task, str]] = (
    ("actions", "actions"),
    ("people", "people"),
    ("dates", "dates"),
    ("key_points", "key points"),
    ("summary", "summary"),
    ("redraft", "redraft"),
)


_BREAKS = re.compile(r":[ \t]*\n?|\n[ \t]*\n|\n|\s[-\u2013\u2014]+\s|(?P<weak>(?<=[.?!])\s+)")


_LONGEST_BARE = 8


_ABOVE = re.compile(
    r"\b(?:above|this|that|it|the (?:text|email|letter|document|paper|report|notes?|minutes))\b", re.IGNORECASE
)


def task_of(question: str) -> tuple[Task, str]:
    """What is to be done and the text it is to be done with; no task where no text of the asker's own is there.

    The order stands first and is parted from the text by a colon, a dash or a new line; or it stands last, in a
    paragraph of its own, and points back.
    """
    for head, rest in _parted(question):
        if _of_a_text(head) and (task := _ordered(head)):
            return task, _unquoted(rest)
    before, _, last = question.strip().rpartition("\n\n")
    if len(words(before)) > len(words(last)) and _ABOVE.search(last) and (task := _ordered(last)):
        return task, _unquoted(before)
    return "", ""


def task_on_files(question: str) -> Task:
    """What is to be done with whole files; empty where a question asks something that they may say."""
    if _says("part of it", question):
        return ""
    bare = len(words(question)) <= _LONGEST_BARE and not _says("guidance", question)
    return _ordered(question) if bare or _says("points at files", question) else ""


def task_without_text(question: str) -> Task:
    """The task of a question that points at a text which did not come with it; empty for any other question."""
    return _ordered(question) if _says("wants text", question) and not _says("guidance", question) else ""


def _says(section: str, text: str) -> bool:
    return any(shape.search(text) for shape in _SHAPES[section])


def _of_a_text(order: str) -> bool:
    """Whether an order is about the text that follows it: it points there, or is no more than an order."""
    if _says("points", order):
        return True
    return len(words(order)) <= _LONGEST_BARE and not _says("asks", order) and not _says("guidance", order)


def _parted(question: str) -> Iterator[tuple[str, str]]:
    for found in _BREAKS.finditer(question):
        head = question[: found.start()]
        if len(words(head)) > _LONGEST_ORDER or (found["weak"] and _says("asks", head)):
            return
        rest = question[found.end() :].strip()
        # After a mere full stop what follows is often a word about the order, and a text only when it is long.
        if words(head) and len(words(rest)) >= (_SHORTEST_UNPARTED if found["weak"] else _SHORTEST_TEXT):
            yield head, rest


def _ordered(order: str) -> Task:
    """The task that a short order names: the one named first, and of two in the same words the more particular."""
    if len(words(order)) > _LONGEST_ORDER:
        return ""
    found = [
        (match.start(), n, task)
        for n, (task, section) in enumerate(_TASKS)
        for shape in _SHAPES[section]
        if (match := shape.search(order))
    ]
    tasks = {task for _, _, task in found}
    if "key_points" in tasks and tasks <= {"key_points", "summary", "redraft"}:
        return "key_points"
    return min(found)[2] if found else ""


def _unquoted(text: str) -> str:
    inner = text.strip()
    for opening, closing in (("“", "”"), ('"', '"'), ("‘", "’"), ("'", "'")):
        if len(inner) > 1 and inner.startswith(opening) and inner.endswith(closing) and opening not in inner[1:-1]:
            return inner[1:-1].strip()
    return inner
