"""A second, simple model of who can act as which account, to compare the product with.

It takes nothing from `humphrey.clearance.independence`. It asks backwards, from an account to everybody who could act
as it; the product goes forwards, from the authors to what they touched.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Change:
    """A change of an account by a person; `way_in` if that person can act as the account from then on."""

    at: datetime
    by: str
    whose: str
    way_in: bool


@dataclass
class Hands:
    """Everything that was done to accounts.

    Args:
        changes: the changes that give a person power over an account, in order, without those of the operator.
        held: for each account, what its person signs in or is written to with, with the time from which it was no more
            theirs; None while it is.
    """

    changes: list[Change] = field(default_factory=list)
    held: dict[str, list[tuple[str, datetime | None]]] = field(default_factory=dict)

    def hold(self, account: str, before: str, after: str, at: datetime) -> None:
        """Record that an account has another identity or address; empty for none."""
        known = self.held.setdefault(account, [])
        self.held[account] = [(value, at if value == before and end is None else end) for value, end in known]
        if after:
            self.held[account].append((after, None))

    def independent(self, reviewer: str, authors: Collection[str], now: datetime) -> bool:
        """Return whether no author chose or is the reviewer, and the reviewer is no author."""
        since = now - WITHIN
        chosen_by = {
            hand
            for each in self.changes
            if each.whose == reviewer and each.at > since
            for hand in self._hands(each.by, each.at, since)
        }
        acted = any(reviewer in self._hands(author, now, since) for author in authors)
        return not (chosen_by.intersection(authors) or acted or self._one(reviewer, authors, since))

    def _hands(self, account: str, at: datetime, since: datetime) -> set[str]:
        """Return the accounts whose people could act as an account at a moment, its own among them."""
        found, waiting = {account: at}, [(account, at)]
        while waiting:
            whose, until = waiting.pop()
            for each in self.changes:
                fits = each.whose == whose and each.way_in and since < each.at <= until
                if fits and found.get(each.by, since) < each.at:
                    found[each.by] = each.at
                    waiting.append((each.by, each.at))
        return set(found)

    def _one(self, reviewer: str, authors: Collection[str], since: datetime) -> bool:
        theirs = set(self._values(reviewer, since))
        return any(theirs.intersection(self._values(author, since)) for author in authors)

    def _values(self, account: str, since: datetime) -> Iterator[str]:
        return (value for value, end in self.held.get(account, []) if end is None or end > since)
