"""The queue: what a reviewer may clear, most urgent first, with counts. Only what a list shows, never a draft.

Urgency is one plain rule: what is due first comes first, so that what is overdue leads; what has no day comes after
what has one; and of equals the oldest comes first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from humphrey.core.review import ReviewState
from humphrey.errors import CommissionError

URGENCY = "Overdue first, then what is due soonest, then what has no due date; of equals the oldest first."
"""The order of the queue, as the page says it."""

MOST_ROWS = 200
"""The longest page of a queue."""


@dataclass(frozen=True)
class QueueQuery:
    """What of a queue is wanted; everything that is left empty filters nothing.

    Args:
        states: where the reviews stand.
        kinds: which kinds of paper.
        outlets: where they would go.
        markings: under which classifications.
        asked_by: who asked.
        overdue: only what was due before today.
        due_within: only what has at most so many working days left, overdue ones too.
        due_before: only what is due before that day.
        days_old: only what has waited for at least so many days.
        claimed_by: only what that person has before them now.
        unclaimed: only what nobody has before them now.
        own: only what the reviewer asked for or changed, which somebody else must clear; otherwise only the rest.
        limit: the most rows.
        offset: how many rows come before the page.

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
        """Refuse numbers that mean nothing."""
        _within("due within", self.due_within or 0, 0, 250)
        _within("days old", self.days_old, 0, 36_500)
        _within("limit", self.limit, 1, MOST_ROWS)
        _within("offset", self.offset, 0, 10_000_000)


@dataclass(frozen=True)
class QueueRow:
    """One review as the queue shows it.

    Args:
        id: of the review.
        revision: counts the changes of the review; another number means that the row says something else.
        title: the beginning of what was asked for.
        kind: the kind of paper.
        state: where it stands.
        asked_by: who asked.
        outlet: where it would go.
        marking: its marking, whole.
        opened: when it was put on the list.
        due: its day, where its kind has one.
        days_left: working days until then, as `core.deadlines.days_left`; None where it has no day.
        claimed_by: who has it before them now, empty where nobody has.
        claimed_until: until when.
        handed_to: the deputy it was handed to.
        blocking: how many findings forbid approval.
        warnings: how many findings the reviewer must weigh.
        escalated: whether it waited so long that the deputies were told.
    """

    id: str
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


@dataclass(frozen=True)
class Counts:
    """How many reviews a reviewer may clear, whatever the filter; those they had a hand in are counted in `own` alone.

    Args:
        state: by where they stand: open, returned, and approved but not yet delivered.
        kind: the open ones by kind.
        overdue: the open ones whose day is past.
        claimed: the open ones that somebody has before them now.
        mine: those of them that the reviewer has.
        own: the open ones that the reviewer asked for or changed.
    """

    state: Mapping[ReviewState, int]
    kind: Mapping[str, int]
    overdue: int
    claimed: int
    mine: int
    own: int


@dataclass(frozen=True)
class QueuePage:
    """One page of a queue, how many reviews fit the query altogether, and the counts of the same moment."""

    rows: tuple[QueueRow, ...]
    total: int
    counts: Counts


def _within(what: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise CommissionError(f"{what} is {value}; give a number from {least} to {most}")
