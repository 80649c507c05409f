"""Protective markings: the valid ones, their detection in a text, and requests to change or remove one."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from humphrey.text.sentences import Span, sentences

CLASSIFICATIONS = ("OFFICIAL", "OFFICIAL-SENSITIVE")
"""The classifications that can be granted, lowest first."""


_BOTH = frozenset(CLASSIFICATIONS)


_PLAIN = frozenset({"OFFICIAL"})


_SENSITIVE = frozenset({"OFFICIAL-SENSITIVE"})


# The classifications that each handling instruction goes with, as the policy lists them.
_HANDLING: Mapping[str, frozenset[str]] = {
    r"RECIPIENTS ONLY": _SENSITIVE,
    r"FOR PUBLIC RELEASE": _PLAIN,
    r"HMG USE ONLY": _BOTH,
    r"EMBARGOED(?: until .{4,60})?": _BOTH,
    r"[A-Z][A-Z0-9&, ]{1,60} USE ONLY": _BOTH,
}


_DESCRIPTORS: Mapping[str, frozenset[str]] = {
    "PERSONAL DATA": _BOTH,
    "LEGAL PROFESSIONAL PRIVILEGE (LPP)": _BOTH,
    "LEGAL": _BOTH,
    "MARKET SENSITIVE": _BOTH,
    "COMMERCIAL": _BOTH,
    "HR/MANAGEMENT": _BOTH,
}


def marking_fault(marking: str) -> str:
    """Return the fault of a marking as a sentence that says what to do; empty if it is valid."""
    tier, *rest = marking.removeprefix("UK ").split(" - ")
    if tier in {"SECRET", "TOP SECRET"} or "EYES ONLY" in marking:
        return f"the marking {marking!r} is above OFFICIAL; stop, and tell your security team"
    if tier not in _BOTH:
        return f"the marking {marking!r} is not one in use; write OFFICIAL or OFFICIAL-SENSITIVE"
    if rest and (allowed := _handling(rest[0])) is not None:
        if tier not in allowed:
            return f"{rest[0]!r} does not go with {tier}; change the one or the other"
        rest = rest[1:]
    if rest and rest[0] in _DESCRIPTORS:
        rest = rest[1:]
    if rest:
        return f"{rest[0]!r} is no handling instruction or descriptor, or is out of order; leave it out"
    return ""


def classification(marking: str) -> str:
    """Return the classification of a marking, without handling instruction and descriptor."""
    return marking.removeprefix("UK ").split(" - ")[0]


def _handling(words: str) -> frozenset[str] | None:
    return next((tiers for pattern, tiers in _HANDLING.items() if re.fullmatch(pattern, words)), None)


MarkingKind = Literal["", "sensitive", "limited", "legacy", "above"]
"""The kind of marking a text bears, in order of gravity.

