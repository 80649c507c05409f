"""SQL of reminders, escalations, and approvals that ran out before delivery."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, delete, or_, select, update

from humphrey.database.engine import Database, rows
from humphrey.database.tables.clearance import reviews
from humphrey.database.tables.delivery import outbox
from humphrey.database.transaction import Transaction

_WITHOUT_END = timedelta(days=1)
"""How long after the end of its claim a sending without a known end is taken for one that never happened."""


@dataclass(frozen=True)
class WaitingReview:
    """A review that waits for clearance, as far as reminders need it; `reminded` counts them."""

    id: str
    opened: datetime
    due: date | None
    reminded: int
    escalated: bool


def waiting_reviews(database: Database, reminders: int) -> list[WaitingReview]:
    """Open reviews of which fewer than so many reminders were sent, or that were not escalated; oldest first.

    Seeded drafts are not among them: nobody is waiting for one.
    """
    columns = (reviews.c.id, reviews.c.opened_at, reviews.c.due, reviews.c.reminded, reviews.c.escalated_at)
    unsettled = or_(reviews.c.reminded < reminders, reviews.c.escalated_at.is_(None))
    late = select(*columns).where(reviews.c.state == "open", reviews.c.seeded.is_(False), unsettled)
    with database.reading() as connection:
        found = rows(connection, late.order_by(reviews.c.opened_at, reviews.c.id))
    return [WaitingReview(row.id, row.opened_at, row.due, row.reminded, row.escalated_at is not None) for row in found]


def released_before(database: Database, moment: datetime) -> list[str]:
    """Return the released reviews that were approved at that moment or before, longest ago first."""
    stale = select(reviews.c.id).where(reviews.c.state == "released", reviews.c.decided_at <= moment)
    with database.reading() as connection:
        return [row.id for row in rows(connection, stale.order_by(reviews.c.decided_at, reviews.c.id))]


def mark_reminded(tx: Transaction, review_id: str, count: int) -> bool:
    """Record that so many reminders were sent; return False if they were before, or the review no longer waits."""
    fewer = and_(reviews.c.id == review_id, reviews.c.state == "open", reviews.c.reminded < count)
    return tx.connection.execute(update(reviews).where(fewer).values(reminded=count)).rowcount == 1


def mark_escalated(tx: Transaction, review_id: str, at: datetime) -> bool:
    """Record that deputies were notified; return False if they were before, or the review no longer waits."""
    not_yet = and_(reviews.c.id == review_id, reviews.c.state == "open", reviews.c.escalated_at.is_(None))
    return tx.connection.execute(update(reviews).where(not_yet).values(escalated_at=at)).rowcount == 1


def withdraw(tx: Transaction, review_id: str, now: datetime) -> bool:
    """Remove a review's row from the outbox; return False while a delivery may have it, or if it was delivered.

    A sending without a receipt or a failure may still end. Its row stays until a day after its claim ended. Meanwhile
    the gate refuses to send it again.
    """
    begun = and_(outbox.c.attempts > 0, outbox.c.failure == "", outbox.c.next_try > now - _WITHOUT_END)
    mine = and_(outbox.c.review == review_id, outbox.c.delivered_at.is_(None), ~begun)
    return tx.connection.execute(delete(outbox).where(mine)).rowcount == 1


def restart_reminders(tx: Transaction, review_id: str) -> None:
    """Start the reminders of a review again, because it waits again."""
    tx.connection.execute(update(reviews).where(reviews.c.id == review_id).values(reminded=0, escalated_at=None))
