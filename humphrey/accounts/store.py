"""SQL of accounts: people, sessions and sign-ins. Of a password only a hash is stored, of a token only a digest."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, func, insert, select, update

from humphrey.accounts.model import Person, Session
from humphrey.database.engine import Database, rows
from humphrey.database.tables.accounts import (
    known_browsers,
    people,
    sessions,
    sign_in_failures,
    sign_in_turns,
    sign_ins,
)
from humphrey.database.transaction import Transaction
from humphrey.digests import canonical, row_digest

# Built once, because every request asks for its person, and building a statement takes longer than running it.
_NAMED = select(people).where(people.c.name == bindparam("name"))


_ANY = select(people.c.name).limit(1)


def list_people(database: Database | Transaction) -> list[Person]:
    """Return every account by name, disabled ones included."""
    with database.reading() as connection:
        return _people(connection)


def person(database: Database, name: str) -> Person | None:
    """Return the account of exactly that name; None if there is none."""
    with database.reading() as connection:
        found = connection.execute(_NAMED, {"name": name}).first()
        return _person(found) if found else None


def person_by_identity(database: Database, identity: str) -> Person | None:
    """Return the account with an identity at the provider; None if there is none."""
    with database.reading() as connection:
        found = connection.execute(select(people).where(people.c.identity == identity)).first()
        return _person(found) if found else None


def has_people(database: Database) -> bool:
    """Return whether any account exists."""
    with database.reading() as connection:
        return connection.execute(_ANY).first() is not None


def password_hash(database: Database | Transaction, name: str) -> str | None:
    """Return the hash of a person's password; None if the person is unknown, disabled or has no password."""
    enabled = select(people.c.password).where(people.c.name == name, people.c.disabled_at.is_(None))
    with database.reading() as connection:
        found: str | None = connection.execute(enabled).scalar()
        return found or None


def add_person(tx: Transaction, person: Person, password: str, at: datetime) -> None:
    """Add an account with the hash of its password, which counts as the person's own."""
    fields = {"name": person.name, "password": password, "added_at": at, "password_given_by": ""}
    tx.connection.execute(insert(people).values(**fields, **_granted(person)))


def change_person(tx: Transaction, person: Person, at: datetime) -> None:
    """Write all fields of an account except its name and password."""
    disabled = func.coalesce(people.c.disabled_at, at) if person.disabled else None
    changed = update(people).where(people.c.name == person.name)
    tx.connection.execute(changed.values(disabled_at=disabled, **_granted(person)))


def set_password(tx: Transaction, name: str, password: str) -> None:
    """Replace the password hash of an account."""
    tx.connection.execute(update(people).where(people.c.name == name).values(password=password))


def person_digest(row: Mapping[Any, Any]) -> str:
    """Return the digest of an account's row that its entry holds.

    It covers what the account grants, its password's hash, who gave the password, and whether it is disabled. A hash
    cannot be told from its digest.
    """
    disabled = "yes" if row["disabled_at"] else ""
    return row_digest({**row, "disabled": disabled}, ("password", "password_given_by", "disabled", *_GRANTED))


def kept(tx: Transaction, name: str) -> dict[str, str]:
    """Return the detail of an entry that an account was added or changed: the digest of all that is stored of it."""
    row = tx.connection.execute(select(people).where(people.c.name == name)).one()
    return {"kept": person_digest(row._mapping)}


_GRANTED = ("roles", "groups", "kinds", "markings", "email", "deputies", "identity", "own_name")


def set_password_giver(tx: Transaction, name: str, by: str) -> None:
    """Write who gave an account its password; empty if it is the person's own."""
    tx.connection.execute(update(people).where(people.c.name == name).values(password_given_by=by))


def _people(connection: Connection) -> list[Person]:
    return [_person(row) for row in rows(connection, select(people).order_by(people.c.name))]


def _granted(person: Person) -> dict[str, str | None]:
    """Return the columns of an account's fields."""
    return {
        "roles": canonical(person.roles),
        "groups": canonical(person.groups),
        "kinds": canonical(person.kinds),
        "markings": canonical(person.markings),
        "email": person.email,
        "deputies": canonical(person.deputies),
        # NULL, because the column is unique and many people have no identity.
        "identity": person.identity or None,
        "own_name": person.own_name,
    }


