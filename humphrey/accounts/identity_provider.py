"""The identity provider (OpenID Connect): its claims about a person, and the name, roles and groups they give here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from humphrey.accounts.model import Role
from humphrey.errors import IdentityProviderError

Claims = Mapping[str, Any]
"""The claims of a provider about one person (OpenID Connect Core 1.0, sections 2 and 5.1)."""


@dataclass(frozen=True)
class AuthenticationRequest:
    """One authentication request; the provider's answer must match every part of it.

    Args:
        redirect: humphrey's address to which the browser is sent back.
        state: value that the browser brings back.
        nonce: value that the provider signs in the ID token.
        verifier: proof that the redeemer of the code made the request (PKCE, RFC 7636).
    """

    redirect: str
    state: str
    nonce: str
    verifier: str


class IdentityProvider(Protocol):
    """An identity provider."""

    def address(self, asked: AuthenticationRequest) -> str:
        """Return the address to which the browser is sent to sign in.

        Raises:
            IdentityProviderError: the provider cannot be reached.
        """

    def claims(self, code: str, asked: AuthenticationRequest) -> Claims:
        """Return the verified claims about the person who brought back a code.

        Raises:
            IdentityProviderError: the provider cannot be reached, or its answer is not valid.
        """


@dataclass(frozen=True)
class ProviderClaims:
    """A person as the provider describes them; roles or groups are None if the provider does not decide them."""

    identity: str
    name: str
    email: str
    roles: tuple[Role, ...] | None
    groups: tuple[str, ...] | None


@dataclass(frozen=True)
class ClaimMapping:
    """The mapping from claims to a person.

    Args:
        identity: the claim with the permanent identifier of a person.
        name: the claim with the name that the record uses.
        memberships: the claim that lists a person's groups at the provider.
        roles: the role that each of those groups gives; empty if administrators give roles.
        groups: humphrey's group for each of those groups; empty if administrators assign groups.
    """

    identity: str = "sub"
    name: str = "preferred_username"
    memberships: str = "groups"
    roles: Mapping[str, Role] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)

    def read(self, claims: Claims) -> ProviderClaims:
        """Return the person that the claims describe.

        Raises:
            IdentityProviderError: the identity claim is missing, or is an e-mail address that the provider has not
                verified; or the provider left out the groups, which decide roles or groups here.
        """
        identity = _word(claims, self.identity)
        if not identity:
            raise IdentityProviderError(
                f"your account at the identity provider has no {self.identity!r}; "
                "the humphrey administrator must set another claim",
                "no identity",
            )
        # An unverified address may belong to another person: anybody can enter one in their own account.
        if self.identity == "email" and claims.get("email_verified") is not True:
            raise IdentityProviderError(
                "the e-mail address of your account is not verified; verify it there first", "unverified"
            )
        if (self.roles or self.groups) and _left_out(claims, self.memberships):
            raise IdentityProviderError(
                "the identity provider left the list of your groups out of its answer, because it is too long or has "
                "another form; your groups here stay as they were; ask the people who manage it to send only the "
                "groups of this application",
                "groups left out",
            )
        member = _words(claims.get(self.memberships))
        return ProviderClaims(
            identity,
            _word(claims, self.name) or identity,
            _word(claims, "email") if claims.get("email_verified") is True else "",
            _given(self.roles, member) if self.roles else None,
            _given(self.groups, member) if self.groups else None,
        )


def _left_out(claims: Claims, name: str) -> bool:
    """Return whether a provider has the claim of a person's groups, but did not send it as a list.

    A provider that has too many groups for its answer names the claim in `_claim_names`, with an address to ask
    (OpenID Connect Core 1.0, section 5.6.2), or sends `hasgroups`, as Microsoft Entra does in a short answer. A claim
    that is absent without either means no group.
    """
    elsewhere = claims.get("_claim_names")
    if isinstance(elsewhere, Mapping) and name in elsewhere:
        return True
    value = claims.get(name)
    if value is None:
        hinted = str(claims.get("hasgroups", False)).casefold() not in {"false", "0", "", "none"}
        return hinted and name == "groups"
    return not isinstance(value, str | list)


def _given(given_by: Mapping[str, Any], member: Sequence[str]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(given_by[each] for each in member if each in given_by))


def _word(claims: Claims, name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""


def _words(value: object) -> Sequence[str]:
    # A provider may send a single membership as a string instead of a list.
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
