"""Verification of what reviewer statistics rest on: spot checks, and the readings of those who decided.

A reading is bound by the entry of its reader's decision on that version. Until then it grows without entries, and
counts nowhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from humphrey.clearance.on_record import VERDICTS, WORDINGS
from humphrey.clearance.reviewer_statistics.model import NO_READING, reading_digest
from humphrey.digests import sha256
from humphrey.ledger.model import Entry, Fault

Row = Mapping[str, Any]
"""A database row, by column name."""


def seed_faults(review: Row, seeds: Sequence[Row], entries: Sequence[Entry]) -> Iterator[Fault]:
    """Yield the differences between the spot check of a review and its entries."""
    planted = next((entry for entry in entries if entry.act == "seed:plant"), None)
    revealed = next((entry for entry in reversed(entries) if entry.act == "seed:reveal"), None)
    if (planted is None) != (not seeds):
        yield Fault("its spot check is not what its entries say")
    if planted is None or not seeds:
        return
    row, said = seeds[0], planted.detail
    if (row["source"], row["error"], row["planted_at"]) != (said.get("source"), said.get("error"), planted.at):
        yield Fault(f"its spot check is not what entry {planted.n} records", planted.n)
    # Older entries hold no digest of the change, and its words are disposed of with the review.
    if review["disposed_at"] is None and said.get("change", sha256(row["change"])) != sha256(row["change"]):
        yield Fault(f"the error of its spot check is not the one that entry {planted.n} records", planted.n)
    if (row["found_by"], row["missed_by"], row["revealed_at"]) != _outcome(row, revealed):
        yield Fault("who found or missed the error of its spot check is not what its entries say")


def _outcome(row: Row, revealed: Entry | None) -> tuple[str, str, Any]:
    if revealed is None:
        return "", "", None
    # Older entries do not name the reader.
    reader = revealed.detail.get("reader", row["found_by"] or row["missed_by"])
    found = revealed.detail.get("outcome") == "found"
    return (reader, "", revealed.at) if found else ("", reader, revealed.at)


def reading_faults(readings: Sequence[Row], entries: Sequence[Entry]) -> Iterator[Fault]:
    """Yield the differences between the readings of a review and the entries that hold their digests."""
    stored = {(row["reviewer"], row["wording"]): reading_digest(row) for row in readings}
    wordings, bound = 0, dict[tuple[str, int], Entry]()
    for entry in entries:
        wordings += entry.act in WORDINGS
        if entry.act == "review:read":
            bound[entry.actor, int(entry.detail.get("wording", "0"))] = entry
        elif entry.act in VERDICTS and "read" in entry.detail:
            bound[entry.actor, wordings] = entry
    for (reader, wording), entry in bound.items():
        if stored.get((reader, wording), NO_READING) != entry.detail.get("read"):
            yield Fault(f"the reading of wording {wording} by {reader} is not what entry {entry.n} records", entry.n)
    for reader, wording in stored:
        if not 1 <= wording <= wordings:
            yield Fault(f"a reading by {reader} is stored of wording {wording}, which no entry records")
