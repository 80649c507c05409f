"""One act: everything written through a transaction commits together, or nothing does."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from humphrey.database.model import Signatures


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
