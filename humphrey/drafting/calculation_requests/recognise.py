"""Rules that recognise which calculation a question asks for: the time limits. Offline, no model would do better.

A time limit is computed only if the question names a limit and a day and asks for a date. A general question about a
limit is left to the guidance. If only the day is missing, one short question goes back.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from humphrey.calculations.rules import RULES
from humphrey.calculations.workings import Working
from humphrey.drafting.calculation_requests import cues
from humphrey.drafting.calculation_requests.cues import CueSearch
from humphrey.drafting.calculation_requests.quantities import recognise_quantities
from humphrey.text.date_mentions import DayMention, day_mentions
from humphrey.text.figures import values
from humphrey.text.sentences import sentences

_BY_NATION = {"correspondence_20wd", "sar_one_month", "event_minus_days", "dp_complaint_30d", "readout_same_day"}
"""Rules that follow the bank holidays of one nation (docs/calculations.md)."""


_MOST_CHARS = 2000
"""The most characters that are searched, from the end of a text."""


_FEW_WORDS = 12
"""A shorter question that names a day continues the one before it."""


# The position of a word is its value.
_NUMBERS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


_WHICH_QUESTION = (
    "Is it a question of the Commons, ordinary or for a named day, or a question of the Lords? Each has another time "
    "limit."
)


Call = tuple[str, dict[str, Any]]
"""A tool's name and its arguments."""


@dataclass(frozen=True)
class _LimitRequest:
    """The time limit that a question is about, and the days it names."""

    rule: str
    days: tuple[DayMention, ...]
    question: str
    situation: str

    def day(self, happened: CueSearch, other_than: str = "") -> str:
        """Return the first day with the given words before it, else after it; empty if there is none."""
        days = [day for day in self.days if day.words != other_than]
        beside = (day.words for day in days if happened(day.before))
        behind = (day.words for day in days if happened(day.after))
        return next(beside, "") or next(behind, "")


def recognise_calculations(question: str, situation: str) -> list[Call]:
    """Return the calculations that a question asks for, as tool calls; empty if it only asks for guidance.

    Args:
        question: the current question.
        situation: the question completed from earlier ones.
    """
    question, situation = question[-_MOST_CHARS:], situation[-_MOST_CHARS:]
    if request := _limit_request(question, situation):
        return list(_limits(request))
    return recognise_quantities(asking(question), question, situation)


def clarifying_question(question: str, situation: str) -> str:
    """Return the one question to ask back if a date is asked for and a fact is missing; empty if none is."""
    question, situation = question[-_MOST_CHARS:], situation[-_MOST_CHARS:]
    request = _limit_request(question, situation)
    if request is None or not (cues.ASKS_FOR_DATE(asking(question)) and cues.ONE_CASE(situation)):
        return ""
    if request.rule == "question":
        return _WHICH_QUESTION
    if next(_limits(request), None):
        return ""
    return _wanting(request)


def asking(text: str) -> str:
    """Return the sentences that end with a question mark; the whole text if there is none."""
    found = [span.of(text) for span in sentences(text) if span.of(text).endswith("?")]
    return " ".join(found) or text


def agrees(text: str, workings: Sequence[Working], situation: str) -> bool:
    """Return whether a statement fits the results: it is about no other limit and names no other day."""
    computed = {working.inputs["rule"] for working in workings if "rule" in working.inputs}
    told = " ".join(working.explanation for working in workings)
    days = {value for value in values(text) if re.fullmatch(r"(?:19|20)\d\d-\d\d-\d\d", value)}
    about = _subject(text)
    other = bool(about and computed) and not any(_same(about, rule) for rule in computed)
    return not other and days <= values(f"{told} {situation}")


def _limit_request(question: str, situation: str) -> _LimitRequest | None:
    """Return the limit that is asked about, from the question itself, else from earlier questions."""
    own_days, asks = day_mentions(question), asking(question)
    goes_on = bool(own_days) and len(question.split()) < _FEW_WORDS
    if not (cues.MAY_ASK_FOR_DATE(asks) or cues.EXTENDED(asks) or (goes_on and cues.MAY_ASK_FOR_DATE(situation))):
        return None
    subject = _subject(question) or (_subject(situation) if situation != question else "")
    if not subject or cues.QUESTION_ITSELF(question) or (cues.BETWEEN(asks) and len(own_days) > 1):
        return None
    if subject == "letter" and not cues.ANSWERED_BY_US(asks if _subject(question) else situation):
        return None
    rule = _special(subject, question if _subject(question) else situation)
    # A due date does not start a clock.
    named = own_days or day_mentions(situation)
    days = tuple(day for day in named if not cues.DUE_ON(day.before))
    return _LimitRequest(rule, days, question, situation) if days or not named else None


