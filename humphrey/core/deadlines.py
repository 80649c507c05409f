"""How much time a draft has left: working days as the law counts them, seen from the department's day.

A bank holiday in any part of the United Kingdom is no working day here, as for freedom of information requests, so
that nobody is told of a day that is not there.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from humphrey.core.calendar import EVERYWHERE, say, working_days_after, working_days_between
from humphrey.errors import CommissionError

_HERE = ZoneInfo("Europe/London")


def day_of(at: datetime) -> date:
    """The day that a moment falls on where the department is."""
    return at.astimezone(_HERE).date()


def say_moment(at: datetime) -> str:
    """A moment as people here read it: "14:30 on 23 November 2026"."""
    here = at.astimezone(_HERE)
    return f"{here:%H:%M} on {say(here.date())}"


def days_left(due: date, today: date) -> int:
    """Working days after today, up to and including the day that something is due.

    Returns:
        0 on the last day, and on days before it that no working day parts from it; below 0 when it is late: -1 from
        the first day after, even where that is no working day.

    Raises:
        CommissionError: the bank holidays of a year between the two are not known.
    """
    if due < today:
        return min(-1, -working_days_between(due, today, EVERYWHERE))
    return working_days_between(today, due, EVERYWHERE)


# A page of the queue shows few days, again and again.
@lru_cache(maxsize=1024)
def days_left_or_none(due: date | None, today: date) -> int | None:
    """The same for a list: None where nothing is due, or where nobody knows the bank holidays in between."""
    try:
        return None if due is None else days_left(due, today)
    except CommissionError:
        return None


def last_day_within(days: int, today: date) -> date:
    """The last day on which something is due that has at most so many working days left.

    Raises:
        CommissionError: the bank holidays of a year on the way are not known.
    """
    return working_days_after(today, days + 1, EVERYWHERE) - timedelta(days=1)
