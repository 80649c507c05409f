"""Documents, people, spot checks and readings are held against the record: what is changed beside it is named."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from humphrey.accounts.model import Person
from humphrey.accounts.store import person_digest
from humphrey.clearance.deadlines import ReminderSchedule
from humphrey.clearance.model import Review
from humphrey.clearance.reminders import Reminders
from humphrey.clearance.reviewer_statistics import store as statistics_store
from humphrey.clearance.reviewer_statistics.service import ReviewerStatistics
from humphrey.clearance.spot_checks.service import SpotChecks
from humphrey.database import schema
from humphrey.database.engine import open_database
from humphrey.digests import sha256
from humphrey.ledger import store as ledger_store
from humphrey.records.verification.service import Verification
from tests.conversations.attachment_office import furnish, office_at
from tests.support.ledger_books import Books
from tests.support.services import LIFE, anybody


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with guidance in two versions, one for a group, an attached file and people; verified once."""
    folder = tmp_path_factory.mktemp("held")
    furnish(folder)
    office = office_at(folder)
    corpus = folder / "corpus"
    (corpus / "leave.md").write_text("# Leave\n\nStaff have 30 days of annual leave.\n", encoding="utf-8")
    office.humphrey.library.index([corpus])
    office.humphrey.library.index([corpus / "travel.md"], audience=frozenset({"hr"}))
    office.attach()
    gone = office.attach("# Old plan\n\nNothing moves.\n", "old.md")
    office.humphrey.attachments.remove(gone.id, "amina")
    zoe = Person("zoe", ("reviewer", "auditor"), ("hr",), markings=("OFFICIAL",), email="zoe@office.example")
    office.humphrey.accounts.add(zoe, "six further random words")
    office.humphrey.accounts.disable("zoe")
    office.humphrey.accounts.enable("zoe")
    office.humphrey.accounts.disable("tom")
    office.humphrey.accounts.set_password("grace", "five other random words")
    office.humphrey.accounts.change("david", lambda person: replace(person, groups=("hr", "press")))
    assert office.humphrey.verification.verify().ok
    office.close()
    return folder / "data" / "humphrey.sqlite3"


@pytest.fixture
def kept(furnished: Path, tmp_path: Path) -> Iterator[tuple[sqlite3.Connection, Path]]:
    """A copy of its database, to be changed beside humphrey."""
    path = tmp_path / "humphrey.sqlite3"
    with closing(sqlite3.connect(furnished)) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
        yield copy, path


_SAID = "version, title, url, publisher, updated, state, replaced_by, licence, withdrawn_at, reason, locale, history"

_WHERE = "audience, path, file_digest, passages, taken_in"

INSERTED = (
    f"INSERT INTO documents (id, {_SAID}, {_WHERE}) SELECT 'forged', {_SAID}, {_WHERE} "  # noqa: S608 - the names above
    "FROM documents WHERE id = 'leave'"
)

_GRANTED = 'roles, "groups", password, added_at, kinds, markings, email, deputies'

HIRED = (
    f"INSERT INTO people (name, {_GRANTED}) SELECT 'mallory', {_GRANTED} "  # noqa: S608 - the names above
    "FROM people WHERE name = 'grace'"
)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (INSERTED, "document forged is stored, and no entry records it"),
        ("UPDATE documents SET audience = '[]' WHERE id = 'travel'", "document travel is not what entry"),
        ("UPDATE documents SET url = 'https://evil.example' WHERE id = 'leave'", "document leave is not what entry"),
        ("UPDATE documents SET state = 'withdrawn' WHERE id = 'leave'", "document leave is not what entry"),
        ("UPDATE documents SET updated = 'yesterday' WHERE id = 'leave'", "documents or accounts were damaged"),
        ("DELETE FROM documents WHERE id = 'leave'", "records document leave, which is not stored"),
        ("UPDATE editions SET audience = '[]' WHERE document = 'travel'", "readers of a version of document travel"),
        ("DELETE FROM editions WHERE document = 'leave'", "a version of document leave was taken in, and is not"),
        ("UPDATE editions SET document = 'forged' WHERE document = 'leave'", "a version of document forged is stored"),
        ("UPDATE texts SET text = replace(text, '30', '99')", "is not the text of that digest"),
        ("DELETE FROM attachments", "attached file"),
        ("UPDATE attachments SET document = 'leave'", "attached file"),
        (HIRED, "account mallory is stored, and no entry records it"),
        ("UPDATE people SET roles = '[\"administrator\"]' WHERE name = 'amina'", "account amina is not what entry"),
        ("UPDATE people SET \"groups\" = '[\"hr\"]' WHERE name = 'amina'", "account amina is not what entry"),
        ("UPDATE people SET password = 'x' WHERE name = 'david'", "account david is not what entry"),
        ("UPDATE people SET password_given_by = '' WHERE name = 'grace'", "account grace is not what entry"),
        ("UPDATE people SET password_given_by = 'x' WHERE name = 'tom'", "account tom is not what entry"),
        ("UPDATE people SET email = 'm@evil.example' WHERE name = 'david'", "account david is not what entry"),
        ("UPDATE people SET disabled_at = NULL WHERE name = 'tom'", "account tom is not what entry"),
        ("DELETE FROM people WHERE name = 'tom'", "records account tom, which is not stored"),
    ],
)  # fmt: skip
def test_whatever_is_changed_of_documents_and_people_beside_the_ledger_is_named(kept, statement: str, told: str):
    connection, path = kept
    with connection:
        assert connection.execute(statement).rowcount > 0

    said = verified(path)

    assert told in said


