"""Guessing at passwords is slowed: by pair, by name for strangers, and never for a browser that signed in before."""

from datetime import timedelta

import pytest

from humphrey.accounts.model import Person
from humphrey.accounts.service import Accounts
from humphrey.errors import IdentityError, TooManyTries, WrongPassword
from humphrey.ledger import store as ledger_store

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
    people = Accounts(database, QuickPasswords(), demonstration=False, now=clock)
    for name in ("ann", "bob"):
        people.add(Person(name, ("official",)), WORDS)
    return people


def guess(people: Accounts, name: str, address: str, browser: str = "") -> int:
    """Try a wrong password; return the seconds to wait, 0 if it was looked at."""
    with pytest.raises(IdentityError) as refused:
        people.sign_in(name, "a wrong password", address, browser=browser)
    return refused.value.wait_s if isinstance(refused.value, TooManyTries) else 0


def seconds_until_in(people: Accounts, clock, name: str, address: str, browser: str = "") -> int:
    """Try the right password as often as humphrey says; return how long it took to get in."""
    began = clock.now
    for _ in range(10):
        try:
            people.sign_in(name, WORDS, address, browser=browser)
        except TooManyTries as early:
            clock.now += timedelta(seconds=early.wait_s)
        else:
            return int((clock.now - began).total_seconds())
    raise AssertionError("the right password never entered")


def test_wrong_passwords_slow_the_pair_of_name_and_address_more_and_more(people, clock):
    waits = []
    for _ in range(13):
        waits.append(guess(people, "ann", "10.0.0.1"))
        clock.now += timedelta(seconds=waits[-1])
        if waits[-1]:
            assert guess(people, "ann", "10.0.0.1") == 0, "what was said to wait is enough"

    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]
    assert people.sign_in("ann", WORDS, "10.0.0.2"), "another address waits for nothing"


def test_a_department_behind_one_address_is_not_locked_out(people, clock):
    for n in range(200):
        guess(people, f"made up {n}", "10.0.0.1")
        guess(people, "ann", "10.0.0.1")

    assert people.sign_in("bob", WORDS, "10.0.0.1")
    assert seconds_until_in(people, clock, "ann", "10.0.0.1") <= 60


def test_after_a_thousand_wrong_ones_from_elsewhere_the_right_one_enters_within_a_minute(people, clock):
    looked_at = sum(guess(people, "ann", f"10.0.{n // 250}.{n % 250}") == 0 for n in range(1000))

    assert looked_at == 30
    assert 0 < seconds_until_in(people, clock, "ann", "192.0.2.1") <= 60


def test_tries_from_elsewhere_do_not_put_off_the_turn_of_an_address(people, clock):
    for n in range(100):
        guess(people, "ann", f"10.0.0.{n}")
    for n in range(5):
        clock.now += timedelta(seconds=70)
        for address in range(100):
            guess(people, "ann", f"10.0.{n}.{address}")
    first = people_wait(people, "192.0.2.1")

    for _ in range(first):
        clock.now += timedelta(seconds=1)
        for n in range(40):
            guess(people, "ann", f"10.1.0.{n}")

    assert first == 60
    assert people.sign_in("ann", WORDS, "192.0.2.1")


def people_wait(people: Accounts, address: str) -> int:
    with pytest.raises(TooManyTries) as early:
        people.sign_in("ann", WORDS, address)
    return early.value.wait_s


def test_a_browser_that_signed_in_before_waits_for_nothing_that_others_did(people):
    browser = people.remember_browser(people.sign_in("ann", WORDS, "10.0.0.1"), "")
    for n in range(100):
        guess(people, "ann", f"10.0.0.{n}")

    assert guess(people, "ann", "10.0.0.1")
    assert people.sign_in("ann", WORDS, "10.0.0.1", browser=browser)
    with pytest.raises(TooManyTries):
        people.sign_in("ann", WORDS, "10.0.0.200", browser="a made-up secret")


