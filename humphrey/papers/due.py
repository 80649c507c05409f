"""The due date of a paper, computed from its facts by the rule of its kind, with the working.

A rule that no calendar gives shows its sentence, and takes the day that the department has set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from humphrey.calculations.counting import LimitInputs
from humphrey.calculations.rules import RULES, UNCOMPUTABLE, UncomputableLimit
from humphrey.calculations.time_limits import time_limit
from humphrey.calculations.workings import STANDARD, Office, Working, of_limit
from humphrey.papers.kind import DueRule, Paper
from humphrey.text.dates import parse_date, say


@dataclass(frozen=True)
class Due:
    """The last day of a paper, an earlier day that is never late (None if there is none), and the working."""

    day: date
    safe: date | None
    working: Working


def due_of(paper: Paper, facts: Mapping[str, str], office: Office = STANDARD) -> Due | None:
    """Return when a paper is due; None without a time limit, or while its days are missing.

    Args:
        paper: its kind.
        facts: its accepted facts.
        office: the calendar of the department.

    Raises:
        CommissionError: a further fact that the rule needs is missing, or the days are outside the known calendar.
    """
    rule = paper.due
    if rule is None:
        return None
    if told := facts.get(rule.day, "").strip():
        return _as_set(rule, parse_date(told))
    if not (start := facts.get(rule.counted_from, "").strip()) or _uncounted(rule, office):
        return None
    if rule.rule in UNCOMPUTABLE:
        return _as_set(rule, parse_date(start))
    given = _inputs(rule, facts, office)
    limit = time_limit(rule.rule, parse_date(start), given)
    return Due(limit.due, limit.safe, of_limit(limit, given))


def _inputs(rule: DueRule, facts: Mapping[str, str], office: Office) -> LimitInputs:
    count = facts.get(rule.working_days, "")
    return LimitInputs(
        extended=facts.get(rule.extended, "") == "yes",
        working_days=int(float(count)) if count else None,
        home=office.division,
        stopped=_day(facts.get(rule.stopped, "")),
        resumed=_day(facts.get(rule.resumed, "")),
        tabled=_day(facts.get(rule.tabled, "")),
        sitting=office.sitting,
    )


def _day(value: str) -> date | None:
    return parse_date(value) if value.strip() else None


def _uncounted(rule: DueRule, office: Office) -> bool:
    """Return whether a rule counts sitting days and the department has set none."""
    return rule.rule in RULES and RULES[rule.rule].sitting_days > 0 and not office.sitting


def _as_set(rule: DueRule, day: date) -> Due:
    what, source = (known := UNCOMPUTABLE.get(rule.rule) or RULES[rule.rule]).what, known.source
    reason = f" No calendar gives it: {known.reason}." if isinstance(known, UncomputableLimit) else ""
    explanation = f"The {what} is due by {say(day)}, the day that was given.{reason} Source: {source}."
    inputs = {"rule": rule.rule, "start": day.isoformat(), "limit": what}
    return Due(day, None, Working("day_set", inputs, day.isoformat(), explanation))
