"""Who may use humphrey: adding people, signing in, and knowing who is calling. What is kept is never a secret.

Rule: whoever calls is found from the database each time, so that disabling somebody works at once everywhere.
"""

import secrets
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol, get_args

from humphrey.core.attaching import is_reserved
from humphrey.core.drafts import sha256
from humphrey.core.people import DEMONSTRATION, NOBODY, Person, Role
from humphrey.errors import IdentityError
from humphrey.store import Store

OPERATOR = "operator"
"""The actor of what is done at the machine itself, where the operating system says who may."""

_RESERVED = frozenset({OPERATOR, "unknown", "humphrey", NOBODY})
_LONGEST_NAME, _SHORTEST_PASSWORD, _LONGEST_PASSWORD = 100, 8, 200
_PER_NAME, _PER_ADDRESS, _WINDOW = 10, 30, timedelta(minutes=15)
_STAND_INS = {person.name: person for person in DEMONSTRATION}


class Passwords(Protocol):
    """Makes password hashes and checks them."""

    def hash(self, password: str) -> str:
        """A salted hash, fit to be stored."""

    def verify(self, password: str, hashed: str | None) -> bool:
        """Whether the password is the one that was hashed; never so for None, after just as long a check."""


def _now() -> datetime:
    return datetime.now(UTC)


