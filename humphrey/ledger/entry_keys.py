"""The keys that sign entries, and the list of them, which lies beside the keys and outside the database.

Each line of the list names a public key and the first entry that it signs, so one key fits each entry. A key that was
replaced signs nothing new, and a person who can write the database can neither add a key nor move its entries.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from humphrey.digests import canonical
from humphrey.errors import RecordError
from humphrey.ledger.entry_memory import Entered, EntryMemory
from humphrey.ledger.heads import Verify

LIST = "signers.jsonl"
"""The name of the list in the folder of the keys."""


class CurrentKey(Protocol):
    """The key that signs now; see `humphrey.ledger.signing.Ed25519Keys`."""

    def public_key(self) -> str:
        """Return its public half."""

    def sign(self, words: str) -> str:
        """Return the signature of a text."""


@dataclass(frozen=True)
class Signer:
    """A public key in force from entry `first` on; `began` is the first entry signed when it was entered."""

    key: str
    first: int
    began: int
    at: str


class EntryKeys:
    """Signs entries with the current key and checks their signatures against the list.

    Args:
        current: the key that signs now.
        folder: the folder of the list.
        verify: verifies a signature.
        now: the clock; the list tells a reader when a key came, and nothing is decided by that time.
    """

    def __init__(self, current: CurrentKey, folder: Path, verify: Verify, now: Callable[[], datetime]) -> None:
        self._current = current
        self._path = folder / LIST
        self._verify = verify
        self._now = now
        self._memory = EntryMemory(folder)
        self._read: tuple[tuple[int, int], tuple[Signer, ...]] | None = None

    @property
    def path(self) -> Path:
        """The file of the list."""
        return self._path

    @property
    def began(self) -> int:
        """The first entry that was signed when it was entered; 0 if none was yet."""
        signers = self.signers()
        return signers[0].began if signers else 0

    def signers(self) -> Sequence[Signer]:
        """Return the lines of the list in order; empty if there is none yet.

        Raises:
            RecordError: the list cannot be read.
        """
        try:
            seen = self._path.stat()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise self._unreadable(error.strerror or "") from None
        # Read again only if it changed: another process may have renewed the key.
        stamp = (seen.st_mtime_ns, seen.st_size)
        if self._read is None or self._read[0] != stamp:
            self._read = (stamp, self._lines())
        return self._read[1]

    def sign(self, n: int, seal: str, follows: str) -> tuple[str, str]:
        """Return the public key that signs entry `n`, and its signature.

        Raises:
            RecordError: the key cannot be read, or is not the one that signs this entry.
        """
        key = self._current.public_key()
        if not self.signers() and n == 1:
            self.begin(n)
        if trouble := self._trouble(n, key):
            raise RecordError(trouble)
        return key, self._current.sign(signed_words(n, seal, follows, key))

    def hold(self, n: int, seal: str, follows: str, key: str, signature: str) -> bool:
        """Return whether a signature is of the key that signs entry `n`, over this seal and the one it follows."""
        return key == self._in_force(n) != "" and self._verify(key, signed_words(n, seal, follows, key), signature)

    def remember(self, entered: Iterable[Entered]) -> None:
        """Remember entries that were committed, by number, subject and seal."""
        self._memory.remember(entered)

    def latest(self) -> Mapping[str, tuple[int, str]]:
        """Return the number and seal of the newest remembered entry about each subject.

        Raises:
            RecordError: the memory cannot be read.
        """
        return self._memory.latest()

    def begin(self, n: int) -> None:
        """Begin the list with the current key: it signs all entries, those from `n` on when they are entered."""
        self._append(Signer(self._current.public_key(), 1, n, self._moment()))

    def replace_from(self, n: int, key: str) -> None:
        """Add a key that signs from entry `n` on."""
        self._append(Signer(key, n, self.began or 1, self._moment()))

    def sign_earlier(self, n: int, seal: str, follows: str) -> tuple[str, str]:
        """Return the public key and signature of an entry made before entries were signed: the key in force signs.

        Raises:
            RecordError: another key is in force there and cannot sign any more.
        """
        key = self._current.public_key()
        if self._in_force(n) != key:
            raise RecordError(
                f"entry {n} can only be signed with the key {self._in_force(n)}, which was replaced since; have what "
                "waits sent again"
            )
        return key, self._current.sign(signed_words(n, seal, follows, key))

    def accept(self, n: int) -> str:
        """Have the current key sign from entry `n` on, or every entry if there is no list; return it."""
        key = self._current.public_key()
        self._memory.forget_after(n - 1)
        self.replace_from(n if self.signers() else 1, key)
        return key

    def forget(self) -> None:
        """Take back a list that was begun in a transaction that failed."""
        self._path.unlink(missing_ok=True)

    def replaced(self) -> str:
        """Return the newest key of the list; empty if there is none yet."""
        signers = self.signers()
        return signers[-1].key if signers else ""

    def problem(self, end: int) -> str:
        """Return why the next entry could not be signed, in a sentence; empty if it can.

        Args:
            end: the number of the newest entry.
        """
        try:
            trouble = self._trouble(end + 1, self._current.public_key()) if end else ""
            newest = max((n for n, _seal in self.latest().values()), default=0)
        except RecordError as error:
            return str(error)
        if trouble or newest <= end:
            return trouble
        return (
            f"the ledger ends at entry {end}, and entry {newest} was written: the newest entries were cut off, or an "
            "older copy of the database was put back; if it was, `humphrey ledger key --accept` goes on from there"
        )

    def _in_force(self, n: int) -> str:
        # The last line counts: after a backup was put back, a key may begin at an earlier entry than before.
        return next((each.key for each in reversed(self.signers()) if each.first <= n), "")

    def _trouble(self, n: int, key: str) -> str:
        if not self.signers():
            return (
                f"the list of signing keys {self._path} is missing; put the folder of the keys back from its copy, as "
                "every process of this database needs the same one, or, if it is lost, run `humphrey ledger key "
                "--accept`"
            )
        if self._in_force(n) == key:
            return ""
        last = self.signers()[-1]
        if last.key == key:
            return (
                f"the ledger ends at entry {n - 1}, and its key signs from entry {last.first} on, so an older copy of "
                "the database was put back; `humphrey ledger key --accept` goes on from there"
            )
        return (
            f"the signing key {key} is not the one that signs this record ({last.key}); put that key back, or, if it "
            "is lost or was replaced on purpose, `humphrey ledger key --accept` goes on with this one"
        )

    def _lines(self) -> tuple[Signer, ...]:
        try:
            lines = self._path.read_text(encoding="ascii").splitlines()
            signers = tuple(Signer(**json.loads(line)) for line in lines)
        except (OSError, ValueError, TypeError) as error:
            raise self._unreadable(str(error)) from None
        if not all(type(each.first) is type(each.began) is int and type(each.key) is str for each in signers):
            raise self._unreadable("a line is not a key")
        return signers

    def _append(self, signer: Signer) -> None:
        line = (canonical(asdict(signer)) + "\n").encode()
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, line)
                os.fsync(file)
            finally:
                os.close(file)
        except OSError as error:
            raise RecordError(
                f"the list of signing keys {self._path} cannot be written ({error.strerror}); make its folder writable"
            ) from None

    def _unreadable(self, why: str) -> RecordError:
        return RecordError(
            f"the list of signing keys {self._path} cannot be read ({why}); put it back from a copy of its folder"
        )

    def _moment(self) -> str:
        return self._now().astimezone(UTC).isoformat()


def signed_words(n: int, seal: str, follows: str, key: str) -> str:
    """Return the text that is signed: number, seal, the seal it follows, and key, in canonical form.

    The seal covers all that the entry says. No signed head has this form, so neither can stand for the other.
    """
    return canonical({"entry": n, "seal": seal, "follows": follows, "key": key})
