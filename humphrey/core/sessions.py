"""Sign-ins: what is known of each, and how long it lasts. Of its token only a digest is ever kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

WayIn = Literal["password", "provider", "demonstration"]
"""How somebody signed in."""


@dataclass(frozen=True)
class Lasting:
    """How long a sign-in lasts.

    Args:
        whole: from signing in to its end, whatever happens.
        idle: without a call until it ends.
    """

    whole: timedelta = timedelta(hours=8)
    idle: timedelta = timedelta(hours=1)


@dataclass(frozen=True)
class Session:
    """One sign-in.

    Args:
        digest: of its token; opens nothing.
        person: whose it is.
        opened: when they signed in.
        seen: when it was last used, to the minute.
        until: when it ends at the latest.
        way_in: how they signed in.
        closed: when it was ended before that, None while it was not.
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
        """What it is called on pages and in commands."""
        return self.digest.removeprefix("sha256:")[:12]

    def live(self, now: datetime, idle: timedelta) -> bool:
        """Whether it lets anybody in at a moment."""
        return self.closed is None and now < self.until and now - self.seen < idle
