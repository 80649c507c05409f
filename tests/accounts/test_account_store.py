"""People and their sign-ins, kept on SQLite and on PostgreSQL alike, with processes in each other's way."""

import multiprocessing
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier

import pytest

from humphrey.accounts import store as account_store
from humphrey.accounts.model import Person, SessionLifetime
from humphrey.accounts.oidc.sign_in import OidcSignIn
from humphrey.accounts.service import Accounts
from humphrey.database.engine import Database, open_database
from humphrey.digests import sha256
from humphrey.errors import HumphreyError, IdentityError, IdentityProviderError, PasswordToChange
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from tests.support.processes import FORKS

WORDS = "three random words"


class Plain:
    """Real hashes cost a third of a second each, and are not the matter here."""

    def hash(self, password: str) -> str:
        return f"hash of {password}"

    def verify(self, password: str, hashed: str | None) -> bool:
        return hashed == f"hash of {password}"

    def needs_rehash(self, hashed: str) -> bool:
        return False


class Clock:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    database = open_database(address)
    yield database
    assert first_broken(ledger_store.entries(database)) is None
    database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people(database: Database, clock: Clock) -> Accounts:
    people = Accounts(database, Plain(), demonstration=False, lifetime=SessionLifetime(), now=clock)
    people.add(Person("sue", ("administrator",)), WORDS)
    people.add(Person("ann", ("reviewer",), ("hr",), kinds=("answer",), email="a@example.org", identity="7"), WORDS)
    return people


def test_a_person_comes_back_as_they_were_put_in_changed_disabled_and_enabled(people: Accounts, database: Database):
    ann = people.person("ann")
    assert (ann.groups, ann.kinds, ann.email, ann.identity) == (("hr",), ("answer",), "a@example.org", "7")
    assert account_store.person_by_identity(database, "7") == ann
    assert account_store.person_by_identity(database, "") is None

    people.disable("ann")
    people.change("ann", lambda person: replace(person, identity=""))
    assert account_store.person_by_identity(database, "7") is None
    with pytest.raises(IdentityError, match="is disabled"):
        people.person("ann")
    assert people.enable("ann") == people.person("ann")


def test_a_sign_in_is_seen_idles_and_ends(people: Accounts, clock: Clock):
    first, second = (people.sign_in("ann", WORDS, "10.0.0.1") for _ in range(2))
    clock.now += timedelta(minutes=50)
    assert people.signed_in_person(first) == people.person("ann")
    clock.now += timedelta(minutes=20)

    assert people.signed_in_person(second) is None
    assert [session.seen for session in people.sessions("ann")] == [clock.now - timedelta(minutes=20)]
    assert people.sign_out_elsewhere(first) == 0
    people.sign_out(first)
    assert people.signed_in_person(first) is None
    assert people.sessions() == []


def test_failures_are_counted_by_name_and_address(people: Accounts):
    for n in range(7):
        with pytest.raises(IdentityError, match="too many" if n >= 5 else "wrong name or password"):
            people.sign_in("ann", "wrong", "10.0.0.1")
    assert people.sign_in("ann", WORDS, "10.0.0.2")


def test_a_stranger_has_a_turn_and_a_browser_is_known(people: Accounts, database: Database, clock: Clock):
    known = people.remember_browser(people.sign_in("sue", WORDS, "10.9.0.1"), "")
    for n in range(31):
        with pytest.raises(IdentityError, match="too many" if n == 30 else "wrong name or password"):
            people.sign_in("sue", "wrong", f"10.9.1.{n}")

    with pytest.raises(IdentityError, match="wait 1 second and"):
        people.sign_in("sue", WORDS, "10.9.2.1")
    known = people.remember_browser(people.sign_in("sue", WORDS, "10.9.2.2", browser=known), known)
    clock.now += timedelta(seconds=1)
    assert people.sign_in("sue", WORDS, "10.9.2.1")
    clock.now += timedelta(days=181)
    people.remember_browser(people.sign_in("ann", WORDS, "10.9.2.1"), "")
    assert not account_store.knows_browser(database, sha256(known), "sue"), "unused for half a year"


def test_the_giver_of_a_password_is_known_until_it_is_changed(people: Accounts):
    token = people.sign_in("ann", WORDS, "10.0.0.1")
    with pytest.raises(PasswordToChange, match="change it first"):
        people.visitor(token)

    people.change_password(token, WORDS, "further words entirely")

    assert people.visitor(token) == people.person("ann")


class Says:
    """A provider that vouches for one person."""

    def address(self, asked: object) -> str:
        return "https://id.example/authorize"

    def claims(self, code: str, asked: object) -> dict[str, object]:
        return {"sub": "7"}


def test_an_answer_of_a_provider_counts_once(people: Accounts, database: Database, clock: Clock, monkeypatch):
    from humphrey.accounts.identity_provider import ClaimMapping

    states = []
    begin = type("Noting", (Says,), {"address": lambda self, asked: states.append(asked.state) or "https://id.example"})
    vouching = OidcSignIn(people, database, begin(), ClaimMapping(), "Example", now=clock)
    browser = vouching.begin("https://humphrey.example/back", "/ask", "10.0.0.1").secret

    done = vouching.finish("https://humphrey.example/back", states[0], "code", browser)
    assert people.signed_in_person(done.secret) == people.person("ann")
    with pytest.raises(IdentityProviderError, match="is used already"):
        vouching.finish("https://humphrey.example/back", states[0], "code", browser)


def demote(address: str, name: str, start: Barrier, done: "multiprocessing.Queue[str]") -> None:
    database = open_database(address)
    people = Accounts(database, Plain(), demonstration=False)
    start.wait()
    try:
        people.disable(name)
        done.put(name)
    except HumphreyError as error:
        done.put(type(error).__name__)
    database.close()


def test_two_administrators_who_are_disabled_at_once_are_never_both(address: str):
    database = open_database(address)
    people = Accounts(database, Plain(), demonstration=False)
    for name in ("sue", "sam"):
        people.add(Person(name, ("administrator",)), WORDS)
    start, done = FORKS.Barrier(2), FORKS.Queue()
    both = [FORKS.Process(target=demote, args=(address, name, start, done)) for name in ("sue", "sam")]
    for process in both:
        process.start()
    said = {done.get(timeout=60) for _ in both}
    for process in both:
        process.join()

    assert "IdentityError" in said
    assert len([person for person in people.everyone() if not person.disabled]) == 1
    database.close()
