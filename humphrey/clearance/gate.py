"""The gate: a text leaves humphrey only as a `Release`, and only `release` makes one.

It keeps five rules. Four eyes: an author of a draft cannot approve it. Exact words: the digest that was approved is the
digest of the stored draft. On the record: the ledger's entries about the review, each signed by the server's key, say
the same as the review. In time: an approval runs out if the text is not delivered within its life, and one that was
given on a page waits for its moment. Nothing hidden: a text with invisible characters or disguised words does not
leave, whatever its stored findings say. Its asker keeps one that was delivered before humphrey looked for them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from humphrey.checks.disguises import first_disguise
from humphrey.clearance.model import Decision, Review
from humphrey.clearance.on_record import WRITING, parts_on_record, require_signed
from humphrey.errors import ApprovalExpired, Blocked, Held, NotOnRecord, NotPermitted, ReviewError, StaleDigest
from humphrey.ledger.entry_signatures import FirstUnsigned
from humphrey.ledger.model import Act, Entry, seal_holds
from humphrey.papers.draft import Citation
from humphrey.text.dates import say_moment

# `release:expire` and `review:undo` count as decisions: they end an approval, so it must not be the last change.
_CHANGES = WRITING | frozenset[Act](
    {"review:approve", "review:return", "review:refuse", "release:expire", "review:undo"}
)


@dataclass(frozen=True)
class Release:
    """Permission for one text to leave, with the text. Only `release` makes one."""

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
    reference: str = ""
    question: str = ""

    @property
    def name(self) -> str:
        """Return what people call it: the short reference of its review, or the id if it has none."""
        return self.reference or self.review

    @property
    def key(self) -> str:
        """Return the idempotency key of the delivery: one review, one wording."""
        return f"{self.review}:{self.digest}"


def release(
    review: Review, record: Sequence[Entry], at: datetime, life: timedelta, first_unsigned: FirstUnsigned
) -> Release:
    """Make a release from what is stored now; callers make it again at delivery, so that altered text does not leave.

    Args:
        review: the review as stored.
        record: all entries of the ledger about it, in order.
        at: the present moment.
        life: how long an approval is valid before delivery, from the setting `approval_hours`. A delivered text
            stays valid, as the ledger records its delivery.
        first_unsigned: checks the signatures of the record.

    Raises:
        ApprovalExpired: the approval ran out before the text was delivered.
        Held: its moment has not come.
        NotOnRecord: an entry about it is not signed, or what is stored is not what the entries say.
        ReviewError: the approval is missing, is an author's own, is of other words, or is not on the record.
    """
    decision = review.decisions[-1] if review.decisions else None
    if review.state not in {"approved", "released", "delivered"} or decision is None or decision.verdict != "approve":
        raise ReviewError(f"review {review.name} is {review.state}; only an approved one can leave")
    if decision.reviewer in review.authors | _authors_on_record(record):
        raise NotPermitted(f"review {review.name} was approved by one of its authors; it does not leave")
    if decision.digest != review.draft.digest:
        raise StaleDigest(
            f"the stored text of review {review.name} is not the text that was approved; it does not leave"
        )
    _require_nothing_blocking(review, record, decision)
    if is_spot_check(record):
        raise ReviewError(f"review {review.name} was seeded with an error to be found; it never leaves")
    if not _on_record(record, review.id, decision):
        raise ReviewError(f"the ledger does not record this approval of review {review.name}; it does not leave")
    require_signed(review.id, record, first_unsigned)
    if not parts_on_record(review, record):
        raise NotOnRecord(f"what is stored of review {review.name} is not what the ledger records; it does not leave")
    _require_in_time(review.id, decision, record, at, life)
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
        reference=review.reference,
        question=draft.commission.text,
    )


def has_run_out(approval: Decision, at: datetime, life: timedelta) -> bool:
    """Return whether an approval is no longer valid at a moment; its last valid moment is just before its life ends."""
    return at - approval.at >= life


def is_delivered(record: Sequence[Entry], digest: str) -> bool:
    """Return whether the ledger records that the words with that digest were delivered under the latest approval.

    The receipt may come after the life ends, if the sending began before. So the entry counts, not its moment, which
    comes from the clock of the process that delivered.
    """
    approved = max((n for n, entry in enumerate(record) if entry.act == "review:approve"), default=0)
    return any((entry.act, entry.detail.get("digest")) == ("release:deliver", digest) for entry in record[approved:])


def _require_nothing_blocking(review: Review, record: Sequence[Entry], approval: Decision) -> None:
    if review.draft.blocked:
        raise Blocked(f"review {review.name} has a blocking finding; it does not leave")
    # Computed from the words themselves, because stored findings may be older than the check. So may a delivery: its
    # asker has the words, and keeps them.
    if not is_delivered(record, approval.digest) and (hidden := first_disguise(review.draft)):
        raise Blocked(f"review {review.name} does not leave: {hidden}")


def _require_in_time(
    review_id: str, approval: Decision, record: Sequence[Entry], at: datetime, life: timedelta
) -> None:
    if approval.held_until and at < approval.held_until:
        raise Held(f"review {review_id} leaves from {say_moment(approval.held_until)} on; wait until then")
    if has_run_out(approval, at, life) and not is_delivered(record, approval.digest):
        raise ApprovalExpired(
            f"the approval of review {review_id}, given at {say_moment(approval.at)}, ran out after "
            f"{life / timedelta(hours=1):g} hours; a reviewer must approve it again before it leaves"
        )


def is_spot_check(record: Iterable[Entry]) -> bool:
    """Return whether the draft was seeded with an error to see who finds it."""
    return any(entry.act == "seed:plant" for entry in record)


def _authors_on_record(record: Sequence[Entry]) -> frozenset[str]:
    return frozenset(entry.actor for entry in record if entry.act in WRITING)


def _on_record(record: Sequence[Entry], review_id: str, decision: Decision) -> bool:
    """Return whether every seal holds, the draft was sent for review, and its last change is this approval."""
    changes = [entry for entry in record if entry.act in _CHANGES]
    return (
        all(seal_holds(entry) and entry.subject == review_id for entry in record)
        and bool(changes)
        # Nobody sends a spot check for review, so this fails for one even if its entry `seed:plant` was removed.
        and changes[0].act == "review:open"
        and changes[-1].act == "review:approve"
        and changes[-1].actor == decision.reviewer
        and changes[-1].at == decision.at
        and changes[-1].detail.get("digest") == decision.digest
    )
