"""Who changes people: administrators and the operator, never themselves, and never the last administrator away."""

from dataclasses import replace

import pytest

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may, may_clear
from humphrey.accounts.service import Accounts
from humphrey.errors import IdentityError, NotPermitted
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from tests.accounts.test_account_service import WORDS, QuickPasswords


@pytest.fixture
def people(database, clock) -> Accounts:
    people = Accounts(database, QuickPasswords(), demonstration=True, kinds=("answer", "minute"), now=clock)
    people.add(Person("sue", ("administrator",)), WORDS)
    people.add(Person("ann", ("official",)), WORDS)
    return people


def latest(database):
    assert first_broken(ledger_store.entries(database)) is None
    return list(ledger_store.entries(database))[-1]


def test_a_grant_is_kept_used_and_on_the_record_by_the_names_of_its_fields(people, database):
    granted = people.change(
        "ann", lambda ann: replace(ann, roles=("reviewer",), kinds=("minute",), deputies=("sue",)), "sue"
    )

    assert people.person("ann") == granted
    assert may_clear(granted, "minute", "OFFICIAL")
    assert not may_clear(granted, "minute", "OFFICIAL-SENSITIVE")
    assert not may_clear(granted, "answer", "OFFICIAL")
    entry = latest(database)
    assert (entry.actor, entry.act, entry.subject) == ("sue", "person:change", "ann")
    assert (entry.detail["changed"], entry.detail["roles"]) == ("roles kinds deputies", "reviewer")
    assert entry.detail["digest"].startswith("sha256:")


def test_a_change_that_changes_nothing_leaves_no_entry(people, database):
    before = latest(database)

    people.change("ann", lambda ann: ann, "sue")

    assert latest(database) == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"roles": ()}, "an account needs a role"),
        ({"roles": ("king",)}, "there is no role 'king'; choose one of official, reviewer"),
        ({"kinds": ("poem",)}, "there is no kind of paper 'poem'; choose one of answer, minute"),
        ({"markings": ("SECRET",)}, "no classification 'SECRET'"),
        ({"email": "ann@example.org\nBcc: x@example.org"}, "no e-mail address"),
        ({"deputies": ("zoe",)}, "'zoe' cannot be a deputy of ann"),
        ({"deputies": ("ann",)}, "'ann' cannot be a deputy of ann"),
        ({"identity": "a\x00b"}, "identity .* is not valid"),
        ({"groups": ("attached:1",)}, "reserved for files"),
        ({"groups": ("x" * 101,)}, "at most 50 groups"),
    ],
)
def test_what_will_not_do_is_refused_with_the_reason_and_nothing_changes(people, database, change, said):
    before = people.person("ann")

    with pytest.raises(IdentityError, match=said):
        people.change("ann", lambda ann: replace(ann, **change), "sue")

    assert people.person("ann") == before
    assert (latest(database).actor, latest(database).act) == ("sue", "act:refused")


@pytest.mark.parametrize("by", ["ann", "zoe"])
def test_only_an_administrator_changes_people(people, database, by):
    tries = (
        lambda: people.add(Person("eve", ("official",)), WORDS, by),
        lambda: people.change("sue", lambda sue: replace(sue, roles=("official",)), by),
        lambda: people.disable("sue", by),
        lambda: people.set_password("sue", "other words altogether", by),
    )
    before = people.everyone()

    for attempt in tries:
        with pytest.raises((NotPermitted, IdentityError)):
            attempt()
        assert (latest(database).actor, latest(database).act) == (by, "act:refused")

    assert people.everyone() == before
    assert people.sign_in("sue", WORDS, "127.0.0.1")


@pytest.mark.parametrize(
    "change",
    [
        {"roles": ("administrator", "reviewer")},
        {"groups": ("hr",)},
        {"kinds": ("minute",)},
        {"markings": ("OFFICIAL", "OFFICIAL-SENSITIVE")},
        {"identity": "https://id.example 7"},
        {"disabled": True},
    ],
)
def test_nobody_changes_what_they_may_do_themselves(people, database, change):
    people.add(Person("sam", ("administrator",)), WORDS)

    with pytest.raises(NotPermitted, match="another administrator can change sue"):
        people.change("sue", lambda sue: replace(sue, **change), "sue")

    assert latest(database).act == "act:refused"
    assert people.change("sue", lambda sue: replace(sue, email="sue@example.org"), "sue").email == "sue@example.org"
    assert people.change("sue", lambda sue: replace(sue, **change), "sam")


