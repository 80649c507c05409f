"""What waits to leave: a review's id and the key of its release, never its text."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, true, update

from humphrey.database.engine import Database, rows
from humphrey.database.tables.clearance import decisions, reviews
from humphrey.database.tables.delivery import outbox
from humphrey.database.transaction import Transaction
from humphrey.errors import ReviewError


@dataclass(frozen=True)
class OutboxItem:
    """A release that waits: its idempotency key, its review, and how often its delivery was begun.

    The number also tells whose claim it is: whoever claims raises it, and writes only while it is still theirs.
    """

    key: str
    review: str
    attempts: int


@dataclass(frozen=True)
class OutboxRow:
    """A release in an outbox, with what became of it so far; times are None where it did not come to that."""

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


def waiting(database: Database, outlet: str, now: datetime) -> list[OutboxItem]:
    """What an outlet should try now, longest waiting first."""
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
    """What is in the outboxes, longest there first: what has not left, or everything; of one review or of all."""
    wanted = select(outbox).order_by(outbox.c.queued_at, outbox.c.key)
    wanted = wanted.where(
        true() if everything else outbox.c.delivered_at.is_(None),
        outbox.c.review == review if review else true(),
    )
    with database.reading() as connection:
        return [OutboxRow(**row._mapping) for row in rows(connection, wanted)]


def claim(tx: Transaction, parcel: OutboxItem, until: datetime) -> bool:
    """Take a parcel to deliver it, nobody else before `until`; False when somebody else took it first.

    While it is being sent its failure is empty, by which it is told from one that waits to be tried again.
    """
    taken = tx.connection.execute(
        update(outbox)
        .where(
            outbox.c.key == parcel.key,
            outbox.c.attempts == parcel.attempts,
            outbox.c.delivered_at.is_(None),
            outbox.c.set_aside_at.is_(None),
        )
        .values(attempts=parcel.attempts + 1, next_try=until, failure="")
    )
    return taken.rowcount == 1


def renew(tx: Transaction, parcel: OutboxItem, until: datetime) -> bool:
    """Keep a parcel that is still being sent until later; False when somebody else has it by now."""
    kept = tx.connection.execute(update(outbox).where(_mine(parcel)).values(next_try=until))
    return kept.rowcount == 1


def mark_delivered(tx: Transaction, key: str, receipt: str, at: datetime, sent_digest: str = "") -> bool:
    """Keep an outlet's receipt; False when one is kept already. Works for a review that cannot be read."""
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


def mark_failed(tx: Transaction, parcel: OutboxItem, reason: str, next_try: datetime) -> bool:
    """Note why a delivery failed and when to try again; False when somebody else has the parcel by now."""
    noted = tx.connection.execute(update(outbox).where(_mine(parcel)).values(failure=reason, next_try=next_try))
    return noted.rowcount == 1


def set_aside(tx: Transaction, parcel: OutboxItem, reason: str, at: datetime) -> bool:
    """Try a parcel no more until somebody puts it back; False when somebody else has it by now."""
    put = tx.connection.execute(
        update(outbox).where(_mine(parcel)).values(failure=reason, next_try=at, set_aside_at=at)
    )
    return put.rowcount == 1


def put_back(tx: Transaction, review: str, at: datetime) -> None:
    """Try again what was set aside.

    Raises:
        ReviewError: nothing of that review was.
    """
    back = tx.connection.execute(
        update(outbox)
        .where(outbox.c.review == review, outbox.c.set_aside_at.is_not(None), outbox.c.delivered_at.is_(None))
        .values(set_aside_at=None, next_try=at)
    )
    if not back.rowcount:
        raise ReviewError(f"nothing of review {review[:80]!r} is set aside; `humphrey outbox` lists what is")


def people_concerned(tx: Transaction, review: str) -> tuple[str, ...]:
    """Who asked for a review and who approved it, for notices; read without its draft, which may be damaged."""
    asked = select(reviews.c.asked_by).where(reviews.c.id == review)
    ruled = select(decisions.c.reviewer).where(decisions.c.review == review, decisions.c.verdict == "approve")
    latest = ruled.order_by(decisions.c.n.desc()).limit(1)
    found = (tx.connection.execute(each).scalar_one_or_none() for each in (asked, latest))
    return tuple(name for name in found if name)


def _mine(parcel: OutboxItem) -> ColumnElement[bool]:
    """The condition that a claimed parcel is still its claimer's."""
    return and_(
        outbox.c.key == parcel.key,
        outbox.c.attempts == parcel.attempts + 1,
        outbox.c.delivered_at.is_(None),
        outbox.c.set_aside_at.is_(None),
    )
