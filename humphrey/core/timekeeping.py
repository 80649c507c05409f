"""When a draft that waits for clearance is late: by the share of its working time that is gone.

Working time is 9 to 5 on working days where the department is. It begins when the draft was put on the list and ends
with the day it is due; a draft without such a day has a set number of working days.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from humphrey.core.calendar import is_working_day
from humphrey.errors import CommissionError

_HERE = ZoneInfo("Europe/London")
_OPENS_H, _CLOSES_H = 9.0, 17.0
_DAY_H = _CLOSES_H - _OPENS_H


@dataclass(frozen=True)
class Pace:
    """How long drafts may wait.

    Args:
        reminders: the shares of the working time, rising, after each of which whoever should clear a draft is reminded.
        escalate_at: the share after which their deputies are told.
        undated_days: the working days that a draft has whose kind has no due date.
        approval: how long an approval holds until the text is delivered.
    """

    reminders: tuple[float, ...] = (0.5, 0.8)
    escalate_at: float = 0.9
    undated_days: int = 5
    approval: timedelta = timedelta(hours=72)

    def reminders_gone(self, share: float) -> int:
        """How many of the reminders are due once that share of the time is over."""
        return sum(each <= share for each in self.reminders)


def wanted_by(opened: datetime, due: date | None, undated_days: int) -> date:
    """The day a draft should be cleared by: its own, or the last of so many working days after its first."""
    if due is not None:
        return due
    day, left = opened.astimezone(_HERE).date(), undated_days
    while left:
        day += timedelta(days=1)
        left -= _works(day)
    return day


def share_gone(opened: datetime, by: date, now: datetime) -> float:
    """Which share of the working time between opening and the end of a day is over.

    Returns:
        0 at the opening, 1 when the day's work ends, more than that from then on; where there never was any time, as
        for what was opened after its day, 1 from the start.
    """
    end = datetime.combine(by, time(int(_CLOSES_H)), _HERE)
    allowed = working_hours(opened, end)
    if now >= end or allowed <= 0:
        return 1.0 + working_hours(max(end, opened), now) / max(allowed, _DAY_H)
    return working_hours(opened, now) / allowed


def working_hours(start: datetime, end: datetime) -> float:
    """Hours of working time between two moments; 0 where the second is not after the first."""
    if end <= start:
        return 0.0
    start, end = start.astimezone(_HERE), end.astimezone(_HERE)
    whole_days = _days(start.date(), end.date()) * _DAY_H
    return whole_days - _gone_on(start) + _gone_on(end)


@lru_cache(maxsize=4096)
def _days(first: date, last: date) -> int:
    """Working days from a day on, before another: many drafts share both."""
    return sum(_works(first + timedelta(days=n)) for n in range((last - first).days))


def _gone_on(moment: datetime) -> float:
    """How many of its day's working hours are over at a moment."""
    if not _works(moment.date()):
        return 0.0
    hour = moment.hour + moment.minute / 60 + moment.second / 3600
    return min(max(hour - _OPENS_H, 0.0), _DAY_H)


@lru_cache(maxsize=4096)
def _works(day: date) -> bool:
    try:
        return is_working_day(day)
    except CommissionError:
        # Of a year whose bank holidays nobody knows yet: a reminder that comes a day early does no harm.
        return day.weekday() < 5
