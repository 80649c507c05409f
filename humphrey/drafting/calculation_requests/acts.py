"""Acts of a clause: what an act (received, sent, asked) of a doer on a thing makes of its day.

The doer is the department or another person, the thing is the request, a clarification or a review. The words are in
`text/word_lists/events.txt`.
"""

import re
from collections.abc import Mapping
from typing import Literal, cast

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


WORDS = {name: re.compile("|".join(each.pattern for each in lines), re.I) for name, lines in load("events").items()}


def _named(kind: str) -> Mapping[str, re.Pattern[str]]:
    """Return the sections of a kind by their names; each matches whole words."""
    found = ((name.removeprefix(f"{kind} "), shape) for name, shape in WORDS.items() if name.startswith(f"{kind} "))
    return {name: re.compile(rf"\b(?:{shape.pattern})(?![\w-])", re.IGNORECASE) for name, shape in found}


_ACTS, _THINGS = _named("act"), _named("thing")


GIVEN: Mapping[str, Event] = {
    "query": "asked back",
    "clarity": "clarified",
    "identity": "identified",
    "fee": "paid",
    "review": "review asked",
}
"""What an arrival is, by the thing that arrives."""


# A name before an act; not a noun that only begins a note.
_NAME = re.compile(
    r"\b(?!(?:Answer|Repl|Respon|Clarif|Request|Letter|Review|Question|Dat|Proof|Form|E-?mail|It|Th|On|In|At)\w*\b)"
    r"[A-Z][a-z]+(?: (?:has|had|then|also|only|first|already|just|finally))?\s*$"
)


def event_of(act: str, doer: str, thing: str, before: str, after: str) -> Event:
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
    if act == "tell" and (doer == "to us" or WORDS["to us"].search(after)):
        return "told"
    if doer == "us" and WORDS["to ask"].search(after):
        return "asked back"
    if doer == "us" or (thing == "reply" and not WORDS["their"].search(before)):
        return "answered"
    if act in {"tell", "reply"}:
        return GIVEN.get(thing, "told" if doer else "answered")
    if act == "submit":
        return GIVEN.get(thing, "told" if thing == "reply" else "submitted")
    return "submitted" if doer == "to us" else "sent"


def _arrival(doer: str, thing: str, before: str, after: str) -> Event:
    if WORDS["at a desk"].search(" ".join(f"{before} arrive {after}".split())):
        return "aside"
    if thing == "reply":
        theirs = WORDS["their reply"].search(before)
        ours = WORDS["our"].search(before + after) or (doer == "them" and not theirs)
        return "answered" if ours else "told"
    if not thing:
        nothing = not (WORDS["it"].search(before) or WORDS["bare"].match(before.split(":")[-1])) or WORDS[
            "anything"
        ].match(after)
        return "aside" if nothing else "received"
    # What another person received is not here by that.
    return GIVEN.get(thing, "aside" if WORDS["they had"].search(before) else "received")


def _asking(doer: str, thing: str, after: str) -> Event:
    if thing == "review":
        return "review asked"
    if WORDS["to a person"].match(after) or (thing in {"clarity", "identity"} and doer != "them"):
        return "asked back"
    if doer == "us":
        # Whatever else the department asked may be a question back: no date is better than a wrong one.
        return "asked back"
    return "asked back" if not doer and WORDS["which"].search(after) else "submitted"


def doer_of(lead: str) -> str:
    """Return who does an act, from the words of its sentence before it: "us", "them", "to us", or nobody."""
    if WORDS["we were"].search(lead):
        return "to us"
    if WORDS["passive"].search(lead):
        return ""
    if WORDS["by us"].search(lead):
        return "us"
    if WORDS["by them"].search(lead) or _NAME.search(lead):
        return "them"
    # In "we received it and asked" the doer opens the clause of the first act.
    subjects = list(WORDS["subject"].finditer(lead)) if WORDS["elided"].search(lead) else []
    return "" if not subjects else "us" if subjects[-1]["us"] else "them"


def thing_in(text: str) -> str:
    """Return the thing that a text names, the first in the order of the word list; empty if it names none."""
    return next((thing for thing, shape in _THINGS.items() if shape.search(text)), "")


def thing_before(text: str, act: str, doer: str) -> str:
    """Return the thing before an act; the nearest in "reply to a request received", otherwise what decides."""
    first = thing_in(text)
    if first == "other":
        # "A request for the minutes arrived" is about the request.
        return thing_after("arrive", text)
    if doer == "us" or (act == "arrive" and first == "reply") or WORDS["verb"].search(text):
        places = [(found.end(), thing) for thing, shape in _THINGS.items() for found in shape.finditer(text)]
        return max(places, default=(0, ""))[1]
    return first


def wanted(thing: str) -> str:
    """Return what a question back was about: who the requester is, or what they want."""
    return "identity" if thing == "identity" else "clarity"


def thing_after(act: str, text: str) -> str:
    """Return the thing behind an act; the first in "received a request for the papers of a review"."""
    if act not in {"arrive", "ask", "reply"}:
        return thing_in(text)
    places = [
        (found.start(), thing == "carrier", n, thing)
        for n, (thing, shape) in enumerate(_THINGS.items())
        for found in shape.finditer(text)
    ]
    return min(places, key=lambda place: (place[1], place[0], place[2]), default=(0, False, 0, ""))[3]


def acts_in(text: str) -> list[tuple[str, int, int]]:
    """Return the acts of a text with their places, without those that overlap a more specific one."""
    taken: list[tuple[str, int, int]] = []
    for act, shape in _ACTS.items():
        for start, end in (found.span() for found in shape.finditer(text)):
            if not any(start < until and since < end for _, since, until in taken):
                taken.append((act, start, end))
    return sorted(taken, key=lambda each: each[1])
