"""Recognition of a task on the asker's own text, and of where in the question that text begins."""

import re
from collections.abc import Iterator, Sequence

from humphrey.papers.draft import Task
from humphrey.text.sentences import words
from humphrey.text.words import load, load_words

# In words: the longest order, the shortest text after a colon, dash or new line, and the shortest after a full stop.
_LONGEST_ORDER, _SHORTEST_TEXT, _SHORTEST_UNPARTED = 40, 4, 15


_FURTHEST_BREAK = 600
"""The furthest character at which an order can end: forty words of fifteen characters."""


_SHAPES = load("tasks")


# More specific tasks come first, because a tie is decided by this order.
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
"""The most words of an order that need not refer to a text."""


_ABOVE = re.compile(
    r"\b(?:above|this|that|it|the (?:text|email|letter|document|paper|report|notes?|minutes))\b", re.IGNORECASE
)


# Words of an order that name no text: "Summarise in five bullets, please."
_OF_ORDERS = load_words("asking")["orders"]


_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def task_of(question: str) -> tuple[Task, str]:
    """Return the task and the pasted text that it applies to; both empty if the question contains no such text.

    The order comes first, separated from the text by a colon, a dash or a new line; or it comes last, in a paragraph
    of its own that refers back.
    """
    for head, rest in _parted(question):
        if _of_a_text(head) and (task := _ordered(head)):
            return task, _unquoted(rest)
    before, _, last = question.strip().rpartition("\n\n")
    if len(words(before)) > len(words(last)) and _ABOVE.search(last) and (task := _ordered(last)):
        return task, _unquoted(before)
    return "", ""


def task_on_files(question: str) -> Task:
    """Return the task on whole files; empty if the question asks for a fact that the files may contain."""
    if _says("part of it", question):
        return ""
    bare = len(words(question)) <= _LONGEST_BARE and not _says("guidance", question)
    return _ordered(question) if bare or _says("points at files", question) else ""


def task_without_text(question: str) -> Task:
    """Return the task of a question that refers to a text but does not include it, or is an order and nothing else.

    Empty for any other question.
    """
    if set(words(question)) <= _OF_ORDERS:
        return _ordered(question)
    return _ordered(question) if _says("wants text", question) and not _says("guidance", question) else ""


def count_ordered(order: str) -> int | None:
    """Return how many bullets, points or sentences an order asks for; None if it names no number."""
    found = _match("count", " ".join(order.split()[:_LONGEST_ORDER]))
    if found is None:
        return None
    name = found["n"].lower()
    return _NUMBERS.index(name) + 1 if name in _NUMBERS else int(name) or None


def text_ordered(question: str) -> str:
    """Return the text that a question about guidance wants written, such as "an e-mail"; empty for an answer."""
    if written := _match("written", question):
        return " ".join(written["what"].split())
    if not _match("summed up", question):
        return ""
    count = _match("count", question)
    return f"a summary in {count[0]}" if count else "a summary"


def _match(section: str, text: str) -> re.Match[str] | None:
    return next((found for shape in _SHAPES[section] if (found := shape.search(text))), None)


def _says(section: str, text: str) -> bool:
    return any(shape.search(text) for shape in _SHAPES[section])


def _of_a_text(order: str) -> bool:
    """Return whether an order applies to the text after it: it refers to that text, or contains only the order."""
    if _says("points", order):
        return True
    return len(words(order)) <= _LONGEST_BARE and not _says("asks", order) and not _says("guidance", order)


def _parted(question: str) -> Iterator[tuple[str, str]]:
    # Where there are no words, the number of words alone would let every break be looked at.
    for found in _BREAKS.finditer(question, 0, _FURTHEST_BREAK):
        head = question[: found.start()]
        if len(words(head)) > _LONGEST_ORDER or (found["weak"] and _says("asks", head)):
            return
        rest = question[found.end() :].strip()
        # After a full stop a short text is often a remark on the order, so only a long one counts.
        if words(head) and len(words(rest)) >= (_SHORTEST_UNPARTED if found["weak"] else _SHORTEST_TEXT):
            yield head, rest


def _ordered(order: str) -> Task:
    """Return the task that a short order names first; of two tasks at the same place, the more specific one."""
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
