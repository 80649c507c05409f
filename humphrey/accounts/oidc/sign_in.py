"""Sign-in through the department's identity provider: redirecting to it, and accepting its answer.

Rule: an answer is accepted once, within ten minutes, in the browser that began the sign-in. A person without an
account is accepted only if the settings map one of their groups to a role.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from humphrey.accounts import store as account_store
from humphrey.accounts.guessing import network
from humphrey.accounts.identity_provider import AuthenticationRequest, ClaimMapping, IdentityProvider, ProviderClaims
from humphrey.accounts.model import Person
from humphrey.accounts.service import Accounts
from humphrey.accounts.store import PendingSignIn
from humphrey.database.engine import Database
from humphrey.digests import sha256
from humphrey.errors import IdentityProviderError, TooManyTries
from humphrey.ledger import store as ledger_store

# How long a sign-in may take at the provider.
_LIFE = timedelta(minutes=10)


# Most pending sign-ins of one address; each is a row in the database.
_MOST_FROM_ADDRESS = 300


# Most characters of a state, code or browser secret that are read; the real ones are far shorter.
_LONGEST = 2_000


@dataclass(frozen=True)
class SignInOutcome:
    """The browser's next address, and its cookie: the secret of a pending sign-in, or the token of a session."""

    address: str
    secret: str


class OidcSignIn:
    """Signs people in through an identity provider.

    Args:
        people: the accounts.
        database: holds the pending sign-ins.
        provider: the identity provider.
        rules: maps its claims to a person.
        title: the provider's name on the sign-in page.
        now: the clock.
    """

    def __init__(
        self,
        people: Accounts,
        database: Database,
        provider: IdentityProvider,
        rules: ClaimMapping,
        title: str,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._people = people
        self._database = database
        self._provider = provider
        self._rules = rules
        self.title = title
        self._now = now

    def begin(self, redirect: str, onwards: str, address: str) -> SignInOutcome:
        """Return the provider's address to send a browser to, and the browser's secret.

        Args:
            redirect: humphrey's address to which the browser returns.
            onwards: the page to show after the sign-in.
            address: the client's network address.

        Raises:
            IdentityProviderError: the provider does not answer.
            TooManyTries: 300 sign-ins of that address are pending.
        """
        state, nonce, browser = (secrets.token_urlsafe(32) for _ in range(3))
        asked, at = AuthenticationRequest(redirect, state, nonce, secrets.token_urlsafe(48)), self._now()
        where = self._provider.address(asked)
        with self._database.transaction() as tx:
            if account_store.count_pending_sign_ins(tx, network(address), at - _LIFE) >= _MOST_FROM_ADDRESS:
                raise TooManyTries("too many sign-ins were begun and not ended; wait ten minutes and try again", 600)
            pending = PendingSignIn(sha256(browser), asked.nonce, asked.verifier, onwards)
            account_store.add_pending_sign_in(tx, sha256(asked.state), pending, network(address), at)
        return SignInOutcome(where, browser)

    def finish(self, redirect: str, state: str, code: str, browser: str, replacing: str = "") -> SignInOutcome:
        """Sign in the person who returns from the provider.

        Args:
            redirect: the address passed to `begin`.
            state: the state that the browser brought back.
            code: the code that the provider gave the browser.
            browser: the secret of the browser's cookie.
            replacing: the browser's previous token; empty if there is none.

        Raises:
            IdentityProviderError: the answer matches no pending sign-in, the provider rejects it, or no account
                matches.
            IdentityError: the account is disabled, or the claims are invalid.
        """
        pending = self._take_pending(state, browser)
        asked = AuthenticationRequest(redirect, state, pending.nonce, pending.verifier)
        try:
            claims = self._rules.read(self._provider.claims(code[:_LONGEST], asked))
            person = self._account_for(claims)
        except IdentityProviderError as error:
            self._record(error.why)
            raise
        return SignInOutcome(pending.onwards, self._people.sign_in_through_provider(person.name, replacing))

    def declined(self, state: str, browser: str, said: str) -> None:
        """Record that the provider returned an error instead of a code.

        Raises:
            IdentityProviderError: always; the message says why.
        """
        self._take_pending(state, browser)
        self._record("declined")
        denied = "you did not sign in there" if said == "access_denied" else "the provider could not sign you in"
        raise IdentityProviderError(f"{denied}; try again, or ask the humphrey administrator", "declined")

    def _take_pending(self, state: str, browser: str) -> PendingSignIn:
        with self._database.transaction() as tx:
            pending = account_store.take_pending_sign_in(tx, sha256(state[:_LONGEST]), self._now() - _LIFE)
        # Compared after it was deleted: a leaked state is useless in another browser, and then useless everywhere.
        if pending is None or not hmac.compare_digest(pending.browser, sha256(browser[:_LONGEST])):
            raise IdentityProviderError(
                "this sign-in was not begun in this browser, is used already or is older than ten minutes; begin again",
                "state",
            )
        return pending

    def _account_for(self, claims: ProviderClaims) -> Person:
        known = account_store.person_by_identity(self._database, claims.identity)
        if claims.roles is None and known is None:
            raise IdentityProviderError(
                f"no account here has your identity {claims.identity[:100]!r}; "
                "ask an administrator to add you with that identity",
                "unknown",
            )
        if claims.roles == ():
            self._people.close_sessions_of(known)
            raise IdentityProviderError(
                "none of your groups at the identity provider gives you a role here; "
                "ask the people who manage them in your department",
                "no role",
            )
        return self._people.apply_provider_claims(known, claims)

    def _record(self, why: str) -> None:
        with self._database.transaction() as tx:
            ledger_store.enter(tx, "unknown", "session:refused", "identity provider", {"why": why}, self._now())
