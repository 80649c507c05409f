"""Days as the law counts them: bank holidays, working days, and dates read from words and said in them.

A date outside the years whose bank holidays are known is refused, because what is counted over unknown holidays would
only look right. The time limits themselves are in `core.limits`, and `core.counting` computes them.
"""

import json
import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Literal, get_args

from humphrey.errors import CommissionError

Division = Literal["england-and-wales", "scotland", "northern-ireland"]
"""A part of the United Kingdom with bank holidays of its own."""

NATIONS: dict[str, str] = {
    "england-and-wales": "England and Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
}
"""How the divisions are called in a sentence."""

EVERYWHERE: tuple[Division, ...] = get_args(Division)
"""All divisions: a bank holiday in any part of the United Kingdom."""

HOME: Division = "england-and-wales"
"""The division that counts where none is named."""

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
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>\d{4}|\d{2})",
        rf"{_WEEKDAY}(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>[a-z]+),? (?P<year>\d{{4}})",
        rf"{_WEEKDAY}(?P<month>[a-z]+) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
    )
)
_YEAR = re.compile(r"\d{4}|\d[/.]\d{1,2}[/.]\d{2}$")
_NEAR = {
    "today": 0,
    "now": 0,
    "this morning": 0,
    "this afternoon": 0,
    "tonight": 0,
    "yesterday": -1,
    "the day before yesterday": -2,
    "tomorrow": 1,
    "the day after tomorrow": 2,
}
_AGO = re.compile(r"(\w+) (day|week|month)s? ago")
_IN = re.compile(r"in (\w+) (day|week|month)s?|(\w+) (day|week|month)s? from (?:now|today)")
_ON = re.compile(rf"(?:on )?(?:(last|next|this|this coming) )?({'|'.join(_DAYS)})", re.IGNORECASE)
_HOUR = re.compile(r"(\d{1,2})(?:[:.](\d{2}))? ?(am|pm)?")
_NAMED = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
# A day without a year is one of the last eleven months or the next: what arrived is mostly past.
_AHEAD_DAYS = 31


@dataclass(frozen=True)
class Holiday:
    """A bank holiday and the divisions that keep it."""

    day: date
    title: str
    divisions: tuple[str, ...]

    def __str__(self) -> str:
        everywhere = len(self.divisions) == len(EVERYWHERE)
        where = "all of the UK" if everywhere else joined([NATIONS[name] for name in self.divisions])
        return f"{say_day(self.day)} ({self.title}, {where})"


def parse_date(text: str) -> date:
    """The day that words name: "23 November 2026", "Monday 23rd of November 2026", "23/11/2026" or "2026-11-23".

    Raises:
        CommissionError: the words name no day, or a weekday that this day is not.
    """
    parsed = _parsed(text)
    if parsed is None:
        raise _unreadable(text)
    return _on(*parsed)


def day_of(text: str, today: date, *, ahead: bool = False) -> date:
    """The day that words name, seen from today: also "yesterday", "last Monday", "two weeks ago" and "3 March".

    Args:
        text: the words.
        today: the day they are read on.
        ahead: the words name what is to come; otherwise mostly what has happened.

    Raises:
        CommissionError: the words name no day.
    """
    words = " ".join(text.lower().replace("’", "'").split()).strip(" .,;?!")
    if words in _NEAR:
        return today + timedelta(days=_NEAR[words])
    if found := _ON.fullmatch(words):
        return _weekday(found[2], found[1] or ("next" if ahead else ""), today)
    if found := _AGO.fullmatch(words):
        return _shifted(today, -_number(found[1], text), found[2])
    if found := _IN.fullmatch(words):
        return _shifted(today, _number(found[1] or found[3], text), found[2] or found[4])
    return parse_date(text) if _YEAR.search(words) else _without_year(text, today, ahead=ahead)


def hour_of(text: str) -> time:
    """The hour that words name: "14:30", "2.30pm", "9am", "noon" or "midnight".

    Raises:
        CommissionError: the words name no hour.
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


def say(day: date) -> str:
    """A day as official letters write it: "22 December 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def say_day(day: date) -> str:
    """A day with its weekday: "Tuesday 22 December 2026"."""
    return f"{_DAYS[day.weekday()]} {say(day)}"


