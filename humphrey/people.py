"""Who may use humphrey: adding and changing people, and finding who acts. What is kept is never a secret.

Rule: whoever acts is found from the database each time, so that disabling somebody works at once everywhere. People are
changed by administrators, or by whoever runs humphrey at the machine; nobody changes what they may do themselves, and
the last administrator stays one.
"""

import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import get_args

from humphrey.core.addresses import address_fault
from humphrey.core.attaching import is_reserved
from humphrey.core.drafts import canonical, sha256
from humphrey.core.ledger import Act
from humphrey.core.markings import CLASSIFICATIONS
from humphrey.core.people import DEMONSTRATION, NOBODY, OPERATOR, PROVIDER, Person, Role
from humphrey.core.rights import may, require
from humphrey.core.sessions import Lasting
from humphrey.errors import IdentityError, NotPermitted, ReviewError
from humphrey.sign_ins import LONGEST_NAME, Passwords, SignIns
from humphrey.store import Store, Transaction

__all__ = ["OPERATOR", "Change", "Passwords", "People"]

Change = Callable[[Person], Person]
"""Makes of somebody as they are somebody as they should be."""

_RESERVED = frozenset({OPERATOR, PROVIDER, "unknown", "humphrey", NOBODY})
_SHORTEST_PASSWORD, _LONGEST_PASSWORD = 8, 200
_MOST_GROUPS, _LONGEST_GROUP, _LONGEST_IDENTITY = 50, 100, 400
_STAND_INS = {person.name: person for person in DEMONSTRATION}
_OWN = frozenset({"email", "deputies"})
"""What somebody who may change people may change of themselves."""


def _now() -> datetime:
    return datetime.now(UTC)


