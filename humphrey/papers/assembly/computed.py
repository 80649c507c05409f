"""What is worked out from the facts of a paper beside its due date: costs, totals and scores, each with its working.

A kind names what it needs in `computed`; each entry of `COMPUTED` gives values for places of the same names.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from humphrey.calculations.calendar import holidays
from humphrey.calculations.counting import divisions_of
from humphrey.calculations.thresholds import threshold
from humphrey.calculations.workings import Working, of_threshold
from humphrey.errors import CommissionError
from humphrey.papers.facts import rows_of
from humphrey.text.dates import joined, say


@dataclass(frozen=True)
class Computed:
    """Values for places of a text, and the working that shows them; empty while a fact for them is missing."""

    values: Mapping[str, str]
    workings: tuple[Working, ...] = ()


@dataclass(frozen=True)
class Computation:
    """One thing that is worked out: the names of its places, the fields that it needs, and the function."""

    places: tuple[str, ...]
    needs: tuple[str, ...]
    compute: Callable[[Mapping[str, str], date], Computed]


def amount(value: str) -> Decimal:
    """Return an accepted number; 0 for an empty one."""
    return Decimal(value or "0")


def say_number(value: Decimal) -> str:
    """Return a number as a text says it: thousands with commas, no needless zeros."""
    plain = f"{value.normalize():,f}" if value else "0"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def say_money(value: Decimal) -> str:
    """Return an amount in pounds as a text says it: £1,250 or £1,250.50."""
    return f"£{value:,.2f}".removesuffix(".00")


def computed_for(names: Sequence[str], facts: Mapping[str, str], on: date) -> Computed:
    """Return everything that a paper works out from its facts, with the rates and limits of a day."""
    found = [COMPUTED[name].compute(facts, on) for name in names]
    values = {place: value for each in found for place, value in each.values.items()}
    return Computed(values, tuple(working for each in found for working in each.workings))


def _foi_cost(facts: Mapping[str, str], on: date) -> Computed:
    """Work out the cost of a request from the hours of its tasks (Freedom of Information Act 2000, section 12)."""
    hours = [amount(row.get("hours", "")) for row in rows_of("tasks", facts)]
    if not hours:
        return Computed({})
    limit, rate = threshold("foi_limit_central", on).value, threshold("foi_hourly_rate", on).value
    total = sum(hours, Decimal(0))
    values = {
        "cost_hours": say_number(total),
        "cost": say_money(total * rate),
        "cost_limit": say_money(limit),
        "cost_limit_hours": say_number(limit / rate),
    }
    steps = (
        f"{values['cost_hours']} hours of work at {say_money(rate)} an hour cost {values['cost']}. The limit for "
        f"central government is {values['cost_limit']}, or {values['cost_limit_hours']} hours. The estimate is "
        f"{'over' if total * rate > limit else 'not over'} the limit."
    )
    of_limit = of_threshold(threshold("foi_limit_central", on), on)
    return Computed(values, (Working("foi_cost", {"hours": str(total)}, values["cost"], steps), of_limit))


def _pq_threshold(facts: Mapping[str, str], on: date) -> Computed:
    """Give the threshold of disproportionate cost, where an estimate was given."""
    if not facts.get("cost_estimate"):
        return Computed({})
    found = threshold("pq_cost", on)
    return Computed({"pq_threshold": say_money(found.value)}, (of_threshold(found, on),))


def _spend_total(facts: Mapping[str, str], _on: date) -> Computed:
    """Add up the spend of the years."""
    amounts = [amount(row.get("amount", "")) for row in rows_of("spend", facts)]
    return _total("spend_total", amounts) if amounts else Computed({})


def _travel_total(facts: Mapping[str, str], on: date) -> Computed:
    """Add up the costs of a journey and its mileage, at the rate given or the approved one of HMRC."""
    costs = [amount(row.get("amount", "")) for row in rows_of("costs", facts)]
    miles, values, workings = amount(facts.get("miles", "")), dict[str, str](), list[Working]()
    if miles:
        vehicle = facts.get("vehicle", "") or "car"
        approved = threshold(f"mileage_{vehicle}", on)
        # The thresholds of mileage are in pence.
        rate = amount(facts.get("rate", "")) or (
            approved.value / 100 if approved.unit.startswith("p") else approved.value
        )
        costs.append(miles * rate)
        values = {"mileage_rate": say_money(rate), "mileage_total": say_money(miles * rate)}
        workings.append(of_threshold(approved, on))
    total = _total("claim_total", costs)
    return Computed({**values, **total.values}, (*total.workings, *workings))


def _total(name: str, amounts: Sequence[Decimal]) -> Computed:
    said = say_money(sum(amounts, Decimal(0)))
    steps = f"{' + '.join(map(say_money, amounts))} = {said}."
    return Computed({name: said}, (Working("total", {"amounts": str(len(amounts))}, said, steps),))


def _notice_duty(facts: Mapping[str, str], on: date) -> Computed:
    """Say whether a purchase has the value from which notices are published (Procurement Act 2023, part 6)."""
    if not (value := amount(facts.get("value", ""))):
        return Computed({})
    found = threshold("notices_central" if facts.get("authority") == "central" else "notices_other", on)
    reached = value >= found.value
    said = (
        f"This is {'at or above' if reached else 'below'} {say_money(found.value)}, from which notices are published."
    )
    return Computed({"notice_duty": said}, (of_threshold(found, on),))


# Words spoken in a minute: the usual pace of a prepared speech.
_SLOW, _FAST = 120, 130


def _speech_words(facts: Mapping[str, str], _on: date) -> Computed:
    """Give the number of words that fit the length of a speech."""
    minutes = amount(facts.get("minutes", ""))
    if not minutes:
        return Computed({})
    return Computed({"speech_words": f"{say_number(minutes * _SLOW)} to {say_number(minutes * _FAST)}"})


def _risk_scores(facts: Mapping[str, str], _on: date) -> Computed:
    """Multiply likelihood by impact, before and after the controls."""
    values = {}
    for name, likelihood, impact in (
        ("inherent_score", "likelihood", "impact"),
        ("residual_score", "residual_likelihood", "residual_impact"),
    ):
        if facts.get(likelihood) and facts.get(impact):
            values[name] = str(int(facts[likelihood]) * int(facts[impact]))
    return Computed(values)


def _leave_days(facts: Mapping[str, str], _on: date) -> Computed:
    """Count the working days of a leave: the days of the working pattern, without the bank holidays of the nation."""
    first, last, nation = (facts.get(name, "") for name in ("first_day", "last_day", "nation"))
    if not (first and last and nation):
        return Computed({})
    begins, ends = date.fromisoformat(first), date.fromisoformat(last)
    if ends < begins:
        raise CommissionError(f"the last day, {say(ends)}, is before the first, {say(begins)}; correct one of them")
    pattern, kept = _pattern(facts.get("pattern", "")), divisions_of(nation)
    off = {each.day: each for each in holidays(begins - timedelta(days=1), ends, kept)}
    days = [begins + timedelta(days=n) for n in range((ends - begins).days + 1)]
    working = [day for day in days if day.weekday() in pattern and day not in off]
    spared = [str(each) for day, each in off.items() if day.weekday() in pattern]
    left = amount(facts.get("balance", "")) - len(working)
    told = f"Not counted: {joined(spared)}." if spared else "No bank holiday falls on one of them."
    values = {"leave_days": str(len(working)), "leave_holidays": told, "leave_left": say_number(left)}
    steps = f"From {say(begins)} to {say(ends)} there are {len(working)} of the working days of the pattern. {told}"
    return Computed(values, (Working("leave_days", {"nation": nation}, str(len(working)), steps),))


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _pattern(words: str) -> set[int]:
    """Return the days of the week that a working pattern names: "Monday to Thursday", "Mon, Wed and Fri"."""
    found = [
        n for word in re.findall(r"[a-z]{3,}", words.casefold()) for n, day in enumerate(_DAYS) if day.startswith(word)
    ]
    if not found:
        raise CommissionError(f"{words[:60]!r} names no days of the week; write for example Monday to Thursday")
    if re.search(r"\bto\b|[-\u2013]", words) and len(found) == 2 and found[0] < found[1]:
        return set(range(found[0], found[1] + 1))
    return set(found)


COMPUTED: Mapping[str, Computation] = {
    "foi_cost": Computation(("cost_hours", "cost", "cost_limit", "cost_limit_hours"), ("tasks",), _foi_cost),
    "leave_days": Computation(("leave_days", "leave_holidays", "leave_left"), ("first_day", "last_day"), _leave_days),
    "notice_duty": Computation(("notice_duty",), ("value",), _notice_duty),
    "pq_threshold": Computation(("pq_threshold",), ("cost_estimate",), _pq_threshold),
    "risk_scores": Computation(("inherent_score", "residual_score"), ("likelihood", "impact"), _risk_scores),
    "speech_words": Computation(("speech_words",), ("minutes",), _speech_words),
    "spend_total": Computation(("spend_total",), ("spend",), _spend_total),
    "travel_total": Computation(("claim_total", "mileage_rate", "mileage_total"), ("costs",), _travel_total),
}
"""Everything that a kind can have worked out, by name."""
