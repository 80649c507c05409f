"""A time limit computed, never generated, with the working shown step by step.

What a rule needs and was not told is asked for and never guessed; what no calendar gives is said not to be computed.
"""

from dataclasses import dataclass
from datetime import date, time

from humphrey.core.calendar import require_known, say
from humphrey.core.limits import RULES, UNCOUNTED, Rule
from humphrey.core.spans import (
    NOTHING_MORE,
    Counted,
    Given,
    before,
    divisions_of,
    hours,
    in_days,
    in_months,
    in_sitting_days,
    in_working_days,
    named_day,
)
from humphrey.errors import CommissionError


@dataclass(frozen=True)
class TimeLimit:
    """A limit with its working. `safe` is an earlier day that no reading of the rule finds late, where there is one.

    `at` is the hour on the day `due`, for limits counted in hours.
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
        """The result in a sentence."""
        hour = f" at {self.at:%H:%M}" if self.at else ""
        return f"The {RULES[self.rule].what} is due by {say(self.due)}{hour}."

    @property
    def explanation(self) -> str:
        """The working in sentences."""
        return " ".join(self.steps)


def time_limit(rule: str, start: date, given: Given = NOTHING_MORE) -> TimeLimit:
    """The last day of a time limit.

    Args:
        rule: a key of `RULES`.
        start: day 0, the day of the event that the rule counts from.
        given: what else is known.

    Raises:
        CommissionError: an unknown rule or division, one that cannot be computed or was not told enough, an extension
            the rule has not, or a year without known bank holidays; each with what to do next.
    """
    found = _rule(rule, given)
    require_known(start)
    limit = _counted(found, start, given)
    notes = [note for note in (found.note, found.extension if given.extended else "") if note]
    return TimeLimit(rule, start, limit.due, limit.safe, (*limit.steps, *notes), found.source, limit.at)


def _rule(name: str, given: Given) -> Rule:
    if name in UNCOUNTED:
        open_one = UNCOUNTED[name]
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


def _counted(rule: Rule, start: date, given: Given) -> Counted:
    if rule.since and start < rule.since:
        raise CommissionError(
            f"the rule about the {rule.what} ({rule.source}) applies from {say(rule.since)}, and {say(start)} is "
            "before it; ask your data protection team what applied then"
        )
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
