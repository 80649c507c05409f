"""Signatures of the ledger's entries: which entry is not signed by the key that signs its number."""

from dataclasses import dataclass

from humphrey.database.transaction import Signatures
from humphrey.ledger.entry_signatures import signature_holds
from humphrey.ledger.model import Entry, Fault

_MOST = 100
"""The most unsigned entries that are named one by one; a ledger without its keys would fill the verdict."""


@dataclass
class SignatureScan:
    """What was noted of the signatures while the entries were read, in order.

    Args:
        signatures: check them; None if nothing signs entries here.
    """

    signatures: Signatures | None
    waiting: int = 0
    first_waiting: int = 0
    unsigned: int = 0

    def __post_init__(self) -> None:
        """Note where signing began, and start without faults."""
        self._began = self.signatures.began if self.signatures else 0
        self._faults: list[Fault] = []

    def follow(self, entry: Entry) -> None:
        """Check the next entry; nothing was signed before signing began."""
        if not (self._began or entry.signature) or signature_holds(entry, self.signatures):
            return
        if entry.n < self._began and not entry.signature:
            self.waiting += 1
            self.first_waiting = self.first_waiting or entry.n
            return
        self.unsigned += 1
        if self.unsigned <= _MOST:
            said = "is not signed by humphrey's key: it was added or changed from outside"
            message = f"entry {entry.n} ({entry.act}) {said}"
            self._faults.append(Fault(message, entry.n, entry.subject))

    def faults(self) -> list[Fault]:
        """Return a fault for each unsigned entry, and one for those that wait to be countersigned."""
        if not self.waiting:
            return self._faults
        message = (
            f"{self.waiting} entries from {self.first_waiting} on were made before humphrey signed entries and after "
            "the last published head; what they record is not decided and does not leave: look at them with "
            "`humphrey ledger countersign`, which signs them with --yes"
        )
        return [*self._faults, Fault(message, self.first_waiting)]
