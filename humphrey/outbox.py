"""Handing over what was approved: each permit is minted again from what is stored, and a failure holds up nothing.

A parcel is claimed before it is sent, so that two rounds at once do not both send it. Killed between the sending and
its receipt, a round after the claim is over sends it again under the same `Release.key`: at least once, and once only
where the outlet knows the key again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from humphrey.core.review import Release, release
from humphrey.errors import DeliveryError, HumphreyError, ReviewError, StoreError
from humphrey.store import Parcel, Store, Transaction

logger = logging.getLogger(__name__)

_CLAIM = timedelta(minutes=5)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


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


class Outbox:
    """What waits to leave.

    Args:
        store: where it waits.
        now: the clock.
    """

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def deliver(self, outlet: str, send: Callable[[Release], str]) -> Deliveries:
        """One round: try everything that is due, longest waiting first.

        Args:
            outlet: whose outbox.
            send: hands a release over and returns the outlet's receipt; whatever it raises is a failure, which is
                recorded and tried again after a minute, then two, at most an hour.
        """
        done = [self._deliver(parcel, outlet, send) for parcel in self._store.waiting(outlet, self._now())]
        return Deliveries(
            tuple(each for each in done if isinstance(each, Release)),
            tuple(each for each in done if isinstance(each, Failure)),
        )

    def _deliver(self, parcel: Parcel, outlet: str, send: Callable[[Release], str]) -> Release | Failure | None:
        permit = self._claim(parcel, outlet)
        if not isinstance(permit, Release):
            return permit
        try:
            receipt = send(permit)
        except Exception as error:  # noqa: BLE001 - whatever an outlet does wrong is recorded and holds up nothing
            with self._store.transaction() as act:
                return self._failed(act, parcel, error)
        return self._keep_receipt(permit, receipt)

    def _claim(self, parcel: Parcel, outlet: str) -> Release | Failure | None:
        """The permit for a parcel, minted anew; None when another round has taken it."""
        with self._store.transaction() as act:
            if not act.claim(parcel, self._now() + _CLAIM):
                return None
            try:
                permit = release(act.review(parcel.review), act.entries(parcel.review))
                if (permit.key, permit.outlet) != (parcel.key, outlet):
                    raise DeliveryError(
                        f"the outbox does not hold what was approved as review {parcel.review}; it does not leave"
                    )
            except (ReviewError, StoreError, DeliveryError) as error:
                return self._failed(act, parcel, error)
            return permit

    def _keep_receipt(self, permit: Release, receipt: str) -> Release | None:
        at = self._now()
        with self._store.transaction() as act:
            if not act.delivered(permit.key, receipt, at):
                return None
            detail = {"outlet": permit.outlet, "digest": permit.digest, "receipt": receipt}
            act.enter("humphrey", "release:deliver", permit.review, detail, at)
        return permit

    def _failed(self, act: Transaction, parcel: Parcel, error: Exception) -> Failure:
        why = type(error).__name__
        reason = (
            str(error) if isinstance(error, HumphreyError) else f"the outlet failed ({why}); tell whoever runs humphrey"
        )
        at = self._now()
        act.failed(parcel.key, reason, at + min(_FIRST_WAIT * 2 ** min(parcel.attempts, 10), _LONGEST_WAIT))
        act.enter("humphrey", "release:fail", parcel.review, {"why": why}, at)
        logger.error("delivery_failed", extra={"review": parcel.review, "why": why})
        return Failure(parcel.review, reason)
