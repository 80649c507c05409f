"""People in the database; of a password there is only a hash."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from humphrey.core.drafts import canonical
from humphrey.core.people import Person
from humphrey.store.engine import Database, rows
from humphrey.store.tables import people
from humphrey.store.transaction import Transaction


def list_people(database: Database | Transaction) -> list[Person]:
    """Everybody who was ever added, disabled ones too, by name."""
    with database.reading() as connection:
        return _people(connection)


def person(database: Database, name: str) -> Person | None:
    """The person of exactly that name; None when there is nobody."""
    with database.reading() as connection:
        found = connection.execute(select(people).where(people.c.name == name)).first()
        return _person(found) if found else None


def person_by_identity(database: Database, identity: str) -> Person | None:
    """The person with that identity at a provider; None when there is nobody."""
    with database.reading() as connection:
        found = connection.execute(select(people).where(people.c.identity == identity)).first()
        return _person(found) if found else None


def has_people(database: Database) -> bool:
    """Whether anybody was ever added."""
    with database.reading() as connection:
        return connection.execute(select(people.c.name).limit(1)).first() is not None


def password_hash(database: Database, name: str) -> str | None:
    """The hash of a person's password; None when nobody of that name has one, or they are disabled."""
    enabled = select(people.c.password).where(people.c.name == name, people.c.disabled_at.is_(None))
    with database.reading() as connection:
        found: str | None = connection.execute(enabled).scalar()
        return found or None


def add_person(tx: Transaction, person: Person, password: str, at: datetime) -> None:
    """A new person, with the hash of their password."""
    tx.connection.execute(insert(people).values(name=person.name, password=password, added_at=at, **_granted(person)))


def change_person(tx: Transaction, person: Person, at: datetime) -> None:
    """Give somebody other roles, groups, grants, deputies or another address; disable or enable them."""
    disabled = func.coalesce(people.c.disabled_at, at) if person.disabled else None
    changed = update(people).where(people.c.name == person.name)
    tx.connection.execute(changed.values(disabled_at=disabled, **_granted(person)))


def set_password(tx: Transaction, name: str, password: str) -> None:
    """Keep another hash for somebody."""
    tx.connection.execute(update(people).where(people.c.name == name).values(password=password))


def _people(connection: Connection) -> list[Person]:
    return [_person(row) for row in rows(connection, select(people).order_by(people.c.name))]


def _granted(person: Person) -> dict[str, str | None]:
    """What somebody is and may, as it is stored."""
    return {
        "roles": canonical(person.roles),
        "groups": canonical(person.groups),
        "kinds": canonical(person.kinds),
        "markings": canonical(person.markings),
        "email": person.email,
        "deputies": canonical(person.deputies),
        # Nobody's identity is no identity: the column is unique.
        "identity": person.identity or None,
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
    )
