"""People, their sign-ins and their failed attempts, in the database. Neither a password nor a token is in it."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from humphrey.core.drafts import canonical
from humphrey.core.people import Person
from humphrey.store.engine import Database, rows
from humphrey.store.tables import people, sessions, sign_in_failures


@dataclass(frozen=True)
class Failures:
    """How many sign-ins failed lately under one name, and from one address."""

    of_name: int
    from_address: int


class PersonReads(Database):
    """Reading who there is."""

    def people(self) -> list[Person]:
        """Everybody who was ever added, disabled ones too, by name."""
        with self.reading() as connection:
            return _people(connection)

    def person(self, name: str) -> Person | None:
        """The person of exactly that name; None when there is nobody."""
        with self.reading() as connection:
            found = connection.execute(select(people).where(people.c.name == name)).first()
            return _person(found) if found else None

    def anybody(self) -> bool:
        """Whether anybody was ever added."""
        with self.reading() as connection:
            return connection.execute(select(people.c.name).limit(1)).first() is not None

    def password_of(self, name: str) -> str | None:
        """The hash of a person's password; None when there is nobody of that name, or they are disabled."""
        enabled = select(people.c.password).where(people.c.name == name, people.c.disabled_at.is_(None))
        with self.reading() as connection:
            found: str | None = connection.execute(enabled).scalar()
            return found

    def holder(self, token_digest: str, now: datetime) -> str | None:
        """Whose sign-in a token is; None when it is unknown, closed or over."""
        live = select(sessions.c.person).where(
            sessions.c.token_digest == token_digest, sessions.c.closed_at.is_(None), sessions.c.expires_at > now
        )
        with self.reading() as connection:
            found: str | None = connection.execute(live).scalar()
            return found


class PersonWrites:
    """Changing people and sign-ins inside one transaction."""

    connection: Connection

    def people(self) -> list[Person]:
        """Everybody who was ever added, read alone among writers."""
        return _people(self.connection)

    def add_person(self, person: Person, password: str, at: datetime) -> None:
        """A new person, with the hash of their password."""
        self.connection.execute(
            insert(people).values(name=person.name, password=password, added_at=at, identity=None, **_granted(person))
        )

    def disable_person(self, name: str, at: datetime) -> None:
        """From now on the person may do nothing."""
        self.connection.execute(update(people).where(people.c.name == name).values(disabled_at=at))

    def open_session(self, token_digest: str, person: str, at: datetime, until: datetime) -> None:
        """A sign-in; those that are over are forgotten."""
        self.connection.execute(delete(sessions).where(sessions.c.expires_at < at))
        self.connection.execute(
            insert(sessions).values(
                token_digest=token_digest,
                person=person,
                opened_at=at,
                expires_at=until,
                seen_at=at,
                way_in="password",
            )
        )

    def close_session(self, token_digest: str, at: datetime) -> str | None:
        """End one sign-in; whose it was, None when it was not open."""
        mine = (sessions.c.token_digest == token_digest, sessions.c.closed_at.is_(None))
        person: str | None = self.connection.execute(select(sessions.c.person).where(*mine)).scalar()
        self.connection.execute(update(sessions).where(*mine).values(closed_at=at))
        return person

    def close_sessions(self, names: Collection[str], at: datetime) -> None:
        """End every sign-in of these people."""
        self.connection.execute(
            update(sessions).where(sessions.c.person.in_(names), sessions.c.closed_at.is_(None)).values(closed_at=at)
        )

    def failures(self, name: str, address: str, since: datetime) -> Failures:
        """Count the failed sign-ins since a moment; older ones are forgotten."""
        failed = sign_in_failures.c
        self.connection.execute(delete(sign_in_failures).where(failed.at <= since))
        count = select(func.count()).select_from(sign_in_failures)
        return Failures(
            self.connection.execute(count.where(failed.name == name)).scalar_one(),
            self.connection.execute(count.where(failed.address == address)).scalar_one(),
        )

    def add_failure(self, name: str, address: str, at: datetime) -> int:
        """Note a failed sign-in; its number."""
        note = insert(sign_in_failures).values(name=name, address=address, at=at).returning(sign_in_failures.c.id)
        number: int = self.connection.execute(note).scalar_one()
        return number

    def forget_failure(self, number: int) -> None:
        """Take back a failed sign-in that succeeded after all."""
        self.connection.execute(delete(sign_in_failures).where(sign_in_failures.c.id == number))


def _people(connection: Connection) -> list[Person]:
    return [_person(row) for row in rows(connection, select(people).order_by(people.c.name))]


def _granted(person: Person) -> dict[str, str]:
    """What somebody is and may, as it is stored."""
    return {
        "roles": canonical(person.roles),
        "groups": canonical(person.groups),
        "kinds": canonical(person.kinds),
        "markings": canonical(person.markings),
        "email": person.email,
        "deputies": canonical(person.deputies),
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
    )
