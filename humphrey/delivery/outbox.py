"""The outbox: each release is made again by the gate from what is stored, then sent; a failure does not stop the rest.

An item is claimed before it is sent, and the claim is renewed meanwhile, so two processes do not both send it. If a
process is killed between the sending and the receipt, a later run sends it again under the same `Release.key`. Delivery
is at least once; it is exactly once if the outlet recognises the key. A release that fails for good, or too often, is
set aside with its reason, and its asker and approver are notified.
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
from humphrey.delivery.model import ATTEMPTS, Receipt, Send, out_of_attempts, wait_after
from humphrey.delivery.store import OutboxItem
from humphrey.digests import sha256
from humphrey.errors import (
    ApprovalExpired,
    DeliveryError,
    Held,
    HumphreyError,
    NotOnRecord,
    ReviewError,
    StoreError,
    Undeliverable,
)
from humphrey.ledger import store as ledger_store
from humphrey.ledger.entry_signatures import first_unsigned

logger = logging.getLogger(__name__)


# How long a claim lasts, and how often it is renewed: four renewals may fail before another process may try.
_CLAIM = timedelta(minutes=5)


_RENEWED_EVERY_S = 60.0


_LONGEST_SEND_S = 1800.0
"""A sending that takes longer hangs; its claim is no longer renewed, so that another process may try."""


@dataclass(frozen=True)
class Failure:
    """A release that was not delivered, and the reason as a sentence."""

    review: str
    reason: str


@dataclass(frozen=True)
class Deliveries:
    """The result of one run of delivery."""

    delivered: tuple[Release, ...]
    failed: tuple[Failure, ...]


def join_results(runs: Iterable[Deliveries]) -> Deliveries:
    """Join the results of several runs."""
    every = tuple(runs)
    return Deliveries(
        tuple(release for each in every for release in each.delivered),
        tuple(failure for each in every for failure in each.failed),
    )


class Outbox:
    """Sends the releases that wait.

    Args:
        database: holds the outbox.
        approval_life: how long an approval is valid before delivery.
        now: the clock.
        renewed_every_s: how often the claim on an item that is being sent is renewed, in seconds.
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
        """Try every item that is due, longest waiting first.

        Args:
            outlet: the name of the outlet.
            send: sends a release. Any exception is recorded as a failure. `Undeliverable` sets the release aside; after
                any other the release is tried again after a minute, then two, at most an hour.
        """
        done = [self._deliver(item, outlet, send) for item in outbox_store.waiting(self._database, outlet, self._now())]
        return Deliveries(
            tuple(each for each in done if isinstance(each, Release)),
            tuple(each for each in done if isinstance(each, Failure)),
        )

    def _deliver(self, item: OutboxItem, outlet: str, send: Send) -> Release | Failure | None:
        try:
            release = self._claim(item, outlet)
        except ApprovalExpired as error:
            # The row stays as it was: `Reminders.expire` takes it out and puts the review back on the queue. Set aside,
            # it would need an administrator, who cannot renew an approval.
            logger.warning("approval_expired_before_delivery", extra={"review": item.review})
            return Failure(item.review, str(error))
        except Held:
            # It was taken back and approved again since it was listed; the row stays until its new moment.
            return None
        if not isinstance(release, Release):
            return release
        try:
            with self._renewed(item):
                receipt = send(release)
        except Exception as error:  # noqa: BLE001 - any failure of an outlet is recorded and does not stop the rest
            with self._database.transaction() as tx:
                return self._failed(tx, item, error)
        return self._keep_receipt(release, receipt)

    def _claim(self, item: OutboxItem, outlet: str) -> Release | Failure | None:
        """Claim an item and return its release, made again by the gate; None if another process has claimed it."""
        with self._database.transaction() as tx:
            if not outbox_store.claim(tx, item, self._now() + _CLAIM):
                return None
            try:
                review = review_store.load_for_update(tx, item.review)
                signed = first_unsigned(tx.signatures, item.review)
                record = ledger_store.entries_about(tx, item.review)
                release = gate.release(review, record, self._now(), self._approval_life, signed)
                if gate.is_delivered(record, release.digest):
                    raise DeliveryError(
                        f"review {item.review} was delivered before, and the outbox says it was not; it is not sent "
                        "again: tell the administrator"
                    )
                if (release.key, release.outlet) != (item.key, outlet):
                    raise DeliveryError(
                        f"the outbox does not have what was approved as review {item.review}; it does not leave"
                    )
            except (ApprovalExpired, Held):
                raise
            except NotOnRecord as error:
                # It may leave once the operator has countersigned it, or put the keys back.
                return self._failed(tx, item, error)
            except (ReviewError, StoreError, DeliveryError) as error:
                return self._failed(tx, item, error, for_good=True)
            return release

    @contextmanager
    def _renewed(self, item: OutboxItem) -> Iterator[None]:
        """Renew the claim on an item while it is being sent."""
        over = Event()
        keeping = Thread(target=self._renew, args=(item, over), daemon=True)
        keeping.start()
        try:
            yield
        finally:
            over.set()
            keeping.join()

    def _renew(self, item: OutboxItem, over: Event) -> None:
        for _ in range(int(_LONGEST_SEND_S / self._renewed_every_s)):
            if over.wait(self._renewed_every_s):
                return
            try:
                with self._database.transaction() as tx:
                    if not outbox_store.renew(tx, item, self._now() + _CLAIM):
                        return
            except StoreError:
                # The claim lasts for some minutes yet, and the next renewal may succeed.
                logger.warning("claim_not_renewed", extra={"review": item.review})

    def _keep_receipt(self, release: Release, receipt: Receipt) -> Release | None:
        at = self._now()
        with self._database.transaction() as tx:
            if not outbox_store.mark_delivered(tx, release.key, receipt.text, at, receipt.digest):
                return None
            # A receipt may name an address, and nothing can be removed from the ledger. So the entry has a digest.
            digests = {"digest": release.digest, "sent": receipt.digest, "receipt": sha256(receipt.text)}
            ledger_store.enter(
                tx, "humphrey", "release:deliver", release.review, {"outlet": release.outlet, **digests}, at
            )
            notification_store.add(
                tx, outbox_store.people_concerned(tx, release.review)[:1], "delivered", release.review, at
            )
        return release

    def _failed(self, tx: Transaction, item: OutboxItem, error: Exception, *, for_good: bool = False) -> Failure | None:
        """Record that an item was not delivered; return None if another process has claimed it."""
        why, at, begun = type(error).__name__, self._now(), item.attempts + 1
        reason = _reason(error)
        if for_good or isinstance(error, Undeliverable) or out_of_attempts(begun):
            if not outbox_store.set_aside(tx, item, reason, at):
                return None
            ledger_store.enter(
                tx, "humphrey", "release:set_aside", item.review, {"why": why, "attempts": str(begun)}, at
            )
            notification_store.add(tx, outbox_store.people_concerned(tx, item.review), "not_delivered", item.review, at)
        elif outbox_store.mark_failed(tx, item, reason, at + wait_after(item.key, item.attempts % ATTEMPTS)):
            ledger_store.enter(tx, "humphrey", "release:fail", item.review, {"why": why}, at)
        else:
            return None
        logger.error("delivery_failed", extra={"review": item.review, "why": why})
        return Failure(item.review, reason)


def _reason(error: Exception) -> str:
    if isinstance(error, HumphreyError):
        return str(error)
    return f"the outlet failed ({type(error).__name__}); tell the administrator"
