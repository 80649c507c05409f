"""Sessions: signing in, finding the person of a session, and signing out.

Rule: the session is read from the database at every request, so that closing one takes effect everywhere at once. Only
digests of tokens are stored. A token that is used after its session was closed is refused, with a ledger entry.
"""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NoReturn, Protocol

from humphrey.accounts import store as account_store
from humphrey.accounts.guessing import Attempt, Guessing
from humphrey.accounts.model import DEMONSTRATION_PEOPLE, Person, Session, SessionLifetime, SignInMethod
from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.digests import sha256
from humphrey.errors import IdentityError, PasswordToChange, WrongPassword
from humphrey.ledger import store as ledger_store

# Times are written this seldom, so that neither requests nor replays cause a write each.
_SEEN_EVERY, _REFUSED_EVERY = timedelta(minutes=1), timedelta(hours=1)


# How long a browser in which a person signed in is known, after the last sign-in.
_BROWSER_LIFE = timedelta(days=180)


_DEMONSTRATION = frozenset(person.name for person in DEMONSTRATION_PEOPLE)


class PasswordHasher(Protocol):
    """Hashes and verifies passwords."""

    def hash(self, password: str) -> str:
        """Return a salted hash that can be stored."""

    def verify(self, password: str, hashed: str | None) -> bool:
        """Return whether the password matches the hash; False for None, after a check that takes as long."""

    def needs_rehash(self, hashed: str) -> bool:
        """Return whether a hash is weaker than one made today."""


