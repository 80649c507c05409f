"""Signing in, being known afterwards, and signing out: here, elsewhere, or by an administrator.

Rule: a sign-in is looked up in the database at every call, so that ending one works at once, everywhere. Only digests
of tokens are kept; a token that is shown again after its sign-in was ended is refused, and that is on the record.
"""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Protocol

from humphrey.accounts import store as account_store
from humphrey.accounts.model import DEMONSTRATION_PEOPLE, Person, Session, SessionLifetime, SignInMethod
from humphrey.accounts.validation import LONGEST_NAME
from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.digests import sha256
from humphrey.errors import IdentityError, TooManyTries
from humphrey.ledger import store as ledger_store

_PER_BOTH, _PER_ADDRESS, _PER_NAME, _WINDOW = 10, 30, 100, timedelta(minutes=15)


_SEEN_EVERY, _REFUSED_EVERY = timedelta(minutes=1), timedelta(hours=1)


_STAND_INS = frozenset(person.name for person in DEMONSTRATION_PEOPLE)


class PasswordHasher(Protocol):
    """Makes password hashes and checks them."""

    def hash(self, password: str) -> str:
        """A salted hash, fit to be stored."""

    def verify(self, password: str, hashed: str | None) -> bool:
        """Whether the password is the one that was hashed; never so for None, after just as long a check."""

    def needs_rehash(self, hashed: str) -> bool:
        """Whether a hash is weaker than one made today would be."""


