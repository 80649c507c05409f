"""Rules that recognise which count of days, and which threshold or rate, a question asks for.

A value is looked up only if the question plainly asks for it: "what is the cost limit" does, "what counts towards the
cost limit" does not.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from humphrey.drafting.calculation_requests.cues import CueSearch, cue, divisions
from humphrey.text.date_mentions import DayMention, day_mentions

# The position of a word is its value.
_COUNT_WORDS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


_NUMBER = rf"(?P<number>\d{{1,4}}|an?|{'|'.join(_COUNT_WORDS[1:])}|twenty|thirty|forty)"


_LARGE = {"twenty": 20, "thirty": 30, "forty": 40}


_UNIT = r"(?P<unit>(?:working |business )?days?|(?:calendar )?days?|weeks?|months?)"


_HOW_MANY = cue(
    r"\bnumber of working days\b", r"\bhow many (?:working |business )?days\b", r"\bcount (?:the )?working days\b"
)


_WORKING = cue(r"\b(?:working|business) days?\b")


_TO_GO = cue(r"\b(?:until|till|to|before|left)\b")


_SINCE = cue(r"\b(?:since|passed|elapsed|gone|ago)\b")


# The three forms by position: "ten days after" DAY, DAY "plus ten days", "add ten days to" DAY.
_ADDING = cue(
    rf"\b{_NUMBER} {_UNIT} (?P<way>after|from|following|before|prior to|ahead of|since|later than)(?: on)?\s*$"
)


_PLUS = cue(rf"^\s*(?:\+|plus|and add)\s*{_NUMBER} {_UNIT}\b")


_ADD_TO = cue(rf"\badd {_NUMBER} {_UNIT} to\s*$")


_WHAT_DAY = cue(
    r"\b(?:what|which) (?:date|day|is|was|will be)\b|\bwhat's\b|\bwhen (?:is|was|are|will|does)\b",
    rf"\bthe date\b|^\s*{_NUMBER.replace('?P<number>', '?:')} (?:working |business )?(?:days?|weeks?|months?)\b",
    r"\bwork out\b|\bcalculate\b|^\s*(?:add|find)\b|\bgive me\b|\b(?:falls?|takes? us) (?:on|to)\b",
)


_EVERYWHERE = cue(r"\bfreedom of information\b|\bFOIA?\b|\bEIRs?\b|\banywhere in the UK\b|\ball (?:four )?nations\b")


# "What" counts only before a form of "be" or "hourly": "what counts towards the limit" asks for guidance. At most 70
# characters of the same sentence may stand between the question word and the noun.
_ASK = (
    r"(?:\bwhat(?: (?=hourly)|'s| is| are| was| were| will)\b|\bwhats\b|\bhow (?:much|high|many|large|big)\b"
    r"|\btell me\b|\bgive me\b|\blook up\b|\bis there an?\b)[^.?!]{0,70}"
)


_ACT = r"\b(?:FOIA?|freedom of information|section 12|s\.? ?12)\b"


_LIMIT = r"\b(?:costs?|fees) (?:limit|ceiling|cap|threshold)\b"


_HOURLY = r"\b(?:hourly rate|(?:rate )?(?:per|an|for an|for each) hour)\b"


_BUYING = r"\b(?:procurements?|tender\w*|public contracts?|works(?: contracts?)?|light[- ]touch)\b"


def _asked(*nouns: str) -> CueSearch:
    return cue(*(f"{_ASK}(?:{noun})" for noun in nouns))


# The first match counts, so the more specific subject comes first: the cost of a parliamentary question and the hourly
# rate before the cost limit, notices before procurement.
_FIGURES: Sequence[tuple[str, CueSearch]] = (
    (
        "pq_cost",
        _asked(
            r"\bdisproportionate costs?\b",
            r"\bcost (?:limit|threshold)[^.?!]*\b(?:PQs?|parliamentary questions?)\b",
        ),
    ),
    ("rate", _asked(rf"{_HOURLY}[^.?!]*(?:{_ACT}|\bcost limit\b|\bstaff\b)", rf"{_ACT}[^.?!]*{_HOURLY}")),
    (
        "limit",
        _asked(r"\bappropriate limit\b", rf"{_ACT} limit\b", rf"{_ACT}[^.?!]*{_LIMIT}", rf"{_LIMIT}[^.?!]*{_ACT}"),
    ),
    (
        "notices",
        _asked(
            r"\bbelow[- ]threshold\b[^.?!]*\b(?:notices?|publi\w+)\b",
            r"\b(?:notices?|publi\w+)\b[^.?!]*\bbelow[- ]threshold\b",
            r"\bpublication (?:floor|threshold)\b",
        ),
    ),
    (
        "procurement",
        _asked(
            r"\bprocurement (?:act )?(?:2023 )?thresholds?\b",
            rf"\bthresholds?\b[^.?!]*{_BUYING}",
            rf"{_BUYING}[^.?!]*\bthresholds?\b",
        ),
    ),
    (
        "mileage",
        _asked(
            r"\bper (?:business )?mile\b[^.?!]*\b(?:claim|paid|pay|get)\b",
            r"\bmileage (?:rates?|allowances?)\b",
            r"\brates? (?:for|per|a) (?:a )?(?:business )?miles?\b|\bpence (?:per|a) mile\b",
            r"\b(?:claim|paid|pay|get) (?:\w+ ){0,3}(?:per|a) (?:business )?mile\b",
        ),
    ),
    ("named day", _asked(r"\bnamed[- ]day questions?\b[^.?!]*\b(?:a|per|each|one) day\b")),
    (
        "lords",
        _asked(
            r"\blords?\b[^.?!]*\bquestions?\b[^.?!]*\b(?:a|per|each|one) day\b",
            r"\bquestions?\b[^.?!]*\b(?:lords?|peer)\b[^.?!]*\b(?:a|per|each|one) day\b",
        ),
    ),
)


_FEW_WORDS = 6
"""Up to this many words without a verb are read as "what is ..."."""


_VERB = cue(r"\b(?:what|how|when|who|why|can|could|should|do|does|did|must|may|which|where|is|are|was|explain)\b")


_OTHER_BODY = cue(
    r"\bcouncils?\b|\blocal (?:authorit|government)|\bNHS\b|\bpolice\b|\bschools?\b|\buniversit|\bsub-?central\b",
    r"\bother (?:public )?(?:authorit|bod)|\b(?:not|outside) central\b",
)


# Tax rates for people outside the civil service are another subject.
_OTHER_RATE = cue(r"\bself[- ]employ|\bsimplified expenses\b|\bbenefit|\bemployer|\btax relief\b")


_BUYS: Sequence[tuple[str, CueSearch]] = (
    ("procurement_works", cue(r"\bworks\b|\bconstruction\b|\bbuilding\b")),
    ("procurement_light_touch", cue(r"\blight[- ]touch\b")),
)


_GOODS = cue(r"\bgoods\b|\bservices\b|\bcentral\b")


# The first match counts; a car within the first 10,000 miles is the default.
_DRIVES: Sequence[tuple[str, CueSearch]] = (
    ("mileage_motorcycle", cue(r"\bmotor-?(?:cycle|bike)s?\b")),
    ("mileage_bicycle", cue(r"\bbi(?:cycle|ke)s?\b|\bcycl")),
    ("mileage_car_further", cue(r"\b(?:over|after|above|beyond|more than) (?:the first )?10,?000\b")),
)


def recognise_quantities(asks: str, question: str, situation: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the calls of `count_days`, `add_days` and `threshold` that a question asks for; empty if none.

    Args:
        asks: the sentences of the question that ask.
        question: the whole question; it names the day.
        situation: the question completed from earlier ones; it names the nation.
    """
    found = [*_counted(asks, day_mentions(asks)), *_added(asks, day_mentions(asks))]
    division = _division(situation)
    calls = [(tool, {**told, **({"division": division} if division else {})}) for tool, told in found]
    return calls or [("threshold", told) for told in _looked_up(asks, question)]


