"""What an identity provider says of people, and what that makes of them here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from humphrey.core.people import Role
from humphrey.errors import NotVouched

Claims = Mapping[str, Any]
"""What a provider says of one person, as OpenID Connect names it (OpenID Connect Core 1.0, sections 2 and 5.1)."""


@dataclass(frozen=True)
class Asked:
    """One sign-in as it is asked of the provider; its answer must fit every part.

    Args:
        redirect: the address of ours that the browser is sent back to.
        state: comes back with the browser.
        nonce: comes back inside what the provider signs.
        verifier: proves that whoever redeems the code is whoever asked for it (RFC 7636).
    """

    redirect: str
    state: str
    nonce: str
    verifier: str


class Provider(Protocol):
    """Knows who people are."""

    def address(self, asked: Asked) -> str:
        """Where the browser is sent to sign in.

        Raises:
            NotVouched: the provider cannot be asked.
        """

    def claims(self, code: str, asked: Asked) -> Claims:
        """What it says of whoever brought that code back, each part of it checked.

        Raises:
            NotVouched: it says nothing that can be believed, or cannot be asked.
        """


@dataclass(frozen=True)
class Vouched:
    """Somebody as the provider knows them; roles and groups are None where it has no say in them."""

    identity: str
    name: str
    email: str
    roles: tuple[Role, ...] | None
    groups: tuple[str, ...] | None


@dataclass(frozen=True)
class Rules:
    """How claims are read.

    Args:
        identity: the claim that tells people apart for good.
        name: the claim that the record will call them by.
        memberships: the claim that lists the groups they are in at the provider.
        roles: the role that each of those gives; empty where administrators give roles.
        groups: the group here that each of those stands for; empty where administrators put people into groups.
    """

    identity: str = "sub"
    name: str = "preferred_username"
    memberships: str = "groups"
    roles: Mapping[str, Role] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)

    def read(self, claims: Claims) -> Vouched:
        """Somebody as their claims say.

        Raises:
            NotVouched: the claim that tells people apart is missing, or is an address that nobody verified.
        """
        identity = _word(claims, self.identity)
        if not identity:
            raise NotVouched(
                f"your account says nothing under {self.identity!r}; whoever runs humphrey must set another claim",
                "no identity",
            )
        # Anybody could write somebody else's address into an account of their own.
        if self.identity == "email" and claims.get("email_verified") is not True:
            raise NotVouched("the e-mail address of your account is not verified; verify it there first", "unverified")
        member = _words(claims.get(self.memberships))
        return Vouched(
            identity,
            _word(claims, self.name) or identity,
            _word(claims, "email") if claims.get("email_verified") is True else "",
            _given(self.roles, member) if self.roles else None,
            _given(self.groups, member) if self.groups else None,
        )


def _given(given_by: Mapping[str, Any], member: Sequence[str]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(given_by[each] for each in member if each in given_by))


def _word(claims: Claims, name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""


def _words(value: object) -> Sequence[str]:
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
