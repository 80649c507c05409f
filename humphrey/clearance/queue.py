"""The review queue: the reviews that a reviewer may clear, most urgent first, with counts. It holds no draft text.

The order is one rule: deferred reviews after all others until their day; earliest due date first, so overdue reviews
lead; reviews without a due date last; among equals the oldest first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from humphrey.clearance.model import ReviewState
from humphrey.errors import CommissionError

URGENCY = (
    "Overdue first, then what is due soonest, then what has no due date; of equals the oldest first. "
    "What was deferred comes last until its day."
)
"""The order of the queue, as the page states it."""


MOST_ROWS = 200
"""The most rows on one page of the queue."""


@dataclass(frozen=True)
class QueueQuery:
    """The filters of a queue and the page wanted; an empty field filters nothing.

    Args:
        states: states of the reviews.
        kinds: kinds of paper.
        outlets: outlets that the drafts are for.
        markings: classifications.
        asked_by: the name of the asker.
        overdue: only reviews that were due before today.
        due_within: only reviews with at most this many working days left, overdue ones included.
        due_before: only reviews due before this day.
        days_old: only reviews that have waited for at least this many days.
        claimed_by: only reviews that this person has claimed now.
        unclaimed: only reviews that nobody has claimed now.
        own: only drafts that the reviewer asked for or changed, which another person must clear; False: only the rest.
        limit: the most rows on the page.
        offset: the number of rows before the page.

    Raises:
        CommissionError: a number is out of range.
    """

    states: tuple[ReviewState, ...] = ("open",)
    kinds: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    markings: tuple[str, ...] = ()
    asked_by: str = ""
    overdue: bool = False
    due_within: int | None = None
    due_before: date | None = None
    days_old: int = 0
    claimed_by: str = ""
    unclaimed: bool = False
    own: bool = False
    limit: int = 50
    offset: int = 0

    def __post_init__(self) -> None:
        """Refuse numbers out of range."""
        # 250 working days are about a year; 36,500 days are a hundred years.
        _within("due within", self.due_within or 0, 0, 250)
        _within("days old", self.days_old, 0, 36_500)
        _within("limit", self.limit, 1, MOST_ROWS)
        _within("offset", self.offset, 0, 10_000_000)


@dataclass(frozen=True)
class QueueRow:
    """One review as the queue shows it.

    Args:
        id: id of the review.
        reference: its short reference.
        revision: number of changes to the review so far; it differs if the row may have changed.
        title: the beginning of the question or request.
        kind: kind of paper.
        state: state of the review.
        asked_by: name of the asker.
        outlet: outlet that the draft is for.
        marking: the full marking.
        opened: when the review was opened.
        due: due date, of its time limit or as its asker wishes; None without either.
        days_left: working days until the due date, as `deadlines.days_left`; None without a due date.
        claimed_by: the reviewer who has claimed it now; empty if nobody has.
        claimed_until: when the claim ends.
        handed_to: the deputy it was handed over to.
        blocking: number of findings that forbid approval.
        warnings: number of findings that the reviewer must weigh.
        escalated: whether deputies were notified because it waited too long.
        deferred_until: the day until which a reviewer put it off; None if nobody did, or that day has come.
    """

    id: str
    reference: str
    revision: int
    title: str
    kind: str
    state: ReviewState
    asked_by: str
    outlet: str
    marking: str
    opened: datetime
    due: date | None
    days_left: int | None
    claimed_by: str
    claimed_until: datetime | None
    handed_to: str
    blocking: int
    warnings: int
    escalated: bool
    deferred_until: date | None = None


@dataclass(frozen=True)
class QueueCounts:
    """Numbers of reviews that a reviewer may clear, independent of the filter.

    Reviews of drafts that the reviewer asked for or changed are counted only in `own`.

    Args:
        state: reviews by state: open, returned, and approved but not yet delivered.
        kind: open reviews by kind of paper.
        overdue: open reviews past their due date.
        claimed: open reviews that are claimed now.
        mine: open reviews that the reviewer has claimed.
        own: open reviews of drafts that the reviewer asked for or changed.
    """

    state: Mapping[ReviewState, int]
    kind: Mapping[str, int]
    overdue: int
    claimed: int
    mine: int
    own: int


@dataclass(frozen=True)
class QueuePage:
    """One page of a queue, the total number of matching reviews, and the counts at the same moment."""

    rows: tuple[QueueRow, ...]
    total: int
    counts: QueueCounts


def _within(what: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise CommissionError(f"{what} is {value}; give a number from {least} to {most}")
