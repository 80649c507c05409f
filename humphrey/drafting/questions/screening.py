"""Screening of texts for material that may not be asked about, before anything is stored, logged or sent to a model.

A refusal never repeats the material found. docs/questions.md lists the class of material that each reason covers, and
the classes that cannot be recognised from a text.
"""

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from humphrey.text import personal_data
from humphrey.text.hidden_characters import hidden_positions
from humphrey.text.markings import MarkingKind, detect_marking, orders_marking_change
from humphrey.text.personal_data import has_credential

Highest = Literal["OFFICIAL", "OFFICIAL-SENSITIVE"]
"""The highest marking of material that an installation may store."""


_NOTHING = "Nothing of it was kept, and no model was asked."


_SAYS: Mapping[str, tuple[str, str]] = {
    "above_official": (
        "bears a marking above OFFICIAL, or is from something that does",
        "Stop here, send it to nobody, and tell your security team now.",
    ),
    "hidden_characters": (
        "holds characters that cannot be seen",
        "Type it afresh, or paste it as plain text.",
    ),
    "credentials": (
        "gives away a password, key or token",
        "Change it where it is used, tell your security team, and ask again without it.",
    ),
    "legacy_marking": (
        "bears a marking that is no longer in use",
        "Ask the person who created the material what its classification is today.",
    ),
    "limited_marking": (
        "bears a marking that limits who may read it",
        "Ask the person who created the material before you share it, or ask from what is public.",
    ),
    "sensitive_marking": (
        "bears the marking OFFICIAL-SENSITIVE, which this humphrey may not hold",
        "Leave the material out and ask from what is public.",
    ),
    "marking_change": (
        "asks for a protective marking to be taken away or changed",
        "Only the organisation that created the material may do that: ask its creator, giving your reasons.",
    ),
    "personal_data": (
        "holds {what}",
        "Take it out, or write “the applicant” or “their number” in its place, and try again.",
    ),
}
"""For each reason: what the text does, and what the asker should do."""


_WHY: Mapping[MarkingKind, str] = {
    "above": "above_official",
    "legacy": "legacy_marking",
    "limited": "limited_marking",
    "sensitive": "sensitive_marking",
}


# Every dash and minus sign becomes a hyphen, so that numbers and markings written with them are found too.
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")


@dataclass(frozen=True)
class QuestionRefused:
    """A refusal: the id of its reason, and a message to the asker that includes the next step."""

    why: str
    message: str


def screen(
    text: str, *, highest: str, what: str = "the question", allowed: Collection[str] = frozenset()
) -> QuestionRefused | None:
    """Return the refusal of a text for its gravest reason; None if the text is accepted.

    Args:
        text: a typed or pasted text.
        highest: the highest marking that the installation may store, as `Highest`.
        what: the name of the text in the message, for example "the question".
        allowed: the kinds of personal data that the text is meant to contain, as keys of `PERSONAL_DATA_LABELS`.
    """
    # Soft hyphens, full-width digits and other compatibility forms must not hide a marking or a number.
    plain = unicodedata.normalize("NFKC", text.replace("\u00ad", "")).translate(_DASHES)
    kinds = [
        kind
        for kind in dict.fromkeys(one.kind for one in personal_data.find_personal_data(plain))
        if kind not in allowed
    ]
    why = next(_reasons(text, plain, highest), "personal_data" if kinds else "")
    if not why:
        return None
    does, then = _SAYS[why]
    return QuestionRefused(why, f"{what[:1].upper()}{what[1:]} {does.format(what=_listed(kinds))}. {_NOTHING} {then}")


def screen_marking(kind: MarkingKind, *, highest: str, what: str) -> QuestionRefused | None:
    """Return the refusal of what bears a kind of marking; None if it may be stored. Arguments as for `screen`."""
    if not kind or (kind == "sensitive" and highest == "OFFICIAL-SENSITIVE"):
        return None
    does, then = _SAYS[_WHY[kind]]
    return QuestionRefused(_WHY[kind], f"{what[:1].upper()}{what[1:]} {does}. {_NOTHING} {then}")


def _reasons(text: str, plain: str, highest: str) -> Iterator[str]:
    """Yield the reasons to refuse a text, except personal data, the gravest first.

    Hidden characters are sought in the original text, because the normalised one may have lost them.
    """
    borne = detect_marking(plain)
    if borne == "above":
        yield _WHY[borne]
    if hidden_positions(text):
        yield "hidden_characters"
    if has_credential(plain):
        yield "credentials"
    if orders_marking_change(plain):
        yield "marking_change"
    if borne and (borne != "sensitive" or highest != "OFFICIAL-SENSITIVE"):
        yield _WHY[borne]


def _listed(kinds: list[str]) -> str:
    called = [personal_data.PERSONAL_DATA_LABELS[kind] for kind in kinds]
    return " and ".join(filter(None, (", ".join(called[:-1]), *called[-1:])))
