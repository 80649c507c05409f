"""Days that have a name: holidays, the first Monday of a month, the 23rd, a day of last week, ordinals in words.

A name without a year is a day of each year; `humphrey.text.dates` decides which year is meant.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from dateutil.easter import easter

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)


_HOLIDAYS: Mapping[str, Callable[[int], date]] = {
    "new year's day": lambda year: date(year, 1, 1),
    "st david's day": lambda year: date(year, 3, 1),
    "st patrick's day": lambda year: date(year, 3, 17),
    "st george's day": lambda year: date(year, 4, 23),
    "st andrew's day": lambda year: date(year, 11, 30),
    "christmas eve": lambda year: date(year, 12, 24),
    "christmas day": lambda year: date(year, 12, 25),
    "boxing day": lambda year: date(year, 12, 26),
    "new year's eve": lambda year: date(year, 12, 31),
    "remembrance sunday": lambda year: date(year, 11, 14) - timedelta(days=(date(year, 11, 14).weekday() + 1) % 7),
    "ash wednesday": lambda year: easter(year) - timedelta(days=46),
    "palm sunday": lambda year: easter(year) - timedelta(days=7),
    "maundy thursday": lambda year: easter(year) - timedelta(days=3),
    "good friday": lambda year: easter(year) - timedelta(days=2),
    "easter sunday": easter,
    "easter monday": lambda year: easter(year) + timedelta(days=1),
}
"""The day of each holiday in a year. A bank holiday that differs between nations is none of them: it is asked about."""


_UNITS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


_ORDINALS = (
    *_UNITS,
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth"),
    *("eighteenth", "nineteenth", "twentieth"),
    *(f"twenty-{unit}" for unit in _UNITS),
    *("thirtieth", "thirty-first"),
)
"""The days of a month in words; the position of a word is its value less one."""


ORDINAL_WORDS = "|".join(word.replace("-", r"[-\s]") for word in sorted(_ORDINALS, key=len, reverse=True))
"""The pattern of the days of a month in words."""


_WHICH: Mapping[str, int] = {
    **{word: n for n, word in enumerate(_ORDINALS[:5], start=1)},
    **{"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "last": -1},
}


_MONTH_NAMES = "|".join(f"{month[:3]}(?:{month[3:]})?" if month[3:] else month for month in MONTHS)


HOLIDAY_NAMES = "|".join(
    name.replace("st ", r"(?:st\.?|saint)\s+").replace("'", "['’]?").replace(" ", r"\s+") for name in _HOLIDAYS
)
"""The pattern of the names of holidays, without a year."""


NTH_WEEKDAY = rf"(?:the\s+)?(?:{'|'.join(_WHICH)})\s+(?:{'|'.join(WEEKDAYS)})\s+(?:in|of)\s+(?:{_MONTH_NAMES})"
"""The pattern of "the first Monday in November", without a year."""


_NTH_WEEKDAY = re.compile(rf"(?:the )?({'|'.join(_WHICH)}) ({'|'.join(WEEKDAYS)}) (?:in|of) ({_MONTH_NAMES})")


_WORDED = re.compile(rf"\b(?:{ORDINAL_WORDS})\b(?=\s+(?:of\s+)?(?:{_MONTH_NAMES})\b)", re.IGNORECASE)


_OF_MONTH = re.compile(
    r"(?:(?P<weekday>mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? )?(?:the )?(\d{1,2})(?:st|nd|rd|th)"
    r"(?: of (this|last|next) month)?"
)


_OF_WEEK = re.compile(
    rf"(?:on )?(?:({'|'.join(WEEKDAYS)}),? (?:of )?(last|next|this) week"
    rf"|(last|next|this) week,? (?:on )?({'|'.join(WEEKDAYS)}))"
)


_LATER = r"(?:later|after(?:wards| that)|earlier|before that)"


FROM_ANOTHER = (
    rf"the\s+following\s+(?:day|{'|'.join(WEEKDAYS)})|the\s+next\s+day|(?:the\s+|that\s+)(?:very\s+)?same\s+day|that\s+day"
    rf"|(?:the\s+day|an?\s+(?:day|week|fortnight)|\w+\s+(?:days|weeks))\s+{_LATER}"
    r"|the\s+day\s+(?:after|before)(?=\s*(?:[,.;:?!)]|$|and\b|but\b))"
)
"""The pattern of a day that is told from the one named before it: "two days later", "the following Monday"."""


_STEP = re.compile(
    rf"(?:the |that )?(?:following |next )?({'|'.join(WEEKDAYS)}|(?:\w+ )?(?:day|week|fortnight)s?)(?: (\w+).*)?"
)


_WAY = re.compile(r"\b(?:after|before)\b")


_MOST_STEPS = 3


_WEEK_LAST = re.compile(rf"(a week|a fortnight) (?:last|past|ago (?:last|on)) ({'|'.join(WEEKDAYS)})")


_WEEK_ON = re.compile(rf"(?:on )?(?:a week on ({'|'.join(WEEKDAYS)})|({'|'.join(WEEKDAYS)}) week)")


def with_numerals(text: str) -> str:
    """Return a text with ordinal words before a month as numerals: "twenty-third November" as "23 November"."""
    return _WORDED.sub(lambda found: str(_ORDINALS.index(re.sub(r"\s+", "-", found[0].lower())) + 1), text)


def named_day(name: str, year: int) -> date | None:
    """Return the day of a holiday, or of "the first Monday in November", in a year; None for any other name."""
    plain = re.sub(r"^(?:saint|st\.) ", "st ", name.lower().replace("’", "'"))
    for holiday, day_in in _HOLIDAYS.items():
        if plain.replace("'", "") == holiday.replace("'", ""):
            return day_in(year)
    if found := _NTH_WEEKDAY.fullmatch(plain):
        return _nth_weekday(_WHICH[found[1]], found[2], _month(found[3]), year)
    return None


def from_another(words: str, other: str) -> str:
    """Return the words of a day that is told from another as words that stand alone: "two days after 2 November"."""
    plain = " ".join(words.lower().split())
    # With too many steps already, the day is refused: further ones would only make its words longer.
    if plain.startswith("that day") or plain.endswith("same day") or has_too_many_steps(other):
        return other
    step = _STEP.fullmatch(plain)
    unit = step[1] if step else plain
    way = "before" if step and step[2] in {"before", "earlier"} else "after"
    named = unit.capitalize() if unit in WEEKDAYS else "one day" if unit == "day" else unit
    return f"{named} {way} {other}"


def has_too_many_steps(words: str) -> bool:
    """Return whether words count from one day to another and so on, more often than anybody names a day by."""
    return len(_WAY.findall(words)) > _MOST_STEPS


def near_day(words: str, today: date, *, ahead: bool) -> date | None:
    """Return the day of "the 23rd", "Tuesday of last week" or "Monday week"; None for other words.

    Args:
        words: in lower case.
        today: the date on which they are read.
        ahead: whether a day of a month without its month is to come; otherwise it is past.
    """
    if found := _OF_MONTH.fullmatch(words):
        day = _of_month(int(found[2]), found[3] or "", today, ahead=ahead)
        return day if day and WEEKDAYS[day.weekday()].startswith(found["weekday"] or "") else None
    if found := _OF_WEEK.fullmatch(words):
        weeks = {"last": -1, "this": 0, "next": 1}[found[2] or found[3]]
        return _monday(today) + timedelta(weeks=weeks, days=WEEKDAYS.index(found[1] or found[4]))
    if found := _WEEK_LAST.fullmatch(words):
        back = (today.weekday() - WEEKDAYS.index(found[2]) - 1) % 7 + 1
        return today - timedelta(days=back + (7 if found[1] == "a week" else 14))
    if found := _WEEK_ON.fullmatch(words):
        wanted = WEEKDAYS.index(found[1] or found[2])
        return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 8)
    return None


def _nth_weekday(nth: int, weekday: str, month: int, year: int) -> date | None:
    first, wanted = date(year, month, 1), WEEKDAYS.index(weekday)
    length = monthrange(year, month)[1]
    days = list(range(1 + (wanted - first.weekday()) % 7, length + 1, 7))
    if nth > len(days):
        return None
    return date(year, month, days[nth - 1 if nth > 0 else nth])


def _of_month(day: int, which: str, today: date, *, ahead: bool) -> date | None:
    months = {"last": -1, "this": 0, "next": 1}.get(which)
    tries = [months] if months is not None else ([0, 1, 2] if ahead else [0, -1, -2])
    for shift in tries:
        year, month = divmod(today.year * 12 + today.month - 1 + shift, 12)
        if day > monthrange(year, month + 1)[1] or day < 1:
            continue
        found = date(year, month + 1, day)
        if which or (found >= today if ahead else found <= today):
            return found
    return None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month(word: str) -> int:
    return next(n for n, month in enumerate(MONTHS, start=1) if month.startswith(word[:3]))
