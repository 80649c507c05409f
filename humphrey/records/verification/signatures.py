"""Signatures of the ledger's entries: which entry is not signed by the key that signs its number."""

from dataclasses import dataclass

from humphrey.database.model import Signatures
from humphrey.ledger.entry_signatures import signature_holds
from humphrey.ledger.model import Entry, Fault

_MOST = 100
"""The most unsigned entries that are named one by one; a ledger without its keys would fill the verdict."""


@dataclass
class SignatureScan:
    """What was noted of the signatures while the entries were read, in order; made before the snapshot is taken.

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
        self._known = dict(self.signatures.latest()) if self.signatures else {}
        self._faults: list[Fault] = []

    def follow(self, entry: Entry) -> None:
        """Check the next entry; nothing was signed before signing began."""
        if self._known.get(entry.subject) == (entry.n, entry.seal):
            del self._known[entry.subject]
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
        """Return a fault for each unsigned or missing entry, and one for those that wait to be countersigned."""
        self._faults += [
            Fault(f"entry {n}, about {subject}, was written and is no longer there as it was", n, subject)
            for subject, (n, _seal) in sorted(self._known.items(), key=lambda each: each[1])[:_MOST]
        ]
        if not self.waiting:
            return self._faults
        message = (
            f"{self.waiting} entries from {self.first_waiting} on were made before humphrey signed entries and after "
            "the last published head; what they record is not decided and does not leave: look at them with "
            "`humphrey ledger countersign`, which signs them with --yes"
        )
        return [*self._faults, Fault(message, self.first_waiting)]
