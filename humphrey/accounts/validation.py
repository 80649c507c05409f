"""Validation of accounts: names, roles, groups and grants, and who may change what."""

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from typing import get_args

from humphrey.accounts.model import Person, Role
from humphrey.accounts.roles import may
from humphrey.documents.audiences import is_reserved
from humphrey.errors import IdentityError, NotPermitted
from humphrey.ledger.model import NOBODY, OPERATOR, PROVIDER
from humphrey.text.hidden_characters import hidden_positions, named
from humphrey.text.look_alikes import look_alike_pairs, look_the_same, mixes_scripts
from humphrey.text.markings import CLASSIFICATIONS
from humphrey.text.validation import address_fault

LONGEST_NAME = 100
"""Most characters of a name."""


# The ledger uses these names for actors that are no person.
_RESERVED = frozenset({OPERATOR, PROVIDER, "unknown", "humphrey", NOBODY})


_MOST_GROUPS, _LONGEST_GROUP, _LONGEST_IDENTITY = 50, 100, 400


_OWN = frozenset({"email", "deputies", "own_name"})
"""What administrators may change of their own account."""


def validate_person(person: Person, kinds: Collection[str] | None) -> None:
    """Check an account. The rules hold for every caller, the operator included.

    Args:
        person: the account as it should be.
        kinds: the kinds of paper that can be granted; None if any may.

    Raises:
        IdentityError: a part of it is invalid; the message says which.
    """
    _fit_name(person.name)
    _fit_roles(person.roles)
    _fit_groups(person.groups)
    if kinds is not None:
        _among_known("kind of paper", person.kinds, kinds, "kinds")
    _among_known("classification", person.markings, CLASSIFICATIONS, "markings")
    if person.email and (fault := address_fault(person.email)):
        raise IdentityError(fault, field="email")
    _fit_own_name(person.own_name)
    if len(person.identity) > _LONGEST_IDENTITY or not person.identity.isprintable():
        raise IdentityError(
            f"the identity {person.identity[:80]!r} is not valid; copy it from the provider", field="identity"
        )


def _fit_name(name: str) -> None:
    # A name must be in normal form (NFKC, single spaces), so that one person cannot look like two.
    plain = name == unicodedata.normalize("NFKC", " ".join(name.split())) and name.isprintable()
    if not plain or not name or len(name) > LONGEST_NAME or name.casefold() in _RESERVED:
        raise IdentityError(
            f"{name[:LONGEST_NAME]!r} is not a valid name; use 1 to {LONGEST_NAME} plain characters, "
            f"and none of {', '.join(sorted(_RESERVED))}",
            field="name",
        )


def _fit_own_name(name: str) -> None:
    plain = name == " ".join(name.split()) and name.isprintable() and not hidden_positions(name, leaves=True)
    if not plain or len(name) > LONGEST_NAME:
        raise IdentityError(
            f"{name[:LONGEST_NAME]!a} is not a name to show; use at most {LONGEST_NAME} plain characters",
            field="own_name",
        )


def _fit_roles(roles: Sequence[str]) -> None:
    if not roles:
        raise IdentityError(
            f"an account needs a role; give one of {', '.join(get_args(Role))}",
            field="roles",
        )
    _among_known("role", roles, get_args(Role), "roles")


def _fit_groups(groups: Sequence[str]) -> None:
    if kept := next((group for group in groups if is_reserved(group)), None):
        raise IdentityError(
            f"the group name {kept[:80]!r} is reserved for files of conversations; choose another", field="groups"
        )
    if hidden := next((group for group in groups if hidden_positions(group, leaves=True)), None):
        raise IdentityError(
            f"the group name {hidden[:80]!a} holds a character that cannot be seen; type it afresh", field="groups"
        )
    fits = len(groups) <= _MOST_GROUPS and all(each.isprintable() and len(each) <= _LONGEST_GROUP for each in groups)
    if not fits:
        raise IdentityError(
            f"an account has at most {_MOST_GROUPS} groups, with names of at most {_LONGEST_GROUP} plain characters",
            field="groups",
        )


