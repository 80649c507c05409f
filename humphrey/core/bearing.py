"""Which protective marking a text bears, or says of itself, as against a text that only asks about markings.

"SECRET: the convoy leaves at nine" bears one; "How do I store SECRET papers?" asks about one, and is a question like
any other. Markings are looked for as they are written: in capitals, at the head of a line, or in words that say of a
text what it is. A secret ballot, the Official Secrets Act and a strictly confidential report bear none.
"""

import re
from collections.abc import Iterator
from typing import Literal

from humphrey.core.sentences import Span, sentences

Bearing = Literal["", "sensitive", "limited", "legacy", "above"]
"""What a text bears, the graver the later: nothing, OFFICIAL-SENSITIVE, a marking for named readers, one no longer in
use, one above OFFICIAL."""

_SENSITIVE = r"OFFICIAL ?[-:]? ?\(?SENSITIVE\b\)?"
_ABOVE = r"TOP[ -]SECRET|SECRET"
_LEGACY = r"CONFIDENTIAL|RESTRICTED|PROTECT"
_TIER = rf"(?:UK )?(?:{_SENSITIVE}|OFFICIAL|{_ABOVE}|{_LEGACY})"
_LABEL = r"(?:(?i:(?:protective |security )?(?:marking|classification)|classified|marked)\s*(?::|-|=)\s*)"
_SUFFIX = r"(?:\s*(?:-|//?|:)\s*(?:[A-Z0-9][A-Z0-9&/(), ]*|EMBARGOED until [^\n]{4,60}))"
_OPEN, _CLOSE = r"[ \t>#*_\[({\"']*", r"[\])}*_\"']*"

_LINE = re.compile(rf"^{_OPEN}{_LABEL}?(?P<mark>{_TIER}{_SUFFIX}{{0,4}}){_CLOSE}[ \t.]*$", re.MULTILINE)
_LABELLED = re.compile(rf"^{_OPEN}{_LABEL}(?P<mark>(?i:{_TIER})(?i:{_SUFFIX}){{0,4}})", re.MULTILINE)
_HEAD = re.compile(
    rf"^{_OPEN}(?P<mark>{_TIER}{_SUFFIX}{{0,4}})"
    rf"(?:{_CLOSE}\s*(?::|-|\.|//)\s*(?=\S)|[\])}}*_]+\s*(?=\S)|\s+(?=[A-Z][a-z]))",
    re.MULTILINE,
)
_SUBJECT = re.compile(
    r"^(?:subject|title|re|fwd?)\s*:[^\n]{0,200}?"
    rf"(?-i:\b(?P<mark>(?:UK )?(?:{_SENSITIVE}|{_ABOVE}))(?=\s*(?:-|:|$|\])))",
    re.MULTILINE | re.IGNORECASE,
)
_INLINE = re.compile(
    r"(?P<mark>\b(?:TOP )?SECRET ?//|\bSTRAP[ -]?[123]\b|[\[(](?:TS|S)//[A-Z]+[\])]|\(TS\)"
    r"|[\[(](?:UK )?(?:TOP )?SECRET[\])]"
    r"|(?i:\b(?:UK|US|AUS|AUSTRALIAN?|CAN(?:ADIAN?)?|NZ|FIVE|FVEY|5)(?:[ /,]+(?:UK|US|AUS|CAN|NZ)){0,4}"
    r"[ -]EYES[ -]ONLY\b))"
)

