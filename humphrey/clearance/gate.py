"""The gate: nothing leaves humphrey but a `Release`, and only `release` makes one.

Three rules, each kept in one place. Four eyes: nobody who asked for a draft or changed it can approve it. Exact words:
a decision names the digest of what was shown, and it must be the digest of what is stored. On the record: a permit is
issued only with the ledger's entries about the review, which must say the same as the review does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from humphrey.clearance.model import Decision, Review, Version
from humphrey.errors import Blocked, NotPermitted, ReviewError, StaleDigest
from humphrey.ledger.model import Act, Entry, seal_holds
from humphrey.papers.draft import Citation

_WRITING: frozenset[Act] = frozenset({"review:open", "review:amend", "review:instruct"})
"""What makes somebody an author."""


_RULINGS: frozenset[Act] = frozenset({"review:approve", "review:return", "review:refuse", "release:expire"})


_CHANGES = _WRITING | _RULINGS


@dataclass(frozen=True)
class Release:
    """The permit for one text to leave, and the text. Made by `release` and by nothing else."""

    review: str
    kind: str
    text: str
    citations: tuple[Citation, ...]
    marking: str
    outlet: str
    recipient: str
    digest: str
    approved_by: str
    approved_at: datetime

    @property
    def key(self) -> str:
        """The idempotency key of its delivery: one review, one wording."""
        return f"{self.review}:{self.digest}"


def is_seed(record: Iterable[Entry]) -> bool:
    """Whether the record says that a draft was planted with an error, to see who finds it."""
    return any(entry.act == "seed:plant" for entry in record)


def release(review: Review, record: Sequence[Entry]) -> Release:
    """The permit, minted from what is stored now; called again at delivery, so that altered text does not leave.

    Args:
        review: the review as stored.
        record: the ledger's entries about it, in order.

    Raises:
        ReviewError: it was not approved, or not by somebody else, or not in these words, or not on the record.
    """
    decision = review.decisions[-1] if review.decisions else None
    if review.state not in {"approved", "released", "delivered"} or decision is None or decision.verdict != "approve":
        raise ReviewError(f"review {review.id} is {review.state}; only an approved one can leave")
    if decision.reviewer in review.authors | _authors_on_record(record):
        raise NotPermitted(f"review {review.id} was approved by one of its authors; it does not leave")
    if decision.digest != review.draft.digest:
        raise StaleDigest(f"the stored text of review {review.id} is not the text that was approved; it does not leave")
    if review.draft.blocked:
        raise Blocked(f"review {review.id} has a blocking finding; it does not leave")
    if is_seed(record):
        raise ReviewError(f"review {review.id} was seeded with an error to be found; it never leaves")
    if not _on_record(record, review.id, decision):
        raise ReviewError(f"the ledger does not record this approval of review {review.id}; it does not leave")
    if not _wordings_on_record(record, review.versions):
        raise ReviewError(f"what is stored of review {review.id} is not what the ledger records; it does not leave")
    draft = review.draft
    return Release(
        review=review.id,
        kind=draft.commission.kind,
        text=draft.text,
        citations=draft.citations,
        marking=draft.commission.marking,
        outlet=draft.commission.outlet,
        recipient=draft.commission.recipient,
        digest=decision.digest,
        approved_by=decision.reviewer,
        approved_at=decision.at,
    )


def _authors_on_record(record: Sequence[Entry]) -> frozenset[str]:
    return frozenset(entry.actor for entry in record if entry.act in _WRITING)


def _on_record(record: Sequence[Entry], review_id: str, decision: Decision) -> bool:
    """Whether every entry is whole, somebody sent the draft, and the last that changed it is this very approval."""
    changes = [entry for entry in record if entry.act in _CHANGES]
    return (
        all(seal_holds(entry) and entry.subject == review_id for entry in record)
        and bool(changes)
        # A seeded draft was never sent by anybody: without the entry that says so, it would lack this one.
        and changes[0].act == "review:open"
        and changes[-1].act == "review:approve"
        and changes[-1].actor == decision.reviewer
        and changes[-1].at == decision.at
        and changes[-1].detail.get("digest") == decision.digest
    )


def _wordings_on_record(record: Sequence[Entry], wordings: Sequence[Version]) -> bool:
    """Whether each wording is the one that its entry tells of, by whom it says; entries once named no such digest."""
    written = [entry for entry in record if entry.act in _WRITING]
    return len(written) == len(wordings) and all(
        (entry.actor, entry.detail.get("kept", wording.kept)) == (wording.editor, wording.kept)
        for entry, wording in zip(written, wordings, strict=True)
    )
