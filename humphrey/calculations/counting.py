"""Counting of days, months and hours for time limits: one function for each way, which returns the day and the steps.

The day of the event that starts the clock is day 0, on any day of the week. `Rule.source` names the law of each rule;
docs/calculations.md describes how days are counted.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from humphrey.calculations.calendar import (
    EVERYWHERE,
    HOME,
    NATIONS,
    Division,
    holidays,
    last_working_day,
    next_working_day,
    working_days_after,
)
from humphrey.calculations.rules import Rule
from humphrey.errors import CommissionError
from humphrey.text.dates import LONDON, joined, months_after, say, say_day

# Named day questions need 3 days' notice, without Saturdays and Sundays (Erskine May, paragraph 22.4).
_NOTICE_WEEKDAYS = 3


# An ordinary question is put down for the second sitting day after it was tabled (Erskine May, paragraph 22.4).
_PUT_DOWN_FOR = 2


@dataclass(frozen=True)
class LimitInputs:
    """Facts about a case, other than the day that starts the clock.

    Attributes:
        extended: whether the longer limit applies that a rule allows in named circumstances.
        working_days: a different number of working days, for rules counted in working days.
        division: the division whose bank holidays the question names; if None, the steps also give the dates of other
            divisions where they differ.
        home: the division whose bank holidays count if the question names none.
        stopped: the day the clock stopped, because of a fees notice or a request for clarification.
        resumed: the day it resumed, when the fee or the clarification arrived.
        at: the time of the event, for limits counted in hours.
        tabled: the day a named day question was tabled.
        sitting: the days on which the House of Commons sits, as the department has set them.
    """

    extended: bool = False
    working_days: int | None = None
    division: str | None = None
    home: Division = HOME
    stopped: date | None = None
    resumed: date | None = None
    at: time | None = None
    tabled: date | None = None
    sitting: Collection[date] = ()


NO_INPUTS = LimitInputs()
"""Nothing is known except the day that starts the clock."""


@dataclass(frozen=True)
class Counted:
    """A counted limit: the last day, the steps to it, the safe earlier day and the time of day, if any."""

    due: date
    steps: tuple[str, ...]
    safe: date | None = None
    at: time | None = None


def divisions_of(name: str) -> tuple[Division, ...]:
    """Return the division with a name, or all divisions for "anywhere".

    Raises:
        CommissionError: there is no division with this name.
    """
    if name == "anywhere":
        return EVERYWHERE
    if name not in EVERYWHERE:
        raise CommissionError(f"no division {name[:40]!r}; bank holidays are known for {', '.join(EVERYWHERE)}")
    return (name,)


def _divisions(rule: Rule, given: LimitInputs) -> tuple[Division, ...]:
    if rule.anywhere:
        return EVERYWHERE
    return (HOME,) if rule.westminster else divisions_of(given.division or given.home)


def in_working_days(rule: Rule, start: date, given: LimitInputs) -> Counted:
    """Count working days after a day.

    For rules that a bank holiday anywhere in the UK extends, `safe` is the day by the holidays of England and Wales
    alone. The steps also name the days that other nations' bank holidays would give.

    Raises:
        CommissionError: the rule stops the clock, and the days of stop and resumption are missing or out of order; or
            the bank holidays of a year are not known.
    """
    kept = _divisions(rule, given)
    count = given.working_days or (rule.extended_working_days if given.extended else rule.working_days)
    stop = _fees_notice(start, given) if rule.stops else None
    due = _not_stopped(start, count, kept, stop)
    safe = _not_stopped(start, count, (HOME,), stop) if rule.anywhere else None
    days = f"{count} working days are" if count > 1 else "1 working day is"
    steps = [
        f"Day 0 is {say_day(start)}, when {rule.starts}.",
        f"{days} counted after it, leaving out Saturdays, Sundays and bank holidays in {_where(kept)}.",
        *_stopped_step(stop),
        *_left_out(start, due, kept),
        f"The last of the {count} working days is {say_day(due)}." if count > 1 else f"That is {say_day(due)}.",
    ]
    if safe and safe != due:
        steps.append(
            f"With the bank holidays of England and Wales alone it would be {say_day(safe)}: the safe date to work to."
        )
    elsewhere = _elsewhere(rule, given, due, lambda nation: working_days_after(start, count, (nation,)))
    return Counted(due, (*steps, *elsewhere), safe)


def before(rule: Rule, event: date, given: LimitInputs) -> Counted:
    """Count working days back from an event.

    Raises:
        CommissionError: the number of working days is not given, or the bank holidays of a year are not known.
    """
    kept = _divisions(rule, given)
    count = given.working_days or rule.working_days
    if not count:
        raise CommissionError(
            f"the {rule.what} is due some working days before the event; say how many, as your department has set them"
        )
    due = working_days_after(event, -count, kept)
    steps = [
        f"Day 0 is {say_day(event)}, {_event(rule)}.",
        f"{count} working day{'s are' if count > 1 else ' is'} counted back from it, leaving out Saturdays, Sundays "
        f"and bank holidays in {_where(kept)}.",
        *_left_out(due - timedelta(days=1), event - timedelta(days=1), kept),
        f"That leads to {say_day(due)}.",
    ]
    elsewhere = _elsewhere(rule, given, due, lambda nation: working_days_after(event, -count, (nation,)))
    return Counted(due, (*steps, *elsewhere))


def in_months(rule: Rule, start: date, given: LimitInputs) -> Counted:
    """Count months to the corresponding date, and move it off weekends and bank holidays.

    A rule "beginning with" its first day ends one day earlier instead and is not moved.

    Raises:
        CommissionError: the clock's stop and resumption are out of order, or bank holidays of a year are not known.
    """
    months = rule.extended_months if given.extended else rule.months
    same = months_after(start, months)
    span = "one month" if months == 1 else f"{months} months"
    first = f"The clock starts on {say_day(start)}, when {rule.starts}."
    no_such = "." if same.day == start.day else f", the last day of that month, which has no {start.day}."
    second = f"The corresponding date {span} later is {say_day(same)}{no_such}"
    if rule.beginning_with:
        due = same - timedelta(days=1)
        last = f"The time includes the day it begins with, so its last day is the one before: {say_day(due)}."
        return Counted(due, (first, second, last))
    return _rolled(rule, same, (first, second), given, _stop(start, given))


def _rolled(
    rule: Rule, same: date, steps: tuple[str, ...], given: LimitInputs, stop: tuple[date, date] | None
) -> Counted:
    """Move a corresponding date by the days the clock was stopped, then to the next working day."""
    kept = _divisions(rule, given)
    if stop:
        still = (stop[1] - stop[0]).days
        same += timedelta(days=still)
        steps += (
            f"The clock stood still from {say_day(stop[0])} to {say_day(stop[1])}, which moves the date by {still} "
            f"days to {say_day(same)}.",
        )
    due = next_working_day(same, kept)
    # The Act counts a month "beginning with" the day, so it ends a day earlier than in the regulator's counting.
    safe = last_working_day(same - timedelta(days=1), kept)
    if due != same:
        steps += (f"That is not a working day in {_where(kept)}, so the limit moves to {say_day(due)}.",)
    aim = f"Aim for {say_day(safe)}, the last working day before the month would end on the strictest count."
    elsewhere = _elsewhere(rule, given, due, lambda nation: next_working_day(same, (nation,)))
    return Counted(due, (*steps, *elsewhere, aim), safe)


def in_days(rule: Rule, start: date, given: LimitInputs) -> Counted:
    """Count calendar days.

    For a rule with a first day of validity (`since`), `safe` is the last working day if the first day counts too.
    """
    due = start + timedelta(days=rule.days)
    weeks = f"{rule.days // 7} weeks ({rule.days} days)" if rule.days % 7 == 0 else f"{rule.days} days"
    steps = (
        f"The clock starts on {say_day(start)}, when {rule.starts}.",
        f"{weeks} later is {say_day(due)}.",
    )
    if not rule.since:
        return Counted(due, steps)
    safe = last_working_day(due - timedelta(days=1), _divisions(rule, given))
    return Counted(
        due, (*steps, f"Aim for {say_day(safe)}, the last working day if the first day is counted too."), safe
    )


def hours(rule: Rule, start: date, given: LimitInputs) -> Counted:
    """Count hours, to the minute if the time of the event is known.

    Otherwise `safe` is the day before, because the limit ends at an unknown time of the day `due`.
    """
    days = timedelta(hours=rule.hours)
    began = f"The clock starts on {say_day(start)}"
    if given.at is None:
        due = start + days
        safe = due - timedelta(days=1)
        return Counted(
            due,
            (
                f"{began}, when {rule.starts}.",
                f"{rule.hours} hours later is the same hour of {say_day(due)}.",
                f"The hour was not given: report by the end of {say_day(safe)} to be in time in any case.",
            ),
            safe,
        )
    # Counted in UTC, because hours continue to run while the clocks change.
    aware = datetime.combine(start, given.at, LONDON).astimezone(UTC)
    ends = (aware + days).astimezone(LONDON)
    steps = (
        f"{began} at {given.at:%H:%M}, when {rule.starts}.",
        f"{rule.hours} hours later is {ends:%H:%M} on {say_day(ends.date())}.",
    )
    return Counted(ends.date(), steps, None, ends.time())


def in_sitting_days(rule: Rule, start: date, given: LimitInputs) -> Counted:
    """Count days on which the House of Commons sits; `safe` is the day that the question is put down for.

    Raises:
        CommissionError: too few sitting days are known.
    """
    ahead = sorted(day for day in given.sitting if day > start)
    if len(ahead) < rule.sitting_days:
        raise CommissionError(
            f"the {rule.what} is counted in {rule.sitting_days} sitting days, and humphrey was told "
            f"{len(ahead) or 'none'} after {say(start)}; ask your parliamentary branch for the sitting days"
        )
    put_down, due = ahead[_PUT_DOWN_FOR - 1], ahead[rule.sitting_days - 1]
    return Counted(
        due,
        (
            f"Day 0 is {say_day(start)}, when {rule.starts}.",
            f"It is put down for answer on the second sitting day after it, {say_day(put_down)}.",
            f"The sitting days after it are {joined([say_day(day) for day in ahead[: rule.sitting_days]])}.",
        ),
        put_down,
    )


def named_day(_rule: Rule, named: date, given: LimitInputs) -> Counted:
    """Return the day that a member named; the steps say if its notice is too short or the House may not sit on it."""
    steps = [f"The question must be answered on the day that the member named, {say_day(named)}."]
    if given.tabled:
        earliest = _weekdays_after(given.tabled, _NOTICE_WEEKDAYS)
        steps.append(
            f"It was tabled on {say_day(given.tabled)}; with 3 days' notice, leaving out Saturdays and Sundays, the "
            f"earliest day that can be named is {say_day(earliest)}."
        )
        if named < earliest:
            steps.append("The day named is earlier than that, so check it with your parliamentary branch.")
    if named.weekday() > 4 or (given.sitting and named not in given.sitting):
        steps.append("The House is not known to sit on that day, so check it with your parliamentary branch.")
    return Counted(named, tuple(steps))


def _weekdays_after(start: date, count: int) -> date:
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _stop(start: date, given: LimitInputs) -> tuple[date, date] | None:
    """Return the first and last day on which the clock was stopped; None if it was not."""
    if given.stopped is None or given.resumed is None:
        return None
    if not start <= given.stopped <= given.resumed:
        raise CommissionError(
            f"the clock cannot stop on {say(given.stopped)} and go on on {say(given.resumed)} when it starts on "
            f"{say(start)}; give the days in their order"
        )
    return given.stopped, given.resumed


def _fees_notice(start: date, given: LimitInputs) -> tuple[date, date]:
    stop = _stop(start, given)
    if stop is None:
        raise CommissionError(
            "working days between a fees notice and its fee are not counted; give the day of the notice (stopped) and "
            "the day the fee came (resumed)"
        )
    return stop


def _not_stopped(start: date, count: int, kept: tuple[Division, ...], stop: tuple[date, date] | None) -> date:
    if stop is None:
        return working_days_after(start, count, kept)
    day = start
    while count:
        day = working_days_after(day, 1, kept)
        count -= not stop[0] <= day <= stop[1]
    return day


def _stopped_step(stop: tuple[date, date] | None) -> Iterator[str]:
    if stop:
        yield (
            f"The working days from {say_day(stop[0])}, when the fees notice was given, to {say_day(stop[1])}, when "
            "the fee came, are not counted."
        )


def _left_out(start: date, end: date, kept: tuple[Division, ...]) -> Iterator[str]:
    if found := holidays(start, end, kept):
        yield f"{joined([str(holiday) for holiday in found])} {'is' if len(found) == 1 else 'are'} not counted."


def _elsewhere(rule: Rule, given: LimitInputs, due: date, count: Callable[[Division], date]) -> Iterator[str]:
    """Yield the date in each other nation where it differs, if the question named no nation."""
    if rule.anywhere or rule.westminster or given.division:
        return
    for nation in EVERYWHERE:
        if nation != given.home and (other := count(nation)) != due:
            yield f"With the bank holidays of {NATIONS[nation]} it would be {say_day(other)}."


def _where(kept: tuple[Division, ...]) -> str:
    return "any part of the UK" if len(kept) > 1 else NATIONS[kept[0]]


def _event(rule: Rule) -> str:
    return rule.starts if rule.starts.startswith("the last") else f"when {rule.starts}"
