"""Publishing the head of the ledger: signed once a day, and handed to targets that humphrey cannot rewrite.

Before a head is signed, the entries since the last one are followed, so that a ledger that was cut or rewritten is
never vouched for. The newest head covers everything before it: a place that failed for days is given that one alone.
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
from humphrey.ledger.heads import Head, StoredHead, signed_text
from humphrey.ledger.model import OPERATOR, Chain

PublicationTarget = Callable[[Head], None]
"""Takes a head; raises a `HumphreyError` when it does not. The same head may come twice."""


_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


_LATE = timedelta(hours=26)
"""Age of the last published head at which somebody should look: a day, and some for a night's stop."""


logger = logging.getLogger(__name__)


class SigningKeys(Protocol):
    """The keys that heads are signed with; see `humphrey.ledger.signing.Ed25519Keys`."""

    def public_key(self) -> str:
        """The public half of the key that signs now."""

    def public_keys(self) -> list[str]:
        """The public halves of every key that signed here."""

    def sign(self, words: str) -> str:
        """The signature of some words."""

    def prepare(self) -> str:
        """The public half of a key that waits to take over."""

    def promote(self) -> None:
        """Let the key that waits sign from now on."""


class Publisher:
    """Signs heads and hands them over.

    Args:
        database: where the ledger is.
        keys: what signs.
        targets: what takes heads, by name.
    """

    def __init__(self, database: Database, keys: SigningKeys, targets: Mapping[str, PublicationTarget]) -> None:
        self._database = database
        self._keys = keys
        self._targets = targets
        self._again: dict[str, tuple[datetime, timedelta]] = {}

    @property
    def keys(self) -> SigningKeys:
        """What signs."""
        return self._keys

    @property
    def targets(self) -> tuple[str, ...]:
        """The names of the targets that are set."""
        return tuple(self._targets)

    def publish(self, now: datetime) -> int:
        """The daily round: sign a head where none was signed today, and hand it to each place that lacks it.

        A place that fails is tried again after a minute, then two, at most an hour; it holds up nothing.

        Returns:
            How many targets took a head.

        Raises:
            RecordError: the ledger is not the one that the last head was signed over, or the key cannot be used.
        """
        if not self._targets:
            return 0
        latest = ledger_store.latest_head(self._database)
        if latest is None or latest.head.at.date() < now.date():
            latest = self._signed(now)
        if latest is None:
            return 0
        waiting = [place for place in self._missing(latest) if now >= self._again.get(place, (now,))[0]]
        return sum(self._tried(latest.head, place, now) for place in waiting)

    def publish_now(self, now: datetime) -> Head:
        """Sign the newest entry and hand it to every place, whether another was signed today or not.

        Raises:
            RecordError: there is no entry yet, or as for `publish`.
            HumphreyError: a place did not take it; those before it did.
        """
        signed = self._signed(now)
        if signed is None:
            raise RecordError("the ledger has no entry yet, so there is nothing to publish")
        for place in self._missing(signed):
            self._hand_over(signed.head, place, now)
        return signed.head

    def renew(self, now: datetime) -> str:
        """Sign with another key from now on; its public half.

        The old key's last head covers the entry that names the new one, so that whoever trusts the old key comes to
        trust the new.

        Raises:
            RecordError: the key is named by a setting, or cannot be kept; nothing was changed.
        """
        old, new = self._keys.public_key(), self._keys.prepare()
        with self._database.transaction() as tx:
            ledger_store.enter(tx, OPERATOR, "key:renew", new, {"before": old}, now)
        signed = self._signed(now)
        self._keys.promote()
        if signed is not None:
            for place in self._missing(signed):
                self._tried(signed.head, place, now)
        logger.info("key_renewed", extra={"key": new})
        return new

    def problem(self, now: datetime) -> str:
        """What is wrong with publishing, in a sentence that says what to do; empty where nothing is."""
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

    def _missing(self, kept: StoredHead) -> list[str]:
        return [place for place in self._targets if place not in kept.published]

    def _signed(self, now: datetime) -> StoredHead | None:
        """The head of the newest entry, signed here where it was not yet; None for an empty ledger."""
        latest = ledger_store.latest_head(self._database)
        self._require_unbroken(latest)
        with self._database.transaction() as tx:
            return self._sign(tx, now)

    def _sign(self, tx: Transaction, now: datetime) -> StoredHead | None:
        end, latest = ledger_store.end_of_ledger(tx), ledger_store.latest_head(self._database)
        if end is None or (latest and latest.head.n == end[0]):
            return latest
        unsigned = Head(*end, at=now, key=self._keys.public_key())
        head = replace(unsigned, signature=self._keys.sign(signed_text(unsigned)))
        ledger_store.add_head(tx, head)
        logger.info("head_signed", extra={"n": head.n})
        return StoredHead(head, {})

    def _require_unbroken(self, latest: StoredHead | None) -> None:
        """Go on only where the ledger still passes through the last head, and holds from there on.

        Raises:
            RecordError: it does not.
        """
        chain = Chain() if latest is None else Chain(latest.head.n - 1, "")
        for entry in ledger_store.entries_from(self._database, latest.head.n if latest else 1):
            if latest and entry.n == latest.head.n and entry.seal == latest.head.seal:
                chain = Chain(entry.n, entry.seal)
            else:
                chain.follow(entry)
        if chain.broken or (latest and chain.length < latest.head.n):
            raise RecordError(
                f"the ledger is not what it was when entry {latest.head.n if latest else 1} was signed, so no head is "
                "published; `humphrey ledger verify` names what is wrong"
            )

    def _tried(self, head: Head, place: str, now: datetime) -> bool:
        try:
            self._hand_over(head, place, now)
        except HumphreyError as error:
            wait = min(self._again.get(place, (now, _FIRST_WAIT / 2))[1] * 2, _LONGEST_WAIT)
            self._again[place] = (now + wait, wait)
            logger.error("head_not_published", extra={"n": head.n, "place": place, "why": type(error).__name__})
            return False
        self._again.pop(place, None)
        return True

    def _hand_over(self, head: Head, place: str, now: datetime) -> None:
        self._targets[place](head)
        with self._database.transaction() as tx:
            if ledger_store.mark_published(tx, head, place, now):
                said = {"place": place, "n": str(head.n), "seal": head.seal, "key": head.key}
                ledger_store.enter(tx, "humphrey", "head:publish", f"head-{head.n}", said, now)
        logger.info("head_published", extra={"n": head.n, "place": place})
