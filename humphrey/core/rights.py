"""What each role may do. Every door asks here, on the server, each time: a hidden button protects nothing."""

from collections.abc import Mapping
from typing import Literal

from humphrey.core.markings import classification
from humphrey.core.people import Person, Role
from humphrey.errors import NotPermitted

Right = Literal["ask", "clear", "curate", "figures", "audit", "administer"]
"""What can be allowed.

`ask`: ask, keep, attach, send for clearance, and read what is one's own. `clear`: see the queue and decide. `curate`:
change the guidance. `figures`: see sums over everybody. `audit`: read and search the record, and take out case files.
`administer`: people, sessions, retention, holds, and what is stuck on its way out.
"""

RIGHTS: Mapping[Role, frozenset[Right]] = {
    "official": frozenset({"ask"}),
    "reviewer": frozenset({"ask", "clear"}),
    "guidance_owner": frozenset({"ask", "curate"}),
    "analyst": frozenset({"ask", "figures"}),
    "auditor": frozenset({"ask", "figures", "audit"}),
    "administrator": frozenset({"ask", "figures", "administer"}),
}

# What stands in the database may have been changed from outside: a role there is not gives no right.
_NONE: frozenset[Right] = frozenset()

_NEEDED: Mapping[Right, str] = {
    "ask": "any role",
    "clear": "the reviewer role",
    "curate": "the guidance owner role",
    "figures": "the analyst, auditor or administrator role",
    "audit": "the auditor role",
    "administer": "the administrator role",
}


def may(person: Person, right: Right) -> bool:
    """Whether somebody who is not disabled has a right by any of their roles."""
    return not person.disabled and any(right in RIGHTS.get(role, _NONE) for role in person.roles)


def require(person: Person, right: Right) -> None:
    """Let through whoever has a right.

    Raises:
        NotPermitted: they have not; the message names the role it takes.
    """
    if not may(person, right):
        raise NotPermitted(f"{person.name} may not do that; it takes {_NEEDED[right]}, which an administrator gives")


def may_clear(person: Person, kind: str, marking: str) -> bool:
    """Whether somebody may see and decide on drafts of a kind under a marking."""
    return (
        may(person, "clear")
        and (not person.kinds or kind in person.kinds)
        and classification(marking) in person.markings
    )


def require_clearing(person: Person, kind: str, marking: str) -> None:
    """Let through a reviewer to whom the kind and the marking were granted.

    Raises:
        NotPermitted: they are no reviewer, or not for such a draft.
    """
    require(person, "clear")
    if not may_clear(person, kind, marking):
        raise NotPermitted(
            f"{person.name} may not clear {kind.replace('_', ' ')} drafts marked {marking}; "
            "a reviewer to whom they are granted must decide"
        )


def called(person: Person) -> str:
    """What somebody is, in words."""
    return " and ".join(role.replace("_", " ") for role in person.roles)
