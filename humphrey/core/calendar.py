"""Time limits, computed and never generated: working days, bank holidays, and the working shown step by step.

The day something arrives is day 0, whatever day of the week it is. A date outside the years whose bank holidays are
known is refused, because a limit counted over unknown holidays would only look right.
"""

import json
import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Literal, get_args

from humphrey.errors import CommissionError

Division = Literal["england-and-wales", "scotland", "northern-ireland"]
"""A part of the United Kingdom with bank holidays of its own."""

_NAMES: dict[str, str] = {
    "england-and-wales": "England and Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
}
_ALL: tuple[Division, ...] = get_args(Division)
_HOME: Division = "england-and-wales"
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_WORDS = re.compile(r"(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)? ([a-z]+),? (\d{4})", re.IGNORECASE)


@dataclass(frozen=True)
class Rule:
    """How one time limit is counted. `anywhere`: a bank holiday in any part of the UK stops the clock."""

    what: str
    starts: str
    source: str
    working_days: int = 0
    extended_working_days: int = 0
    months: int = 0
    extended_months: int = 0
    days: int = 0
    anywhere: bool = False


RULES: Mapping[str, Rule] = {
    "foi_20wd": Rule(
        "reply to a freedom of information request",
        "the request arrived",
        "Freedom of Information Act 2000, section 10(1) and (6)",
        working_days=20,
        extended_working_days=40,
        anywhere=True,
    ),
    "foi_clarification": Rule(
        "reply to a freedom of information request that was clarified",
        "the clarification arrived",
        "Freedom of Information Act 2000, sections 1(3) and 10(6)",
        working_days=20,
        anywhere=True,
    ),
    "foi_internal_review": Rule(
        "answer to a request for an internal review",
        "the request for a review arrived",
        "Code of practice under section 45 of the Freedom of Information Act 2000, part 5",
        working_days=20,
        extended_working_days=40,
        anywhere=True,
    ),
    "eir_20wd": Rule(
        "reply to a request for environmental information",
        "the request arrived",
        "Environmental Information Regulations 2004, regulations 5(2) and 7",
        working_days=20,
        extended_working_days=40,
        anywhere=True,
    ),
    "pq_lords_written": Rule(
        "answer to a written question of the House of Lords",
        "the question was tabled",
        "Practice of the House of Lords for questions for written answer",
        working_days=10,
    ),
    "correspondence_20wd": Rule(
        "reply to a letter from a member of either House or the public",
        "the letter arrived",
        "The civil service's target for correspondence",
        working_days=20,
    ),
    "sar_one_month": Rule(
        "reply to a subject access request",
        "the request, or what was needed to answer it, arrived",
        "UK GDPR, article 12A",
        months=1,
        extended_months=3,
    ),
    "gov_response_12w": Rule(
        "government response to a consultation",
        "the consultation closed",
        "Consultation principles",
        days=84,
    ),
}
"""Every time limit that can be computed, by the id that papers and tools name it with."""


@dataclass(frozen=True)
class TimeLimit:
    """A limit with its working. `safe` is an earlier day that no reading of the rule finds late, where there is one."""

    rule: str
    start: date
    due: date
    safe: date | None
    steps: tuple[str, ...]
    source: str

    @property
    def explanation(self) -> str:
        """The working in sentences."""
        return " ".join(self.steps)


@dataclass(frozen=True)
class Holiday:
    """A bank holiday and the divisions that keep it."""

    day: date
    title: str
    divisions: tuple[str, ...]

    def __str__(self) -> str:
        where = (
            "all of the UK" if len(self.divisions) == len(_ALL) else _joined([_NAMES[name] for name in self.divisions])
        )
        return f"{say_day(self.day)} ({self.title}, {where})"


def time_limit(
    rule: str,
    start: date,
    *,
    working_days: int | None = None,
    division: str | None = None,
    extended: bool = False,
) -> TimeLimit:
    """The last day of a time limit.

    Args:
        rule: a key of `RULES`.
        start: day 0, the day the clock is started by.
        working_days: another number of working days, for rules counted in them.
        division: whose bank holidays count, for rules that follow one division; England and Wales when not given.
        extended: the longer limit that the rule allows in named circumstances.

    Raises:
        CommissionError: an unknown rule or division, an extension the rule has not, or a year without known holidays.
    """
    found = _rule(rule, extended)
    kept = _divisions(found, division)
    _require_known(start)
    if found.days:
        return _after_days(rule, found, start)
    if found.months:
        return _after_months(rule, found, start, kept, found.extended_months if extended else found.months)
    count = working_days or (found.extended_working_days if extended else found.working_days)
    return _after_working_days(rule, found, start, kept, count)


def parse_date(text: str) -> date:
    """The day that words name: "23 November 2026", "Monday 23rd November 2026", "23/11/2026" or "2026-11-23".

    Raises:
        CommissionError: the words name no day.
    """
    words = " ".join(text.split())
    try:
        if iso := _ISO.fullmatch(words):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if slashed := _SLASHED.fullmatch(words):
            return date(int(slashed[3]), int(slashed[2]), int(slashed[1]))
        if named := _WORDS.fullmatch(words):
            return date(int(named[3]), _month(named[2]), int(named[1]))
    except ValueError:
        pass
    raise CommissionError(f"{text[:60]!r} is not a date; write it like 23 November 2026 or 2026-11-23")


