"""What the store promises, on SQLite and on PostgreSQL alike."""

import json
import multiprocessing
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from multiprocessing.synchronize import Barrier

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from evals.proofs.scene import NOTE, asking, drafted
from humphrey.core import review as gate
from humphrey.core.drafts import Draft, canonical, to_json
from humphrey.core.ledger import first_broken
from humphrey.core.people import Person
from humphrey.core.review import Decision, Review
from humphrey.errors import AlreadyDecided, StoreError
from humphrey.store import Store, Transaction, schema
from humphrey.store.tables import metadata

NOW = datetime(2026, 11, 23, 12, 30, 15, 123456, tzinfo=UTC)
SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    store = Store.open(address)
    yield store
    store.close()


def draft_of(about: str = "", marking: str = "OFFICIAL") -> Draft:
    return drafted(asking("amina", about=about, marking=marking))


def opened(act: Transaction, review_id: str) -> Review:
    review = gate.open_review(review_id, draft_of(review_id), NOW)
    act.add(review)
    act.enter("amina", "review:open", review_id, {"digest": review.draft.digest, "kind": "answer"}, NOW)
    return review


def approved(act: Transaction, review_id: str) -> None:
    """A review that was opened, approved and queued to leave."""
    opened(act, review_id)
    review = act.review(review_id)
    ruled = gate.decide(review, Decision("approve", "grace", review.draft.digest, "", NOW))
    act.enter("grace", "review:approve", review_id, {"digest": review.draft.digest}, NOW)
    act.queue(gate.release(ruled, act.entries(review_id)), NOW)
    act.save(ruled)


def test_the_tables_are_what_the_migrations_made(store):
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []


def test_a_review_comes_back_as_it_was_put_in(store):
    with store.transaction() as act:
        put = opened(act, "r1")
        act.save(gate.recheck(act.review("r1"), (), NOW + timedelta(minutes=1)))

    read = store.review("r1")

    assert read.draft.digest == put.draft.digest
    assert (read.versions, read.opened) == (put.versions, NOW)
    assert read.rechecks[0].at == NOW + timedelta(minutes=1)


def fail(store: Store) -> None:
    with store.transaction() as act:
        opened(act, "r2")
        raise ZeroDivisionError


def test_what_is_written_is_not_seen_before_the_act_is_over_and_not_at_all_when_it_fails(store):
    with store.transaction() as act:
        opened(act, "r1")
        assert store.reviews() == []
    with pytest.raises(ZeroDivisionError):
        fail(store)
    assert [review.id for review in store.reviews()] == ["r1"]
    assert [entry.n for entry in store.entries()] == [1]


def test_a_long_reading_sees_one_moment_while_others_write(store):
    with store.transaction() as act:
        opened(act, "r1")
    entries = store.entries()
    first = next(entries)
    with store.transaction() as act:
        opened(act, "r2")

    assert [first.subject, *(entry.subject for entry in entries)] == ["r1"]


def _enter_many(address: str, name: str, barrier: Barrier) -> None:
    store = Store.open(address)
    barrier.wait()
    for n in range(50):
        with store.transaction() as act:
            act.enter(name, "review:open", f"{name}-{n}", {"n": str(n)}, datetime.now(UTC))
    store.close()


