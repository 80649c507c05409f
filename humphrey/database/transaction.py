"""One act: everything written through a transaction commits together, or nothing does."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection


class Transaction:
    """A write transaction, alone among writers; the first argument of the stores' functions.

    Attributes:
        connection: the connection of the transaction.
        loaded: values that stores read in this transaction and may save, by id; a store checks it before saving.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.loaded: dict[str, Any] = {}

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read inside the transaction, as `Database.reading` does outside one."""
        yield self.connection
