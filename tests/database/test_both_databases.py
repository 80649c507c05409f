"""What the store promises, on SQLite and on PostgreSQL alike."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from multiprocessing.synchronize import Barrier

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from evals.proofs.scene import NOTE, asking, drafted
from humphrey.accounts import store as account_store
from humphrey.accounts.model import Person
from humphrey.clearance import gate, rules
from humphrey.clearance.model import Decision, Review
from humphrey.clearance.store import reviews
from humphrey.clearance.store import reviews as review_store
from humphrey.conversations import store as conversation_store
from humphrey.database import schema
from humphrey.database.engine import Database, open_database
from humphrey.database.tables.types import metadata
from humphrey.database.transaction import Transaction
from humphrey.delivery import store
from humphrey.digests import canonical
from humphrey.errors import AlreadyDecided, StoreError, UnstorableText
from humphrey.guidance import store as document_store
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import START, Entry, first_broken, seal, stated
from humphrey.papers.draft import Draft, to_json
from tests.support.processes import FORKS

NOW = datetime(2026, 11, 23, 12, 30, 15, 123456, tzinfo=UTC)


LIFE = timedelta(hours=72)


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    database = open_database(address)
    yield database
    database.close()


def draft_of(about: str = "", marking: str = "OFFICIAL") -> Draft:
    return drafted(asking("amina", about=about, marking=marking))


def opened(tx: Transaction, review_id: str) -> Review:
    review = rules.open_review(review_id, draft_of(review_id), NOW)
    review_store.add(tx, review)
    ledger_store.enter(tx, "amina", "review:open", review_id, {"digest": review.draft.digest, "kind": "answer"}, NOW)
    return review


def approved(tx: Transaction, review_id: str) -> None:
    """A review that was opened, approved and queued to leave."""
    opened(tx, review_id)
    review = review_store.load_for_update(tx, review_id)
    ruled = rules.decide(review, Decision("approve", "grace", review.draft.digest, "", NOW))
    ledger_store.enter(tx, "grace", "review:approve", review_id, {"digest": review.draft.digest}, NOW)
    release = gate.release(ruled, ledger_store.entries_about(tx, review_id), NOW, LIFE, lambda _record: None)
    reviews.enqueue(tx, release, NOW)
    review_store.save(tx, ruled)


def test_the_tables_are_what_the_migrations_made(database):
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []


def test_a_review_comes_back_as_it_was_put_in(database):
    with database.transaction() as tx:
        put = opened(tx, "r1")
        review_store.save(tx, rules.recheck(review_store.load_for_update(tx, "r1"), (), NOW + timedelta(minutes=1)))

    read = review_store.load(database, "r1")

    assert read.draft.digest == put.draft.digest
    assert (read.versions, read.opened) == (put.versions, NOW)
    assert read.rechecks[0].at == NOW + timedelta(minutes=1)


def fail(database: Database) -> None:
    with database.transaction() as tx:
        opened(tx, "r2")
        raise ZeroDivisionError


def test_what_is_written_is_not_seen_before_the_act_is_over_and_not_at_all_when_it_fails(database):
    with database.transaction() as tx:
        opened(tx, "r1")
        assert review_store.find(database) == []
    with pytest.raises(ZeroDivisionError):
        fail(database)
    assert [review.id for review in review_store.find(database)] == ["r1"]
    assert [entry.n for entry in ledger_store.entries(database)] == [1]


def test_a_long_reading_sees_one_moment_while_others_write(database):
    with database.transaction() as tx:
        opened(tx, "r1")
    entries = ledger_store.entries(database)
    first = next(entries)
    with database.transaction() as tx:
        opened(tx, "r2")

    assert [first.subject, *(entry.subject for entry in entries)] == ["r1"]


def _enter_many(address: str, name: str, barrier: Barrier) -> None:
    database = open_database(address)
    barrier.wait()
    for n in range(50):
        with database.transaction() as tx:
            ledger_store.enter(tx, name, "review:open", f"{name}-{n}", {"n": str(n)}, datetime.now(UTC))
    database.close()


def test_four_processes_that_write_to_the_ledger_at_once_make_one_chain_without_a_gap(address):
    open_database(address).close()
    barrier = FORKS.Barrier(4, timeout=60)
    writers = [FORKS.Process(target=_enter_many, args=(address, f"writer {n}", barrier)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    database = open_database(address)
    entries = list(ledger_store.entries(database))
    database.close()
    assert [writer.exitcode for writer in writers] == [0] * 4
    assert [entry.n for entry in entries] == list(range(1, 201))
    assert first_broken(entries) is None
    for n in range(4):
        assert [int(each.detail["n"]) for each in entries if each.actor == f"writer {n}"] == list(range(50))


def save_late(database: Database) -> None:
    with database.transaction() as tx:
        review = review_store.load_for_update(tx, "r1")
        tx.connection.exec_driver_sql("UPDATE reviews SET revision = revision + 1")
        review_store.save(tx, rules.recheck(review, (), NOW))


def test_the_person_who_saves_a_review_that_changed_since_it_was_read_is_told(database):
    with database.transaction() as tx:
        opened(tx, "r1")
    with pytest.raises(AlreadyDecided, match="reload"):
        save_late(database)
    assert review_store.load(database, "r1").rechecks == ()


def test_a_parcel_is_claimed_by_one_of_many_threads(database):
    with database.transaction() as tx:
        approved(tx, "r1")
    [parcel] = store.waiting(database, "web", NOW)
    barrier, took = threading.Barrier(8), []

    def claim() -> None:
        barrier.wait()
        with database.transaction() as tx:
            took.append(store.claim(tx, parcel, NOW + timedelta(minutes=5)))

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(took) == [False] * 7 + [True]
    assert store.waiting(database, "web", NOW + timedelta(minutes=4)) == []
    assert len(store.waiting(database, "web", NOW + timedelta(minutes=5))) == 1


def test_people_come_back_with_what_they_were_granted(database):
    put = Person(
        "zoë", ("reviewer", "analyst"), ("a", "b"), kinds=("answer",), email="z@example.org", deputies=("tom",)
    )
    with database.transaction() as tx:
        account_store.add_person(tx, put, "hash", NOW)

    assert account_store.person(database, "zoë") == put
    assert account_store.password_hash(database, "zoë") == "hash"


def _insert(tx: Transaction, table: str, **values: object) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    given = ", ".join(
        "NULL" if each is None else f"'{each}'" if isinstance(each, str) else str(each) for each in values.values()
    )
    tx.connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({given})".replace("%", "%%"))  # noqa: S608 - words of this test


@pytest.fixture
def of_the_first_humphrey(address: str, monkeypatch) -> str:
    """A database as the first humphrey left it, with something in every table."""
    with monkeypatch.context() as patch:
        patch.setattr(schema, "HEAD", "0001")
        patch.setattr("humphrey.database.engine.HEAD", "0001")
        database = open_database(address)
    # PostgreSQL would take a time without a zone for one of the machine's own zone.
    zone = "+00" if database.engine.dialect.name == "postgresql" else ""
    draft, at = draft_of("of the first"), "2026-11-23 12:30:15.123456" + zone
    old = to_json(draft)
    for later in ("missing", "steps", "usage"):
        del old[later]
    with database.transaction() as tx:
        _insert(tx, "texts", version=NOTE.version, text=NOTE.text, headings="[]")
        _insert(
            tx,
            "documents",
            **{"id": NOTE.id, "version": NOTE.version, "title": "Time limits", "url": "", "publisher": ""},
            **{"updated": None, "state": "current", "replaced_by": "", "licence": "", "path": "/notes//limits.md"},
            **{"file_digest": "sha256:2", "passages": 1, "taken_in": at},
        )
        listed = {"kind": "answer", "asked_by": "amina", "outlet": "web", "recipient": "amina", "marking": "OFFICIAL"}
        _insert(tx, "reviews", id="r1", state="open", **listed, due="2026-12-22", opened_at=at, revision=1)
        _insert(tx, "versions", review="r1", n=1, draft=canonical(old), editor="amina", at=at)
        _insert(tx, "versions", review="r1", n=2, draft=canonical(old), editor="tom", at=at)
        _insert(
            tx,
            "decisions",
            review="r1",
            n=1,
            verdict="return",
            reviewer="grace",
            digest=draft.digest,
            reason="x",
            at=at,
        )
        for name, role in (("grace", "reviewer"), ("amina", "official")):
            _insert(tx, "people", name=name, role=role, groups="[]", password="hash", added_at=at, disabled_at=None)
        session = {"person": "grace", "opened_at": at, "expires_at": "2030-01-01 00:00:00.000000"}
        _insert(tx, "sessions", token_digest="sha256:t", **session, closed_at=None)
        _insert(tx, "conversations", id="c1", owner="amina", title="Opening HOURS", opened_at=at, latest_at=at)
        exchange = {"conversation": "c1", "n": 1, "question": "Where?", "review": None, "at": at}
        _insert(tx, "exchanges", id="e1", draft=json.dumps({"text": "Ask at the Café."}), **exchange)
        entry = seal(Entry(1, NOW, "amina", "review:open", "r1", {"digest": draft.digest}, START))
        _insert(tx, "ledger", **stated(entry) | {"at": at, "detail": canonical(dict(entry.detail))})
    database.close()
    return address


def test_what_the_first_humphrey_held_is_all_there_after_every_migration(of_the_first_humphrey):
    database = open_database(of_the_first_humphrey)

    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []
    review = review_store.load(database, "r1")
    assert [(each.editor, each.origin, each.at) for each in review.versions] == [
        ("amina", "model", NOW),
        ("tom", "person", NOW),
    ]
    assert review.draft.digest == draft_of("of the first").digest
    assert (review.decisions[0].verdict, review.decisions[0].at) == ("return", NOW)
    assert document_store.document(database, NOTE.id).text == NOTE.text
    assert account_store.person(database, "grace").roles == ("reviewer", "guidance_owner")
    assert account_store.person(database, "grace").markings == ("OFFICIAL", "OFFICIAL-SENSITIVE")
    assert [each.id for each in conversation_store.list_conversations(database, "amina", ["cafe"])] == ["c1"]
    assert first_broken(ledger_store.entries(database)) is None
    adopted = [entry.subject for entry in ledger_store.entries(database) if entry.act == "record:adopt"]
    assert adopted == ["record", NOTE.id, "amina", "grace"]
    with database.transaction() as tx:
        assert ledger_store.enter(tx, "grace", "review:approve", "r1", {}, NOW).n == 2 + len(adopted)
    with database.reading() as connection:
        listed = connection.exec_driver_sql("SELECT title, due FROM reviews").one()
        [session] = connection.exec_driver_sql("SELECT person, opened_at, seen_at FROM sessions")
        cited = connection.exec_driver_sql("SELECT document, version FROM review_sources").all()
    assert listed[0].endswith("of the first")
    assert date.fromisoformat(str(listed[1])) == date(2026, 12, 22)
    assert session.person == "grace"
    assert session.seen_at == session.opened_at
    assert [tuple(each) for each in cited] == [(NOTE.id, NOTE.version)]
    database.close()


def test_a_nul_is_the_fault_of_what_was_sent_and_says_nothing_of_the_database(database, caplog):
    database.keep_address_private()
    with database.transaction() as tx:
        ledger_store.enter(tx, "grace", "review:approve", "a", {}, NOW)
    if database.engine.dialect.name == "sqlite":
        # SQLite takes it; what it must not do is end the text there, and find or store "a" for it.
        assert list(ledger_store.entries(database, "a\0b")) == []
        with database.transaction() as tx:
            ledger_store.enter(tx, "grace", "review:approve", "a\0b", {}, NOW)
        assert [each.subject for each in ledger_store.entries(database, "a\0b")] == ["a\0b"]
        assert [each.subject for each in ledger_store.entries(database, "a")] == ["a"]
    else:
        with pytest.raises(UnstorableText, match=r"^the input holds U\+0000, which is not text; remove it"):
            list(ledger_store.entries(database, "a\0b"))

    with pytest.raises(StoreError) as told, database.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM no_such_table")
    assert str(told.value) == "the database cannot be used just now; try again, and tell the humphrey administrator"
    assert [record.msg for record in caplog.records] == ["database_failed"]
    assert "no_such_table" in caplog.records[0].error


def test_a_database_that_is_gone_is_one_sentence(postgres):
    address = postgres().replace("humphrey_", "nobody_")

    with pytest.raises(StoreError, match=r"the database postgresql.*nobody_.* does not exist"):
        open_database(address)
