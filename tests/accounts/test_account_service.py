"""Who may use humphrey: adding and disabling, signing in and out, and how guessing is limited."""

import sqlite3
import time
from datetime import timedelta

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from humphrey.accounts import store as account_store
from humphrey.accounts.guessing import network
from humphrey.accounts.model import DEMONSTRATION_PEOPLE, Person
from humphrey.accounts.passwords import Argon2Passwords
from humphrey.accounts.service import Accounts
from humphrey.errors import IdentityError, NotPermitted
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from humphrey.records.verification.service import Verification

WORDS = "three random words"


class QuickPasswords:
    """Real hashes cost a third of a second each; where they are not the matter, the words themselves will do."""

    def hash(self, password: str) -> str:
        return f"hash of {password}"

    def verify(self, password: str, hashed: str | None) -> bool:
        return hashed == f"hash of {password}"

    def needs_rehash(self, hashed: str) -> bool:
        return False


@pytest.fixture
def people(database, clock) -> Accounts:
    return Accounts(database, QuickPasswords(), demonstration=True, now=clock)


@pytest.fixture
def staffed(people) -> Accounts:
    people.add(Person("ann", ("official",), ("policy", "legal")), WORDS)
    people.add(Person("bob", ("reviewer",)), WORDS)
    return people


def acts(database) -> list[tuple[str, str]]:
    assert first_broken(ledger_store.entries(database)) is None
    return [(entry.actor, entry.act) for entry in ledger_store.entries(database)]


def test_a_person_added_is_known_with_their_role_and_groups(staffed, database):
    ann = staffed.person("ann")

    assert (ann.name, ann.roles, ann.groups, ann.disabled) == ("ann", ("official",), ("policy", "legal"), False)
    assert [person.name for person in staffed.everyone()] == ["ann", "bob"]
    assert acts(database) == [("operator", "person:add")] * 2


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("", WORDS, "is not a valid name"),
        (" ann", WORDS, "is not a valid name"),
        ("a\nb", WORDS, "is not a valid name"),
        ("\u202eann", WORDS, "is not a valid name"),
        ("x" * 101, WORDS, "is not a valid name"),
        ("Operator", WORDS, "is not a valid name"),
        ("command line", WORDS, "is not a valid name"),
        ("zoe", "short", "the password has 5 characters"),
        ("zoe", "x" * 201, "the password has 201 characters"),
        ("ANN", WORDS, "the name ANN is taken"),
    ],
)
def test_a_name_or_password_that_will_not_do_is_refused_with_the_reason(staffed, name, password, said):
    with pytest.raises(IdentityError, match=said):
        staffed.add(Person(name, ("official",)), password)
    assert [person.name for person in staffed.everyone()] == ["ann", "bob"]


def test_a_role_there_is_not_is_refused_with_those_there_are(people):
    with pytest.raises(IdentityError, match="there is no role 'king'; choose one of official, reviewer"):
        people.add(Person("zoe", ("king",)), WORDS)


def test_the_person_who_signs_in_is_known_by_their_token_until_they_sign_out(staffed, database):
    token = staffed.sign_in("ann", WORDS, "127.0.0.1")

    assert staffed.signed_in_person(token) == staffed.person("ann")
    staffed.sign_out(token)
    staffed.sign_out(token)
    assert acts(database)[2:] == [("ann", "session:open"), ("ann", "session:close")]
    assert staffed.signed_in_person(token) is None


def test_a_sign_in_ends_by_itself_however_busy_it_is(staffed, clock):
    token = staffed.sign_in("ann", WORDS, "127.0.0.1")
    over = clock.now + timedelta(hours=8)

    while clock.now < over:
        assert staffed.signed_in_person(token) is not None
        clock.now += timedelta(minutes=30)
    assert staffed.signed_in_person(token) is None


def test_a_sign_in_ends_when_nobody_used_it_for_an_hour(staffed, clock):
    token = staffed.sign_in("ann", WORDS, "127.0.0.1")

    clock.now += timedelta(minutes=59)
    assert staffed.signed_in_person(token) is not None
    clock.now += timedelta(minutes=59)
    assert staffed.signed_in_person(token, acting=False) is not None
    clock.now += timedelta(minutes=2)
    assert staffed.signed_in_person(token) is None, "a page that asks by itself does not keep it open"
    assert staffed.sessions() == []


def test_being_seen_is_written_at_most_once_a_minute(staffed, database, clock):
    token = staffed.sign_in("ann", WORDS, "127.0.0.1")
    opened = clock.now

    seen = []
    for _ in range(130):
        staffed.signed_in_person(token)
        seen.append(staffed.sessions()[0].seen)
        clock.now += timedelta(seconds=1)

    assert set(seen) == {opened, opened + timedelta(minutes=1), opened + timedelta(minutes=2)}


