"""SQL of the ledger and of its signed heads."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Row,
    Text,
    bindparam,
    func,
    insert,
    select,
    type_coerce,
    update,
)
from sqlalchemy.sql import Select
from sqlalchemy.types import TypeDecorator

from humphrey.database.engine import Database, rows
from humphrey.database.tables.ledger import ledger
from humphrey.database.tables.records import heads
from humphrey.database.transaction import Transaction
from humphrey.digests import canonical
from humphrey.errors import StoreError
from humphrey.ledger.heads import Head, StoredHead
from humphrey.ledger.model import DECIDING, LONGEST_SUBJECT, START, Act, Entry, EntryFilter, seal

_NEVER = datetime.min.replace(tzinfo=UTC)


class _TimeAsWritten(TypeDecorator[datetime]):
    """A time column that may have been tampered with: a value in any other form than ours reads as `_NEVER`."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: str | datetime | None, dialect: Dialect) -> datetime:  # noqa: ARG002 - SQLAlchemy's signature
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        try:
            read = datetime.fromisoformat(value or "").replace(tzinfo=UTC)
        except (ValueError, TypeError):
            return _NEVER
        return read if f"{read:%Y-%m-%d %H:%M:%S.%f}" == value else _NEVER


_COLUMNS = [type_coerce(column, _TimeAsWritten).label("at") if column is ledger.c.at else column for column in ledger.c]


_ORDERED = select(*_COLUMNS).order_by(ledger.c.n)


_FOLLOWS = select(ledger.c.seal).where(ledger.c.subject == bindparam("about")).order_by(ledger.c.n.desc()).limit(1)


# Built once: to build it costs more than to run it.
_END = (
    select(ledger.c.n, ledger.c.seal, _FOLLOWS.scalar_subquery().label("follows")).order_by(ledger.c.n.desc()).limit(1)
)
"""The newest entry, with the seal of the newest one about a subject."""


_AT_ONCE = 1_000
"""Entries in memory at a time while all are read."""


def entries(database: Database, subject: str | None = None) -> Iterator[Entry]:
    """Yield the entries in order of `n`, all of them or those about one subject, read as they are consumed.

    An entry that was changed so that it cannot be parsed is returned as far as possible; its seal does not hold.
    """
    with database.reading() as connection:
        yield from _entries(connection, None if subject is None else [subject])


def entries_by_subject(database: Database, subjects: Collection[str]) -> Mapping[str, list[Entry]]:
    """Return the entries about each of several subjects, in order; empty for a subject without entries."""
    found: Mapping[str, list[Entry]] = defaultdict(list)
    with database.reading() as connection:
        for entry in _entries(connection, subjects):
            found[entry.subject].append(entry)
    return found


def entries_from(database: Database, n: int) -> Iterator[Entry]:
    """Yield the entries from number `n` on, in order."""
    with database.reading() as connection:
        yield from _read(connection, _ORDERED.where(ledger.c.n >= n))


def find_entries(database: Database, sought: EntryFilter, limit: int, before: int | None = None) -> list[Entry]:
    """Return at most `limit` matching entries, newest first; only those before number `before`, if given."""
    statement = select(*_COLUMNS).where(*_fits(sought)).order_by(ledger.c.n.desc()).limit(limit)
    if before is not None:
        statement = statement.where(ledger.c.n < before)
    with database.reading() as connection:
        return list(_read(connection, statement))


def all_entries(database: Database, sought: EntryFilter) -> Iterator[Entry]:
    """Yield every matching entry, in order. No connection is held between blocks, so a slow reader blocks nobody."""
    last = 0
    while True:
        following = _ORDERED.where(*_fits(sought), ledger.c.n > last).limit(_AT_ONCE)
        with database.reading() as connection:
            some = list(_read(connection, following))
        yield from some
        if len(some) < _AT_ONCE:
            return
        last = some[-1].n


def entries_of_acts(database: Database | Transaction, acts: Collection[Act], after: datetime) -> list[Entry]:
    """Return the entries of some acts after a moment, in order; in a transaction, its own included."""
    statement = _ORDERED.where(ledger.c.act.in_(acts), ledger.c.at > after)
    with database.reading() as connection:
        return list(_read(connection, statement))


def count_entries(database: Database, sought: EntryFilter) -> int:
    """Return the number of matching entries."""
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(ledger).where(*_fits(sought))).scalar_one())


def enter(tx: Transaction, actor: str, act: Act, subject: str, detail: Mapping[str, str], at: datetime) -> Entry:
    """Add an entry, sealed onto the one before it and signed with the one before it about the same subject.

    Raises:
        RecordError: the key cannot be used, or is not the one that signs here.
    """
    last = tx.connection.execute(_END, {"about": _short(subject)}).first()
    n, previous, follows = (last.n + 1, last.seal, last.follows or START) if last else (1, START, START)
    entry = seal(Entry(n, at.astimezone(UTC), _short(actor), act, _short(subject), dict(detail), previous))
    if tx.signatures is not None:
        key, signature = tx.signatures.sign(n, entry.seal, follows)
        entry = replace(entry, follows=follows, key=key, signature=signature)
    tx.connection.execute(insert(ledger).values({**vars(entry), "detail": canonical(entry.detail)}))
    if act.startswith(DECIDING):
        tx.entered.append((n, entry.subject, entry.seal))
    return entry


