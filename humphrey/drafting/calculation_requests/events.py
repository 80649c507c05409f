"""Events of a question: what happened on each day that it names, by who did what in the clause of the day.

An act (received, sent, asked), its doer (the department or another person) and its thing (the request, a clarification,
a review) make an event. A day belongs to the last act before it in its clause; a day that opens a clause belongs to the
act behind it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from humphrey.text.date_mentions import DayMention, day_mentions

Event = Literal[
    *("", "asked back", "clarified", "identified", "notice", "paid", "review asked", "answered", "tabled", "named"),
    *("known", "closed", "event", "received", "submitted", "told", "dated", "sent", "due", "aside"),
]
"""What happened on a day; empty if the words do not tell.

`received` is an arrival. `submitted` is one if no other is named: a request that was made, or sent to us. `sent` and
`dated` are acts of the other side before the arrival. `told` is word from another person. `aside` starts no clock.
"""


Thing = Literal["", "other", "query", "clarity", "identity", "fee", "review", "reply", "request", "carrier"]
"""What an act is about; empty if the words do not say."""


Doer = Literal["", "us", "them", "to us"]
"""Who does an act: the department, another person, another person to the department, or nobody who is named."""


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})(?![\w-])", re.IGNORECASE)


# `#` stands for a day. The more specific act comes first: where two overlap, the earlier one counts.
_ACTS: Mapping[str, re.Pattern[str]] = {
    act: _words(pattern)
    for act, pattern in {
        "aside": r"chas\w+|remind\w*|again|acknowledg\w*|ack['’]?d|holding \w+|thank\w*|logged|registered|recorded"
        r"|put on|allocated|assigned|forwarded|transferred|pass(?:ed|ing)|scanned|picked (?:it )?up|redirected|opened|drafted|discuss\w*"
        r"|(?:only|first|I) (?:saw|read)|commissioned|ended up|away|on (?:\w+ )?leave|off|back (?:in|from)|(?:am|is|are|be|and) back|covering"
        r"|return(?:s|ed)|joined|starts?|leaves?|leaving|wants?|(?:about|between)(?= #)",
        "due": r"(?:due|deadline|target)(?: date)?(?: is| was| of| on| by| for)?(?= (?:the )?#)",
        "named": r"nam(?:ed|es|ing)(?![- ]day (?:question|PQ|written))|named day (?:is|was|of)|for (?:an? )?answer"
        r"|be answered (?:on|by)(?= #)|(?:picked|chose|chosen|wants|for)(?= #)",
        "tabled": r"tabl(?:ed|ing)|put down",
        "notice": r"fees? notice(?: (?:was |is )?(?:sent|given|issued|served|went out))?",
        "paid": r"paid|payment|pays?|fee (?:came|arrived|was (?:received|paid))",
        "dated": r"dated|dtd|signed|headed|date (?:at|on|of)|carries|postmark\w*|frank\w*|says(?= #)"
        r"|(?:letter|e-?mail|correspondence|note|reply|response|refusal|answer)(?: is| was| from \w+(?: \w+)?)? (?:of|from)(?= (?:the )?#)",
        "known": r"aware|discover\w*|found(?: out)?|spotted|noticed|realis\w+|(?<!lessons )learn(?:ed|t)|heard|came to light|knew",
        "clarify": r"clarified|narrowed|resumed|restarted|explained|specified|spell(?:ed|t) out"
        r"|cleared (?:it|that|this) up|(?:did|done) so",
        "pause": r"on hold|paused|clock(?: was)? stopped|stopped the clock|pointed out|queried|put to (?:the |an? )?(?:\w+ )?(?:him|her|them|requester|applicant)",
        "ask": r"ask(?:ed|s|ing)|sought|seeking|request(?:ed|ing)|(?:went|gone|going) back|appealed|complained",
        "tell": r"told|tells|informed|let us know|rang|phoned|alerted|notified|reported",
        "reply": r"repli(?:ed|es)|responded|answered|refus(?:ed|al)|disclosed|released|confirmed|provided|supplied|gave"
        r"|given|decided|decision|(?:came|comes?|got|wrote|e-?mailed) back",
        "arrive": r"receiv\w*|receipt|rec['’]?d|rcvd|arriv\w*|came|comes?|coming|got(?! to (?!us\b|our\b|the dep))|landed"
        r"|reach\w*|deliver\w*|hand(?:ed)? (?:in|over|to us)|turn(?:ed|s)? up|dropped (?:off|in)|hit|stamped|(?:been|was|were|is) with us"
        r"|brought|in(?= (?:on )?#)|in (?:the |our )?(?:post|mail) ?room|had(?= (?:it|in|our)\b|(?: \w+){0,4} (?:request|letter|correspondence|e-?mail|case|FOI|SAR)\b| since #)",
        "submit": r"e-?mail(?:ed|s)|submitted|made|lodged|put in(?! the post)|filed|sent (?:in|us|to us)",
        "send": r"sent|sends?|post(?:ed|ing)|mailed|dispatch\w*|wrote|writes|written(?! (?:question|PQ|answer|parl|minist|statement))|writing|issued|went(?: out| up)?"
        r"|in the post",
        "closed": r"clos(?:ed?|es|ing)|ended|ends",
        "event": r"meet(?:s|ing)?|met|visit\w*|speech|event|conference|debate|hearing|launch|statement|last (?:working )?day|held|takes place",
    }.items()
}


# What decides comes first: "the clarification of the request" is a clarification.
_THINGS: Mapping[Thing, re.Pattern[str]] = {
    thing: _words(pattern)
    for thing, pattern in {
        "other": r"drafts?|comments|advice|figures|chaser|reminder|briefing|out of office|minutes|invoice",
        "query": r"(?:clarification|ID) requests?|requests? for (?:clarification|ID|identification|proof)|quer(?:y|ies)"
        r"|question back|our question",
        "clarity": r"clarifications?|to clarify|particulars|(?:more|further) (?:detail|information)|scope|narrow\w*|specif\w+|vague|broad"
        r"|(?:revised|clearer) (?:request|version)|(?:what|which)\b[^.?!]* (?:mean|meant|means|wanted)"
        r"|unclear|explain|could mean|make sense|understood",
        "identity": r"ID|identity|identification|passport|(?:driving )?licence|proof|utility bill|who (?:he|she) is",
        "fee": r"fees?|payment|cheque",
        "review": r"review\w*|IR|reconsider\w*|look(?:ed)? (?:at (?:it )?)?again|representations|appealed",
        "reply": r"repl(?:y|ies)|responses?|answers?|refusals?|decisions?",
        "request": r"original|treat[- ]officials?|req(?:uest)?s?|FOIA?s?|EIRs?|D?SARs?|questions?|PQs?|cases?|complaints?|correspondence",
        "carrier": r"letters?|e-?mails?|messages?|notes?|forms?|enquir\w+|submissions?|envelope|post",
    }.items()
}


_US = (
    r"(?:we|I|(?:our|my|the) (?:\w+ )?(?:team|office|side|department|unit|branch|colleagues?|predecessor)|officials"
    r"|(?:a )?colleagues?)"
)


_THEM = (
    r"(?:[Tt]hey|[Hh]e|[Ss]he|who|(?:[Tt]he |[Aa]n? )?(?:requester|applicant|complainant|citizen|member|MP|journalist|person|individual)"
    r"|(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir) (?:[a-z]+ )?[a-z]+"
    r"|(?!(?:Answer|Repl|Respon|Clarif|Request|Letter|Review|Question|Date|Data|Proof|Form|E-?mail|It|Th|On|In|At)\w*\b)"
    r"[A-Z][a-z]+)"
)


# Words between a doer and an act.
_BETWEEN = r"(?:(?:['’](?:ve|d|s)|\s+(?:have|has|had|then|also|only|first|already|just|finally|since|now|\w+ly)))*\s*$"


_BY_US = re.compile(rf"\b{_US}{_BETWEEN}", re.IGNORECASE)
_BY_THEM = re.compile(rf"\b{_THEM}{_BETWEEN}")
_SUBJECT = re.compile(rf"(?:^|[,.;(–—#-]|\b(?:and|but|then|when|after|if|that|because))\s*(?:(?P<us>{_US})|they|he|she)\b", re.I)
_PASSIVE = re.compile(r"\b(?:was|were|been|be|being|is|are)(?: (?:\w+ly|then|also|first))?\s*$", re.IGNORECASE)
_WE_WERE = re.compile(r"\b(?:we|us)(?:['’](?:ve|d)| have| had)? (?:were|been)(?: \w+ly| then| also| first)?\s*$", re.I)
_TO_US = re.compile(r"^\s*(?:it |them |this )?to (?:us|me|our)\b", re.IGNORECASE)
_OF_OURS = re.compile(r"\b(?:we|I|our|my|the (?:department|team|unit))\b(?: \w+){0,4}\s*$", re.IGNORECASE)


_WHICH = re.compile(r"\b(?:which|what|whether|how|who|mean\w*)\b", re.IGNORECASE)
_IT = re.compile(r"\b(?:it|this|that|which|one|another|other|both|they|so(?= on))\b", re.IGNORECASE)
_NO_ANSWER = re.compile(r"\b(?:out of office|auto\w*|holding|acknowledg\w*|thank\w*|get back|will)\b", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:him|her|them|back|the (?:requester|applicant|person|individual))\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|never|nobody|no one|none|without)\b|n['’]t\b", re.IGNORECASE)
_UNREAL = re.compile(
    r"\b(?:(?:thought|thinking) (?:about|of)|consider\w*|going to|plan\w* to|will|shall|would|might|could|should|can|may"
    r"|must|a note|a draft)(?: (?:we|I))?\s*$",
    re.IGNORECASE,
)


# An arrival at a desk inside the department need not be that at the department.
_AT_A_DESK = re.compile(
    r"\b(?:(?:to|with|reach\w*|on|in) me|(?:my|our|her|his|their) (?:\w+ )*(?:desk|team|list|branch|tray)"
    r"|only (?:\w+ )*the (?:\w+ )*team)\b", re.I
)


# An arrival of something that is no case: "we received a call".
_ANYTHING = re.compile(r"^\s*(?:the|an?|some|his|her|their|our|my) (?!(?:day|week|same|end)\b)\w", re.IGNORECASE)


_OUR = re.compile(r"\bour\b", re.IGNORECASE)
_THEIR = re.compile(r"\b(?:his|her|their|an?|\w+['’]s)\b", re.IGNORECASE)


_SENTENCE = re.compile(r"[.;?!](?=\s+(?![a-z])|\s*$)|\n")


# A segment ends at one of these or behind a day.
_BORDER = re.compile(
    r"[.,;?!](?=\s|$)|\n|\s[-–—]\s|[()]|(?<=#)(?!#)"
    r"|\b(?:and|but|then|while|whereas|though|although|because|whose|when|after)\b"
    r"|(?=\bwhich (?:we|I|she|he|they|was|were|had|has|is|[a-z]+ed|came|got)\b)",
    re.IGNORECASE,
)


# Words that say nothing of an event.
_BARE = re.compile(
    r"(?:\b(?:on|the|of|at|around|about|in|just|only|was|is|it|that|this|which|if|for|what|or|from|since|a|week|end|had|been|were|originally|also|here|we|I|so|\w+ly|noon|midday|midnight)\b|\d[\d:.]*(?:[ap]m)?"
    r"|[^\w]|\d)*",
    re.IGNORECASE,
)


_OWNED = re.compile(r"(?:\b(?:our|the|his|her|their|its|my|that|this)|['’]s)\s+$", re.IGNORECASE)
_PAPER = re.compile(r"\s+(?:\w+ )?(?:repl|respons|refus|answer|decision|letter|e-?mail|meeting|statement|report)", re.IGNORECASE)


_DIGIT = re.compile(r"\d")


# "Thursday evening, 26 November", "three weeks ago (9 November)".
_APPOSED = re.compile(r"(?: (?:morning|afternoon|evening|night))?\s*[,(–—-]\s*(?:(?:on|the|i\.e\.|that is)\s+)*", re.IGNORECASE)


_ANOTHER = re.compile(r"\b(?:one|another|other|second|third|further|more)\b", re.IGNORECASE)


# A day after "by" is an end or a wish; after "until" too, unless nothing happened before it.
_LIMIT = re.compile(
    r"\b(?:by|before|no later than|not later than|up to|(until|till))\s+(?:the\s+)?(?:(?:\d\S*(?: ?[ap]m)?|noon|midday|midnight|\w+ of \w+)\s+on\s+)?#", re.IGNORECASE
)


_VERB = re.compile(
    r"\b(?:we|I|they|he|she|who|nobody|everybody)\b(?:['’]\w+)?\s+\w+"
    r"|\bto (?!the|an?|our|us|my|me|his|her|him|this|that|their|them|FOI|MP)\w+|\b\w{3,}ed\b",
    re.IGNORECASE,
)


# "A request of 9 November": the words give a day and no act.
_OF_THE_CASE = re.compile(rf"{_THINGS['request'].pattern}\W+(?:(?:of|from|on|for|:)\W*)?#+$", re.IGNORECASE)


@dataclass(frozen=True)
class DatedEvent:
    """A day of a question and what happened on it; `near` holds the words from the day before it to the next."""

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


class Story:
    """The clauses of a text with their events, and its days bound to them."""

    def __init__(self, text: str) -> None:
        self._text, days = text, day_mentions(text)
        self._days = [day for day in days if not _names_a_paper(text, day)]
        self._papers = [DatedEvent(day, "dated", "") for day in days if day not in self._days]
        self._masked = _masked(text, self._days)
        self._pieces = tuple(_pieces(self._masked))
        self._events = tuple(self._resolved())

    def mentions(self, *events: Event) -> bool:
        """Return whether one of some events took place, on a named day or not."""
        return any(event in events for found in self._events for event in found)

    def dated(self) -> tuple[DatedEvent, ...]:
        """Return every day, in order, with its event; "Thursday, 26 November" is one day."""
        found: list[DatedEvent] = []
        for n, piece in enumerate(self._pieces):
            if piece.day < 0:
                continue
            day, last = self._days[piece.day], found[-1] if found else None
            if last and self._said_again(n):
                fuller = max(last.day, day, key=lambda each: (bool(_DIGIT.search(self._text[each.start : each.end])), each.end))
                found[-1] = DatedEvent(fuller, last.event, f"{last.near} {self._near(n)}")
                continue
            found.append(DatedEvent(day, self._event_at(n, last.event if last else ""), self._near(n)))
        return tuple(sorted((*found, *self._papers), key=lambda each: each.day.start))

    def _said_again(self, n: int) -> bool:
        """Return whether the day that ends a piece says the one before it in other words, or the other way round."""
        day, last = self._days[self._pieces[n].day], self._days[self._pieces[n].day - 1]
        apart = self._masked[last.end : day.start]
        numbers = {bool(_DIGIT.search(self._text[each.start : each.end])) for each in (last, day)}
        return bool(_APPOSED.fullmatch(apart)) and len(numbers) > 1

    def _near(self, n: int) -> str:
        """Return the words of the clause of the day that ends a piece; of its sentence, if nothing else stands there."""
        first = last = n
        bare = bool(_BARE.fullmatch(self._pieces[n].text))
        while bare and first and self._joined(first - 1, n):
            first -= 1
        while last + 1 < len(self._pieces) and self._joined(last + 1, n) and (bare or self._pieces[last + 1].goes_on):
            last += 1
        return self._text[self._pieces[first].start : self._pieces[last].start + len(self._pieces[last].text)]

    def _joined(self, other: int, n: int) -> bool:
        """Return whether a piece names no day and is of the sentence of another."""
        return self._pieces[other].day < 0 and self._pieces[other].sentence == self._pieces[n].sentence

    def _event_at(self, n: int, before: Event) -> Event:
        """Return the event of the day that ends a piece; `before` is that of the day before it."""
        piece, own = self._pieces[n], self._events[n]
        if limit := _LIMIT.search(piece.text):
            happened = limit[1] and _NOT.search(piece.text)
            return (next(iter(set(own) - {"aside", "received"}), "known")) if happened else "due"
        if own:
            return next((event for event in self._goes_on(n) if event in _TELLING), own[-1])
        if _BARE.fullmatch(piece.text):
            return self._behind(n) or (self._earlier(n, before) if piece.start > piece.sentence else "")
        if _ANOTHER.search(piece.text) and before:
            return before
        return "aside" if _VERB.search(piece.text) and not _OF_THE_CASE.search(piece.text) else ""

    def _goes_on(self, n: int) -> tuple[Event, ...]:
        """Return the events right behind the day that ends a piece: "we wrote on 5 May asking which"."""
        piece = self._pieces[n + 1] if n + 1 < len(self._pieces) else None
        return self._events[n + 1] if piece and piece.goes_on and piece.day < 0 else ()

    def _behind(self, n: int) -> Event:
        """Return the event of a day that opens its clause, from the acts behind it up to the next day's own."""
        found: list[Event] = []
        for later, piece in enumerate(self._pieces[n + 1 :], start=n + 1):
            if piece.sentence != self._pieces[n].sentence:
                break
            found += self._events[later][: -1 if piece.day >= 0 else None]
            if piece.day >= 0:
                break
        return next((event for event in found if event in _TELLING), found[0] if found else "")

    def _earlier(self, n: int, before: Event) -> Event:
        """Return the event of a bare day: that of the day it follows, or the last one in its sentence."""
        for k in range(n - 1, -1, -1):
            if self._pieces[k].day >= 0 or _ANOTHER.search(self._pieces[k].text):
                return before
            if self._pieces[k].sentence != self._pieces[n].sentence:
                break
            if self._events[k]:
                return self._events[k][-1]
        return ""

    def _resolved(self) -> Iterator[tuple[Event, ...]]:
        carried: Thing = ""
        asked: Thing = ""
        for n, piece in enumerate(self._pieces):
            found = tuple(self._events_of(n, carried, asked))
            yield tuple(event for event, _ in found)
            # What stands in brackets is said by the way.
            if self._masked[piece.start - 1 : piece.start] != "(":
                carried = _thing(piece.text) or carried
            for event, thing in found:
                if event == "asked back":
                    asked = "identity" if thing == "identity" else "clarity"

    def _events_of(self, n: int, carried: Thing, asked: Thing) -> Iterator[tuple[Event, Thing]]:
        piece, text = self._pieces[n], self._pieces[n].text
        acts = _acts(text)
        for k, (act, start, end) in enumerate(acts):
            after = text[end : acts[k + 1][1] if k + 1 < len(acts) else None] + self._continued(n, last=k + 1 == len(acts))
            lead = self._masked[piece.sentence : piece.start + start]
            if _UNREAL.search(lead) or (_NOT.search(text[:start]) and not _LIMIT.search(text)):
                yield "aside", ""
                continue
            doer = _doer(lead)
            nearest = doer == "us" or bool(_VERB.search(text[:start]))
            found = (_thing(after), _thing_before(text[:start], nearest=nearest))
            thing = next((each for each in found if each not in {"", "carrier"}), "")
            # A letter brings what was asked for, if something was.
            thing = thing or self._meant(n, text[:start], after, (carried, asked)) or ("request" if any(found) else "")
            yield _event(act, doer, thing, text[:start], after), thing

    def _meant(self, n: int, before: str, after: str, known: tuple[Thing, Thing]) -> Thing:
        """Return the thing that an act means without naming it: what was asked for, else what was named before it."""
        carried, asked = known
        if asked:
            end = next((each.start for each in self._pieces[n:] if each.sentence != self._pieces[n].sentence), None)
            return "other" if _NO_ANSWER.search(self._masked[self._pieces[n].start : end]) else asked
        return carried if carried != "reply" and (_IT.search(before + after) or _BARE.fullmatch(before)) else ""

    def _continued(self, n: int, *, last: bool) -> str:
        """Return the words behind the day that ends a piece, if they have no act of their own."""
        if last and n + 1 < len(self._pieces) and self._pieces[n + 1].goes_on and not _acts(self._pieces[n + 1].text):
            return self._pieces[n + 1].text.split(":")[0]
        return ""