def _among_known(what: str, given: Sequence[str], known: Collection[str], field: str) -> None:
    if unknown := next((each for each in given if each not in known), None):
        raise IdentityError(f"there is no {what} {unknown[:80]!r}; choose one of {', '.join(known)}", field=field)


def validate_new_person(person: Person, others: Sequence[Person]) -> None:
    """Check a new account against the others.

    Names that differ only in capitals, or that a reader cannot tell apart, are refused, because one person would look
    like two. A name that exists already may have characters that a new one may not have.

    Raises:
        IdentityError: the name cannot be seen as it is, looks like another, or is taken; the identity or the e-mail
            address is taken; or a deputy is not another known person.
    """
    if fault := name_fault(person.name):
        raise IdentityError(fault, field="name")
    if person.name.casefold() in {other.name.casefold() for other in others}:
        raise IdentityError(f"the name {person.name} is taken; choose another", field="name")
    if alike := next((other.name for other in others if look_the_same(person.name, other.name)), None):
        raise IdentityError(
            f"the name {person.name!r} looks like that of the account {alike!r}; choose another", field="name"
        )
    _validate_references(person, others)
    _validate_address(person, others)


def name_fault(name: str) -> str:
    """Return why a new account may not have a name that a reader cannot trust, as a sentence; empty if it may."""
    if places := hidden_positions(name, leaves=True):
        hidden = named(name[places[0]])
        return f"the name {name[:LONGEST_NAME]!a} holds [{hidden}], which cannot be seen; type it afresh"
    if mixes_scripts(name):
        return f"the name {name[:LONGEST_NAME]!r} mixes letters or digits of several scripts; write it in one"
    return ""


def account_faults(people: Sequence[Person]) -> Iterator[str]:
    """Yield, as sentences, what accounts have that no new account may have: names and addresses like another's."""
    yield from (fault for person in people if (fault := name_fault(person.name)))
    for one, other in look_alike_pairs([person.name for person in people]):
        yield f"the names {one!r} and {other!r} look the same; disable one of the two accounts"
    holders: dict[str, Person] = {}
    for person in filter(lambda each: each.email, people):
        first = holders.setdefault(_address(person.email), person)
        if first is not person:
            yield f"{first.name} and {person.name} have one e-mail address, {first.email}; give one of them another"


def _validate_address(person: Person, others: Sequence[Person]) -> None:
    """Check that an e-mail address belongs to one person."""
    holder = next(
        (o.name for o in others if o.name != person.name and _address(o.email) == _address(person.email)), None
    )
    if person.email and holder:
        raise IdentityError(
            f"the e-mail address {person.email} is that of the account {holder}; one address belongs to one person",
            field="email",
        )


def _address(email: str) -> str:
    """Return an address as addresses are compared: without surrounding blanks, in any capitals."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def _validate_references(person: Person, others: Sequence[Person]) -> None:
    """Check that deputies are other known people and that the identity belongs to one person."""
    names = {other.name for other in others} - {person.name}
    if strange := next((deputy for deputy in person.deputies if deputy not in names), None):
        raise IdentityError(
            f"{strange[:80]!r} cannot be a deputy of {person.name}; name another person with an account",
            field="deputies",
        )
    if person.identity and any(o.identity == person.identity for o in others if o.name != person.name):
        raise IdentityError(
            f"the identity {person.identity[:80]!r} belongs to another person; see `humphrey users list`",
            field="identity",
        )


def validate_change(before: Person, after: Person, changed: Sequence[str], known: Sequence[Person], by: str) -> None:
    """Check a change of an account: nobody changes their own permissions, and an administrator must remain.

    Raises:
        IdentityError: a deputy, the identity or the address is invalid, or this is the last administrator.
        NotPermitted: the change is of one's own permissions.
    """
    if by == before.name and not _OWN.issuperset(changed):
        raise NotPermitted(f"nobody can change their own permissions; another administrator can change {by}")
    if "deputies" in changed or "identity" in changed:
        _validate_references(after, known)
    if "email" in changed:
        _validate_address(after, known)
    others = [each for each in known if each.name != before.name]
    if may(before, "administer") and not may(after, "administer") and not any(may(o, "administer") for o in others):
        raise IdentityError(f"{before.name} is the only administrator; make another person an administrator first")
