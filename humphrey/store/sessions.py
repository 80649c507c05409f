"""Sign-ins in the database: open ones, failed ones, and those that wait for a provider. No token and no password."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from humphrey.core.sessions import Session
from humphrey.store.engine import Database, rows
from humphrey.store.session_tables import sessions, sign_in_failures, sign_ins
from humphrey.store.transaction import Transaction


@dataclass(frozen=True)
class Failures:
    """How many sign-ins failed lately: under one name from one address, under that name, and from that address."""

    of_both: int
    of_name: int
    from_address: int


@dataclass(frozen=True)
class Begun:
    """A sign-in that waits for a provider: what its answer must fit, and where to go afterwards."""

    browser: str
    nonce: str
    verifier: str
    onwards: str


def session(database: Database | Transaction, token_digest: str) -> Session | None:
    """The sign-in with that token, closed or over ones too while they are remembered; None when unknown."""
    with database.reading() as connection:
        found = connection.execute(select(sessions).where(sessions.c.token_digest == token_digest)).first()
        return _session(found) if found else None


def live_sessions(database: Database | Transaction, now: datetime, person: str | None = None) -> list[Session]:
    """The sign-ins that were neither closed nor are over, of everybody or of one person, latest first."""
    with database.reading() as connection:
        return _sessions(connection, now, person)


def add_session(tx: Transaction, session: Session) -> None:
    """A sign-in; those that are over are forgotten."""
    tx.connection.execute(delete(sessions).where(sessions.c.expires_at < session.opened))
    tx.connection.execute(
        insert(sessions).values(
            token_digest=session.digest,
            person=session.person,
            opened_at=session.opened,
            expires_at=session.until,
            seen_at=session.seen,
            way_in=session.way_in,
        )
    )


def mark_seen(tx: Transaction, token_digest: str, at: datetime) -> None:
    """Note that a token was shown."""
    tx.connection.execute(update(sessions).where(sessions.c.token_digest == token_digest).values(seen_at=at))


def close_sessions(tx: Transaction, digests: Collection[str], at: datetime) -> None:
    """End these sign-ins, as far as they are open."""
    ends = sessions.c.token_digest.in_(digests), sessions.c.closed_at.is_(None)
    tx.connection.execute(update(sessions).where(*ends).values(closed_at=at))


def close_sessions_of(tx: Transaction, names: Collection[str], at: datetime) -> None:
    """End every sign-in of these people."""
    ends = sessions.c.person.in_(names), sessions.c.closed_at.is_(None)
    tx.connection.execute(update(sessions).where(*ends).values(closed_at=at))


def count_failures(tx: Transaction, name: str, address: str, since: datetime) -> Failures:
    """Count the failed sign-ins since a moment; older ones are forgotten."""
    failed = sign_in_failures.c
    tx.connection.execute(delete(sign_in_failures).where(failed.at <= since))
    return Failures(
        _failed(tx, failed.name == name, failed.address == address),
        _failed(tx, failed.name == name),
        _failed(tx, failed.address == address),
    )


def add_failure(tx: Transaction, name: str, address: str, at: datetime) -> int:
    """Note a failed sign-in; its number."""
    note = insert(sign_in_failures).values(name=name, address=address, at=at).returning(sign_in_failures.c.id)
    number: int = tx.connection.execute(note).scalar_one()
    return number


def forget_failure(tx: Transaction, number: int) -> None:
    """Take back a failed sign-in that succeeded after all."""
    tx.connection.execute(delete(sign_in_failures).where(sign_in_failures.c.id == number))


def count_pending_sign_ins(tx: Transaction, address: str, since: datetime) -> int:
    """How many sign-ins wait for a provider that began at an address; those begun before `since` are forgotten."""
    tx.connection.execute(delete(sign_ins).where(sign_ins.c.at <= since))
    count = select(func.count()).select_from(sign_ins).where(sign_ins.c.address == address)
    waiting: int = tx.connection.execute(count).scalar_one()
    return waiting


def add_pending_sign_in(tx: Transaction, state_digest: str, begun: Begun, address: str, at: datetime) -> None:
    """Keep what the provider's answer must fit."""
    tx.connection.execute(insert(sign_ins).values(state_digest=state_digest, address=address, at=at, **vars(begun)))


def take_pending_sign_in(tx: Transaction, state_digest: str, since: datetime) -> Begun | None:
    """What was kept under that state since a moment, once: whoever comes again finds nothing."""
    mine = sign_ins.c.state_digest == state_digest
    found = tx.connection.execute(select(sign_ins).where(mine, sign_ins.c.at > since)).first()
    tx.connection.execute(delete(sign_ins).where(mine))
    return Begun(found.browser, found.nonce, found.verifier, found.onwards) if found else None


def _failed(tx: Transaction, *which: ColumnElement[bool]) -> int:
    count: int = tx.connection.execute(select(func.count()).select_from(sign_in_failures).where(*which)).scalar_one()
    return count


def _sessions(connection: Connection, now: datetime, person: str | None) -> list[Session]:
    live = select(sessions).where(sessions.c.closed_at.is_(None), sessions.c.expires_at > now)
    whose = live if person is None else live.where(sessions.c.person == person)
    return [_session(row) for row in rows(connection, whose.order_by(sessions.c.opened_at.desc()))]


def _session(row: Row[Any]) -> Session:
    return Session(row.token_digest, row.person, row.opened_at, row.seen_at, row.expires_at, row.way_in, row.closed_at)
