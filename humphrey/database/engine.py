"""The database itself: opening it, its transactions, and the one door through which its errors come out as sentences.

Every write transaction is alone: SQLite is told `BEGIN IMMEDIATE`, PostgreSQL takes one advisory lock. A read sees one
moment of the database and never waits for a writer.
"""

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

from humphrey.database.schema import HEAD, migrate, schema_version
from humphrey.database.transaction import Transaction
from humphrey.database.write_queue import WriteQueue
from humphrey.errors import StoreError

_READS = "humphrey_reads"
"""Execution option of a connection that only reads; without it a SQLite transaction takes the write lock at once."""


_LOCK = 7_431_865_220_411
"""Number of the advisory lock that PostgreSQL's writers take; any number does, but all must agree."""


_WAIT_S = 30
"""Longest wait of a SQLite connection for another's lock."""


_ADVICE = (
    ("readonly", "is read-only; make the file and its folder writable, or set HUMPHREY_DATA_DIR to a folder that is"),
    ("disk is full", "has no room left; free some space and try again (what was being written was taken back)"),
    ("disk i/o", "cannot be written to the end; check the disk and its free space, then try again"),
    ("not a database", "is not a database; move the file away, or put back a copy of the right one"),
    ("malformed", "is damaged; put back the latest copy of it"),
    ("unable to open", "cannot be opened; check that it is a file and that its folder exists and is writable"),
    ("locked", f"has been busy for {_WAIT_S} seconds; see what else is writing to it, then try again"),
)
"""What a database's own complaint means to whoever must act on it; the first that fits is told."""


class Database:
    """An engine with its two kinds of transaction. `where` names it in messages, without a password."""

    def __init__(self, engine: Engine, where: str) -> None:
        self.engine = engine
        self.where = where
        self._first: Callable[[Transaction], object] | None = None
        options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {_READS: True}
        self._reads = engine.execution_options(**options)
        # PostgreSQL keeps its own line at the advisory lock.
        self._turns: AbstractContextManager[None] = WriteQueue() if engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One moment of the database, to read from."""
        with store_errors(self.where), self._reads.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One write transaction, alone; commits at the end and takes everything back when an error leaves it."""
        with self._turns, store_errors(self.where), self.engine.begin() as connection:
            _alone(connection)
            yield connection

    def before_first_write(self, act: Callable[[Transaction], object]) -> None:
        """Have `act` done before the first write through this database, in the same transaction."""
        self._first = act

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open one act, alone among writers; an error that leaves it takes everything back.

        Raises:
            StoreError: the database could not be written.
        """
        first = self._first
        with self.writing() as connection:
            tx = Transaction(connection)
            if first is not None:
                first(tx)
            yield tx
        self._first = None

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """The database at a SQLAlchemy address, its tables brought level with this humphrey.

    Raises:
        StoreError: it cannot be opened, is not a database, or was made by a newer humphrey.
    """
    database = _connect(url)
    try:
        _prepare(database)
    except StoreError:
        database.close()
        raise
    return database


@contextmanager
def store_errors(where: str) -> Iterator[None]:
    """Turn a database's error into a `StoreError` that names `where` and the next step."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StoreError(f"the database {where} {_advice(error)}") from error
    except UnicodeEncodeError as error:
        raise StoreError("what was given is not text: it holds half a character; type it again") from error


def rows(connection: Connection, statement: Select[Any]) -> Sequence[Row[Any]]:
    """Everything a query finds.

    Raises:
        StoreError: a stored value is not of its column's type, which only a change from outside can cause.
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
    # The driver's own habit of opening transactions late would let two readers both believe they may write.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    only_reads = connection.get_execution_options().get(_READS, False)
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")


def _alone(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _prepare(database: Database) -> None:
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
    """Readers beside a writer; the file remembers it. SQLite does not wait its turn here, so this does."""
    if database.engine.dialect.name != "sqlite":
        return
    deadline = time.monotonic() + _WAIT_S
    with store_errors(database.where), database.engine.connect() as connection:
        while not _switched(connection, deadline):
            time.sleep(0.02)


def _switched(connection: Connection, deadline: float) -> bool:
    cursor = connection.connection.cursor()
    try:
        # Past SQLAlchemy, which would begin a transaction first; the mode cannot change inside one.
        cursor.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error) or time.monotonic() > deadline:
            raise
        return False
    finally:
        cursor.close()
    return True


def _advice(error: Exception) -> str:
    said = str(getattr(error, "orig", None) or error).splitlines()[0]
    for complaint, advice in _ADVICE:
        if complaint in said.lower():
            return advice
    return f"refused ({said}); `humphrey doctor` says whether it is usable"
