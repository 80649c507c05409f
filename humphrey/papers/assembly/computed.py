"""What is worked out from the facts of a paper beside its due date: costs, totals and scores, each with its working.

A kind names what it needs in `computed`; each entry of `COMPUTED` gives values for places of the same names.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from humphrey.calculations.workings import Working
from humphrey.papers.facts import rows_of

# Freedom of Information and Data Protection (Appropriate Limit and Fees) Regulations 2004, regulations 3 and 4: £600
# for central government, at £25 an hour of work, which makes 24 hours.
_FOI_LIMIT, _FOI_RATE = Decimal(600), Decimal(25)


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
    compute: Callable[[Mapping[str, str]], Computed]


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


def computed_for(names: tuple[str, ...], facts: Mapping[str, str]) -> Computed:
    """Return everything that a paper works out from its facts."""
    found = [COMPUTED[name].compute(facts) for name in names]
    values = {place: value for each in found for place, value in each.values.items()}
    return Computed(values, tuple(working for each in found for working in each.workings))


def _foi_cost(facts: Mapping[str, str]) -> Computed:
    """Work out the cost of a request from the hours of each task (section 12)."""
    hours = [amount(row.get("hours", "")) for row in rows_of("tasks", facts)]
    if not hours:
        return Computed({})
    total = sum(hours, Decimal(0))
    cost = total * _FOI_RATE
    over = cost > _FOI_LIMIT
    steps = (
        f"{say_number(total)} hours of work at {say_money(_FOI_RATE)} an hour cost {say_money(cost)}. "
        f"The limit for central government is {say_money(_FOI_LIMIT)}, or {say_number(_FOI_LIMIT / _FOI_RATE)} hours. "
        f"The estimate is {'over' if over else 'not over'} the limit. "
        "Source: Freedom of Information and Data Protection (Appropriate Limit and Fees) Regulations 2004."
    )
    working = Working("foi_cost", {"hours": str(total)}, str(cost), steps)
    values = {
        "cost_hours": say_number(total),
        "cost": say_money(cost),
        "cost_limit": say_money(_FOI_LIMIT),
        "cost_limit_hours": say_number(_FOI_LIMIT / _FOI_RATE),
        "cost_over": "yes" if over else "no",
    }
    return Computed(values, (working,))


COMPUTED: Mapping[str, Computation] = {
    "foi_cost": Computation(
        ("cost_hours", "cost", "cost_limit", "cost_limit_hours", "cost_over"), ("tasks",), _foi_cost
    ),
}
"""Everything that a kind can have worked out, by name."""
