"""Verification of a stored review against the ledger: no stored act without its entry, and no entry without its act.

Every version, decision, later check and comment has an entry with actor, time and digest. The state of a review, its
claim and its outbox items follow from the entries. So a change to any of them is detected (docs/adr/0010).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from humphrey.clearance.model import wording_digest
from humphrey.clearance.on_record import STATE_AFTER, VERDICTS, WORDINGS
from humphrey.clearance.ratings.model import rating_digest
from humphrey.digests import canonical, sha256
from humphrey.ledger.model import Entry, Fault
from humphrey.records.verification.reviewers import reading_faults, seed_faults

Row = Mapping[str, Any]
"""A database row, by column name."""


_ENDS_CLAIM = frozenset({"review:hand_back", "review:defer", "release:expire", "seed:reveal", *WORDINGS, *VERDICTS})


_ENDS_DEFERRAL = frozenset({"seed:reveal", *WORDINGS, *VERDICTS})


# The time of an escalation in the row and that of its entry may differ by this much.
_CLOCK_TOLERANCE = timedelta(minutes=1)


_LONGEST_WAIT = timedelta(days=2)
"""The outbox never postpones a delivery for longer, so humphrey did not write a later time."""


@dataclass(frozen=True)
class StoredReview:
    """One review as the database has it, in rows, with its entries.

    `columns` holds the expected values of the derived columns; None if the review cannot be read.
    `sources` holds the (document, version) pairs stored as its sources, `named` those that its versions name. `older`:
    a version was stored before it named every document given, so that more may be stored than it names.
    `disposed` maps each part whose words were disposed of, such as `version 1` or `comment 2`, to its digest.
    """

    row: Row
    columns: Row | None
    wordings: Sequence[Row]
    rulings: Sequence[Row]
    rechecks: Sequence[Row]
    comments: Sequence[Row]
    parcels: Sequence[Row]
    sources: frozenset[tuple[str, str]]
    named: frozenset[tuple[str, str]]
    older: bool
    disposed: Mapping[str, str]
    entries: Sequence[Entry]
    seeds: Sequence[Row] = ()
    readings: Sequence[Row] = ()
    deferrals: Sequence[Row] = ()
    ratings: Sequence[Row] = ()


def faults_of(stored: StoredReview, now: datetime) -> list[Fault]:
    """Return the differences between one stored review and its entries; empty if there are none."""
    review = str(stored.row["id"])
    found = [
        *_history_faults(stored),
        *_column_faults(stored),
        *_state_faults(stored),
        *_claim_faults(stored),
        *_day_faults(stored),
        *_reminder_faults(stored),
        *_disposal_faults(stored),
        *_outbox_faults(stored, now),
        *seed_faults(stored.row, stored.seeds, stored.entries),
        *reading_faults(stored.readings, stored.entries),
    ]
    return [Fault(f"review {review}: {fault.message}", fault.n, review) for fault in found]


def _history_faults(stored: StoredReview) -> Iterator[Fault]:
    """Compare the rows that are only ever added (versions, decisions, comments and others) with their entries."""
    recent = _is_recent(stored.entries)
    kinds: Sequence[tuple[str, Sequence[Row], Collection[str], Callable[[Row, Entry], bool]]] = (
        ("wording", stored.wordings, WORDINGS, lambda row, entry: _same_words(stored, row, entry)),
        ("ruling", stored.rulings, VERDICTS, lambda row, entry: _same_ruling(stored, row, entry, recent)),
        ("comment", stored.comments, {"review:comment"}, lambda row, entry: _same_comment(stored, row, entry)),
        ("deferral", stored.deferrals, {"review:defer"}, lambda row, entry: _same_deferral(stored, row, entry)),
        ("rating", stored.ratings, {"review:rate"}, _same_rating),
        ("later check", stored.rechecks, {"review:recheck"}, lambda row, entry: _same_recheck(stored, row, entry)),
    )
    for what, rows, acts, same in kinds:
        yield from _pair_faults(what, rows, [entry for entry in stored.entries if entry.act in acts], same)


def _pair_faults(
    what: str, rows: Sequence[Row], entries: Sequence[Entry], same: Callable[[Row, Entry], bool]
) -> Iterator[Fault]:
    for n, (row, entry) in enumerate(zip_longest(rows, entries), start=1):
        if row is None:
            yield Fault(f"entry {entry.n} records {what} {n}, which is not stored", entry.n)
        elif entry is None:
            yield Fault(f"{what} {n} has no entry")
        elif row["n"] != n or row["at"] != entry.at or not same(row, entry):
            yield Fault(f"{what} {n} is not what entry {entry.n} records", entry.n)


def _is_recent(entries: Sequence[Entry]) -> bool:
    """Return whether the entries of a review are of the newer form, which holds the digest `kept` and the reasons."""
    return any("kept" in entry.detail for entry in entries if entry.act in WORDINGS)


def _same_words(stored: StoredReview, row: Row, entry: Entry) -> bool:
    if entry.act != "seed:plant" and row["editor"] != entry.actor:
        return False
    gone = stored.disposed.get(f"version {row['n']}")
    if gone is not None:
        return gone == entry.detail.get("digest")
    kept = entry.detail.get("kept")
    return kept is None or kept == wording_digest(row["draft"], row["origin"], row["instruction"])


def _same_ruling(stored: StoredReview, row: Row, entry: Entry, recent: bool) -> bool:
    said = (VERDICTS[entry.act], entry.actor, entry.detail.get("digest"))
    if (row["verdict"], row["reviewer"], row["digest"]) != said:
        return False
    held = row["held_until"].isoformat() if row["held_until"] else ""
    if (row["door"], row["acknowledged"], held) != (
        entry.detail.get("door", ""),
        canonical(entry.detail.get("acknowledged", "").split()),
        entry.detail.get("held", ""),
    ):
        return False
    why = (_digest(stored, f"decision {row['n']}", row["reason"]), row["reasons"])
    on_record = (entry.detail.get("reason", ""), canonical(entry.detail.get("reasons", "").split()))
    return why == on_record or not recent


def _same_comment(stored: StoredReview, row: Row, entry: Entry) -> bool:
    said = _digest(stored, f"comment {row['n']}", row["text"])
    return (row["by"], said) == (entry.actor, entry.detail.get("comment"))


def _same_deferral(stored: StoredReview, row: Row, entry: Entry) -> bool:
    said = _digest(stored, f"deferral {row['n']}", row["reason"])
    recorded = (entry.actor, entry.detail.get("until"), entry.detail.get("reason"))
    return (row["by"], row["until"].isoformat(), said) == recorded


def _same_rating(row: Row, entry: Entry) -> bool:
    said = rating_digest(row["wording"], row["sentences"], row["citations"])
    return (row["by"], said) == (entry.actor, entry.detail.get("rating"))


def _same_recheck(stored: StoredReview, row: Row, entry: Entry) -> bool:
    return _digest(stored, f"recheck {row['n']}", row["findings"]) == entry.detail.get("findings")


def _digest(stored: StoredReview, part: str, words: str) -> str:
    """Return the digest of some words, even if they were disposed of; empty if there never were any."""
    gone = stored.disposed.get(part)
    if gone is not None:
        # Disposal leaves an empty text or list. Anything else was written afterwards and must not match.
        return gone if words in {"", "[]"} else ""
    return sha256(words) if words else ""


def _column_faults(stored: StoredReview) -> Iterator[Fault]:
    """Check the columns that reviews are listed and searched by: each follows from the review and its entries."""
    if stored.columns is None:
        yield Fault("cannot be read; it was damaged or changed")
        return
    if stored.row["disposed_at"] is not None:
        return
    for name, expected in stored.columns.items():
        if stored.row[name] != expected:
            yield Fault(f"its column {name} is not what the review says")
    if not stored.sources >= stored.named or (stored.sources != stored.named and not stored.older):
        yield Fault("the documents noted as its sources are not those it rests on")


def _state_faults(stored: StoredReview) -> Iterator[Fault]:
    """Check the state, the spot-check flag and the version of each later check against the entries."""
    states = [STATE_AFTER[entry.act] for entry in stored.entries if entry.act in STATE_AFTER]
    if states and stored.row["state"] != states[-1]:
        yield Fault(f"is stored as {stored.row['state']}, and its entries make it {states[-1]}")
    for entry in stored.entries:
        if stored.row["reference"] != entry.detail.get("reference", stored.row["reference"]):
            yield Fault(f"its reference is not what entry {entry.n} says", entry.n)
    if stored.row["seeded"] != any(entry.act == "seed:plant" for entry in stored.entries):
        yield Fault("whether it is a seeded draft is not what its entries say")
    for row in stored.rechecks:
        if row["wording"] != sum(each["at"] <= row["at"] for each in stored.wordings):
            yield Fault(f"later check {row['n']} is not of the wording that stood then")


def _disposal_faults(stored: StoredReview) -> Iterator[Fault]:
    """Check that an entry records each disposal, with the digest of the disposed parts."""
    entries = [entry for entry in stored.entries if entry.act == "content:dispose"]
    bound = sha256(canonical(dict(stored.disposed)))
    if stored.disposed and not any(entry.detail.get("digest") == bound for entry in entries):
        yield Fault("words were disposed of, and no entry says which")
    if (stored.row["disposed_at"] is not None) != bool(entries):
        yield Fault("whether it was disposed of is not what its entries say")


def _claim_faults(stored: StoredReview) -> Iterator[Fault]:
    """Check the claim and the deputy of the review against the entries."""
    claim, handed = ("", ""), ""
    for entry in stored.entries:
        if entry.act == "review:claim":
            claim = (entry.actor, entry.detail.get("until", ""))
        elif entry.act == "review:hand_over":
            claim = (handed := entry.detail.get("to", "")), entry.detail.get("until", "")
        elif entry.act in _ENDS_CLAIM:
            claim, handed = ("", ""), ""
    row, until = stored.row, stored.row["claimed_until"]
    if (row["claimed_by"], until.isoformat() if until else "", row["handed_to"]) != (*claim, handed):
        yield Fault("its claim is not what its entries say")


def _day_faults(stored: StoredReview) -> Iterator[Fault]:
    """Check the day that the asker wishes, and the one until which the review is deferred, against the entries."""
    wished, deferred = "", ""
    for entry in stored.entries:
        if entry.act == "review:open":
            wished = entry.detail.get("wish", "")
        elif entry.act == "review:defer":
            deferred = entry.detail.get("until", "")
        if entry.act in _ENDS_DEFERRAL:
            deferred = ""
    days = (stored.row[name] for name in ("wished", "deferred_until"))
    if tuple(day.isoformat() if day else "" for day in days) != (wished, deferred):
        yield Fault("the day wished, or until which it is deferred, is not what its entries say")


def _reminder_faults(stored: StoredReview) -> Iterator[Fault]:
    """Check the reminders and the escalation against the entries; an expired approval resets both."""
    reminded, escalated = "0", None
    for entry in stored.entries:
        if entry.act == "review:remind":
            reminded = entry.detail.get("reminder", "")
        elif entry.act == "review:escalate":
            escalated = entry.at
        elif entry.act == "release:expire":
            reminded, escalated = "0", None
    escalated_at = stored.row["escalated_at"]
    same = escalated_at == escalated or (
        escalated_at and escalated and abs(escalated_at - escalated) < _CLOCK_TOLERANCE
    )
    if str(stored.row["reminded"]) != reminded or not same:
        yield Fault("its reminders or its escalation are not what its entries say")


def _outbox_faults(stored: StoredReview, now: datetime) -> Iterator[Fault]:
    """Check queued and delivered outbox items against the entries of their release and delivery."""
    review = stored.row["id"]
    queued = {f"{review}:{each.detail.get('digest')}": each for each in stored.entries if each.act == "release:mint"}
    left = {f"{review}:{each.detail.get('digest')}": each for each in stored.entries if each.act == "release:deliver"}
    aside = any(entry.act == "release:set_aside" for entry in stored.entries)
    for n, row in enumerate(stored.parcels, start=1):
        receipt = _digest(stored, f"receipt {n}", row["receipt"])
        yield from _outbox_item_faults(row, receipt, queued.get(row["key"]), left.pop(row["key"], None), now)
        if row["set_aside_at"] is not None and not aside:
            yield Fault("its release was set aside, and no entry says so")
    for entry in left.values():
        yield Fault(f"entry {entry.n} records a delivery, and no receipt is stored", entry.n)
    if stored.row["state"] == "released" and not stored.parcels:
        yield Fault("is released, and nothing waits to be delivered")


def _outbox_item_faults(
    row: Row, receipt: str, queued: Entry | None, left: Entry | None, now: datetime
) -> Iterator[Fault]:
    if queued is None:
        yield Fault("the outbox holds an item that no entry queued")
        return
    if (row["outlet"], row["queued_at"]) != (queued.detail.get("outlet"), queued.at):
        yield Fault(f"the outlet or the time of its release is not what entry {queued.n} says", queued.n)
    if left is None:
        if (receipt, row["delivered_at"], row["sent_digest"]) != ("", None, ""):
            yield Fault("a receipt is stored, and no entry records the delivery")
        if row["next_try"] > now + _LONGEST_WAIT:
            yield Fault("its delivery is put off for longer than any wait")
    elif not _same_receipt(row, receipt, left):
        yield Fault(f"its receipt is not the one that entry {left.n} records", left.n)


def _same_receipt(row: Row, receipt: str, left: Entry) -> bool:
    # Older entries hold the receipt itself. Newer ones hold its digest, because a receipt may contain an address.
    same = left.detail.get("receipt") in {row["receipt"], receipt}
    return same and (row["delivered_at"], row["sent_digest"]) == (left.at, left.detail.get("sent", ""))
