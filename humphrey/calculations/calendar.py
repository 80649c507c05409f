"""Bank holidays and working days.

A date in a year whose bank holidays are unknown is refused, because a count over unknown holidays would only look
right. The time limits are in `calculations.rules`, and `calculations.counting` computes them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Literal, get_args

from humphrey.errors import CommissionError
from humphrey.text.dates import joined, say_day

Division = Literal["england-and-wales", "scotland", "northern-ireland"]
"""A part of the United Kingdom with bank holidays of its own."""


NATIONS: dict[str, str] = {
    "england-and-wales": "England and Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
}
"""The names of the divisions in a sentence."""


EVERYWHERE: tuple[Division, ...] = get_args(Division)
"""All divisions: a bank holiday in any part of the United Kingdom."""


HOME: Division = "england-and-wales"
"""The division that counts if none is named."""


@dataclass(frozen=True)
class Holiday:
    """A bank holiday and the divisions that observe it."""

    day: date
    title: str
    divisions: tuple[str, ...]

    def __str__(self) -> str:
        everywhere = len(self.divisions) == len(EVERYWHERE)
        where = "all of the UK" if everywhere else joined([NATIONS[name] for name in self.divisions])
        return f"{say_day(self.day)} ({self.title}, {where})"


def is_working_day(day: date, divisions: Sequence[Division] = EVERYWHERE) -> bool:
    """Return whether a day is neither a weekend nor a bank holiday in any of the divisions.

    Raises:
        CommissionError: the bank holidays of that year are not known.
    """
    return day.weekday() < 5 and _holiday(day, divisions) is None


def working_days_after(start: date, count: int, divisions: Sequence[Division]) -> date:
    """Return the last of `count` working days, with `start` as day 0; counted backwards if `count` is negative.

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
    """Return the number of working days after `start`, up to and including `end`.

    Raises:
        CommissionError: the bank holidays of a year on the way are not known.
    """
    require_known(start, end)
    return sum(is_working_day(start + timedelta(days=n), divisions) for n in range(1, (end - start).days + 1))


def next_working_day(day: date, divisions: Sequence[Division]) -> date:
    """Return the day itself if it is a working day, otherwise the first one after it.

    Raises:
        CommissionError: the bank holidays of that year are not known.
    """
    while not is_working_day(day, divisions):
        day += timedelta(days=1)
    return day


def last_working_day(day: date, divisions: Sequence[Division]) -> date:
    """Return the day itself if it is a working day, otherwise the last one before it.

    Raises:
        CommissionError: the bank holidays of that year are not known.
    """
    while not is_working_day(day, divisions):
        day -= timedelta(days=1)
    return day


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
    held = json.loads(files("humphrey.calculations").joinpath("data", "bank_holidays.json").read_text(encoding="utf-8"))
    return {
        division: {date.fromisoformat(day): title for day, title in days.items()}
        for division, days in held["divisions"].items()
    }


@lru_cache(maxsize=1)
def _years() -> tuple[int, int]:
    years = [day.year for days in _holidays().values() for day in days]
    return min(years), max(years)
