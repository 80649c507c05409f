"""Heads: the newest seal of the ledger, signed and published where humphrey cannot rewrite it.

The chain alone does not show that its newest entries were cut off, or that it was rewritten from some entry on. A
signed head that is kept elsewhere does: the ledger must still have that seal at that number.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from humphrey.digests import canonical
from humphrey.errors import RecordError
from humphrey.ledger.model import Fault
from humphrey.text.dates import say_time

Verify = Callable[[str, str, str], bool]
"""Verifies a signature: `(key, words, signature)`, the signature in base64."""


@dataclass(frozen=True)
class Head:
    """The signed seal of entry `n` at a moment; `key` is the public key, in one line."""

    n: int
    seal: str
    at: datetime
    key: str
    signature: str = ""


@dataclass(frozen=True)
class StoredHead:
    """A head as humphrey stores it; `published` has the time of its publication by place."""

    head: Head
    published: Mapping[str, datetime]


def signed_text(head: Head) -> str:
    """Return the text that is signed: number, seal, time and key in canonical form."""
    at = head.at.astimezone(UTC).isoformat()
    return canonical({"head": head.n, "seal": head.seal, "at": at, "key": head.key})


def to_line(head: Head) -> str:
    """Return a head as it is published: one line of JSON that `from_line` reads."""
    return canonical({**vars(head), "at": head.at.astimezone(UTC).isoformat()})


def from_line(line: str) -> Head:
    """Return the head in a line.

    Raises:
        RecordError: the line is no published head.
    """
    try:
        said = json.loads(line)
        at = datetime.fromisoformat(said["at"])
        words = {name: said[name] for name in ("seal", "key", "signature")}
        head = Head(n=said["n"], at=at.astimezone(UTC), **words)
    except (ValueError, TypeError, KeyError):
        raise RecordError(f"{line[:80]!r} is not a published head") from None
    if not isinstance(head.n, int) or not all(isinstance(each, str) for each in words.values()) or not at.tzinfo:
        raise RecordError(f"{line[:80]!r} is not a published head")
    return head


def head_faults(
    heads: Iterable[Head],
    seals: Mapping[int, str],
    length: int,
    trusted: Collection[str],
    renewed: Mapping[str, int],
    verify: Verify,
) -> list[Fault]:
    """Return the faults between published heads and the ledger; empty if the ledger passes through every head.

    A key that a ledger entry names as the next one is trusted from there on. A head of a trusted key vouches for all
    entries before it, and so for that entry.

    Args:
        heads: the published heads.
        seals: the ledger's seals by number, for the numbers of the heads that it has.
        length: how many entries the ledger has.
        trusted: public keys that are trusted from the start.
        renewed: the number of the entry that names a later public key, by that key.
        verify: verifies a signature.
    """
    known, faults = set(trusted), []
    # In order of entries, because a head can make the key of a later one trusted.
    for head in sorted(set(heads), key=lambda each: (each.n, each.at)):
        fault = _signature_fault(head, known, verify) or _seal_fault(head, seals.get(head.n), length)
        if fault:
            faults.append(Fault(fault, head.n))
        else:
            known.update(key for key, n in renewed.items() if n <= head.n)
    return faults


def _signature_fault(head: Head, trusted: Collection[str], verify: Verify) -> str:
    named = f"the head of entry {head.n} that was published on {_moment(head)}"
    if not verify(head.key, signed_text(head), head.signature):
        return f"{named} was not signed with its key; where it was published, it was changed"
    if head.key not in trusted:
        return f"{named} was signed with a key that is not trusted ({head.key}); name it with --key if it should be"
    return ""


def _seal_fault(head: Head, seal: str | None, length: int) -> str:
    if head.n > length:
        return f"entry {head.n} was published on {_moment(head)} and is no longer there; the ledger ends at {length}"
    if seal != head.seal:
        return (
            f"entry {head.n} is not the one that was published on {_moment(head)}; it, or one before it, was rewritten"
        )
    return ""


def _moment(head: Head) -> str:
    return say_time(head.at)
