"""SQL of ratings: added, never rewritten; the latest of a person about a wording counts."""

import json

from sqlalchemy import Connection, func, insert, select

from humphrey.clearance.ratings.model import Rating, citations_json, rating_digest, sentences_json
from humphrey.database.engine import Database, rows
from humphrey.database.tables.clearance import ratings
from humphrey.database.transaction import Transaction


def add(tx: Transaction, review: str, rating: Rating) -> str:
    """Add a rating of a review; return its digest."""
    count = select(func.count()).where(ratings.c.review == review)
    parts = sentences_json(rating), citations_json(rating)
    tx.connection.execute(
        insert(ratings).values(
            review=review,
            n=tx.connection.execute(count).scalar_one() + 1,
            by=rating.by,
            wording=rating.wording,
            sentences=parts[0],
            citations=parts[1],
            at=rating.at,
        )
    )
    return rating_digest(rating.wording, *parts)


def ratings_of(database: Database | Transaction, review: str) -> tuple[Rating, ...]:
    """Return all ratings of a review, in order."""
    with database.reading() as connection:
        return _ratings(connection, review)


def _ratings(connection: Connection, review: str) -> tuple[Rating, ...]:
    about = select(ratings).where(ratings.c.review == review).order_by(ratings.c.n)
    return tuple(
        Rating(
            row.by,
            row.wording,
            {int(n): said for n, said in json.loads(row.sentences).items()},
            json.loads(row.citations),
            row.at,
        )
        for row in rows(connection, about)
    )
