"""Accounts: adding and changing people, and finding the person who acts. No secret is stored.

Rule: the acting person is read from the database each time, so that disabling an account takes effect everywhere at
once. Administrators and the operator change accounts. Nobody changes their own permissions, and one administrator
always remains.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime

from humphrey.accounts import store as account_store
from humphrey.accounts.identity_provider import ProviderClaims
from humphrey.accounts.model import DEMONSTRATION_PEOPLE, Person, SessionLifetime
from humphrey.accounts.password_rules import validate_password
from humphrey.accounts.roles import may, require
from humphrey.accounts.sessions import PasswordHasher, Sessions
from humphrey.accounts.validation import validate_change, validate_new_person, validate_person
from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.digests import canonical, sha256
from humphrey.errors import IdentityError, NotPermitted, ReviewError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.attempts import Attempts
from humphrey.ledger.model import OPERATOR, PROVIDER, Act

__all__ = ["OPERATOR", "Accounts", "Change", "PasswordHasher"]


Change = Callable[[Person], Person]
"""Returns a person as they should be, given the person as they are."""


_DEMONSTRATION = {person.name: person for person in DEMONSTRATION_PEOPLE}


def _now() -> datetime:
    return datetime.now(UTC)


class Accounts(Sessions):
    """The accounts of all people.

    Args:
        database: holds the accounts.
        passwords: hashes passwords.
        demonstration: whether made-up people may be used while no account exists.
        kinds: the kinds of paper that can be granted; None if any may.
        lifetime: how long a session lasts.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        passwords: PasswordHasher,
        *,
        demonstration: bool,
        kinds: Collection[str] | None = None,
        lifetime: SessionLifetime | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        super().__init__(database, passwords, lifetime or SessionLifetime(), now)
        self._allow_demonstration = demonstration
        self._kinds = kinds
        self._attempts = Attempts(database, now, (IdentityError, ReviewError))

    @property
    def demonstration(self) -> bool:
        """Whether demonstration people are in use: they are allowed, and no account was ever added."""
        # Accounts are disabled and never deleted, so this is asked until there is one, and then no more.
        if self._allow_demonstration and account_store.has_people(self._database):
            self._allow_demonstration = False
        return self._allow_demonstration

    def everyone(self) -> list[Person]:
        """Return all people by name, disabled ones included; the demonstration people while they are in use."""
        return list(DEMONSTRATION_PEOPLE) if self.demonstration else account_store.list_people(self._database)

    def person(self, name: str) -> Person:
        """Return a person who may act.

        Raises:
            IdentityError: there is no such person, or they are disabled.
        """
        found = self._find(name)
        if found is None:
            raise IdentityError(f"there is no account {name[:80]!r}; `humphrey users list` lists all accounts")
        if found.disabled:
            raise IdentityError(f"the account {name} is disabled; ask the humphrey administrator")
        return found

    def groups(self, name: str) -> tuple[str, ...]:
        """Return the groups of a person; empty if the person is unknown or disabled."""
        found = self._find(name)
        return found.groups if found and not found.disabled else ()

    def add(self, person: Person, password: str = "", by: str = OPERATOR) -> Person:
        """Add an account; the first one ends the use of demonstration people.

        Args:
            person: the account.
            password: the password; may be empty only if the person has an identity at the provider.
            by: the person who adds it.

        Raises:
            IdentityError: a part of it is invalid, or the name or the identity is taken.
            NotPermitted: `by` is not an administrator.
        """
        first = self._may_add_first(person, by)
        with self._require_administering("person:add", person.name, by, own=first):
            validate_person(person, self._kinds)
            if password or not person.identity:
                validate_password(password, person)
        hashed, at = self._passwords.hash(password) if password else "", self._now()
        with self._administer("person:add", person.name, by, own=first) as tx:
            if first and account_store.list_people(tx):
                raise NotPermitted("the first account was added meanwhile; sign in as its person")
            _add(tx, person, hashed, by, at)
        return person

    def _may_add_first(self, person: Person, by: str) -> bool:
        """Return whether a demonstration administrator may add this account: the first one, of an administrator.

        Demonstration people exist only where humphrey listens on this machine's own addresses.
        """
        if by == OPERATOR or not self.demonstration:
            return False
        return may(person, "administer") and may(self.person(by), "administer")

    def change(self, name: str, change: Change, by: str = OPERATOR) -> Person:
        """Change an account: roles, groups, grants, deputies, address, identity, disabled or enabled.

        Args:
            name: the person.
            change: returns the changed account; the name stays.
            by: the person who changes it.

        Raises:
            IdentityError: there is no such account, the change is invalid, or no administrator would remain.
            NotPermitted: `by` is not an administrator, or would change their own permissions.
        """
        with self._administer("person:change", name, by) as tx:
            return self._apply_change(tx, name, change, by)

    def apply_provider_claims(self, known: Person | None, claims: ProviderClaims) -> Person:
        """Add a person as the identity provider describes them, or update their roles and groups.

        Args:
            known: the person with that identity; None if there is none.
            claims: the provider's claims.

        Raises:
            IdentityError: the claims are invalid, the name is taken, or no administrator would remain.
        """
        name, at = known.name if known else claims.name, self._now()
        with self._administer("person:change" if known else "person:add", name, PROVIDER, own=True) as tx:
            if known:
                return self._apply_change(tx, name, lambda person: _with_claims(person, claims), PROVIDER)
            person = _with_claims(Person(name, (), email=claims.email, identity=claims.identity), claims)
            validate_person(person, self._kinds)
            _add(tx, person, "", PROVIDER, at)
            return person

    def close_sessions_of(self, person: Person | None) -> None:
        """Close all sessions of a person to whom the identity provider gives no role any more; do nothing for None."""
        if person is None:
            return
        at = self._now()
        with self._database.transaction() as tx:
            for session in account_store.live_sessions(tx, at, person.name):
                ledger_store.enter(tx, PROVIDER, "session:close", person.name, {"session": session.digest}, at)
            account_store.close_sessions_of(tx, [person.name], at)

    def disable(self, name: str, by: str = OPERATOR) -> Person:
        """Disable an account and close all its sessions; errors as for `change`."""
        return self.change(name, lambda person: _with_disabled(person, disabled=True), by)

    def enable(self, name: str, by: str = OPERATOR) -> Person:
        """Enable a disabled account; errors as for `change`."""
        return self.change(name, lambda person: _with_disabled(person, disabled=False), by)

    def set_password(self, name: str, password: str, by: str = OPERATOR) -> None:
        """Set another person's password and close all their sessions; they must change it when they sign in.

        Raises:
            IdentityError: there is no such account, or the password is too short, too long or too common.
            NotPermitted: `by` is not an administrator.
        """
        with self._require_administering("person:change", name, by):
            validate_password(password, _require_account(account_store.list_people(self._database), name))
        self._set_password(name, password, by, keeping="")

    def change_password(self, token: str, old: str, new: str) -> None:
        """Change one's own password and close all one's other sessions.

        Raises:
            IdentityError: the session has ended, the old password is wrong, or the new one is the old one, too short,
                too long or too common.
            TooManyTries: as for `sign_in`, counted for this session alone.
        """
        person = self.signed_in_person(token)
        if person is None or self.demonstration:
            raise IdentityError("only a signed-in person with an account can change a password; sign in again")
        attempt = self._guessing.begin_signed_in(person.name, sha256(token))
        if not self._passwords.verify(old, account_store.password_hash(self._database, person.name)):
            self._refuse(person.name, attempt, "the current password is wrong; type the one you signed in with")
        with self._database.transaction() as tx:
            account_store.forget_failure(tx, attempt.number)
        validate_password(new, person)
        if new == old:
            raise IdentityError("the new password is the one you have; choose another")
        self._set_password(person.name, new, person.name, keeping=sha256(token))

    def revoke(self, session_id: str, by: str = OPERATOR) -> str:
        """Close a session and return the name of its person. People may close their own, administrators every session.

        Raises:
            IdentityError: there is no such open session.
            NotPermitted: it is another person's, and `by` is not an administrator.
        """
        found = [each for each in self.sessions() if each.id == session_id]
        own = bool(found) and found[0].person == by
        with self._administer("session:close", session_id, by, own=own) as tx:
            if not found:
                raise IdentityError(
                    f"there is no open session {session_id[:40]!r}; `humphrey sessions list` lists them"
                )
            at = self._now()
            account_store.close_sessions(tx, [found[0].digest], at)
            ledger_store.enter(tx, by, "session:close", found[0].person, {"session": found[0].digest}, at)
        return found[0].person

    def require_administrator(self, name: str) -> Person:
        """Return a person who must be an administrator.

        Raises:
            IdentityError: there is no such person, or they are disabled.
            NotPermitted: they are not an administrator.
        """
        person = self.person(name)
        require(person, "administer")
        return person

    def _find(self, name: str) -> Person | None:
        if not name.isprintable():
            return None
        if self.demonstration:
            return _DEMONSTRATION.get(name)
        return account_store.person(self._database, name)

    @contextmanager
    def _require_administering(self, tried: Act, subject: str, by: str, *, own: bool = False) -> Iterator[None]:
        """Require an administrator or the operator; enter a refusal in the ledger."""
        with self._attempts.trying(tried, subject, by):
            if by != OPERATOR and not own:
                self.require_administrator(by)
                if self.demonstration:
                    raise NotPermitted(
                        "demonstration people cannot change accounts; "
                        "begin with an account that has the role administrator: add one on the People page, or with "
                        "`humphrey users add NAME --role administrator`"
                    )
            yield

    @contextmanager
    def _administer(self, tried: Act, subject: str, by: str, *, own: bool = False) -> Iterator[Transaction]:
        """Run an administrator's act in one transaction; roll it back and enter the attempt if it is refused."""
        with self._require_administering(tried, subject, by, own=own), self._database.transaction() as tx:
            yield tx

    def _apply_change(self, tx: Transaction, name: str, change: Change, by: str) -> Person:
        known, at = account_store.list_people(tx), self._now()
        before = _require_account(known, name)
        after = change(before)
        changed = tuple(field for field, value in vars(before).items() if value != getattr(after, field))
        if not changed:
            return before
        if changed != ("disabled",):
            # Disabling alone skips validation: an account with an outdated grant can still be disabled.
            validate_person(after, self._kinds)
        validate_change(before, after, changed, known, by)
        account_store.change_person(tx, after, at)
        if after.disabled and not before.disabled:
            account_store.close_sessions_of(tx, [name], at)
            account_store.forget_browsers(tx, name)
            ledger_store.enter(tx, by, "person:disable", name, account_store.kept(tx, name), at)
        else:
            said = {**_change_detail(after, changed, before), **account_store.kept(tx, name)}
            ledger_store.enter(tx, by, "person:change", name, said, at)
        return after

    def _set_password(self, name: str, password: str, by: str, keeping: str) -> None:
        hashed, at = self._passwords.hash(password), self._now()
        with self._administer("person:change", name, by, own=by == name) as tx:
            _require_account(account_store.list_people(tx), name)
            account_store.set_password(tx, name, hashed)
            account_store.set_password_giver(tx, name, "" if by == name else by)
            if by != name:
                account_store.forget_browsers(tx, name)
            account_store.close_sessions(
                tx, [each.digest for each in account_store.live_sessions(tx, at, name) if each.digest != keeping], at
            )
            said = {"changed": "password", **account_store.kept(tx, name)}
            ledger_store.enter(tx, by, "person:change", name, said, at)