class Sessions(ABC):
    """The sign-ins of the people that whoever builds on this knows.

    Args:
        database: where they are kept.
        passwords: how passwords are checked.
        lifetime: how long a sign-in lasts.
        now: the clock.
    """

    def __init__(
        self, database: Database, passwords: PasswordHasher, lifetime: SessionLifetime, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._lifetime = lifetime
        self._now = now

    @property
    @abstractmethod
    def demonstration(self) -> bool:
        """Whether demonstration people stand in now."""

    @abstractmethod
    def _found(self, name: str) -> Person | None:
        """The person of that name, disabled or not; None when there is nobody."""

    def sign_in(self, name: str, password: str, address: str, replacing: str = "") -> str:
        """A token for whoever knows the password. Name and password are not told apart in what is refused.

        Args:
            name: the person's name.
            password: what they typed.
            address: where they call from, to limit guessing.
            replacing: the token that the same browser had before, which is ended; empty where it had none.

        Raises:
            TooManyTries: within 15 minutes it was tried 10 times for a name from one address, 30 times from an
                address, or 100 times for a name.
            IdentityError: wrong, unknown or disabled.
        """
        attempt = self._attempt(name, address)
        person = self._found(name)
        hashed = account_store.password_hash(self._database, person.name) if person else None
        if not self._passwords.verify(password, hashed):
            self._refused(name)
            raise IdentityError(
                "that name and password do not belong together; try again, or ask whoever runs humphrey"
            )
        renewed = self._passwords.hash(password) if hashed and self._passwords.needs_rehash(hashed) else ""
        return self._open(name, "password", attempt, replacing, renewed)

    def sign_in_demonstration(self, name: str, address: str, replacing: str = "") -> str:
        """A token for playing a demonstration person; arguments as of `sign_in`.

        Raises:
            IdentityError: nobody stands in for real people here, or not under that name, or tried too often.
        """
        attempt = self._attempt(name, address)
        if not self.demonstration or name not in _STAND_INS:
            self._refused(name)
            raise IdentityError("demonstration people do not stand in here; sign in with a name and a password")
        return self._open(name, "demonstration", attempt, replacing)

    def sign_in_through_provider(self, name: str, replacing: str = "") -> str:
        """A token for somebody whom the identity provider vouches for; `replacing` as of `sign_in`.

        Raises:
            IdentityError: they are disabled.
        """
        person = self._found(name)
        if person is None or person.disabled:
            self._refused(name)
            raise IdentityError(f"{name} is disabled here and may do nothing; ask whoever runs humphrey")
        return self._open(name, "provider", None, replacing)

    def signed_in_person(self, token: str, *, acting: bool = True) -> Person | None:
        """Whose sign-in this is; None when it is unknown, ended, over, idle too long, or the person may do nothing.

        Args:
            token: of the sign-in.
            acting: whether somebody does something; a page that asks by itself does not keep a sign-in from idling.
        """
        at = self._now()
        session = account_store.session(self._database, sha256(token))
        if session is None:
            return None
        if session.closed:
            self._replayed(session, at)
            return None
        person = self._found(session.person) if session.is_live(at, self._lifetime.idle) else None
        if person is None or person.disabled:
            return None
        if acting and at - session.seen >= _SEEN_EVERY:
            self._seen(session.digest, at)
        return person

    def sign_out(self, token: str) -> None:
        """End this sign-in; nothing happens when it is not open."""
        at, digest = self._now(), sha256(token)
        with self._database.transaction() as tx:
            session = account_store.session(tx, digest)
            if session and not session.closed:
                _close(tx, [session], session.person, at)

    def sign_out_elsewhere(self, token: str) -> int:
        """End every other sign-in of whoever has this one; how many those were.

        Raises:
            IdentityError: this one has ended.
        """
        person, at = self.signed_in_person(token), self._now()
        if person is None:
            raise IdentityError("your sign-in has ended; sign in again")
        with self._database.transaction() as tx:
            others = [
                each
                for each in self._live(account_store.live_sessions(tx, at, person.name))
                if each.digest != sha256(token)
            ]
            _close(tx, others, person.name, at)
        return len(others)

    def sessions(self, person: str | None = None) -> list[Session]:
        """The sign-ins that let somebody in now, of everybody or of one person, latest first."""
        return self._live(account_store.live_sessions(self._database, self._now(), person))

    def _live(self, sessions: Sequence[Session]) -> list[Session]:
        now = self._now()
        return [session for session in sessions if session.is_live(now, self._lifetime.idle)]

    def _seen(self, digest: str, at: datetime) -> None:
        with self._database.transaction() as tx:
            session = account_store.session(tx, digest)
            # Another call may have noted it, and a sign-out meanwhile must stay the last that is known.
            if session and not session.closed and at - session.seen >= _SEEN_EVERY:
                account_store.mark_seen(tx, digest, at)

    def _replayed(self, session: Session, at: datetime) -> None:
        """Put on the record that an ended sign-in was shown, once at first and then once an hour at most."""
        if _noted(session, at):
            return
        with self._database.transaction() as tx:
            again = account_store.session(tx, session.digest)
            if again is None or _noted(again, at):
                return
            account_store.mark_seen(tx, session.digest, at)
            ledger_store.enter(
                tx, "unknown", "session:refused", session.person, {"session": session.digest, "why": "ended"}, at
            )

    def _attempt(self, name: str, address: str) -> int:
        """Note an attempt before it is checked, so that many at once are counted too; a success takes it back."""
        at, name, address = self._now(), name[:LONGEST_NAME] if name.isprintable() else "", network(address)
        with self._database.transaction() as tx:
            failed = account_store.count_failures(tx, name, address, at - _WINDOW)
            if failed.of_both >= _PER_BOTH or failed.from_address >= _PER_ADDRESS or failed.of_name >= _PER_NAME:
                raise TooManyTries("too many sign-ins failed; wait 15 minutes and try again")
            return account_store.add_failure(tx, name, address, at)

    def _refused(self, name: str) -> None:
        # A name nobody has may be a password typed into the wrong box: it is not for the record.
        actor = name if self._found(name) else "unknown"
        with self._database.transaction() as tx:
            ledger_store.enter(tx, actor, "session:refused", actor, {}, self._now())

    def _open(self, name: str, way_in: SignInMethod, attempt: int | None, replacing: str, renewed: str = "") -> str:
        token, at = secrets.token_urlsafe(32), self._now()
        digest = sha256(token)
        said = {"session": digest, "way_in": way_in, **({"password": "hashed again"} if renewed else {})}
        with self._database.transaction() as tx:
            if attempt is not None:
                account_store.forget_failure(tx, attempt)
            if renewed:
                account_store.set_password(tx, name, renewed)
            before = account_store.session(tx, sha256(replacing)) if replacing else None
            if before and not before.closed:
                _close(tx, [before], before.person, at)
            account_store.add_session(tx, Session(digest, name, at, at, at + self._lifetime.whole, way_in))
            ledger_store.enter(tx, name, "session:open", name, said, at)
        return token


def network(address: str) -> str:
    """What guessing is limited by: an IPv4 address, or the network that one IPv6 customer has to themselves."""
    try:
        known = ip_address(address)
    except ValueError:
        return address[:LONGEST_NAME]
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or ip_network((known, 64), strict=False))
    return str(known)


def _noted(session: Session, at: datetime) -> bool:
    return session.closed is not None and session.seen > session.closed and at - session.seen < _REFUSED_EVERY


def _close(tx: Transaction, sessions: Sequence[Session], by: str, at: datetime) -> None:
    """End sign-ins, each with its entry."""
    account_store.close_sessions(tx, [session.digest for session in sessions], at)
    for session in sessions:
        ledger_store.enter(tx, by, "session:close", session.person, {"session": session.digest}, at)
