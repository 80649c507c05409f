"""Dates and hours as people write them, and the local time of the department: days and moments in London."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from humphrey.errors import CommissionError
from humphrey.text.day_names import has_too_many_steps, named_day, near_day, with_numerals

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


_WEEKDAY = r"(?:(?P<weekday>(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*),? )?"


_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4}|\d{2})",
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2}) (?P<year>\d{4})",
        rf"{_WEEKDAY}(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>[a-z]+),? (?P<year>\d{{4}})",
        rf"{_WEEKDAY}(?P<month>[a-z]+) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
    )
)


# Words with a year are read by `parse_date` alone.
_YEAR = re.compile(r"\d{4}|\d[/.-]\d{1,2}[/.-]\d{2}$")


# A moment as machines write it: "2026-11-23T09:15Z", "2026-11-23 09:15:00+01:00".
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE)


# Days from today for words that name a day near it.
_NEAR = {
    "today": 0,
    "now": 0,
    "this morning": 0,
    "this afternoon": 0,
    "tonight": 0,
    "yesterday": -1,
    "this evening": 0,
    "last night": -1,
    "yesterday morning": -1,
    "yesterday afternoon": -1,
    "yesterday evening": -1,
    "the day before yesterday": -2,
    "tomorrow": 1,
    "the day after tomorrow": 2,
}


# "three days ago", "two weeks ago", "a fortnight ago".
_AGO = re.compile(r"(\w+) (day|week|fortnight|month)s? ago(?: today)?")


# "two days after 2 November", "the Monday after 2 November".
_FROM = re.compile(rf"(?:(\w+) (day|week|fortnight)s?|({'|'.join(_DAYS)})) (after|before) (.+)", re.IGNORECASE)


# "in three days", "two weeks from now".
_IN = re.compile(r"in (\w+) (day|week|month)s?|(\w+) (day|week|month)s? from (?:now|today)")


# A weekday, with "last" or "next" or without.
_ON = re.compile(rf"(?:on )?(?:(last|next|this|this coming) )?({'|'.join(_DAYS)})", re.IGNORECASE)


# "14:30", "2.30pm", "9am".
_HOUR = re.compile(r"(\d{1,2})(?:[:.](\d{2}))? ?(am|pm)?")


_NAMED = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


# A day without a year is one of the last eleven months or the next: what arrived is mostly past.
_AHEAD_DAYS = 31


LONDON = ZoneInfo("Europe/London")
"""The department's time zone; working days, time limits and deadlines are counted in it."""


def parse_date(text: str) -> date:
    """Return the date in words: "23 November 2026", "Monday 23rd of November 2026", "23/11/2026" or "2026-11-23".

    Raises:
        CommissionError: the words give no date, or the wrong weekday for it.
    """
    parsed = _parsed(text)
    if parsed is None:
        raise _unreadable(text)
    return _on(*parsed)


def resolve_date(text: str, today: date, *, ahead: bool = False) -> date:
    """Return the date in words, relative to today: also "yesterday", "last Monday", "two weeks ago" and "3 March".

    Args:
        text: the words.
        today: the date on which they are read.
        ahead: the words are about the future; otherwise mostly about the past.

    Raises:
        CommissionError: the words give no date.
    """
    words = " ".join(text.lower().replace("’", "'").split()).strip(" .,;?!")
    if words in _NEAR:
        return today + timedelta(days=_NEAR[words])
    if found := _ON.fullmatch(words):
        return _weekday(found[2], found[1] or ("next" if ahead else ""), today)
    if found := _AGO.fullmatch(words):
        return _shifted(today, -_number(found[1], text), found[2])
    if found := _FROM.fullmatch(words):
        if has_too_many_steps(words):
            raise CommissionError(f"{text[:60]!r} counts from too many days in a row; name the day itself")
        return _from_another(found, resolve_date(found[5], today, ahead=ahead))
    if (near := near_day(words, today, ahead=ahead)) is not None:
        return near
    if found := _IN.fullmatch(words):
        return _shifted(today, _number(found[1] or found[3], text), found[2] or found[4])
    return parse_date(text) if _YEAR.search(words) else _without_year(text, today, ahead=ahead)


def parse_hour(text: str) -> time:
    """Return the time that words give: "14:30", "2.30pm", "9am", "noon" or "midnight".

    Raises:
        CommissionError: the words give no time.
    """
    words = " ".join(text.lower().split())
    named = {"noon": time(12), "midday": time(12), "midnight": time(0)}
    if words in named:
        return named[words]
    found = _HOUR.fullmatch(words)
    try:
        if found and (found[2] or found[3]):
            half = {"am": int(found[1]) % 12, "pm": int(found[1]) % 12 + 12}
            return time(half.get(found[3], int(found[1])), int(found[2] or 0))
    except ValueError:
        pass
    raise CommissionError(f"{text[:40]!r} is not an hour of the day; write it like 14:30 or 2.30pm")


