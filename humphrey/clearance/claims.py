"""Claims on a review: a reviewer takes a draft before reading it, hands it back or over to a deputy, or defers it.

A claim only keeps two people from doing the same work; it grants no permission. It ends at its `until`, so that an
absence holds up no draft, and with every ruling, deferral and new wording.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from humphrey.clearance.model import Claim, Comment, Deferral, Review
from humphrey.clearance.rules import claim_in_force, require_free
from humphrey.errors import AlreadyDecided, NotPermitted, ReviewError
from humphrey.text.dates import say

_LONGEST_DEFERRAL = timedelta(days=366)
"""A later day is taken for a slip of the year."""


def claim(review: Review, reviewer: str, at: datetime, until: datetime) -> Review:
    """Return the review claimed by a reviewer. Claiming again extends the claim.

    Raises:
        AlreadyDecided: the review is not open.
        NotPermitted: the reviewer is one of its authors.
        Claimed: another reviewer holds the claim.
    """
    _require_open(review, "claimed")
    _require_no_author(
        review, reviewer, f"{reviewer} asked for or changed review {review.name}; another person must claim"
    )
    require_free(review, reviewer, at)
    return replace(review, claim=Claim(reviewer, until))


def hand_back(review: Review, reviewer: str, at: datetime) -> Review:
    """Return the review without a claim, free for any reviewer.

    Raises:
        ReviewError: the reviewer does not hold the claim, or no longer.
    """
    claim = claim_in_force(review, at)
    if claim is None or claim.reviewer != reviewer:
        raise ReviewError(
            f"{reviewer} has not claimed review {review.name}, or no longer; there is nothing to hand back"
        )
    return replace(review, claim=None, handed_to="")


def hand_over(review: Review, reviewer: str, deputy: str, at: datetime, until: datetime) -> Review:
    """Return the review claimed for a deputy, from its claimant or from the list.

    An author of a draft cannot hand it over, because authors do not choose who clears their work.

    Raises:
        AlreadyDecided: the review is not open.
        NotPermitted: the reviewer or the deputy is one of its authors.
        Claimed: another reviewer holds the claim.
        ReviewError: the deputy is the reviewer.
    """
    _require_open(review, "handed over")
    if deputy == reviewer:
        raise ReviewError(f"review {review.name} cannot be handed to {deputy} by themselves; claim it, or name another")
    _require_no_author(
        review, reviewer, f"{reviewer} asked for or changed review {review.name} and does not choose who clears it"
    )
    _require_no_author(review, deputy, f"{deputy} asked for or changed review {review.name}; name another deputy")
    require_free(review, reviewer, at)
    return replace(review, claim=Claim(deputy, until), handed_to=deputy)


def defer(review: Review, added: Deferral, today: date) -> Review:
    """Return the review put off until a day, and free for any reviewer; a further deferral replaces it.

    A deferral moves no due date, so none goes beyond it.

    Raises:
        AlreadyDecided: the review is not open.
        NotPermitted: the reviewer is one of its authors.
        Claimed: another reviewer holds the claim.
        ReviewError: the day is not after today, too far off, or after the review is due.
    """
    _require_open(review, "deferred")
    _require_no_author(
        review, added.by, f"{added.by} asked for or changed review {review.name}; another person must defer it"
    )
    require_free(review, added.by, added.at)
    if not today < added.until <= today + _LONGEST_DEFERRAL:
        raise ReviewError(f"{say(added.until)} will not do; give a day after today, within a year")
    if review.due is not None and added.until > review.due:
        raise ReviewError(f"review {review.name} is due by {say(review.due)}; give no later day")
    deferrals = (*review.deferrals, added)
    return replace(review, deferrals=deferrals, deferred_until=added.until, claim=None, handed_to="")


def comment(review: Review, added: Comment) -> Review:
    """Return the review with a comment; its words and its claim do not change.

    Raises:
        AlreadyDecided: the review was approved or refused.
    """
    if review.state not in {"open", "returned"}:
        raise AlreadyDecided(
            f"review {review.name} is {review.state}; only an open or returned one can be commented on"
        )
    return replace(review, comments=(*review.comments, added))


def _require_open(review: Review, done: str) -> None:
    if review.state != "open":
        raise AlreadyDecided(f"review {review.name} is already {review.state}; only an open one can be {done}")


def _require_no_author(review: Review, person: str, otherwise: str) -> None:
    if person in review.authors:
        raise NotPermitted(otherwise)