def _subject(text: str) -> str:
    flat = " ".join(text.split())
    return next((name for name, said in cues.SUBJECTS if said(flat)), "")


def _same(subject: str, rule: str) -> bool:
    """Return whether a rule belongs to the law of a subject."""
    # Rules of one law share the word before the first underscore, such as "foi_".
    return rule == cues.RULE_OF.get(subject) or rule.startswith(cues.RULE_OF.get(subject, subject).split("_")[0] + "_")


def _special(subject: str, text: str) -> str:
    """Return the rule of a subject, made more specific by other words of the text."""
    # The window is the requester's time to ask for a review, not the department's time to answer one.
    if subject in {"review", "eir review"} and cues.REVIEW_WINDOW(text) and not cues.OUR_ANSWER(text):
        return "foi_review_window" if subject == "review" else "eir_review_window"
    if subject == "eir" and cues.ASK_BACK(text):
        return "eir_clarification"
    if subject == "fees" and not cues.REPLY(text):
        return "foi_fee_3_months"
    if subject == "clarified" and not cues.CLARIFIED(text):
        return "foi_20wd"
    return cues.RULE_OF.get(subject, subject)


def _limits(request: _LimitRequest) -> Iterator[Call]:
    """Yield the call of `working_days`; nothing if a required day is missing."""
    if request.rule not in RULES:
        return
    start = _start(request)
    more = dict(_more(request, start))
    if not start or (RULES[request.rule].stops and not {"stopped", "resumed"} <= set(more)):
        return
    yield ("working_days", {"rule": request.rule, "start": start, **more})


def _start(request: _LimitRequest) -> str:
    days, rule = request.days, request.rule
    if rule == "pq_commons_named_day":
        return request.day(cues.NAMED) or (days[0].words if len(days) == 1 and not request.day(cues.TABLED) else "")
    # The clock of a subject access request may start when what was needed to answer it arrives.
    if rule == "sar_one_month" and len(days) > 1 and (last := request.day(cues.COMPLETED)):
        return last
    return (
        request.day(cues.CLOCK_STARTS.get(rule, cues.CAME)) or request.day(cues.CAME) or (days[0].words if days else "")
    )


def _more(request: _LimitRequest, start: str) -> Iterator[tuple[str, object]]:
    rule = RULES[request.rule]
    if cues.EXTENDED(request.question) and (rule.extended_working_days or rule.extended_months):
        yield "extended", True
    if request.rule in _BY_NATION:
        yield from (("division", name) for name, said in cues.DIVISIONS if said(request.situation))
    if rule.hours and (hour := cues.HOUR(request.situation)):
        yield "at", hour[1]
    if rule.named and (tabled := request.day(cues.TABLED, other_than=start)):
        yield "tabled", tabled
    if (
        request.rule == "event_minus_days"
        and (back := cues.COUNTED_BACK(request.situation))
        and (count := _count(back[1]))
    ):
        yield "working_days", count
    yield from _stops(request)


def _stops(request: _LimitRequest) -> Iterator[tuple[str, object]]:
    """Yield the days on which the clock stopped and resumed, if both are named."""
    pairs = {"foi_fees_notice": (cues.NOTICE, cues.PAID), "sar_one_month": (cues.ASKED_BACK, cues.ANSWERED)}
    if request.rule in pairs and len(request.days) > 2:
        stop, go = pairs[request.rule]
        stopped, resumed = request.day(stop), next((day.words for day in reversed(request.days) if go(day.before)), "")
        if stopped and resumed and stopped != resumed:
            yield "stopped", stopped
            yield "resumed", resumed


def _count(word: str) -> int:
    if word.isdecimal():
        return int(word)
    return _NUMBERS.index(word.lower()) if word.lower() in _NUMBERS else 0


def _wanting(request: _LimitRequest) -> str:
    rule = RULES[request.rule]
    if rule.stops:
        return "Which day did the request arrive, which day was the fees notice given, and which day did the fee come?"
    if rule.named:
        return "Which day did the member name for the answer?"
    if rule.starts.startswith("the last"):
        return f"Which day is {rule.starts}?"
    return f"To work out the date, one thing is wanting: on which day was it that {rule.starts}?"