def _person(row: Row[Any]) -> Person:
    return Person(
        row.name,
        tuple(json.loads(row.roles)),
        tuple(json.loads(row.groups)),
        disabled=row.disabled_at is not None,
        kinds=tuple(json.loads(row.kinds)),
        markings=tuple(json.loads(row.markings)),
        email=row.email,
        deputies=tuple(json.loads(row.deputies)),
        identity=row.identity or "",
        own_name=row.own_name,
    )


@dataclass(frozen=True)
class SignInFailures:
    """Recent failed sign-ins: for a name from an address, for the name by strangers, and from the address.

    `last` is the latest one for the name from the address; None if there is none.
    """

    of_both: int
    of_name: int
    from_address: int
    last: datetime | None


OWN_PLACE = "#"
"""First character of the place of a try in a browser that its person signed in to before; addresses have another."""


_SESSIONS = select(sessions, people.c.password_given_by).outerjoin(people, people.c.name == sessions.c.person)


@dataclass(frozen=True)
class PendingSignIn:
    """A sign-in that waits for the provider's answer: what the answer must match, and the page to show afterwards."""

    browser: str
    nonce: str
    verifier: str
    onwards: str


def session(database: Database | Transaction, token_digest: str) -> Session | None:
    """Return the session of a token's digest, closed or expired ones included; None if it is unknown."""
    with database.reading() as connection:
        found = connection.execute(_SESSIONS.where(sessions.c.token_digest == token_digest)).first()
        return _session(found) if found else None


def live_sessions(database: Database | Transaction, now: datetime, person: str | None = None) -> list[Session]:
    """Return the sessions that are neither closed nor expired, of everybody or of one person, latest first."""
    with database.reading() as connection:
        return _sessions(connection, now, person)


def add_session(tx: Transaction, session: Session) -> None:
    """Add a session; delete the expired ones."""
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
    """Write the time at which a token was last used."""
    tx.connection.execute(update(sessions).where(sessions.c.token_digest == token_digest).values(seen_at=at))


def close_sessions(tx: Transaction, digests: Collection[str], at: datetime) -> None:
    """Close these sessions, if they are open."""
    ends = sessions.c.token_digest.in_(digests), sessions.c.closed_at.is_(None)
    tx.connection.execute(update(sessions).where(*ends).values(closed_at=at))


def close_sessions_of(tx: Transaction, names: Collection[str], at: datetime) -> None:
    """Close every open session of these people."""
    ends = sessions.c.person.in_(names), sessions.c.closed_at.is_(None)
    tx.connection.execute(update(sessions).where(*ends).values(closed_at=at))


def count_failures(tx: Transaction, name: str, address: str, since: datetime) -> SignInFailures:
    """Return the failed sign-ins since a moment; delete older ones."""
    failed = sign_in_failures.c
    tx.connection.execute(delete(sign_in_failures).where(failed.at <= since))
    here = failed.name == name, failed.address == address
    return SignInFailures(
        _failed(tx, *here),
        _failed(tx, failed.name == name, failed.address.not_like(f"{OWN_PLACE}%")),
        _failed(tx, failed.address == address),
        tx.connection.execute(select(failed.at).where(*here).order_by(failed.at.desc()).limit(1)).scalar(),
    )


def add_failure(tx: Transaction, name: str, address: str, at: datetime) -> int:
    """Add a failed sign-in and return its number."""
    note = insert(sign_in_failures).values(name=name, address=address, at=at).returning(sign_in_failures.c.id)
    number: int = tx.connection.execute(note).scalar_one()
    return number


def forget_failure(tx: Transaction, number: int) -> None:
    """Delete a failed sign-in by its number."""
    tx.connection.execute(delete(sign_in_failures).where(sign_in_failures.c.id == number))


