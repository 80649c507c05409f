"""A reviewer whose account an author made or changed lately, or who may be the author, does not decide."""

from dataclasses import replace
from datetime import timedelta

import pytest

from humphrey.accounts.model import Person
from humphrey.accounts.service import Accounts
from humphrey.clearance.independence import Independence
from humphrey.clearance.notifications.model import sentence
from humphrey.errors import NotIndependent, NotOnRecord
from humphrey.ledger import store as ledger_store
from tests.support.services import Desk, desk_on, question

WORDS = "three random words"


OTHER_WORDS = "further words entirely"


class QuickPasswords:
    """The passwords themselves in place of hashes, which cost time and are not the matter here."""

    def hash(self, password: str) -> str:
        return f"hash of {password}"

    def verify(self, password: str, hashed: str | None) -> bool:
        return hashed == f"hash of {password}"

    def needs_rehash(self, hashed: str) -> bool:
        return False


class RenewingPasswords(QuickPasswords):
    """Passwords that are hashed again at each sign-in."""

    def needs_rehash(self, hashed: str) -> bool:
        return True


BOTH = ("OFFICIAL", "OFFICIAL-SENSITIVE")


MONTH = timedelta(days=30)


@pytest.fixture
def office(database, clock) -> Desk:
    """A department of old: everybody was added long ago. Sue and sam are administrators who may also clear."""
    desk = desk_on(database, clock)
    people = Accounts(database, QuickPasswords(), demonstration=False, now=clock)
    clock.now -= timedelta(days=90)
    for name in ("sue", "sam"):
        people.add(Person(name, ("administrator", "reviewer")), WORDS)
    for name in ("grace", "david"):
        people.add(Person(name, ("reviewer",), email=f"{name}@example.org", identity=f"id of {name}"), WORDS)
    people.add(Person("amina", ("official",), email="amina@example.org", identity="id of amina"), WORDS)
    people.add(Person("iris", ("auditor",)), WORDS)
    clock.now += timedelta(days=90)
    return replace(desk, people=people)


def draft_of(office: Desk, author: str) -> tuple[str, str]:
    review = office.clearance.take(question(asked_by=author))
    return review.id, review.draft.digest


def refusal(office: Desk, author: str, reviewer: str) -> str:
    """Let an author send a draft and a reviewer approve it; return why that was refused, empty if it was not."""
    review, digest = draft_of(office, author)
    try:
        office.clearance.decide(review, "approve", reviewer, digest)
    except NotIndependent as error:
        assert office.clearance.review(review).state == "open"
        return str(error)
    return ""


