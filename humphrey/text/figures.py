"""Figures of a text in one notation, so that "twenty" equals "20" and "£1.5 million" equals "£1,500,000"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from humphrey.errors import CommissionError
from humphrey.text.dates import parse_date

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)


_DAY = rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTHS})\b"


_MONTH_FIRST = rf"\b(?:{_MONTHS})\s+\d{{1,2}}(?:st|nd|rd|th)?,\s+\d{{4}}\b"


_DATE = rf"{_DAY}\s+\d{{4}}\b|{_MONTH_FIRST}|\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b\d{{1,2}}/\d{{1,2}}/\d{{4}}\b"


_MONTH = rf"\b(?:{_MONTHS})\s+(?:19|20)\d\d\b"


_AMOUNT = r"£\s?\d[\d,]*(?:\.\d+)?(?:\s?(?:million|billion|thousand|m|bn|k)\b)?|\b\d+(?:\.\d+)?p\b"


_SHARE = r"\b\d[\d,]*(?:\.\d+)?\s?(?:%|per\s?cent\b)"


_NUMBER = r"\b\d[\d,]*(?:\.\d+)?(?:st|nd|rd|th)?\b"


_SMALL = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
)


_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100}


_NAMED = {name: n for n, name in enumerate(_SMALL)} | _TENS


# "One" is mostly no figure ("one of these"); before a unit it is.
_WORD = r"\b(?:" + "|".join(sorted(set(_NAMED) - {"one", "zero"}, key=len, reverse=True)) + r")\b"


_ONE = r"\bone(?=\s+(?:calendar\s+|working\s+)?(?:day|week|month|year|hour|pound|per\s?cent)\b)"


# The first alternative that matches wins, so the longest forms come first: a date is not read as a day and a number.
_FIGURE = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in {
            "date": _DATE,
            "day": _DAY,
            "month": _MONTH,
            "amount": _AMOUNT,
            "share": _SHARE,
            "number": _NUMBER,
            "word": _WORD,
            "one": _ONE,
        }.items()
    ),
    re.IGNORECASE,
)


_SCALE = {"thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9}


@dataclass(frozen=True)
class Figure:
    """A number, date, amount or share: `value` in one notation, and its characters in the text."""

    value: str
    start: int
    end: int


def figures(text: str) -> list[Figure]:
    """Return the figures of a text in order. Numbers of list items and citation markers are none."""
    hidden = re.sub(r"\[\d{1,3}\]|^[^\S\n]*\d{1,2}[.)]\s", lambda found: " " * len(found[0]), text, flags=re.MULTILINE)
    return [Figure(_value(found), found.start(), found.end()) for found in _FIGURE.finditer(hidden)]


# A check asks this of the same passages for one draft after another.
@lru_cache(maxsize=256)
def values(text: str) -> frozenset[str]:
    """Return every figure that a text supports. A full date also supports its day, month and year."""
    return frozenset(value for figure in figures(text) for value in implied(figure.value))


def _value(found: re.Match[str]) -> str:
    text = " ".join(found[0].lower().split())
    match found.lastgroup:
        case "date" | "day":
            return _date(text)
        case "month":
            return _date(f"1 {text}")[:7]
        case "amount":
            return _amount(text)
        case "share":
            return _number(text) + "%"
        case "word" | "one":
            return str(_NAMED[text])
    return _number(text)


def _date(text: str) -> str:
    whole = bool(re.search(r"\d{4}", text))
    if first := re.fullmatch(r"([a-z]+) (\d{1,2})(?:st|nd|rd|th)?, (\d{4})", text):
        text = f"{first[2]} {first[1]} {first[3]}"
    try:
        # 2024 is a leap year, so that 29 February without a year is a day too.
        day = parse_date(text if whole else f"{text} 2024")
    except CommissionError:
        return text
    return day.isoformat() if whole else f"--{day:%m-%d}"


def _amount(text: str) -> str:
    if text.endswith("p"):
        return f"£{float(text[:-1]) / 100:g}"
    scale = next((by for name, by in _SCALE.items() if re.search(rf"\d\s?{name}$", text)), 1.0)
    return f"£{float(_number(text)) * scale:.10g}"


def _number(text: str) -> str:
    digits = re.sub(r"[^\d.]", "", text).rstrip(".")
    return f"{float(digits):.12g}" if digits else text


def implied(value: str) -> Iterator[str]:
    """Yield the figures that a value supports: itself, and for a date its day, month and year."""
    yield value
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        year, month, day = value.split("-")
        yield from (f"--{month}-{day}", f"{year}-{month}", year, str(int(day)))
    elif re.fullmatch(r"\d{4}-\d{2}", value):
        yield value[:4]
    elif value.startswith("--"):
        yield str(int(value[5:]))
