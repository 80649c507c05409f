"""Who may use humphrey: adding and disabling, signing in and out, and how guessing is limited."""

import sqlite3
import time
from datetime import timedelta

import pytest

from humphrey.adapters.passwords import Argon2Passwords
from humphrey.core.ledger import first_broken
from humphrey.core.people import DEMONSTRATION
from humphrey.errors import IdentityError
from humphrey.people import People

WORDS = "three random words"


class QuickPasswords:
    """Real hashes cost a third of a second each; where they are not the matter, the words themselves will do."""

    def hash(self, password: str) -> str:
        return f"hash of {password}"

    def verify(self, password: str, hashed: str | None) -> bool:
        return hashed == f"hash of {password}"


@pytest.fixture
def people(store, clock) -> People:
    return People(store, QuickPasswords(), demonstration=True, now=clock)


@pytest.fixture
def staffed(people) -> People:
    people.add("ann", "official", ("policy", "legal"), WORDS)
    people.add("bob", "reviewer", (), WORDS)
    return people


def acts(store) -> list[tuple[str, str]]:
    assert first_broken(store.entries()) is None
    return [(entry.actor, entry.act) for entry in store.entries()]


def test_somebody_added_is_known_with_their_role_and_groups(staffed, store):
    ann = staffed.person("ann")

    assert (ann.name, ann.roles, ann.groups, ann.disabled) == ("ann", ("official",), ("policy", "legal"), False)
    assert [person.name for person in staffed.everyone()] == ["ann", "bob"]
    assert acts(store) == [("operator", "person:add")] * 2


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("", WORDS, "will not do as a name"),
        (" ann", WORDS, "will not do as a name"),
        ("a\nb", WORDS, "will not do as a name"),
        ("\u202eann", WORDS, "will not do as a name"),
        ("x" * 101, WORDS, "will not do as a name"),
        ("Operator", WORDS, "will not do as a name"),
        ("command line", WORDS, "will not do as a name"),
        ("zoe", "short", "a password of 5 characters"),
        ("zoe", "x" * 201, "a password of 201 characters"),
        ("ANN", WORDS, "called ANN already"),
    ],
)
def test_a_name_or_password_that_will_not_do_is_refused_with_the_reason(staffed, name, password, said):
    with pytest.raises(IdentityError, match=said):
        staffed.add(name, "official", (), password)
    assert [person.name for person in staffed.everyone()] == ["ann", "bob"]


def test_a_role_there_is_not_is_refused_with_those_there_are(people):
    with pytest.raises(IdentityError, match="no role 'king'; it is one of official, reviewer"):
        people.add("zoe", "king", (), WORDS)


def test_whoever_signs_in_is_known_by_their_token_until_they_sign_out(staffed, store):
    token = staffed.sign_in("ann", WORDS, "127.0.0.1")

    assert staffed.who(token) == staffed.person("ann")
    staffed.sign_out(token)
    staffed.sign_out(token)
    assert staffed.who(token) is None
    assert acts(store)[2:] == [("ann", "session:open"), ("ann", "session:close")]


def test_a_sign_in_ends_by_itself(staffed, clock):
    token = staffed.sign_in("ann", WORDS, "127.0.0.1")

    clock.now += timedelta(hours=8) - timedelta(seconds=1)
    assert staffed.who(token) is not None
    clock.now += timedelta(seconds=2)
    assert staffed.who(token) is None


def test_nothing_in_the_database_lets_anybody_sign_in(staffed, tmp_path):
    token = staffed.sign_in("ann", WORDS, "127.0.0.1")
    connection = sqlite3.connect(tmp_path / "humphrey.db")
    stored = "\n".join(connection.iterdump())
    connection.close()

    assert len(token) >= 43
    assert token not in stored
    assert all(staffed.who(word) is None for word in ("", "x", stored[:71], "half \ud800"))


