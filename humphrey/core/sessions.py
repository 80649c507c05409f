"""Sessions: the values of one sign-in and its lifetime. Only a digest of the session token is stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

WayIn = Literal["password", "provider", "demonstration"]
"""The method of a sign-in."""


@dataclass(frozen=True)
class Lasting:
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
    way_in: WayIn
    closed: datetime | None = None

    @property
    def id(self) -> str:
        """Return the short id, 12 digits of the digest, shown on pages and used in commands."""
        return self.digest.removeprefix("sha256:")[:12]

    def live(self, now: datetime, idle: timedelta) -> bool:
        """Return whether the session is valid at a moment; `idle` is the longest time without a request."""
        return self.closed is None and now < self.until and now - self.seen < idle
