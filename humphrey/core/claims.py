"""Whose turn it is: a reviewer takes a draft before reading it, gives it back, or hands it to a deputy.

A claim only keeps two people from doing the same work; it permits nothing. It is over at its `until`, so that nobody's
absence holds up a draft, and with every ruling and every new wording.
"""

from dataclasses import replace
from datetime import datetime

from humphrey.core.review import Claim, Comment, Review, held, require_free
from humphrey.errors import AlreadyDecided, NotPermitted, ReviewError


def claim(review: Review, reviewer: str, at: datetime, until: datetime) -> Review:
    """The review as taken by a reviewer; taking it again makes it last longer.

    Raises:
        AlreadyDecided: it is not open.
        NotPermitted: the reviewer is one of its authors.
        Claimed: somebody else has it before them.
    """
    _require_open(review, "claimed")
    _require_stranger(review, reviewer, f"{reviewer} asked for or changed review {review.id}; somebody else must claim")
    require_free(review, reviewer, at)
    return replace(review, claim=Claim(reviewer, until))


def hand_back(review: Review, reviewer: str, at: datetime) -> Review:
    """The review as anybody's again.

    Raises:
        ReviewError: the reviewer has not got it, or not any more.
    """
    claim = held(review, at)
    if claim is None or claim.reviewer != reviewer:
        raise ReviewError(f"{reviewer} has not claimed review {review.id}, or no longer; there is nothing to hand back")
    return replace(review, claim=None, handed_to="")


def hand_over(review: Review, reviewer: str, deputy: str, at: datetime, until: datetime) -> Review:
    """The review as claimed for a deputy, from whoever has it or from the list.

    Nobody who had a hand in a draft hands it over, for whoever wrote it does not choose who clears it.

    Raises:
        AlreadyDecided: it is not open.
        NotPermitted: one of the two is an author of it.
        Claimed: somebody else than the reviewer has it before them.
        ReviewError: the deputy is the reviewer.
    """
    _require_open(review, "handed over")
    if deputy == reviewer:
        raise ReviewError(f"review {review.id} cannot be handed to {deputy} by themselves; claim it, or name another")
    _require_stranger(
        review, reviewer, f"{reviewer} asked for or changed review {review.id} and does not choose who clears it"
    )
    _require_stranger(review, deputy, f"{deputy} asked for or changed review {review.id}; name another deputy")
    require_free(review, reviewer, at)
    return replace(review, claim=Claim(deputy, until), handed_to=deputy)


def comment(review: Review, said: Comment) -> Review:
    """The review with something said of it; neither its words nor whose turn it is changes.

    Raises:
        AlreadyDecided: it was approved or refused.
    """
    if review.state not in {"open", "returned"}:
        raise AlreadyDecided(f"review {review.id} is {review.state}; only an open or returned one can be commented on")
    return replace(review, comments=(*review.comments, said))


def _require_open(review: Review, done: str) -> None:
    if review.state != "open":
        raise AlreadyDecided(f"review {review.id} is already {review.state}; only an open one can be {done}")


def _require_stranger(review: Review, person: str, otherwise: str) -> None:
    if person in review.authors:
        raise NotPermitted(otherwise)