_TELLING = frozenset({"review asked", "clarified", "identified", "asked back"})
"""Events that tell more than the plain acts beside them: "he wrote and asked for a review" is about the review."""


_GIVEN: Mapping[Thing, Event] = {
    "query": "asked back",
    "clarity": "clarified",
    "identity": "identified",
    "fee": "paid",
    "review": "review asked",
}
"""What an arrival is, by what arrives."""


def _event(act: str, doer: Doer, thing: Thing, before: str, after: str) -> Event:  # noqa: C901, PLR0911
    """Return the event that an act of a doer on a thing makes, with the words of its clause before and after it."""
    said = " ".join(f"{before} {act} {after}".split())
    if act not in {"clarify", "pause", "ask", "tell", "reply", "arrive", "submit", "send"}:
        return act
    if thing == "other":
        return "aside"
    if act == "pause" and doer != "them":
        return "asked back"
    if thing == "query" or (doer == "us" and act != "arrive" and thing in {"clarity", "identity"}):
        return "asked back"
    match act:
        case "clarify":
            return "aside" if doer == "us" else "clarified"
        case "ask":
            return _asking(doer, thing, after)
        case "arrive" if _AT_A_DESK.search(said):
            return "aside"
        case "arrive" if thing == "reply":
            return "answered" if _OUR.search(said) or doer == "them" else "told"
        case "arrive" if not thing and not _IT.search(before) and not _BARE.fullmatch(before):
            return "aside"
        case "arrive" if not thing and _ANYTHING.search(after):
            return "aside"
        case "arrive":
            return _GIVEN.get(thing, "received")
        case "tell" if _TO_US.search(after):
            return "told"
        case "tell" if not doer and _OF_OURS.search(before):
            return "told"
        case "tell" | "reply" | "send" | "submit" if doer == "us" or (thing == "reply" and not _THEIR.search(before)):
            return "answered"
        case "tell" | "reply":
            return _GIVEN.get(thing, "told" if doer else "answered")
        case "submit":
            return _GIVEN.get(thing, "told" if thing == "reply" else "submitted")
    return "submitted" if doer == "to us" else "sent"


