"""People whose password is their own, as after their first sign-in."""

from collections.abc import Iterable
from datetime import UTC, datetime

from humphrey.accounts import store as account_store
from humphrey.accounts.model import Person
from humphrey.accounts.service import Accounts
from humphrey.database.engine import Database
from humphrey.ledger import store as ledger_store


def add_with_own_passwords(accounts: Accounts, database: Database, people: Iterable[Person], password: str) -> None:
    """Add people who have changed their first password."""
    for person in people:
        accounts.add(person, password)
        with database.transaction() as tx:
            account_store.set_password_giver(tx, person.name, "")
            said = {"changed": "password", **account_store.kept(tx, person.name)}
            ledger_store.enter(tx, person.name, "person:change", person.name, said, datetime.now(UTC))
