"""Roles and what each may do. Every route and command checks here, on the server, at every call."""

from collections.abc import Mapping
from typing import Literal

from humphrey.accounts.model import Person, Role
from humphrey.errors import NotPermitted
from humphrey.text.markings import classification

Right = Literal["ask", "clear", "curate", "figures", "audit", "disclose", "administer"]
"""A right that a role can give.

`ask`: ask questions, keep conversations, attach files, send drafts for clearance, and read one's own. `clear`: see the
queue and decide. `curate`: change the guidance. `figures`: see sums over all reviewers. `audit`: read and search the
record, and export case files, as far as one may read what their words rest on. `disclose`: see the other words too, for
a disclosure or a case file; each use is on the record. `administer`: manage people, sessions, retention, holds and
failed deliveries.
"""


RIGHTS: Mapping[Role, frozenset[Right]] = {
    "official": frozenset({"ask"}),
    "reviewer": frozenset({"ask", "clear"}),
    "guidance_owner": frozenset({"ask", "curate"}),
    "analyst": frozenset({"ask", "figures"}),
    "auditor": frozenset({"ask", "figures", "audit"}),
    "disclosure_officer": frozenset({"ask", "figures", "audit", "disclose"}),
    "administrator": frozenset({"ask", "figures", "administer"}),
}


# A database changed from outside may contain an unknown role, which must give no right.
_NONE: frozenset[Right] = frozenset()


_NEEDED: Mapping[Right, str] = {
    "ask": "any role",
    "clear": "the reviewer role",
    "curate": "the guidance owner role",
    "figures": "the analyst, auditor or administrator role",
    "audit": "the auditor role",
    "disclose": "the disclosure officer role",
    "administer": "the administrator role",
}


def may(person: Person, right: Right) -> bool:
    """Return whether a person has a right through any of their roles; a disabled person has none."""
    return not person.disabled and any(right in RIGHTS.get(role, _NONE) for role in person.roles)


def require(person: Person, right: Right) -> None:
    """Require that a person has a right.

    Raises:
        NotPermitted: the person does not have it; the message names the role needed.
    """
    if not may(person, right):
        raise NotPermitted(f"{person.name} may not do that; it takes {_NEEDED[right]}, which an administrator gives")


def may_clear(person: Person, kind: str, marking: str) -> bool:
    """Return whether a person may see and decide on drafts of a kind under a marking.

    No kind granted means every kind; a classification must be granted by name (docs/adr/0009).
    """
    return (
        may(person, "clear")
        and (not person.kinds or kind in person.kinds)
        and classification(marking) in person.markings
    )


def require_clearing(person: Person, kind: str, marking: str) -> None:
    """Require that a person is a reviewer to whom the kind and the marking were granted.

    Raises:
        NotPermitted: the person is not a reviewer, or the kind or the marking was not granted.
    """
    require(person, "clear")
    if not may_clear(person, kind, marking):
        raise NotPermitted(
            f"{person.name} may not clear {kind.replace('_', ' ')} drafts marked {marking}; "
            "a reviewer to whom they are granted must decide"
        )


def roles_in_words(person: Person) -> str:
    """Return a person's roles in words, such as "reviewer and guidance owner"."""
    return " and ".join(role.replace("_", " ") for role in person.roles)