def test_a_known_browser_is_slowed_by_its_own_wrong_passwords_and_is_known_to_nobody_else(people):
    browser = people.remember_browser(people.sign_in("bob", WORDS, "10.0.0.1"), "")

    assert [guess(people, "bob", f"10.0.0.{n}", browser) for n in range(6)] == [0, 0, 0, 0, 0, 1]
    for n in range(40):
        guess(people, "ann", f"10.0.0.{n}", browser)
    assert guess(people, "ann", "10.0.0.99", browser) > 0


def test_a_browsers_secret_changes_at_each_sign_in_and_its_people_stay(people, database):
    first = people.remember_browser(people.sign_in("ann", WORDS, "10.0.0.1"), "")
    second = people.remember_browser(people.sign_in("bob", WORDS, "10.0.0.1"), first)
    for name in ("ann", "bob"):
        for n in range(40):
            guess(people, name, f"10.0.0.{n}")

    assert people.sign_in("ann", WORDS, "10.0.0.1", browser=second)
    assert people.sign_in("bob", WORDS, "10.0.0.1", browser=second)
    with pytest.raises(TooManyTries):
        people.sign_in("ann", WORDS, "10.0.0.1", browser=first)


@pytest.mark.parametrize("act", ["another person gives a password", "disabled and enabled"])
def test_browsers_are_forgotten_when_an_account_is_taken_back(people, act):
    people.add(Person("sue", ("administrator",)), WORDS)
    browser = people.remember_browser(people.sign_in("ann", WORDS, "10.0.0.1"), "")
    if act == "disabled and enabled":
        people.disable("ann", "sue")
        people.enable("ann", "sue")
    else:
        people.set_password("ann", WORDS, "sue")
    for n in range(40):
        guess(people, "ann", f"10.0.0.{n}")

    with pytest.raises(TooManyTries):
        people.sign_in("ann", WORDS, "10.0.0.1", browser=browser)


def test_guesses_leave_little_on_the_record(people, database):
    told = []
    for n in range(1000):
        with pytest.raises(IdentityError) as refused:
            people.sign_in(f"made up {n}", "x", "10.0.0.1")
        told.append(isinstance(refused.value, WrongPassword) and refused.value.entered)

    assert told == [True] * 30 + [False] * 970
    assert sum(entry.act == "session:refused" for entry in ledger_store.entries(database)) == 30


def test_a_signed_in_person_changes_their_password_while_others_guess_at_it(people):
    token = people.sign_in("ann", WORDS, "10.0.0.1")
    for n in range(100):
        guess(people, "ann", f"10.0.0.{n % 7}")

    people.change_password(token, WORDS, "other words altogether")

    for _ in range(5):
        with pytest.raises(IdentityError, match="the current password is wrong"):
            people.change_password(token, WORDS, "further words of mine")
    with pytest.raises(TooManyTries):
        people.change_password(token, "other words altogether", "further words of mine")


def test_a_name_and_an_unknown_name_are_slowed_alike(people):
    for name in ("ann", "nobody"):
        assert [guess(people, name, "10.0.0.1") for _ in range(7)] == [0, 0, 0, 0, 0, 1, 1]


def test_an_old_password_opens_no_session_and_comes_back_with_none_after_it_was_changed_in_the_same_moment(
    database, clock
):
    class ChangedMeanwhile(QuickPasswords):
        """Passwords to be hashed again, of which an administrator changes one just after it was found right."""

        def needs_rehash(self, hashed: str) -> bool:
            people.set_password("ann", "another four random words", by="bob")
            return True

    people = Accounts(database, QuickPasswords(), demonstration=False, now=clock)
    people.add(Person("ann", ("official",)), WORDS)
    people.add(Person("bob", ("administrator",)), WORDS)
    late = Accounts(database, ChangedMeanwhile(), demonstration=False, now=clock)

    with pytest.raises(WrongPassword, match="changed a moment ago"):
        late.sign_in("ann", WORDS, "10.0.0.1")

    with pytest.raises(WrongPassword):
        people.sign_in("ann", WORDS, "10.0.0.1")
    assert people.sign_in("ann", "another four random words", "10.0.0.1")
