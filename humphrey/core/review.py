"""The gate: nothing leaves humphrey but a `Release`, and only `release` makes one.

Three rules, each kept in one place. Four eyes: whoever asked for a draft or changed it cannot approve it. Exact words:
a decision names the digest of what was shown, and it must be the digest of what is stored. On the record: a permit is
minted only beside the ledger's entries about the review, which must say the same as the review does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from humphrey.core.deadlines import say_moment
from humphrey.core.drafts import Citation, Draft, Finding, canonical, sha256, to_json
from humphrey.core.ledger import Act, Entry, sealed
from humphrey.errors import AlreadyDecided, Blocked, Claimed, NotPermitted, ReviewError, StaleDigest

Verdict = Literal["approve", "return", "refuse"]
"""A reviewer's ruling; `return` sends the draft back to its author and is the usual outcome of a complaint."""

ReviewState = Literal["open", "returned", "refused", "approved", "released", "delivered", "closed"]
"""Where a review stands. `open` and `returned` can be amended; an amended one is `open`.

`closed`: it was a seeded draft, and somebody found or missed its error; it goes nowhere.
"""

Reason = Literal[
    "facts", "evidence", "guidance", "unclear", "tone", "incomplete", "personal_data", "marking", "not_ours", "other"
]
"""Why a draft is returned or refused, for counting; the reviewer's own words say the rest."""

REASONS: Mapping[Reason, str] = {
    "facts": "A fact, figure or date is wrong",
    "evidence": "Something is said without evidence",
    "guidance": "It rests on the wrong or old guidance",
    "unclear": "It is hard to understand",
    "tone": "The tone is not right for its reader",
    "incomplete": "It does not answer all that was asked",
    "personal_data": "It holds personal data that should not leave",
    "marking": "The marking or the handling is wrong",
    "not_ours": "It is not for this department to answer",
    "other": "Another reason",
}
"""What the reasons are called on screen."""

_RULED: dict[Verdict, ReviewState] = {"approve": "approved", "return": "returned", "refuse": "refused"}

_WRITING: frozenset[Act] = frozenset({"review:open", "review:amend", "review:instruct"})
"""What makes somebody an author."""

_RULINGS: frozenset[Act] = frozenset({"review:approve", "review:return", "review:refuse", "release:expire"})
_CHANGES = _WRITING | _RULINGS

Origin = Literal["model", "instruction", "person"]
"""Who wrote a wording: the model at first, the model again as somebody instructed it, or a person."""


@dataclass(frozen=True)
class Version:
    """One wording of a draft, who made it so, and when; `instruction` is what the model was told, where it was."""

    draft: Draft
    editor: str
    at: datetime
    origin: Origin = "model"
    instruction: str = ""

    @property
    def kept(self) -> str:
        """The digest of all that is kept of it, which its entry in the ledger names."""
        return wording_digest(canonical(to_json(self.draft)), self.origin, self.instruction)


@dataclass(frozen=True)
class Recheck:
    """What the checks said when they ran again, of the wording with that number (the first is 1); its words stay."""

    wording: int
    findings: tuple[Finding, ...]
    at: datetime


@dataclass(frozen=True)
class Decision:
    """A ruling on exact words: `digest` is of the draft the reviewer was shown.

    `reason` is in the reviewer's words, `reasons` are the fixed ones that it falls under.
    """

    verdict: Verdict
    reviewer: str
    digest: str
    reason: str
    at: datetime
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Claim:
    """Who has a review before them, and until when; after that moment it is anybody's again."""

    reviewer: str
    until: datetime


@dataclass(frozen=True)
class Comment:
    """What somebody said about a draft under review, to everybody who may see it there."""

    by: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Review:
    """A draft awaiting clearance, with every wording, every ruling and every later check it has had.

    `claim` is who took it, over or not; `handed_to` is the deputy it was handed to, until they hand it back.
    """

    id: str
    versions: tuple[Version, ...]
    state: ReviewState = "open"
    decisions: tuple[Decision, ...] = ()
    rechecks: tuple[Recheck, ...] = ()
    claim: Claim | None = None
    handed_to: str = ""
    comments: tuple[Comment, ...] = ()

    @property
    def draft(self) -> Draft:
        """The wording that stands, with what the checks said of it last."""
        worded = self.versions[-1].draft
        if self.rechecks and self.rechecks[-1].wording == len(self.versions):
            return replace(worded, findings=self.rechecks[-1].findings)
        return worded

    @property
    def authors(self) -> frozenset[str]:
        """Whoever asked for the draft or changed its words."""
        return frozenset({self.draft.commission.asked_by} | {version.editor for version in self.versions})

    @property
    def opened(self) -> datetime:
        """When the first wording was put on the list."""
        return self.versions[0].at


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


def wording_digest(draft: str, origin: str, instruction: str) -> str:
    """The digest of a wording as it is stored: the draft as canonical JSON, findings and all, and how it came about."""
    return sha256(canonical([draft, origin, instruction]))


def open_review(review_id: str, draft: Draft, at: datetime) -> Review:
    """A draft on the reviewers' list, in the name of whoever asked for it."""
    return Review(review_id, (Version(draft, draft.commission.asked_by, at),))


def held(review: Review, at: datetime) -> Claim | None:
    """The claim that keeps others off at a moment; None when nobody took it, or the claim is over by then."""
    return review.claim if review.claim and at < review.claim.until else None