def test_a_token_shown_again_after_it_was_ended_is_refused_and_on_the_record_within_bounds(staffed, database, clock):
    token = staffed.sign_in("ann", WORDS, "127.0.0.1")
    clock.now += timedelta(minutes=1)
    staffed.sign_out(token)

    for _ in range(120):
        clock.now += timedelta(minutes=1)
        assert staffed.signed_in_person(token) is None

    refused = [entry for entry in ledger_store.entries(database) if entry.act == "session:refused"]
    assert [(entry.actor, entry.subject, entry.detail["why"]) for entry in refused] == [("unknown", "ann", "ended")] * 2


def test_a_browser_that_signs_in_again_gets_another_token_and_the_one_before_ends(staffed, database):
    first = staffed.sign_in("ann", WORDS, "127.0.0.1")
    second = staffed.sign_in("bob", WORDS, "127.0.0.1", first)

    assert first != second
    assert staffed.signed_in_person(first) is None
    assert staffed.signed_in_person(second) == staffed.person("bob")
    assert acts(database)[-3:-1] == [("ann", "session:close"), ("bob", "session:open")]


def test_the_person_who_signs_out_everywhere_else_stays_signed_in_here(staffed, database):
    here, there, bobs = (staffed.sign_in(name, WORDS, "127.0.0.1") for name in ("ann", "ann", "bob"))

    assert staffed.sign_out_elsewhere(here) == 1

    assert [staffed.signed_in_person(token) is not None for token in (here, there, bobs)] == [True, False, True]
    with pytest.raises(IdentityError, match="sign-in has ended"):
        staffed.sign_out_elsewhere(there)


def test_an_administrator_ends_a_sign_in_and_others_only_their_own(staffed, database):
    staffed.add(Person("sue", ("administrator",)), WORDS)
    anns, bobs = staffed.sign_in("ann", WORDS, "127.0.0.1"), staffed.sign_in("bob", WORDS, "127.0.0.1")
    known = {session.person: session.id for session in staffed.sessions()}

    with pytest.raises(NotPermitted, match="bob may not do that"):
        staffed.revoke(known["ann"], "bob")
    assert staffed.signed_in_person(anns)
    assert staffed.revoke(known["ann"], "sue") == "ann"
    assert staffed.revoke(known["bob"], "bob") == "bob"
    assert staffed.signed_in_person(anns) is None
    assert staffed.signed_in_person(bobs) is None
    with pytest.raises(IdentityError, match=r"there is no open session"):
        staffed.revoke(known["ann"], "sue")
    done = [each for each in acts(database) if each[1] in {"act:refused", "session:close"}]
    assert done == [("bob", "act:refused"), ("sue", "session:close"), ("bob", "session:close"), ("sue", "act:refused")]


def test_nothing_in_the_database_lets_anybody_sign_in(staffed, tmp_path):
    token = staffed.sign_in("ann", WORDS, "127.0.0.1")
    connection = sqlite3.connect(tmp_path / "humphrey.db")
    stored = "\n".join(connection.iterdump())
    connection.close()

    assert len(token) >= 43
    assert token not in stored
    assert all(staffed.signed_in_person(word) is None for word in ("", "x", stored[:71], "half \ud800"))


@pytest.mark.parametrize(
    ("name", "password"), [("ann", "wrong words here"), ("zoe", WORDS), ("ann", ""), ("", ""), ("\ud800", WORDS)]
)
def test_a_wrong_password_and_an_unknown_name_are_refused_alike(staffed, database, name, password):
    with pytest.raises(IdentityError, match="wrong name or password"):
        staffed.sign_in(name, password, "127.0.0.1")
    assert acts(database)[-1] == (name if name == "ann" else "unknown", "session:refused")


def test_a_disabled_person_is_signed_out_and_cannot_sign_in(staffed, database):
    token = staffed.sign_in("ann", WORDS, "127.0.0.1")

    assert staffed.disable("ann").disabled

    assert staffed.signed_in_person(token) is None
    with pytest.raises(IdentityError, match="ann is disabled"):
        staffed.person("ann")
    with pytest.raises(IdentityError, match="wrong name or password"):
        staffed.sign_in("ann", WORDS, "127.0.0.1")
    for name, said in (("ann", "is disabled already"), ("zoe", "there is no account")):
        with pytest.raises(IdentityError, match=said):
            staffed.disable(name)
    assert [(person.name, person.disabled) for person in staffed.everyone()] == [("ann", True), ("bob", False)]
    assert ("operator", "person:disable") in acts(database)


def test_all_addresses_that_one_customer_has_count_as_one():
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9") != network("2001:db8:1:3::1")
    assert network("::ffff:10.0.0.1") == network("10.0.0.1") != network("10.0.0.2")


