"""Thresholds and rates, each with its first day, source and confidence. The data is in `thresholds.json`.

A figure is never applied to a day for which it is not known; the error then says from which day it is known.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

from humphrey.errors import CommissionError
from humphrey.text.dates import say


@dataclass(frozen=True)
class Threshold:
    """One figure on one day.

    Attributes:
        name: the id by which tools and papers name it.
        what: a description, as part of a sentence.
        value: the figure.
        unit: "£", "£ an hour", "p a mile" or "a day".
        since: the first day for which it is known.
        until: the last day on which it applied; None while it applies.
        source: the law or page that it is from.
        address: where the source can be read; empty if it has no page.
        confidence: how certain the figure is.
        note: further conditions, in sentences.
        as_of: the day the figure was recorded.
        steps: the calculation, if it is computed from another figure.
    """

    name: str
    what: str
    value: Decimal
    unit: str
    since: date
    until: date | None
    source: str
    address: str
    confidence: str
    note: str
    as_of: date
    steps: str = ""

    @property
    def said(self) -> str:
        """Return the figure with its unit: "£135,018", "£25 an hour", "55p a mile"."""
        figure = f"{self.value.normalize():,f}"
        if self.unit.startswith("£"):
            return f"£{figure}{self.unit[1:]}"
        return f"{figure}{self.unit}" if self.unit.startswith("p ") else f"{figure} {self.unit}"


def names() -> tuple[str, ...]:
    """Return the names of all thresholds."""
    return tuple(_held()[1])


def threshold(name: str, on: date) -> Threshold:
    """Return a threshold or rate as it applies on a day.

    Raises:
        CommissionError: there is none with that name, or it is not known for that day.
    """
    as_of, held = _held()
    if name not in held:
        raise CommissionError(f"no threshold {name[:40]!r}; humphrey knows {', '.join(sorted(held))}")
    entry = held[name]
    spans = [(date.fromisoformat(one["since"]), _day(one.get("until")), one) for one in entry["values"]]
    for since, until, one in spans:
        if since <= on and (until is None or on <= until):
            value, steps = _value(entry, one, on)
            about = {key: entry[key] for key in ("what", "unit", "source", "address", "confidence", "note")}
            return Threshold(name, value=value, since=since, until=until, as_of=as_of, steps=steps, **about)
    first = min(since for since, _, _ in spans)
    raise CommissionError(
        f"the {entry['what']} is known to humphrey from {say(first)} only, not for {say(on)}; look it up in "
        f"{entry['source']}"
    )


def _value(entry: Mapping[str, Any], one: Mapping[str, str], on: date) -> tuple[Decimal, str]:
    # A threshold may be a percentage of another one, so that both always agree.
    share = entry.get("percent_of")
    if share is None:
        return Decimal(one["value"]), ""
    base = threshold(share["name"], on)
    value = base.value * share["percent"] / 100
    return value, f"It is {share['percent']}% of the {base.what}, which is {base.said}."


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@lru_cache(maxsize=1)
def _held() -> tuple[date, dict[str, dict[str, Any]]]:
    held = json.loads(files("humphrey.calculations").joinpath("data", "thresholds.json").read_text(encoding="utf-8"))
    return date.fromisoformat(held["facts_as_of"]), {entry["name"]: entry for entry in held["thresholds"]}