def _counted(question: str, days: Sequence[DayMention]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the count of working days between two days, or between one day and today."""
    if not (_HOW_MANY(question) and _WORKING(question)) or not days:
        return
    if len(days) > 1:
        yield ("count_days", {"first": days[0].words, "last": days[1].words})
    elif _SINCE(question):
        yield ("count_days", {"first": days[0].words, "last": "today"})
    elif _TO_GO(days[0].before):
        yield ("count_days", {"first": "today", "last": days[0].words})


def _added(question: str, days: Sequence[DayMention]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the day that lies some days, weeks or months from another."""
    if not _WHAT_DAY(question):
        return
    for day in days:
        head, tail = question[: day.start], question[day.end :]
        if found := _ADDING(head) or _ADD_TO(head) or _PLUS(tail):
            back = "way" in found.re.groupindex and found["way"].lower() in {"before", "prior to", "ahead of"}
            number = _number(found["number"])
            yield (
                "add_days",
                {"start": day.words, "number": -number if back else number, "unit": _unit(found["unit"])},
            )
            return


def _looked_up(asks: str, question: str) -> Iterator[dict[str, Any]]:
    if len(asks.split()) <= _FEW_WORDS and not _VERB(asks):
        # "Current mileage rate?" asks the same as "what is the mileage rate?".
        asks = f"what is {asks}"
    on = next((day.words for day in day_mentions(question)), "today")
    subject = next((subject for subject, asked in _FIGURES if asked(asks)), "")
    yield from ({"name": name, "on": on} for name in _names(subject, question))


def _names(subject: str, question: str) -> Sequence[str]:
    other = bool(_OTHER_BODY(question))
    match subject:
        case "limit":
            return ["foi_limit_other" if other else "foi_limit_central"]
        case "rate":
            return ["foi_hourly_rate"]
        case "notices":
            return ["notices_other" if other else "notices_central"]
        case "procurement":
            return _procurement(question, other=other)
        case "mileage":
            return [] if _OTHER_RATE(question) else [_mileage(question)]
        case "named day":
            return ["pq_named_day_a_day"]
        case "lords":
            return ["pq_lords_a_day"]
    return [subject] if subject else []


def _procurement(question: str, *, other: bool) -> list[str]:
    if kind := next((name for name, bought in _BUYS if bought(question)), ""):
        return [kind]
    if other or _GOODS(question):
        return ["procurement_other" if other else "procurement_central"]
    goods = ["procurement_central", "procurement_other"]
    # "Thresholds" in the plural asks for all of them, the singular for that of central government.
    return [*goods, *(name for name, _ in _BUYS)] if cue(r"\bthresholds\b")(question) else goods[:1]


def _mileage(question: str) -> str:
    return next((name for name, driven in _DRIVES if driven(question)), "mileage_car")


def _division(text: str) -> str:
    if _EVERYWHERE(text):
        return "anywhere"
    return next(divisions(text), "")


def _number(word: str) -> int:
    lower = word.lower()
    if lower in {"a", "an"}:
        return 1
    return int(word) if word.isdecimal() else _LARGE.get(lower) or _COUNT_WORDS.index(lower)


def _unit(words: str) -> str:
    if _WORKING(words):
        return "working days"
    return next(unit for unit in ("days", "weeks", "months") if words.lower().rstrip("s").endswith(unit[:-1]))
