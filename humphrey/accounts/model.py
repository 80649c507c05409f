"""Values of accounts: people, sessions and sign-ins."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Role = Literal["official", "reviewer", "guidance_owner", "analyst", "auditor", "disclosure_officer", "administrator"]
"""A role of a person; `roles.RIGHTS` has the rights of each. Every role may ask questions and send drafts.

`reviewer`: decides on drafts of others. `guidance_owner`: changes the guidance. `analyst`: sees figures, as sums.
`auditor`: reads the record, and searches it for disclosure. `disclosure_officer`: an auditor who may also disclose
words that rest on guidance of groups that they are not in. `administrator`: manages people, retention and failures.
"""


@dataclass(frozen=True)
class Person:
    """A person with an account, by the name that the record uses.

    Args:
        name: the name in the record.
        roles: their roles, at least one.
        groups: their groups, which decide what guidance they may read.
        disabled: whether the account is disabled.
        kinds: the kinds of paper that they may clear as a reviewer; empty means every kind.
        markings: the classifications that they may clear as a reviewer.
        email: the address for notifications; empty if they want none.
        deputies: the names of their deputies, in order.
        identity: their identity at the identity provider; empty if they sign in with a password only.
        own_name: their own name, as people call them; empty if it is not known.
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
    own_name: str = ""


def called(person: Person) -> str:
    """Return what pages call a person: their own name, and beside it the name in the record."""
    return f"{person.own_name} ({person.name})" if person.own_name else person.name


DEMONSTRATION_PEOPLE = (
    Person("amina", ("official",)),
    Person("tom", ("official",)),
    Person("grace", ("reviewer", "guidance_owner"), markings=("OFFICIAL", "OFFICIAL-SENSITIVE"), deputies=("david",)),
    Person("david", ("reviewer",), markings=("OFFICIAL", "OFFICIAL-SENSITIVE"), deputies=("grace",)),
    Person("priya", ("analyst",)),
    Person("iris", ("auditor",)),
    Person("sam", ("administrator",)),
)
"""Made-up people for trying humphrey on one's own machine, as long as no account exists."""


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
        due: whether its person must first change the password that another person gave them.
    """

    digest: str
    person: str
    opened: datetime
    seen: datetime
    until: datetime
    way_in: SignInMethod
    closed: datetime | None = None
    due: bool = False

    @property
    def id(self) -> str:
        """Return the short id, 12 digits of the digest, shown on pages and used in commands."""
        return self.digest.removeprefix("sha256:")[:12]

    def is_live(self, now: datetime, idle: timedelta) -> bool:
        """Return whether the session is valid at a moment; `idle` is the longest time without a request."""
        return self.closed is None and now < self.until and now - self.seen < idle
