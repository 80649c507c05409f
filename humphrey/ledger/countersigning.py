"""Countersigning: entries that were made before humphrey signed each are signed later, once, and on the record.

At the first start a published head that is signed with humphrey's key vouches for everything before it, so all of that
is signed. Of what came after it only entries are signed by which nothing leaves. The others wait for the operator,
who looks at them and signs them with a command, or has the drafts sent again.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.errors import RecordError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.entry_keys import EntryKeys
from humphrey.ledger.heads import Head, Verify, signed_text
from humphrey.ledger.model import DECIDING, OPERATOR, START, Chain, Entry

_DECIDES = (*DECIDING, "draft:")
"""The acts by which the gate decides; the entry of a draft too, which says what was written for its asker."""


_AT_ONCE = 2_000


logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Countersigned:
    """What was signed: how many entries, and the number of those that still have no signature."""

    signed: int
    waiting: int


class Countersigning:
    """Signs entries that were made before humphrey signed each.

    Args:
        database: holds the ledger.
        keys: sign the entries.
        trusted: returns the public keys that signed heads here.
        verify: verifies the signature of a head.
        published: returns the heads in the file that they are published to; empty without a file.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        keys: EntryKeys,
        trusted: Callable[[], Sequence[str]],
        verify: Verify,
        published: Callable[[], Iterable[Head]],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._keys = keys
        self._trusted = trusted
        self._verify = verify
        self._published = published
        self._now = now

    def begin(self) -> None:
        """Begin to sign entries, at the first start with a ledger from before; otherwise do nothing.

        If entries are signed and the list of keys is missing, the operator must say how to go on: nothing is signed
        until then.

        Raises:
            RecordError: the key cannot be used.
        """
        if self._keys.signers():
            return
        with self._database.reading() as connection:
            old = ledger_store.has_entries(connection) and not ledger_store.has_signatures(connection)
        if old:
            self._begin()

    def waiting(self) -> list[Entry]:
        """Return the entries that wait for the operator: made before humphrey signed each, and not signed since."""
        with self._database.reading() as connection:
            return list(ledger_store.unsigned_entries(connection, self._keys.began))

    def sign_waiting(self) -> Countersigned:
        """Sign the entries that wait, in the operator's name.

        Raises:
            RecordError: none waits, or the chain is broken, so that nobody can say what the entries were.
        """
        with self._database.transaction() as tx:
            began = self._keys.began
            entries, whole = self._read(tx, began)
            wanted = [each for each in entries if not each.signature]
            if not wanted:
                raise RecordError("no entry waits to be countersigned; `humphrey ledger verify` says what does not fit")
            if not whole:
                raise RecordError(
                    "the chain of the ledger is broken, so nothing is countersigned; `humphrey ledger verify` names "
                    "the entry, and a backup has it as it was"
                )
            return self._sign(tx, wanted, {"by": OPERATOR})

    def accept(self) -> str:
        """Go on with the current key, in place of one that is lost or was replaced; return its public half.

        Raises:
            RecordError: the key signs already.
        """
        with self._database.transaction_without_first_act() as tx:
            end = ledger_store.end_of_ledger(tx)
            n = end[0] + 1 if end else 1
            if self._keys.signers() and not self._keys.problem(n - 1):
                raise RecordError(f"the key {self._keys.replaced()} signs already; there is nothing to accept")
            before, key = self._keys.replaced(), self._keys.accept(n)
            ledger_store.enter(tx, OPERATOR, "key:renew", key, {"before": before, "accepted": "yes"}, self._now())
        logger.info("key_accepted", extra={"key": key})
        return key

    def _begin(self) -> None:
        published, began = [*self._published(), *self._kept()], False
        try:
            with self._database.transaction_without_first_act() as tx:
                if self._keys.signers():
                    return
                end = ledger_store.end_of_ledger(tx)
                self._keys.begin(end[0] + 1 if end else 1)
                began = True
                self._vouch(tx, published)
        except BaseException:
            if began:
                self._keys.forget()
            raise

    def _vouch(self, tx: Transaction, published: Iterable[Head]) -> None:
        """Sign what the newest head vouches for, and what decides nothing."""
        entries, whole = self._read(tx, self._keys.began)
        head = self._newest(published, {each.n: each.seal for each in entries}) if whole else None
        through = head.n if head else 0
        wanted = [each for each in entries if each.n <= through or not each.act.startswith(_DECIDES)] if whole else []
        self._sign(tx, wanted, {"head": str(through)})

    def _sign(self, tx: Transaction, wanted: Sequence[Entry], why: dict[str, str]) -> Countersigned:
        for start in range(0, len(wanted), _AT_ONCE):
            ledger_store.sign_entries(tx, [self._signed(each) for each in wanted[start : start + _AT_ONCE]])
        waiting = sum(1 for _ in ledger_store.unsigned_entries(tx.connection, self._keys.began))
        detail = {**why, "signed": str(len(wanted)), "waiting": str(waiting)}
        ledger_store.enter(tx, OPERATOR, "record:countersign", "ledger", detail, self._now())
        logger.info("entries_countersigned", extra={"signed": len(wanted), "waiting": waiting})
        return Countersigned(len(wanted), waiting)

    def _signed(self, entry: Entry) -> Entry:
        key, signature = self._keys.sign_earlier(entry.n, entry.seal, entry.follows)
        return replace(entry, key=key, signature=signature)

    def _read(self, tx: Transaction, before: int) -> tuple[list[Entry], bool]:
        """Return the entries below a number, each with the seal it follows, and whether the whole chain holds."""
        chain, last, found = Chain(), dict[str, str](), list[Entry]()
        for entry in ledger_store.entries_in(tx):
            chain.follow(entry)
            if entry.n < before:
                found.append(replace(entry, follows=entry.follows or last.get(entry.subject, START)))
            last[entry.subject] = entry.seal
        return found, chain.broken is None

    def _kept(self) -> list[Head]:
        with self._database.reading() as connection:
            return [each.head for each in ledger_store.read_heads(connection)]

    def _newest(self, heads: Iterable[Head], seals: dict[int, str]) -> Head | None:
        """Return the newest head that one of humphrey's keys signed and that the ledger passes through."""
        trusted = set(self._trusted())
        fits = (
            each
            for each in heads
            if seals.get(each.n) == each.seal
            and each.key in trusted
            and self._verify(each.key, signed_text(each), each.signature)
        )
        return max(fits, key=lambda each: each.n, default=None)


def heads_in(path: Path | None, read: Callable[[Path], list[Head]]) -> Callable[[], list[Head]]:
    """Return a function that reads the heads of a file; none if there is no file or it cannot be read."""

    def published() -> list[Head]:
        try:
            return read(path) if path is not None and path.exists() else []
        except RecordError:
            return []

    return published
