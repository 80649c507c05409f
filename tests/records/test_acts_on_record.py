"""Deferrals, ratings, doors, moments and undone approvals: verified, told in case files, disclosed and disposed of."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from humphrey.clearance.deciding.service import DecidingRules
from humphrey.clearance.store import reviews as review_store
from humphrey.papers.draft import Commission
from humphrey.records.case_files import verify_case
from humphrey.records.disclosure import store as disclosure_store
from humphrey.records.retention import store as retention_store
from tests.support.ledger_books import Books, Clock, sent
from tests.support.records_office import Office

UNREAD = DecidingRules(reading=False)
SECRET = "Counsel, Ms Blackthorn, is asked."


@pytest.fixture
def books(tmp_path: Path, ticking_clock: Clock):
    books = Books(tmp_path, ticking_clock, deciding=UNREAD)
    yield books
    books.database.close()


def acted(books: Books) -> str:
    """A review that was wished for, deferred, rated, approved on a page, undone and approved again; its id."""
    desk, day = books.desk, books.clock().date()
    composed = desk.drafting.compose(Commission("answer", "How long do we have?", "amina", "web"))
    review = desk.clearance.open_review(composed, wished=day + timedelta(days=9))
    desk.assignment.defer(review.id, "grace", day + timedelta(days=4), SECRET)
    desk.ratings.rate(review.id, "grace", review.draft.digest, {1: "partly"}, {"1": "good"})
    checks = {finding.check for finding in review.draft.findings}
    for _ in range(2):
        desk.clearance.decide(
            review.id, "approve", "grace", review.draft.digest, door="web", acknowledged=sorted(checks)
        )
        desk.clearance.undo(review.id, "grace")
    desk.clearance.decide(review.id, "approve", "david", review.draft.digest, door="api")
    other = desk.clearance.open_review(composed)
    desk.assignment.defer(other.id, "grace", day + timedelta(days=4), SECRET)
    return review.id


def test_a_record_with_these_acts_is_whole_before_and_after_delivery(books):
    acted(books)
    assert books.verify().faults == ()

    assert len(books.desk.deliver("web", sent).delivered) == 1

    assert books.verify().faults == ()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE reviews SET wished = '2030-01-01' WHERE wished IS NOT NULL", "the day wished"),
        ("UPDATE reviews SET wished = NULL, due = NULL WHERE wished IS NOT NULL", "the day wished"),
        ("UPDATE reviews SET due = '2030-01-01' WHERE wished IS NOT NULL", "its column due"),
        ("UPDATE reviews SET deferred_until = NULL", "until which it is deferred"),
        ("UPDATE reviews SET deferred_until = '2030-01-01' WHERE state = 'open'", "until which it is deferred"),
        ("UPDATE deferrals SET reason = 'Fine.'", "deferral 1 is not what entry"),
        ("UPDATE deferrals SET \"by\" = 'david'", "deferral 1 is not what entry"),
        ("UPDATE deferrals SET until = '2030-01-01'", "deferral 1 is not what entry"),
        ("DELETE FROM deferrals", "records deferral 1, which is not stored"),
        ('UPDATE ratings SET sentences = \'{"1":"right"}\'', "rating 1 is not what entry"),
        ("UPDATE ratings SET citations = '{}'", "rating 1 is not what entry"),
        ("DELETE FROM ratings", "records rating 1, which is not stored"),
        ("UPDATE decisions SET door = 'command' WHERE n = 1", "ruling 1 is not what entry"),
        ("UPDATE decisions SET door = '' WHERE n = 3", "ruling 3 is not what entry"),
        ("UPDATE decisions SET acknowledged = '[\"style:0\"]' WHERE n = 3", "ruling 3 is not what entry"),
        ("UPDATE decisions SET held_until = NULL WHERE n = 1", "ruling 1 is not what entry"),
        ("UPDATE reviews SET state = 'open' WHERE state = 'released'", "and its entries make it released"),
    ],
)
def test_whatever_of_it_is_changed_beside_the_ledger_is_named(books, statement, told):
    acted(books)

    assert books.change(statement) > 0

    assert told in "\n".join(fault.message for fault in books.verify().faults)


def test_a_moment_that_was_taken_from_the_row_of_a_decision_keeps_the_text_from_leaving(books):
    review = books.take()
    books.desk.clearance.decide(review.id, "approve", "grace", review.draft.digest, door="web")
    books.change("UPDATE decisions SET held_until = NULL")
    books.change("UPDATE outbox SET next_try = queued_at")

    done = books.desk.deliver("web", lambda _: pytest.fail("it was sent"))

    assert "is not what the ledger records" in done.failed[0].reason


def office_case(office: Office) -> tuple[str, dict]:
    review = office.ask()
    office.desk.assignment.defer(review.id, "grace", date(2026, 11, 27), SECRET)
    office.desk.ratings.rate(review.id, "grace", review.draft.digest, {1: "partly"}, {"1": "not_good"})
    for reviewer in ("grace", "david"):
        office.desk.clearance.decide(review.id, "approve", reviewer, review.draft.digest)
        if reviewer == "grace":
            office.desk.clearance.undo(review.id, "grace")
    return review.id, json.loads(office.cases.export(review.id, "iris", "json"))


def test_a_case_file_tells_these_acts_in_plain_words_and_verifies(office):
    review, case = office_case(office)
    page = office.cases.export(review, "iris", "html").decode()

    for said in (
        "Put off until 27 November 2026 by grace",
        "Counsel, Ms Blackthorn, is asked.",
        "Decided at the command line.",
        "Approval taken back by grace",
        "Wording 1 as rated by grace",
        "partly right",
        "not good",
    ):
        assert said in page
    assert list(verify_case.faults(case, "")) == []


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("deferrals", "reason", "x"),
        ("deferrals", "until", "2030-01-01"),
        ("deferrals", "by", "david"),
        ("ratings", "sentences", "{}"),
        ("ratings", "by", "david"),
        ("decisions", "door", "web"),
        ("decisions", "acknowledged", ["style:0"]),
        ("decisions", "held_until", "2030-01-01T00:00:00+00:00"),
    ],
)
def test_a_case_file_in_which_one_of_them_was_altered_does_not_verify(office, section, name, value):
    _review, case = office_case(office)
    case[section][0][name] = value

    assert any(fault.startswith(f"{section} 1: ") for fault in verify_case.faults(case, "") if "changed" not in fault)


def test_a_case_file_of_before_verifies_as_it_did(office):
    review = office.delivered()
    case = json.loads(office.cases.export(review.id, "iris", "json"))
    older = {name: value for name, value in case.items() if name not in {"deferrals", "ratings"}}

    assert [fault for fault in verify_case.faults(older, "") if "as a whole" not in fault] == []


def test_the_reason_of_a_deferral_is_searched_for_a_disclosure_and_disposed_of_with_the_words(office):
    review, _case = office_case(office)
    found = disclosure_store.excerpts_by_id(office.database, {f"review/{review}/deferral/1"})
    assert [(each.what, each.text) for each in found.values()] == [("Reason for a deferral", SECRET)]

    with office.database.transaction() as tx:
        gone = retention_store.dispose_review(tx, review, office.now())

    assert "deferral 1" in gone[review]
    assert review_store.load(office.database, review).deferrals[0].reason == ""
