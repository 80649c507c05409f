"""SQL of reviewer statistics: one row of reading for each reader and version, and the decisions that followed."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, insert, or_, select, true, update

from humphrey.clearance.reviewer_statistics.model import (
    NO_READING,
    DecisionRecord,
    ReadingRecord,
    RevealedSpotCheck,
    reading_digest,
)
from humphrey.database.engine import Database, rows
from humphrey.database.tables.clearance import decisions, readings, reviews, seeds, versions
from humphrey.database.transaction import Transaction
from humphrey.digests import canonical


def rulings(database: Database, since: datetime, reviewer: str = "") -> list[DecisionRecord]:
    """Return the decisions since a moment, of one reviewer or all, oldest first; seeded drafts excluded."""
    ruled = and_(decisions.c.at >= since, reviews.c.seeded.is_(False), _by(decisions.c.reviewer, reviewer))
    wording = _wording()
    mine = and_(
        readings.c.review == decisions.c.review,
        readings.c.reviewer == decisions.c.reviewer,
        readings.c.wording == wording,
    )
    columns = (decisions, reviews.c.kind, wording.label("wording"), readings.c.seconds, readings.c.opened)
    found = (
        select(*columns, readings.c.cited)
        .join(reviews, reviews.c.id == decisions.c.review)
        .outerjoin(readings, mine)
        .where(ruled)
        .order_by(decisions.c.at, decisions.c.review)
    )
    with database.reading() as connection:
        return [_ruling(row) for row in rows(connection, found)]


def revealed_spot_checks(database: Database, since: datetime, reviewer: str = "") -> list[RevealedSpotCheck]:
    """Return the spot checks revealed since a moment, of one reviewer or all, oldest first."""
    by = true() if not reviewer else or_(seeds.c.found_by == reviewer, seeds.c.missed_by == reviewer)
    found = (
        select(seeds, reviews.c.kind)
        .join(reviews, reviews.c.id == seeds.c.review)
        .where(seeds.c.revealed_at >= since, by)
        .order_by(seeds.c.revealed_at, seeds.c.review)
    )
    with database.reading() as connection:
        return [
            RevealedSpotCheck(row.found_by or row.missed_by, row.kind, row.revealed_at, found=bool(row.found_by))
            for row in rows(connection, found)
        ]


def find_reading(tx: Transaction, review: str, reviewer: str, wording: int) -> tuple[ReadingRecord, datetime] | None:
    """Return a person's reading of a version so far and the time of its last report; None if there is none."""
    row = tx.connection.execute(select(readings).where(_one(review, reviewer, wording))).first()
    return (_reading(row), row.noted_at) if row else None


def kept(tx: Transaction, review: str, reviewer: str, wording: int) -> dict[str, str]:
    """Return the detail that an entry holds of a person's reading of a version; `none` if there is none."""
    row = tx.connection.execute(select(readings).where(_one(review, reviewer, wording))).first()
    return {"read": reading_digest(row._mapping) if row else NO_READING}


def insert_reading(tx: Transaction, review: str, reviewer: str, wording: int, cited: int, at: datetime) -> None:
    """Insert the reading of a version that cites `cited` passages."""
    values = {"review": review, "reviewer": reviewer, "wording": wording, "cited": cited, "noted_at": at}
    tx.connection.execute(insert(readings).values(**values, seconds=0.0, opened="[]"))


def update_reading(
    tx: Transaction, review: str, reviewer: str, wording: int, seconds: float, opened: Collection[str], at: datetime
) -> None:
    """Store the total seconds of a reading, and the passages opened."""
    values = {"seconds": seconds, "opened": canonical(sorted(opened)), "noted_at": at}
    tx.connection.execute(update(readings).where(_one(review, reviewer, wording)).values(**values))


def _by(column: ColumnElement[str], person: str) -> ColumnElement[bool]:
    return column == person if person else true()


def _one(review: str, reviewer: str, wording: int) -> ColumnElement[bool]:
    return and_(readings.c.review == review, readings.c.reviewer == reviewer, readings.c.wording == wording)


def _wording() -> ColumnElement[int]:
    """Return the number of the version that a decision was on: the number of versions at that time."""
    before = and_(versions.c.review == decisions.c.review, versions.c.at <= decisions.c.at)
    return select(func.count()).where(before).correlate(decisions).scalar_subquery()


def _ruling(row: Row[Any]) -> DecisionRecord:
    reasons = tuple(json.loads(row.reasons))
    unchanged = row.verdict == "approve" and row.wording == 1
    reading = _reading(row) if row.seconds is not None else None
    return DecisionRecord(row.reviewer, row.kind, row.at, row.verdict, reasons, unchanged, reading)


def _reading(row: Row[Any]) -> ReadingRecord:
    return ReadingRecord(row.seconds, frozenset(json.loads(row.opened)), row.cited)