def joined(words: Sequence[str]) -> str:
    """Words as a sentence lists them: "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def is_working_day(day: date, divisions: Sequence[Division] = EVERYWHERE) -> bool:
    """Whether a day is neither a weekend nor a bank holiday in any of the divisions.

    Raises:
        CommissionError: the bank holidays of that year are not known.
    """
    return day.weekday() < 5 and _holiday(day, divisions) is None


def working_days_after(start: date, count: int, divisions: Sequence[Division]) -> date:
    """The last of `count` working days, day 0 being `start`; counted backwards where `count` is below 0.

    Raises:
        CommissionError: the bank holidays of a year on the way are not known.
    """
    step = timedelta(days=1 if count >= 0 else -1)
    day, left = start, abs(count)
    while left:
        day += step
        left -= is_working_day(day, divisions)
    return day


def working_days_between(start: date, end: date, divisions: Sequence[Division]) -> int:
    """How many working days there are after `start`, up to and including `end`.

    Raises:
        CommissionError: the bank holidays of a year on the way are not known.
    """
    require_known(start, end)
    return sum(is_working_day(start + timedelta(days=n), divisions) for n in range(1, (end - start).days + 1))


def next_working_day(day: date, divisions: Sequence[Division]) -> date:
    """The day itself where it is a working day, or the first one after it."""
    while not is_working_day(day, divisions):
        day += timedelta(days=1)
    return day


def last_working_day(day: date, divisions: Sequence[Division]) -> date:
    """The day itself where it is a working day, or the last one before it."""
    while not is_working_day(day, divisions):
        day -= timedelta(days=1)
    return day


def months_after(day: date, months: int) -> date:
    """The corresponding date some months later, or the last day of a month that has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def holidays(start: date, end: date, divisions: Sequence[Division]) -> list[Holiday]:
    """The bank holidays on weekdays after `start`, up to and including `end`."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return [holiday for day in days if day.weekday() < 5 and (holiday := _holiday(day, divisions))]


def require_known(*days: date) -> None:
    """Pass days whose bank holidays are known.

    Raises:
        CommissionError: the first day of a year whose bank holidays are not; the message names the year.
    """
    first, last = _years()
    for day in days:
        if not first <= day.year <= last:
            raise CommissionError(
                f"the bank holidays of {day.year} are not known to humphrey, only those of {first} to {last}; "
                "count these days by hand, with the list of bank holidays on GOV.UK"
            )


def _holiday(day: date, divisions: Sequence[Division]) -> Holiday | None:
    require_known(day)
    known = _holidays()
    keeping = [name for name in divisions if day in known[name]]
    return Holiday(day, known[keeping[0]][day], tuple(keeping)) if keeping else None


@lru_cache(maxsize=1)
def _holidays() -> dict[str, dict[date, str]]:
    held = json.loads(files("humphrey.core").joinpath("bank_holidays.json").read_text(encoding="utf-8"))
    return {
        division: {date.fromisoformat(day): title for day, title in days.items()}
        for division, days in held["divisions"].items()
    }


@lru_cache(maxsize=1)
def _years() -> tuple[int, int]:
    years = [day.year for days in _holidays().values() for day in days]
    return min(years), max(years)


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
    return day + timedelta(days=number * (7 if unit == "week" else 1))


def _without_year(text: str, today: date, *, ahead: bool) -> date:
    """The last day of that name that is not too far ahead; the working says its year, so that a wrong one is seen."""
    last = today + timedelta(days=365 if ahead else _AHEAD_DAYS)
    for year in (last.year, last.year - 1):
        parsed = _parsed(f"{text.strip(' .,;?!')} {year}")
        if parsed and parsed[0] <= last:
            return _on(*parsed)
    raise _unreadable(text)


def _parsed(text: str) -> tuple[date, str] | None:
    """The day that words with a year name, and the weekday they give it; None where they name none."""
    words = " ".join(text.split())
    for form in _FORMS:
        if found := form.fullmatch(words):
            parts = found.groupdict()
            try:
                day = date(_year(parts["year"]), _month(parts["month"]), int(parts["day"]))
            except ValueError:
                continue
            return day, parts.get("weekday") or ""
    return None


def _unreadable(text: str) -> CommissionError:
    return CommissionError(f"{text[:60]!r} is not a date; write it like 23 November 2026 or 2026-11-23")