def test_the_digest_of_an_account_whose_password_is_its_persons_own_is_that_of_older_versions(kept):
    connection, _path = kept
    connection.row_factory = sqlite3.Row
    row = dict(connection.execute("SELECT * FROM people WHERE name = 'amina'").fetchone())
    before = {name: value for name, value in row.items() if name != "password_given_by"}

    assert person_digest({**row, "password_given_by": ""}) == person_digest(before)
    assert person_digest({**row, "password_given_by": "sue"}) != person_digest(before)


def verified(path: Path) -> str:
    """The faults of a database, as text."""
    database = open_database(f"sqlite:///{path}")
    found = Verification(database, list, lambda *_: True, None, lambda: datetime.now(UTC)).verify()
    database.close()
    return "\n".join(fault.message for fault in found.faults)


def test_what_was_stored_before_is_adopted_once_and_held_against_the_record_from_then_on(tmp_path, monkeypatch):
    path = tmp_path / "humphrey.db"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "HEAD", "0006")
        patch.setattr("humphrey.database.engine.HEAD", "0006")
        open_database(f"sqlite:///{path}").close()
    text = "You get 25 days of leave."
    version = sha256(text)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO texts VALUES (?, ?, '[]')", (version, text))
        database.execute("INSERT INTO editions VALUES ('leave', ?, '[]')", (version,))
        database.execute("INSERT INTO editions VALUES ('older', ?, '[\"hr\"]')", (version,))
        database.execute(
            "INSERT INTO documents (id, version, title, url, publisher, state, replaced_by, licence, reason, locale, "
            "history, audience, path, file_digest, passages, taken_in) VALUES ('leave', ?, 'Leave', '', '', 'current', "
            "'', '', '', 'en', '', '[]', '/notes//leave.md', 'sha256:2', 0, '2026-11-23 12:00:00.000000')",
            (version,),
        )
        database.execute(
            f"INSERT INTO people (name, {_GRANTED}) VALUES ('ada', '[\"official\"]', '[]', 'hash', "  # noqa: S608
            "'2026-11-23 12:00:00.000000', '[]', '[]', '', '[]')"
        )

    opened = open_database(f"sqlite:///{path}")
    adopted = [(entry.act, entry.subject, entry.detail["what"]) for entry in ledger_store.entries(opened)]
    opened.close()

    assert adopted == [
        ("record:adopt", "record", "record"),
        ("record:adopt", "older", "version"),
        ("record:adopt", "leave", "document"),
        ("record:adopt", "ada", "person"),
    ]
    assert verified(path) == ""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE people SET roles = '[\"administrator\"]'")
        database.execute("UPDATE documents SET title = 'Sick leave'")
    assert "account ada is not what entry 4" in verified(path)
    assert "document leave is not what entry 3" in verified(path)


def test_a_second_adoption_is_named(books: Books):
    books.take()
    for _ in range(2):
        with books.database.transaction() as tx:
            said = {"what": "record", "rows": "0"}
            ledger_store.enter(tx, "humphrey", "record:adopt", "record", said, books.clock())

    assert "adopts what is stored a second time" in "\n".join(fault.message for fault in books.verify().faults)