def local_date(at: datetime) -> date:
    """Return the London date of a moment."""
    return at.astimezone(LONDON).date()


def today() -> date:
    """Return today's date in London."""
    return datetime.now(LONDON).date()


def start_of(day: date) -> datetime:
    """Return the moment at which a day begins in London."""
    return datetime.combine(day, time(), LONDON)


def say_moment(at: datetime) -> str:
    """Return a moment in words and London time inside a sentence: "14:30 GMT on 23 November 2026"."""
    return f"{say_hour(at)} on {say(local_date(at))}"


def say_time(at: datetime, *, seconds: bool = False) -> str:
    """Return a moment as pages, e-mails and files show it: "1 December 2026, 14:05 GMT"."""
    return f"{say(local_date(at))}, {say_hour(at, seconds=seconds)}"


def say_hour(at: datetime, *, seconds: bool = False) -> str:
    """Return the time of a moment in London with its zone: "14:05 GMT", or BST in summer."""
    local = at.astimezone(LONDON)
    return f"{local:%H:%M:%S %Z}" if seconds else f"{local:%H:%M %Z}"


def say(day: date) -> str:
    """Return a date as official letters write it: "22 December 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def say_day(day: date) -> str:
    """Return a date with its weekday: "Tuesday 22 December 2026"."""
    return f"{_DAYS[day.weekday()]} {say(day)}"


def joined(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def months_after(day: date, months: int) -> date:
    """Return the same date some months later, or the last day of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _month(word: str) -> int:
    if word.isdecimal():
        return int(word)
    for number, name in enumerate(_MONTHS, 1):
        if len(word) >= 3 and name.lower().startswith(word.lower()):
            return number
    raise ValueError(word)


def _on(day: date, weekday: str) -> date:
    if weekday and not _DAYS[day.weekday()].lower().startswith(weekday.lower()[:3]):
        raise CommissionError(f"{say(day)} is a {_DAYS[day.weekday()]}, not a {weekday}; say which day is meant")
    return day


def _weekday(name: str, which: str, today: date) -> date:
    wanted = next(n for n, day in enumerate(_DAYS) if day.lower() == name.lower())
    if which == "":
        return today - timedelta(days=(today.weekday() - wanted) % 7)
    if which == "last":
        return today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1)
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)


def _number(word: str, text: str) -> int:
    if word.isdecimal() and len(word) < 5:
        return int(word)
    if word in {"a", "an", *_NAMED}:
        return _NAMED.index(word) if word in _NAMED else 1
    raise _unreadable(text)


def _shifted(day: date, number: int, unit: str) -> date:
    if unit == "month":
        return months_after(day, number)
    return day + timedelta(days=number * {"week": 7, "fortnight": 14}.get(unit, 1))


def _from_another(found: re.Match[str], other: date) -> date:
    """Return the day that lies some days, or the next weekday of a name, after or before another."""
    try:
        if found[3]:
            return _weekday(found[3], "next" if found[4] == "after" else "last", other)
        return _shifted(other, _number(found[1], found[0]) * (1 if found[4] == "after" else -1), found[2])
    except OverflowError:
        # The calendar ends with the year 9999.
        raise _unreadable(found[0]) from None


def _without_year(text: str, today: date, *, ahead: bool) -> date:
    """Return the last such date that is not too far ahead; the working shows its year, so that errors are noticed."""
    # What is to come and was named a few days too late lies behind, not a year ahead.
    last = today + timedelta(days=365 - _AHEAD_DAYS if ahead else _AHEAD_DAYS)
    for year in (last.year, last.year - 1):
        parsed = _parsed(f"{text.strip(' .,;?!')} {year}")
        if parsed and parsed[0] <= last:
            return _on(*parsed)
    raise _unreadable(text)


def _parsed(text: str) -> tuple[date, str] | None:
    """Return the date of words with a year, and the weekday that they give; None if they give no date."""
    words = with_numerals(" ".join(text.split()))
    try:
        if moment := _MOMENT.fullmatch(words):
            return _local_day(moment), ""
        if (named := re.fullmatch(r"(.+?),? (\d{4})", words)) and (day := named_day(named[1], int(named[2]))):
            return day, ""
    except (ValueError, OverflowError):
        return None
    for form in _FORMS:
        if found := form.fullmatch(words):
            parts = found.groupdict()
            try:
                day = date(_year(parts["year"]), _month(parts["month"]), int(parts["day"]))
            except ValueError:
                continue
            return day, parts.get("weekday") or ""
    return None


def _local_day(moment: re.Match[str]) -> date:
    """Return the London day of a moment; one without a zone is London's already."""
    at = datetime.fromisoformat(f"{moment[1]}T{moment[2]}{(moment[3] or '').upper()}")
    return at.astimezone(LONDON).date() if at.tzinfo else at.date()


def _unreadable(text: str) -> CommissionError:
    return CommissionError(f"{text[:60]!r} is not a date; write it like 23 November 2026 or 2026-11-23")
