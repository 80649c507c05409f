"""SQL of the outbox. A row has the id of a review and the key of its release, never its text."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, true, update

from humphrey.database.engine import Database, rows
from humphrey.database.tables.clearance import decisions, reviews
from humphrey.database.tables.delivery import outbox
from humphrey.database.transaction import Transaction
from humphrey.errors import ReviewError


@dataclass(frozen=True)
class OutboxItem:
    """A waiting release: its idempotency key, its review, and the number of attempts.

    The number also identifies a claim. A claim raises it, and its holder writes only while the number is unchanged.
    """

    key: str
    review: str
    attempts: int


@dataclass(frozen=True)
class OutboxRow:
    """A release in an outbox with its outcome so far; a time is None if the event did not happen."""

    key: str
    review: str
    outlet: str
    queued_at: datetime
    attempts: int
    next_try: datetime
    failure: str
    receipt: str
    sent_digest: str
    delivered_at: datetime | None
    set_aside_at: datetime | None

    @property
    def held_until(self) -> datetime | None:
        """Return the moment before which it is not sent for the first time; None if there was none."""
        return self.next_try if self.attempts == 0 and self.next_try > self.queued_at else None


def waiting(database: Database, outlet: str, now: datetime) -> list[OutboxItem]:
    """Return the items that are due for an outlet, longest waiting first."""
    due = (
        select(outbox.c.key, outbox.c.review, outbox.c.attempts)
        .where(
            outbox.c.outlet == outlet,
            outbox.c.delivered_at.is_(None),
            outbox.c.set_aside_at.is_(None),
            outbox.c.next_try <= now,
        )
        .order_by(outbox.c.queued_at, outbox.c.key)
    )
    with database.reading() as connection:
        return [OutboxItem(row.key, row.review, row.attempts) for row in rows(connection, due)]


def list_items(database: Database, *, everything: bool = False, review: str = "") -> list[OutboxRow]:
    """Return the rows of the outboxes, oldest first: the undelivered ones or all; of one review or of all."""
    chosen = select(outbox).order_by(outbox.c.queued_at, outbox.c.key)
    chosen = chosen.where(
        true() if everything else outbox.c.delivered_at.is_(None),
        outbox.c.review == review if review else true(),
    )
    with database.reading() as connection:
        return [OutboxRow(**row._mapping) for row in rows(connection, chosen)]


def claim(tx: Transaction, item: OutboxItem, until: datetime) -> bool:
    """Claim an item until a moment; return False if another process claimed it first.

    Its failure is empty while it is being sent. That distinguishes it from one that waits for its next attempt.
    """
    taken = tx.connection.execute(
        update(outbox)
        .where(
            outbox.c.key == item.key,
            outbox.c.attempts == item.attempts,
            outbox.c.delivered_at.is_(None),
            outbox.c.set_aside_at.is_(None),
        )
        .values(attempts=item.attempts + 1, next_try=until, failure="")
    )
    return taken.rowcount == 1


def renew(tx: Transaction, item: OutboxItem, until: datetime) -> bool:
    """Extend the claim on an item that is being sent; return False if another process has claimed it."""
    kept = tx.connection.execute(update(outbox).where(_mine(item)).values(next_try=until))
    return kept.rowcount == 1


def mark_delivered(tx: Transaction, key: str, receipt: str, at: datetime, sent_digest: str = "") -> bool:
    """Store an outlet's receipt; return False if there is one. Works for a review that cannot be read."""
    kept = tx.connection.execute(
        update(outbox)
        .where(outbox.c.key == key, outbox.c.delivered_at.is_(None))
        .values(receipt=receipt, sent_digest=sent_digest, failure="", delivered_at=at, set_aside_at=None)
    )
    if kept.rowcount != 1:
        return False
    about = select(outbox.c.review).where(outbox.c.key == key).scalar_subquery()
    tx.connection.execute(
        update(reviews).where(reviews.c.id == about).values(state="delivered", revision=reviews.c.revision + 1)
    )
    return True


def mark_failed(tx: Transaction, item: OutboxItem, reason: str, next_try: datetime) -> bool:
    """Record why a delivery failed and when to try again; return False if another process has claimed the item."""
    noted = tx.connection.execute(update(outbox).where(_mine(item)).values(failure=reason, next_try=next_try))
    return noted.rowcount == 1


def set_aside(tx: Transaction, item: OutboxItem, reason: str, at: datetime) -> bool:
    """Stop trying an item until it is put back; return False if another process has claimed it."""
    put = tx.connection.execute(update(outbox).where(_mine(item)).values(failure=reason, next_try=at, set_aside_at=at))
    return put.rowcount == 1


def put_back(tx: Transaction, review: str, at: datetime) -> None:
    """Try a release that failed or was set aside again, at once.

    Raises:
        ReviewError: no release of that review failed or is set aside.
    """
    # While it is being sent its failure is empty, so that a sending under way is left alone.
    stuck = or_(outbox.c.set_aside_at.is_not(None), and_(outbox.c.failure != "", outbox.c.next_try > at))
    back = tx.connection.execute(
        update(outbox)
        .where(outbox.c.review == review, stuck, outbox.c.delivered_at.is_(None))
        .values(set_aside_at=None, next_try=at)
    )
    if not back.rowcount:
        raise ReviewError(f"nothing of review {review[:80]!r} failed or is set aside; the outbox lists what waits")


def people_concerned(tx: Transaction, review: str) -> tuple[str, ...]:
    """Return the asker and the approver of a review, without reading its draft, which may be damaged."""
    asked = select(reviews.c.asked_by).where(reviews.c.id == review)
    ruled = select(decisions.c.reviewer).where(decisions.c.review == review, decisions.c.verdict == "approve")
    latest = ruled.order_by(decisions.c.n.desc()).limit(1)
    found = (tx.connection.execute(each).scalar_one_or_none() for each in (asked, latest))
    return tuple(name for name in found if name)


def _mine(item: OutboxItem) -> ColumnElement[bool]:
    """Return the condition that a claim on an item is still in force."""
    return and_(
        outbox.c.key == item.key,
        outbox.c.attempts == item.attempts + 1,
        outbox.c.delivered_at.is_(None),
        outbox.c.set_aside_at.is_(None),
    )
