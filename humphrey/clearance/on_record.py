"""The review and its record: every wording, decision and later check has its signed entry, and no entry is without one.

The gate, the decision and every change of a draft ask this first. So a row or an entry that was written past humphrey
neither leaves nor becomes part of what a person decides on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from humphrey.clearance.model import Decision, Recheck, Review, Version
from humphrey.digests import canonical, sha256
from humphrey.errors import NotOnRecord
from humphrey.ledger.entry_signatures import FirstUnsigned
from humphrey.ledger.model import Act, Entry, seal_holds

WRITING: frozenset[Act] = frozenset({"review:open", "review:amend", "review:instruct"})
"""The acts that make a person an author."""


WORDINGS: frozenset[Act] = WRITING | {"seed:plant"}
"""The acts that store a wording: also that of planting a spot check, which makes nobody an author."""


VERDICTS: Mapping[Act, str] = {"review:approve": "approve", "review:return": "return", "review:refuse": "refuse"}
"""The verdict of each act of deciding."""


STATE_AFTER: Mapping[Act, str] = {
    "review:open": "open",
    "seed:plant": "open",
    "review:amend": "open",
    "review:instruct": "open",
    "review:return": "returned",
    "review:refuse": "refused",
    "review:approve": "approved",
    "release:mint": "released",
    "release:deliver": "delivered",
    "release:expire": "open",
    "review:undo": "open",
    "seed:reveal": "closed",
}
"""The state after each act: the last of these entries gives the state that the review must have."""


def require_on_record(review: Review, record: Sequence[Entry], first_unsigned: FirstUnsigned) -> None:
    """Require that what is stored of a review is what its signed entries say; ask it before a draft is changed.

    Args:
        review: the review as stored.
        record: all entries about it, in order.
        first_unsigned: checks the signatures.

    Raises:
        NotOnRecord: it is not; the message names the entry if one is not signed.
    """
    require_signed(review.id, record, first_unsigned)
    states = [STATE_AFTER[entry.act] for entry in record if entry.act in STATE_AFTER]
    if not parts_on_record(review, record) or not states or states[-1] != review.state:
        raise NotOnRecord(
            f"what is stored of review {review.name} is not what the ledger records, so it is neither changed nor "
            "decided; tell the administrator: `humphrey ledger verify` names what does not fit"
        )


def require_signed(review_id: str, record: Sequence[Entry], first_unsigned: FirstUnsigned) -> None:
    """Require that every entry about a review is signed, and none between two others is missing.

    Raises:
        NotOnRecord: an entry is not signed by humphrey's key as it stands.
    """
    n = first_unsigned(record)
    if n is not None:
        raise NotOnRecord(
            f"entry {n}, about review {review_id}, is not signed by humphrey's key, or it or the one before it is gone;"
            " the review is not decided and does not leave: tell the administrator, `humphrey ledger verify` says more"
        )


def parts_on_record(review: Review, record: Sequence[Entry]) -> bool:
    """Return whether each wording, decision and later check has its entry, in order, and each entry its part."""
    return (
        all(entry.subject == review.id and seal_holds(entry) for entry in record)
        and _wordings_on_record(record, review.versions)
        and _decisions_on_record(record, review.decisions)
        and _rechecks_on_record(record, review.rechecks)
    )


def _wordings_on_record(record: Sequence[Entry], wordings: Sequence[Version]) -> bool:
    """Return whether each wording has its entry with its editor and digest; the oldest entries name no digest.

    The first wording of a spot check has no person's entry: humphrey planted it.
    """
    written = [entry for entry in record if entry.act in WORDINGS]
    return len(written) == len(wordings) and all(
        entry.detail.get("kept", wording.kept) == wording.kept
        and (entry.act == "seed:plant" or entry.actor == wording.editor)
        for entry, wording in zip(written, wordings, strict=True)
    )


def _decisions_on_record(record: Sequence[Entry], decisions: Sequence[Decision]) -> bool:
    decided = [entry for entry in record if entry.act in VERDICTS]
    return [
        (VERDICTS[entry.act], entry.actor, entry.detail.get("digest"), entry.at, _how(entry)) for entry in decided
    ] == [(each.verdict, each.reviewer, each.digest, each.at, how_decided(each)) for each in decisions]


def how_decided(decision: Decision) -> dict[str, str]:
    """Return how a decision was made, as its entry names it: by which door, what was acknowledged, its moment."""
    return {
        **({"door": decision.door} if decision.door else {}),
        **({"acknowledged": " ".join(decision.acknowledged)} if decision.acknowledged else {}),
        **({"held": decision.held_until.isoformat()} if decision.held_until else {}),
    }


def _how(entry: Entry) -> dict[str, str]:
    return {name: entry.detail[name] for name in ("door", "acknowledged", "held") if name in entry.detail}


def _rechecks_on_record(record: Sequence[Entry], rechecks: Sequence[Recheck]) -> bool:
    """Return whether each later check has its entry with its findings, its time and the wording that stood then."""
    wording, checked = 0, []
    for entry in record:
        wording += entry.act in WORDINGS
        if entry.act == "review:recheck":
            checked.append((wording, entry.detail.get("findings"), entry.at))
    return checked == [(each.wording, findings_digest(each), each.at) for each in rechecks]


def findings_digest(recheck: Recheck) -> str:
    """Return the digest of the findings of a later check, as its entry names it."""
    return sha256(canonical([asdict(finding) for finding in recheck.findings]))