def reading_statistics(books: Books, open_review: Callable[[str, str], Review] | None = None) -> ReviewerStatistics:
    opened = open_review or books.desk.clearance.review_to_clear
    return ReviewerStatistics(books.database, books.people, opened, books.clock)


def expiring(books: Books) -> Reminders:
    return Reminders(books.database, books.people, anybody, ReminderSchedule(approval=LIFE), books.clock)


def read(books: Books) -> str:
    """A review that grace read and decided; its id."""
    review, statistics = books.take(), reading_statistics(books)
    statistics.note(review.id, "grace", 1, 12.0, {"1"})
    books.desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
    books.clock.pass_by(seconds=20)
    statistics.note(review.id, "grace", 1, 8.0, {"1"})
    return review.id


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE readings SET seconds = seconds + 600",
        "UPDATE readings SET opened = '[]'",
        "UPDATE readings SET reviewer = 'david'",
        "DELETE FROM readings",
    ],
)
def test_a_reading_is_bound_by_the_decision_that_followed_it(books: Books, statement: str):
    read(books)
    assert books.verify().ok

    assert books.change(statement) == 1

    assert "the reading of wording 1 by grace is not what entry" in messages(books)


def test_a_reading_inserted_for_somebody_who_decided_without_one_is_named(books: Books):
    review = books.take()
    books.desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
    books.change("INSERT INTO readings VALUES (?, 'grace', 1, '2026-11-23 12:00:00.000000', 600.0, '[]', 1)", review.id)

    assert "the reading of wording 1 by grace is not what entry" in messages(books)


def test_a_reading_that_goes_on_after_the_approval_ran_out_is_on_the_record(books: Books):
    review, statistics = books.take(), reading_statistics(books)
    statistics.note(review.id, "grace", 1, 12.0, {"1"})
    books.desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
    books.clock.pass_by(hours=73)
    assert expiring(books).expire() == 1

    assert statistics.note(review.id, "grace", 1, 8.0, {"1"}) == 20.0

    assert books.verify().faults == ()
    books.desk.clearance.decide(review.id, "approve", "david", review.draft.digest)
    assert books.verify().faults == ()


def test_a_reading_that_was_asked_for_before_the_decision_and_noted_after_it_is_on_the_record(books: Books):
    review = books.take()

    def decided_meanwhile(review_id: str, reviewer: str) -> Review:
        found = books.desk.clearance.review_to_clear(review_id, reviewer)
        books.desk.clearance.decide(review_id, "approve", reviewer, found.draft.digest)
        return found

    reading_statistics(books, decided_meanwhile).note(review.id, "grace", 1, 12.0, {"1"})

    assert books.verify().faults == ()


def test_what_is_kept_of_a_reading_has_one_digest_whoever_computes_it(books: Books):
    review = read(books)
    with books.database.transaction() as tx:
        said = statistics_store.kept(tx, review, "grace", 1)["read"]

    assert (
        said
        == [entry for entry in ledger_store.entries(books.database, review) if entry.act == "review:read"][-1].detail[
            "read"
        ]
    )


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE seeds SET missed_by = 'grace', found_by = ''", "who found or missed the error"),
        ("UPDATE seeds SET found_by = 'david'", "who found or missed the error"),
        ("UPDATE seeds SET revealed_at = NULL", "who found or missed the error"),
        (
            "UPDATE seeds SET error = 'negation', change = replace(change, '}', ',\"x\":1}')",
            "its spot check is not what",
        ),
        ("UPDATE seeds SET change = replace(change, 'paragraph', 'paragraphs')", "the error of its spot check"),
        ("DELETE FROM seeds", "its spot check is not what its entries say"),
    ],
)
def test_a_spot_check_is_held_against_its_entries(books: Books, statement: str, told: str):
    planted = seeded(books)
    books.desk.clearance.decide(planted, "return", "grace", digest_of(books, planted), "The figure is wrong.")
    assert books.verify().ok

    assert books.change(statement) == 1

    assert told in messages(books)


def seeded(books: Books) -> str:
    """The id of a seeded draft, made of a delivered one."""
    books.everything()
    checks = SpotChecks(books.database, lambda _draft: (), lambda _name: False, 1.0, books.clock)
    assert checks.create() == 1
    return next(entry.subject for entry in ledger_store.entries(books.database) if entry.act == "seed:plant")


def digest_of(books: Books, review: str) -> str:
    return books.desk.clearance.review(review).draft.digest


def messages(books: Books) -> str:
    return "\n".join(fault.message for fault in books.verify().faults)
