"""Every document that is taken in, changed or dropped has its entry, in the name of its actor, killed or not."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from humphrey.database.engine import Database, open_database
from humphrey.digests import canonical
from humphrey.errors import StoreError
from humphrey.guidance import store as document_store
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from tests.support.indexing import library
from tests.support.processes import Popen

ROOT = Path(__file__).parents[2]


def write(notes: Path, numbers: range, words: str) -> None:
    notes.mkdir(exist_ok=True)
    for n in numbers:
        (notes / f"note-{n:03}.md").write_text(f"# Note {n}\n\n{words} of note {n}.\n", encoding="utf-8")


def held(database: Database) -> Mapping[str, tuple[str, str]]:
    return {each.id: (each.version, canonical(sorted(each.audience))) for each in document_store.list_stored(database)}


def told(database: Database) -> Mapping[str, tuple[str, str]]:
    """What the entries alone say is held."""
    there: dict[str, tuple[str, str]] = {}
    for entry in ledger_store.entries(database):
        if entry.act == "document:add":
            there[entry.subject] = (entry.detail["version"], entry.detail["audience"])
        elif entry.act == "document:remove":
            del there[entry.subject]
    return there


def test_a_document_is_on_the_record_when_it_comes_changes_and_goes_and_not_when_it_is_read_again(tmp_path: Path):
    shelf, notes = library(tmp_path), tmp_path / "notes"
    database = open_database(f"sqlite:///{tmp_path / 'humphrey.db'}")
    write(notes, range(3), "First wording")
    shelf.index([notes], by="operator")
    shelf.index([notes], by="operator", rebuild=True)
    assert [(entry.actor, entry.act) for entry in ledger_store.entries(database)] == [("operator", "document:add")] * 3
    assert held(database) == told(database)

    write(notes, range(1), "Other wording")
    (notes / "note-002.md").unlink()
    shelf.index([notes], by="grace")
    shelf.index([notes], audience=frozenset({"hr"}), by="grace")

    assert [(entry.actor, entry.act, entry.subject) for entry in list(ledger_store.entries(database))[3:]] == [
        ("grace", "document:add", "note-000"),
        ("grace", "document:remove", "note-002"),
        ("grace", "document:add", "note-000"),
        ("grace", "document:add", "note-001"),
    ]
    assert held(database) == told(database)
    shelf.close()
    database.close()


def test_where_the_entry_cannot_be_made_the_document_is_neither_taken_in_nor_changed_nor_dropped(tmp_path: Path):
    shelf, notes = library(tmp_path), tmp_path / "notes"
    database = open_database(f"sqlite:///{tmp_path / 'humphrey.db'}")
    write(notes, range(2), "First wording")
    shelf.index([notes])
    before = held(database)
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TRIGGER full BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'full'); END")

    write(notes, range(1, 3), "Other wording")
    for audience in (None, frozenset({"hr"})):
        with pytest.raises(StoreError):
            shelf.index([notes], audience=audience)
    write(notes, range(2), "First wording")
    (notes / "note-002.md").unlink()
    (notes / "note-000.md").unlink()
    with pytest.raises(StoreError):
        shelf.index([notes])

    assert held(database) == before
    shelf.close()
    database.close()


@pytest.mark.parametrize("line", [3, 14])
def test_killed_while_documents_are_taken_in_none_is_without_its_entry_and_no_entry_without_its_document(
    tmp_path: Path, line: int
):
    notes = tmp_path / "notes"
    write(notes, range(10), "First wording")
    shelf = library(tmp_path)
    database = open_database(f"sqlite:///{tmp_path / 'humphrey.db'}")
    shelf.index([notes])
    shelf.close()
    write(notes, range(5, 20), "Other wording")
    for gone in range(3):
        (notes / f"note-{gone:03}.md").unlink()

    indexing = [sys.executable, "-m", "tests.support.indexing", str(tmp_path), str(notes)]
    process = Popen(indexing, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout
    for _ in range(line):
        assert process.stdout.readline()
    process.kill()
    process.communicate(timeout=30)

    assert process.returncode == -9
    assert held(database) == told(database)
    assert first_broken(ledger_store.entries(database)) is None
    again = library(tmp_path)
    again.index([notes])
    again.close()
    assert len(held(database)) == 17
    assert held(database) == told(database)
    database.close()
