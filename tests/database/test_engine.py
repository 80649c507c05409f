"""Opening a database: made where there is none, brought level where it is old, refused in a sentence otherwise."""

import multiprocessing
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import humphrey
from humphrey.database.engine import open_database
from humphrey.database.schema import HEAD
from humphrey.database.tables.types import metadata
from humphrey.errors import StoreError
from humphrey.ledger import store as ledger_store

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def python(code: str, *arguments: str, before=None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, preexec_fn=before)
    assert done.returncode == 0, done.stderr
    return done


def test_a_migrated_database_is_what_the_tables_say(tmp_path: Path):
    database = open_database(url(tmp_path / "humphrey.db"))
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []
    database.close()


def test_the_newest_migration_is_the_one_that_opening_looks_for():
    folder = Config()
    folder.set_main_option("script_location", str(Path(humphrey.__file__).parent / "database" / "migrations"))

    assert ScriptDirectory.from_config(folder).get_heads() == [HEAD]


def test_a_level_database_is_opened_without_alembic_and_in_no_time(tmp_path: Path):
    open_database(url(tmp_path / "humphrey.db")).close()
    code = (
        "import sys, time; from humphrey.database.engine import open_database; began = time.process_time(); "
        "open_database(sys.argv[1]); "
        "print(time.process_time() - began, 'alembic' in sys.modules)"
    )

    seconds, alembic = python(code, url(tmp_path / "humphrey.db")).stdout.split()

    assert alembic == "False"
    assert float(seconds) < 0.05


def test_a_database_is_set_up_for_readers_beside_a_writer(tmp_path: Path):
    database = open_database(url(tmp_path / "humphrey.db"))
    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() >= 5000
    with database.transaction() as tx:
        ledger_store.enter(tx, "amina", "review:open", "r1", {}, NOW)
        assert list(ledger_store.entries(database)) == []
    assert [entry.subject for entry in ledger_store.entries(database)] == ["r1"]
    database.close()


def _open_at_once(address: str, barrier: Barrier) -> None:
    barrier.wait()
    database = open_database(address)
    with database.transaction() as tx:
        ledger_store.enter(tx, "amina", "review:open", str(os.getpid()), {}, NOW)
    database.close()


def test_two_processes_may_make_the_same_database_at_once(tmp_path: Path):
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(2, timeout=30)
    both = [spawn.Process(target=_open_at_once, args=(url(tmp_path / "humphrey.db"), barrier)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)

    assert [process.exitcode for process in both] == [0, 0]
    database = open_database(url(tmp_path / "humphrey.db"))
    assert len(list(ledger_store.entries(database))) == 2
    database.close()


def test_a_database_of_a_newer_humphrey_is_left_alone(tmp_path: Path):
    path = tmp_path / "humphrey.db"
    open_database(url(path)).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    with pytest.raises(StoreError, match=rf"{path} was made by a newer humphrey \(version 9999"):
        open_database(url(path))


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path):
    path = tmp_path / "humphrey.db"
    path.write_bytes(b"minutes of the last meeting\n" * 200)

    with pytest.raises(StoreError, match=f"{path} is not a database; move the file away"):
        open_database(url(path))
    assert path.read_bytes().startswith(b"minutes")


@pytest.mark.parametrize(("made", "said"), [("folder", "cannot be opened"), ("file", "cannot be made")])
def test_a_path_that_cannot_hold_a_database_is_named(tmp_path: Path, made: str, said: str):
    path = tmp_path / "humphrey.db"
    if made == "folder":
        path.mkdir()
    else:
        (tmp_path / "data").write_text("")
        path = tmp_path / "data" / "humphrey.db"

    with pytest.raises(StoreError, match=f"{path}.* {said}"):
        open_database(url(path))


@pytest.mark.parametrize("address", ["", "humphrey.db", "oracle9://x", "nothing://secret@host/x"])
def test_an_address_that_is_none_is_refused_without_repeating_it(address: str):
    with pytest.raises(StoreError, match="write it like sqlite:////folder") as refused:
        open_database(address)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:"])
def test_a_record_that_would_be_forgotten_is_refused(address: str):
    with pytest.raises(StoreError, match="in a file"):
        open_database(address)


ENTER = """
import sys
from datetime import datetime, UTC
from humphrey.errors import StoreError
from humphrey.ledger import store as ledger_store
from humphrey.database.engine import open_database
import os, sqlalchemy.dialects.sqlite
if os.getuid() == 0 and sys.argv[3:]:
    os.seteuid(65534)  # the administrator may write anywhere, so be another user
try:
    database = open_database(sys.argv[1])
    for n in range(int(sys.argv[2])):
        with database.transaction() as tx:
            ledger_store.enter(tx, "amina", "review:open", "r" * 200, {"digest": "d" * 5000}, datetime.now(UTC))
except StoreError as error:
    print(error)
"""


@pytest.fixture
def passable() -> Iterator[Path]:
    """A folder that another user may come to; pytest keeps its own from everybody else."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_read_only_database_is_named(passable: Path):
    path = passable / "data" / "humphrey.db"
    open_database(url(path)).close()
    path.chmod(0o444)
    path.parent.chmod(0o555)

    said = python(ENTER, url(path), "1", "as another person").stdout

    path.parent.chmod(0o755)
    assert f"the database {path} " in said
    assert "writable" in said


def test_a_folder_that_may_not_be_written_is_named(passable: Path):
    sealed = passable / "sealed"
    sealed.mkdir(mode=0o555)

    inside = python(ENTER, url(sealed / "humphrey.db"), "1", "as another person").stdout
    below = python(ENTER, url(sealed / "data" / "humphrey.db"), "1", "as another person").stdout

    assert f"the database {sealed}/humphrey.db cannot be opened; check that" in inside
    assert f"the folder of the database {sealed}/data/humphrey.db cannot be made (Permission denied)" in below


def _small_files() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))


def test_without_room_nothing_already_taken_in_is_lost(tmp_path: Path):
    path = tmp_path / "humphrey.db"
    open_database(url(path)).close()

    said = python(ENTER, url(path), "1000", before=_small_files).stdout

    database = open_database(url(path))
    kept = list(ledger_store.entries(database))
    assert f"the database {path} " in said
    assert "free" in said
    assert 10 < len(kept) < 1000
    assert [entry.n for entry in kept] == list(range(1, len(kept) + 1))
    database.close()


def test_a_writer_waits_its_turn(tmp_path: Path):
    database = open_database(url(tmp_path / "humphrey.db"))
    code = ENTER.replace("open_database(sys.argv[1])", "open_database(sys.argv[1]); print('open', flush=True)")
    with database.transaction() as tx:
        ledger_store.enter(tx, "amina", "review:open", "first", {}, NOW)
        other = subprocess.Popen(
            [sys.executable, "-c", code, url(tmp_path / "humphrey.db"), "1"], stdout=subprocess.PIPE, text=True
        )
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        time.sleep(0.2)
    assert other.communicate(timeout=30)[0] == ""
    assert [entry.subject[:5] for entry in ledger_store.entries(database)] == ["first", "rrrrr"]
    database.close()