_PAPER = (
    r"(?:documents?|reports?|papers?|briefings?|memo(?:randum|s)?|files?|cables?|telegrams?|assessments?|intelligence"
    r"|minutes?|submissions?|material|information|notes?|e-?mails?|annex(?:es)?|slides?|dossiers?|records?|data|plans?"
    r"|text|extracts?)"
)
# In small letters only together with what is secret: a secret ballot and a secret admirer are neither.
_TOLD = (
    rf"(?:(?:UK )?TOP[ -]SECRET|(?i:top[ -]secret)|SECRET|(?i:secret (?:\w+ )?{_PAPER})"
    rf"|(?i:classified (?:\w+ )?{_PAPER})|(?i:official[- ]sensitive)|{_LEGACY}(?= {_PAPER}))"
)
_THIS = r"(?i:this|these|the (?:attached|enclosed|following|pasted)(?: \w+)?|attached|below|here(?: is|['’]s))"
_SAYS = re.compile(
    rf"\b{_THIS}\s+(?:\w+\s+){{0,4}}?"
    r"(?:(?i:marked|classified|graded|protectively marked)\s+(?:(?i:as|at)\s+)?[\"'“]?)?"
    rf"(?P<mark>{_TOLD}|(?<=marked ){_LEGACY}|(?<=classified ){_LEGACY})"
)
_WORK = re.compile(
    r"^(?:(?:please|can you|could you|would you|will you|now|i need you to|i want you to|help me(?: to)?)\s+)*"
    r"(?:summari[sz]e|re-?write|redraft|draft|shorten|translate|edit|proof-?read|analy[sz]e|review|check|turn|convert"
    rf"|extract|paraphrase|condense|list|tidy|improve)\b"
    rf".{{0,60}}?\b(?P<mark>(?:marked |classified (?:as |at )?)?{_TOLD})",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"\b(?:I|we|my \w+|a colleague|someone|somebody)(?:['’]ve| have| had| was| were| been| has)*\s+"
    r"(?:have|hold|received|read|seen|saw|sent|given|found|got|obtained|copied|pasted)\s+(?:me\s+|us\s+)?"
    rf"(?:an?|the|some|this|these|that|two|several)?\s*(?:\w+\s+)?(?P<mark>{_TOLD})",
)
_FROM = re.compile(
    r"\b(?i:based on|according to|derived from|taken from|extract(?:ed)? from|copied from|comes? from|quoted? from"
    r"|contents? of)\s+"
    rf"(?:(?i:an?|the|some|this|our|my)\s+)?(?:\w+\s+){{0,2}}?(?P<mark>{_TOLD})"
)
_RULES = re.compile(
    r"\b(?:how|rules?|policy|policies|guidance|guide|handling|handle|difference|meaning|means?|procedures?"
    r"|requirements?)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:and |but |so |also )?(?:what|how|who|whom|whose|when|where|why|which|can|could|may|must|should|shall|do|does"
    r"|did|is|are|am|was|were|will|would|has|have|if|explain|define|describe|tell me (?:about|what|how|when))\b",
    re.IGNORECASE,
)
_LIMITED = re.compile(r"RECIPIENTS ONLY|MARKET SENSITIVE|(?<!HMG )\bUSE ONLY", re.IGNORECASE)
_MARKING = (
    r"(?:(?:protective |security )?markings?|classifications?|caveats?|handling instructions?"
    r"|(?:OFFICIAL[- ]SENSITIVE|(?:TOP )?SECRET)(?: (?:header|heading|footer|label|line|tag))?)"
)
_REMOVE = (
    r"(?:remove|delete|strip(?: out| off)?|drop|take (?:off|out|away)|erase|lower|lose|hide|leave out)\s+"
    r"(?:\w+['’]?s?\s+){0,2}?(?:(?:the|this|its|that|any|all|every|each|these)\s+)?"
    r"(?:(?:protective|security|handling|government|OFFICIAL[- ]SENSITIVE|TOP SECRET|SECRET|OFFICIAL|CONFIDENTIAL"
    rf"|RESTRICTED)\s+)*{_MARKING}"
)
_DOWNGRADE = (
    r"(?:downgrade|declassify|unclassify)\s+(?:(?:this|these|it|them)(?:\W*$|\s+(?:to|from|and|so|now|for)\b)"
    r"|(?:this|these|the)\s+(?:\w+\s+)?(?:following|attached|document|paper|report|text|e-?mail|note|file|minute"
    r"|marking)s?\b)"
)
_RECLASSIFY = (
    r"(?:re-?classify|re-?mark|re-?grade)\s+(?:this|these|it|them|the \w+)(?:\s+\w+)?\s+(?:as|to|from)\s+"
    r"(?:UK |TOP |UN)?(?:OFFICIAL|SECRET|CLASSIFIED|a lower)"
)
_WITHOUT = r"without\s+(?:the|its|any)\s+(?:[\w-]+\s+){0,2}?(?:markings?|classification|caveats?)\b"
_ALTER = r"(?:change|alter|switch|replace|amend)\s+(?:the|this|its|that)\s+(?:\w+\s+){0,2}?(?:marking|classification)\b"
_CHANGE = re.compile(
    r"(?:^|[,;:]\s|\b(?:please|then|and|you|to|this|it|text)\s+)"
    rf"(?:{_REMOVE}|{_DOWNGRADE}|{_RECLASSIFY}|{_WITHOUT}|{_ALTER})",
    re.IGNORECASE,
)
_GRAVE = re.compile(
    r"EYES[ -]ONLY|STRAP|\(T?S\b|\bTOP[ -]SECRET|(?<!OFFICIAL )\bSECRET|\bclassified\s+(?!as |at )\w", re.IGNORECASE
)
_GRAVITY: tuple[Bearing, ...] = ("", "sensitive", "limited", "legacy", "above")