def _add(tx: Transaction, person: Person, hashed: str, by: str, at: datetime) -> None:
    others = account_store.list_people(tx)
    validate_new_person(person, others)
    if not others:
        # A session of a demonstration person must not become a session of the real person of that name.
        account_store.close_sessions_of(tx, list(_DEMONSTRATION), at)
    account_store.add_person(tx, person, hashed, at)
    account_store.set_password_giver(tx, person.name, by if hashed else "")
    said = {**_change_detail(person, ("roles",)), **account_store.kept(tx, person.name)}
    ledger_store.enter(tx, by, "person:add", person.name, said, at)


def _with_claims(person: Person, claims: ProviderClaims) -> Person:
    """Return a person with the provider's roles and groups, where the provider decides them."""
    roles = person.roles if claims.roles is None else claims.roles
    return replace(person, roles=roles, groups=person.groups if claims.groups is None else claims.groups)


def _require_account(people: Sequence[Person], name: str) -> Person:
    found = next((person for person in people if person.name == name), None)
    if found is None:
        raise IdentityError(f"there is no account {name[:80]!r}; `humphrey users list` lists all accounts")
    return found


def _with_disabled(person: Person, *, disabled: bool) -> Person:
    if person.disabled == disabled:
        already = "disabled" if disabled else "enabled"
        raise IdentityError(f"{person.name!r} is {already} already; `humphrey users list` lists all accounts")
    return replace(person, disabled=disabled)


def _change_detail(person: Person, changed: Sequence[str], before: Person | None = None) -> dict[str, str]:
    """Return the ledger detail of a change: the changed fields, a digest of the account, and roles if changed.

    It has digests of the identity and the address, and of those before, by which accounts of one person are known.
    """
    said = {"changed": " ".join(changed), "digest": sha256(canonical(asdict(person)))}
    if "roles" in changed:
        said["roles"] = " ".join(person.roles)
    for field in {"identity", "email"} & ({*changed} if before else {"identity", "email"}):
        values = {field: getattr(person, field), f"{field}_before": getattr(before, field) if before else ""}
        said |= {
            name: sha256(value.casefold() if field == "email" else value) for name, value in values.items() if value
        }
    return said
