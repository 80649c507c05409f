"""What waits to leave: a review's id and the key of its release, never its text."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from humphrey.core.review import Release
from humphrey.store.engine import Database, rows
from humphrey.store.tables import outbox, reviews


@dataclass(frozen=True)
class Parcel:
    """A release that waits: its idempotency key, its review, and how often its delivery was begun."""

    key: str
    review: str
    attempts: int


class OutboxReads(Database):
    """Reading the outbox."""

    def waiting(self, outlet: str, now: datetime) -> list[Parcel]:
        """What an outlet should try now, longest waiting first."""
        due = (
            select(outbox.c.key, outbox.c.review, outbox.c.attempts)
            .where(outbox.c.outlet == outlet, outbox.c.delivered_at.is_(None), outbox.c.next_try <= now)
            .order_by(outbox.c.queued_at, outbox.c.key)
        )
        with self.reading() as connection:
            return [Parcel(row.key, row.review, row.attempts) for row in rows(connection, due)]


class OutboxWrites:
    """Changing the outbox inside one transaction."""

    connection: Connection

    def queue(self, release: Release, at: datetime) -> None:
        """Put a release in its outlet's outbox."""
        self.connection.execute(
            insert(outbox).values(
                key=release.key,
                review=release.review,
                outlet=release.outlet,
                queued_at=at,
                attempts=0,
                next_try=at,
                failure="",
                receipt="",
                sent_digest="",
            )
        )

    def claim(self, parcel: Parcel, until: datetime) -> bool:
        """Take a parcel to deliver it, nobody else before `until`; False when somebody else took it first."""
        taken = self.connection.execute(
            update(outbox)
            .where(outbox.c.key == parcel.key, outbox.c.attempts == parcel.attempts, outbox.c.delivered_at.is_(None))
            .values(attempts=parcel.attempts + 1, next_try=until)
        )
        return taken.rowcount == 1

    def delivered(self, key: str, receipt: str, at: datetime) -> bool:
        """Keep an outlet's receipt; False when one is kept already. Works for a review that cannot be read."""
        kept = self.connection.execute(
            update(outbox)
            .where(outbox.c.key == key, outbox.c.delivered_at.is_(None))
            .values(receipt=receipt, failure="", delivered_at=at)
        )
        if kept.rowcount != 1:
            return False
        about = select(outbox.c.review).where(outbox.c.key == key).scalar_subquery()
        self.connection.execute(
            update(reviews).where(reviews.c.id == about).values(state="delivered", revision=reviews.c.revision + 1)
        )
        return True

    def failed(self, key: str, reason: str, next_try: datetime) -> None:
        """Note why a delivery failed and when to try again."""
        self.connection.execute(
            update(outbox)
            .where(outbox.c.key == key, outbox.c.delivered_at.is_(None))
            .values(failure=reason, next_try=next_try)
        )