def test_four_processes_that_write_to_the_ledger_at_once_make_one_chain_without_a_gap(address):
    Store.open(address).close()
    barrier = SPAWN.Barrier(4, timeout=60)
    writers = [SPAWN.Process(target=_enter_many, args=(address, f"writer {n}", barrier)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    store = Store.open(address)
    entries = list(store.entries())
    store.close()
    assert [writer.exitcode for writer in writers] == [0] * 4
    assert [entry.n for entry in entries] == list(range(1, 201))
    assert first_broken(entries) is None
    for n in range(4):
        assert [int(each.detail["n"]) for each in entries if each.actor == f"writer {n}"] == list(range(50))


def save_late(store: Store) -> None:
    with store.transaction() as act:
        review = act.review("r1")
        act.connection.exec_driver_sql("UPDATE reviews SET revision = revision + 1")
        act.save(gate.recheck(review, (), NOW))


def test_whoever_saves_a_review_that_changed_since_it_was_read_is_told(store):
    with store.transaction() as act:
        opened(act, "r1")
    with pytest.raises(AlreadyDecided, match="reload"):
        save_late(store)
    assert store.review("r1").rechecks == ()


def test_a_parcel_is_claimed_by_one_of_many_threads(store):
    with store.transaction() as act:
        approved(act, "r1")
    [parcel] = store.waiting("web", NOW)
    barrier, took = threading.Barrier(8), []

    def claim() -> None:
        barrier.wait()
        with store.transaction() as act:
            took.append(act.claim(parcel, NOW + timedelta(minutes=5)))

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(took) == [False] * 7 + [True]
    assert store.waiting("web", NOW + timedelta(minutes=4)) == []
    assert len(store.waiting("web", NOW + timedelta(minutes=5))) == 1


def test_people_come_back_with_what_they_were_granted(store):
    put = Person(
        "zoë", ("reviewer", "analyst"), ("a", "b"), kinds=("answer",), email="z@example.org", deputies=("tom",)
    )
    with store.transaction() as act:
        act.add_person(put, "hash", NOW)

    assert store.person("zoë") == put
    assert store.password_of("zoë") == "hash"


def _insert(act: Transaction, table: str, **values: object) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    given = ", ".join(
        "NULL" if each is None else f"'{each}'" if isinstance(each, str) else str(each) for each in values.values()
    )
    act.connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({given})".replace("%", "%%"))  # noqa: S608 - words of this test


@pytest.fixture
def of_the_first_humphrey(address: str, monkeypatch) -> str:
    """A database as the first humphrey left it, with something in every table."""
    with monkeypatch.context() as patch:
        patch.setattr(schema, "HEAD", "0001")
        patch.setattr("humphrey.store.engine.HEAD", "0001")
        store = Store.open(address)
    # PostgreSQL would take a time without a zone for one of the machine's own zone.
    zone = "+00" if store.engine.dialect.name == "postgresql" else ""
    draft, at = draft_of("of the first"), "2026-11-23 12:30:15.123456" + zone
    old = to_json(draft)
    for later in ("missing", "steps", "usage"):
        del old[later]
    with store.transaction() as act:
        _insert(act, "texts", version=NOTE.version, text=NOTE.text, headings="[]")
        _insert(
            act,
            "documents",
            **{"id": NOTE.id, "version": NOTE.version, "title": "Time limits", "url": "", "publisher": ""},
            **{"updated": None, "state": "current", "replaced_by": "", "licence": "", "path": "/notes//limits.md"},
            **{"file_digest": "sha256:2", "passages": 1, "taken_in": at},
        )
        listed = {"kind": "answer", "asked_by": "amina", "outlet": "web", "recipient": "amina", "marking": "OFFICIAL"}
        _insert(act, "reviews", id="r1", state="open", **listed, due="2026-12-22", opened_at=at, revision=1)
        _insert(act, "versions", review="r1", n=1, draft=canonical(old), editor="amina", at=at)
        _insert(act, "versions", review="r1", n=2, draft=canonical(old), editor="tom", at=at)
        _insert(
            act,
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
            _insert(act, "people", name=name, role=role, groups="[]", password="hash", added_at=at, disabled_at=None)
        session = {"person": "grace", "opened_at": at, "expires_at": "2030-01-01 00:00:00.000000"}
        _insert(act, "sessions", token_digest="sha256:t", **session, closed_at=None)
        _insert(act, "conversations", id="c1", owner="amina", title="Opening HOURS", opened_at=at, latest_at=at)
        exchange = {"conversation": "c1", "n": 1, "question": "Where?", "review": None, "at": at}
        _insert(act, "exchanges", id="e1", draft=json.dumps({"text": "Ask at the Café."}), **exchange)
        entry = act.enter("amina", "review:open", "r1", {"digest": draft.digest}, NOW)
        assert entry.n == 1
    store.close()
    return address


def test_what_the_first_humphrey_held_is_all_there_after_every_migration(of_the_first_humphrey):
    store = Store.open(of_the_first_humphrey)

    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []
    review = store.review("r1")
    assert [(each.editor, each.origin, each.at) for each in review.versions] == [
        ("amina", "model", NOW),
        ("tom", "person", NOW),
    ]
    assert review.draft.digest == draft_of("of the first").digest
    assert (review.decisions[0].verdict, review.decisions[0].at) == ("return", NOW)
    assert store.document(NOTE.id).text == NOTE.text
    assert store.person("grace").roles == ("reviewer", "guidance_owner")
    assert store.person("grace").markings == ("OFFICIAL", "OFFICIAL-SENSITIVE")
    assert [each.id for each in store.conversations("amina", ["cafe"])] == ["c1"]
    assert first_broken(store.entries()) is None
    with store.transaction() as act:
        assert act.enter("grace", "review:approve", "r1", {}, NOW).n == 2
    with store.reading() as connection:
        listed = connection.exec_driver_sql("SELECT title, due FROM reviews").one()
        [session] = connection.exec_driver_sql("SELECT person, opened_at, seen_at FROM sessions")
        cited = connection.exec_driver_sql("SELECT document, version FROM review_sources").all()
    assert listed[0].endswith("of the first")
    assert date.fromisoformat(str(listed[1])) == date(2026, 12, 22)
    assert session.person == "grace"
    assert session.seen_at == session.opened_at
    assert [tuple(each) for each in cited] == [(NOTE.id, NOTE.version)]
    store.close()


def test_a_database_that_is_gone_is_one_sentence(postgres):
    address = postgres().replace("humphrey_", "nobody_")

    with pytest.raises(StoreError, match=r"the database postgresql.*nobody_.* does not exist"):
        Store.open(address)
