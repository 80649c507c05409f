"""New passwords are long enough and not among the first that are guessed; older ones still sign in."""

import pytest

from humphrey.accounts import store as account_store
from humphrey.accounts.model import Person
from humphrey.accounts.password_rules import validate_password
from humphrey.accounts.passwords import Argon2Passwords
from humphrey.accounts.service import Accounts
from humphrey.errors import IdentityError

ANN = Person("ann bellamy", ("official",), email="a.bellamy@dept.example")


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password123!",
        "P@ssw0rd1234",
        "123456789012",
        "aaaaaaaaaaaa",
        "abcdefghijkl",
        "qwertyuiop12",
        "letmeinletmein",
        "iloveyou1234",
        "ann bellamy 1",
        "AnnBellamy123",
        "a.bellamy@dept.example",
        "humphreyhumphrey",
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password):
    with pytest.raises(IdentityError, match="is one of those that are guessed first"):
        validate_password(password, ANN)


@pytest.mark.parametrize(("length", "said"), [(0, "has 0 char"), (11, "has 11 characters; use 12"), (201, "to 200")])
def test_a_password_that_is_too_short_or_too_long_is_refused(length, said):
    with pytest.raises(IdentityError, match=said):
        validate_password(("x7#kQ!pz" * 26)[:length], ANN)


@pytest.mark.parametrize(
    "password", ["three random words", "x7#kQ!pz0vR2", "plimsoll otter quay", "گذرواژه\u200cی بلند من", "x7#kQ!pz" * 25]
)
def test_a_password_of_twelve_characters_that_nobody_guesses_is_taken(password):
    validate_password(password, ANN)


def test_an_older_shorter_password_still_signs_in(database, clock):
    passwords = Argon2Passwords()
    people = Accounts(database, passwords, demonstration=False, now=clock)
    with database.transaction() as tx:
        account_store.add_person(tx, ANN, passwords.hash("hunter22"), clock.now)

    assert people.visitor(people.sign_in(ANN.name, "hunter22", "10.0.0.1")) == ANN