def bearing(text: str) -> Bearing:
    """The gravest marking that a text bears or says of itself; empty where it bears none or only asks about one."""
    # A marking and nothing else is a term that somebody looks up.
    return max((grave(mark) for mark in _marks(text) if mark.strip() != text.strip()), key=_GRAVITY.index, default="")


def grave(mark: str) -> Bearing:
    """What a marking by itself amounts to."""
    if _GRAVE.search(mark):
        return "above"
    if re.search(rf"\b(?:{_LEGACY})\b", mark):
        return "legacy"
    if _LIMITED.search(mark):
        return "limited"
    return "sensitive" if re.search(_SENSITIVE, mark, re.IGNORECASE) else ""


def asks_to_change(text: str) -> bool:
    """Whether a text orders a marking to be removed, lowered or changed; asking who may do so is no order."""
    orders = (span.of(text) for span in sentences(text))
    return any(_CHANGE.search(order) and not _asks_about(order) for order in orders)


def _marks(text: str) -> Iterator[str]:
    for shape in (_LINE, _LABELLED, _HEAD, _SUBJECT):
        for match in shape.finditer(text):
            if not _only_asked(text, match):
                yield match["mark"]
    for span in sentences(text):
        yield from _said(span.of(text))


def _said(sentence: str) -> Iterator[str]:
    """The markings that one sentence says of the text, or of what the text is from."""
    asks = _asks_about(sentence)
    for shape, even_asked in ((_INLINE, False), (_SAYS, True), (_WORK, True), (_HELD, False), (_FROM, False)):
        for match in shape.finditer(sentence):
            if shape is _WORK and _RULES.search(sentence):
                continue
            # Who holds something OFFICIAL-SENSITIVE and asks what to do with it has told nothing of it.
            harmless = shape in {_HELD, _FROM} and grave(match["mark"]) == "sensitive"
            if not harmless and (even_asked or not asks):
                yield match["mark"]


def _asks_about(sentence: str) -> bool:
    return bool(_ASKS.match(sentence)) and not re.match(r"(?:can|could|would|will) you\b", sentence, re.IGNORECASE)


def _only_asked(text: str, match: re.Match[str]) -> bool:
    """Whether what follows a marking at the head of a line is a question about it."""
    rest = text[match.end() :].strip()
    first = next(iter(sentences(rest)), Span(0, 0)).of(rest)
    return 0 < len(rest) <= 200 and bool(_ASKS.match(first)) and bool(_RULES.search(first))