def test_signing_in_is_no_failure(staffed):
    for _ in range(31):
        assert staffed.sign_in("ann", WORDS, "10.0.0.1")


def test_demonstration_people_stand_in_while_nobody_was_added(people):
    token = people.sign_in_demonstration("grace", "127.0.0.1")

    assert people.demonstration
    assert people.everyone() == list(DEMONSTRATION_PEOPLE)
    assert people.signed_in_person(token) == people.person("grace")
    with pytest.raises(IdentityError, match="there is no account 'zoe'"):
        people.person("zoe")
    with pytest.raises(IdentityError, match="are not in use"):
        people.sign_in_demonstration("zoe", "127.0.0.1")
    with pytest.raises(IdentityError, match="wrong name or password"):
        people.sign_in("grace", "", "127.0.0.1")


def test_the_person_who_plays_a_demonstration_person_does_not_become_the_real_one(people):
    token = people.sign_in_demonstration("grace", "127.0.0.1")

    people.add(Person("grace", ("reviewer",)), WORDS)

    assert people.signed_in_person(token) is None
    assert not people.demonstration
    with pytest.raises(IdentityError, match="are not in use"):
        people.sign_in_demonstration("grace", "127.0.0.1")


def test_adding_a_person_signs_nobody_out_who_is_called_like_a_demonstration_person(people):
    people.add(Person("grace", ("reviewer",)), WORDS)
    token = people.sign_in("grace", WORDS, "127.0.0.1")

    people.add(Person("ann", ("official",)), WORDS)

    assert people.signed_in_person(token) == people.person("grace")


def test_nobody_stands_in_where_it_is_not_allowed(database, clock):
    people = Accounts(database, QuickPasswords(), demonstration=False, now=clock)

    assert people.everyone() == []
    with pytest.raises(IdentityError, match="there is no account 'grace'"):
        people.person("grace")
    with pytest.raises(IdentityError, match="are not in use"):
        people.sign_in_demonstration("grace", "127.0.0.1")


def test_a_disabled_person_does_not_bring_the_demonstration_people_back(staffed):
    staffed.disable("ann")
    staffed.disable("bob")

    assert not staffed.demonstration


@pytest.mark.usefixtures("real_hashes")
def test_a_hash_that_is_weaker_than_todays_is_made_again_when_its_person_signs_in(database, clock):
    weak = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=1024),)).hash(WORDS)
    people = Accounts(database, Argon2Passwords(), demonstration=False, now=clock)
    with database.transaction() as tx:
        account_store.add_person(tx, Person("ann", ("official",)), weak, clock())
        ledger_store.enter(tx, "operator", "person:add", "ann", account_store.kept(tx, "ann"), clock())

    people.sign_in("ann", WORDS, "127.0.0.1")
    stronger = account_store.password_hash(database, "ann")
    people.sign_in("ann", WORDS, "127.0.0.1")

    assert stronger != weak
    assert "m=65536" in stronger
    assert account_store.password_hash(database, "ann") == stronger
    entry = next(each for each in ledger_store.entries(database) if each.act == "session:open")
    assert entry.detail["password"] == "hashed again"
    changed = [each for each in ledger_store.entries(database) if each.act == "person:change"]
    assert [(each.actor, each.subject, each.detail["changed"]) for each in changed] == [("ann", "ann", "hash")]
    assert Verification(database, list, lambda *_: True, None, clock).verify().ok


def test_a_person_with_no_password_cannot_sign_in_with_any(database, clock):
    people = Accounts(database, Argon2Passwords(), demonstration=False, now=clock)
    people.add(Person("ann", ("official",), identity="https://id.example 1"))

    for word in ("", "nobody has this password"):
        with pytest.raises(IdentityError, match="wrong name or password"):
            people.sign_in("ann", word, "127.0.0.1")


@pytest.mark.usefixtures("real_hashes")
def test_real_passwords_are_hashed_with_argon2id_and_checked():
    passwords = Argon2Passwords()
    hashed = passwords.hash(WORDS)

    assert hashed.startswith("$argon2id$")
    assert hashed != passwords.hash(WORDS)
    assert passwords.verify(WORDS, hashed)
    assert not passwords.verify(WORDS + "x", hashed)
    assert not passwords.verify("half \ud800", hashed)
    assert not passwords.verify("nobody has this password", None)
    assert not passwords.verify(WORDS, "not a hash")


@pytest.mark.usefixtures("real_hashes")
def test_checking_takes_as_long_for_a_name_nobody_has():
    passwords = Argon2Passwords()
    hashed = passwords.hash(WORDS)
    passwords.verify(WORDS, None)
    spent = []
    for known in (hashed, None):
        began = time.process_time()
        passwords.verify("wrong words here", known)
        spent.append(time.process_time() - began)

    assert 0.5 < spent[0] / spent[1] < 2