def say(day: date) -> str:
    """A day as official letters write it: "22 December 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def say_day(day: date) -> str:
    """A day with its weekday: "Tuesday 22 December 2026"."""
    return f"{_DAYS[day.weekday()]} {say(day)}"


def is_working_day(day: date, divisions: tuple[Division, ...] = _ALL) -> bool:
    """Whether a day is neither a weekend nor a bank holiday in any of the divisions.

    Raises:
        CommissionError: the bank holidays of that year are not known.
    """
    return day.weekday() < 5 and _holiday(day, divisions) is None


def _rule(name: str, extended: bool) -> Rule:
    if name not in RULES:
        raise CommissionError(f"no time limit {name!r}; humphrey computes {', '.join(sorted(RULES))}")
    rule = RULES[name]
    if extended and not (rule.extended_working_days or rule.extended_months):
        raise CommissionError(f"the time limit {name} cannot be extended; ask for it without an extension")
    return rule


def _divisions(rule: Rule, division: str | None) -> tuple[Division, ...]:
    if division is not None and division not in _ALL:
        raise CommissionError(f"no division {division!r}; bank holidays are known for {', '.join(_ALL)}")
    if rule.anywhere:
        return _ALL
    return tuple(name for name in _ALL if name == (division or _HOME))


def _after_working_days(name: str, rule: Rule, start: date, kept: tuple[Division, ...], count: int) -> TimeLimit:
    due = _count(start, count, kept)
    safe = _count(start, count, (_HOME,)) if rule.anywhere else None
    where = "any part of the UK" if rule.anywhere else _NAMES[kept[0]]
    steps = [
        f"Day 0 is {say_day(start)}, when {rule.starts}.",
        f"{count} working days are counted after it, leaving out Saturdays, Sundays and bank holidays in {where}.",
        *_left_out(start, due, kept),
        f"The last of the {count} working days is {say_day(due)}.",
    ]
    if safe and safe != due:
        steps.append(
            f"With the bank holidays of England and Wales alone it would be {say_day(safe)}: the safe date to work to."
        )
    return TimeLimit(name, start, due, safe, tuple(steps), rule.source)


def _after_months(name: str, rule: Rule, start: date, kept: tuple[Division, ...], months: int) -> TimeLimit:
    same = _months_later(start, months)
    due = same
    while not is_working_day(due, kept):
        due += timedelta(days=1)
    # The Act counts a month "beginning with" the day, which ends a day earlier than the regulator's way of counting.
    safe = same - timedelta(days=1)
    while not is_working_day(safe, kept):
        safe -= timedelta(days=1)
    span = "one month" if months == 1 else f"{months} months"
    steps = [
        f"The clock starts on {say_day(start)}, when {rule.starts}.",
        f"The corresponding date {span} later is {say_day(same)}"
        + ("." if same.day == start.day else f", the last day of that month, which has no {start.day}."),
    ]
    if due != same:
        steps.append(f"That is not a working day in {_NAMES[kept[0]]}, so the limit moves to {say_day(due)}.")
    steps.append(f"Aim for {say_day(safe)}, the last working day before the month would end on the strictest count.")
    return TimeLimit(name, start, due, safe, tuple(steps), rule.source)


def _after_days(name: str, rule: Rule, start: date) -> TimeLimit:
    due = start + timedelta(days=rule.days)
    steps = (
        f"The clock starts on {say_day(start)}, when {rule.starts}.",
        f"{rule.days // 7} weeks ({rule.days} days) later is {say_day(due)}.",
    )
    return TimeLimit(name, start, due, None, steps, rule.source)


def _count(start: date, count: int, divisions: tuple[Division, ...]) -> date:
    day = start
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day, divisions)
    return day


def _left_out(start: date, due: date, divisions: tuple[Division, ...]) -> list[str]:
    days = (start + timedelta(days=n) for n in range(1, (due - start).days + 1))
    found = [holiday for day in days if day.weekday() < 5 and (holiday := _holiday(day, divisions))]
    if not found:
        return []
    return [f"{_joined([str(holiday) for holiday in found])} {'is' if len(found) == 1 else 'are'} not counted."]


def _holiday(day: date, divisions: tuple[Division, ...]) -> Holiday | None:
    _require_known(day)
    known = _holidays()
    keeping = [name for name in divisions if day in known[name]]
    return Holiday(day, known[keeping[0]][day], tuple(keeping)) if keeping else None


def _require_known(day: date) -> None:
    first, last = _years()
    if not first <= day.year <= last:
        raise CommissionError(
            f"the bank holidays of {day.year} are not known to humphrey, only those of {first} to {last}; "
            "count this limit by hand"
        )


@lru_cache(maxsize=1)
def _holidays() -> dict[str, dict[date, str]]:
    held = json.loads(files("humphrey.core").joinpath("bank_holidays.json").read_text(encoding="utf-8"))
    return {
        division: {date.fromisoformat(day): title for day, title in days.items()}
        for division, days in held["divisions"].items()
    }


@lru_cache(maxsize=1)
def _years() -> tuple[int, int]:
    years = [day.year for days in _holidays().values() for day in days]
    return min(years), max(years)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _month(word: str) -> int:
    for number, name in enumerate(_MONTHS, 1):
        if len(word) >= 3 and name.lower().startswith(word.lower()):
            return number
    raise ValueError(word)


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
