"""Signed heads of the ledger in the database, and where each of them was published."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from humphrey.core.drafts import canonical
from humphrey.core.heads import Head, Kept
from humphrey.errors import StoreError
from humphrey.store.engine import Database, rows
from humphrey.store.record_tables import heads
from humphrey.store.tables import ledger
from humphrey.store.transaction import Transaction


def list_heads(database: Database) -> list[Kept]:
    """Every head that was signed, in order."""
    with database.reading() as connection:
        return kept_heads(connection)


def latest_head(database: Database) -> Kept | None:
    """The head that was signed last; None where none ever was."""
    with database.reading() as connection:
        found = rows(connection, select(heads).order_by(heads.c.n.desc()).limit(1))
    return _kept(found[0]) if found else None


def end_of_ledger(tx: Transaction) -> tuple[int, str] | None:
    """The number and the seal of the newest entry; None while there is none."""
    last = tx.connection.execute(select(ledger.c.n, ledger.c.seal).order_by(ledger.c.n.desc()).limit(1)).first()
    return (last.n, last.seal) if last else None


def add_head(tx: Transaction, head: Head) -> None:
    """A head that was just signed, published nowhere yet."""
    tx.connection.execute(insert(heads).values(published="", **vars(head)))


def mark_published(tx: Transaction, head: Head, place: str, at: datetime) -> bool:
    """Note that a head was published at a place; False where that is noted already."""
    row = tx.connection.execute(select(heads.c.published).where(heads.c.n == head.n)).first()
    noted = dict(_published(row.published)) if row else {}
    if place in noted:
        return False
    noted[place] = at
    tx.connection.execute(update(heads).where(heads.c.n == head.n).values(published=_written(noted)))
    return True


def kept_heads(connection: Connection) -> list[Kept]:
    """Every head that was signed, in order."""
    return [_kept(row) for row in rows(connection, select(heads).order_by(heads.c.n))]


def _kept(row: Row[Any]) -> Kept:
    try:
        published = _published(row.published)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreError(
            f"the kept head of entry {row.n} was damaged or changed and cannot be read; put back a copy"
        ) from error
    return Kept(Head(row.n, row.seal, row.at, row.key, row.signature), published)


def _published(stored: str) -> Mapping[str, datetime]:
    if not stored:
        return {}
    read = json.loads(stored)
    published = {place: datetime.fromisoformat(at) for place, at in read.items()}
    # Byte for byte: a time may be written in many ways, and was written in one.
    if _written(published) != stored:
        raise ValueError(stored)
    return published


def _written(published: Mapping[str, datetime]) -> str:
    return canonical({place: at.isoformat() for place, at in published.items()})
