"""Signing in through the department's identity provider: beginning it, and taking in what the provider says.

Rule: an answer counts once, within ten minutes, in the browser that asked; and whoever nobody here knows is let in only
where the settings say that their groups give them a role.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from humphrey.accounts import store as account_store
from humphrey.accounts.identity_provider import AuthenticationRequest, ClaimMapping, IdentityProvider, ProviderClaims
from humphrey.accounts.model import Person
from humphrey.accounts.service import Accounts
from humphrey.accounts.sessions import network
from humphrey.accounts.store import PendingSignIn
from humphrey.database.engine import Database
from humphrey.digests import sha256
from humphrey.errors import NotVouched, TooManyTries
from humphrey.ledger import store as ledger_store

_LIFE = timedelta(minutes=10)


_MOST_FROM_ADDRESS = 300


_LONGEST = 2_000


@dataclass(frozen=True)
class SignInOutcome:
    """Where a browser goes, and what it keeps: a secret of the sign-in that begins, or the token of one that is."""

    address: str
    secret: str


class OidcSignIn:
    """Signs people in whom a provider vouches for.

    Args:
        people: who is known here.
        database: where what is under way is kept.
        provider: whom to ask.
        rules: how what it says is read.
        title: what the provider is called on the sign-in page.
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
        """Send a browser to the provider.

        Args:
            redirect: the address of ours that it comes back to.
            onwards: the page it wants afterwards.
            address: where it calls from.

        Raises:
            NotVouched: the provider cannot be asked.
            TooManyTries: 300 sign-ins of that address wait for an answer.
        """
        state, nonce, browser = (secrets.token_urlsafe(32) for _ in range(3))
        asked, at = AuthenticationRequest(redirect, state, nonce, secrets.token_urlsafe(48)), self._now()
        where = self._provider.address(asked)
        with self._database.transaction() as tx:
            if account_store.count_pending_sign_ins(tx, network(address), at - _LIFE) >= _MOST_FROM_ADDRESS:
                raise TooManyTries("too many sign-ins were begun and not ended; wait ten minutes and try again")
            begun = PendingSignIn(sha256(browser), asked.nonce, asked.verifier, onwards)
            account_store.add_pending_sign_in(tx, sha256(asked.state), begun, network(address), at)
        return SignInOutcome(where, browser)

    def finish(self, redirect: str, state: str, code: str, browser: str, replacing: str = "") -> SignInOutcome:
        """Sign in whoever comes back from the provider.

        Args:
            redirect: as it was begun with.
            state: what came back with the browser.
            code: what the provider gave it to show.
            browser: the secret that the browser kept.
            replacing: the token it had before; empty where it had none.

        Raises:
            NotVouched: nothing fits this answer, the provider does not stand by it, or nobody here is meant.
            IdentityError: who is meant is disabled, or what the provider says of them will not do.
        """
        begun = self._taken(state, browser)
        asked = AuthenticationRequest(redirect, state, begun.nonce, begun.verifier)
        try:
            vouched = self._rules.read(self._provider.claims(code[:_LONGEST], asked))
            person = self._known(vouched)
        except NotVouched as error:
            self._record(error.why)
            raise
        return SignInOutcome(begun.onwards, self._people.sign_in_through_provider(person.name, replacing))

    def declined(self, state: str, browser: str, said: str) -> None:
        """Note that the provider sent the browser back with an error instead of a code.

        Raises:
            NotVouched: always; the message fits what it said.
        """
        self._taken(state, browser)
        self._record("declined")
        denied = "you did not sign in there" if said == "access_denied" else "the provider could not sign you in"
        raise NotVouched(f"{denied}; try again, or ask whoever runs humphrey", "declined")

    def _taken(self, state: str, browser: str) -> PendingSignIn:
        with self._database.transaction() as tx:
            begun = account_store.take_pending_sign_in(tx, sha256(state[:_LONGEST]), self._now() - _LIFE)
        # Compared after it was taken: a state that leaked is no use to anybody else, and then to nobody.
        if begun is None or not hmac.compare_digest(begun.browser, sha256(browser[:_LONGEST])):
            raise NotVouched(
                "this sign-in was not begun in this browser, is used already or is older than ten minutes; begin again",
                "state",
            )
        return begun

    def _known(self, vouched: ProviderClaims) -> Person:
        known = account_store.person_by_identity(self._database, vouched.identity)
        if vouched.roles is None and known is None:
            raise NotVouched(
                f"your account is {vouched.identity[:100]!r} there, and nobody here has it; "
                "ask an administrator to add you with that identity",
                "unknown",
            )
        if vouched.roles == ():
            self._people.close_sessions_of(known)
            raise NotVouched(
                "none of your groups there gives you a role here; ask whoever looks after them in your department",
                "no role",
            )
        return self._people.apply_provider_claims(known, vouched)

    def _record(self, why: str) -> None:
        with self._database.transaction() as tx:
            ledger_store.enter(tx, "unknown", "session:refused", "identity provider", {"why": why}, self._now())
