"""Rules of clearance: who may amend, decide and claim a review, and what each act makes of it."""

from dataclasses import replace
from datetime import datetime

from humphrey.clearance.model import REASONS, Claim, Decision, Recheck, Review, ReviewState, Verdict, Version
from humphrey.errors import AlreadyDecided, Blocked, Claimed, NotPermitted, ReviewError, StaleDigest
from humphrey.papers.draft import Draft, Finding
from humphrey.text.local_time import say_moment

_RULED: dict[Verdict, ReviewState] = {"approve": "approved", "return": "returned", "refuse": "refused"}


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