class Sessions(ABC):
    """Sessions of the people that a subclass knows.

    Args:
        database: holds the sessions.
        passwords: verifies passwords.
        lifetime: how long a session lasts.
        now: the clock.
    """

    def __init__(
        self, database: Database, passwords: PasswordHasher, lifetime: SessionLifetime, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._lifetime = lifetime
        self._now = now
        self._guessing = Guessing(database, now)

    @property
    @abstractmethod
    def demonstration(self) -> bool:
        """Whether demonstration people are in use."""

    @abstractmethod
    def _find(self, name: str) -> Person | None:
        """Return the person of a name, disabled or not; None if there is none."""

    def sign_in(self, name: str, password: str, address: str, replacing: str = "", browser: str = "") -> str:
        """Open a session with a password and return its token. A refusal does not say which of the two is wrong.

        Args:
            name: the person's name.
            password: the password as typed.
            address: the client's network address, to limit guessing.
            replacing: the browser's previous token, whose session is closed; empty if there is none.
            browser: the browser's secret from `remember_browser`; empty if there is none.

        Raises:
            TooManyTries: too many tries failed, and this one comes too early; see `guessing`.
            WrongPassword: the password is wrong, or the person is unknown or disabled.
        """
        attempt = self._guessing.begin(name, address, browser)
        person = self._find(name)
        hashed = account_store.password_hash(self._database, person.name) if person else None
        if not self._passwords.verify(password, hashed):
            self._refuse(name, attempt, "wrong name or password; try again, or ask the humphrey administrator")
        renewed = self._passwords.hash(password) if hashed and self._passwords.needs_rehash(hashed) else ""
        try:
            return self._open_session(name, "password", attempt, replacing, hashed, renewed)
        except WrongPassword as error:
            self._refuse(name, attempt, str(error))

    def sign_in_demonstration(self, name: str, address: str, replacing: str = "") -> str:
        """Open a session as a demonstration person and return its token; arguments as for `sign_in`.

        Raises:
            IdentityError: demonstration people are not in use, or there is none of this name.
            TooManyTries: as for `sign_in`.
        """
        attempt = self._guessing.begin(name, address)
        if not self.demonstration or name not in _DEMONSTRATION:
            self._refuse(name, attempt, "demonstration people are not in use here; sign in with a name and a password")
        return self._open_session(name, "demonstration", attempt, replacing)

    def sign_in_through_provider(self, name: str, replacing: str = "") -> str:
        """Open a session for a person whom the identity provider confirmed; `replacing` as for `sign_in`.

        Raises:
            IdentityError: the person is disabled.
        """
        person = self._find(name)
        if person is None or person.disabled:
            self._record_refusal(name)
            raise IdentityError(f"the account {name} is disabled; ask the humphrey administrator")
        return self._open_session(name, "provider", None, replacing)

    def remember_browser(self, token: str, browser: str) -> str:
        """Remember that the person of a session signed in in a browser; return the browser's new secret.

        The secret changes each time, so that one which another person planted in a browser is worth nothing.

        Args:
            token: the token of the session.
            browser: the secret of the browser until now; empty if it has none.
        """
        secret, at = secrets.token_urlsafe(32), self._now()
        with self._database.transaction() as tx:
            if session := account_store.session(tx, sha256(token)):
                before, after, since = sha256(browser), sha256(secret), at - _BROWSER_LIFE
                account_store.remember_browser(tx, before, after, session.person, at, since)
        return secret

    def signed_in_person(self, token: str, *, acting: bool = True) -> Person | None:
        """Return the person of a session; None if it is unknown, closed, expired or idle, or the person is disabled.

        Args:
            token: the token of the session.
            acting: False for requests that a page makes by itself, which must not extend an idle session.
        """
        session = account_store.session(self._database, sha256(token))
        return self._person_of(session, acting=acting) if session else None

    def visitor(self, token: str, *, acting: bool = True) -> Person | None:
        """Return the person of a session who may use a page; arguments and the empty case as `signed_in_person`.

        Raises:
            PasswordToChange: they must first change the password that another person gave them.
        """
        session = account_store.session(self._database, sha256(token))
        person = self._person_of(session, acting=acting) if session else None
        if session and person and session.due:
            raise PasswordToChange("another person knows your password; change it first, on the page /account/password")
        return person

    def must_change_password(self, token: str) -> Person | None:
        """Return the person of a session who must change their password first; None if there is no such session."""
        session = account_store.session(self._database, sha256(token))
        return self._person_of(session, acting=False) if session and session.due else None

    def _person_of(self, session: Session, *, acting: bool) -> Person | None:
        at = self._now()
        if session.closed:
            self._record_replay(session, at)
            return None
        person = self._find(session.person) if session.is_live(at, self._lifetime.idle) else None
        if person is None or person.disabled:
            return None
        if acting and at - session.seen >= _SEEN_EVERY:
            self._update_seen(session.digest, at)
        return person

    def sign_out(self, token: str) -> None:
        """Close the session of a token; do nothing if it is not open."""
        at, digest = self._now(), sha256(token)
        with self._database.transaction() as tx:
            session = account_store.session(tx, digest)
            if session and not session.closed:
                _close(tx, [session], session.person, at)

    def sign_out_elsewhere(self, token: str) -> int:
        """Close all other sessions of the person of a token; return how many there were.

        Raises:
            IdentityError: the session of the token has ended.
        """
        person, at = self.signed_in_person(token), self._now()
        if person is None:
            raise IdentityError("your sign-in has ended; sign in again")
        with self._database.transaction() as tx:
            others = [
                each
                for each in self._valid(account_store.live_sessions(tx, at, person.name))
                if each.digest != sha256(token)
            ]
            _close(tx, others, person.name, at)
        return len(others)

    def sessions(self, person: str | None = None) -> list[Session]:
        """Return the sessions that are valid now, of everybody or of one person, latest first."""
        return self._valid(account_store.live_sessions(self._database, self._now(), person))

    def _valid(self, sessions: Sequence[Session]) -> list[Session]:
        now = self._now()
        return [session for session in sessions if session.is_live(now, self._lifetime.idle)]

    def _update_seen(self, digest: str, at: datetime) -> None:
        with self._database.transaction() as tx:
            session = account_store.session(tx, digest)
            # Read again: another request may have written it, and the time of a closed session must not change.
            if session and not session.closed and at - session.seen >= _SEEN_EVERY:
                account_store.mark_seen(tx, digest, at)

    def _record_replay(self, session: Session, at: datetime) -> None:
        """Enter the use of a closed session's token, at first and then at most once an hour."""
        if _replay_recorded(session, at):
            return
        with self._database.transaction() as tx:
            again = account_store.session(tx, session.digest)
            if again is None or _replay_recorded(again, at):
                return
            account_store.mark_seen(tx, session.digest, at)
            ledger_store.enter(
                tx, "unknown", "session:refused", session.person, {"session": session.digest, "why": "ended"}, at
            )

    def _refuse(self, name: str, attempt: Attempt, said: str) -> NoReturn:
        """Refuse a try, and enter it in the ledger unless there were too many."""
        if attempt.entered:
            self._record_refusal(name)
        raise WrongPassword(said, entered=attempt.entered)

    def _record_refusal(self, name: str) -> None:
        # An unknown name may be a password typed into the wrong field, so it is not entered.
        actor = name if self._find(name) else "unknown"
        with self._database.transaction() as tx:
            ledger_store.enter(tx, actor, "session:refused", actor, {}, self._now())

    def _open_session(
        self,
        name: str,
        way_in: SignInMethod,
        attempt: Attempt | None,
        replacing: str,
        verified: str | None = None,
        renewed: str = "",
    ) -> str:
        """Open a session and return its token.

        Args:
            name: the person's name.
            way_in: how the person signed in.
            attempt: the attempt to sign in, if a wrong one counts.
            replacing: the browser's previous token; empty if there is none.
            verified: the hash of the password that was right; None if none was needed.
            renewed: its new hash; empty if it needs none.

        Raises:
            WrongPassword: the password was changed since it was verified.
        """
        token, at = secrets.token_urlsafe(32), self._now()
        digest = sha256(token)
        said = {"session": digest, "way_in": way_in, **({"password": "hashed again"} if renewed else {})}
        with self._database.transaction() as tx:
            # A change of the password closes all sessions, so an older password must not open one after it.
            if verified is not None and account_store.password_hash(tx, name) != verified:
                raise WrongPassword("the password was changed a moment ago; sign in with the new one", entered=False)
            if attempt is not None:
                account_store.forget_failure(tx, attempt.number)
            if renewed:
                account_store.set_password(tx, name, renewed)
                changed = {"changed": "hash", **account_store.kept(tx, name)}
                ledger_store.enter(tx, name, "person:change", name, changed, at)
            before = account_store.session(tx, sha256(replacing)) if replacing else None
            if before and not before.closed:
                _close(tx, [before], before.person, at)
            account_store.add_session(tx, Session(digest, name, at, at, at + self._lifetime.whole, way_in))
            ledger_store.enter(tx, name, "session:open", name, said, at)
        return token


def _replay_recorded(session: Session, at: datetime) -> bool:
    """Return whether a replay of a closed session was entered within the last hour."""
    return session.closed is not None and session.seen > session.closed and at - session.seen < _REFUSED_EVERY


def _close(tx: Transaction, sessions: Sequence[Session], by: str, at: datetime) -> None:
    """Close sessions, with a ledger entry each."""
    account_store.close_sessions(tx, [session.digest for session in sessions], at)
    for session in sessions:
        ledger_store.enter(tx, by, "session:close", session.person, {"session": session.digest}, at)
