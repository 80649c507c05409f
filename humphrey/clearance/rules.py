"""Rules of clearance: who may amend and decide a review, and the review that each act returns."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from humphrey.checks.disguises import first_disguise
from humphrey.clearance.model import REASONS, Claim, Decision, Recheck, Review, ReviewState, Verdict, Version
from humphrey.errors import (
    AlreadyDecided,
    Blocked,
    Claimed,
    CommissionError,
    NotPermitted,
    ReviewError,
    StaleDigest,
)
from humphrey.papers.draft import Draft, Finding
from humphrey.text.dates import local_date, say, say_moment

_RULED: dict[Verdict, ReviewState] = {"approve": "approved", "return": "returned", "refuse": "refused"}


_FURTHEST_WISH = timedelta(days=366)
"""A wished day after more than a year is taken for a slip of the year."""


def open_review(review_id: str, draft: Draft, at: datetime, wished: date | None = None) -> Review:
    """Return a review of a draft, opened in the name of its asker.

    Args:
        review_id: the id of the review.
        draft: the draft.
        at: the moment.
        wished: the day by which its asker wishes to have it; None for no wish.

    Raises:
        CommissionError: the day is past, too far off, or the paper has a time limit of its own.
    """
    if wished is not None:
        _require_wishable(draft, wished, local_date(at))
    return Review(review_id, (Version(draft, draft.commission.asked_by, at),), wished=wished)


def _require_wishable(draft: Draft, wished: date, today: date) -> None:
    if draft.due is not None:
        raise CommissionError(f"it is due by {say(draft.due)} by its time limit; leave the wished day out")
    if not today <= wished <= today + _FURTHEST_WISH:
        raise CommissionError(f"{say(wished)} cannot be wished; give a day from today on, within a year")


def claim_in_force(review: Review, at: datetime) -> Claim | None:
    """Return the claim that is in force at a moment; None without one."""
    return review.claim if review.claim and at < review.claim.until else None


def require_free(review: Review, person: str, at: datetime) -> None:
    """Require that no other person has claimed a review.

    Raises:
        Claimed: another person has claimed it.
    """
    claim = claim_in_force(review, at)
    if claim and claim.reviewer != person:
        raise Claimed(
            f"{claim.reviewer} has claimed review {review.name} until {say_moment(claim.until)}; "
            "wait, or ask them to hand it back"
        )


def require_amendable(review: Review, editor: str, at: datetime) -> None:
    """Require that a person may give a review other words now.

    Raises:
        AlreadyDecided: it was approved or refused.
        Claimed: another person has claimed it.
    """
    if review.state not in {"open", "returned"}:
        raise AlreadyDecided(f"review {review.name} is {review.state}; only an open or returned one can be amended")
    require_free(review, editor, at)


def amend(review: Review, draft: Draft, editor: str, at: datetime, instruction: str = "") -> Review:
    """Return the review with a new wording: open, unclaimed, and with the editor among its authors.

    Args:
        review: the review.
        draft: the new wording.
        editor: the person who wrote it or instructed the model.
        at: the moment of the change.
        instruction: the instruction to the model; empty if a person wrote the words.

    Raises:
        AlreadyDecided: it was approved or refused.
        Claimed: another person has claimed it.
        ReviewError: the new wording is for another outlet, recipient or asker.
    """
    require_amendable(review, editor, at)
    if draft.commission != review.draft.commission:
        raise ReviewError(f"review {review.name}: an amendment changes words, not what was asked for; send a new draft")
    wording = Version(draft, editor, at, "instruction" if instruction else "person", instruction)
    return replace(
        review, versions=(*review.versions, wording), state="open", claim=None, handed_to="", deferred_until=None
    )


def recheck(review: Review, findings: tuple[Finding, ...], at: datetime) -> Review:
    """Return the review with the findings of today's checks.

    An approval does not bind findings. So the digest stays, nobody becomes an author, and a reviewer with the page open
    can go on. A blocking finding still forbids approval.

    Raises:
        AlreadyDecided: it was approved or refused.
    """
    if review.state not in {"open", "returned"}:
        raise AlreadyDecided(f"review {review.name} is {review.state}; only an open or returned one is checked again")
    return replace(review, rechecks=(*review.rechecks, Recheck(len(review.versions), findings, at)))


def decide(review: Review, decision: Decision) -> Review:
    """Return the review with a decision, which ends its claim. A decision needs no claim.

    Raises:
        AlreadyDecided: it is no longer open.
        NotPermitted: the reviewer is one of its authors.
        Claimed: another person has claimed it.
        StaleDigest: the reviewer was shown other words than the stored ones.
        Blocked: approval of a draft with a blocking finding.
        ReviewError: a return or refusal has no reason, or a reason does not exist.
    """
    if review.state != "open":
        raise AlreadyDecided(f"review {review.name} is already {review.state}; nothing was changed")
    if decision.reviewer in review.authors:
        raise NotPermitted(
            f"{decision.reviewer} asked for or changed review {review.name}; another person must decide on it"
        )
    require_free(review, decision.reviewer, decision.at)
    require_shown(review, decision.digest)
    if decision.verdict == "approve" and review.draft.blocked:
        raise Blocked(f"review {review.name} has a blocking finding; amend it or return it to its author")
    if decision.verdict == "approve" and (hidden := first_disguise(review.draft)):
        # Computed from the words themselves, because stored findings may be older than the check.
        raise Blocked(f"review {review.name} cannot be approved: {hidden}; amend it or return it to its author")
    _require_reasons(review, decision)
    ruled = replace(decision, reasons=tuple(dict.fromkeys(decision.reasons)))
    return replace(
        review,
        state=_RULED[decision.verdict],
        decisions=(*review.decisions, ruled),
        claim=None,
        handed_to="",
        deferred_until=None,
    )


def require_shown(review: Review, digest: str) -> None:
    """Require that a person was shown the stored words, given the digest they were shown.

    Raises:
        StaleDigest: they were shown other words.
    """
    if digest != review.draft.digest:
        raise StaleDigest(f"review {review.name} changed since it was shown to you; reload it and read it again")


def _require_reasons(review: Review, decision: Decision) -> None:
    """Require a fixed reason or words for a return or refusal; “another reason” needs words."""
    if strange := next((each for each in decision.reasons if each not in REASONS), None):
        raise ReviewError(f"no reason {str(strange)[:40]!r}; it is one of {', '.join(REASONS)}")
    if decision.verdict == "approve":
        if decision.reasons:
            raise ReviewError(f"to approve review {review.name}, leave out the reasons for returning or refusing one")
    elif not decision.reason.strip() and not set(decision.reasons) - {"other"}:
        raise ReviewError(f"to {decision.verdict} review {review.name}, give the author a reason")


def expire(review: Review) -> Review:
    """Return a released review, whose approval ran out before delivery, to the queue.

    The decision stays on the review. The caller enters `release:expire` after the entry of the approval, so the record
    alone keeps the gate from using that approval again. A reviewer must read the same words and approve them again.

    Raises:
        AlreadyDecided: it is not released.
    """
    if review.state != "released":
        raise AlreadyDecided(f"review {review.name} is {review.state}; only a released one can expire")
    return replace(review, state="open", claim=None)


def undo(review: Review, reviewer: str) -> Review:
    """Return a released review to the queue, because its approver takes the approval back before the text leaves.

    The decision stays on the review, and the entry `review:undo` keeps the gate from using that approval again.

    Raises:
        NotPermitted: the reviewer is not the one who approved it.
        AlreadyDecided: it does not wait to be delivered.
    """
    last = review.decisions[-1] if review.decisions else None
    if last is None or last.verdict != "approve" or last.reviewer != reviewer:
        raise NotPermitted(f"{reviewer} did not approve review {review.name}; only its approver takes an approval back")
    if review.state != "released":
        raise AlreadyDecided(
            f"review {review.name} is {review.state}; only an approval of a waiting text is taken back"
        )
    return replace(review, state="open", claim=None)


def close(review: Review) -> Review:
    """Return a spot check, closed after a decision or amendment of any kind."""
    return replace(review, state="closed", claim=None, deferred_until=None)


def concerned(review: Review) -> frozenset[str]:
    """Return the people to notify about a draft: its authors, deciders, commenters and the holder of a claim."""
    deciders, commenters = (each.reviewer for each in review.decisions), (each.by for each in review.comments)
    claimant = {review.claim.reviewer} if review.claim else set()
    return review.authors.union(deciders, commenters, claimant)
