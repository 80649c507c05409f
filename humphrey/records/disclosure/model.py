"""A disclosure pack: the texts that a search of the record found for a requester, and the redactions in them.

A pack holds the location and the digest of each text, never a copy. Nothing leaves before a person has decided on every
suggestion, and then only as a draft that a second person clears.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from humphrey.calculations.workings import Working
from humphrey.checks.redactions import withheld_in
from humphrey.digests import sha256
from humphrey.errors import RecordError
from humphrey.papers.draft import GivenDocument
from humphrey.text.dates import local_date, say
from humphrey.text.hidden_characters import without_hidden
from humphrey.text.redaction import Suggested, fingerprint, occurrences, redacted
from humphrey.text.sentences import folded

KIND = "disclosure_pack"
"""The kind of paper that a pack becomes."""


Regime = Literal["foi", "sar"]
"""The legal basis of a request: freedom of information law, or a person's right to data about themselves."""


REGIMES: Mapping[Regime, str] = {"foi": "freedom of information request", "sar": "subject access request"}
"""The name of each regime in text."""


# A level-two heading begins an item; the error message names it.
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


RedactionStatus = Literal["suggested", "confirmed", "removed"]
"""The decision of a person on a redaction; `suggested` means that there is none yet."""


@dataclass(frozen=True)
class SearchCriteria:
    """The criteria of a search; a text must meet all that are given. Days are London's."""

    person: str = ""
    words: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Excerpt:
    """A text of the record: its location, description, kind, marking, author and time.

    `rests_on` lists the documents that a reader of its words must be allowed to read.
    """

    id: str
    what: str
    kind: str
    marking: str
    by: str
    at: datetime
    text: str
    rests_on: tuple[GivenDocument, ...] = ()


@dataclass(frozen=True)
class SearchResult:
    """The result of a search: the texts that match, how many were searched, and which could not be.

    `unreadable` holds the ids of damaged reviews and exchanges, `disposed` those whose words were disposed of,
    `withheld` those that rest on guidance that the person may not read. `by_right` is the number of matching texts that
    the person sees by the right to disclose alone.
    """

    pieces: tuple[Excerpt, ...]
    looked_at: int
    unreadable: tuple[str, ...]
    disposed: tuple[str, ...]
    withheld: tuple[str, ...] = ()
    by_right: int = 0


@dataclass(frozen=True)
class PackItem:
    """A text in a pack; `left_out` is the reason for not giving it out, empty if it is given out."""

    n: int
    id: str
    what: str
    marking: str
    at: datetime
    digest: str
    left_out: str = ""


@dataclass(frozen=True)
class Redaction:
    """A span of an item that is redacted or suggested to be; `by` is the person who decided, empty if none has."""

    n: int
    item: int
    start: int
    end: int
    reason: str
    standing: RedactionStatus = "suggested"
    by: str = ""


@dataclass(frozen=True)
class DisclosurePack:
    """A disclosure pack; `review` is the review that clears it, empty until the pack is sent."""

    id: str
    by: str
    at: datetime
    regime: Regime
    reference: str
    criteria: SearchCriteria
    items: tuple[PackItem, ...]
    marks: tuple[Redaction, ...]
    review: str = ""

    @property
    def undecided(self) -> tuple[Redaction, ...]:
        """The suggestions without a decision, except those in items that are left out."""
        out = {item.n for item in self.items if item.left_out}
        return tuple(mark for mark in self.marks if mark.standing == "suggested" and mark.item not in out)


def fits(piece: Excerpt, criteria: SearchCriteria) -> bool:
    """Return whether a text meets the criteria."""
    day, text = local_date(piece.at), folded(piece.text)
    named = (
        not criteria.person or folded(criteria.person) == folded(piece.by) or occurrences(piece.text, criteria.person)
    )
    return (
        bool(named)
        and all(word in text for word in folded(criteria.words).split())
        and criteria.kind in {"", piece.kind}
        and (criteria.since is None or criteria.since <= day)
        and (criteria.until is None or day <= criteria.until)
    )


def apply_decision(pack: DisclosurePack, numbers: Sequence[int], standing: RedactionStatus, by: str) -> DisclosurePack:
    """Return the pack with a person's decision on some redactions.

    Raises:
        RecordError: there is no such redaction.
    """
    known = {mark.n for mark in pack.marks}
    if strange := next((n for n in numbers if n not in known), None):
        raise RecordError(f"pack {pack.id} has no redaction {strange}; open the pack again")
    chosen = set(numbers)
    marks = (replace(mark, standing=standing, by=by) if mark.n in chosen else mark for mark in pack.marks)
    return replace(pack, marks=tuple(marks))


