"""Rules that make a sentence wrong in one way, as a careless or inventive model does.

The rules here share no list with the checks that they test. Each takes a sentence and gives one wrong version, or None
if there is nothing of its kind to change.
"""

import calendar
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

MONTHS = tuple(calendar.month_name[1:])


_MONTH = "|".join(MONTHS)


_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


_AMOUNT = re.compile(r"£\d[\d,]*(?:\.\d+)?|\b\d[\d,]*(?:\.\d+)?(?=%| per cent)")


_DATE = re.compile(rf"\b(\d{{1,2}}) ({_MONTH})(?: (\d{{4}}))?\b|\b({_MONTH}) (\d{{4}})\b|\b((?:19|20)\d\d)\b")


_NUMBER = re.compile(rf"\b\d[\d,]*(?:\.\d+)?\b(?![-/]|th\b|st\b|%| per cent)|\b(?:{'|'.join(_WORDS)})\b")


_UNITS = {
    "working days": ("days", "weeks", "months"),
    "days": ("weeks", "months", "working days", "years"),
    "day": ("week", "month"),
    "weeks": ("days", "months", "years"),
    "week": ("month", "day", "year"),
    "months": ("weeks", "days", "years"),
    "month": ("week", "year", "day"),
    "years": ("months", "weeks", "days"),
    "year": ("month", "week"),
    "hours": ("minutes", "days", "weeks"),
    "hour": ("day", "week"),
    "minutes": ("hours", "days"),
    "miles": ("kilometres", "metres"),
    "kilometres": ("miles", "metres"),
    "metres": ("feet", "kilometres"),
    "kg": ("g", "tonnes"),
    "litres": ("millilitres", "gallons"),
    "%": (" times",),
}


_UNIT = re.compile(
    rf"(?:\b\d[\d,.]*|\b(?:{'|'.join(_WORDS)}|one|a|an|per|each|every)) "
    rf"(?P<unit>working days|{'|'.join(name for name in _UNITS if name.isalpha())})\b"
    r"|(?<=\d)(?P<sign>%)"
)


_AUXILIARY = re.compile(
    r"\b(?:you|they|we|it|he|she|who|that|[a-z]{3,}) (is|are|was|were|must|may|can|will|should|could|would)"
    r"(?= (?!not\b|no\b|never\b)[a-z]+)",
    re.IGNORECASE,
)


_PLAIN_VERB = re.compile(r"\b(you|they|we) (get|need|have|pay|qualify|live|want|receive|work|apply)\b", re.IGNORECASE)


_NEGATIVES: Sequence[tuple[re.Pattern[str], str]] = tuple(
    (re.compile(pattern, re.IGNORECASE), without)
    for pattern, without in (
        (r"\b(do|does|did) not (?=[a-z])", ""),
        (r"\b(?:don|doesn|didn)[’']t (?=[a-z])", ""),
        (r"\bcannot\b", "can"),
        (r"\bcan[’']t\b", "can"),
        (r"\bwon[’']t\b", "will"),
        (r"\b(is|are|was|were|has|have|would|should|could)n[’']t\b", r"\1"),
        (r"\b(must|may|can|will|should|could|would|is|are|was|were|has|have|had|’re|'re|’ve|’s) not\b", r"\1"),
        (r"\bnever\b", "always"),
        (r"\bunless\b", "if"),
        (r"\bwithout\b", "with"),
        (r"\bnot ", ""),
    )
)


_STRENGTHS = {
    "must": ("may", "should", "can"),
    "may": ("must", "will"),
    "should": ("must", "may"),
    "can": ("must", "should"),
    "need to": ("may", "can", "should"),
    "have to": ("may", "can", "should"),
    "has to": ("may", "can"),
    "could": ("must", "will"),
    "might": ("will", "must"),
}


_STRENGTH = re.compile(rf"\b({'|'.join(_STRENGTHS)})\b(?! not\b)(?= [a-z])")


_FORM = re.compile(r"\b(?=[A-Z]*\d)[A-Z]{1,4}\d{1,4}[A-Z]?\b")


_PROPER = re.compile(
    r"(?<![.!?:–-] )(?<!^)(?<!\n)(?<![“‘(*-])\b(?:[A-Z][a-z]+|[A-Z]{2,6})"
    r"(?:(?: (?:of|for|and|the|&))* (?:[A-Z][a-z]+|[A-Z]{2,6}))*\b"
)


_NO_NAMES = {"I", "If", "The", "You", "A", "An", "It", "This", "That", "They", "We", "UK", "OK", "PDF", "Read", "Find"}


