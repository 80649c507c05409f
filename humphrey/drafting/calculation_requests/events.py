"""Events of a question: what happened on each day that it names, by who did what in the words around the day.

Only some events start a clock: a request that was sent or dated on a day has not arrived by that. The words of the
clause before a day decide, then those of the clause after it, then those earlier in the sentence.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from humphrey.text.date_mentions import DayMention, day_mentions

Event = Literal[
    "",
    "away",
    "asked back",
    "clarified",
    "review asked",
    "identified",
    "notice",
    "paid",
    "acknowledged",
    "answered",
    "handled",
    "due",
    "tabled",
    "named",
    "known",
    "received",
    "dated",
    "sent",
    "happened",
    "closed",
    "event",
    "other",
]
"""What happened on a day; empty if the words do not tell.

`handled` is a step inside the department (logged, forwarded, opened), which need not be the day of arrival. `sent` and
`dated` are acts of the other side before the arrival; `answered` and `acknowledged` are our own.
"""


_WE = r"(?:we|I|our (?:team|office|side|reply team)|my team|the (?:department|team)|officials|(?:a )?colleagues?)"


_THEY = (
    r"(?:they|he|she"
    r"|the (?:requester|applicant|citizen|person|member|MP|journalist|complainant|individual|data subject))"
)


# The auxiliaries that may stand between a subject and its verb.
_DONE = r"(?:(?:['’]ve|have|has|had|was|were|is|been|then|only|also|first|already|just|finally) )*"


_CLARITY = r"(?:clarif\w+|particulars|(?:more|further) (?:detail|information)|what (?:they|he|she) meant)"


_IDENTITY = r"(?:ID|identity|identification|proof of (?:\w+ )?\w+|passport|driving licence)"


_NARROWED = r"(?:(?:revised|narrower|narrowed|clearer) (?:request|version))"


_REVIEW = r"(?:internal )?review"


_CAME = (
    r"(?:arriv\w+|came(?: in| back| through)?|receiv\w+|reached|got|landed|given|provided|in|sent|turned up|supplied)"
)


_GOT = r"(?:receiv\w+|got|had|sent(?: us)?|gave(?: us)?|provided|supplied|showed)"


_A = r"(?:us )?(?:the |their |his |her |its |our |an? |some )?"


_OUR_REPLY = r"(?:our|the|an?|its) (?:\w+ )?(?:reply|response|answer|refusal(?: notice)?|decision)"


_PATTERNS: Mapping[Event, Sequence[str]] = {
    "away": (
        r"\b(?:am|is|are|was|were|be|been|being|went|goes) (?:\w+ )?"
        r"(?:away|off|out|on (?:annual )?leave|on holiday|abroad|back)\b",
        r"\breturn(?:s|ed|ing)?\b(?! (?:the|our|an?) (?:form|call|request))",
        r"\bon (?:annual |sick )?leave\b",
        r"\b(?:joined|started|starts|begins?) (?:here|work|the job|in the team)\b",
    ),
    "asked back": (
        rf"\b{_WE} {_DONE}(?:asked|sought|requested|wrote back|went back|queried|e-?mailed|wrote)\b[^.;?!]{{0,60}}?"
        rf"\b(?:{_CLARITY}|{_IDENTITY}|clear(?:er)?|narrow\w*|specif\w+|confirm\w*)\b",
        r"\b(?:asked|sought|requested|chased)(?: (?:them|him|her|back|the \w+))? (?:for |about |to )?"
        rf"(?:an? |the |some |their |his |her )?(?:{_CLARITY}|{_IDENTITY}|narrow\w*)\b",
        rf"\b(?:{_CLARITY}|{_IDENTITY}) (?:request )?{_DONE}(?:sought|requested|asked(?: for)?|chased)\b",
        r"\b(?:paused|put on hold|stopped the clock|(?:the )?clock (?:was )?stopped)\b",
        rf"\b{_WE} {_DONE}(?:asked|wrote|went) back\b|\b{_WE} {_DONE}(?:queried|asked (?:which|what|whether|how))\b",
        r"\b(?:asked|went back to|queried with|wrote back to) (?:him|her|them|the (?:requester|applicant)) "
        r"(?:to|what|which|if)\b",
        r"\bquestion\b[^.;?!]{0,60}\b(?:was |were )?put to\b|\bpointed out\b|\bon hold (?:from|since)\b",
    ),
    "clarified": (
        rf"\b(?:{_CLARITY}|{_NARROWED}) (?:\w+ )?{_DONE}{_CAME}\b",
        rf"\b{_GOT} {_A}(?:{_CLARITY}|{_NARROWED})\b",
        rf"\b{_DONE}clarified\b|\bnarrowed\b|\bresumed\b|\brestarted\b|\bcleared (?:it|that|this) up\b",
        rf"\b{_THEY} {_DONE}(?:came back with|told us|let us know|spelled out|specified)\b",
        r"\btold us\b(?=[^.;?!]*\bwhich\b)",
        rf"\b{_THEY} {_DONE}(?:answered|replied|came back|responded|confirmed|explained|got back|wrote back)\b",
        rf"\b(?:the|their|his|her) (?:answer|reply|response) {_DONE}(?:arriv\w+|came|reached|was received|got)\b",
    ),
    "review asked": (
        r"\b(?:ask(?:ed|s|ing)?|requests?|requested|sought|wants?|wanted|demanded)(?: us)? (?:for |to )?"
        rf"(?:an? |the |its |our )?{_REVIEW}\b",
        rf"\b{_REVIEW} (?:request )?{_DONE}"
        r"(?:requested|asked for|sought|receiv\w+|arriv\w+|came(?: in)?|made|lodged|reached)\b",
        rf"\brequest for (?:an? |the )?{_REVIEW}\b",
        r"\bappealed\b|\bcomplained about (?:our|the|that) (?:reply|answer|response|refusal|decision|handling)\b",
        r"\bask(?:ed|s) (?:us )?to (?:review|reconsider|look again)\b|\bmade representations\b",
    ),
    "identified": (
        rf"\b{_IDENTITY}\b (?:\w+ )?{_DONE}{_CAME}\b",
        rf"\b{_GOT} {_A}{_IDENTITY}\b",
    ),
    "notice": (r"\bfees? notice(?: (?:was |is )?(?:sent|given|issued|served))?\b",),
    "paid": (r"\bpaid\b|\bpayment\b|\bpays?\b|\b(?:the )?fee (?:came|arrived|was (?:received|paid))\b",),
    "acknowledged": (r"\backnowledg\w*\b|\bholding (?:reply|response|letter)\b",),
    "answered": (
        rf"\b{_WE} {_DONE}(?:replied|answered|responded|refused|disclosed|released|published|wrote|sent|issued|gave"
        r"|e-?mailed|posted|decided)\b",
        rf"\b{_OUR_REPLY} {_DONE}(?:sent|issued|given|went(?: out)?|dated|made|received|reached|posted|of)\b",
        rf"\b{_THEY} {_DONE}(?:received|got) {_OUR_REPLY}\b",
        r"\brefus(?:ed|al(?: notice)?)\b|\b(?:replied|responded|answered)\b(?! by\b)",
        r"\bour (?:reply|response|answer|decision)\b|\b(?:reply|response|decision) (?:was )?(?:sent|issued|given)\b",
    ),
    "handled": (
        r"\b(?:logged|registered|recorded|allocated|assigned|forwarded|transferred|triaged|processed)\b",
        r"\bpassed (?:it )?(?:on|to)\b|\bopened (?:it|the)\b|\bpicked (?:it )?up\b",
        r"\b(?:only|I) (?:saw|read|opened)\b|\breached (?:my|her|his|their) (?:desk|inbox)\b",
    ),
    "due": (
        r"\bdue\b(?: on| by| for)?|\b(?:deadline|target(?: date)?) (?:is|was|of)\b",
        r"\bwants? (?:it|an answer|a reply) by\b",
    ),
    "tabled": (r"\btabled\b|\bput down\b",),
    "named": (
        r"\bnam(?:ed|es|ing)\b(?![- ]day (?:question|PQ|written))|\bnamed day (?:is|was|of)\b",
        r"\bfor (?:an? )?answer\b|\banswer(?:ed)? (?:on|by)\b",
    ),
    "known": (
        r"\baware\b|\bdiscover\w*|\bfound(?: out)?\b|\bspotted\b|\btold\b|\breported\b|\bnoticed\b|\brealised\b",
        r"\blearn(?:ed|t)\b|\bheard\b|\bsaw\b|\bfirst we knew\b",
    ),
    "received": (
        r"\bwe (?:have |had )?(?:been|were) (?:sent|given|handed|e-?mailed)\b|\bsent (?:in|us|to us)\b",
        # "Got to" means "must", and brings nothing in.
        r"\breceiv\w*|\barriv\w*|\b(?:came|comes?|coming)\b(?! back)|\blanded\b|\breach\w*",
        r"\bgot\b(?! to (?!us\b|our\b|the department\b))|\bsubmitted\b|\bmade\b|\blodged\b|\bdelivered\b",
        r"\bhanded (?:in|over|to us)\b|\bturned up\b|\bput in\b(?! the post)|\bin on\b|\bbrought\b|\be-?mailed\b",
        r"\bdropped off\b|\brec['’]?d\b|\brcvd\b",
    ),
    "dated": (
        r"\bdated\b|\bdtd\b|\bsigned\b|\bpostmark\w*\b|\bheaded\b",
        r"\b(?:letter|e-?mail|correspondence|note) (?:is |was )?(?:of|from)\b"
        r"(?! (?:an?|the|our|my|his|her|their|Mr|Ms|Mrs|Dr|Lord|Baroness)\b)",
    ),
    "sent": (r"\b(?:sent|posted|mailed|dispatched|wrote|written|writing)\b|\bin the post\b",),
    "happened": (
        r"\bhappen\w*|\boccurr\w*|\btook place\b|\bwent (?:wrong|missing|astray)\b|\b(?:lost|stolen|left on)\b",
    ),
    "closed": (r"\bclos(?:ed?|es|ing)\b|\bended\b|\bends\b",),
    "event": (
        r"\b(?:meeting|visit|speech|event|conference|debate|hearing|launch|statement|last (?:working )?day)\b",
        r"\b(?:held|met|takes place|leaves?|leaving)\b",
    ),
}
"""The patterns of each event, the more specific event first: where two overlap, the earlier one counts."""


_CUES = tuple((event, re.compile("|".join(patterns), re.IGNORECASE)) for event, patterns in _PATTERNS.items())


# A day directly after one of these words is an end or a wish, and nothing arrived on it.
_LIMITING = re.compile(r"\b(?:by|before|until|till|no later than|not later than|up to)\s+(?:the\s+)?$", re.IGNORECASE)


_SENTENCE = re.compile(r"[.;?!]\s")


_CLAUSE = re.compile(
    r"[,.;:?!](?=\s|$)|\s[-–—]\s|[()]|\b(?:and|but|then|while|whereas|though|although|because|so)\b", re.IGNORECASE
)


# A person and what they did: "we queried it on".
_PERSON_ACTS = re.compile(r"\b(?:we|I|they|he|she|who|nobody|everybody|colleagues?)\b\s+\w+", re.IGNORECASE)


_IS = re.compile(r"\s*(?:is|was|as|being)\b", re.IGNORECASE)


_WORDS = re.compile(r"[a-z]{3}", re.IGNORECASE)


# Words that may stand between a clause's border and its day and say nothing of an event.
_NO_EVENT = re.compile(
    r"(?:\b(?:on|the|of|at|around|about|in|just|only|was|is|it|that|this)\b|[\s,:(–—-])*", re.IGNORECASE
)


_AND_ANOTHER = re.compile(
    r"[\s,;]*(?:(?:and|or|the|an?|another|other|second|third|further|one|more|request|letter|question|case|came|on|of|from)\b[\s,]*)+",
    re.IGNORECASE,
)


# "The one from Ms Bell on 18 November": the same happened as on the day before it.
_ANOTHER_ONE = re.compile(
    r"^[\s,;]*(?:and |but )?(?:the )?(?:other |second |third )?(?:one|another|other)\b[^.;?!]*$", re.IGNORECASE
)


@dataclass(frozen=True)
class DatedEvent:
    """A day of a question and what happened on it; `near` holds the clauses around it."""

    day: DayMention
    event: Event
    near: str


def dated_events(text: str) -> tuple[DatedEvent, ...]:
    """Return every day that a text names, in order, with its event."""
    days = day_mentions(text)
    events: list[DatedEvent] = []
    for n, day in enumerate(days):
        left = text[days[n - 1].end if n else 0 : day.start]
        right = text[day.end : days[n + 1].start if n + 1 < len(days) else len(text)]
        bound = _bound(day, left, right, alone=len(days) == 1)
        # "One on 23 November and another on 25 November": the same happened on both.
        if bound.event in {"", "other"} and events and (_AND_ANOTHER.fullmatch(left) or _ANOTHER_ONE.search(left)):
            bound = DatedEvent(day, events[-1].event, bound.near)
        events.append(bound)
    return tuple(events)


def mentions(text: str, event: Event) -> bool:
    """Return whether a text says that an event took place, on a named day or not."""
    return any(found == event for found, _, _ in _cues(text))


def _bound(day: DayMention, left: str, right: str, *, alone: bool) -> DatedEvent:
    sentence = _SENTENCE.split(left)[-1]
    before = _CLAUSE.split(sentence)[-1]
    fronted = bool(_NO_EVENT.fullmatch(before))
    after = _after(right, fronted=fronted)
    near = f"{before} {day.words} {after}"
    if _LIMITING.search(before):
        return DatedEvent(day, "away" if _last_event(before) == "away" else "due", near)
    # Among several days, the words behind one belong to it only if nothing stands before it.
    behind = _event_behind(after) if alone or fronted else ""
    event = _last_event(before) or behind or (_event_before(sentence) if alone else _unknown(before))
    return DatedEvent(day, event, near)


def _event_before(sentence: str) -> Event:
    """Return the last event earlier in a sentence; empty if another person's act stands after it."""
    *_, last = sorted(_cues(sentence), key=lambda cue: cue[2]) or [("", 0, 0)]
    return "" if _PERSON_ACTS.search(sentence[last[2] :]) else last[0]


