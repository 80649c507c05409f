"""Make what every test needs cheaper: new databases, password hashes and the embedding model.

The product is not changed: each part gives the same result for less. A test that is about the part itself asks for the
real one with `real_hashes` or `real_migrations`.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Connection, Engine, event, inspect

from humphrey.database import engine, schema
from humphrey.search.embeddings import EmbeddingModel

_migrate = engine.migrate
_recommended = PasswordHash.recommended
_load = EmbeddingModel.__init__


def pytest_configure() -> None:
    """Put the cheap parts in place before any test module is imported."""
    engine.migrate = migrate
    PasswordHash.recommended = classmethod(quick)
    EmbeddingModel.__init__ = load_once
    event.listen(Engine, "connect", do_not_sync)
    # On a machine that is busy with other things an example takes as long as it takes.
    settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("steady")


def migrate(connection: Connection) -> None:
    """Make the tables of an empty SQLite database from the template; migrate any other database."""
    # A test of an older version sets the newest migration in the engine, and migrates to it.
    if connection.dialect.name != "sqlite" or inspect(connection).get_table_names():
        _migrate(connection)
        return
    for statement in template(schema.HEAD):
        connection.exec_driver_sql(statement)


@cache
def template(_head: str) -> list[str]:
    """Return the SQL of a migrated database; the migrations run once per process, which takes 0.2 s."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        database = engine._connect(f"sqlite:///{path}")
        with database.writing() as connection:
            _migrate(connection)
        database.close()
        with closing(sqlite3.connect(path)) as made:
            return [each for each in made.iterdump() if each not in {"BEGIN TRANSACTION;", "COMMIT;"}]


def quick(cls: type[PasswordHash]) -> PasswordHash:
    """Return argon2id at the lowest cost; the recommended one takes 64 MiB and 0.2 s a hash."""
    return cls((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


@cache
def model(threads: int) -> dict[str, Any]:
    """Return the attributes of a loaded model; none of them changes, so one is enough for a process."""
    loaded = EmbeddingModel.__new__(EmbeddingModel)
    _load(loaded, threads)
    return vars(loaded)


def load_once(self: EmbeddingModel, threads: int, weights: Path | None = None) -> None:
    """Share the model that comes with the package; load any other weights, which takes 0.4 s."""
    if weights:
        _load(self, threads, weights)
    else:
        vars(self).update(model(threads))


def do_not_sync(connection: object, _record: object) -> None:
    """Do not wait for the disk. A killed process loses nothing by it; only a power cut would."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture
def real_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords at the cost that users pay."""
    monkeypatch.setattr(PasswordHash, "recommended", _recommended)


@pytest.fixture
def real_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make new databases by their migrations."""
    monkeypatch.setattr(engine, "migrate", _migrate)


@pytest.fixture(autouse=True)
def log_level() -> Iterator[None]:
    """Undo the log level that a command sets; with another one, a later test would not see a warning."""
    logger = logging.getLogger("humphrey")
    before = logger.level
    yield
    logger.setLevel(before)