def _asking(doer: Doer, thing: Thing, after: str) -> Event:
    if thing == "review":
        return "review asked"
    if _PERSON.match(after.strip()):
        return "asked back"
    if thing in {"clarity", "identity"} and doer != "them":
        return "asked back"
    if doer == "us":
        return "asked back" if _WHICH.match(after.strip()) else "aside"
    return "asked back" if doer == "" and re.search(r"\b(?:which|what)\b", after) else "submitted"


def _names_a_paper(text: str, day: DayMention) -> bool:
    """Return whether a day is part of a name: "our 12 October reply", "the 3 May meeting"."""
    return bool(_OWNED.search(text[: day.start]) and _PAPER.match(text[day.end :]))


def _masked(text: str, days: Sequence[DayMention]) -> str:
    """Return a text with its days as signs, so that no word of a day is taken for an act; places stay the same."""
    for day in days:
        text = f"{text[: day.start]}{'#' * (day.end - day.start)}{text[day.end :]}"
    return text


def _pieces(masked: str) -> Iterator[_Piece]:
    sentences = [0, *(found.end() for found in _SENTENCE.finditer(masked))]
    start, day, behind_day = 0, 0, False
    for end, after in [*(found.span() for found in _BORDER.finditer(masked)), (len(masked), len(masked))]:
        text = masked[start:end]
        if text.strip():
            sentence = max(each for each in sentences if each <= start + len(text) - len(text.lstrip()))
            ends = text.endswith("#")
            yield _Piece(text, start, sentence, day if ends else -1, behind_day)
            day += ends
            behind_day = ends and after == end
        else:
            behind_day = False
        start = after


