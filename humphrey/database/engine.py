"""The database: opening it, its transactions, and the translation of its errors into sentences.

Every write transaction is alone: SQLite gets `BEGIN IMMEDIATE`, PostgreSQL one advisory lock. A read sees one moment of
the database and never waits for a writer (docs/adr/0002).
"""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import Select

from humphrey.database.model import Signatures
from humphrey.database.schema import HEAD, migrate, schema_version
from humphrey.database.transaction import Transaction
from humphrey.database.write_queue import WriteQueue
from humphrey.errors import StoreError, UnstorableText

logger = logging.getLogger(__name__)


_READS = "humphrey_reads"
"""Execution option of a connection that only reads; without it, a SQLite transaction takes the write lock at once."""


_LOCK = 7_431_865_220_411
"""Number of the advisory lock of PostgreSQL's writers; arbitrary, but all processes must use the same."""


_WAIT_S = 30
"""Longest wait of a SQLite connection for the lock of another, in seconds."""


_NUL = "cannot contain NUL"
"""What PostgreSQL's driver says of U+0000 in a text; SQLite takes it."""


_ADVICE = (
    ("readonly", "is read-only; make the file and its folder writable, or set HUMPHREY_DATA_DIR to a folder that is"),
    ("disk is full", "has no room left; free some space and try again (what was being written was taken back)"),
    ("disk i/o", "cannot be written completely; check the disk and its free space, then try again"),
    ("not a database", "is not a database; move the file away, or put back a copy of the right one"),
    ("malformed", "is damaged; put back the latest copy of it"),
    ("unable to open", "cannot be opened; check that it is a file and that its folder exists and is writable"),
    ("locked", f"has been busy for {_WAIT_S} seconds; see what else is writing to it, then try again"),
)
"""The advice for each error message of a database; the first match counts."""