class People:
    """Everybody who may use humphrey.

    Args:
        store: where they are kept.
        passwords: how passwords are hashed.
        demonstration: whether made-up people may stand in while nobody was added.
        session: how long a sign-in lasts.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        passwords: Passwords,
        *,
        demonstration: bool,
        session: timedelta = timedelta(hours=8),
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._may_stand_in = demonstration
        self._session = session
        self._now = now

    @property
    def demonstration(self) -> bool:
        """Whether demonstration people stand in now: it is allowed, and nobody was ever added."""
        return self._may_stand_in and not self._store.anybody()

    def everyone(self) -> list[Person]:
        """Everybody who was added, disabled ones too, by name; the demonstration people while they stand in."""
        return list(DEMONSTRATION) if self.demonstration else self._store.people()

    def person(self, name: str) -> Person:
        """Somebody who may act.

        Raises:
            IdentityError: there is nobody of that name, or they are disabled.
        """
        found = self._found(name)
        if found is None:
            raise IdentityError(f"nobody is called {name[:80]!r}; `humphrey users list` lists everybody")
        if found.disabled:
            raise IdentityError(f"{name} is disabled and may do nothing; ask whoever runs humphrey")
        return found

    def groups(self, name: str) -> tuple[str, ...]:
        """The groups of somebody who may act; none for whoever is unknown or disabled."""
        found = self._found(name)
        return found.groups if found and not found.disabled else ()

    def add(self, name: str, role: Role, groups: Sequence[str], password: str) -> Person:
        """Add somebody; with the first one, the demonstration people leave.

        Raises:
            IdentityError: the name, a group or the password will not do, or the name is taken.
        """
        _fit_name(name)
        _fit_password(password)
        if role not in get_args(Role):
            raise IdentityError(f"no role {role!r}; it is one of {', '.join(get_args(Role))}")
        if kept := next((group for group in groups if is_reserved(group)), None):
            raise IdentityError(f"the group {kept[:80]!r} is kept for files of conversations; call it something else")
        person, hashed, at = Person(name, (role,), tuple(groups)), self._passwords.hash(password), self._now()
        with self._store.transaction() as act:
            _fit_beside(name, act.people())
            # Somebody playing a demonstration person must not become the real one of that name.
            act.close_sessions([name, *_STAND_INS], at)
            act.add_person(person, hashed, at)
            act.enter(OPERATOR, "person:add", name, {"role": role}, at)
        return person

    def disable(self, name: str) -> Person:
        """From now on that person may do nothing, and is signed out everywhere.

        Raises:
            IdentityError: nobody of that name was added, or they are disabled already.
        """
        at = self._now()
        with self._store.transaction() as act:
            person = next((one for one in act.people() if one.name == name), None)
            if person is None or person.disabled:
                why = "is disabled already" if person else "was never added"
                raise IdentityError(f"{name[:80]!r} {why}; `humphrey users list` lists everybody")
            act.disable_person(name, at)
            act.close_sessions([name], at)
            act.enter(OPERATOR, "person:disable", name, {}, at)
        return replace(person, disabled=True)

    def sign_in(self, name: str, password: str, address: str) -> str:
        """A token for whoever knows the password. Name and password are not told apart in what is refused.

        Args:
            name: the person's name.
            password: what they typed.
            address: where they call from, to limit guessing.

        Raises:
            IdentityError: wrong, disabled, or tried too often: 10 times a name or 30 times an address in 15 minutes.
        """
        attempt = self._attempt(name, address)
        person = self._found(name)
        hashed = self._store.password_of(person.name) if person else None
        if not self._passwords.verify(password, hashed):
            self._refused(name)
            raise IdentityError(
                "that name and password do not belong together; try again, or ask whoever runs humphrey"
            )
        return self._open(name, attempt)

    def sign_in_demonstration(self, name: str, address: str) -> str:
        """A token for playing a demonstration person.

        Raises:
            IdentityError: nobody stands in for real people here, or not under that name, or tried too often.
        """
        attempt = self._attempt(name, address)
        if not self.demonstration or name not in _STAND_INS:
            self._refused(name)
            raise IdentityError("demonstration people do not stand in here; sign in with a name and a password")
        return self._open(name, attempt)

    def who(self, token: str) -> Person | None:
        """Whose sign-in this is; None when it is unknown, closed, over, or the person may do nothing now."""
        name = self._store.holder(sha256(token), self._now())
        found = self._found(name) if name else None
        return found if found and not found.disabled else None

    def sign_out(self, token: str) -> None:
        """End this sign-in; nothing happens when it is not open."""
        at, digest = self._now(), sha256(token)
        with self._store.transaction() as act:
            person = act.close_session(digest, at)
            if person:
                act.enter(person, "session:close", person, {"session": digest}, at)

    def _found(self, name: str) -> Person | None:
        if not name.isprintable():
            return None
        if self.demonstration:
            return _STAND_INS.get(name)
        return self._store.person(name)

    def _attempt(self, name: str, address: str) -> int:
        """Note an attempt before it is checked, so that many at once are counted too; a success takes it back."""
        at, name, address = self._now(), name[:_LONGEST_NAME] if name.isprintable() else "", address[:100]
        with self._store.transaction() as act:
            failures = act.failures(name, address, at - _WINDOW)
            if failures.of_name >= _PER_NAME or failures.from_address >= _PER_ADDRESS:
                raise IdentityError("too many sign-ins failed; wait 15 minutes and try again")
            return act.add_failure(name, address, at)

    def _refused(self, name: str) -> None:
        # A name nobody has may be a password typed into the wrong box: it is not for the record.
        actor = name if self._found(name) else "unknown"
        with self._store.transaction() as act:
            act.enter(actor, "session:refused", actor, {}, self._now())

    def _open(self, name: str, attempt: int) -> str:
        token, at = secrets.token_urlsafe(32), self._now()
        digest = sha256(token)
        with self._store.transaction() as act:
            act.forget_failure(attempt)
            act.open_session(digest, name, at, at + self._session)
            act.enter(name, "session:open", name, {"session": digest}, at)
        return token


def _fit_name(name: str) -> None:
    plain = name == unicodedata.normalize("NFKC", " ".join(name.split())) and name.isprintable()
    if not plain or not name or len(name) > _LONGEST_NAME or name.casefold() in _RESERVED:
        raise IdentityError(
            f"{name[:_LONGEST_NAME]!r} will not do as a name; take 1 to {_LONGEST_NAME} plain characters, "
            f"and none of {', '.join(sorted(_RESERVED))}"
        )


def _fit_password(password: str) -> None:
    if not _SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
        raise IdentityError(
            f"a password of {len(password)} characters will not do; "
            f"take {_SHORTEST_PASSWORD} to {_LONGEST_PASSWORD}, three random words for example"
        )


def _fit_beside(name: str, people: Sequence[Person]) -> None:
    """Names that differ in capitals alone would make one person look like two."""
    if name.casefold() in {person.name.casefold() for person in people}:
        raise IdentityError(f"somebody is called {name} already; choose another name")
