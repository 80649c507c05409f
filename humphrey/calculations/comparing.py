"""Comparison of a quantity with a limit in the same unit, such as 30 hours of work with a limit of 24."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from humphrey.calculations.workings import Working
from humphrey.errors import CommissionError
from humphrey.text.figures import figures

BOUNDS = ("limit", "threshold", "minimum")
"""What a quantity can be compared with."""


# The word after a number is its unit; with one of the first words, two words are.
_UNIT = re.compile(r"\s?-?(?P<unit>(?:(?:working|calendar|business|sitting) )?[a-z]+)\b", re.IGNORECASE)


_NO_UNIT = frozenset("a an and at by for from if in is it of on or that the to was were which will with".split())  # noqa: SIM905


@dataclass(frozen=True)
class Quantity:
    """A figure with its unit: `said` as written, and the characters at which it starts."""

    value: float
    unit: str
    said: str
    start: int


def quantities(text: str) -> Iterator[Quantity]:
    """Yield the quantities of a text in order: money, shares, and numbers with the unit after them."""
    for figure in figures(text):
        number = re.fullmatch(r"(£?)(\d+(?:\.\d+)?)(%?)", figure.value)
        unit = _UNIT.match(text, figure.end)
        if number is None:
            continue
        if sign := number[1] or number[3]:
            yield Quantity(float(number[2]), sign, text[figure.start : figure.end], figure.start)
        elif unit and unit["unit"].lower() not in _NO_UNIT:
            singular = unit["unit"].lower().removesuffix("s")
            yield Quantity(float(number[2]), singular, text[figure.start : unit.end()], figure.start)


def compared(stated: str, limit: str, bound: str) -> Working:
    """Return whether a quantity is over a limit, within it or equal to it.

    Args:
        stated: the quantity, such as "30 hours".
        limit: the quantity that it is compared with, such as "24 hours".
        bound: what the second quantity is, one of `BOUNDS`.

    Raises:
        CommissionError: a text has no quantity, the units differ, or the bound is unknown.
    """
    if bound not in BOUNDS:
        raise CommissionError(f"no bound {bound[:40]!r}; a quantity is compared with a {', a '.join(BOUNDS)}")
    ours, theirs = _quantity(stated), _quantity(limit)
    if ours.unit != theirs.unit:
        raise CommissionError(f"{stated[:40]!r} and {limit[:40]!r} have different units; give both in one unit")
    result, than = _relation(ours.value, theirs.value)
    explanation = f"{result.capitalize()} the {bound}: {ours.said} is {than} the {bound} of {theirs.said}."
    return Working("compare", {"stated": stated, "limit": limit, "bound": bound}, result, explanation)


def _relation(ours: float, theirs: float) -> tuple[str, str]:
    if ours == theirs:
        return "at", "the same as"
    return ("over", "more than") if ours > theirs else ("below", "less than")


def _quantity(text: str) -> Quantity:
    found = next(quantities(text), None)
    if found is None:
        raise CommissionError(f"no quantity in {text[:40]!r}; write a number with its unit, such as 30 hours")
    return found