class Database:
    """An engine with its read and write transactions. `where` names it in messages, without a password.

    `signatures` sign and check the ledger's entries; the app sets them. Without them nothing passes the gate.
    """

    def __init__(self, engine: Engine, where: str) -> None:
        self.engine = engine
        self.where = where
        self.signatures: Signatures | None = None
        self._discreet = False
        self._first_act: Callable[[Transaction], object] | None = None
        options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {_READS: True}
        self._reads = engine.execution_options(**options)
        # PostgreSQL queues writers at the advisory lock itself.
        self._write_queue: AbstractContextManager[None] = (
            WriteQueue() if engine.dialect.name == "sqlite" else nullcontext()
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a read transaction, which sees one moment of the database."""
        with self._errors(), self._reads.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a write transaction, alone among writers; commit at the end, roll back on an error."""
        with self._write_queue, self._errors(), self.engine.begin() as connection:
            _lock_writes(connection)
            yield connection

    def keep_address_private(self) -> None:
        """From now on, leave the address of the database and the driver's words out of messages: they go to the log.

        A server calls it, because its messages are shown to strangers.
        """
        self._discreet = True

    def _errors(self) -> AbstractContextManager[None]:
        return store_errors("" if self._discreet else self.where)

    def before_first_write(self, act: Callable[[Transaction], object]) -> None:
        """Run `act` before the first write through this database, in the same transaction."""
        self._first_act = act

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open a write transaction for one act; roll back on an error.

        Raises:
            StoreError: the database could not be written.
        """
        first = self._first_act
        with self.transaction_without_first_act() as tx:
            if first is not None:
                first(tx)
            yield tx
        self._first_act = None

    @contextmanager
    def transaction_without_first_act(self) -> Iterator[Transaction]:
        """Open a write transaction that may come before the first act, as `transaction` does."""
        with self.writing() as connection:
            tx = Transaction(connection, self.signatures)
            yield tx
        if self.signatures is not None:
            self.signatures.remember(tx.entered)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open the database at a SQLAlchemy URL and run missing migrations.

    Raises:
        StoreError: it cannot be opened, is not a database, or was made by a newer humphrey.
    """
    database = _connect(url)
    try:
        _migrate(database)
    except StoreError:
        database.close()
        raise
    return database


@contextmanager
def store_errors(where: str) -> Iterator[None]:
    """Turn a database's error into a `StoreError` that says the next step.

    Args:
        where: the address of the database for the message; empty to leave it and the driver's words to the log.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, ValueError) as error:
        if isinstance(error, UnicodeEncodeError):
            said = "the input is not valid text: it contains half a character; type it again"
            raise UnstorableText(said) from error
        if _NUL in str(error):
            raise UnstorableText("the input holds U+0000, which is not text; remove it and try again") from error
        if isinstance(error, ValueError):
            raise
        raise StoreError(_sentence(where, _driver_words(error))) from error


def rows(connection: Connection, statement: Select[Any]) -> Sequence[Row[Any]]:
    """Return all rows of a query.

    Raises:
        StoreError: a value does not have its column's type, which only a change from outside can cause.
    """
    try:
        return connection.execute(statement).all()
    except UnicodeEncodeError:
        raise
    except ValueError as error:
        raise StoreError(f"the database holds a value that cannot be read ({error}); put back a copy") from error


def _connect(url: str) -> Database:
    try:
        address = make_url(url)
        if address.get_backend_name() != "sqlite":
            engine = create_engine(address, pool_size=10, max_overflow=40)
            return Database(engine, address.render_as_string(hide_password=True))
    except (SQLAlchemyError, ImportError) as error:
        raise StoreError(
            "the database address is not one humphrey can use; write it like sqlite:////folder/humphrey.db"
        ) from error
    where = _folder_for(address.database)
    engine = create_engine(address, connect_args={"timeout": _WAIT_S}, pool_size=10, max_overflow=40)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Database(engine, where)


def _folder_for(path: str | None) -> str:
    if not path or path == ":memory:":
        raise StoreError("humphrey keeps its record in a file; write the address like sqlite:////folder/humphrey.db")
    try:
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the folder of the database {path} cannot be made ({error.strerror}); set HUMPHREY_DATA_DIR to another"
        ) from error
    return path


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would open transactions late, so that two readers could both go on to write.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    only_reads = connection.get_execution_options().get(_READS, False)
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")


def _lock_writes(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _migrate(database: Database) -> None:
    with database.reading() as connection:
        found = schema_version(connection)
    if found > HEAD:
        raise StoreError(
            f"the database {database.where} was made by a newer humphrey (version {found}, this one knows {HEAD}); "
            "install the newer one, or set HUMPHREY_DATA_DIR to another folder"
        )
    if found < HEAD:
        _use_write_ahead_log(database)
        with database.writing() as connection:
            migrate(connection)


def _use_write_ahead_log(database: Database) -> None:
    """Switch SQLite to write-ahead logging, in which readers do not wait for a writer; the file keeps the mode.

    SQLite's timeout does not apply to this switch, so it is retried here.
    """
    if database.engine.dialect.name != "sqlite":
        return
    deadline = time.monotonic() + _WAIT_S
    with store_errors(database.where), database.engine.connect() as connection:
        while not _try_write_ahead_log(connection, deadline):
            time.sleep(0.02)


def _try_write_ahead_log(connection: Connection, deadline: float) -> bool:
    cursor = connection.connection.cursor()
    try:
        # Directly on the driver: SQLAlchemy would begin a transaction, in which the mode cannot change.
        cursor.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error) or time.monotonic() > deadline:
            raise
        return False
    finally:
        cursor.close()
    return True


def _driver_words(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]


def _sentence(where: str, said: str) -> str:
    advice = next((advice for complaint, advice in _ADVICE if complaint in said.lower()), "")
    if where:
        return f"the database {where} " + (advice or f"refused ({said}); `humphrey doctor` says whether it is usable")
    logger.error("database_failed", extra={"error": said})
    return "the database " + (advice or "cannot be used just now; try again, and tell the humphrey administrator")
