"""Workings: the calculations of a draft, each with its inputs, its result and its steps in words.

The explanation of a time limit or threshold begins with the answer and ends with the source. A reader needs nothing
else.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from humphrey.calculations.calendar import HOME, NATIONS, Division, holidays, working_days_after, working_days_between
from humphrey.calculations.counting import NO_INPUTS, LimitInputs, divisions_of
from humphrey.calculations.rules import RULES
from humphrey.calculations.thresholds import Threshold
from humphrey.calculations.time_limits import TimeLimit
from humphrey.errors import CommissionError
from humphrey.text.dates import joined, months_after, parse_date, resolve_date, say, say_day


@dataclass(frozen=True)
class Working:
    """One thing a tool computed for a draft: which tool, from what, the result, and the steps in words."""

    tool: str
    inputs: Mapping[str, str]
    result: str
    explanation: str


UNITS = ("working days", "days", "weeks", "months")
"""The units that can be added to a day."""


LONGEST = 3000
"""The most units that can be added to a day; beyond it no bank holidays are known."""


@dataclass(frozen=True)
class Office:
    """The calendar of a department: the division whose bank holidays it follows, and sitting days of the Commons.

    `sitting` is empty if the department has not set the sitting days.
    """

    division: Division = HOME
    sitting: frozenset[date] = frozenset()


STANDARD = Office()
"""The calendar if nothing is set."""


def of_limit(limit: TimeLimit, given: LimitInputs = NO_INPUTS, others: Sequence[date] = ()) -> Working:
    """Return the working of a time limit; `others` are days that the question names too, from which nothing counts."""
    told = {
        "extended": "yes" if given.extended else "",
        "division": given.division or "",
        "stopped": _iso(given.stopped),
        "resumed": _iso(given.resumed),
        "at": f"{given.at:%H:%M}" if given.at else "",
        "tabled": _iso(given.tabled),
        "working_days": str(given.working_days or ""),
        "others": " ".join(day.isoformat() for day in others),
    }
    inputs = {"rule": limit.rule, "start": limit.start.isoformat(), "limit": RULES[limit.rule].what}
    inputs |= {name: value for name, value in told.items() if value}
    if address := RULES[limit.rule].address:
        inputs["source"] = address
    choice = [_choice(limit, others)] if others else []
    explanation = " ".join([limit.answer, *choice, limit.explanation, f"Source: {limit.source}."])
    return Working("working_days", inputs, limit.due.isoformat(), explanation)


def _choice(limit: TimeLimit, others: Sequence[date]) -> str:
    """Return the sentences that show which of several days was taken, and how to take another."""
    starts = RULES[limit.rule].starts
    as_what = f"as {starts}" if starts.startswith("the last") else f"as the day {starts}"
    return (
        f"I took {say(limit.start)} {as_what}; the question also names {joined([say(day) for day in others])}. "
        "If it was another day, ask again with that day alone."
    )


def days_of(first: str, last: str, today: date) -> tuple[date, date]:
    """Return the two days that words name; a year given only with the last day applies to the first day too.

    A first day that would then come after the last is moved one year back. If no year is given and the last day would
    come before the first, the next day of that name is taken.

    Raises:
        CommissionError: the words do not name a day.
    """
    year = re.search(r"\b\d{4}$", last.strip())
    if year and not re.search(r"\d{4}", first):
        ends = parse_date(last)
        starts = resolve_date(f"{first} {year[0]}", today) if re.search(r"\d", first) else resolve_date(first, today)
        return (starts if starts <= ends else months_after(starts, -12)), ends
    starts, ends = resolve_date(first, today), resolve_date(last, today)
    return starts, ends if starts <= ends else resolve_date(last, today, ahead=True)


def between(first: date, last: date, division: str) -> Working:
    """Count the working days from one day to another; `division` is one of the calendar's, or "anywhere".

    Raises:
        CommissionError: the days are not in order, or the division or the bank holidays of a year are unknown.
    """
    if last < first:
        raise CommissionError(f"{say(last)} is before {say(first)}; give the earlier day first")
    kept = divisions_of(division)
    count, days = working_days_between(first, last, kept), (last - first).days
    both = count + working_days_between(first - timedelta(days=1), first, kept)
    left_out = [str(holiday) for holiday in holidays(first, last, kept)]
    steps = [
        f"After {say_day(first)} up to and including {say_day(last)} there {_are(count, 'working day')}.",
        f"With both days counted there {_are(both, 'working day')}.",
        f"All days of the week together, there {_are(days, 'day')} from one to the other.",
        *([f"{joined(left_out)} {'is' if len(left_out) == 1 else 'are'} not counted."] if left_out else []),
        _kept(division),
    ]
    inputs = {"first": first.isoformat(), "last": last.isoformat(), "division": division}
    return Working("count_days", inputs, str(count), " ".join(steps))


def added(start: date, number: int, unit: str, division: str) -> Working:
    """Add working days, days, weeks or months to a day; a negative `number` counts back.

    Raises:
        CommissionError: the number, the unit or the division is not valid, or a year's bank holidays are unknown.
    """
    if unit not in UNITS:
        raise CommissionError(f"no unit {unit[:40]!r}; {joined(UNITS)} can be added to a day")
    if not 0 < abs(number) <= LONGEST:
        raise CommissionError(f"{number} {unit} cannot be added; give a number from 1 to {LONGEST}")
    kept = divisions_of(division)
    day = _added(start, number, unit, division)
    count = f"{abs(number)} {unit if abs(number) > 1 else unit[:-1]}"
    steps = [f"{count} {'after' if number > 0 else 'before'} {say_day(start)} is {say_day(day)}."]
    if unit == "working days":
        # holidays() leaves out its first day, so for counting back both ends move by one day.
        edge = (start, day) if number > 0 else (day - timedelta(days=1), start - timedelta(days=1))
        left_out = [str(holiday) for holiday in holidays(*edge, kept)]
        steps += [f"{joined(left_out)} {'is' if len(left_out) == 1 else 'are'} not counted."] if left_out else []
        steps += [f"{say_day(start)} is day 0. {_kept(division)}"]
    inputs = {"start": start.isoformat(), "number": str(number), "unit": unit}
    inputs |= {"division": division} if unit == "working days" else {}
    return Working("add_days", inputs, day.isoformat(), " ".join(steps))


def of_threshold(found: Threshold, on: date) -> Working:
    """Return the working of a threshold or rate on a day."""
    since = f" It is known from {say(found.since)}"
    until = f" to {say(found.until)}." if found.until else "."
    recorded = f" It was recorded on {say(found.as_of)}: check that it still holds." if on > found.as_of else ""
    notes = " ".join(part for part in (found.steps, found.note) if part)
    explanation = f"On {say(on)} the {found.what} is {found.said}.{since}{until}{recorded} {notes}".strip()
    inputs = {"name": found.name, "on": on.isoformat(), "what": found.what, "confidence": found.confidence}
    inputs |= {"source": found.address} if found.address else {}
    return Working("threshold", inputs, found.said, f"{explanation} Source: {found.source}.")


def _added(start: date, number: int, unit: str, division: str) -> date:
    if unit == "working days":
        return working_days_after(start, number, divisions_of(division))
    return (
        months_after(start, number) if unit == "months" else start + timedelta(number * (7 if unit == "weeks" else 1))
    )


def _kept(division: str) -> str:
    where = "any part of the UK" if division == "anywhere" else NATIONS[division]
    return f"Saturdays, Sundays and bank holidays in {where} are not working days."


def _are(count: int, unit: str) -> str:
    return f"is 1 {unit}" if count == 1 else f"are {count} {unit}s"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