class People(SignIns):
    """Everybody who may use humphrey.

    Args:
        store: where they are kept.
        passwords: how passwords are hashed.
        demonstration: whether made-up people may stand in while nobody was added.
        kinds: the kinds of paper that can be granted; None where any may.
        lasting: how long a sign-in lasts.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        passwords: Passwords,
        *,
        demonstration: bool,
        kinds: Collection[str] | None = None,
        lasting: Lasting | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        super().__init__(store, passwords, lasting or Lasting(), now)
        self._may_stand_in = demonstration
        self._kinds = kinds

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

    def add(self, person: Person, password: str = "", by: str = OPERATOR) -> Person:
        """Add somebody; with the first one, the demonstration people leave.

        Args:
            person: who they are and what they may.
            password: what they sign in with; only somebody with an identity at a provider needs none.
            by: who adds them.

        Raises:
            IdentityError: a part of it will not do, or the name or the identity is taken.
            NotPermitted: whoever adds them is no administrator.
        """
        with self._administering("person:add", person.name, by):
            self._fit(person)
            if password or not person.identity:
                _fit_password(password)
        hashed, at = self._passwords.hash(password) if password else "", self._now()
        with self._acting("person:add", person.name, by) as act:
            known = act.people()
            _fit_beside(person, known)
            # Somebody playing a demonstration person must not become the real one of that name.
            act.close_sessions_of([person.name, *_STAND_INS], at)
            act.add_person(person, hashed, at)
            act.enter(by, "person:add", person.name, _said(person, ("roles",)), at)
        return person

    def change(self, name: str, change: Change, by: str = OPERATOR) -> Person:
        """Give somebody other roles, groups, grants, deputies, another address or identity; or disable or enable them.

        Args:
            name: whom.
            change: makes them what they should be; their name stays.
            by: who does it.

        Raises:
            IdentityError: nobody of that name was added, what they should be will not do, or nobody would be left to
                administer.
            NotPermitted: whoever does it is no administrator, or would change what they may do themselves.
        """
        with self._acting("person:change", name, by) as act:
            known, at = act.people(), self._now()
            before = _among(known, name)
            after = change(before)
            self._fit(after)
            changed = tuple(field for field, value in vars(before).items() if value != getattr(after, field))
            if not changed:
                return before
            _fit_change(before, after, changed, known, by)
            act.change_person(after, at)
            if after.disabled and not before.disabled:
                act.close_sessions_of([name], at)
                act.enter(by, "person:disable", name, {}, at)
            else:
                act.enter(by, "person:change", name, _said(after, changed), at)
        return after

    def disable(self, name: str, by: str = OPERATOR) -> Person:
        """From now on that person may do nothing, and is signed out everywhere; errors as of `change`."""
        return self.change(name, lambda person: _turned(person, disabled=True), by)

    def enable(self, name: str, by: str = OPERATOR) -> Person:
        """Let a disabled person act again; errors as of `change`."""
        return self.change(name, lambda person: _turned(person, disabled=False), by)

    def give_password(self, name: str, password: str, by: str = OPERATOR) -> None:
        """Give somebody another password; whoever is signed in as them is signed out.

        Raises:
            IdentityError: nobody of that name was added, or the password will not do.
            NotPermitted: whoever does it is no administrator.
        """
        with self._administering("person:change", name, by):
            _fit_password(password)
        self._set_password(name, password, by, keeping="")

    def change_password(self, token: str, old: str, new: str, address: str) -> None:
        """Give oneself another password; every other sign-in of one's own is ended.

        Raises:
            IdentityError: the sign-in has ended, the old password is wrong, or the new one will not do.
            TooManyTries: as of `sign_in`.
        """
        person = self.who(token)
        if person is None or self.demonstration:
            raise IdentityError("only somebody who was added and is signed in has a password; sign in again")
        attempt = self._attempt(person.name, address)
        if not self._passwords.verify(old, self._store.password_of(person.name)):
            self._refused(person.name)
            raise IdentityError("that is not your password now; type the one you signed in with")
        with self._store.transaction() as act:
            act.forget_failure(attempt)
        _fit_password(new)
        self._set_password(person.name, new, person.name, keeping=sha256(token))

    def revoke(self, session_id: str, by: str = OPERATOR) -> str:
        """End a sign-in; whose it was. Anybody may end their own, an administrator everybody's.

        Raises:
            IdentityError: there is no such sign-in, or it has ended.
            NotPermitted: it is somebody else's, and whoever would end it is no administrator.
        """
        found = [each for each in self.sessions() if each.id == session_id]
        own = bool(found) and found[0].person == by
        with self._acting("session:close", session_id, by, own=own) as act:
            if not found:
                raise IdentityError(f"no sign-in {session_id[:40]!r} is open; `humphrey sessions list` lists them")
            at = self._now()
            act.close_sessions([found[0].digest], at)
            act.enter(by, "session:close", found[0].person, {"session": found[0].digest}, at)
        return found[0].person

    def require_administrator(self, name: str) -> Person:
        """The person of that name, who must be an administrator.

        Raises:
            IdentityError: there is nobody of that name, or they are disabled.
            NotPermitted: they are no administrator.
        """
        person = self.person(name)
        require(person, "administer")
        return person

    def _found(self, name: str) -> Person | None:
        if not name.isprintable():
            return None
        if self.demonstration:
            return _STAND_INS.get(name)
        return self._store.person(name)

    @contextmanager
    def _administering(self, tried: Act, subject: str, by: str, *, own: bool = False) -> Iterator[None]:
        """What only an administrator may try, or whoever runs humphrey; a refusal goes on the record."""
        try:
            if by not in {OPERATOR, PROVIDER} and not own:
                self.require_administrator(by)
                if self.demonstration:
                    raise NotPermitted(
                        "demonstration people change nobody; begin with `humphrey users add NAME --role administrator`"
                    )
            yield
        except (IdentityError, ReviewError) as error:
            with self._store.transaction() as act:
                act.enter(by, "act:refused", subject, {"tried": tried, "why": type(error).__name__}, self._now())
            raise

    @contextmanager
    def _acting(self, tried: Act, subject: str, by: str, *, own: bool = False) -> Iterator[Transaction]:
        """One transaction of an administrator; refused, everything is taken back and the attempt is on the record."""
        with self._administering(tried, subject, by, own=own), self._store.transaction() as act:
            yield act

    def _set_password(self, name: str, password: str, by: str, keeping: str) -> None:
        hashed, at = self._passwords.hash(password), self._now()
        with self._acting("person:change", name, by, own=by == name) as act:
            _among(act.people(), name)
            act.set_password(name, hashed)
            act.close_sessions([each.digest for each in act.sessions(at, name) if each.digest != keeping], at)
            act.enter(by, "person:change", name, {"changed": "password"}, at)

    def _fit(self, person: Person) -> None:
        """Refuse what will not do, whoever asks for it."""
        _fit_name(person.name)
        _fit_roles(person.roles)
        _fit_groups(person.groups)
        if self._kinds is not None:
            _among_known("kind of paper", person.kinds, self._kinds)
        _among_known("classification", person.markings, CLASSIFICATIONS)
        if person.email and (fault := address_fault(person.email)):
            raise IdentityError(fault)
        if len(person.identity) > _LONGEST_IDENTITY or not person.identity.isprintable():
            raise IdentityError(f"the identity {person.identity[:80]!r} will not do; copy it from the provider")


def _fit_name(name: str) -> None:
    plain = name == unicodedata.normalize("NFKC", " ".join(name.split())) and name.isprintable()
    if not plain or not name or len(name) > LONGEST_NAME or name.casefold() in _RESERVED:
        raise IdentityError(
            f"{name[:LONGEST_NAME]!r} will not do as a name; take 1 to {LONGEST_NAME} plain characters, "
            f"and none of {', '.join(sorted(_RESERVED))}"
        )


def _fit_roles(roles: Sequence[str]) -> None:
    if not roles:
        raise IdentityError(f"everybody has a role; give one of {', '.join(get_args(Role))}")
    _among_known("role", roles, get_args(Role))


def _fit_groups(groups: Sequence[str]) -> None:
    if kept := next((group for group in groups if is_reserved(group)), None):
        raise IdentityError(f"the group {kept[:80]!r} is kept for files of conversations; call it something else")
    fits = len(groups) <= _MOST_GROUPS and all(each.isprintable() and len(each) <= _LONGEST_GROUP for each in groups)
    if not fits:
        raise IdentityError(
            f"somebody is in at most {_MOST_GROUPS} groups, each named with at most {_LONGEST_GROUP} plain characters"
        )


def _among_known(what: str, given: Sequence[str], known: Collection[str]) -> None:
    if unknown := next((each for each in given if each not in known), None):
        raise IdentityError(f"no {what} {unknown[:80]!r}; it is one of {', '.join(known)}")


def _fit_password(password: str) -> None:
    if not _SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
        raise IdentityError(
            f"a password of {len(password)} characters will not do; "
            f"take {_SHORTEST_PASSWORD} to {_LONGEST_PASSWORD}, three random words for example"
        )


def _fit_beside(person: Person, others: Sequence[Person]) -> None:
    """Names that differ in capitals alone would make one person look like two."""
    if person.name.casefold() in {other.name.casefold() for other in others}:
        raise IdentityError(f"somebody is called {person.name} already; choose another name")
    _fit_ties(person, others)


def _fit_ties(person: Person, others: Sequence[Person]) -> None:
    """Deputies are others who were added; an identity is one person's."""
    names = {other.name for other in others} - {person.name}
    if strange := next((deputy for deputy in person.deputies if deputy not in names), None):
        raise IdentityError(f"{strange[:80]!r} cannot stand in for {person.name}; name somebody else who was added")
    if person.identity and any(o.identity == person.identity for o in others if o.name != person.name):
        raise IdentityError(f"the identity {person.identity[:80]!r} is somebody else's; see `humphrey users list`")