def redact_words(pack: DisclosurePack, texts: Mapping[int, str], words: str, reason: str, by: str) -> DisclosurePack:
    """Return the pack with every occurrence of some words redacted.

    Raises:
        RecordError: the pack does not contain them, or they are redacted everywhere already.
    """
    taken = {(mark.item, mark.start, mark.end) for mark in pack.marks if mark.standing == "confirmed"}
    places = [(item.n, *span) for item in pack.items for span in occurrences(texts[item.n], words)]
    wanted = [place for place in places if place not in taken]
    if not wanted:
        raise RecordError("the pack has no place with these words unredacted; copy them exactly as the pack has them")
    first = max((mark.n for mark in pack.marks), default=0) + 1
    # The new redaction replaces a suggestion or an earlier decision on the same span.
    rest = tuple(mark for mark in pack.marks if (mark.item, mark.start, mark.end) not in wanted)
    more = (Redaction(n, *place, reason, "confirmed", by) for n, place in enumerate(wanted, start=first))
    return replace(pack, marks=(*rest, *more))


def left_out(pack: DisclosurePack, n: int, reason: str) -> DisclosurePack:
    """Return the pack with an item left out for a reason; an empty reason includes it again.

    Raises:
        RecordError: there is no such item.
    """
    if n not in {item.n for item in pack.items}:
        raise RecordError(f"pack {pack.id} has no item {n}; open the pack again")
    items = (replace(item, left_out=reason) if item.n == n else item for item in pack.items)
    return replace(pack, items=tuple(items))


def redaction_working(pack: DisclosurePack, texts: Mapping[int, str]) -> Working:
    """Return a working that recognises redacted words later without containing them.

    It holds salted digests of the words. Words that a person left in at another place are not among them.
    """
    marks = [(mark, texts[mark.item][mark.start : mark.end]) for mark in pack.marks]
    stays = {fingerprint(pack.id, words) for mark, words in marks if mark.standing == "removed"}
    out = {fingerprint(pack.id, words) for mark, words in marks if mark.standing == "confirmed"}
    prints = sorted(out - stays - {""})
    count = sum(mark.standing == "confirmed" for mark in pack.marks)
    inputs = {"pack": pack.id} | {f"words {n}": each for n, each in enumerate(prints, start=1)}
    told = f"Decided by a person, in disclosure pack {pack.id}. Of the words, only digests are kept with this text."
    return Working("redaction", inputs, f"{count} redactions", told)


def disclosed_text(pack: DisclosurePack, texts: Mapping[int, str]) -> str:
    """Return the text that is given out: every item with its redactions, then the omitted items with their reasons.

    Raises:
        RecordError: a suggestion is undecided, redacted words occur unredacted elsewhere, or every item is left out.
    """
    if pack.undecided:
        raise RecordError(
            f"{len(pack.undecided)} suggestions of pack {pack.id} are undecided; confirm or remove each of them"
        )
    given = [item for item in pack.items if not item.left_out]
    if not given:
        raise RecordError(f"every item of pack {pack.id} is left out; there is nothing to give out")
    # Invisible characters go last, because the redactions count them; a word that they cut in two is whole again.
    cut = {item.n: without_hidden(redacted(texts[item.n], _confirmed_spans(pack, item.n))) for item in given}
    text = "\n\n".join([*_opening(pack, len(given)), *_items(given, cut), *_omitted(pack)])
    if places := withheld_in(text, [redaction_working(pack, texts)]):
        where = _HEADING.findall(text, 0, places[0][0])[-1:] or ["the first lines"]
        raise RecordError(
            f"words redacted at one place also appear under “{where[0]}”; redact them everywhere, "
            "or leave them in everywhere"
        )
    return text


def _confirmed_spans(pack: DisclosurePack, item: int) -> list[Suggested]:
    return [
        Suggested(mark.start, mark.end, mark.reason)
        for mark in pack.marks
        if mark.item == item and mark.standing == "confirmed"
    ]


def _opening(pack: DisclosurePack, count: int) -> Iterator[str]:
    yield "# What was found for your request"
    yield f"Our reference: {pack.reference}"
    texts = "one text" if count == 1 else f"{count} texts"
    yield (
        f"For your {REGIMES[pack.regime]}, {texts} were found in the record of humphrey, the assistant that drafts "
        "answers and papers here. Where words were taken out, [REDACTED] stands in their place with the reason."
    )


def _items(given: Sequence[PackItem], cut: Mapping[int, str]) -> Iterator[str]:
    for n, item in enumerate(given, start=1):
        yield f"## {n}. {item.what}, {say(local_date(item.at))}"
        yield cut[item.n].strip() or "It has no words."


def _omitted(pack: DisclosurePack) -> Iterator[str]:
    out = [item for item in pack.items if item.left_out]
    if out:
        yield "## What is not given here"
        yield "\n".join(f"- {item.what}, {say(local_date(item.at))}: {item.left_out}" for item in out)


def to_item(n: int, piece: Excerpt) -> PackItem:
    """Return a text as an item of a pack."""
    return PackItem(n, piece.id, piece.what, piece.marking, piece.at, sha256(piece.text))
