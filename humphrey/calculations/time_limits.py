"""Computation of time limits, with the working step by step. No model generates a date.

A value that a rule needs and does not have is asked for, never guessed. A limit that no calendar gives is refused with
the reason.
"""

from dataclasses import dataclass
from datetime import date, time

from humphrey.calculations.calendar import require_known
from humphrey.calculations.counting import (
    NO_INPUTS,
    Counted,
    LimitInputs,
    before,
    divisions_of,
    hours,
    in_days,
    in_months,
    in_sitting_days,
    in_working_days,
    named_day,
)
from humphrey.calculations.rules import RULES, UNCOMPUTABLE, Rule
from humphrey.errors import CommissionError
from humphrey.text.dates import say


@dataclass(frozen=True)
class TimeLimit:
    """A time limit with its working.

    Attributes:
        rule: its key in `RULES`.
        start: day 0.
        due: the last day.
        safe: an earlier last day that no reading of the rule makes late; None if there is none.
        steps: the working, a sentence a step.
        source: the law or practice it is from.
        at: the hour on `due`, for limits counted in hours.
    """

    rule: str
    start: date
    due: date
    safe: date | None
    steps: tuple[str, ...]
    source: str
    at: time | None = None

    @property
    def answer(self) -> str:
        """The result in one sentence."""
        hour = f" at {self.at:%H:%M}" if self.at else ""
        return f"The {RULES[self.rule].what} is due by {say(self.due)}{hour}."

    @property
    def explanation(self) -> str:
        """The working as one text."""
        return " ".join(self.steps)


def time_limit(rule: str, start: date, given: LimitInputs = NO_INPUTS) -> TimeLimit:
    """Return a time limit with its last day.

    Args:
        rule: a key of `RULES`.
        start: day 0, the day of the event that the rule counts from.
        given: further facts.

    Raises:
        CommissionError: the rule or division is unknown, the rule cannot be computed, a fact is missing, the rule has
            no extension, or the bank holidays of a year are unknown. The message says what to do next.
    """
    found = _rule(rule, given)
    require_known(start)
    limit = _counted(found, start, given)
    notes = [note for note in (found.note, found.extension if given.extended else "") if note]
    return TimeLimit(rule, start, limit.due, limit.safe, (*limit.steps, *notes), found.source, limit.at)


def _rule(name: str, given: LimitInputs) -> Rule:
    if name in UNCOMPUTABLE:
        open_one = UNCOMPUTABLE[name]
        raise CommissionError(
            f"the {open_one.what} has no date that can be computed: {open_one.reason}; "
            "ask what your department has set, or count a number of days that you know"
        )
    if name not in RULES:
        raise CommissionError(f"no time limit {name[:40]!r}; humphrey computes {', '.join(sorted(RULES))}")
    rule = RULES[name]
    if given.extended and not (rule.extended_working_days or rule.extended_months):
        raise CommissionError(f"the time limit {name} cannot be extended; ask for it without an extension")
    if given.division:
        divisions_of(given.division)
    return rule


def _counted(rule: Rule, start: date, given: LimitInputs) -> Counted:
    if rule.since and start < rule.since:
        raise CommissionError(
            f"the rule about the {rule.what} ({rule.source}) applies from {say(rule.since)}, and {say(start)} is "
            "before it; ask your data protection team what applied then"
        )
    # Working days are the fallback: `event_minus_days` is counted in them and has no number of its own.
    if rule.named:
        return named_day(rule, start, given)
    if rule.sitting_days:
        return in_sitting_days(rule, start, given)
    if rule.hours:
        return hours(rule, start, given)
    if rule.days:
        return in_days(rule, start, given)
    if rule.months:
        return in_months(rule, start, given)
    return before(rule, start, given) if rule.before else in_working_days(rule, start, given)
