"""Dates that a text mentions: days in a question about time limits, and dates and deadlines in a document."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from humphrey.errors import CommissionError
from humphrey.text.dates import parse_date
from humphrey.text.day_names import FROM_ANOTHER, HOLIDAY_NAMES, NTH_WEEKDAY, ORDINAL_WORDS, from_another
from humphrey.text.sentences import Span, sentences

_ANY_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)


_ANY_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"


_SHORT_WEEKDAY = rf"(?:{_ANY_WEEKDAY}|(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b\.?)"


_NTH = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{ORDINAL_WORDS})"


# A day and a month alone, such as "23/11", are a fraction unless one of these words comes before them.
_BEFORE_DAY_AND_MONTH = "".join(
    f"(?<={word} )|"
    for word in (
        "on",
        "of",
        "by",
        "from",
        "since",
        "until",
        "before",
        "in",
        "due",
        "sent",
        "came",
        "got",
        "ed",
        "'d",
        "recd",
        "rcvd",
        "dtd",
        "sought",
        "went",
    )
).rstrip("|")


_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"


# Not within a number, an amount or a path. "May 5%" and "May 1,000" are no days, nor are weekdays in the plural.
_DAY = re.compile(
    r"(?<![\d.,/£-])\b(?:"
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z\b|[+-]\d{2}:?\d{2}\b)?"
    rf"|(?:{_SHORT_WEEKDAY},?\s+)?(?:the\s+)?{_NTH}(?:\s+day)?(?:\s+of)?\s+{_ANY_MONTH}\b(?:,?\s+\d{{4}}\b)?"
    rf"|(?:{_SHORT_WEEKDAY},?\s+)?{_ANY_MONTH}\s+(?:the\s+)?{_NTH}\b(?!\s*(?:%|[,.]\d))(?:,?\s+\d{{4}}\b)?"
    rf"|(?:{HOLIDAY_NAMES})\b(?:,?\s+\d{{4}}\b)?"
    rf"|{NTH_WEEKDAY}\b(?:,?\s+\d{{4}}\b)?"
    r"|\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})"
    rf"|(?:{_BEFORE_DAY_AND_MONTH})\d{{1,2}}/\d{{1,2}}(?![\d/])"
    r"|the\s+day\s+(?:before\s+yesterday|after\s+tomorrow)"
    rf"|(?P<from>{FROM_ANOTHER})|today|yesterday|tomorrow|last\s+night"
    r"|this\s+(?:morning|afternoon|evening)"
    rf"|{_ANY_WEEKDAY},?\s+(?:of\s+)?(?:last|this|next)\s+week|(?:last|this|next)\s+week,?\s+on\s+{_ANY_WEEKDAY}"
    rf"|a\s+(?:week|fortnight)\s+(?:last|past|ago\s+(?:last|on))\s+{_ANY_WEEKDAY}|a\s+week\s+on\s+{_ANY_WEEKDAY}|{_ANY_WEEKDAY}\s+week(?!s|ly)"
    rf"|(?:bank\s+holiday|black|cyber|shrove|whit|easter|holy|super)\s+{_ANY_WEEKDAY}"
    rf"|(?:(?:last|next|this|this\s+coming|on)\s+)?(?<!\ba )(?<!\bany )(?<!\bevery )(?<!\beach )"
    rf"{_ANY_WEEKDAY}(?!s|,?\s+(?:the\s+)?(?:\d|(?:{ORDINAL_WORDS})\b))"
    rf"|{_COUNT}\s+(?:day|week|fortnight|month)s?\s+ago(?:\s+today)?"
    rf"|{_SHORT_WEEKDAY},?\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)(?!\s+(?:of\b|\w+day))"
    r"|(?<=on )the\s+\d{1,2}(?:st|nd|rd|th)(?:\s+of\s+(?:this|last|next)\s+month)?(?!\s+(?:of\b|\w+day))"
    r")\b",
    re.IGNORECASE,
)


# "18 or" before "19 November".
_FIRST_OF_TWO = re.compile(r"(?<![\d.,/£-])\b(\d{1,2}(?:st|nd|rd|th)?)\s+(?:or|and)\s+(?:the\s+)?$", re.IGNORECASE)


_NEAR_BEFORE = 20
"""How many characters before a day may hold the first of two."""


_ORDINAL = re.compile(r"the (\d{1,2})(?:st|nd|rd|th)", re.IGNORECASE)
_IN_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_ANY_MONTH}(?:,? \d{{4}})?)$", re.IGNORECASE)


_MONTH_ON = re.compile(rf"{_ANY_MONTH}\b.*$", re.IGNORECASE)


# The border of the clause around a day.
_STOP = re.compile(r"[.;?!](?=\s)|,|\b(?:and|but)\b", re.IGNORECASE)


@dataclass(frozen=True)
class DayMention:
    """A day in a question, with the clauses around it.

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


