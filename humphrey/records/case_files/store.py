"""SQL of case files: exchanges, deliveries, published heads and disposed parts of a review."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from humphrey.database.engine import rows
from humphrey.database.tables.clearance import reviews
from humphrey.database.tables.conversations import exchanges
from humphrey.database.tables.delivery import outbox
from humphrey.database.tables.records import disposals
from humphrey.database.transaction import Transaction
from humphrey.ledger.heads import Head
from humphrey.ledger.store import read_heads
from humphrey.records.case_files.model import Delivery, Disposed


@dataclass(frozen=True)
class CaseRows:
    """The rows stored with a review; `exchanges` are the ids of the exchanges that it was sent from."""

    exchanges: tuple[str, ...]
    deliveries: tuple[Delivery, ...]
    disposed: tuple[Disposed, ...]
    disposed_at: datetime | None


def case_rows(tx: Transaction, review_id: str) -> CaseRows:
    """Return the rows stored with an existing review."""
    connection = tx.connection
    sent = select(exchanges.c.id).where(exchanges.c.review == review_id).order_by(exchanges.c.at)
    gone = select(reviews.c.disposed_at).where(reviews.c.id == review_id)
    return CaseRows(
        tuple(row.id for row in rows(connection, sent)),
        _deliveries(connection, review_id),
        disposed_parts(connection, review_id),
        connection.execute(gone).scalar(),
    )


def covering_head(tx: Transaction, n: int) -> Head | None:
    """Return the first published head at or after an entry; None if there is none yet."""
    return next((kept.head for kept in read_heads(tx.connection) if kept.head.n >= n and kept.published), None)


def disposed_parts(connection: Connection, subject: str) -> tuple[Disposed, ...]:
    """Return the disposed parts of a review or conversation, by name."""
    gone = select(disposals).where(disposals.c.subject == subject).order_by(disposals.c.part)
    return tuple(Disposed(row.part, row.digest, row.at) for row in rows(connection, gone))


def _deliveries(connection: Connection, review_id: str) -> tuple[Delivery, ...]:
    about = select(outbox).where(outbox.c.review == review_id).order_by(outbox.c.queued_at, outbox.c.key)
    names = Delivery.__dataclass_fields__
    return tuple(Delivery(**{name: getattr(row, name) for name in names}) for row in rows(connection, about))