@pytest.mark.parametrize(
    ("name", "password"), [("ann", "wrong words here"), ("zoe", WORDS), ("ann", ""), ("", ""), ("\ud800", WORDS)]
)
def test_a_wrong_password_and_an_unknown_name_are_refused_alike(staffed, store, name, password):
    with pytest.raises(IdentityError, match="that name and password do not belong together"):
        staffed.sign_in(name, password, "127.0.0.1")
    assert acts(store)[-1] == (name if name == "ann" else "unknown", "session:refused")


def test_a_disabled_person_is_signed_out_and_cannot_sign_in(staffed, store):
    token = staffed.sign_in("ann", WORDS, "127.0.0.1")

    assert staffed.disable("ann").disabled

    assert staffed.who(token) is None
    with pytest.raises(IdentityError, match="ann is disabled"):
        staffed.person("ann")
    with pytest.raises(IdentityError, match="do not belong together"):
        staffed.sign_in("ann", WORDS, "127.0.0.1")
    for name, said in (("ann", "is disabled already"), ("zoe", "was never added")):
        with pytest.raises(IdentityError, match=said):
            staffed.disable(name)
    assert [(person.name, person.disabled) for person in staffed.everyone()] == [("ann", True), ("bob", False)]
    assert ("operator", "person:disable") in acts(store)


def test_after_ten_failures_a_name_must_wait_even_with_the_right_password(staffed, store, clock):
    for n in range(10):
        with pytest.raises(IdentityError, match="do not belong together"):
            staffed.sign_in("ann", "wrong", f"10.0.0.{n}")
    recorded = len(acts(store))

    with pytest.raises(IdentityError, match="wait 15 minutes"):
        staffed.sign_in("ann", WORDS, "10.0.1.1")
    assert staffed.sign_in("bob", WORDS, "10.0.0.1")
    assert len(acts(store)) == recorded + 1
    clock.now += timedelta(minutes=15)
    assert staffed.sign_in("ann", WORDS, "10.0.0.1")


def test_after_thirty_failures_an_address_must_wait(staffed):
    for n in range(30):
        with pytest.raises(IdentityError, match="do not belong together"):
            staffed.sign_in(f"guess{n}", WORDS, "10.0.0.1")

    with pytest.raises(IdentityError, match="wait 15 minutes"):
        staffed.sign_in("ann", WORDS, "10.0.0.1")
    assert staffed.sign_in("ann", WORDS, "10.0.0.2")


def test_signing_in_is_no_failure(staffed):
    for _ in range(31):
        assert staffed.sign_in("ann", WORDS, "10.0.0.1")


def test_demonstration_people_stand_in_while_nobody_was_added(people):
    token = people.sign_in_demonstration("grace", "127.0.0.1")

    assert people.demonstration
    assert people.everyone() == list(DEMONSTRATION)
    assert people.who(token) == people.person("grace")
    with pytest.raises(IdentityError, match="nobody is called 'zoe'"):
        people.person("zoe")
    with pytest.raises(IdentityError, match="do not stand in"):
        people.sign_in_demonstration("zoe", "127.0.0.1")
    with pytest.raises(IdentityError, match="do not belong together"):
        people.sign_in("grace", "", "127.0.0.1")


def test_whoever_plays_a_demonstration_person_does_not_become_the_real_one(people):
    token = people.sign_in_demonstration("grace", "127.0.0.1")

    people.add("grace", "reviewer", (), WORDS)

    assert people.who(token) is None
    assert not people.demonstration
    with pytest.raises(IdentityError, match="do not stand in"):
        people.sign_in_demonstration("grace", "127.0.0.1")


def test_nobody_stands_in_where_it_is_not_allowed(store, clock):
    people = People(store, QuickPasswords(), demonstration=False, now=clock)

    assert people.everyone() == []
    with pytest.raises(IdentityError, match="nobody is called 'grace'"):
        people.person("grace")
    with pytest.raises(IdentityError, match="do not stand in"):
        people.sign_in_demonstration("grace", "127.0.0.1")


def test_a_disabled_person_does_not_bring_the_demonstration_people_back(staffed):
    staffed.disable("ann")
    staffed.disable("bob")

    assert not staffed.demonstration


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