def require_free(review: Review, person: str, at: datetime) -> None:
    """Let through whoever may act on a review now: its claimant, or anybody while it has none.

    Raises:
        Claimed: somebody else has it before them.
    """
    claim = held(review, at)
    if claim and claim.reviewer != person:
        raise Claimed(
            f"{claim.reviewer} has review {review.id} before them until {say_moment(claim.until)}; "
            "wait, or ask them to hand it back"
        )


def require_amendable(review: Review, editor: str, at: datetime) -> None:
    """Let through whoever may give a review other words now.

    Raises:
        AlreadyDecided: it was approved or refused.
        Claimed: somebody else has it before them.
    """
    if review.state not in {"open", "returned"}:
        raise AlreadyDecided(f"review {review.id} is {review.state}; only an open or returned one can be amended")
    require_free(review, editor, at)


def amend(review: Review, draft: Draft, editor: str, at: datetime, instruction: str = "") -> Review:
    """The review with other words, open again and anybody's; whoever amends becomes an author.

    Args:
        review: the review.
        draft: the new wording.
        editor: who wrote it, or told the model to.
        at: when.
        instruction: what the model was told; empty where a person wrote the words.

    Raises:
        AlreadyDecided: it was approved or refused.
        Claimed: somebody else has it before them.
        ReviewError: the new wording is for another outlet, recipient or asker.
    """
    require_amendable(review, editor, at)
    if draft.commission != review.draft.commission:
        raise ReviewError(f"review {review.id}: an amendment changes words, not what was asked for; send a new draft")
    wording = Version(draft, editor, at, "instruction" if instruction else "person", instruction)
    return replace(review, versions=(*review.versions, wording), state="open", claim=None, handed_to="")


def recheck(review: Review, findings: tuple[Finding, ...], at: datetime) -> Review:
    """The review with what the checks say of its wording now.

    Findings are not part of what an approval binds, so the digest stays, nobody becomes an author, and a reviewer who
    has the page open can go on; a finding that blocks still forbids approval.

    Raises:
        AlreadyDecided: it was approved or refused.
    """
    if review.state not in {"open", "returned"}:
        raise AlreadyDecided(f"review {review.id} is {review.state}; only an open or returned one is checked again")
    return replace(review, rechecks=(*review.rechecks, Recheck(len(review.versions), findings, at)))


def decide(review: Review, decision: Decision) -> Review:
    """The review with a ruling, which ends its claim. Nobody needs to have claimed it.

    Raises:
        AlreadyDecided: it is no longer open.
        NotPermitted: the reviewer is one of its authors.
        Claimed: somebody else has it before them.
        StaleDigest: the reviewer was shown other words than those stored.
        Blocked: approval of a draft with a blocking finding.
        ReviewError: a return or refusal without a reason, or a reason that there is not.
    """
    if review.state != "open":
        raise AlreadyDecided(f"review {review.id} is already {review.state}; nothing was changed")
    if decision.reviewer in review.authors:
        raise NotPermitted(
            f"{decision.reviewer} asked for or changed review {review.id}; somebody else must decide on it"
        )
    require_free(review, decision.reviewer, decision.at)
    require_shown(review, decision.digest)
    if decision.verdict == "approve" and review.draft.blocked:
        raise Blocked(f"review {review.id} has a blocking finding; amend it or return it to its author")
    _require_reasons(review, decision)
    ruled = replace(decision, reasons=tuple(dict.fromkeys(decision.reasons)))
    return replace(
        review, state=_RULED[decision.verdict], decisions=(*review.decisions, ruled), claim=None, handed_to=""
    )


def require_shown(review: Review, digest: str) -> None:
    """Let through whoever saw the words that are stored.

    Raises:
        StaleDigest: they were shown others.
    """
    if digest != review.draft.digest:
        raise StaleDigest(f"review {review.id} changed since it was shown to you; reload it and read it again")


def _require_reasons(review: Review, decision: Decision) -> None:
    """What is not approved says why: one of the fixed reasons, or words; “another reason” is none without words."""
    if strange := next((each for each in decision.reasons if each not in REASONS), None):
        raise ReviewError(f"no reason {str(strange)[:40]!r}; it is one of {', '.join(REASONS)}")
    if decision.verdict == "approve":
        if decision.reasons:
            raise ReviewError(f"to approve review {review.id}, leave out the reasons for returning or refusing one")
    elif not decision.reason.strip() and not set(decision.reasons) - {"other"}:
        raise ReviewError(f"to {decision.verdict} review {review.id}, give the author a reason")


def expire(review: Review) -> Review:
    """A released text that was not delivered within its life, back on the list: its approval is over.

    Nothing of it is taken back but its force. The entry `release:expire` comes after that of the approval, so that the
    record alone keeps `release` from minting by it again; somebody has to read the same words and approve them anew.

    Raises:
        AlreadyDecided: it is not on its way out.
    """
    if review.state != "released":
        raise AlreadyDecided(f"review {review.id} is {review.state}; only a released one can expire")
    return replace(review, state="open", claim=None)


def close(review: Review) -> Review:
    """A seeded draft that somebody ruled on or put right: it is over, whatever was said of it."""
    return replace(review, state="closed", claim=None)


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
        all(sealed(entry) and entry.subject == review_id for entry in record)
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
