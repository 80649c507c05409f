"""The outbox as people see it: what waits, what failed and why, and which approvals were taken back lately."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may, require
from humphrey.clearance.model import Review
from humphrey.clearance.store import reviews as review_store
from humphrey.database.engine import Database
from humphrey.delivery import store as outbox_store
from humphrey.delivery.store import OutboxRow
from humphrey.ledger import store as ledger_store

_LATELY = timedelta(days=7)


Clears = Callable[[Review, Person], bool]
"""Returns whether a person may clear a draft: kind and marking are granted, and all it rests on is readable."""


@dataclass(frozen=True)
class ListedRelease:
    """An approved text that has not left; `readable`: the person may open its review."""

    row: OutboxRow
    readable: bool


@dataclass(frozen=True)
class TakenBack:
    """An approval that its reviewer took back before the text left; `readable` as above."""

    review: str
    by: str
    at: datetime
    readable: bool


@dataclass(frozen=True)
class OutboxListing:
    """What one person sees of the outbox; `retries`: they may have a failed delivery tried again."""

    waiting: tuple[ListedRelease, ...]
    taken_back: tuple[TakenBack, ...]
    retries: bool


def outbox_of(database: Database, person: Person, clears: Clears, now: datetime) -> OutboxListing:
    """Return the outbox as a person sees it, longest waiting first.

    Administrators see every row, which has no words of a draft. Reviewers see those of the drafts that they may clear.

    Raises:
        NotPermitted: the person is neither.
    """
    everything = may(person, "administer")
    if not everything:
        require(person, "clear")
    rows = outbox_store.list_items(database)
    undone = ledger_store.entries_of_acts(database, {"review:undo"}, now - _LATELY)
    readable = _readable(database, {row.review for row in rows} | {entry.subject for entry in undone}, person, clears)
    waiting = (ListedRelease(row, row.review in readable) for row in rows)
    taken_back = (TakenBack(each.subject, each.actor, each.at, each.subject in readable) for each in undone)
    return OutboxListing(
        tuple(each for each in waiting if everything or each.readable),
        tuple(each for each in taken_back if everything or each.readable),
        retries=everything,
    )


def _readable(database: Database, ids: Collection[str], person: Person, clears: Clears) -> frozenset[str]:
    """Return the reviews that a person may clear; one that cannot be read is none of them."""
    if not ids:
        return frozenset()
    return frozenset(review.id for review in review_store.find(database, ids=ids) if clears(review, person))
