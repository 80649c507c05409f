"""Guessing at passwords is slowed, and nobody is locked out.

Rule: wrong passwords for a name from one address slow that pair. From the thirty-first within 15 minutes on, the name
answers strangers with a delay, and each address has a turn of its own; tries from elsewhere cannot put it off. No delay
is longer than 60 seconds. A browser in which the person signed in before is no stranger: only its own wrong passwords
slow it. An address has no limit of its own, because a whole department may share one.

A try that comes too early is refused with the seconds to wait, and nothing of it is checked. So a delay costs the
server neither a thread nor a connection.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from humphrey.accounts import store as account_store
from humphrey.accounts.store import OWN_PLACE
from humphrey.accounts.validation import LONGEST_NAME
from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.digests import sha256
from humphrey.errors import TooManyTries

_WINDOW = timedelta(minutes=15)
"""How long a wrong password counts."""


_FREE_FOR_BOTH, _FREE_FOR_NAME = 5, 30
"""Wrong passwords without a delay: for a name from one address, and for a name by strangers from everywhere."""


_LONGEST_S = 60


# A refusal beyond these numbers in the window is counted, not entered: an attacker must not fill the ledger.
_ENTERED_OF_NAME, _ENTERED_FROM_ADDRESS = 100, 30


@dataclass(frozen=True)
class Attempt:
    """A try at a password: its number, and whether its refusal is entered in the ledger."""

    number: int
    entered: bool


class Guessing:
    """Counts and slows tries at passwords.

    Args:
        database: holds the failed ones.
        now: the clock.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def begin(self, name: str, address: str, browser: str = "") -> Attempt:
        """Count a try before it is checked, so that parallel ones count too; a success removes it.

        Args:
            name: the name as typed.
            address: the client's network address.
            browser: the secret of the browser; empty if it has none.

        Raises:
            TooManyTries: it comes too early; the error has the seconds to wait.
        """
        name, digest = name[:LONGEST_NAME] if name.isprintable() else "", sha256(browser)
        known = bool(browser) and account_store.knows_browser(self._database, digest, name)
        return self._begin(name, _own(digest) if known else network(address), stranger=not known)

    def begin_signed_in(self, name: str, session: str) -> Attempt:
        """Count a try of a signed-in person at their own password; errors as for `begin`."""
        return self._begin(name, _own(session), stranger=False)

    def _begin(self, name: str, place: str, *, stranger: bool) -> Attempt:
        at = self._now()
        with self._database.transaction() as tx:
            failed = account_store.count_failures(tx, name, place, at - _WINDOW)
            due = at if failed.last is None else failed.last + _delay(failed.of_both - _FREE_FOR_BOTH)
            if stranger and failed.of_name >= _FREE_FOR_NAME:
                turn = at + _delay(failed.of_name - _FREE_FOR_NAME)
                due = max(due, account_store.take_turn(tx, name, place, turn, at - _WINDOW))
            if due <= at:
                return self._counted(tx, name, place, at, failed)
        # Raised outside the transaction, which keeps the turn.
        wait_s = math.ceil((due - at).total_seconds())
        raise TooManyTries(f"too many sign-ins failed; wait {_seconds(wait_s)} and try again", wait_s)

    def _counted(
        self, tx: Transaction, name: str, place: str, at: datetime, failed: account_store.SignInFailures
    ) -> Attempt:
        account_store.end_turn(tx, name, place)
        entered = failed.of_name < _ENTERED_OF_NAME and failed.from_address < _ENTERED_FROM_ADDRESS
        return Attempt(account_store.add_failure(tx, name, place, at), entered)


def network(address: str) -> str:
    """Return the unit by which guessing is limited: an IPv4 address, or the /64 network of an IPv6 customer."""
    try:
        known = ip_address(address)
    except ValueError:
        return address[:LONGEST_NAME].lstrip(OWN_PLACE)
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or ip_network((known, 64), strict=False))
    return str(known)


def _own(digest: str) -> str:
    return OWN_PLACE + digest.removeprefix("sha256:")[:32]


def _delay(beyond: int) -> timedelta:
    """Return the delay after so many wrong passwords beyond the free ones: 1, 2, 4 seconds and so on."""
    return timedelta(seconds=min(2 ** min(beyond, 10), _LONGEST_S)) if beyond >= 0 else timedelta()


def _seconds(count: int) -> str:
    return "1 second" if count == 1 else f"{count} seconds"