def _fit_change(before: Person, after: Person, changed: Sequence[str], known: Sequence[Person], by: str) -> None:
    if by == before.name and not _OWN.issuperset(changed):
        raise NotPermitted(f"nobody changes what they may do themselves; another administrator can change {by}")
    if "deputies" in changed or "identity" in changed:
        _fit_ties(after, known)
    others = [each for each in known if each.name != before.name]
    if may(before, "administer") and not may(after, "administer") and not any(may(o, "administer") for o in others):
        raise IdentityError(f"{before.name} is the only administrator; make somebody else one before that")


def _among(people: Sequence[Person], name: str) -> Person:
    found = next((person for person in people if person.name == name), None)
    if found is None:
        raise IdentityError(f"{name[:80]!r} was never added; `humphrey users list` lists everybody")
    return found


def _turned(person: Person, *, disabled: bool) -> Person:
    if person.disabled == disabled:
        already = "disabled" if disabled else "enabled"
        raise IdentityError(f"{person.name!r} is {already} already; `humphrey users list` lists everybody")
    return replace(person, disabled=disabled)


def _said(person: Person, changed: Sequence[str]) -> dict[str, str]:
    """What the record says of a change: which parts, the roles where they are among them, and a digest of the whole."""
    said = {"changed": " ".join(changed), "digest": sha256(canonical(asdict(person)))}
    return {**said, "roles": " ".join(person.roles)} if "roles" in changed else said
