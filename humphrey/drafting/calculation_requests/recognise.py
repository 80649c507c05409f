"""Rules that recognise which calculation a question asks for: the time limits. Offline, no model would do better.

A time limit is computed only if the question names a limit and a day and asks for a date. A general question about a
limit is left to the guidance. If only the day is missing, one short question goes back.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from humphrey.calculations.rules import RULES
from humphrey.calculations.workings import Working
from humphrey.drafting.calculation_requests.acts import Event
from humphrey.drafting.calculation_requests.cues import RULE_OF, divisions, matching, said
from humphrey.drafting.calculation_requests.events import DatedEvent, story
from humphrey.drafting.calculation_requests.limit_requests import AT_EVENT, PAUSES, LimitRequest, in_order
from humphrey.drafting.calculation_requests.quantities import recognise_quantities
from humphrey.drafting.calculation_requests.spelling import spelt
from humphrey.text.date_mentions import day_mentions, without_days
from humphrey.text.dates import joined
from humphrey.text.figures import values
from humphrey.text.sentences import sentences

_BY_NATION = {"correspondence_20wd", "sar_one_month", "event_minus_days", "dp_complaint_30d", "readout_same_day"}
"""Rules that follow the bank holidays of one nation (docs/calculations.md)."""


_MOST_CHARS = 2000
"""The most characters that are searched, from the end of a text."""


_FEW_WORDS = 12
"""Fewer words that name a day, or answer which time limit is meant, continue the question before them."""


# The position of a word is its value.
_NUMBERS = (
    *(
        "",
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
    ),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)


_WHICH_QUESTION = (
    "Is it a question of the Commons, ordinary or for a named day, or a question of the Lords? Each has another time "
    "limit."
)


_WHICH_LIMIT = (
    "Which time limit do you mean: that of a freedom of information request, an environmental information request, a "
    "subject access request, a letter, a parliamentary question, a complaint, a review or a data breach?"
)


_OF_A_CASE: Sequence[Event] = ("received", "submitted", "sent", "dated", "told", "known", "tabled", "asked back")
"""Events that begin a case of one kind or another."""


Call = tuple[str, dict[str, Any]]
"""A tool's name and its arguments."""


_STOPS: Mapping[str, tuple[Event, Event]] = {
    "foi_fees_notice": ("notice", "paid"),
    "sar_one_month": ("asked back", "clarified"),
}
"""The events that stop the clock of a rule and let it go on."""


def recognise_calculations(question: str, situation: str) -> list[Call]:
    """Return the calculations that a question asks for, as tool calls; empty if it only asks for guidance.

    Args:
        question: the current question.
        situation: the question completed from earlier ones.
    """
    question, situation = (spelt(text[-_MOST_CHARS:]) for text in (question, situation))
    if request := _limit_request(question, situation):
        return [call for case in _by_law(request) for call in _limits(case)]
    return recognise_quantities(asking(question), question, situation)


def clarifying_question(question: str, situation: str) -> str:
    """Return the one question to ask back if a date is asked for and a fact is missing; empty if none is."""
    question, situation = (spelt(text[-_MOST_CHARS:]) for text in (question, situation))
    request = _limit_request(question, situation)
    if request is None:
        return _WHICH_LIMIT if _names_no_limit(question, situation) else ""
    if not (len(request.events) > 1 or said("asks for date", asking(question))):
        return ""
    if not (request.events or said("one case", situation)):
        return ""
    if request.rule == "question":
        return _WHICH_QUESTION
    return next((_wanting(case) for case in _by_law(request) if not next(_limits(case), None)), "")


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
    other = bool(about and computed) and not any(
        _law_of(RULE_OF.get(about, about)) == _law_of(rule) for rule in computed
    )
    return not other and days <= values(f"{told} {situation}")


