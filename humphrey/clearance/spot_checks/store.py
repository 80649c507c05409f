"""Seeded drafts in the database: which reviews they are, what is wrong with them, and who found it."""

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
    """What a seeded draft is; None for any other."""
    with database.reading() as connection:
        return _one(connection, review_id)


def originals(database: Database, today: date, limit: int) -> Sequence[str]:
    """Approved reviews of which no seed was made yet, longest ago first; none whose day is near or past.

    What cites a file of its asker's is not among them, and the caller sees to it: that is in the draft.
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
    """Whether another seed keeps to a share of the drafts that people sent since a moment."""
    with database.reading() as connection:
        return _room(connection, share, since)


def may_insert(tx: Transaction, source: str, share: float, since: datetime) -> bool:
    """Whether no seed was made of a review, and another one keeps to the share."""
    used = select(func.count()).where(seeds.c.source == source)
    return not tx.connection.execute(used).scalar_one() and _room(tx.connection, share, since)


def add(tx: Transaction, seed: SpotCheck, at: datetime) -> None:
    """Make a review that was added in this transaction a seeded one."""
    tx.connection.execute(update(reviews).where(reviews.c.id == seed.review).values(seeded=True))
    change = {
        "was": seed.was,
        "now": seed.now,
        "paragraph": seed.paragraph,
        "sentence": seed.sentence,
        "flagged": seed.flagged,
    }
    tx.connection.execute(
        insert(seeds).values(
            review=seed.review,
            source=seed.source,
            error=seed.wrong,
            change=canonical(change),
            planted_at=at,
            found_by="",
            missed_by="",
        )
    )


def reveal(tx: Transaction, seed: SpotCheck, at: datetime) -> None:
    """Keep who found or missed it."""
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