def _acts(text: str) -> list[tuple[str, int, int]]:
    """Return the acts of a text with their places, without those that overlap a more specific one."""
    taken: list[tuple[str, int, int]] = []
    for act, pattern in _ACTS.items():
        for found in pattern.finditer(text):
            start, end = found.span()
            if not any(start < until and since < end for _, since, until in taken):
                taken.append((act, start, end))
    return sorted(taken, key=lambda each: each[1])


def _doer(lead: str) -> Doer:
    """Return who does an act, from the words of its sentence before it."""
    if _WE_WERE.search(lead):
        return "to us"
    if _PASSIVE.search(lead):
        return ""
    if _BY_US.search(lead):
        return "us"
    if _BY_THEM.search(lead):
        return "them"
    # In "we received it and asked" the doer stands before the first of two acts.
    subjects = list(_SUBJECT.finditer(lead)) if re.search(r"(?:\band|\bthen|,|#)\s*$", lead) else []
    return "" if not subjects else "us" if subjects[-1]["us"] else "them"


def _thing(text: str) -> Thing:
    return next((thing for thing, pattern in _THINGS.items() if pattern.search(text)), "")


def _thing_before(text: str, *, nearest: bool) -> Thing:
    """Return the thing before an act; the nearest in "reply to a request received", otherwise what decides."""
    first = _thing(text)
    if not nearest and first != "reply":
        return first
    places = [(found.end(), thing) for thing, pattern in _THINGS.items() for found in pattern.finditer(text)]
    return max(places, default=(0, ""))[1]