@lru_cache(maxsize=64)
def _limit_request(question: str, situation: str) -> LimitRequest | None:
    """Return the limit that is asked about, from the question itself, else from earlier questions."""
    asks = asking(question)
    told = bool(day_mentions(question)) or (bool(_subject(question)) and "?" not in question)
    goes_on = len(question.split()) < _FEW_WORDS and told and _may_ask(situation)
    if not (_may_ask(asks) or said("extended", asks) or goes_on):
        return None
    about = question if _subject(question) else situation
    subject = _subject(about)
    if not subject or any(said(name, asks) for name in ("question itself", "task", "keeping")):
        return None
    own = story(question).dated
    if (said("between", asks) and len(own) > 1) or (subject == "letter" and not _on_our_reply(asks, about)):
        return None
    several = bool(said("several cases", without_days(situation)))
    request = LimitRequest(_special(subject, about), in_order(own), question, situation, several)
    if not request.starts():
        request = replace(request, events=in_order(story(situation).dated))
    # A day on which something is due does not start a clock, and does not ask for one.
    only_due = request.events and all(each.event == "due" for each in request.events)
    return None if only_due else request


def _names_no_limit(question: str, situation: str) -> bool:
    """Return whether a date is asked for, of a case with several days, and the words do not tell what kind of case."""
    asks = asking(question)
    other = _subject(situation) or any(said(name, asks) for name in ("task", "keeping", "between", "question itself"))
    own = story(question)
    ours = said("asks for date", asks) and said("of our case", question)
    return bool(ours) and not other and len(own.dated) > 1 and own.mentions(*_OF_A_CASE)


def _may_ask(text: str) -> bool:
    return bool(said("asks for date", text) or said("may ask for date", text))


def _on_our_reply(asks: str, about: str) -> bool:
    """Return whether a question about a letter is about our reply to it."""
    return bool(said("answered by us", asks if _subject(asks) else about))


@lru_cache(maxsize=256)
def _subject(text: str) -> str:
    return next(matching("subject", text), "")


def _special(subject: str, text: str) -> str:
    """Return the rule of a subject, made more specific by other words of the text."""
    told = story(text)
    # The window is the requester's time to ask for a review, not the department's time to answer one.
    by_us = said("our answer", text) or told.mentions("review asked")
    window = said("review accepted", text) or (said("review window", text) and not by_us)
    if subject in {"review", "eir review"} and window:
        return "foi_review_window" if subject == "review" else "eir_review_window"
    if subject == "eir" and said("ask back", text) and not told.mentions("asked back"):
        return "eir_clarification"
    if subject == "fees" and not (said("reply", text) or told.mentions("received")):
        return "foi_fee_3_months"
    if subject in {"foi", "clarified"}:
        clear = told.mentions("clarified") or (told.mentions("asked back") and told.mentions("told"))
        return "foi_clarification" if clear else "foi_20wd"
    return RULE_OF.get(subject, subject)


def _by_law(request: LimitRequest) -> Sequence[LimitRequest]:
    """Return a request for each law that has a start: an FOI request and a data breach in one question are two."""
    cases: dict[str, LimitRequest] = {_law_of(request.rule): replace(request, events=())}
    for event in request.events:
        subject = _subject(event.near)
        rule = _special(subject, event.near) if subject else request.rule
        case = cases.setdefault(_law_of(rule), replace(request, rule=rule, events=()))
        cases[_law_of(rule)] = replace(case, events=(*case.events, event))
    started = [replace(case, several=len(case.starts()) > 1) for case in cases.values() if case.plain_starts()]
    return started if request.several and len(started) > 1 else [request]


def _law_of(rule: str) -> str:
    # Rules of one law share the word before the first underscore, such as "foi_".
    return rule.split("_")[0]


def _limits(request: LimitRequest) -> Iterator[Call]:
    """Yield the calls of `working_days`, one a case; nothing if a required day is missing or the clock waits."""
    starts = request.starts()
    if request.rule not in RULES or _waits(request) or _is_open(request, starts):
        return
    for start in starts:
        more = dict(_more(request, start))
        if not RULES[request.rule].stops or {"stopped", "resumed"} <= set(more):
            others = _others(request, starts, more)
            yield ("working_days", {"rule": request.rule, "start": start.day.words, **more, **others})


def _is_open(request: LimitRequest, starts: Sequence[DatedEvent]) -> bool:
    """Return whether the words leave it open which day starts the clock."""
    if any(request.said(each) for each in ("start unknown", "another case", "replaced")) or request.moved(starts):
        return True
    if request.handed_on(starts) and not all(_is_here(start) for start in starts):
        return True
    if request.arrived_otherwise(starts) or request.exchanged_after(starts):
        return True
    # The clock of the request is over where its review is asked about.
    if request.rule in {"foi_20wd", "eir_20wd"} and story(request.situation).mentions("review asked"):
        return True
    if request.rule in AT_EVENT or not request.several:
        return len(starts) > 1
    # "Both were tabled on 25 January": one day for all of them.
    fewer = len(starts) < 2 and not any(said("all of them", start.near) for start in starts)
    return fewer or request.asked_back() or len({start.event == "identified" for start in starts}) > 1


