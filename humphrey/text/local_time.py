"""The local time of the department: days and moments in London."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from humphrey.text.dates import say

_HERE = ZoneInfo("Europe/London")


def day_of(at: datetime) -> date:
    """The day that a moment falls on where the department is."""
    return at.astimezone(_HERE).date()


def say_moment(at: datetime) -> str:
    """A moment as people here read it: "14:30 on 23 November 2026"."""
    here = at.astimezone(_HERE)
    return f"{here:%H:%M} on {say(here.date())}"
