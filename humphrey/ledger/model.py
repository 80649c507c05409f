"""The ledger's chain: every act is an entry, and each entry's seal covers the entry before it.

An entry holds ids and digests, never a person's words. So content can be disposed of and the chain still verifies. To
change, remove or reorder an entry breaks every seal after it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from humphrey.digests import canonical, sha256

NOBODY = "command line"
"""The asker if no person is named. Nothing can be sent for clearance in this name, and no account may have it."""


OPERATOR = "operator"
"""The actor of acts at the machine itself, where the operating system decides who may act."""


PROVIDER = "identity provider"
"""The actor of changes that the department's identity provider makes to accounts."""


Act = Literal[
    "question:ask",
    "question:refuse",
    "question:orders",
    "draft:write",
    "draft:check",
    "review:open",
    "review:claim",
    "review:hand_back",
    "review:hand_over",
    "review:comment",
    "review:defer",
    "review:rate",
    "review:amend",
    "review:instruct",
    "review:recheck",
    "review:read",
    "review:approve",
    "review:return",
    "review:refuse",
    "review:undo",
    "review:remind",
    "review:escalate",
    "release:mint",
    "release:deliver",
    "release:fail",
    "release:set_aside",
    "release:retry",
    "release:expire",
    "release:export",
    "act:refused",
    "request:refuse",
    "document:add",
    "document:remove",
    "guidance:index",
    "file:attach",
    "file:remove",
    "file:refuse",
    "feedback:give",
    "conversation:remove",
    "seed:plant",
    "seed:reveal",
    "case:export",
    "disclosure:search",
    "disclosure:read",
    "disclosure:redact",
    "content:dispose",
    "hold:place",
    "hold:lift",
    "head:publish",
    "key:renew",
    "record:countersign",
    "settings:change",
    "person:add",
    "person:change",
    "person:disable",
    "session:open",
    "session:close",
    "session:refused",
    "record:adopt",
]
"""Acts that can be recorded, as `subject:verb`."""


DECIDING = ("review:", "release:", "seed:")
"""The beginnings of the acts by which the gate decides what leaves."""
LONGEST_SUBJECT = 200
"""Most characters of an actor or subject; longer ones are cut, because those of a refused attempt come from outside."""


START = "sha256:" + "0" * 64
"""The seal before the first entry."""


@dataclass(frozen=True)
class Entry:
    """One act.

    Attributes:
        n: its number, from 1.
        at: when, in UTC.
        actor: who acted.
        act: what was done.
        subject: the id of the act's object.
        detail: further ids and digests, by name.
        previous: the seal of the entry before it.
        seal: its own seal.
        follows: the seal of the entry before it about the same subject; `START` for the first.
        key: the public key of its signature; empty for an entry that was not signed.
        signature: the signature of the server's key over number, seal and `follows`, in base64.
    """

    n: int
    at: datetime
    actor: str
    act: Act
    subject: str
    detail: Mapping[str, str]
    previous: str
    seal: str = ""
    follows: str = ""
    key: str = ""
    signature: str = ""


@dataclass(frozen=True)
class Fault:
    """An inconsistency in the record.

    `n` is the number of the entry and `subject` the id that it concerns, if there is one.
    """

    message: str
    n: int | None = None
    subject: str = ""


@dataclass(frozen=True)
class EntryFilter:
    """A filter of entries; empty fields do not filter. `since` is inclusive, `until` exclusive."""

    act: str = ""
    actor: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


def seal(entry: Entry) -> Entry:
    """Return the entry with its seal: the digest of all its fields, the previous seal included."""
    return replace(entry, seal=_seal_of(entry))


def stated(entry: Entry) -> dict[str, Any]:
    """Return an entry as JSON: what its seal covers, and the seal. The signature is the server's own affair."""
    said = {"n": entry.n, "at": entry.at.astimezone(UTC).isoformat(), "actor": entry.actor, "act": entry.act}
    return {
        **said,
        "subject": entry.subject,
        "detail": dict(entry.detail),
        "previous": entry.previous,
        "seal": entry.seal,
    }


def seal_holds(entry: Entry) -> bool:
    """Return whether an entry is unchanged since it was sealed."""
    return entry.seal == _seal_of(entry)


class Chain:
    """A verifier that follows the entries one by one and stores only its position.

    `length` and `head` describe the entries followed so far. `broken` is the number of the first entry that was
    changed, removed or moved; None if there is none.

    Args:
        length: how many entries come before the first to be followed.
        head: the seal of the last of those.
    """

    def __init__(self, length: int = 0, head: str = START) -> None:
        self.length = length
        self.head = head
        self.broken: int | None = None

    def follow(self, entry: Entry) -> None:
        """Check the next entry, in order of `n`."""
        self.length += 1
        if self.broken is None and (entry.n != self.length or entry.previous != self.head or not seal_holds(entry)):
            self.broken = self.length
        self.head = entry.seal


def first_broken(entries: Iterable[Entry]) -> int | None:
    """Return the number of the first entry that was changed, removed or moved; None if the chain holds.

    A chain whose last entries were cut off still holds. Only its last seal, kept elsewhere, shows that they existed.

    Args:
        entries: all entries, in order of `n`.
    """
    chain = Chain()
    for entry in entries:
        chain.follow(entry)
    return chain.broken


def _seal_of(entry: Entry) -> str:
    said = {
        "n": entry.n,
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor": entry.actor,
        "act": entry.act,
        "subject": entry.subject,
        "detail": dict(entry.detail),
        "previous": entry.previous,
    }
    return sha256(canonical(said))
