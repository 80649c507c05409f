"""One act: everything written through a transaction commits together, or nothing does."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from sqlalchemy import Connection


class Signatures(Protocol):
    """The signatures of ledger entries; the key lies outside the database. See `humphrey.ledger.entry_keys`."""

    @property
    def began(self) -> int:
        """The first entry that was signed when it was entered; 0 if none was yet."""

    def sign(self, n: int, seal: str, follows: str) -> tuple[str, str]:
        """Return the public key that signs entry `n`, and its signature."""

    def replace_from(self, n: int, key: str) -> None:
        """Have another key sign from entry `n` on."""

    def remember(self, entered: Iterable[tuple[int, str, str]]) -> None:
        """Remember entries that were committed, by number, subject and seal."""

    def latest(self) -> Mapping[str, tuple[int, str]]:
        """Return the number and seal of the newest remembered entry about each subject."""

    def hold(self, n: int, seal: str, follows: str, key: str, signature: str) -> bool:
        """Return whether a signature is of the key that signs entry `n`, over this seal and the one it follows."""


class Transaction:
    """A write transaction, alone among writers; the first argument of the stores' functions.

    Attributes:
        connection: the connection of the transaction.
        loaded: values that stores read in this transaction and may save, by id; a store checks it before saving.
        signatures: sign the entries that are entered; None if nothing signs them.
        entered: the number, subject and seal of each ledger entry of this transaction by which the gate decides.
    """

    def __init__(self, connection: Connection, signatures: Signatures | None = None) -> None:
        self.connection = connection
        self.loaded: dict[str, Any] = {}
        self.signatures = signatures
        self.entered: list[tuple[int, str, str]] = []

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read inside the transaction, as `Database.reading` does outside one."""
        yield self.connection
