"""Values of accounts: people, sessions and sign-ins."""

from dataclasses import dataclass
from datetime import datetime, timedelta
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


DEMONSTRATION_PEOPLE = (
    Person("amina", ("official",)),
    Person("tom", ("official",)),
    Person("grace", ("reviewer", "guidance_owner"), markings=("OFFICIAL", "OFFICIAL-SENSITIVE"), deputies=("david",)),
    Person("david", ("reviewer",), markings=("OFFICIAL", "OFFICIAL-SENSITIVE"), deputies=("grace",)),
    Person("priya", ("analyst",)),
    Person("iris", ("auditor",)),
    Person("sam", ("administrator",)),
)
"""People to try humphrey with, on one's own machine, while nobody is configured."""


SignInMethod = Literal["password", "provider", "demonstration"]
"""The method of a sign-in."""


@dataclass(frozen=True)
class SessionLifetime:
    """The lifetime of a session.

    Args:
        whole: the longest time from sign-in to the end.
        idle: the longest time without a request.
    """

    whole: timedelta = timedelta(hours=8)
    idle: timedelta = timedelta(hours=1)


@dataclass(frozen=True)
class Session:
    """One session.

    Args:
        digest: digest of its token; nobody can sign in with it.
        person: name of the person signed in.
        opened: time of the sign-in.
        seen: time of the last request, to the minute.
        until: latest possible end.
        way_in: method of the sign-in.
        closed: when it was ended early; None if it was not.
    """

    digest: str
    person: str
    opened: datetime
    seen: datetime
    until: datetime
    way_in: SignInMethod
    closed: datetime | None = None

    @property
    def id(self) -> str:
        """Return the short id, 12 digits of the digest, shown on pages and used in commands."""
        return self.digest.removeprefix("sha256:")[:12]

    def is_live(self, now: datetime, idle: timedelta) -> bool:
        """Return whether the session is valid at a moment; `idle` is the longest time without a request."""
        return self.closed is None and now < self.until and now - self.seen < idle
