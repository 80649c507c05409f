"""SQL of spot checks: the seeded drafts, their errors, and who found or missed them."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, or_, select, update

from humphrey.clearance.spot_checks.model import SpotCheck
from humphrey.database.engine import Database, rows
from humphrey.database.tables.clearance import reviews, seeds
from humphrey.database.transaction import Transaction
from humphrey.digests import canonical


def seed(database: Database | Transaction, review_id: str) -> SpotCheck | None:
    """Return the spot check of a review; None if the review is an ordinary one."""
    with database.reading() as connection:
        return _one(connection, review_id)


def originals(database: Database, today: date, limit: int) -> Sequence[str]:
    """Return approved reviews not yet used for a seeded draft, oldest first; none that are due today or overdue.

    The caller must leave out drafts that cite their asker's own files, because only the draft says so.
    """
    used = select(seeds.c.source)
    fit = and_(
        reviews.c.state.in_(("released", "delivered")),
        reviews.c.seeded.is_(False),
        reviews.c.disposed_at.is_(None),
        or_(reviews.c.due.is_(None), reviews.c.due > today),
        reviews.c.id.not_in(used),
    )
    oldest = select(reviews.c.id).where(fit).order_by(reviews.c.decided_at, reviews.c.id).limit(limit)
    with database.reading() as connection:
        return [row.id for row in rows(connection, oldest)]


def has_room(database: Database, share: float, since: datetime) -> bool:
    """Return whether one more seeded draft stays within the share of the drafts that people sent since a moment."""
    with database.reading() as connection:
        return _room(connection, share, since)


def may_insert(tx: Transaction, source: str, share: float, since: datetime) -> bool:
    """Return whether a review is unused and one more seeded draft stays within the share."""
    used = select(func.count()).where(seeds.c.source == source)
    return not tx.connection.execute(used).scalar_one() and _room(tx.connection, share, since)


def add(tx: Transaction, seed: SpotCheck, at: datetime) -> None:
    """Mark a review added in this transaction as a seeded draft."""
    tx.connection.execute(update(reviews).where(reviews.c.id == seed.review).values(seeded=True))
    tx.connection.execute(
        insert(seeds).values(
            review=seed.review,
            source=seed.source,
            error=seed.wrong,
            change=change_of(seed),
            planted_at=at,
            found_by="",
            missed_by="",
        )
    )


def change_of(seed: SpotCheck) -> str:
    """Return what was changed by the error, as it is stored; the entry of the seeded draft holds its digest."""
    said = {"was": seed.was, "now": seed.now, "paragraph": seed.paragraph, "sentence": seed.sentence}
    return canonical({**said, "flagged": seed.flagged})


def reveal(tx: Transaction, seed: SpotCheck, at: datetime) -> None:
    """Store who found or missed the error."""
    ended = update(seeds).where(seeds.c.review == seed.review)
    tx.connection.execute(ended.values(found_by=seed.found_by, missed_by=seed.missed_by, revealed_at=at))


def _one(connection: Connection, review_id: str) -> SpotCheck | None:
    row = connection.execute(select(seeds).where(seeds.c.review == review_id)).first()
    return _seed(row) if row else None


def _seed(row: Row[Any]) -> SpotCheck:
    return SpotCheck(
        review=row.review,
        source=row.source,
        wrong=row.error,
        found_by=row.found_by,
        missed_by=row.missed_by,
        **json.loads(row.change),
    )


def _room(connection: Connection, share: float, since: datetime) -> bool:
    sent = select(func.count()).where(reviews.c.opened_at > since, reviews.c.seeded.is_(False))
    made = select(func.count()).where(seeds.c.planted_at > since)
    return connection.execute(made).scalar_one() + 1 <= share * connection.execute(sent).scalar_one()
