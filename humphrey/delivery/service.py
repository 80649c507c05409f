"""Delivery: send approved texts, list them, retry the ones set aside, and show people the texts delivered to them."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from humphrey.accounts.roles import require
from humphrey.accounts.service import Accounts
from humphrey.clearance import gate
from humphrey.clearance.gate import Release
from humphrey.clearance.model import Review
from humphrey.clearance.store import reviews as review_store
from humphrey.database.engine import Database
from humphrey.delivery import store as outbox_store
from humphrey.delivery.listing import Clears, OutboxListing, outbox_of
from humphrey.delivery.model import Outlet
from humphrey.delivery.outbox import Deliveries, Outbox, join_results
from humphrey.delivery.store import OutboxRow
from humphrey.errors import ReviewError, SettingsError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.attempts import Attempts
from humphrey.ledger.entry_signatures import FirstUnsigned, first_unsigned
from humphrey.ledger.model import Entry

logger = logging.getLogger(__name__)


class DeliveryService:
    """Delivers approved texts.

    Args:
        database: holds the outbox and the ledger.
        people: the accounts.
        attempts: enters refused acts.
        outlets: the outlets by name.
        expire: returns approvals that have run out to the queue.
        approval_life: how long an approval is valid before delivery.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        people: Accounts,
        attempts: Attempts,
        outlets: Mapping[str, Outlet],
        expire: Callable[[], object],
        approval_life: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._people = people
        self._attempts = attempts
        self._outlets = outlets
        self._expire = expire
        self._approval_life = approval_life
        self._now = now
        self._outbox = Outbox(database, approval_life, now)

    def deliver(self, outlet: str) -> Deliveries:
        """Send what waits for one outlet, at least once and under one key.

        Approvals that have run out are first returned to the queue, and are not delivered.

        Raises:
            SettingsError: no outlet has that name, or a setting of it is missing.
        """
        chosen = self._outlets.get(outlet)
        if chosen is None:
            raise SettingsError(f"no outlet {outlet[:40]!r}; it is one of {', '.join(self._outlets)}")
        if chosen.send is None:
            raise SettingsError(chosen.unavailable)
        self._expire()
        return self._outbox.deliver(outlet, chosen.send)

    def deliver_all(self) -> Deliveries:
        """Send what waits, outlet by outlet."""
        return join_results([self.deliver(name) for name, outlet in self._outlets.items() if outlet.send])

    def outbox_rows(self, *, everything: bool = False) -> Sequence[OutboxRow]:
        """Return the approved texts that have not left, or all there ever were; longest waiting first."""
        return outbox_store.list_items(self._database, everything=everything)

    def listing(self, name: str, clears: Clears) -> OutboxListing:
        """Return the outbox as a person sees it.

        Args:
            name: an administrator, who sees all of it, or a reviewer.
            clears: returns whether a reviewer may clear a draft.

        Raises:
            IdentityError: the person is unknown or disabled.
            NotPermitted: the person is neither.
        """
        return outbox_of(self._database, self._people.person(name), clears, self._now())

    def put_back(self, review_id: str, administrator: str) -> None:
        """Retry a release that failed or was set aside, at once.

        Raises:
            IdentityError: the administrator is unknown or disabled.
            NotPermitted: the person is not an administrator.
            ReviewError: no release of that review failed or is set aside.
        """
        with self._attempts.acting("release:retry", review_id, administrator) as tx:
            require(self._people.person(administrator), "administer")
            at = self._now()
            outbox_store.put_back(tx, review_id, at)
            ledger_store.enter(tx, administrator, "release:retry", review_id, {}, at)

    def released_to(self, person: str) -> Sequence[Release]:
        """Return the texts that the pages delivered to a person, latest first.

        The gate makes each release again from what is stored; a review that it refuses is left out.
        """
        pages = {name for name, outlet in self._outlets.items() if outlet.on_pages}
        delivered = review_store.delivered_to(self._database, person, pages)
        signed = {review.id: first_unsigned(self._database.signatures, review.id) for review in delivered}
        records = ledger_store.entries_by_subject(self._database, [review.id for review in delivered])
        releases = (self._release_of(review, records[review.id], signed[review.id]) for review in reversed(delivered))
        return [release for release in releases if release and release.recipient == person and release.outlet in pages]

    def _release_of(self, review: Review, record: Sequence[Entry], signed: FirstUnsigned) -> Release | None:
        try:
            return gate.release(review, record, self._now(), self._approval_life, signed)
        except ReviewError as error:
            logger.error("release_withheld", extra={"review": review.id, "why": type(error).__name__})
            return None