def entries_about(tx: Transaction, subject: str) -> list[Entry]:
    """Return the entries about a subject, those of this transaction included."""
    return list(_entries(tx.connection, [subject]))


def entries_in(tx: Transaction) -> Iterator[Entry]:
    """Yield every entry in order, those of this transaction included."""
    yield from _entries(tx.connection, None)


def unsigned_entries(connection: Connection, before: int) -> Iterator[Entry]:
    """Yield the entries below a number that have no signature, in order."""
    yield from _read(connection, _ORDERED.where(ledger.c.n < before, ledger.c.signature == ""))


def sign_entries(tx: Transaction, signed: Collection[Entry]) -> None:
    """Store the signatures of entries that were made before humphrey signed them; nothing else of them changes."""
    if signed:
        values = [{"n_": each.n, "f_": each.follows, "k_": each.key, "s_": each.signature} for each in signed]
        columns: dict[str, Any] = {"follows": bindparam("f_"), "key": bindparam("k_"), "signature": bindparam("s_")}
        tx.connection.execute(update(ledger).where(ledger.c.n == bindparam("n_")).values(**columns), values)


def has_entries(connection: Connection) -> bool:
    """Return whether there is any entry."""
    return connection.execute(select(ledger.c.n).limit(1)).first() is not None


def has_signatures(connection: Connection) -> bool:
    """Return whether any entry is signed."""
    return connection.execute(select(ledger.c.n).where(ledger.c.signature != "").limit(1)).first() is not None


def _entries(connection: Connection, subjects: Collection[str] | None) -> Iterator[Entry]:
    statement: Select[Any] = _ORDERED
    if subjects is not None:
        statement = statement.where(ledger.c.subject.in_([_short(subject) for subject in subjects]))
    yield from _read(connection, statement)


def _read(connection: Connection, statement: Select[Any]) -> Iterator[Entry]:
    for row in connection.execute(statement.execution_options(yield_per=_AT_ONCE)):
        yield _entry(row)


def _fits(sought: EntryFilter) -> list[ColumnElement[bool]]:
    said = {ledger.c.act: sought.act, ledger.c.actor: sought.actor, ledger.c.subject: sought.subject}
    fits = [column == _short(wanted) for column, wanted in said.items() if wanted]
    if sought.since is not None:
        fits.append(ledger.c.at >= sought.since)
    if sought.until is not None:
        fits.append(ledger.c.at < sought.until)
    return fits


def _entry(row: Row[Any]) -> Entry:
    said = (row.n, row.at, row.actor, row.act, row.subject, _detail(row.detail), row.previous, row.seal)
    return Entry(*said, row.follows, row.key, row.signature)


def _detail(stored: str) -> Mapping[str, str]:
    try:
        read = json.loads(stored)
    except ValueError:
        return {"changed": stored}
    return read if isinstance(read, dict) and canonical(read) == stored else {"changed": stored}


def _short(name: str) -> str:
    return name.encode(errors="replace").decode()[:LONGEST_SUBJECT]


def latest_head(database: Database) -> StoredHead | None:
    """Return the head signed last; None if there is none."""
    with database.reading() as connection:
        found = rows(connection, select(heads).order_by(heads.c.n.desc()).limit(1))
    return _stored_head(found[0]) if found else None


def end_of_ledger(tx: Transaction) -> tuple[int, str] | None:
    """Return the number and the seal of the newest entry; None for an empty ledger."""
    last = tx.connection.execute(select(ledger.c.n, ledger.c.seal).order_by(ledger.c.n.desc()).limit(1)).first()
    return (last.n, last.seal) if last else None


def add_head(tx: Transaction, head: Head) -> None:
    """Add a newly signed head, not published anywhere yet."""
    tx.connection.execute(insert(heads).values(published="", **vars(head)))


def mark_published(tx: Transaction, head: Head, place: str, at: datetime) -> bool:
    """Write that a head was published at a target; return False if that is already known."""
    row = tx.connection.execute(select(heads.c.published).where(heads.c.n == head.n)).first()
    noted = dict(_published(row.published)) if row else {}
    if place in noted:
        return False
    noted[place] = at
    tx.connection.execute(update(heads).where(heads.c.n == head.n).values(published=_written(noted)))
    return True


def read_heads(connection: Connection) -> list[StoredHead]:
    """Return every signed head, in order."""
    return [_stored_head(row) for row in rows(connection, select(heads).order_by(heads.c.n))]


def _stored_head(row: Row[Any]) -> StoredHead:
    try:
        published = _published(row.published)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreError(
            f"the stored head of entry {row.n} was damaged or changed and cannot be read; put back a copy"
        ) from error
    return StoredHead(Head(row.n, row.seal, row.at, row.key, row.signature), published)


def _published(stored: str) -> Mapping[str, datetime]:
    if not stored:
        return {}
    read = json.loads(stored)
    published = {place: datetime.fromisoformat(at) for place, at in read.items()}
    # Compared byte for byte: any other form of the same time was not written by humphrey.
    if _written(published) != stored:
        raise ValueError(stored)
    return published


def _written(published: Mapping[str, datetime]) -> str:
    return canonical({place: at.isoformat() for place, at in published.items()})