_ROLE_NOUNS = (
    "landlord|tenant|council|local council|local authority|employer|employee|worker|court|judge|police|bailiff|parent"
    "|child|partner|school|college|university|bank|builder|creditor|debtor|buyer|seller|applicant|claimant|carer"
    "|adviser|solicitor|social worker|doctor|midwife|executor|trustee|company|business|customer|tribunal|agency"
    "|provider|department|minister|authority|owner|driver|guardian|officer|caseworker|student|contractor|agent|lender|insurer"
    "|government|Home Office|HM Revenue and Customs|HMRC|DWP|DVLA|Jobcentre Plus|Pension Service|adoption agency"
)


_ROLE = re.compile(
    rf"(?<![A-Z]s )\b(?:(?:your|the|a|an|their|his|her|our|another|each|any|that|this) )?(?:{_ROLE_NOUNS})s?\b"
    r"(?!’| (?:finance|loan|account|tax|support|service|benefit|home|maintenance|register|order|law)s?\b)"
    r"|\b(?:you|they|we|them|us)\b(?!’)",
    re.IGNORECASE,
)


_SEPARATE = re.compile(r"[,;:()–]|\b(?:and|or|if|when|unless|because|while|who|which|that|but|than|before|after)\b")


_BETWEEN = re.compile(
    r"\b(?:gives?|gave|pays?|paid|tells?|told|asks?|asked|sends?|sent|lets?|helps?|makes?|takes?|gets?|decides?|contacts?"
    r"|offers?|shows?|allows?|needs?|owes?|charges?|provides?|reports?|refuses?|agrees?|informs?|visits?|checks?|writes?"
    r"|applies|apply|employs?|sues?|evicts?|represents?|advises?|serves?|returns?|accepts?|looks?|works?|wants?|treats?"
    r"|knows?|calls?|sees?|leaves?|uses?|receives?|includes?|transfers?|supports?|chooses?|finds?|adopts?|meets?|talks?)\b"
)


_OBJECTS = {"they": "them", "we": "us"}


_SUBJECTS = {"them": "they", "us": "we"}


@dataclass(frozen=True)
class Pool:
    """What a wrong version may borrow: names and figures of the same page and of others, sentences of others."""

    passage: str
    names: Sequence[str]
    forms: Sequence[str]
    elsewhere: Sequence[str] = ()


Change = Callable[[str, Pool, random.Random], str | None]


def number(sentence: str, pool: Pool, rng: random.Random) -> str | None:
    """Change a number; now and then to one that the passage has elsewhere."""
    found = _other_than(_NUMBER, sentence, (_AMOUNT, _DATE, _FORM))
    if not found:
        return None
    chosen = rng.choice(found)
    near = [each[0] for each in _NUMBER.finditer(pool.passage) if _digits(each[0]) != _digits(chosen[0])]
    if chosen[0].isalpha():
        return _put(sentence, chosen, rng.choice([word for word in _WORDS if word != chosen[0].lower()]))
    new = rng.choice(near) if near and rng.random() < 0.3 else _another(chosen[0], rng)
    return _put(sentence, chosen, new)


def amount(sentence: str, _pool: Pool, rng: random.Random) -> str | None:
    """Change a sum of money, or a share."""
    found = list(_AMOUNT.finditer(sentence))
    if not found:
        return None
    chosen = rng.choice(found)
    sign = "£" if chosen[0].startswith("£") else ""
    return _put(sentence, chosen, sign + _another(chosen[0].removeprefix("£"), rng))


def day(sentence: str, _pool: Pool, rng: random.Random) -> str | None:
    """Change a day, month or year."""
    found = [each for each in _DATE.finditer(sentence) if not sentence[: each.start()].endswith(("£", "/"))]
    if not found:
        return None
    chosen = rng.choice(found)
    parts = [n for n, part in enumerate(chosen.groups(), start=1) if part]
    return _replaced(sentence, chosen, rng.choice(parts), rng)


def unit(sentence: str, _pool: Pool, rng: random.Random) -> str | None:
    """Change the unit of a number."""
    found = list(_UNIT.finditer(sentence))
    if not found:
        return None
    chosen = rng.choice(found)
    group = "unit" if chosen["unit"] else "sign"
    new = rng.choice(_UNITS[chosen[group]])
    return sentence[: chosen.start(group)] + new + sentence[chosen.end(group) :]


def negation(sentence: str, _pool: Pool, rng: random.Random) -> str | None:
    """Remove a negation if there is one, else insert one; `unless` becomes `if`."""
    for pattern, without in rng.sample(_NEGATIVES, len(_NEGATIVES)):
        if pattern.search(sentence):
            return _tidy(pattern.sub(without, sentence, count=1))
    if auxiliary := _one(_AUXILIARY, sentence, rng):
        return f"{sentence[: auxiliary.end()]} not{sentence[auxiliary.end() :]}"
    if verb := _one(_PLAIN_VERB, sentence, rng):
        return f"{sentence[: verb.start(2)]}do not {sentence[verb.start(2) :]}"
    return None


