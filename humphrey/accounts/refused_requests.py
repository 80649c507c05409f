"""Requests refused before they reach a page: from another site, too large, replayed or too many.

Rule: a flood of such requests must not fill the ledger. The first request from an address for a reason gets an entry
at once. Later ones are counted, and the count is entered at most once a minute.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from humphrey.accounts.guessing import network
from humphrey.database.engine import Database
from humphrey.ledger import store as ledger_store

OTHER_ADDRESSES = "elsewhere"
"""The subject of entries for all addresses beyond the first `MAX_ADDRESSES` of a minute."""


MAX_ADDRESSES = 20
"""Most pairs of address and reason that get entries of their own in one minute."""


# The interval between entries, so that a flood adds at most `MAX_ADDRESSES` entries a minute and a reason.
_EVERY = timedelta(minutes=1)


class RefusedRequests:
    """Counts refused requests and enters them in the ledger; safe to share between threads.

    Args:
        database: holds the ledger.
        now: the clock.
    """

    def __init__(self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._now = now
        self._counts: dict[tuple[str, str], int] = {}
        self._known: set[tuple[str, str]] = set()
        self._since = datetime.min.replace(tzinfo=UTC)
        self._lock = threading.Lock()

    def record(self, address: str, reason: str) -> None:
        """Count a refused request from an address; `reason` is one word."""
        with self._lock:
            due = self._due()
            key = self._key(network(address) or "unknown", reason)
            if key in self._known:
                self._counts[key] = self._counts.get(key, 0) + 1
            else:
                self._known.add(key)
                due[key] = due.get(key, 0) + 1
        self._enter(due)

    def flush(self, *, over: bool = False) -> None:
        """Enter the counts whose minute has passed; with `over`, enter all of them."""
        with self._lock:
            due = self._due(over=over)
        self._enter(due)

    def _key(self, address: str, reason: str) -> tuple[str, str]:
        key = (address, reason)
        return key if key in self._known or len(self._known) < MAX_ADDRESSES else (OTHER_ADDRESSES, reason)

    def _due(self, *, over: bool = False) -> dict[tuple[str, str], int]:
        """Return the counts to enter if their minute has passed, and start the next minute."""
        if not over and self._now() - self._since < _EVERY:
            return {}
        due, self._counts, self._known, self._since = self._counts, {}, set(), self._now()
        # An address that continues stays known: its next request is counted, not entered at once.
        self._known.update(due)
        return due

    def _enter(self, due: dict[tuple[str, str], int]) -> None:
        if not due:
            return
        with self._database.transaction() as tx:
            for (address, reason), count in due.items():
                ledger_store.enter(
                    tx, "unknown", "request:refuse", address, {"reason": reason, "count": str(count)}, self._now()
                )
