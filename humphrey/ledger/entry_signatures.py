"""The check of the signatures in the record of one subject: which entry is not of the server's key, or is missing."""

from collections.abc import Callable, Iterable
from functools import partial

from humphrey.database.transaction import Signatures
from humphrey.ledger.model import START, Entry

FirstUnsigned = Callable[[Iterable[Entry]], int | None]
"""Returns the number of the first entry that is not signed as it stands; None if all are.

It takes all entries about one subject, in order. An entry that was taken from between two others shows in the later.
"""


def first_unsigned(signatures: Signatures | None) -> FirstUnsigned:
    """Return the function that checks a record; without signatures no entry counts as signed."""
    return partial(_first_unsigned, signatures)


def signature_holds(entry: Entry, signatures: Signatures | None) -> bool:
    """Return whether an entry is signed by the key that signs its number, whatever comes before it."""
    return signatures is not None and signatures.hold(entry.n, entry.seal, entry.follows, entry.key, entry.signature)


def _first_unsigned(signatures: Signatures | None, record: Iterable[Entry]) -> int | None:
    before = START
    for entry in record:
        if entry.follows != before or not signature_holds(entry, signatures):
            return entry.n
        before = entry.seal
    return None
