"""A database of an older humphrey keeps what it held."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from humphrey.store import Store, schema

TEXT = "You get 25 days of leave."


@pytest.fixture
def older(tmp_path: Path, monkeypatch) -> Path:
    path = tmp_path / "humphrey.db"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "HEAD", "0001")
        patch.setattr("humphrey.store.engine.HEAD", "0001")
        Store.open(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO texts VALUES ('sha256:1', ?, '[]')", (TEXT,))
        database.execute(
            "INSERT INTO documents VALUES ('leave', 'sha256:1', 'Leave', '', '', NULL, 'current', '', '', "
            "'/notes//leave.md', 'sha256:2', 1, '2026-11-23 12:00:00.000000')"
        )
    return path


def test_documents_held_before_there_were_audiences_are_everyones_and_can_be_looked_up(older):
    store = Store.open(f"sqlite:///{older}")

    [held] = store.listed()
    assert (held.id, held.audience, held.imprint.locale, held.imprint.withdrawn_at) == (
        "leave",
        frozenset(),
        "en",
        None,
    )
    assert store.document("leave").text == store.document("leave", "sha256:1").text == TEXT
    assert store.audience("leave", "sha256:1") == frozenset()
    store.close()


def test_conversations_held_before_they_could_be_searched_are_found_by_their_words(tmp_path: Path, monkeypatch):
    path, draft = tmp_path / "humphrey.db", json.dumps({"text": "Ask at the Café."})
    with monkeypatch.context() as patch:
        patch.setattr(schema, "HEAD", "0003")
        patch.setattr("humphrey.store.engine.HEAD", "0003")
        Store.open(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as database, database:
        at = "2026-11-23 12:00:00.000000"
        database.execute("INSERT INTO conversations VALUES ('c1', 'amina', 'OPENING hours', ?, ?)", (at, at))
        for name, stored in (("e1", draft), ("e2", "damaged")):
            values = (name, "c1", 1, f"Question of {name}?", stored, at)
            database.execute("INSERT INTO exchanges VALUES (?, ?, ?, ?, ?, NULL, ?)", values)

    store = Store.open(f"sqlite:///{path}")
    for word in ("opening", "cafe", "e2"):
        assert [found.id for found in store.conversations("amina", [word])] == ["c1"]
    assert store.conversations("amina", ["closing"]) == []
    store.close()
