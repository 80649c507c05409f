"""Deadlines of clearance: days left, working hours gone by, and when a reminder falls due."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from humphrey.calculations.calendar import EVERYWHERE, is_working_day, working_days_after, working_days_between
from humphrey.errors import CommissionError
from humphrey.papers.draft import Draft
from humphrey.text.dates import LONDON, local_date, parse_date


def days_left(due: date, today: date) -> int:
    """Return the working days after today, up to and including the due date.

    Returns:
        0 on the last day, and on earlier days with no working day in between. Below 0 when it is late: -1 from the
        first day after, even if that is not a working day.

    Raises:
        CommissionError: the bank holidays of a year between the two are not known.
    """
    if due < today:
        return min(-1, -working_days_between(due, today, EVERYWHERE))
    return working_days_between(today, due, EVERYWHERE)


# Rows of the queue share few due dates, so a small cache serves most of them.
@lru_cache(maxsize=1024)
def days_left_or_none(due: date | None, today: date) -> int | None:
    """Return the days left for a list; None without a due date or if the bank holidays in between are not known."""
    try:
        return None if due is None else days_left(due, today)
    except CommissionError:
        return None


def days_offered(draft: Draft, today: date) -> tuple[date, ...]:
    """Return the days that were computed in a draft and are not past, earliest first; the asker may wish for one.

    None is taken by itself: a day that a text computes need not be the day by which its asker must have it. A draft
    with a time limit of its own offers none.
    """
    if draft.due is not None:
        return ()
    results = (_day(working.result) for working in draft.workings)
    return tuple(sorted({day for day in results if day is not None and day >= today}))


def _day(result: str) -> date | None:
    try:
        return parse_date(result)
    except CommissionError:
        # A count or an amount, which is no day.
        return None


def last_day_within(days: int, today: date) -> date:
    """Return the last due date that has at most so many working days left.

    Raises:
        CommissionError: the bank holidays of a year on the way are not known.
    """
    return working_days_after(today, days + 1, EVERYWHERE) - timedelta(days=1)


# The working day for reminders, in hours: 9 to 5, as docs/clearance.md tells people.
_OPENS_H, _CLOSES_H = 9.0, 17.0


_DAY_H = _CLOSES_H - _OPENS_H


@dataclass(frozen=True)
class ReminderSchedule:
    """The limits of waiting. The settings `HUMPHREY_REMINDERS`, `HUMPHREY_ESCALATE_AT` and others change the defaults.

    Args:
        reminders: rising shares of the working time, from 0 to 1; the reviewers are reminded after each.
        escalate_at: the share after which their deputies are notified.
        undated_days: the working days for a draft whose kind has no time limit.
        approval: how long an approval stays valid before the text is delivered.
    """

    reminders: tuple[float, ...] = (0.5, 0.8)
    escalate_at: float = 0.9
    undated_days: int = 5
    approval: timedelta = timedelta(hours=72)

    def reminders_due(self, share: float) -> int:
        """Return how many reminders are due after a share of the time."""
        return sum(each <= share for each in self.reminders)


def clear_by(opened: datetime, due: date | None, undated_days: int) -> date:
    """Return the day by which to clear a draft: its due date, or the last of `undated_days` after its opening."""
    if due is not None:
        return due
    day, left = local_date(opened), undated_days
    while left:
        day += timedelta(days=1)
        left -= _works(day)
    return day


def share_of_time_passed(opened: datetime, by: date, now: datetime) -> float:
    """Return the share of the working time between opening and the end of a day that has passed.

    Returns:
        0 at the opening, 1 at the end of that working day, and more afterwards; at least 1 from the start if there was
        no working time, as for a review opened after its due date.
    """
    end = datetime.combine(by, time(int(_CLOSES_H)), LONDON)
    allowed = working_hours(opened, end)
    if now >= end or allowed <= 0:
        # The divisor is at least one working day, because there may have been no working time at all.
        return 1.0 + working_hours(max(end, opened), now) / max(allowed, _DAY_H)
    return working_hours(opened, now) / allowed


def working_hours(start: datetime, end: datetime) -> float:
    """Return the hours of working time between two moments; 0 if the second is not after the first."""
    if end <= start:
        return 0.0
    start, end = start.astimezone(LONDON), end.astimezone(LONDON)
    whole_days = _days(start.date(), end.date()) * _DAY_H
    return whole_days - _gone_on(start) + _gone_on(end)


@lru_cache(maxsize=4096)
def _days(first: date, last: date) -> int:
    """Return the number of working days from `first` until before `last`; cached, because many drafts share both."""
    return sum(_works(first + timedelta(days=n)) for n in range((last - first).days))


def _gone_on(moment: datetime) -> float:
    """Return how many working hours of its day have passed at a moment."""
    if not _works(moment.date()):
        return 0.0
    hour = moment.hour + moment.minute / 60 + moment.second / 3600
    return min(max(hour - _OPENS_H, 0.0), _DAY_H)


@lru_cache(maxsize=4096)
def _works(day: date) -> bool:
    try:
        return is_working_day(day)
    except CommissionError:
        # The bank holidays of that year are not known yet; a reminder that is a day early does no harm.
        return day.weekday() < 5
