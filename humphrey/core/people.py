"""Who may use humphrey, and what for."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["official", "reviewer", "guidance_owner", "analyst", "auditor", "administrator"]
"""What somebody is here for; `core.rights` says what each may do, and everybody may ask and send drafts.

`reviewer`: decides on what others sent. `guidance_owner`: changes the guidance. `analyst`: sees figures, as sums.
`auditor`: reads the record, and searches it for disclosure. `administrator`: people, retention and what is stuck.
"""


@dataclass(frozen=True)
class Person:
    """Somebody known to humphrey, by the name that the record uses.

    Args:
        name: what the record calls them.
        roles: what they are here for, at least one.
        groups: the groups they are in, which decide what guidance they may read.
        disabled: whether they may do nothing now.
        kinds: the kinds of paper that they may clear as a reviewer; none named: every kind.
        markings: the classifications that they may clear as a reviewer.
        email: where notices go, empty where none are wanted.
        deputies: who stands in for them, by name, in order.
        identity: who they are at the identity provider, empty where they sign in with a password alone.
    """

    name: str
    roles: tuple[Role, ...]
    groups: tuple[str, ...] = ()
    disabled: bool = False
    kinds: tuple[str, ...] = ()
    markings: tuple[str, ...] = ("OFFICIAL",)
    email: str = ""
    deputies: tuple[str, ...] = ()
    identity: str = ""


NOBODY = "command line"
"""Who asks where no person is named; nothing can be sent for clearance in this name, and nobody may have it."""

OPERATOR = "operator"
"""The actor of what is done at the machine itself, where the operating system says who may."""

PROVIDER = "identity provider"
"""The actor of what the department's identity provider says of people."""

DEMONSTRATION = (
    Person("amina", ("official",)),
    Person("tom", ("official",)),
    Person("grace", ("reviewer", "guidance_owner"), markings=("OFFICIAL", "OFFICIAL-SENSITIVE"), deputies=("david",)),
    Person("david", ("reviewer",), markings=("OFFICIAL", "OFFICIAL-SENSITIVE"), deputies=("grace",)),
    Person("priya", ("analyst",)),
    Person("iris", ("auditor",)),
    Person("sam", ("administrator",)),
)
"""People to try humphrey with, on one's own machine, while nobody is configured."""
