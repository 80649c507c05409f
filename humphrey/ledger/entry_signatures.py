"""The check of the signatures in the record of one subject: which entry is not of the server's key, or is missing."""

from collections.abc import Callable, Iterable
from functools import partial

from humphrey.database.model import Signatures
from humphrey.ledger.model import START, Entry

FirstUnsigned = Callable[[Iterable[Entry]], int | None]
"""Returns the number of the first entry that is not signed as it stands, or is missing; None if all are there.

It takes all entries about one subject, in order. An entry that was taken from between two others shows in the later,
and the newest one in the memory of what was entered.
"""


def first_unsigned(signatures: Signatures | None, subject: str) -> FirstUnsigned:
    """Return the function that checks the record of a subject; without signatures no entry counts as signed.

    Call it before the record is read: what another process enters in between is then not looked for.

    Raises:
        RecordError: the memory of what was entered cannot be read.
    """
    known = signatures.latest().get(subject) if signatures else None
    return partial(_first_unsigned, signatures, known)


def signature_holds(entry: Entry, signatures: Signatures | None) -> bool:
    """Return whether an entry is signed by the key that signs its number, whatever comes before it."""
    return signatures is not None and signatures.hold(entry.n, entry.seal, entry.follows, entry.key, entry.signature)


def _first_unsigned(
    signatures: Signatures | None, known: tuple[int, str] | None, record: Iterable[Entry]
) -> int | None:
    before, found = START, known is None
    for entry in record:
        if entry.follows != before or not signature_holds(entry, signatures):
            return entry.n
        before, found = entry.seal, found or (entry.n, entry.seal) == known
    return None if found or known is None else known[0]
