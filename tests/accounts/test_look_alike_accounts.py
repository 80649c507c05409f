"""One person, one name and one e-mail address: no account looks like another, by whichever way it comes."""

from dataclasses import replace

import pytest

from humphrey.accounts import store as account_store
from humphrey.accounts.identity_provider import ProviderClaims
from humphrey.accounts.model import Person
from humphrey.accounts.service import Accounts
from humphrey.accounts.validation import account_faults
from humphrey.errors import IdentityError
from tests.accounts.test_account_service import WORDS, QuickPasswords


@pytest.fixture
def people(database, clock) -> Accounts:
    people = Accounts(database, QuickPasswords(), demonstration=False, now=clock)
    people.add(Person("sue", ("administrator",)), WORDS)
    people.add(Person("Iris Tom", ("official",), email="iris@example.org"), WORDS)
    return people


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sue\u2800", r"\[U\+2800 braille pattern blank\], which cannot be seen"),
        ("s\u034fue", r"\[U\+034F combining grapheme joiner\], which cannot be seen"),
        ("sue\ufe0f", "cannot be seen"),
        ("ѕue", "mixes letters or digits of several scripts"),
        ("ан x", "mixes letters or digits of several scripts"),
        ("sue 1२", "mixes letters or digits of several scripts"),
        ("ѕоѕ", None),
        ("lris Tom", "looks like that of the account 'Iris Tom'"),
        ("Iris Torn", "looks like that of the account 'Iris Tom'"),
        ("iris torn", "looks like that of the account 'Iris Tom'"),
        ("IRIS TOM", "is taken"),
    ],
)
def test_a_name_that_is_not_what_it_seems_is_refused(people, name, said):
    new = Person(name, ("reviewer",))
    claims = ProviderClaims("subject-1", name, "", ("reviewer",), None)
    if said is None:
        assert people.add(new, WORDS) == new
        return

    with pytest.raises(IdentityError, match=said):
        people.add(new, WORDS)
    with pytest.raises(IdentityError, match=said):
        people.apply_provider_claims(None, claims)

    assert len(people.everyone()) == 2


@pytest.mark.parametrize("email", ["iris@example.org", "IRIS@Example.ORG"])
def test_one_address_belongs_to_one_person(people, email):
    said = "is that of the account Iris Tom; one address belongs to one person"
    claims = ProviderClaims("subject-1", "ann", email, ("official",), None)

    with pytest.raises(IdentityError, match=said):
        people.add(Person("ann", ("official",), email=email), WORDS)
    with pytest.raises(IdentityError, match=said):
        people.change("sue", lambda sue: replace(sue, email=email))
    with pytest.raises(IdentityError, match=said):
        people.apply_provider_claims(None, claims)

    people.change("Iris Tom", lambda iris: replace(iris, email="Iris@example.org"))
    assert people.person("Iris Tom").email == "Iris@example.org"


def test_names_that_differ_to_the_eye_are_taken(people):
    for name in ("Ian", "Lan", "José", "Jose", "Ναταλία", "சுந்தர்", "李 明", "O’Neil-Smith"):
        people.add(Person(name, ("official",)), WORDS)

    assert len(people.everyone()) == 10


def test_accounts_of_before_the_rule_stay_as_they_are_and_are_named(people, database, clock):
    with database.transaction() as tx:
        account_store.add_person(tx, Person("ѕue", ("reviewer",), email="Iris@EXAMPLE.org"), "", clock())

    changed = people.change("ѕue", lambda person: replace(person, groups=("trade",)))

    assert changed.groups == ("trade",)
    assert list(account_faults(people.everyone())) == [
        "the name 'ѕue' mixes letters or digits of several scripts; write it in one",
        "the names 'sue' and 'ѕue' look the same; disable one of the two accounts",
        "Iris Tom and ѕue have one e-mail address, iris@example.org; give one of them another",
    ]
