"""Figures of a claim, with their units, compared with those of its source.

Figures are numbers, dates, amounts and shares.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from humphrey.checks.agreement.words import Disagreement, ParsedPassage, ParsedSentence
from humphrey.text.figures import figures, implied

_UNITS = {
    form: unit
    for unit, forms in {
        "working day": "working day|working days|business day|business days",
        "day": "day|days|calendar day|calendar days|daily",
        "week": "week|weeks|weekly",
        "fortnight": "fortnight|fortnights|fortnightly",
        "month": "month|months|calendar month|calendar months|monthly",
        "year": "year|years|yearly|annual|annually|annum",
        "hour": "hour|hours|hourly",
        "minute": "minute|minutes",
        "second": "seconds",
        "mile": "mile|miles",
        "kilometre": "kilometre|kilometres|km",
        "metre": "metre|metres",
        "centimetre": "centimetre|centimetres|cm",
        "millimetre": "millimetre|millimetres|mm",
        "foot": "foot|feet",
        "kilogram": "kilogram|kilograms|kg",
        "gram": "gram|grams",
        "tonne": "tonne|tonnes",
        "litre": "litre|litres",
        "millilitre": "millilitre|millilitres|ml",
        "gallon": "gallon|gallons",
        "hectare": "hectare|hectares",
        "acre": "acre|acres",
        "times": "times",
    }.items()
    for form in forms.split("|")
}


_FORMS = "|".join(sorted(_UNITS, key=len, reverse=True))


_UNIT = re.compile(rf"\b(?:{_FORMS})\b", re.IGNORECASE)


# One word may stand between a figure and its unit: "20 full working days".
_AFTER = re.compile(rf"[\s-]{{0,2}}(?:(?:full|more|further|extra|complete|school)\s)?({_FORMS})\b", re.IGNORECASE)


# "A week" and "every week" stand for a figure of 1.
_ONCE = re.compile(rf"\b(?:an?|per|each|every)\s+({_FORMS})\b", re.IGNORECASE)


# In the singular these often count nothing ("the last day"), so they need a quantity before them.
_SINGLE = frozenset({"day", "week", "fortnight", "month", "year", "hour", "minute"})


# A number, or a word such as "one" or "per", directly before the unit.
_QUANTITY = re.compile(r"(?:\d|\b(?:an?|one|per|each|every|calendar))[\s-]+$", re.IGNORECASE)


# A claim may say "two weeks" for "a fortnight".
_SAME_UNITS = {"fortnight": ("week",)}


@dataclass(frozen=True)
class CountedFigure:
    """A figure with the unit that follows it; the unit is empty if there is none."""

    value: str
    unit: str
    start: int
    end: int


def disagreeing(
    claim: ParsedSentence, near: Sequence[ParsedSentence], sources: Sequence[ParsedPassage]
) -> Iterator[Disagreement]:
    """Yield each figure and each unit of the claim that the closest sentences do not have.

    A figure with another unit than in the source is yielded too.
    """
    ours = counted(claim.text)
    there = [each for said in near for each in counted(said.text)] if ours else []
    strange, lost = _unmatched(ours, there)
    for each in ours:
        words = claim.text[each.start : each.end]
        if each in strange and (lost or not _supported(each, near, there, sources)):
            message = f"{words!r} is not in the passages this sentence cites; check the figure"
            yield Disagreement("figure", message, each.start, each.end)
        elif other := _other_unit(each, there):
            message = f"the source has {words} with {other}, not {each.unit}; check the unit"
            yield Disagreement("unit", message, each.start, each.end)
    yield from _strange_units(claim, near, sources)


def _supported(
    each: CountedFigure,
    near: Sequence[ParsedSentence],
    there: Sequence[CountedFigure],
    sources: Sequence[ParsedPassage],
) -> bool:
    """Return whether the source has a figure elsewhere: in a date, as "a" or "every", or in another sentence."""
    if any(each.value in implied(other.value) for other in there):
        return True
    if each.value == "1" and any(_ONCE.search(said.text) for said in near):
        return True
    return any(each.value in _values(one.text) for one in sources)


def _unmatched(
    ours: Sequence[CountedFigure], theirs: Sequence[CountedFigure]
) -> tuple[list[CountedFigure], list[CountedFigure]]:
    """Return the figures of a claim that the source lacks, and the figures of the source that the claim lacks.

    Each figure is matched once, so that one that is used twice needs two in the source.
    """
    left, strange = list(theirs), []
    for each in ours:
        same = next((other for other in left if other.value == each.value), None)
        if same is None and not each.value.isdigit():
            # A day without a year matches the source's full date. A bare number does not match the day of some date.
            same = next((other for other in left if each.value in implied(other.value)), None)
        if same is None:
            strange.append(each)
        else:
            left.remove(same)
    return strange, left


def _strange_units(
    claim: ParsedSentence, near: Sequence[ParsedSentence], sources: Sequence[ParsedPassage]
) -> Iterator[Disagreement]:
    if not _units(claim.text):
        return
    here = Counter(unit for said in near for unit in _units(said.text))
    ours = Counter(_units(claim.text))
    dropped = any(ours[unit] < times for unit, times in here.items())
    alike = {same for unit in here for same in _SAME_UNITS.get(unit, ())}
    everywhere = {unit for each in sources for unit in _units(each.text)}
    for found in filter(_counts, _UNIT.finditer(claim.text)):
        unit = _UNITS[found[0].lower()]
        if unit not in here and unit not in alike and (dropped or unit not in everywhere) and unit != "times":
            message = f"the source does not speak of {found[0]!r} here; check the unit"
            yield Disagreement("unit", message, *found.span())


def _counts(found: re.Match[str]) -> bool:
    """Return whether a unit counts something: "weeks", "a day" and "1 month" do, "the last day" does not."""
    return found[0].lower() not in _SINGLE or bool(_QUANTITY.search(found.string, 0, found.start()))


@lru_cache(maxsize=1024)
def _units(text: str) -> tuple[str, ...]:
    return tuple(_UNITS[found[0].lower()] for found in _UNIT.finditer(text))


def _other_unit(each: CountedFigure, there: Sequence[CountedFigure]) -> str:
    """Return the unit that the source gives this figure; empty if it is the claim's unit or the source names none."""
    units = {other.unit for other in there if each.value in implied(other.value)}
    if not each.unit or not units or each.unit in units or "" in units:
        return ""
    return sorted(units)[0]


@lru_cache(maxsize=1024)
def counted(text: str) -> tuple[CountedFigure, ...]:
    """Return the figures of a text in order, each with its unit."""
    found = []
    for figure in figures(text):
        unit = _AFTER.match(text, figure.end)
        found.append(CountedFigure(figure.value, _UNITS[unit[1].lower()] if unit else "", figure.start, figure.end))
    return tuple(found)


@lru_cache(maxsize=256)
def _values(text: str) -> frozenset[str]:
    return frozenset(value for each in counted(text) for value in implied(each.value)) | frozenset(
        {"1"} if _ONCE.search(text) else ()
    )