CHANGES = {
    "the password": lambda people, by: people.set_password("grace", OTHER_WORDS, by),
    "the roles": lambda people, by: people.change("grace", lambda g: replace(g, roles=("reviewer", "analyst")), by),
    "the groups": lambda people, by: people.change("grace", lambda g: replace(g, groups=("hr",)), by),
    "the kinds": lambda people, by: people.change("grace", lambda g: replace(g, kinds=("answer",)), by),
    "the markings": lambda people, by: people.change("grace", lambda g: replace(g, markings=BOTH), by),
    "the address": lambda people, by: people.change("grace", lambda g: replace(g, email="g@example.org"), by),
    "the identity": lambda people, by: people.change("grace", lambda g: replace(g, identity="another"), by),
    "disabled and enabled": lambda people, by: (people.disable("grace", by), people.enable("grace", by)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_author_who_changed_the_reviewers_account_has_another_reviewer(office, clock, what):
    CHANGES[what](office.people, "sue")

    assert "sue" in refusal(office, "sue", "grace")
    assert refusal(office, "amina", "grace") == "", "for the drafts of others nothing changes"
    assert refusal(office, "sue", "david") == ""
    clock.now += MONTH
    assert refusal(office, "sue", "grace") == ""


def test_the_author_who_added_the_reviewer_has_another_reviewer(office, clock):
    office.people.add(Person("second", ("reviewer",)), WORDS, "sue")

    said = refusal(office, "sue", "second")

    assert "sue added the account second" in said
    assert "for 30 days another reviewer must decide" in said
    clock.now += MONTH - timedelta(seconds=1)
    assert refusal(office, "sue", "second")
    clock.now += timedelta(seconds=1)
    assert refusal(office, "sue", "second") == ""


def test_a_reviewer_who_could_act_as_the_author_does_not_decide(office):
    office.people.set_password("amina", OTHER_WORDS, "sue")

    assert "sue changed the password of amina" in refusal(office, "amina", "sue")
    assert refusal(office, "amina", "grace") == ""


def test_who_only_granted_something_to_the_author_may_decide(office):
    office.people.change("amina", lambda amina: replace(amina, groups=("hr",)), "sue")

    assert refusal(office, "amina", "sue") == ""


def test_what_an_account_did_while_an_author_could_act_as_it_is_the_authors(office):
    office.people.set_password("sam", OTHER_WORDS, "sue")
    office.people.add(Person("third", ("reviewer",)), WORDS, "sam")

    assert "sam added the account third" in refusal(office, "sue", "third")


def test_what_an_account_did_before_an_author_could_act_as_it_is_its_own(office, clock):
    office.people.add(Person("third", ("reviewer",)), WORDS, "sam")
    clock.now += timedelta(days=1)
    office.people.set_password("sam", OTHER_WORDS, "sue")

    assert refusal(office, "sue", "third") == ""


def test_a_person_who_amended_the_draft_counts_as_an_author_of_it(office):
    office.people.set_password("grace", OTHER_WORDS, "sam")
    review, _digest = draft_of(office, "amina")
    amended = office.clearance.amend(review, "Other words [1].", "sam")

    with pytest.raises(NotIndependent, match="sam changed the password of grace"):
        office.clearance.decide(review, "approve", "grace", amended.draft.digest)
    for verdict in ("return", "refuse"):
        with pytest.raises(NotIndependent):
            office.clearance.decide(review, verdict, "grace", amended.draft.digest, "no")


def test_ones_own_password_and_deputies_count_for_nothing(office):
    token = office.people.sign_in("grace", WORDS, "10.0.0.1")
    office.people.change_password(token, WORDS, OTHER_WORDS)
    office.people.change("grace", lambda grace: replace(grace, deputies=("david",)), "sue")

    assert refusal(office, "sue", "grace") == ""


def test_a_password_that_is_hashed_again_when_its_person_signs_in_counts_for_nothing(office, database, clock):
    renewing = Accounts(database, RenewingPasswords(), demonstration=False, now=clock)
    for name in ("grace", "amina"):
        renewing.sign_in(name, WORDS, "10.0.0.1")
    review, _digest = draft_of(office, "amina")

    assert office.clearance.independence(office.clearance.review(review), "grace") == Independence()
    assert refusal(office, "amina", "grace") == ""


FORGERIES = {
    "another actor": "UPDATE ledger SET actor = 'operator' WHERE act = 'person:change'",
    "another subject": "UPDATE ledger SET subject = 'david' WHERE act = 'person:change'",
    "another change": "UPDATE ledger SET detail = '{\"changed\":\"deputies\"}' WHERE act = 'person:change'",
    "no signature": "UPDATE ledger SET signature = '' WHERE act = 'person:change'",
    "another seal": "UPDATE ledger SET seal = 'sha256:forged' WHERE act = 'person:change'",
}


@pytest.mark.parametrize("what", FORGERIES)
def test_nobody_decides_by_an_entry_about_accounts_that_is_not_as_it_was_signed(office, database, what):
    office.people.set_password("grace", OTHER_WORDS, "sue")
    review, digest = draft_of(office, "sue")
    with database.writing() as connection:
        assert connection.exec_driver_sql(FORGERIES[what]).rowcount == 1

    with pytest.raises(NotOnRecord, match=r"entry \d+, about the account \w+, is not signed"):
        office.clearance.decide(review, "approve", "grace", digest)

    assert office.clearance.review(review).state == "open"


@pytest.mark.parametrize("field", ["identity", "email"])
def test_two_accounts_that_one_person_signs_in_to_do_not_write_and_clear(office, field):
    theirs = {"identity": "id of amina", "email": "AMINA@example.org"}[field]
    office.people.change("amina", lambda amina: replace(amina, **{field: ""}), "sam")
    assert refusal(office, "amina", "grace") == ""
    office.people.change("amina", lambda amina: replace(amina, **{field: theirs.lower()}), "sam")
    office.people.change("amina", lambda amina: replace(amina, **{field: ""}), "sam")

    office.people.change("grace", lambda grace: replace(grace, **{field: theirs}), "sam")

    assert "grace and amina have or had one" in refusal(office, "amina", "grace")


def test_the_reviewer_and_the_auditors_are_told_once_and_the_attempt_is_on_the_record(office, database, notices):
    office.people.add(Person("second", ("reviewer",)), WORDS, "sue")
    review, digest = draft_of(office, "sue")

    for _ in range(3):
        with pytest.raises(NotIndependent):
            office.clearance.decide(review, "approve", "second", digest)

    for name in ("second", "iris"):
        [told] = notices.of(name)
        assert told.review == review
        assert sentence(told).startswith("A decision on draft H26-00001 by second was refused")
    assert notices.of("sue") == []
    tried = [entry for entry in ledger_store.entries(database, review) if entry.act == "act:refused"]
    assert [(entry.actor, entry.detail["why"]) for entry in tried] == [("second", "NotIndependent")] * 3


def test_changes_by_the_operator_refuse_nobody_and_are_named(office):
    office.people.set_password("grace", OTHER_WORDS)
    office.people.change("amina", lambda amina: replace(amina, groups=("hr",)))
    review, _digest = draft_of(office, "amina")

    found = office.clearance.independence(office.clearance.review(review), "grace")

    assert found.against == ()
    assert [said.partition(" at 1")[0] for said in found.named] == [
        "the operator at the machine changed the password of grace",
        "the operator at the machine changed the groups of amina",
    ]
    assert refusal(office, "amina", "grace") == ""


def test_a_third_person_who_could_act_as_both_is_named(office):
    office.people.set_password("grace", OTHER_WORDS, "sam")
    office.people.set_password("amina", OTHER_WORDS, "sam")
    review, _digest = draft_of(office, "amina")

    found = office.clearance.independence(office.clearance.review(review), "grace")

    assert found.against == ()
    assert [said.partition(" at 1")[0] for said in found.named] == [
        "sam changed the password of grace",
        "sam changed the password of amina",
    ]