def strength(sentence: str, _pool: Pool, rng: random.Random) -> str | None:
    """Make a duty a choice, or a choice a duty."""
    chosen = _one(_STRENGTH, sentence, rng)
    return _put(sentence, chosen, rng.choice(_STRENGTHS[chosen[1]])) if chosen else None


def name(sentence: str, pool: Pool, rng: random.Random) -> str | None:
    """Change an organisation, place, scheme or form."""
    forms = list(_FORM.finditer(sentence))
    if forms and pool.forms:
        chosen = rng.choice(forms)
        others = [form for form in pool.forms if form != chosen[0]]
        return _put(sentence, chosen, rng.choice(others)) if others else None
    found = names(sentence)
    others = [each for each in pool.names if not any(_same(each, one[0]) for one in found)]
    return _put(sentence, rng.choice(found), rng.choice(others)) if found and others else None


def roles(sentence: str, _pool: Pool, rng: random.Random) -> str | None:
    """Exchange the party that acts and the party it acts on."""
    found = list(_ROLE.finditer(sentence))
    pairs = [
        (one, other)
        for one, other in pairwise(found)
        if one[0].lower() != other[0].lower()
        and _SUBJECTS.get(one[0].lower(), one[0].lower()) != _SUBJECTS.get(other[0].lower(), other[0].lower())
        and _BETWEEN.search(between := sentence[one.end() : other.start()])
        and not _SEPARATE.search(between)
    ]
    if not pairs:
        return None
    one, other = rng.choice(pairs)
    first = _SUBJECTS.get(other[0].lower(), other[0])
    second = _OBJECTS.get(one[0].lower(), one[0])
    first = first[0].upper() + first[1:] if one[0][0].isupper() and one.start() == 0 else first
    second = second[0].lower() + second[1:] if one.start() == 0 and second[1:].islower() else second
    return sentence[: one.start()] + first + sentence[one.end() : other.start()] + second + sentence[other.end() :]


def names(sentence: str) -> list[re.Match[str]]:
    """Return the names of organisations, places and schemes in a sentence, except one that it begins with."""
    return [each for each in _PROPER.finditer(sentence) if each[0] not in _NO_NAMES and each[0] not in MONTHS]


def forms(text: str) -> list[str]:
    """Return the names of forms in a text, such as SA100."""
    return _FORM.findall(text)


CHANGES: dict[str, Change] = {
    "number": number,
    "date": day,
    "amount": amount,
    "unit": unit,
    "negation": negation,
    "must or may": strength,
    "name": name,
    "who does what": roles,
}
"""Every way of making a sentence wrong."""


def _same(one: str, other: str) -> bool:
    """Return whether two names may be of the same thing: one in the other, or short for it."""
    short = {one: _initials(one), other: _initials(other)}
    return one in other or other in one or one == short[other] or other == short[one]


def _initials(name_given: str) -> str:
    return "".join(word[0] for word in name_given.split() if word[0].isupper())


def _other_than(pattern: re.Pattern[str], sentence: str, taken: Sequence[re.Pattern[str]]) -> list[re.Match[str]]:
    hidden = sentence
    for each in taken:
        hidden = each.sub(lambda found: "_" * len(found[0]), hidden)
    return list(pattern.finditer(hidden))


def _another(digits: str, rng: random.Random) -> str:
    value = float(digits.replace(",", ""))
    if not value.is_integer():
        return f"{rng.choice((value + 1, value + 0.5, value * 2)):,.2f}"
    step = max(1, int(value) // 10)
    new = rng.choice((value + step, max(0, value - step), value * 2, value + 1, value * 10))
    new = value + 1 if new == value else new
    return f"{int(new):,}" if "," in digits or new >= 10_000 else str(int(new))


def _digits(text: str) -> str:
    return text.replace(",", "").lower()


def _replaced(sentence: str, found: re.Match[str], group: int, rng: random.Random) -> str:
    old = found[group]
    if old in MONTHS:
        new = rng.choice([month for month in MONTHS if month != old])
    elif len(old) == 4:
        new = str(int(old) + rng.choice((-10, -2, -1, 1, 2, 10)))
    else:
        new = str(rng.choice([n for n in range(1, 29) if n != int(old)]))
    return sentence[: found.start(group)] + new + sentence[found.end(group) :]


def _put(sentence: str, found: re.Match[str], new: str) -> str:
    return sentence[: found.start()] + new + sentence[found.end() :]


def _one(pattern: re.Pattern[str], sentence: str, rng: random.Random) -> re.Match[str] | None:
    found = list(pattern.finditer(sentence))
    return rng.choice(found) if found else None


def _tidy(sentence: str) -> str:
    sentence = " ".join(sentence.split())
    return sentence[:1].upper() + sentence[1:]
