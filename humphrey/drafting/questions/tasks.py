"""Recognition of a task on the asker's own text, and of where in the question that text begins."""

import re
from collections.abc import Iterator, Sequence

from humphrey.papers.draft import Task
from humphrey.text.sentences import words
from humphrey.text.words import load

# In words: the longest order, the shortest text after a colon, dash or new line, and the shortest after a full stop.
_LONGEST_ORDER, _SHORTEST_TEXT, _SHORTEST_UNPARTED = 40, 4, 15


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
_OF_ORDERS = frozenset(
    "please can could would you will now kindly just summarise summarize summary sum up shorten condense simplify rewrite"
    " rephrase reword redraft list give make me us it a an the in into of as to with for key main most important bullet"
    " bullets bulleted point points takeaways takeaway tldr gist short shorter brief briefly plain plainer simple simpler"
    " english clear clearer sentence sentences word words line lines paragraph paragraphs one two three four five six"
    " seven eight nine ten dozen few some and only at least about not more than actions dates people names deadlines"
    " next steps".split()
)


_NUMBERS = {
    name: n for n, name in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
}


# "In five bullets", "three key points", "one sentence".
_COUNT = re.compile(
    rf"\b(?P<n>\d{{1,2}}|{'|'.join(_NUMBERS)}) (?:\w+ ){{0,2}}?(?:bullets?(?: points?)?|points?|sentences?|lines?|takeaways?)\b",
    re.IGNORECASE,
)


# A text that a question wants written, and from which words.
_WRITTEN = re.compile(
    r"^\W*(?:please |can you |could you |would you |will you |i need you to |i want you to |help me (?:to )?|now |kindly )*"
    r"(?:(?:draft|write|compose|prepare|produce|create|generate)(?: me| us)? (?P<what>(?:an?|the|some|my|our) (?:\w+[ -]){0,3}?"
    r"(?:e-?mails?|letters?|repl(?:y|ies)|responses?|memos?|minutes?|notes?|briefings?|briefs?|speech(?:es)?|statements?"
    r"|submissions?|reports?|paragraphs?|articles?|blogs?|posts?|messages?|press (?:release|notice)|lines to take|agenda"
    r"|advert|announcement|presentation|slides?|newsletter|tweet|summar(?:y|ies)|template|script|plan|proposal))\b"
    r"|(?P<sum>summari[sz]e|sum up|give (?:me|us) (?:a|the) (?:\w+ )?(?:summary|gist|overview)))",
    re.IGNORECASE,
)


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
    found = _COUNT.search(" ".join(order.split()[:_LONGEST_ORDER]))
    if found is None:
        return None
    return _NUMBERS.get(found["n"].lower()) or int(found["n"]) or None


def text_ordered(question: str) -> str:
    """Return the text that a question about guidance wants written, such as "an e-mail"; empty if it wants an answer."""
    found = _WRITTEN.match(question)
    if found is None:
        return ""
    if what := found["what"]:
        return " ".join(what.split())
    count = _COUNT.search(question)
    return f"a summary in {' '.join(count[0].split())}" if count else "a summary"


def _says(section: str, text: str) -> bool:
    return any(shape.search(text) for shape in _SHAPES[section])


def _of_a_text(order: str) -> bool:
    """Return whether an order applies to the text after it: it refers to that text, or contains only the order."""
    if _says("points", order):
        return True
    return len(words(order)) <= _LONGEST_BARE and not _says("asks", order) and not _says("guidance", order)


def _parted(question: str) -> Iterator[tuple[str, str]]:
    for found in _BREAKS.finditer(question):
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
