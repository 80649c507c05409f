"""Limit requests: which time limit a question is about, the events of its days, and which of them start its clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from humphrey.drafting.calculation_requests.acts import Event
from humphrey.drafting.calculation_requests.cues import said
from humphrey.drafting.calculation_requests.events import DatedEvent, story
from humphrey.errors import CommissionError
from humphrey.text.dates import resolve_date, today

_STARTS: Mapping[str, tuple[Event, ...]] = {
    "foi_clarification": ("clarified", "told"),
    "foi_internal_review": ("review asked",),
    "eir_internal_review": ("review asked",),
    "foi_review_window": ("answered",),
    "eir_review_window": ("answered",),
    "foi_fee_3_months": ("notice",),
    "personal_data_breach_72h": ("known", "told"),
    "pq_lords_written": ("tabled",),
    "pq_commons_ordinary": ("tabled",),
    "pq_commons_named_day": ("named",),
    "gov_response_12w": ("closed",),
}
"""The events that start the clock of a rule, the first that a question names; for all others, an arrival."""


_ARRIVALS: tuple[Event, ...] = ("received", "submitted")


PAUSES = frozenset({"foi_20wd", "foi_clarification", "eir_20wd", "sar_one_month"})
"""Rules whose clock waits while a question back to the requester is open."""


AT_EVENT = frozenset({"event_minus_days", "leaving_date", "wms_notice", "readout_same_day"})
"""Rules counted from an event that takes place, in whatever words; any day counts that is no end and no absence."""


_FOLLOWS: Mapping[Event, Event] = {
    "clarified": "asked back",
    "told": "asked back",
    "identified": "asked back",
    "review asked": "answered",
}
"""Events that another one comes before. A day that is too early for its event is that of the request."""


_NO_EXCHANGE: tuple[Event, ...] = ("due", "event", "named", "closed", "known")
"""Events after the arrival that are neither a question back nor its answer."""


@dataclass(frozen=True)
class LimitRequest:
    """The time limit that a question is about, and the days it names with their events.

    `several` is whether it is about several cases, each with its own day.
    """

    rule: str
    events: tuple[DatedEvent, ...]
    question: str
    situation: str
    several: bool

    def said(self, name: str) -> bool:
        """Return whether a cue is in the question or in the earlier ones that complete it."""
        return bool(said(name, self.situation))

    def days(self, *events: Event) -> list[DatedEvent]:
        """Return the days of the first of some events that is named at all; a day named twice is there once."""
        for event in events:
            if found := {each.day.words.lower(): each for each in self.events if each.event == event}:
                return list(found.values())
        return []

    def starts(self) -> list[DatedEvent]:
        """Return the days that may start the clock: those of its event, else those of no known event."""
        if self.rule in AT_EVENT:
            return self.days("event") or [each for each in self.events if each.event not in {"due", "aside"}]
        # A named day question that says when it was tabled has another day for its answer.
        if self.rule == "pq_commons_named_day" and self.days("tabled"):
            return self.days("named")
        # A single day may be of no known event, or of an arrival.
        return self.plain_starts() or (self.days("", *_ARRIVALS) if len(self.events) == 1 else [])

    def plain_starts(self) -> list[DatedEvent]:
        """Return the days of the event that starts the clock."""
        needed: list[DatedEvent] = []
        if self.rule == "sar_one_month":
            needed = self._needed()
        if self.rule.endswith("internal_review") and not self.days("review asked"):
            # What arrived after the answer is about the answer.
            needed = self._after("answered")
        if self.rule == "personal_data_breach_72h" and self.said("supplier"):
            # What a supplier found is known to the department when it is told.
            needed = [*self.days("known"), *self.days("told")]
        starts = needed or self.days(*_STARTS.get(self.rule, _ARRIVALS))
        # Of the arrivals after a transfer, that at the department counts.
        return [each for each in starts if said("at us", each.near)] or starts if self.handed_on(starts) else starts

    def _needed(self) -> list[DatedEvent]:
        """Return the day of what was needed to answer; also the arrival, if nobody says that proof was asked for."""
        proof = [] if self.said("no proof needed") else self.days("identified")
        if proof and not (self.asked_back() or self.said("proof asked for")):
            return [*self.days(*_ARRIVALS), *proof]
        return proof or self.days("paid")

    def _after(self, event: Event) -> list[DatedEvent]:
        """Return the arrivals that are later than an event."""
        done = [day for each in self.days(event) if (day := _on(each))]
        later = ((each, _on(each)) for each in self.days(*_ARRIVALS))
        return [each for each, day in later if done and day and day > max(done)]

    def handed_on(self, starts: Sequence[DatedEvent]) -> bool:
        """Return whether an arrival may be that at another body or desk, which handed the case on."""
        arrived = any(start.event in _ARRIVALS for start in starts)
        inside = self.said("inside") and not any(said("elsewhere", start.near) for start in starts)
        return arrived and self.said("handed on") and not inside

    def arrived_otherwise(self, starts: Sequence[DatedEvent]) -> bool:
        """Return whether a day that is no start may be that of an arrival too, such as one at another desk."""
        if self.rule in _STARTS or not all(start.event in _ARRIVALS for start in starts):
            return False
        others = (each for each in self.events if each not in starts and each.event in {"", "aside"})
        return any(said("may be an arrival", each.near) for each in others)

    def moved(self, starts: Sequence[DatedEvent]) -> bool:
        """Return whether a closing or a named day was moved, or a breach may have been known on another day too."""
        if self.rule == "personal_data_breach_72h":
            others = (each for each in self.events if each not in starts and each.event != "due")
            return any(said("awareness", each.near) for each in others)
        return self.rule in {"gov_response_12w", "pq_commons_named_day"} and self.said("moved")

    def exchanged_after(self, starts: Sequence[DatedEvent]) -> Sequence[DatedEvent]:
        """Return later days on which something passed between requester and department that may begin the time anew."""
        begun = [day for each in starts if (day := _on(each))]
        if self.rule not in PAUSES or self.several or self.said("never asked") or not begun:
            return []
        later = (each for each in self.events if (day := _on(each)) and day > max(begun))
        known = {*_NO_EXCHANGE, *self._of_known_effect()}
        return [each for each in later if each.event not in known and said("exchange", each.near)]

    def _of_known_effect(self) -> Sequence[Event]:
        """Return the events after an arrival that are known to pause the month of a subject access request, or not."""
        if self.rule != "sar_one_month":
            return ()
        paused = self.days("asked back") and self.days("clarified")
        unneeded: Sequence[Event] = ("identified",) if self.said("no proof needed") else ()
        return (*unneeded, "asked back", "clarified") if paused else unneeded

    def possible_starts(self) -> Sequence[DatedEvent]:
        """Return the days that the words leave open as starts of the clock."""
        starts = self.starts()
        if later := self.exchanged_after(starts):
            return [*starts, *later]
        if not (self.said("handed on") or self.arrived_otherwise(starts)):
            return starts
        return [each for each in self.events if each.event not in {"due", "dated", "event"}]

    def asked_back(self) -> bool:
        """Return whether a question went back to the requester, answered or not."""
        return not self.said("never asked") and (story(self.situation).mentions("asked back") or self.said("unclear"))


def in_order(events: Sequence[DatedEvent]) -> tuple[DatedEvent, ...]:
    """Return events with those that lie before what they follow as arrivals of the request."""
    before = set(_FOLLOWS.values())
    first = {each.event: day for each in events if each.event in before and (day := _on(each))}

    def early(each: DatedEvent) -> bool:
        earliest = first.get(_FOLLOWS.get(each.event, ""))
        return bool(earliest and (day := _on(each)) and day < earliest)

    return tuple(replace(each, event="received") if early(each) else each for each in events)


def _on(event: DatedEvent) -> date | None:
    """Return a day that a question names, as if it were asked today; None if it is no date."""
    try:
        return resolve_date(event.day.words, today())
    except CommissionError:
        return None
