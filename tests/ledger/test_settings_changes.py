"""The settings are on the record before the first thing that is done under them, where they are not there already."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from humphrey.database.engine import Database, open_database
from humphrey.digests import sha256
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from humphrey.ledger.settings_changes import record_changes
from humphrey.settings import ModelSettings, Settings, recorded_settings

from tests.support.ledger_books import Clock  # isort: skip


def acting(folder: Path, said: dict[str, str], clock: Clock) -> Database:
    database = open_database(f"sqlite:///{folder / 'humphrey.db'}")
    database.before_first_write(record_changes(said, clock))
    return database


def act(database: Database, clock: Clock) -> None:
    with database.transaction() as tx:
        ledger_store.enter(tx, "grace", "guidance:index", "guidance", {}, clock())


def changes(database: Database) -> list[dict[str, str]]:
    assert first_broken(ledger_store.entries(database)) is None
    return [dict(entry.detail) for entry in ledger_store.entries(database) if entry.act == "settings:change"]


def test_what_is_set_is_entered_before_the_first_act_and_again_only_when_it_changes(tmp_path: Path, clock: Clock):
    first = acting(tmp_path, {"host": "sha256:1", "model.api_key": "set"}, clock)
    assert list(ledger_store.entries(first)) == [], "whoever only reads writes nothing"
    act(first, clock)
    act(first, clock)
    assert [entry.act for entry in ledger_store.entries(first)] == [
        "settings:change",
        "guidance:index",
        "guidance:index",
    ]
    assert next(iter(ledger_store.entries(first))).actor == "operator"

    act(acting(tmp_path, {"host": "sha256:1", "model.api_key": "set"}, clock), clock)
    act(acting(tmp_path, {"host": "sha256:2", "model.api_key": "set"}, clock), clock)
    act(acting(tmp_path, {"host": "sha256:2", "new": "sha256:3"}, clock), clock)
    act(acting(tmp_path, {"host": "sha256:2", "new": "sha256:3"}, clock), clock)

    assert changes(first) == [
        {"host": "sha256:1", "model.api_key": "set"},
        {"host": "sha256:2"},
        {"new": "sha256:3", "model.api_key": "gone"},
    ]


def test_when_the_first_act_is_taken_back_the_settings_are_entered_with_the_next(tmp_path: Path, clock: Clock):
    database = acting(tmp_path, {"host": "sha256:1"}, clock)
    with pytest.raises(ZeroDivisionError), database.transaction():
        raise ZeroDivisionError
    assert list(ledger_store.entries(database)) == []

    act(database, clock)

    assert [entry.act for entry in ledger_store.entries(database)] == ["settings:change", "guidance:index"]


def test_of_a_secret_it_is_told_whether_it_is_set_and_of_anything_else_a_digest():
    model = ModelSettings(base_url="http://127.0.0.1:8000/v1", api_key=SecretStr("key-to-nothing"))
    said = recorded_settings(Settings(model=model, database_url="postgresql://a:secret@host/db"))

    assert said["model.api_key"] == "set"
    assert said["fallback_model.api_key"] == "unset"
    assert said["database_url"] == "set"
    assert said["model.base_url"] == sha256("http://127.0.0.1:8000/v1")
    assert said["record.publish_to"] == sha256("")
    assert "key-to-nothing" not in str(said)
    assert sha256("key-to-nothing") not in said.values()
