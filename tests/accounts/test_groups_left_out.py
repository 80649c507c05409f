"""A provider that leaves out an over-long list of groups takes nothing away and gives nothing."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from humphrey.accounts.identity_provider import AuthenticationRequest, ClaimMapping
from humphrey.accounts.model import Person
from humphrey.accounts.oidc.sign_in import OidcSignIn
from humphrey.accounts.service import Accounts
from humphrey.errors import IdentityProviderError
from humphrey.ledger import store as ledger_store

BACK = "https://humphrey.example/back"


LEFT_OUT: dict[str, dict[str, Any]] = {
    "named elsewhere": {
        "_claim_names": {"groups": "there"},
        "_claim_sources": {"there": {"endpoint": "https://id.example/people/9/groups"}},
    },
    "hinted at in words": {"hasgroups": "true"},
    "hinted at": {"hasgroups": True},
    "some here and the rest elsewhere": {"groups": ["g-legal"], "_claim_names": {"groups": "there"}},
    "in another form": {"groups": {"count": 412}},
}


MAPPINGS = {
    "roles": ClaimMapping(roles={"g-clears": "reviewer"}),
    "groups": ClaimMapping(groups={"g-legal": "legal", "g-press": "press"}),
    "both": ClaimMapping(roles={"g-clears": "reviewer"}, groups={"g-legal": "legal"}),
}


@dataclass
class Provider:
    """A provider that says what a test has it say."""

    said: dict[str, Any] = field(default_factory=dict)
    states: list[str] = field(default_factory=list)

    def address(self, asked: AuthenticationRequest) -> str:
        self.states.append(asked.state)
        return "https://id.example/authorize"

    def claims(self, code: str, asked: AuthenticationRequest) -> dict[str, Any]:
        return {"sub": "9", "preferred_username": "ines"} | self.said


class NoPasswords:
    """Nobody has a password here."""

    def hash(self, password: str) -> str:
        return password

    def verify(self, password: str, hashed: str | None) -> bool:
        return False

    def needs_rehash(self, hashed: str) -> bool:
        return False


@pytest.fixture
def people(database, clock) -> Accounts:
    people = Accounts(database, NoPasswords(), demonstration=False, now=clock)
    people.add(Person("ines", ("reviewer",), ("press",), identity="9"))
    return people


def signed_in(people: Accounts, database, clock, rules: ClaimMapping, said: dict[str, Any]) -> str:
    provider = Provider(said)
    sign_in = OidcSignIn(people, database, provider, rules, "Example", now=clock)
    browser = sign_in.begin(BACK, "/ask", "10.0.0.1").secret
    return sign_in.finish(BACK, provider.states[-1], "code", browser).secret


@pytest.mark.parametrize("rules", MAPPINGS)
@pytest.mark.parametrize("said", LEFT_OUT)
def test_a_list_that_was_left_out_is_said_and_changes_nothing(people, database, clock, rules, said):
    open_session, before = people.sign_in_through_provider("ines"), people.person("ines")

    with pytest.raises(IdentityProviderError, match="left the list of your groups out") as refused:
        signed_in(people, database, clock, MAPPINGS[rules], LEFT_OUT[said])

    assert "send only the groups of this application" in str(refused.value)
    assert people.person("ines") == before
    assert people.signed_in_person(open_session) == before
    entry = list(ledger_store.entries(database))[-1]
    assert (entry.act, entry.detail) == ("session:refused", {"why": "groups left out"})


@pytest.mark.parametrize("said", [{}, {"groups": []}, {"groups": None}, {"hasgroups": "false"}, {"groups": "other"}])
def test_no_groups_at_the_provider_are_none_here(people, database, clock, said):
    assert signed_in(people, database, clock, MAPPINGS["groups"], said)

    assert people.person("ines").groups == ()


@pytest.mark.parametrize("said", LEFT_OUT)
def test_where_the_provider_decides_neither_roles_nor_groups_its_list_does_not_matter(people, database, clock, said):
    before = people.person("ines")

    assert signed_in(people, database, clock, ClaimMapping(), LEFT_OUT[said])
    assert people.person("ines") == before


def test_other_claims_may_be_elsewhere(people, database, clock):
    said = {"groups": ["g-legal"], "_claim_names": {"photo": "there"}}

    assert signed_in(people, database, clock, MAPPINGS["groups"], said)
    assert people.person("ines").groups == ("legal",)
