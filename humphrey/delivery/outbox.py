"""Handing over what was approved: each permit is minted again from what is stored, and a failure holds up nothing.

A parcel is claimed before it is sent, and the claim is renewed while it is being sent, so that two rounds at once do
not both send it. Killed between the sending and its receipt, a round after the claim is over sends it again under the
same `Release.key`: at least once, and once only where the outlet knows the key again. What fails for good, or too
often, is set aside with its reason, and whoever asked for it and whoever approved it are told.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread

from humphrey.clearance import gate
from humphrey.clearance.gate import Release
from humphrey.clearance.notifications import store as notification_store
from humphrey.clearance.store import reviews as review_store
from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.delivery import store as outbox_store
from humphrey.delivery.model import ATTEMPTS, Receipt, Send, given_up, wait_after
from humphrey.delivery.store import OutboxItem
from humphrey.digests import sha256
from humphrey.errors import ApprovalExpired, DeliveryError, HumphreyError, ReviewError, StoreError, Undeliverable
from humphrey.ledger import store as ledger_store

logger = logging.getLogger(__name__)


_CLAIM = timedelta(minutes=5)


_RENEWED_EVERY_S = 60.0


_LONGEST_SEND_S = 1800.0
"""A sending that takes longer loses its claim: it hangs, and somebody else may try."""


@dataclass(frozen=True)
class Failure:
    """A release that could not be delivered, and why, in a sentence."""

    review: str
    reason: str


@dataclass(frozen=True)
class Deliveries:
    """What one round of delivery came to."""

    delivered: tuple[Release, ...]
    failed: tuple[Failure, ...]


def together(rounds: Iterable[Deliveries]) -> Deliveries:
    """Several rounds as one."""
    every = tuple(rounds)
    return Deliveries(
        tuple(release for each in every for release in each.delivered),
        tuple(failure for each in every for failure in each.failed),
    )


class Outbox:
    """What waits to leave.

    Args:
        database: where it waits.
        approval_life: how long an approval is valid before delivery.
        now: the clock.
        renewed_every_s: how often the claim on a parcel that is being sent is renewed, in seconds.
    """

    def __init__(
        self,
        database: Database,
        approval_life: timedelta,
        now: Callable[[], datetime],
        *,
        renewed_every_s: float = _RENEWED_EVERY_S,
    ) -> None:
        self._database = database
        self._approval_life = approval_life
        self._now = now
        self._renewed_every_s = renewed_every_s

    def deliver(self, outlet: str, send: Send) -> Deliveries:
        """One round: try everything that is due, longest waiting first.

        Args:
            outlet: whose outbox.
            send: hands a release over; whatever it raises is a failure, which is recorded. `Undeliverable` sets the
                release aside, anything else is tried again after a minute, then two, at most an hour.
        """
        done = [
            self._deliver(parcel, outlet, send) for parcel in outbox_store.waiting(self._database, outlet, self._now())
        ]
        return Deliveries(
            tuple(each for each in done if isinstance(each, Release)),
            tuple(each for each in done if isinstance(each, Failure)),
        )

    def _deliver(self, parcel: OutboxItem, outlet: str, send: Send) -> Release | Failure | None:
        try:
            permit = self._claim(parcel, outlet)
        except ApprovalExpired as error:
            # The row stays as it was: `Reminders.expire` takes it out and puts the review back on the queue. Set aside,
            # it would need an administrator, who cannot renew an approval.
            logger.warning("approval_expired_before_delivery", extra={"review": parcel.review})
            return Failure(parcel.review, str(error))
        if not isinstance(permit, Release):
            return permit
        try:
            with self._renewed(parcel):
                receipt = send(permit)
        except Exception as error:  # noqa: BLE001 - whatever an outlet does wrong is recorded and holds up nothing
            with self._database.transaction() as tx:
                return self._failed(tx, parcel, error)
        return self._keep_receipt(permit, receipt)

    def _claim(self, parcel: OutboxItem, outlet: str) -> Release | Failure | None:
        """The permit for a parcel, minted anew; None when another round has taken it."""
        with self._database.transaction() as tx:
            if not outbox_store.claim(tx, parcel, self._now() + _CLAIM):
                return None
            try:
                review = review_store.load_for_update(tx, parcel.review)
                record = ledger_store.entries_about(tx, parcel.review)
                permit = gate.release(review, record, self._now(), self._approval_life)
                if (permit.key, permit.outlet) != (parcel.key, outlet):
                    raise DeliveryError(
                        f"the outbox does not hold what was approved as review {parcel.review}; it does not leave"
                    )
            except ApprovalExpired:
                raise
            except (ReviewError, StoreError, DeliveryError) as error:
                return self._failed(tx, parcel, error, for_good=True)
            return permit

    @contextmanager
    def _renewed(self, parcel: OutboxItem) -> Iterator[None]:
        """Keep the claim on a parcel while it is being sent."""
        over = Event()
        keeping = Thread(target=self._renew, args=(parcel, over), daemon=True)
        keeping.start()
        try:
            yield
        finally:
            over.set()
            keeping.join()

    def _renew(self, parcel: OutboxItem, over: Event) -> None:
        for _ in range(int(_LONGEST_SEND_S / self._renewed_every_s)):
            if over.wait(self._renewed_every_s):
                return
            try:
                with self._database.transaction() as tx:
                    if not outbox_store.renew(tx, parcel, self._now() + _CLAIM):
                        return
            except StoreError:
                # The claim holds for a while yet, and the next try may get through.
                logger.warning("claim_not_renewed", extra={"review": parcel.review})

    def _keep_receipt(self, permit: Release, receipt: Receipt) -> Release | None:
        at = self._now()
        with self._database.transaction() as tx:
            if not outbox_store.mark_delivered(tx, permit.key, receipt.text, at, receipt.digest):
                return None
            # A receipt may name an address: the ledger, of which nothing can be taken out, has its digest.
            digests = {"digest": permit.digest, "sent": receipt.digest, "receipt": sha256(receipt.text)}
            ledger_store.enter(
                tx, "humphrey", "release:deliver", permit.review, {"outlet": permit.outlet, **digests}, at
            )
            notification_store.add(
                tx, outbox_store.people_concerned(tx, permit.review)[:1], "delivered", permit.review, at
            )
        return permit

    def _failed(
        self, tx: Transaction, parcel: OutboxItem, error: Exception, *, for_good: bool = False
    ) -> Failure | None:
        """Put on record that a parcel did not leave; None when another round has it by now, which will tell."""
        why, at, begun = type(error).__name__, self._now(), parcel.attempts + 1
        reason = _reason(error)
        if for_good or isinstance(error, Undeliverable) or given_up(begun):
            if not outbox_store.set_aside(tx, parcel, reason, at):
                return None
            ledger_store.enter(
                tx, "humphrey", "release:set_aside", parcel.review, {"why": why, "attempts": str(begun)}, at
            )
            notification_store.add(
                tx, outbox_store.people_concerned(tx, parcel.review), "not_delivered", parcel.review, at
            )
        elif outbox_store.mark_failed(tx, parcel, reason, at + wait_after(parcel.key, parcel.attempts % ATTEMPTS)):
            ledger_store.enter(tx, "humphrey", "release:fail", parcel.review, {"why": why}, at)
        else:
            return None
        logger.error("delivery_failed", extra={"review": parcel.review, "why": why})
        return Failure(parcel.review, reason)


def _reason(error: Exception) -> str:
    if isinstance(error, HumphreyError):
        return str(error)
    return f"the outlet failed ({type(error).__name__}); tell whoever runs humphrey"
