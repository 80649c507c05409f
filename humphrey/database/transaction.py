"""One act: what is written through a transaction commits together, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection


class Transaction:
    """A write transaction, alone among writers. The stores take it as their first argument.

    Attributes:
        connection: the connection that the transaction runs on.
        loaded: what stores read in this transaction and may save, by id; a store that saves asks here first.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.loaded: dict[str, Any] = {}

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read inside the transaction, as `Database.reading` does outside one."""
        yield self.connection