Empty: none. `sensitive`: OFFICIAL-SENSITIVE. `limited`: for named readers only. `legacy`: no longer in use. `above`:
above OFFICIAL.
"""


_OFFICIAL_SENSITIVE = r"OFFICIAL ?[-:]? ?\(?SENSITIVE\b\)?"


_ABOVE = r"TOP[ -]SECRET|SECRET"


_LEGACY = r"CONFIDENTIAL|RESTRICTED|PROTECT"


_TIER = rf"(?:UK )?(?:{_OFFICIAL_SENSITIVE}|OFFICIAL|{_ABOVE}|{_LEGACY})"


_LABEL = r"(?:(?i:(?:protective |security )?(?:marking|classification)|classified|marked)\s*(?::|-|=)\s*)"


_SUFFIX = r"(?:\s*(?:-|//?|:)\s*(?:[A-Z0-9][A-Z0-9&/(), ]*|EMBARGOED until [^\n]{4,60}))"


_OPEN, _CLOSE = r"[ \t>#*_\[({\"']*", r"[\])}*_\"']*"


# A line that is nothing but a marking, as at the top and bottom of a page.
_LINE = re.compile(rf"^{_OPEN}{_LABEL}?(?P<mark>{_TIER}{_SUFFIX}{{0,4}}){_CLOSE}[ \t.]*$", re.MULTILINE)


# "Classification: secret". After a label, small letters count too.
_LABELLED = re.compile(rf"^{_OPEN}{_LABEL}(?P<mark>(?i:{_TIER})(?i:{_SUFFIX}){{0,4}})", re.MULTILINE)


# A marking at the start of a line with text after it: "SECRET: ...", "[OFFICIAL-SENSITIVE] ...", "SECRET The convoy".
_HEAD = re.compile(
    rf"^{_OPEN}(?P<mark>{_TIER}{_SUFFIX}{{0,4}})"
    rf"(?:{_CLOSE}\s*(?::|-|\.|//)\s*(?=\S)|[\])}}*_]+\s*(?=\S)|\s+(?=[A-Z][a-z]))",
    re.MULTILINE,
)


# A marking in a subject line. The label may be in any case; the marking must be in capitals.
_SUBJECT = re.compile(
    r"^(?:subject|title|re|fwd?)\s*:[^\n]{0,200}?"
    rf"(?-i:\b(?P<mark>(?:UK )?(?:{_OFFICIAL_SENSITIVE}|{_ABOVE}))(?=\s*(?:-|:|$|\])))",
    re.MULTILINE | re.IGNORECASE,
)


# A marking that begins or ends a short line. Words in capitals next to it make it part of a name ("SECRET BALLOT").
_BEGINS = re.compile(rf"^{_OPEN}{_LABEL}?(?P<mark>{_TIER}{_SUFFIX}{{0,4}}){_CLOSE}\s*(?:$|[-:.,/)\]]|\d)")


# The words of older markings are ordinary ones in capitals ("PROTECT your device").
_BEGINS_GRAVELY = re.compile(rf"^{_OPEN}(?P<mark>(?:UK )?(?:{_OFFICIAL_SENSITIVE}|{_ABOVE}))\s+(?=[A-Z]?[a-z])")


# A page header that is nothing but a marking counts in any capitals.
_ALONE = re.compile(rf"(?P<mark>(?:UK )?(?:{_OFFICIAL_SENSITIVE}|{_ABOVE}){_SUFFIX}{{0,4}})", re.IGNORECASE)


_ENDS = re.compile(rf"(?:^|[-:,/(\[]\s*|[a-z0-9.)]\s+)(?P<mark>{_TIER}{_SUFFIX}{{0,4}}){_CLOSE}[ \t.]*$")


_BRACKETED = re.compile(rf"[\[(]\s*(?P<mark>{_TIER}{_SUFFIX}{{0,4}})\s*[\])]")


# Codewords, national caveats and portion markings. They are unambiguous, so they count anywhere in a sentence.
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


# In small letters "secret" and "classified" count only before a kind of paper. A secret ballot and a secret admirer are
# neither.
_TOLD = (
    rf"(?:(?:UK )?TOP[ -]SECRET|(?i:top[ -]secret)|SECRET|(?i:secret (?:\w+ )?{_PAPER})"
    rf"|(?i:classified (?:\w+ )?{_PAPER})|(?i:official[- ]sensitive)|{_LEGACY}(?= {_PAPER}))"
)


_THIS = r"(?i:this|these|the (?:attached|enclosed|following|pasted)(?: \w+)?|attached|below|here(?: is|['’]s))"


# The text describes itself: "this is marked SECRET", "the attached report is top secret".
_SAYS = re.compile(
    rf"\b{_THIS}\s+(?:\w+\s+){{0,4}}?"
    r"(?:(?i:marked|classified|graded|protectively marked)\s+(?:(?i:as|at)\s+)?[\"'“]?)?"
    rf"(?P<mark>{_TOLD}|(?<=marked ){_LEGACY}|(?<=classified ){_LEGACY})"
)


# An order to work on marked material: "summarise this SECRET report".
_WORK = re.compile(
    r"^(?:(?:please|can you|could you|would you|will you|now|i need you to|i want you to|help me(?: to)?)\s+)*"
    r"(?:summari[sz]e|re-?write|redraft|draft|shorten|translate|edit|proof-?read|analy[sz]e|review|check|turn|convert"
    rf"|extract|paraphrase|condense|list|tidy|improve)\b"
    rf".{{0,60}}?\b(?P<mark>(?:marked |classified (?:as |at )?)?{_TOLD})",
    re.IGNORECASE,
)


# The asker says that they hold marked material: "I have received a SECRET file".
_HELD = re.compile(
    r"\b(?:I|we|my \w+|a colleague|someone|somebody)(?:['’]ve| have| had| was| were| been| has)*\s+"
    r"(?:have|hold|received|read|seen|saw|sent|given|found|got|obtained|copied|pasted)\s+(?:me\s+|us\s+)?"
    rf"(?:an?|the|some|this|these|that|two|several)?\s*(?:\w+\s+)?(?P<mark>{_TOLD})",
)


# The text says that it comes from marked material: "based on a SECRET assessment".
_FROM = re.compile(
    r"\b(?i:based on|according to|derived from|taken from|extract(?:ed)? from|copied from|comes? from|quoted? from"
    r"|contents? of)\s+"
    rf"(?:(?i:an?|the|some|this|our|my)\s+)?(?:\w+\s+){{0,2}}?(?P<mark>{_TOLD})"
)


# Words by which a sentence asks about the rules on markings.
_RULES = re.compile(
    r"\b(?:how|rules?|policy|policies|guidance|guide|handling|handle|difference|meaning|means?|procedures?"
    r"|requirements?)\b",
    re.IGNORECASE,
)


# The first words of a question.
_ASKS = re.compile(
    r"(?:and |but |so |also )?(?:what|how|who|whom|whose|when|where|why|which|can|could|may|must|should|shall|do|does"
    r"|did|is|are|am|was|were|will|would|has|have|if|explain|define|describe|tell me (?:about|what|how|when))\b",
    re.IGNORECASE,
)


# HMG USE ONLY leaves a text open to every department, so it does not count.
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


# "This" or "it" must end the order or go on with "to", "from" and the like: "declassify this".
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


# An order starts a sentence or a clause, or follows a word such as "please" or "then".
_CHANGE = re.compile(
    r"(?:^|[,;:]\s|\b(?:please|then|and|you|to|this|it|text)\s+)"
    rf"(?:{_REMOVE}|{_DOWNGRADE}|{_RECLASSIFY}|{_WITHOUT}|{_ALTER})",
    re.IGNORECASE,
)


# "Classified as" and "classified at" are left out, because the marking that follows says how grave it is.
_GRAVE = re.compile(
    r"EYES[ -]ONLY|STRAP|\(T?S\b|\bTOP[ -]SECRET|(?<!OFFICIAL )\bSECRET|\bclassified\s+(?!as |at )\w", re.IGNORECASE
)


_GRAVITY: tuple[MarkingKind, ...] = ("", "sensitive", "limited", "legacy", "above")


def detect_marking(text: str) -> MarkingKind:
    """Return the gravest marking that a text bears or says of itself; empty if none, or if it only asks about one."""
    # A marking with nothing else is a term that the asker looks up.
    return gravest(kind_of_marking(mark) for mark in _marks(text) if mark.strip() != text.strip())


def marking_of_label(line: str, *, printed: bool = True) -> MarkingKind:
    """Return the kind of the marking in a page header, a title or a file's name; empty if there is none.

    It must stand at the beginning or end of the line, apart from other words in capitals, or between brackets.

    Args:
        line: the line.
        printed: whether the line is on a page. If it is nothing but a marking, that counts in any capitals.
    """
    found = [_LABELLED.match(line), _BRACKETED.search(line), _INLINE.search(line)]
    found += [_BEGINS.match(line), _BEGINS_GRAVELY.match(line), _ENDS.search(line)]
    found += [_ALONE.fullmatch(line)] if printed else []
    return gravest(kind_of_marking(each["mark"]) for each in found if each)


def gravest(kinds: Iterable[MarkingKind]) -> MarkingKind:
    """Return the gravest of some kinds of marking; empty if there is none."""
    return max(kinds, key=_GRAVITY.index, default="")


def kind_of_marking(mark: str) -> MarkingKind:
    """Return the kind of a marking."""
    if _GRAVE.search(mark):
        return "above"
    if re.search(rf"\b(?:{_LEGACY})\b", mark):
        return "legacy"
    if _LIMITED.search(mark):
        return "limited"
    return "sensitive" if re.search(_OFFICIAL_SENSITIVE, mark, re.IGNORECASE) else ""


def orders_marking_change(text: str) -> bool:
    """Return whether a text orders a marking to be removed, lowered or changed. Asking who may do so is no order."""
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
    """Yield the markings that one sentence ascribes to the text or to its source."""
    asks = _asks_about(sentence)
    for shape, even_asked in ((_INLINE, False), (_SAYS, True), (_WORK, True), (_HELD, False), (_FROM, False)):
        for match in shape.finditer(sentence):
            if shape is _WORK and _RULES.search(sentence):
                continue
            # To say that one holds OFFICIAL-SENSITIVE material, and ask how to handle it, reveals nothing of it.
            harmless = shape in {_HELD, _FROM} and kind_of_marking(match["mark"]) == "sensitive"
            if not harmless and (even_asked or not asks):
                yield match["mark"]


def _asks_about(sentence: str) -> bool:
    return bool(_ASKS.match(sentence)) and not re.match(r"(?:can|could|would|will) you\b", sentence, re.IGNORECASE)


def _only_asked(text: str, match: re.Match[str]) -> bool:
    """Return whether the text after a marking at the start of a line is a question about it."""
    rest = text[match.end() :].strip()
    first = next(iter(sentences(rest)), Span(0, 0)).of(rest)
    return 0 < len(rest) <= 200 and bool(_ASKS.match(first)) and bool(_RULES.search(first))
