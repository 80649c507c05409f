"""Events of a question: what happened on each day that it names, by who did what in the clause of the day.

A day belongs to the last act before it in its clause; a day that opens a clause belongs to the acts behind it. The
words are in `text/word_lists/events.txt`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from humphrey.drafting.calculation_requests.acts import (
    GIVEN,
    WORDS,
    Event,
    acts_in,
    doer_of,
    event_of,
    thing_after,
    thing_before,
    thing_in,
    wanted,
)
from humphrey.drafting.calculation_requests.clauses import masked, pieces
from humphrey.text.date_mentions import DayMention, day_mentions

_TELLING = frozenset({"review asked", "clarified", "identified", "asked back"})
"""Events that tell more than the plain acts beside them: "he wrote and asked for a review" is about the review."""


# "We could not tell, so asked": what follows was done.
_SO = re.compile(r"\bso\b", re.IGNORECASE)


_FAR = 160
"""How many characters before an act are looked at."""


@dataclass(frozen=True)
class DatedEvent:
    """A day of a question and what happened on it; `near` holds the words of its clause."""

    day: DayMention
    event: Event
    near: str


@lru_cache(maxsize=256)
def story(text: str) -> "Story":
    """Return the story of a text."""
    return Story(text)


class Story:
    """The clauses of a text with their events, and its days bound to them."""

    def __init__(self, text: str) -> None:
        self._text, days = text, day_mentions(text)
        self._days = [day for day in days if not _names_a_paper(text, day)]
        papers = [DatedEvent(day, "dated", "") for day in days if day not in self._days]
        self._masked = masked(text, self._days)
        self._pieces = tuple(pieces(self._masked))
        self._events = tuple(self._resolved())
        self.dated = tuple(sorted((*self._dated(), *papers), key=lambda each: each.day.start))

    def mentions(self, *events: Event) -> bool:
        """Return whether one of some events took place, on a named day or not."""
        return any(event in events for found in self._events for event in found)

    def _dated(self) -> Sequence[DatedEvent]:
        """Return every day, in order, with its event; "Thursday, 26 November" is one day."""
        found: list[DatedEvent] = []
        for n, piece in enumerate(self._pieces):
            if piece.day < 0:
                continue
            day, last = self._days[piece.day], found[-1] if found else None
            if last and self._said_again(last.day, day):
                fuller = max(last.day, day, key=self._has_digit)
                found[-1] = DatedEvent(fuller, last.event, f"{last.near} {self._near(n)}")
            else:
                found.append(DatedEvent(day, self._event_at(n, last.event if last else ""), self._near(n)))
        return found

    def _said_again(self, last: DayMention, day: DayMention) -> bool:
        """Return whether a day says the one before it in other words."""
        apart = WORDS["said again"].match(self._masked[last.end : day.start])
        return bool(apart) and self._has_digit(last) != self._has_digit(day)

    def _has_digit(self, day: DayMention) -> bool:
        return any(letter.isdigit() for letter in self._text[day.start : day.end])

    def _near(self, n: int) -> str:
        """Return the words of the clause of the day that ends a piece; of its sentence, if it has no other words."""
        first = last = n
        bare = bool(WORDS["bare"].match(self._pieces[n].text))
        while bare and first and self._plain_beside(first - 1, n):
            first -= 1
        while (
            last + 1 < len(self._pieces)
            and self._plain_beside(last + 1, n)
            and (bare or self._pieces[last + 1].goes_on)
        ):
            last += 1
        return self._text[self._pieces[first].start : self._pieces[last].start + len(self._pieces[last].text)]

    def _plain_beside(self, other: int, n: int) -> bool:
        """Return whether a piece names no day and is of the sentence of another."""
        return self._pieces[other].day < 0 and self._pieces[other].sentence == self._pieces[n].sentence

    def _event_at(self, n: int, before: Event) -> Event:
        """Return the event of the day that ends a piece; `before` is that of the day before it."""
        text, own = self._pieces[n].text, self._events[n]
        if WORDS["limit"].search(text):
            return "due"
        if WORDS["until"].search(text):
            happened = [event for event in own if event not in {"aside", "received"}]
            return (happened or ["known"])[0] if WORDS["not"].search(text) else "due"
        if WORDS["since"].search(text) and own[-1:] not in {("received",), ("asked back",)}:
            return "aside"
        if own:
            return next((event for event in self._right_behind(n) if event in _TELLING), own[-1])
        if WORDS["bare"].match(text):
            return self._behind(n) or self._earlier(n, before)
        if WORDS["another"].search(text) and before:
            return "aside" if "aside" in self._right_behind(n) else before
        return "aside" if WORDS["verb"].search(text) and not WORDS["of the case"].search(text) else ""

    def _right_behind(self, n: int) -> tuple[Event, ...]:
        """Return the events right behind the day that ends a piece: "we wrote on 5 May asking which"."""
        piece = self._pieces[n + 1] if n + 1 < len(self._pieces) else None
        behind = piece and piece.goes_on and piece.day < 0 and WORDS["to do so"].match(piece.text)
        return self._events[n + 1] if behind else ()

    def _behind(self, n: int) -> Event:
        """Return the event of a day that opens its clause, from the acts behind it up to the next day's own."""
        found: list[Event] = []
        for later, piece in enumerate(self._pieces[n + 1 :], start=n + 1):
            if piece.sentence != self._pieces[n].sentence:
                break
            found += self._events[later][: -1 if piece.day >= 0 else None]
            if piece.day >= 0:
                break
        return next(iter([*(event for event in found if event in _TELLING), *found]), "")

    def _earlier(self, n: int, before: Event) -> Event:
        """Return the event of a bare day: that of the day it follows, or the last one in its sentence."""
        for k in range(n - 1, -1, -1):
            if self._pieces[k].sentence != self._pieces[n].sentence:
                return ""
            if self._pieces[k].day >= 0 or WORDS["another"].search(self._pieces[k].text):
                return before
            if self._events[k]:
                return self._events[k][-1]
        return ""

    def _resolved(self) -> Iterator[tuple[Event, ...]]:
        """Yield the events of each piece, from the things that were named and asked for before it."""
        carried = asked = ""
        for n, piece in enumerate(self._pieces):
            found = tuple(self._events_of(n, carried, asked))
            yield tuple(event for event, _ in found)
            # What stands in brackets is said by the way.
            if self._masked[piece.start - 1 : piece.start] != "(":
                carried = thing_in(piece.text) or carried
            asked = next((wanted(thing) for event, thing in found if event == "asked back"), asked)

    def _events_of(self, n: int, carried: str, asked: str) -> Iterator[tuple[Event, str]]:
        """Yield the event of each act of a piece, with its thing."""
        piece, text = self._pieces[n], self._pieces[n].text
        acts = acts_in(text)
        for k, (act, start, end) in enumerate(acts):
            before = text[max(0, start - _FAR) : start]
            lead = self._masked[max(piece.sentence, piece.start + start - _FAR) : piece.start + start]
            after = text[end : acts[k + 1][1]] if k + 1 < len(acts) else text[end:] + self._continued(n)
            undone = WORDS["not"].search(_SO.split(before)[-1]) and not WORDS["until"].search(text)
            if WORDS["unreal"].search(lead) or undone:
                yield "aside", ""
                continue
            doer = doer_of(lead) or (
                "us" if asked and act in {"submit", "send"} and WORDS["elided"].search(lead) else ""
            )
            said = (thing_after(act, after), thing_before(before, act, doer))
            named = [each for each in said if each not in {"", "carrier"}]
            thing = next((each for each in named if each in GIVEN), named[0] if named else "")
            # A letter brings what was asked for, if something was.
            thing = thing or self._meant(n, before, after, carried, asked) or ("request" if any(said) else "")
            event = event_of(act, doer, thing, before, after)
            asked = wanted(thing) if event == "asked back" else asked
            yield event, thing

    def _meant(self, n: int, before: str, after: str, carried: str, asked: str) -> str:
        """Return the thing that an act means without naming it: what was asked for, else what was named before it."""
        if asked:
            end = next((each.start for each in self._pieces[n:] if each.sentence != self._pieces[n].sentence), None)
            return "other" if WORDS["no answer"].search(self._masked[self._pieces[n].start : end]) else asked
        named = WORDS["it"].search(before + after) or WORDS["bare"].match(before)
        return carried if named and carried != "reply" else ""

    def _continued(self, n: int) -> str:
        """Return the words behind the day that ends a piece, if they have no act of their own."""
        piece = self._pieces[n + 1] if n + 1 < len(self._pieces) else None
        return piece.text.split(":")[0] if piece and piece.goes_on and not acts_in(piece.text) else ""


def _names_a_paper(text: str, day: DayMention) -> bool:
    """Return whether a day is part of a name: "our 12 October reply", "the 3 May meeting"."""
    return bool(WORDS["owned"].search(text[: day.start]) and WORDS["paper"].match(text[day.end :]))
