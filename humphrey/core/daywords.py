"""Days named in a text, in place, with the words around each that say what happened on it."""

import re
from dataclasses import dataclass

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
# Not within a number, an amount or a path. "May 5%" and "May 1,000" are no days, nor are weekdays in the plural.
_DAY = re.compile(
    r"(?<![\d.,/£-])\b(?:"
    rf"(?:{_WEEKDAY},?\s+)?(?:the\s+)?{_NTH}(?:\s+of)?\s+{_MONTH}\b(?:,?\s+\d{{4}}\b)?"
    rf"|(?:{_WEEKDAY},?\s+)?{_MONTH}\s+{_NTH}\b(?!\s*(?:%|[,.]\d))(?:,?\s+\d{{4}}\b)?"
    r"|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d{2})"
    r"|the\s+day\s+(?:before\s+yesterday|after\s+tomorrow)|today|yesterday|tomorrow|this\s+(?:morning|afternoon)"
    rf"|(?:(?:last|next|this|this\s+coming|on)\s+)?{_WEEKDAY}(?!s|,?\s+(?:the\s+)?\d)"
    rf"|{_COUNT}\s+(?:day|week|month)s?\s+ago"
    r")\b",
    re.IGNORECASE,
)
# The border of the clause around a day.
_STOP = re.compile(r"[.;?!](?=\s)|,|\b(?:and|but)\b", re.IGNORECASE)


@dataclass(frozen=True)
class DaySaid:
    """One day named in a text.

    Attributes:
        words: as written.
        start: its first character.
        end: the character after its last.
        before: the clause before it.
        after: the clause after it.
    """

    words: str
    start: int
    end: int
    before: str
    after: str


def days_said(text: str) -> list[DaySaid]:
    """Return every day named in a text, in order.

    `before` and `after` reach to the next day, comma, "and", "but" or end of sentence.
    """
    found = list(_DAY.finditer(text))
    said = []
    for n, day in enumerate(found):
        left = found[n - 1].end() if n else 0
        right = found[n + 1].start() if n + 1 < len(found) else len(text)
        said.append(
            DaySaid(_plain(day[0]), *day.span(), _last(text[left : day.start()]), _first(text[day.end() : right]))
        )
    return said


def without_days(text: str) -> str:
    """Return a text without the days it names."""
    return _DAY.sub(" ", text)


def _plain(words: str) -> str:
    return re.sub(r"^on\s+", "", " ".join(words.split()), flags=re.IGNORECASE)


def _last(text: str) -> str:
    """Return the last clause of a text that has a word of four letters; empty if none."""
    parts = [part for part in _STOP.split(text) if re.search(r"[a-z]{4}", part, re.IGNORECASE)]
    return parts[-1] if parts else ""


def _first(text: str) -> str:
    return _STOP.split(text)[0]