def day_mentions(text: str) -> list[DayMention]:
    """Return every day named in a text, in order.

    `before` and `after` reach to the next day, comma, "and", "but" or end of sentence.
    """
    found = list(_days(text))
    said = []
    for n, (words, start, end) in enumerate(found):
        left = found[n - 1][2] if n else 0
        right = found[n + 1][1] if n + 1 < len(found) else len(text)
        said.append(DayMention(words, start, end, _last(text[left:start]), _first(text[end:right])))
    return said


def _days(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words and place of each day; of "18 or 19 November" two, of "the next day" none without one before."""
    words = ""
    for day in _DAY.finditer(text):
        if day["from"] and not words:
            continue
        words = from_another(day[0], words) if day["from"] else _with_month(_plain(day[0]), words)
        if (first := _FIRST_OF_TWO.search(text, max(0, day.start() - _NEAR_BEFORE), day.start())) and (
            month := _MONTH_ON.search(words)
        ):
            yield f"{first[1]} {month[0]}", *first.span(1)
        yield words, *day.span()


def _with_month(words: str, before: str) -> str:
    """Return "the 9th" with the month of a day named before it, unless that day is later in its month."""
    day, other = _ORDINAL.fullmatch(words), _IN_MONTH.search(before)
    return f"{day[1]} {other[2]}" if day and other and int(day[1]) >= int(other[1]) else words


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


_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)


_WEEKDAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b\.?)"


_DATE = (
    rf"(?:(?:{_WEEKDAY},? )?(?:the )?\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}(?:,? \d{{4}}\b)?"
    r"|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b)"
)


_PERIOD = (
    rf"(?:{_MONTH} \d{{4}}\b|\b(?:spring|summer|autumn|winter) (?:of )?\d{{4}}\b|\bQ[1-4] (?:of )?\d{{4}}\b"
    r"|\b20\d\d[-–/]\d\d(?:\d\d)?\b|\b20\d\d to 20\d\d\b|\b(?:end|start|beginning|middle) of (?:the )?20\d\d\b)"
)


_POINT = rf"(?:{_DATE}|{_PERIOD})"


_JOIN = r"(?: (?:to|until|till|and|up to) | ?[–—-] ?)"


_DAYS_OF_MONTH = rf"\d{{1,2}}(?:st|nd|rd|th)?{_JOIN}{_DATE}"


# No date starts within a path, a decimal number or an amount of money.
_MENTION = re.compile(rf"(?<![\w/.£-])(?:{_DAYS_OF_MONTH}|{_POINT}(?:{_JOIN}{_POINT})?)", re.IGNORECASE)


# Words that make the date directly after them a deadline.
_DUE = re.compile(
    r"\b(?:by|before|no later than|not later than|on or before|until|due(?: date| on| by)?|deadline(?: is| of)?"
    r"|closes?(?: on)?|ends?(?: on)?|expires?(?: on)?)\s*:?\s*(?:the )?"
    r"(?:(?:close|end|start) of (?:play|business|the day)(?: on)? )?"
    r"(?:(?:noon|midday|midnight|\d{1,2}(?:[:.]\d{2})? ?[ap]m) on )?(?:end of |the end of |mid-?|early |late )?$",
    re.IGNORECASE,
)


# Deadlines that name no whole date: "close of play on Friday", "the end of next week", "the next meeting".
_LOOSE = (
    rf"(?:(?:close|end) of (?:play|business|the day|day)(?: on)?(?: {_WEEKDAY}| tomorrow| today)?"
    rf"|(?:the )?end of (?:the )?(?:(?:next|this) )?(?:day|week|month|quarter|year|{_MONTH}(?: \d{{4}})?)"
    rf"|(?:next|this) (?:week|month|{_WEEKDAY}|meeting|board|quarter)|the next (?:meeting|board)|tomorrow|today|tonight"
    rf"|(?:mid-?|early |late |end )?{_MONTH}(?: \d{{4}})?|{_WEEKDAY})"
)


# A deadline with its date or time: "by 3 March", "deadline: end of next week".
_BY = re.compile(
    r"\b(?:by|before|no later than|not later than|on or before|due(?: date| on| by)?:?|deadline:?|until|ready for"
    r"|in time for) (?P<when>(?:(?:noon|midday|\d{1,2}(?:[:.]\d{2})? ?[ap]m) on )?(?:(?:the )?end of )?"
    rf"{_POINT}|{_LOOSE})",
    re.IGNORECASE,
)


# A deadline that is a period: "within ten working days".
_WITHIN = re.compile(
    r"\b(?P<when>within (?:\d{1,3}|a|one|two|three|four|five|six|seven|eight|ten|twenty) (?:working |calendar )?"
    r"(?:days?|weeks?|months?))\b",
    re.IGNORECASE,
)


# The dates that give day, month and year; only these become `DateMention.day`.
_WHOLE_DAY = re.compile(
    rf"\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH},? \d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}/\d{{1,2}}/\d{{4}}",
    re.IGNORECASE,
)


# How many characters before a date are searched for words that make it a deadline.
_AROUND = 60


@dataclass(frozen=True)
class DateMention:
    """A date in a document: a day, a period or a range.

    Attributes:
        said: as written.
        day: its first day as YYYY-MM-DD; empty if the text gives no whole date.
        due: whether something has to be done by it.
        span: the date.
        within: the sentence around it.
    """

    said: str
    day: str
    due: bool
    span: Span
    within: Span


def date_mentions(text: str) -> list[DateMention]:
    """Return the dates of a text, in its order. A date repeated in one sentence is there once."""
    found: list[DateMention] = []
    for within in sentences(text):
        said = within.of(text)
        known: set[str] = set()
        for match in _MENTION.finditer(said):
            # "12 may" without a year is mostly a number before a verb ("section 12 may apply").
            if match[0].lower() not in known and not re.fullmatch(r"\d{1,2} may", match[0], re.IGNORECASE | re.ASCII):
                known.add(match[0].lower())
                due = bool(_DUE.search(said[max(0, match.start() - _AROUND) : match.start()]))
                span = Span(within.start + match.start(), within.start + match.end())
                found.append(DateMention(_said(match[0]), _day(match[0]), due, span, within))
    return found


def deadline_phrase(said: str) -> str:
    """Return the deadline in a sentence, as written; empty if there is none."""
    match = _BY.search(said) or _WITHIN.search(said)
    return _said(match["when"]) if match else ""


def _said(words_given: str) -> str:
    return " ".join(words_given.split()).rstrip(".,")


def _day(said: str) -> str:
    """Return the first whole day of a date or range as YYYY-MM-DD: 1 May 2026 for "1 to 5 May 2026"; empty if none."""
    whole = _WHOLE_DAY.search(said)
    if not whole:
        return ""
    words_given = re.sub(r"\bof |,|\.", "", whole[0])
    opening = re.match(rf"(\d{{1,2}})(?:st|nd|rd|th)?{_JOIN}\d", said)
    if opening and whole.start() > 0:
        words_given = re.sub(r"^\d{1,2}", opening[1], words_given)
    try:
        return parse_date(words_given).isoformat()
    except CommissionError:
        return ""
