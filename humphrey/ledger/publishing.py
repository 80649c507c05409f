"""Publication of the ledger's head: signed once a day and sent to targets that humphrey cannot rewrite.

Before a head is signed, the entries since the last head are verified, so that a cut or rewritten ledger is never
signed. The newest head covers all earlier entries, so a target that failed for days gets that one only.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.errors import HumphreyError, RecordError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.entry_signatures import signature_holds
from humphrey.ledger.heads import Head, StoredHead, signed_text
from humphrey.ledger.model import OPERATOR, Chain

PublicationTarget = Callable[[Head], None]
"""Accepts a head; raises a `HumphreyError` on failure. It may receive the same head twice."""


# A failed target is tried again after one minute, then after twice the time, up to an hour.
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


_LATE = timedelta(hours=26)
"""Age of the last head that is reported as a problem: a day, and two hours for a stop at night."""


logger = logging.getLogger(__name__)


class SigningKeys(Protocol):
    """The keys that sign heads; see `humphrey.ledger.signing.Ed25519Keys`."""

    def public_key(self) -> str:
        """Return the public half of the current key."""

    def public_keys(self) -> list[str]:
        """Return the public halves of every key that signed here."""

    def sign(self, words: str) -> str:
        """Return the signature of a text."""

    def prepare(self) -> str:
        """Return the public half of the next key."""

    def promote(self) -> None:
        """Make the next key the current one."""


class Publisher:
    """Signs heads and publishes them.

    Args:
        database: holds the ledger.
        keys: the signing keys.
        targets: the publication targets, by name.
    """

    def __init__(self, database: Database, keys: SigningKeys, targets: Mapping[str, PublicationTarget]) -> None:
        self._database = database
        self._keys = keys
        self._targets = targets
        self._retries: dict[str, tuple[datetime, timedelta]] = {}

    @property
    def keys(self) -> SigningKeys:
        """The signing keys."""
        return self._keys

    @property
    def targets(self) -> tuple[str, ...]:
        """The names of the configured targets."""
        return tuple(self._targets)

    def publish(self, now: datetime) -> int:
        """Sign a head unless one was signed today, and send it to each target that lacks it; called regularly.

        A failed target is tried again later and delays no other.

        Returns:
            How many targets accepted a head.

        Raises:
            RecordError: the ledger does not continue from the last signed head, or the key cannot be used.
        """
        if not self._targets:
            return 0
        latest = ledger_store.latest_head(self._database)
        if latest is None or latest.head.at.date() < now.date():
            latest = self._sign_newest(now)
        if latest is None:
            return 0
        waiting = [place for place in self._missing(latest) if now >= self._retries.get(place, (now,))[0]]
        return sum(self._try_target(latest.head, place, now) for place in waiting)

    def publish_now(self, now: datetime) -> Head:
        """Sign the newest entry and send it to every target, even if a head was signed today.

        Raises:
            RecordError: there is no entry yet, or as for `publish`.
            HumphreyError: a target failed; those before it have the head.
        """
        signed = self._sign_newest(now)
        if signed is None:
            raise RecordError("the ledger has no entry yet, so there is nothing to publish")
        for place in self._missing(signed):
            self._publish_to(signed.head, place, now)
        return signed.head

    def renew(self, now: datetime) -> str:
        """Replace the signing key and return the public half of the new one.

        The old key's last head covers the entry that names the new key, so a verifier that trusts the old key can trust
        the new one.

        Raises:
            RecordError: a setting names the key, or the new key cannot be stored; nothing was changed.
        """
        old, new = self._keys.public_key(), self._keys.prepare()
        self._require_unbroken(ledger_store.latest_head(self._database))
        # In one transaction, alone among writers: no other process signs an entry between the two keys.
        with self._database.transaction() as tx:
            entry = ledger_store.enter(tx, OPERATOR, "key:renew", new, {"before": old}, now)
            signed = self._sign_head(tx, now)
            if self._database.signatures is not None:
                self._database.signatures.replace_from(entry.n + 1, new)
            self._keys.promote()
        if signed is not None:
            for place in self._missing(signed):
                self._try_target(signed.head, place, now)
        logger.info("key_renewed", extra={"key": new})
        return new

    def problem(self, now: datetime) -> str:
        """Return what is wrong with publication, in a sentence with the next step; empty if nothing is."""
        if not self._targets:
            return ""
        latest = ledger_store.latest_head(self._database)
        if latest is None:
            return ""
        if self._missing(latest) and now - latest.head.at > _LONGEST_WAIT:
            waits = " and ".join(self._missing(latest))
            return (
                f"the head of entry {latest.head.n} of {latest.head.at:%Y-%m-%d} was not published yet ({waits}); "
                "`humphrey ledger publish` tries at once, and says what is wrong"
            )
        if now - latest.head.at > _LATE:
            return (
                f"the last head was signed on {latest.head.at:%Y-%m-%d}; humphrey signs one a day while it serves: "
                "look into its log, and run `humphrey ledger publish`"
            )
        return ""

    def _missing(self, stored: StoredHead) -> list[str]:
        return [place for place in self._targets if place not in stored.published]

    def _sign_newest(self, now: datetime) -> StoredHead | None:
        """Return the head of the newest entry, signed now if it was not yet; None for an empty ledger."""
        latest = ledger_store.latest_head(self._database)
        self._require_unbroken(latest)
        with self._database.transaction() as tx:
            return self._sign_head(tx, now)

    def _sign_head(self, tx: Transaction, now: datetime) -> StoredHead | None:
        end, latest = ledger_store.end_of_ledger(tx), ledger_store.latest_head(self._database)
        if end is None or (latest and latest.head.n == end[0]):
            return latest
        unsigned = Head(*end, at=now, key=self._keys.public_key())
        head = replace(unsigned, signature=self._keys.sign(signed_text(unsigned)))
        ledger_store.add_head(tx, head)
        logger.info("head_signed", extra={"n": head.n})
        return StoredHead(head, {})

    def _require_unbroken(self, latest: StoredHead | None) -> None:
        """Require that the ledger contains the last signed head and is unbroken from there on.

        Raises:
            RecordError: it does not, or is not.
        """
        chain, signatures = Chain() if latest is None else Chain(latest.head.n - 1, ""), self._database.signatures
        for entry in ledger_store.entries_from(self._database, latest.head.n if latest else 1):
            if signatures and entry.n >= signatures.began > 0 and not signature_holds(entry, signatures):
                chain.broken = chain.broken or entry.n
            if latest and entry.n == latest.head.n and entry.seal == latest.head.seal:
                chain = Chain(entry.n, entry.seal)
            else:
                chain.follow(entry)
        if chain.broken or (latest and chain.length < latest.head.n):
            raise RecordError(
                f"the ledger has changed since entry {latest.head.n if latest else 1} was signed, so no head is "
                "published; `humphrey ledger verify` names what is wrong"
            )

    def _try_target(self, head: Head, place: str, now: datetime) -> bool:
        try:
            self._publish_to(head, place, now)
        except HumphreyError as error:
            wait = min(self._retries.get(place, (now, _FIRST_WAIT / 2))[1] * 2, _LONGEST_WAIT)
            self._retries[place] = (now + wait, wait)
            logger.error("head_not_published", extra={"n": head.n, "place": place, "why": type(error).__name__})
            return False
        self._retries.pop(place, None)
        return True

    def _publish_to(self, head: Head, place: str, now: datetime) -> None:
        self._targets[place](head)
        with self._database.transaction() as tx:
            if ledger_store.mark_published(tx, head, place, now):
                said = {"place": place, "n": str(head.n), "seal": head.seal, "key": head.key}
                ledger_store.enter(tx, "humphrey", "head:publish", f"head-{head.n}", said, now)
        logger.info("head_published", extra={"n": head.n, "place": place})