def test_the_last_administrator_can_neither_be_disabled_nor_made_something_else(people):
    for change in (lambda: people.disable("sue"), lambda: people.change("sue", _official)):
        with pytest.raises(IdentityError, match="sue is the only administrator"):
            change()

    people.add(Person("sam", ("administrator",)), WORDS)
    people.disable("sue")
    with pytest.raises(IdentityError, match="sam is the only administrator"):
        people.disable("sam")


def _official(person: Person) -> Person:
    return replace(person, roles=("official",))


def test_a_disabled_person_can_be_enabled_and_signs_in_anew(people, database):
    token = people.sign_in("ann", WORDS, "127.0.0.1")
    people.disable("ann", "sue")

    assert not people.enable("ann", "sue").disabled

    assert people.signed_in_person(token) is None
    assert people.signed_in_person(people.sign_in("ann", WORDS, "127.0.0.1")) == people.person("ann")
    with pytest.raises(IdentityError, match="enabled already"):
        people.enable("ann", "sue")


def test_a_demonstration_administrator_adds_the_first_administrator_and_changes_nobody(database, clock):
    people = Accounts(database, QuickPasswords(), demonstration=True, now=clock)
    assert may(people.person("sam"), "administer")

    for act in (
        lambda: people.add(Person("eve", ("reviewer",)), WORDS, "sam"),
        lambda: people.disable("tom", "sam"),
        lambda: people.set_password("tom", WORDS, "sam"),
    ):
        with pytest.raises(NotPermitted, match="begin with an account that has the role administrator"):
            act()
    with pytest.raises(NotPermitted):
        people.add(Person("eve", ("administrator",)), WORDS, "tom")
    assert people.demonstration

    people.add(Person("eve", ("administrator",)), WORDS, "sam")

    assert not people.demonstration
    assert (latest(database).actor, latest(database).act, latest(database).subject) == ("sam", "person:add", "eve")
    assert people.must_change_password(people.sign_in("eve", WORDS, "127.0.0.1"))
    with pytest.raises(IdentityError, match="there is no account 'sam'"):
        people.add(Person("mal", ("administrator",)), WORDS, "sam")


def test_a_person_changes_their_own_password_and_is_signed_out_elsewhere(people, database):
    here, there = (people.sign_in("ann", WORDS, "127.0.0.1") for _ in range(2))

    with pytest.raises(IdentityError, match="the current password is wrong"):
        people.change_password(here, "wrong words here", "other words altogether")
    with pytest.raises(IdentityError, match="the password has 5 characters"):
        people.change_password(here, WORDS, "short")
    people.change_password(here, WORDS, "other words altogether")

    assert people.signed_in_person(here)
    assert people.signed_in_person(there) is None
    assert (latest(database).act, latest(database).actor) in {("session:refused", "unknown"), ("person:change", "ann")}
    with pytest.raises(IdentityError, match="wrong name or password"):
        people.sign_in("ann", WORDS, "127.0.0.1")
    assert people.sign_in("ann", "other words altogether", "127.0.0.1")


def test_a_password_that_an_administrator_gives_ends_every_sign_in_of_that_person(people):
    token = people.sign_in("ann", WORDS, "127.0.0.1")

    people.set_password("ann", "other words altogether", "sue")

    assert people.signed_in_person(token) is None
    assert people.sign_in("ann", "other words altogether", "127.0.0.1")


def test_a_person_granted_a_kind_that_is_no_more_can_be_disabled_all_the_same(people, database, clock):
    people.change("ann", lambda ann: replace(ann, roles=("reviewer",), kinds=("minute",)), "sue")
    later = Accounts(database, QuickPasswords(), demonstration=True, kinds=("answer",), now=clock)

    assert later.disable("ann", "sue").disabled
    assert latest(database).act == "person:disable"
    with pytest.raises(IdentityError, match="minute"):
        later.change("ann", lambda ann: replace(ann, email="ann@example.org"), "sue")
