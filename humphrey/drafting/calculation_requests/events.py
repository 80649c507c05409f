"""Events of a question: what happened on each day that it names, by who did what in the clause of the day.

An act (received, sent, asked), its doer (the department or another person) and its thing (the request, a clarification,
a review) make an event. A day belongs to the last act before it in its clause; a day that opens a clause belongs to the
acts behind it. The words are in `text/word_lists/events.txt`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from humphrey.text.date_mentions import DayMention, day_mentions
from humphrey.text.words import load

# fmt: off
Event = Literal[
    "", "asked back", "clarified", "identified", "notice", "paid", "review asked", "answered", "tabled", "named",
    "known", "closed", "event", "received", "submitted", "told", "dated", "sent", "due", "aside",
]
# fmt: on
"""What happened on a day; empty if the words do not tell.

`received` is an arrival. `submitted` is one if no other is named: a request that was made, or sent to us. `sent` and
`dated` are acts of the other side before the arrival. `told` is word from another person. `aside` starts no clock.
"""


_WORDS = {name: re.compile("|".join(each.pattern for each in lines), re.I) for name, lines in load("events").items()}


def _named(kind: str) -> Mapping[str, re.Pattern[str]]:
    """Return the sections of a kind by their names; each matches whole words."""
    found = ((name.removeprefix(f"{kind} "), shape) for name, shape in _WORDS.items() if name.startswith(f"{kind} "))
    return {name: re.compile(rf"\b(?:{shape.pattern})(?![\w-])", re.IGNORECASE) for name, shape in found}


_ACTS, _THINGS = _named("act"), _named("thing")


_GIVEN: Mapping[str, Event] = {
    "query": "asked back",
    "clarity": "clarified",
    "identity": "identified",
    "fee": "paid",
    "review": "review asked",
}
"""What an arrival is, by the thing that arrives."""


_TELLING = frozenset({"review asked", "clarified", "identified", "asked back"})
"""Events that tell more than the plain acts beside them: "he wrote and asked for a review" is about the review."""


_SENTENCE = re.compile(r"[.;?!](?=\s+(?![a-z])|\s*$)|\n")
# A piece ends at one of these or behind a day.
_BORDER = re.compile(
    r"[.,;?!](?=\s|$)|\n|\s[-–—]\s|[()]|(?<=#)(?!#)"
    r"|\b(?:and|but|then|while|whereas|though|although|because|whose|when|after)\b"
    r"|(?=\bwhich (?:we|I|she|he|they|was|were|had|has|is|[a-z]+ed|came|got)\b)",
    re.IGNORECASE,
)


_FAR = 160
"""How many characters before an act are looked at."""


# A name before an act; not a noun that only begins a note.
_NAME = re.compile(
    r"\b(?!(?:Answer|Repl|Respon|Clarif|Request|Letter|Review|Question|Dat|Proof|Form|E-?mail|It|Th|On|In|At)\w*\b)"
    r"[A-Z][a-z]+(?: (?:has|had|then|also|only|first|already|just|finally))?\s*$"
)


@dataclass(frozen=True)
class DatedEvent:
    """A day of a question and what happened on it; `near` holds the words of its clause."""

    day: DayMention
    event: Event
    near: str


@dataclass(frozen=True)
class _Piece:
    """Words of one clause, up to a border or a day.

    `sentence` is the place where its sentence begins, `day` the number of the day that ends it or -1, `goes_on` whether
    only a day stands between it and the piece before.
    """

    text: str
    start: int
    sentence: int
    day: int
    goes_on: bool


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
        self._masked = _masked(text, self._days)
        self._pieces = tuple(_pieces(self._masked))
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
        apart = _WORDS["said again"].match(self._masked[last.end : day.start])
        return bool(apart) and self._has_digit(last) != self._has_digit(day)

    def _has_digit(self, day: DayMention) -> bool:
        return any(letter.isdigit() for letter in self._text[day.start : day.end])

    def _near(self, n: int) -> str:
        """Return the words of the clause of the day that ends a piece; of its sentence, if it has no other words."""
        first = last = n
        bare = bool(_WORDS["bare"].match(self._pieces[n].text))
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
        if _WORDS["limit"].search(text):
            return "due"
        if _WORDS["until"].search(text):
            happened = [event for event in own if event not in {"aside", "received"}]
            return (happened or ["known"])[0] if _WORDS["not"].search(text) else "due"
        if _WORDS["since"].search(text) and own[-1:] not in {("received",), ("asked back",)}:
            return "aside"
        if own:
            return next((event for event in self._right_behind(n) if event in _TELLING), own[-1])
        if _WORDS["bare"].match(text):
            return self._behind(n) or self._earlier(n, before)
        if _WORDS["another"].search(text) and before:
            return "aside" if "aside" in self._right_behind(n) else before
        return "aside" if _WORDS["verb"].search(text) and not _WORDS["of the case"].search(text) else ""

    def _right_behind(self, n: int) -> tuple[Event, ...]:
        """Return the events right behind the day that ends a piece: "we wrote on 5 May asking which"."""
        piece = self._pieces[n + 1] if n + 1 < len(self._pieces) else None
        behind = piece and piece.goes_on and piece.day < 0 and _WORDS["to do so"].match(piece.text)
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
            if self._pieces[k].day >= 0 or _WORDS["another"].search(self._pieces[k].text):
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
                carried = _thing(piece.text) or carried
            asked = next((_wanted(thing) for event, thing in found if event == "asked back"), asked)

    def _events_of(self, n: int, carried: str, asked: str) -> Iterator[tuple[Event, str]]:
        """Yield the event of each act of a piece, with its thing."""
        piece, text = self._pieces[n], self._pieces[n].text
        acts = _acts(text)
        for k, (act, start, end) in enumerate(acts):
            before = text[max(0, start - _FAR) : start]
            lead = self._masked[max(piece.sentence, piece.start + start - _FAR) : piece.start + start]
            after = text[end : acts[k + 1][1]] if k + 1 < len(acts) else text[end:] + self._continued(n)
            if _WORDS["unreal"].search(lead) or (_WORDS["not"].search(before) and not _WORDS["until"].search(text)):
                yield "aside", ""
                continue
            doer = _doer(lead) or (
                "us" if asked and act in {"submit", "send"} and _WORDS["elided"].search(lead) else ""
            )
            said = (_thing_after(act, after), _thing_before(before, act, doer))
            named = [each for each in said if each not in {"", "carrier"}]
            thing = next((each for each in named if each in _GIVEN), named[0] if named else "")
            # A letter brings what was asked for, if something was.
            thing = thing or self._meant(n, before, after, carried, asked) or ("request" if any(said) else "")
            event = _event(act, doer, thing, before, after)
            asked = _wanted(thing) if event == "asked back" else asked
            yield event, thing

    def _meant(self, n: int, before: str, after: str, carried: str, asked: str) -> str:
        """Return the thing that an act means without naming it: what was asked for, else what was named before it."""
        if asked:
            end = next((each.start for each in self._pieces[n:] if each.sentence != self._pieces[n].sentence), None)
            return "other" if _WORDS["no answer"].search(self._masked[self._pieces[n].start : end]) else asked
        named = _WORDS["it"].search(before + after) or _WORDS["bare"].match(before)
        return carried if named and carried != "reply" else ""

    def _continued(self, n: int) -> str:
        """Return the words behind the day that ends a piece, if they have no act of their own."""
        piece = self._pieces[n + 1] if n + 1 < len(self._pieces) else None
        return piece.text.split(":")[0] if piece and piece.goes_on and not _acts(piece.text) else ""


def _event(act: str, doer: str, thing: str, before: str, after: str) -> Event:
    """Return the event that an act of a doer on a thing makes, with the words of its clause before and after it."""
    if act not in {"hear", "clarify", "pause", "ask", "tell", "reply", "arrive", "submit", "send"}:
        return cast("Event", act)
    if thing == "other":
        return "aside"
    if act == "arrive":
        return _arrival(doer, thing, before, after)
    if act == "hear":
        return "identified" if thing == "identity" else "clarified"
    if thing == "query" and act in {"reply", "tell", "clarify"}:
        return "clarified" if doer == "them" else "aside"
    if thing == "query" or (doer == "us" and thing in {"clarity", "identity"}) or (act == "pause" and doer != "them"):
        return "asked back"
    if act == "clarify":
        return "aside" if doer == "us" else "clarified"
    return _asking(doer, thing, after) if act in {"ask", "pause"} else _word(act, doer, thing, before, after)


def _word(act: str, doer: str, thing: str, before: str, after: str) -> Event:
    """Return the event of a word that is told, replied, handed in or sent."""
    if act == "tell" and (doer == "to us" or _WORDS["to us"].search(after)):
        return "told"
    if doer == "us" and _WORDS["to ask"].search(after):
        return "asked back"
    if doer == "us" or (thing == "reply" and not _WORDS["their"].search(before)):
        return "answered"
    if act in {"tell", "reply"}:
        return _GIVEN.get(thing, "told" if doer else "answered")
    if act == "submit":
        return _GIVEN.get(thing, "told" if thing == "reply" else "submitted")
    return "submitted" if doer == "to us" else "sent"


def _arrival(doer: str, thing: str, before: str, after: str) -> Event:
    if _WORDS["at a desk"].search(" ".join(f"{before} arrive {after}".split())):
        return "aside"
    if thing == "reply":
        return "answered" if _WORDS["our"].search(before + after) or doer == "them" else "told"
    if not thing:
        nothing = not (_WORDS["it"].search(before) or _WORDS["bare"].match(before.split(":")[-1])) or _WORDS[
            "anything"
        ].match(after)
        return "aside" if nothing else "received"
    # What another person received is not here by that.
    return _GIVEN.get(thing, "aside" if _WORDS["they had"].search(before) else "received")


def _asking(doer: str, thing: str, after: str) -> Event:
    if thing == "review":
        return "review asked"
    if _WORDS["to a person"].match(after) or (thing in {"clarity", "identity"} and doer != "them"):
        return "asked back"
    if doer == "us":
        # Whatever else the department asked may be a question back: no date is better than a wrong one.
        return "asked back"
    return "asked back" if not doer and _WORDS["which"].search(after) else "submitted"


def _doer(lead: str) -> str:
    """Return who does an act, from the words of its sentence before it: "us", "them", "to us", or nobody."""
    if _WORDS["we were"].search(lead):
        return "to us"
    if _WORDS["passive"].search(lead):
        return ""
    if _WORDS["by us"].search(lead):
        return "us"
    if _WORDS["by them"].search(lead) or _NAME.search(lead):
        return "them"
    # In "we received it and asked" the doer opens the clause of the first act.
    subjects = list(_WORDS["subject"].finditer(lead)) if _WORDS["elided"].search(lead) else []
    return "" if not subjects else "us" if subjects[-1]["us"] else "them"


def _thing(text: str) -> str:
    return next((thing for thing, shape in _THINGS.items() if shape.search(text)), "")


def _thing_before(text: str, act: str, doer: str) -> str:
    """Return the thing before an act; the nearest in "reply to a request received", otherwise what decides."""
    first = _thing(text)
    if first == "other":
        # "A request for the minutes arrived" is about the request.
        return _thing_after("arrive", text)
    if doer == "us" or (act == "arrive" and first == "reply") or _WORDS["verb"].search(text):
        places = [(found.end(), thing) for thing, shape in _THINGS.items() for found in shape.finditer(text)]
        return max(places, default=(0, ""))[1]
    return first


def _wanted(thing: str) -> str:
    """Return what a question back was about: who the requester is, or what they want."""
    return "identity" if thing == "identity" else "clarity"


def _thing_after(act: str, text: str) -> str:
    """Return the thing behind an act; the first in "received a request for the papers of a review"."""
    if act not in {"arrive", "ask", "reply"}:
        return _thing(text)
    places = [
        (found.start(), thing == "carrier", n, thing)
        for n, (thing, shape) in enumerate(_THINGS.items())
        for found in shape.finditer(text)
    ]
    return min(places, key=lambda place: (place[1], place[0], place[2]), default=(0, False, 0, ""))[3]


def _acts(text: str) -> list[tuple[str, int, int]]:
    """Return the acts of a text with their places, without those that overlap a more specific one."""
    taken: list[tuple[str, int, int]] = []
    for act, shape in _ACTS.items():
        for start, end in (found.span() for found in shape.finditer(text)):
            if not any(start < until and since < end for _, since, until in taken):
                taken.append((act, start, end))
    return sorted(taken, key=lambda each: each[1])


def _names_a_paper(text: str, day: DayMention) -> bool:
    """Return whether a day is part of a name: "our 12 October reply", "the 3 May meeting"."""
    return bool(_WORDS["owned"].search(text[: day.start]) and _WORDS["paper"].match(text[day.end :]))


def _masked(text: str, days: Sequence[DayMention]) -> str:
    """Return a text with its days as signs, so that no word of a day is taken for an act; places stay the same."""
    text = text.replace("#", " ")
    for day in days:
        text = f"{text[: day.start]}{'#' * (day.end - day.start)}{text[day.end :]}"
    return text


def _pieces(masked: str) -> Iterator[_Piece]:
    sentences = [0, *(found.end() for found in _SENTENCE.finditer(masked))]
    start, day, behind_day = 0, 0, False
    for end, after in [*(found.span() for found in _BORDER.finditer(masked)), (len(masked), len(masked))]:
        text = masked[start:end]
        ends = text.endswith("#")
        if text.strip():
            opens = start + len(text) - len(text.lstrip())
            sentence = max(each for each in sentences if each <= opens)
            yield _Piece(text, start, sentence, day if ends else -1, behind_day)
            day += ends
        behind_day = ends and after == end
        start = after