def _unknown(before: str) -> Event:
    """Return `other` for a clause in which a person did something that no cue names; otherwise empty."""
    return "other" if _PERSON_ACTS.search(before) else ""


def _after(right: str, *, fronted: bool) -> str:
    """Return the clause after a day; a day that opens its sentence belongs to the clause behind its comma."""
    if fronted:
        right = re.sub(r"^\s*,", "", right)
    sentence = re.split(r"[.;?!](?:\s|$)", right)[0]
    return _CLAUSE.split(sentence)[0]


def _last_event(text: str) -> Event:
    return max(_cues(text), key=lambda cue: cue[2], default=("", 0, 0))[0] if _WORDS.search(text) else ""


def _event_behind(after: str) -> Event:
    """Return the event of the clause behind a day; in "a request of 23 November due?" the day is not the due one."""
    event = _first_event(after)
    return "" if event == "due" and not _IS.match(after) else event


def _first_event(text: str) -> Event:
    return min(_cues(text), key=lambda cue: cue[1], default=("", 0, 0))[0] if _WORDS.search(text) else ""


def _cues(text: str) -> Iterator[tuple[Event, int, int]]:
    """Yield the cues of a text with their places, without those that overlap a more specific one."""
    taken: list[tuple[int, int]] = []
    for event, pattern in _CUES:
        for found in pattern.finditer(text):
            start, end = found.span()
            if not any(start < until and since < end for since, until in taken):
                taken.append((start, end))
                yield event, start, end
