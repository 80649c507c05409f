"""A database of an older humphrey keeps what it held."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from humphrey.accounts.model import Person
from humphrey.clearance.access import open_to
from humphrey.clearance.queue import QueueQuery
from humphrey.clearance.store import queue as queue_store
from humphrey.clearance.store import reviews as review_store
from humphrey.conversations import store as conversation_store
from humphrey.database import schema
from humphrey.database.engine import open_database
from humphrey.digests import canonical
from humphrey.documents.ingest import SourceFile
from humphrey.documents.model import Document, Imprint, split
from humphrey.documents.readers.files import read_files
from humphrey.guidance import store as document_store
from humphrey.guidance.library import Library, PassageIndex
from humphrey.papers.draft import Citation, Commission, Draft, EarlierTurn, Finding, ModelName, to_json

TEXT = "You get 25 days of leave."


def unindexed() -> PassageIndex:
    raise AssertionError("who may read a document is no matter of the index")


@pytest.fixture
def older(tmp_path: Path, monkeypatch) -> Path:
    path = tmp_path / "humphrey.db"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "HEAD", "0001")
        patch.setattr("humphrey.database.engine.HEAD", "0001")
        open_database(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO texts VALUES ('sha256:1', ?, '[]')", (TEXT,))
        database.execute(
            "INSERT INTO documents VALUES ('leave', 'sha256:1', 'Leave', '', '', NULL, 'current', '', '', "
            "'/notes//leave.md', 'sha256:2', 1, '2026-11-23 12:00:00.000000')"
        )
    return path


def test_documents_held_before_there_were_audiences_are_everyones_and_can_be_looked_up(older):
    database = open_database(f"sqlite:///{older}")

    [held] = document_store.list_documents(database)
    assert (held.id, held.audience, held.imprint.locale, held.imprint.withdrawn_at) == (
        "leave",
        frozenset(),
        "en",
        None,
    )
    assert (
        document_store.document(database, "leave").text
        == document_store.document(database, "leave", "sha256:1").text
        == TEXT
    )
    assert document_store.audience(database, "leave", "sha256:1") == frozenset()
    database.close()


def test_conversations_held_before_they_could_be_searched_are_found_by_their_words(tmp_path: Path, monkeypatch):
    path, draft = tmp_path / "humphrey.db", json.dumps({"text": "Ask at the Café."})
    with monkeypatch.context() as patch:
        patch.setattr(schema, "HEAD", "0003")
        patch.setattr("humphrey.database.engine.HEAD", "0003")
        open_database(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as database, database:
        at = "2026-11-23 12:00:00.000000"
        database.execute("INSERT INTO conversations VALUES ('c1', 'amina', 'OPENING hours', ?, ?)", (at, at))
        for name, stored in (("e1", draft), ("e2", "damaged")):
            values = (name, "c1", 1, f"Question of {name}?", stored, at)
            database.execute("INSERT INTO exchanges VALUES (?, ?, ?, ?, ?, NULL, ?)", values)

    database = open_database(f"sqlite:///{path}")
    for word in ("opening", "cafe", "e2"):
        assert [found.id for found in conversation_store.list_conversations(database, "amina", [word])] == ["c1"]
    assert conversation_store.list_conversations(database, "amina", ["closing"]) == []
    database.close()


def test_conversations_folded_before_are_found_by_the_letters_of_a_keyboard(tmp_path: Path, monkeypatch):
    path, at = tmp_path / "humphrey.db", "2026-11-23 12:00:00.000000"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "HEAD", "0010")
        patch.setattr("humphrey.database.engine.HEAD", "0010")
        open_database(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as database, database:
        values = ("c1", "amina", "Łucja’s", "łucja’s", at, at)
        database.execute(
            "INSERT INTO conversations (id, owner, title, folded, opened_at, latest_at) VALUES (?, ?, ?, ?, ?, ?)",
            values,
        )

    database = open_database(f"sqlite:///{path}")
    assert [found.id for found in conversation_store.list_conversations(database, "amina", ["lucja's"])] == ["c1"]
    database.close()


def test_reviews_held_before_there_was_a_queue_are_listed_to_those_who_may_read_what_they_cite(
    tmp_path: Path, monkeypatch
):
    path, at = tmp_path / "humphrey.db", datetime(2026, 11, 23, 12, tzinfo=UTC)
    with monkeypatch.context() as patch:
        patch.setattr(schema, "HEAD", "0005")
        patch.setattr("humphrey.database.engine.HEAD", "0005")
        open_database(f"sqlite:///{path}").close()
    stored = "2026-11-23 12:00:00.000000"
    with closing(sqlite3.connect(path)) as database, database:
        for document, audience in (("open", "[]"), ("closed", '["legal","press"]'), ("file", '["attached:c1"]')):
            database.execute("INSERT INTO texts VALUES (?, 'x', '[]')", (f"sha256:{document}",))
            database.execute("INSERT INTO editions VALUES (?, ?, ?)", (document, f"sha256:{document}", audience))
        for review, cited, files in (
            ("plain", ["open"], ()),
            ("closed", ["open", "closed"], ()),
            ("own file", ["file", "open"], ("file",)),
            ("strange file", ["file"], ()),
            ("never held", ["elsewhere"], ()),
            ("damaged", None, ()),
        ):
            marking = "OFFICIAL-SENSITIVE - LEGAL"
            asked = Commission("answer", f"About {review}?", "amina", "web", {}, "", marking, "c1", attached=files)
            spans = tuple(Citation("1", each, f"sha256:{each}", "", "", (), "x", 0, 1) for each in cited or ())
            found = (Finding("a", "warn", ""),)
            draft = to_json(Draft(asked, "answered", "x", ModelName("t", "t"), spans, findings=found))
            row = (review, "open", "answer", "amina", "web", "amina", marking, None, stored, 1)
            database.execute("INSERT INTO reviews VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            kept = canonical(draft) if cited else "damaged"
            database.execute("INSERT INTO versions VALUES (?, 1, ?, 'amina', ?)", (review, kept, stored))

    database = open_database(f"sqlite:///{path}")
    grace = Person("grace", ("reviewer",), markings=("OFFICIAL", "OFFICIAL-SENSITIVE"))
    for groups, listed in (((), ["own file", "plain"]), (("press",), ["closed", "own file", "plain"])):
        page = queue_store.page(database, replace(grace, groups=groups), QueueQuery(), at, at.date())
        assert [row.id for row in page.rows] == listed
        assert {row.title for row in page.rows} == {f"About {name}?" for name in listed}
        assert {row.warnings for row in page.rows} == {1}
    assert queue_store.page(database, replace(grace, markings=("OFFICIAL",)), QueueQuery(), at, at.date()).rows == ()
    database.close()


def test_reviews_held_before_there_were_references_are_numbered_in_order_of_opening(tmp_path: Path, monkeypatch):
    path = tmp_path / "humphrey.db"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "HEAD", "0012")
        patch.setattr("humphrey.database.engine.HEAD", "0012")
        open_database(f"sqlite:///{path}").close()
    columns = (
        "id, state, kind, asked_by, outlet, recipient, marking, classification, readers, files_of, revision, title, "
        "blocking, warnings, claimed_by, handed_to, reminded, seeded, opened_at"
    )
    stored = ("open", "answer", "amina", "web", "amina", "OFFICIAL", "OFFICIAL", "", "", 1, "", 0, 0, "", "", 0, 0)
    with closing(sqlite3.connect(path)) as database, database:
        # The second moment is of the new year in UTC and in London alike; the third was opened before both.
        for name, at in (("b", "2026-12-31 23:59:59"), ("c", "2027-01-01 00:00:00"), ("a", "2026-07-01 12:00:00")):
            values = (name, *stored, f"{at}.000000")
            database.execute(f"INSERT INTO reviews ({columns}) VALUES ({','.join('?' * len(values))})", values)  # noqa: S608 - our own names

    database = open_database(f"sqlite:///{path}")
    named = {name: review_store.id_of(database, name) for name in ("H26-00001", "H26-00002", "H27-00001")}
    assert named == {"H26-00001": "a", "H26-00002": "b", "H27-00001": "c"}
    database.close()
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT * FROM reference_counters ORDER BY year").fetchall() == [(2026, 2), (2027, 1)]


def test_reviews_held_before_documents_given_were_kept_rest_on_all_that_is_still_known_of_them(
    tmp_path: Path, monkeypatch
):
    path, at, stored = tmp_path / "humphrey.db", datetime(2026, 11, 23, 12, tzinfo=UTC), "2026-11-23 12:00:00.000000"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "HEAD", "0006")
        patch.setattr("humphrey.database.engine.HEAD", "0006")
        database = open_database(f"sqlite:///{path}")
    with database.transaction() as tx:
        for name, audience in (
            ("open", frozenset()),
            ("closed", frozenset({"press"})),
            ("closed since", frozenset()),
        ):
            note = Document(name, Imprint(name, ""), f"The {name} text.")
            document_store.save(tx, note, split(note), SourceFile(f"{name}.md", ""), audience, at)
    database.close()
    names = ("open", "closed", "closed since")
    version = {name: Document(name, Imprint(name, ""), f"The {name} text.").version for name in names}
    earlier = (EarlierTurn("Before?", "So it was."),)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE documents SET audience = '[\"press\"]' WHERE id = 'closed since'")
        for review, cited, turns in (
            ("plain", ("open",), ()),
            ("closed since", ("closed since",), ()),
            ("earlier wording", ("closed",), ()),
            ("earlier turn", ("open",), earlier),
        ):
            asked = Commission("answer", f"About {review}?", "amina", "web", conversation="c1", earlier=turns)
            spans = tuple(Citation("1", each, version[each], "", "", (), "The", 0, 3) for each in cited)
            draft = Draft(asked, "partial", "x", ModelName("t", "t"), spans)
            columns = (
                "id state kind asked_by outlet recipient marking classification readers files_of opened_at revision"
            )
            rest = "title blocking warnings claimed_by handed_to reminded seeded"
            row = (review, "open", "answer", "amina", "web", "amina", "OFFICIAL", "OFFICIAL", "", "", stored, 1)
            names = ", ".join(f"{columns} {rest}".split())
            marks = ", ".join("?" * 19)
            database.execute(f"INSERT INTO reviews ({names}) VALUES ({marks})", (*row, review, 0, 0, "", "", 0, False))  # noqa: S608 - names of our own columns
            wordings = [draft, replace(draft, citations=())] if review == "earlier wording" else [draft]
            for n, each in enumerate(wordings, 1):
                kept = canonical(to_json(each))
                database.execute(
                    "INSERT INTO versions (review, n, draft, editor, at, origin, instruction) "
                    "VALUES (?, ?, ?, 'amina', ?, 'model', '')",
                    (review, n, kept, stored),
                )
        spans = (Citation("1", "closed", version["closed"], "", "", (), "The", 0, 3),)
        before = Draft(
            Commission("answer", "Before?", "amina", "web"), "answered", "So it was.", ModelName("t", "t"), spans
        )
        database.execute("INSERT INTO conversations VALUES ('c1', 'amina', '', '', ?, ?)", (stored, stored))
        database.execute(
            "INSERT INTO exchanges (id, conversation, n, question, draft, folded, replaced, at) "
            "VALUES ('e1', 'c1', 1, '', ?, '', 0, ?)",
            (canonical(to_json(before)), stored),
        )

    database = open_database(f"sqlite:///{path}")
    reader, may_read = Person("grace", ("reviewer",)), Library(database, read_files, unindexed).may_read
    everything = {"plain", "closed since", "earlier wording", "earlier turn"}
    for groups, listed in (((), {"plain"}), (("press",), everything)):
        person = replace(reader, groups=groups)
        page = queue_store.page(database, person, QueueQuery(), at, at.date())
        assert {row.id for row in page.rows} == listed
        assert {each.id for each in review_store.find(database) if open_to(each, person, may_read)} == listed
    database.close()


def test_decisions_made_before_doors_were_kept_name_none_and_no_draft_is_deferred_or_wished_for(
    tmp_path: Path, monkeypatch
):
    path, at = tmp_path / "humphrey.db", "2026-11-23 12:00:00.000000"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "HEAD", "0012")
        patch.setattr("humphrey.database.engine.HEAD", "0012")
        open_database(f"sqlite:///{path}").close()
    draft = Draft(Commission("answer", "How?", "amina", "web"), "answered", "So.", ModelName("t", "t"))
    columns = "id state kind asked_by outlet recipient marking classification readers files_of opened_at revision title"
    row = ("r1", "returned", "answer", "amina", "web", "amina", "OFFICIAL", "OFFICIAL", "", "", at, 2, "How?")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            f"INSERT INTO reviews ({columns.replace(' ', ', ')}, blocking, warnings, claimed_by, handed_to, reminded, "  # noqa: S608 - names of our own columns
            f"seeded) VALUES ({', '.join('?' * 13)}, 0, 0, '', '', 0, 0)",
            row,
        )
        version = ("r1", 1, canonical(to_json(draft)), "amina", at, "model", "")
        database.execute("INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?)", version)
        decided = ("r1", 1, "return", "grace", draft.digest, "No.", at, "[]")
        database.execute("INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", decided)

    database = open_database(f"sqlite:///{path}")
    review = review_store.load(database, "r1")
    database.close()

    assert [(each.door, each.acknowledged, each.held_until) for each in review.decisions] == [("", (), None)]
    assert (review.wished, review.due, review.deferrals, review.deferred_until) == (None, None, (), None)