def take_turn(tx: Transaction, name: str, address: str, due: datetime, since: datetime) -> datetime:
    """Return when a stranger's next try for a name from an address is due; `due` if it has no turn yet.

    Turns that were due before `since` are deleted.
    """
    tx.connection.execute(delete(sign_in_turns).where(sign_in_turns.c.due_at <= since))
    mine = sign_in_turns.c.name == name, sign_in_turns.c.address == address
    known: datetime | None = tx.connection.execute(select(sign_in_turns.c.due_at).where(*mine)).scalar()
    if known is None:
        tx.connection.execute(insert(sign_in_turns).values(name=name, address=address, due_at=due))
    return known or due


def end_turn(tx: Transaction, name: str, address: str) -> None:
    """Delete the turn of a name and an address, if there is one."""
    mine = sign_in_turns.c.name == name, sign_in_turns.c.address == address
    tx.connection.execute(delete(sign_in_turns).where(*mine))


def knows_browser(database: Database | Transaction, secret_digest: str, name: str) -> bool:
    """Return whether a person signed in with a password in the browser that has this secret."""
    mine = known_browsers.c.secret_digest == secret_digest, known_browsers.c.person == name
    with database.reading() as connection:
        return connection.execute(select(known_browsers.c.person).where(*mine)).first() is not None


def remember_browser(tx: Transaction, before: str, after: str, name: str, at: datetime, since: datetime) -> None:
    """Give a browser another secret, and add a person to those who signed in in it.

    Args:
        tx: the transaction.
        before: the digest of its secret until now; its people are kept.
        after: the digest of its new secret.
        name: the person.
        at: the present moment.
        since: browsers that were last seen before this moment are forgotten.
    """
    known = known_browsers.c
    stale = (known.secret_digest == before) & (known.person == name)
    tx.connection.execute(delete(known_browsers).where((known.seen_at <= since) | stale))
    tx.connection.execute(update(known_browsers).where(known.secret_digest == before).values(secret_digest=after))
    tx.connection.execute(insert(known_browsers).values(secret_digest=after, person=name, seen_at=at))


def forget_browsers(tx: Transaction, name: str) -> None:
    """Forget every browser in which a person signed in."""
    tx.connection.execute(delete(known_browsers).where(known_browsers.c.person == name))


def count_pending_sign_ins(tx: Transaction, address: str, since: datetime) -> int:
    """Return how many sign-ins from an address wait for the provider; delete those begun before `since`."""
    tx.connection.execute(delete(sign_ins).where(sign_ins.c.at <= since))
    count = select(func.count()).select_from(sign_ins).where(sign_ins.c.address == address)
    waiting: int = tx.connection.execute(count).scalar_one()
    return waiting


def add_pending_sign_in(tx: Transaction, state_digest: str, begun: PendingSignIn, address: str, at: datetime) -> None:
    """Add a sign-in that waits for the provider's answer."""
    tx.connection.execute(insert(sign_ins).values(state_digest=state_digest, address=address, at=at, **vars(begun)))


def take_pending_sign_in(tx: Transaction, state_digest: str, since: datetime) -> PendingSignIn | None:
    """Return the pending sign-in of a state begun after `since` and delete it, so that a state works once."""
    mine = sign_ins.c.state_digest == state_digest
    found = tx.connection.execute(select(sign_ins).where(mine, sign_ins.c.at > since)).first()
    tx.connection.execute(delete(sign_ins).where(mine))
    return PendingSignIn(found.browser, found.nonce, found.verifier, found.onwards) if found else None


def _failed(tx: Transaction, *which: ColumnElement[bool]) -> int:
    count: int = tx.connection.execute(select(func.count()).select_from(sign_in_failures).where(*which)).scalar_one()
    return count


def _sessions(connection: Connection, now: datetime, person: str | None) -> list[Session]:
    live = _SESSIONS.where(sessions.c.closed_at.is_(None), sessions.c.expires_at > now)
    whose = live if person is None else live.where(sessions.c.person == person)
    return [_session(row) for row in rows(connection, whose.order_by(sessions.c.opened_at.desc()))]


def _session(row: Row[Any]) -> Session:
    moments = row.opened_at, row.seen_at, row.expires_at
    due = row.way_in == "password" and bool(row.password_given_by)
    return Session(row.token_digest, row.person, *moments, row.way_in, row.closed_at, due)