def _is_here(start: DatedEvent) -> bool:
    """Return whether a case that was handed on arrived at the department; "sent us" does not say so."""
    return start.event != "submitted" and bool(said("at us", start.near))


def _waits(request: LimitRequest) -> bool:
    """Return whether the clock waits for an answer of the requester, whose day is not named."""
    if request.rule not in PAUSES:
        return False
    if request.rule == "sar_one_month" and request.said("proof") and not request.said("no proof needed"):
        return not request.days("identified")
    answered = request.rule in {"foi_clarification", "sar_one_month"} and request.days(
        "clarified", "told", "identified"
    )
    unclear = request.asked_back() or (len(request.events) > 1 and request.said("clarity"))
    return unclear and not answered and not request.said("never asked")


def _others(request: LimitRequest, starts: Sequence[DatedEvent], used: Mapping[str, object]) -> dict[str, list[str]]:
    """Return the days that a question names and no limit is counted from."""
    taken = {*(each.day.words for each in starts), *used.values()}
    rest = dict.fromkeys(each.day.words for each in request.events if each.day.words not in taken)
    return {"others": list(rest)} if rest else {}


def _more(request: LimitRequest, start: DatedEvent) -> Iterator[tuple[str, object]]:
    rule = RULES[request.rule]
    if said("extended", request.question) and (rule.extended_working_days or rule.extended_months):
        yield "extended", True
    if request.rule in _BY_NATION:
        yield from (("division", name) for name in divisions(request.situation))
    # The hour of another event is not the hour of this one.
    if rule.hours and (hour := said("hour", start.near if len(request.events) > 1 else request.situation)):
        yield "at", hour[1]
    if rule.named and (tabled := request.days("tabled")):
        yield "tabled", tabled[0].day.words
    back = said("counted back", request.situation) if request.rule == "event_minus_days" else None
    if back and (count := _count(back[1])):
        yield "working_days", count
    own = said("own target", request.situation) if request.rule == "correspondence_20wd" else None
    if own and (target := _count(own[1] or own[2])):
        yield "working_days", target
    yield from _stops(request)


def _stops(request: LimitRequest) -> Iterator[tuple[str, object]]:
    """Yield the days on which the clock stopped and resumed, if both are named."""
    if request.rule in _STOPS and not request.days("identified"):
        stopped, resumed = (request.days(event) for event in _STOPS[request.rule])
        if stopped and resumed:
            yield "stopped", stopped[0].day.words
            yield "resumed", resumed[-1].day.words


def _count(word: str) -> int:
    if word.isdecimal():
        return int(word)
    return _NUMBERS.index(word.lower()) if word.lower() in _NUMBERS else 0


def _wanting(request: LimitRequest) -> str:
    rule = RULES[request.rule]
    if _waits(request):
        return _waiting(request)
    if rule.stops:
        return "Which day did the request arrive, which day was the fees notice given, and which day did the fee come?"
    if rule.named:
        return "Which day did the member name for the answer?"
    possible = request.possible_starts()
    if len(possible) > 1 and not request.said("start unknown"):
        days = joined([each.day.words for each in possible])
        clarified = ", or a clarification that the department had asked for" if _may_be_clarified(request) else ""
        return f"The question names {days}. On which of these days was it that {rule.starts}{clarified}?"
    if rule.starts.startswith("the last"):
        return f"Which day is {rule.starts}?"
    return f"To work out the date, one thing is wanting: on which day was it that {rule.starts}?"


def _may_be_clarified(request: LimitRequest) -> bool:
    return bool(request.exchanged_after(request.starts())) and request.rule != "foi_clarification"


def _waiting(request: LimitRequest) -> str:
    clock = "The clock waits for the clarification: the working days begin when it arrives"
    if request.rule == "sar_one_month":
        clock = "The clock waits until what the requester was asked for arrives"
    return f"{clock}, so no date can be worked out yet. On which day did it arrive?"
