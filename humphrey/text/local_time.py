"""The local time of the department: days and moments in London."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from humphrey.text.dates import say

LONDON = ZoneInfo("Europe/London")
"""The department's time zone; working days, time limits and deadlines are counted in it."""


def local_date(at: datetime) -> date:
    """Return the London date of a moment."""
    return at.astimezone(LONDON).date()


def today() -> date:
    """Return today's date in London."""
    return datetime.now(LONDON).date()


def say_moment(at: datetime) -> str:
    """Return a moment in words and London time, such as "14:30 on 23 November 2026"."""
    local = at.astimezone(LONDON)
    return f"{local:%H:%M} on {say(local.date())}"
