"""The case file: everything about one review, in a form that shows alterations by itself.

Every part has its own digest, so that a changed part can be named. The whole has one that the ledger entry
`case:export` binds. A reader can recompute what an approval binds and what the ledger sealed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from humphrey.clearance.model import Review
from humphrey.clearance.ratings.model import Rating, citations_json, sentences_json
from humphrey.digests import canonical, sha256
from humphrey.ledger.heads import Head
from humphrey.ledger.model import Entry, stated
from humphrey.papers.draft import to_json

FORMAT = "humphrey case 1"
"""The format name in a case file's JSON; `verify_case.py` reads no other."""


@dataclass(frozen=True)
class Delivery:
    """A release on its way out: its key, its attempts, and the receipt of its outlet."""

    key: str
    outlet: str
    queued_at: datetime
    attempts: int
    failure: str
    receipt: str
    delivered_at: datetime | None
    set_aside_at: datetime | None
    sent_digest: str


@dataclass(frozen=True)
class Disposed:
    """A part whose words were disposed of: its name, their digest, and the time."""

    part: str
    digest: str
    at: datetime


@dataclass(frozen=True)
class SourceText:
    """A document as it stood when it was cited; `text` is None if that version is no longer held.

    `source` is its name for readers, which says whether it is humphrey's summary.
    """

    document: str
    version: str
    title: str
    url: str
    text: str | None
    source: str = ""


@dataclass(frozen=True)
class CaseFile:
    """A review with everything kept about it, as exported by `taken_by` at `taken_at`."""

    review: Review
    deliveries: tuple[Delivery, ...]
    sources: tuple[SourceText, ...]
    entries: tuple[Entry, ...]
    head: Head | None
    disposed: tuple[Disposed, ...]
    disposed_at: datetime | None
    taken_by: str
    taken_at: datetime
    ratings: tuple[Rating, ...] = ()


def to_plain(case: CaseFile) -> dict[str, Any]:
    """Return a case as plain JSON values, with the digest of every part and of the whole."""
    sections = {
        "versions": list(_versions(case)),
        "rechecks": [_dated(asdict(each)) for each in case.review.rechecks],
        "comments": [_dated(asdict(each)) for each in case.review.comments],
        "deferrals": [_dated(asdict(each)) for each in case.review.deferrals],
        "decisions": [_dated(asdict(each)) for each in case.review.decisions],
        "ratings": [_rating(each) for each in case.ratings],
        "sources": [asdict(each) for each in case.sources],
        "deliveries": [_dated(asdict(each)) for each in case.deliveries],
        "entries": [stated(each) for each in case.entries],
        "heads": [_dated(asdict(case.head))] if case.head else [],
        "disposed": [_dated(asdict(each)) for each in case.disposed],
    }
    whole = {"format": FORMAT, "about": _about(case), **sections}
    whole["digests"] = dict(_digests(whole))
    return {**whole, "digest": sha256(canonical(whole))}


def _about(case: CaseFile) -> dict[str, Any]:
    review, asked = case.review, case.review.draft.commission
    return {
        "review": review.id,
        "reference": review.reference,
        "state": review.state,
        "kind": asked.kind,
        "asked_by": asked.asked_by,
        "outlet": asked.outlet,
        "marking": asked.marking,
        "due": review.draft.due.isoformat() if review.draft.due else None,
        "wished": review.wished.isoformat() if review.wished else None,
        "opened": _moment(review.opened),
        "disposed": _moment(case.disposed_at) if case.disposed_at else None,
        "taken_out_by": case.taken_by,
        "taken_out": _moment(case.taken_at),
    }


def _versions(case: CaseFile) -> Iterator[dict[str, Any]]:
    gone = {each.part: each.digest for each in case.disposed}
    for n, version in enumerate(case.review.versions, start=1):
        yield {
            "n": n,
            "editor": version.editor,
            "at": _moment(version.at),
            "origin": version.origin,
            "instruction": version.instruction,
            # Only the digest of disposed words is kept.
            "digest": gone.get(f"version {n}", version.draft.digest),
            "disposed": f"version {n}" in gone,
            "draft": to_json(version.draft),
        }


def _rating(rating: Rating) -> dict[str, Any]:
    """Return a rating with its parts as they are stored, so that its digest can be computed again."""
    parts = {"sentences": sentences_json(rating), "citations": citations_json(rating)}
    return {"by": rating.by, "wording": rating.wording, **parts, "at": _moment(rating.at)}


def _digests(whole: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in whole.items():
        if isinstance(value, list):
            yield from ((f"{name} {n}", sha256(canonical(each))) for n, each in enumerate(value, start=1))
        else:
            yield name, sha256(canonical(value))


def _dated(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _said(value) for name, value in plain.items()}


def _said(value: Any) -> Any:  # noqa: ANN401 - a value of any field
    if isinstance(value, datetime):
        return _moment(value)
    return value.isoformat() if isinstance(value, date) else value


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def cited(review: Review) -> Sequence[tuple[str, str]]:
    """Return the (document, version) pairs that any wording of a review cites, in order of first use."""
    every = ((each.document, each.version) for version in review.versions for each in version.draft.citations)
    return list(dict.fromkeys(every))
