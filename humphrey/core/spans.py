"""How days, months and hours are counted for a time limit: one function for each way, giving the day and the steps.

The day something arrives is day 0, whatever day of the week it is.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from humphrey.core.calendar import (
    EVERYWHERE,
    HOME,
    NATIONS,
    Division,
    holidays,
    joined,
    last_working_day,
    months_after,
    next_working_day,
    say,
    say_day,
    working_days_after,
)
from humphrey.core.limits import Rule
from humphrey.errors import CommissionError

_LONDON = ZoneInfo("Europe/London")
_NOTICE_WEEKDAYS = 3
_PUT_DOWN_FOR = 2


@dataclass(frozen=True)
class Given:
    """What is known beside the day that starts the clock.

    Attributes:
        extended: the longer limit that a rule allows in named circumstances.
        working_days: another number of working days, for rules counted in them.
        division: whose bank holidays the question says count; the limit says where those of others would change it
            when the question does not.
        home: whose bank holidays count where the question does not say.
        stopped: the day the clock was stopped, by a fees notice or a question back.
        resumed: the day it went on, when the fee or the clarification came.
        at: the hour of the event, for limits counted in hours.
        tabled: the day a named day question was tabled.
        sitting: the days on which the House of Commons sits, as the department knows them.
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


NOTHING_MORE = Given()
"""Only the day is known."""


@dataclass(frozen=True)
class Counted:
    """The last day, the steps to it, and the earlier day and the hour where there are such."""

    due: date
    steps: tuple[str, ...]
    safe: date | None = None
    at: time | None = None


def divisions_of(name: str) -> tuple[Division, ...]:
    """A division by its name, or all of them for "anywhere".

    Raises:
        CommissionError: there is no such division.
    """
    if name == "anywhere":
        return EVERYWHERE
    if name not in EVERYWHERE:
        raise CommissionError(f"no division {name[:40]!r}; bank holidays are known for {', '.join(EVERYWHERE)}")
    return (name,)


def _divisions(rule: Rule, given: Given) -> tuple[Division, ...]:
    if rule.anywhere:
        return EVERYWHERE
    return (HOME,) if rule.westminster else divisions_of(given.division or given.home)


def in_working_days(rule: Rule, start: date, given: Given) -> Counted:
    """Working days after a day, and where another reading of the law, or another nation, would end them."""
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


def before(rule: Rule, event: date, given: Given) -> Counted:
    """Working days counted back from an event.

    Raises:
        CommissionError: how many was not said.
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


def in_months(rule: Rule, start: date, given: Given) -> Counted:
    """The corresponding date some months later, moved off weekends and bank holidays."""
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


def _rolled(rule: Rule, same: date, steps: tuple[str, ...], given: Given, stop: tuple[date, date] | None) -> Counted:
    """A corresponding date moved by the days the clock stood still, and off days that are no working days."""
    kept = _divisions(rule, given)
    if stop:
        still = (stop[1] - stop[0]).days
        same += timedelta(days=still)
        steps += (
            f"The clock stood still from {say_day(stop[0])} to {say_day(stop[1])}, which moves the date by {still} "
            f"days to {say_day(same)}.",
        )
    due = next_working_day(same, kept)
    # The Act counts a month "beginning with" the day, which ends a day earlier than the regulator's way of counting.
    safe = last_working_day(same - timedelta(days=1), kept)
    if due != same:
        steps += (f"That is not a working day in {_where(kept)}, so the limit moves to {say_day(due)}.",)
    aim = f"Aim for {say_day(safe)}, the last working day before the month would end on the strictest count."
    elsewhere = _elsewhere(rule, given, due, lambda nation: next_working_day(same, (nation,)))
    return Counted(due, (*steps, *elsewhere, aim), safe)


def in_days(rule: Rule, start: date, given: Given) -> Counted:
    """Days of any kind."""
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


def hours(rule: Rule, start: date, given: Given) -> Counted:
    """Hours, to the minute where the first one is known."""
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
    # Hours run on while the clocks change, so they are counted in universal time.
    aware = datetime.combine(start, given.at, _LONDON).astimezone(ZoneInfo("UTC"))
    ends = (aware + days).astimezone(_LONDON)
    steps = (
        f"{began} at {given.at:%H:%M}, when {rule.starts}.",
        f"{rule.hours} hours later is {ends:%H:%M} on {say_day(ends.date())}.",
    )
    return Counted(ends.date(), steps, None, ends.time())


def in_sitting_days(rule: Rule, start: date, given: Given) -> Counted:
    """Days on which the House sits.

    Raises:
        CommissionError: too few of them are known.
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


def named_day(_rule: Rule, named: date, given: Given) -> Counted:
    """The day that a member named, and whether it may be named."""
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


def _stop(start: date, given: Given) -> tuple[date, date] | None:
    """The first and the last day on which the clock stood still; None where it did not."""
    if given.stopped is None or given.resumed is None:
        return None
    if not start <= given.stopped <= given.resumed:
        raise CommissionError(
            f"the clock cannot stop on {say(given.stopped)} and go on on {say(given.resumed)} when it starts on "
            f"{say(start)}; give the days in their order"
        )
    return given.stopped, given.resumed


def _fees_notice(start: date, given: Given) -> tuple[date, date]:
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


def _elsewhere(rule: Rule, given: Given, due: date, count: Callable[[Division], date]) -> Iterator[str]:
    """Where the nation was not said and would change the date: the date in the others."""
    if rule.anywhere or rule.westminster or given.division:
        return
    for nation in EVERYWHERE:
        if nation != given.home and (other := count(nation)) != due:
            yield f"With the bank holidays of {NATIONS[nation]} it would be {say_day(other)}."


def _where(kept: tuple[Division, ...]) -> str:
    return "any part of the UK" if len(kept) > 1 else NATIONS[kept[0]]


def _event(rule: Rule) -> str:
    return rule.starts if rule.starts.startswith("the last") else f"when {rule.starts}"
