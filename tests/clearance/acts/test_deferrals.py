"""Drafts are put off until a day, answers have the day that their asker wishes, and comments call people by name."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from humphrey.calculations.workings import Working
from humphrey.clearance.deadlines import ReminderSchedule, days_offered
from humphrey.clearance.notifications import store as notification_store
from humphrey.clearance.notifications.mentions import Mentions, mentions
from humphrey.clearance.queue import QueueQuery
from humphrey.clearance.reminders import Reminders
from humphrey.database.engine import Database
from humphrey.errors import AlreadyDecided, Claimed, CommissionError, NotPermitted, ReviewError
from humphrey.ledger import store as ledger_store
from humphrey.papers.draft import Draft
from tests.support.ledger_books import Books
from tests.support.services import Clock, Desk, anybody, question

TODAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


@pytest.fixture
def books(tmp_path: Path, clock: Clock) -> Iterator[Books]:
    """A desk with its guidance."""
    books = Books(tmp_path, clock)
    yield books
    books.database.close()


@pytest.fixture
def either(tmp_path: Path, clock: Clock, address: str) -> Iterator[Desk]:
    """The same, on one kind of database and then on the other."""
    books = Books(tmp_path, clock, address)
    yield books.desk
    books.database.close()


@pytest.fixture
def desk(books: Books) -> Desk:
    return books.desk


@pytest.fixture
def database(books: Books) -> Database:
    return books.database


def queued(desk: Desk) -> list[str]:
    return [row.id for row in desk.assignment.queue("grace", QueueQuery()).rows]


def events(desk: Desk, person: str) -> list[str]:
    return [each.event for each in notification_store.notifications_of(desk.database, person, 9)]


def test_a_deferred_draft_is_last_until_its_day_and_then_where_it_was(either, clock):
    first, second = (
        either.clearance.open_review(either.drafting.compose(question()), wished=day) for day in (FRIDAY, None)
    )
    third = either.clearance.take(question())
    either.assignment.claim(first.id, "grace")

    deferred = either.assignment.defer(first.id, "grace", FRIDAY, "Counsel is asked.")

    assert (deferred.state, deferred.claim, deferred.deferred_until) == ("open", None, FRIDAY)
    assert either.clearance.review(first.id) == deferred
    assert sorted(queued(either)[:2]) == sorted([second.id, third.id])
    page = either.assignment.queue("grace", QueueQuery())
    assert [row.deferred_until for row in page.rows] == [None, None, FRIDAY]
    assert (page.total, page.counts.state["open"]) == (3, 3)
    clock.now += timedelta(days=4)
    row = either.assignment.queue("grace", QueueQuery()).rows[0]
    assert (row.id, row.deferred_until) == (first.id, None)
    entry = list(ledger_store.entries(either.database, first.id))[-1]
    assert (entry.actor, entry.act, entry.detail["until"]) == ("grace", "review:defer", "2026-11-27")
    assert "Counsel" not in str(entry)


def test_a_decision_or_new_words_end_a_deferral_and_a_further_one_replaces_it(desk):
    one, other = (desk.clearance.take(question()) for _ in range(2))
    for review in (one, other):
        desk.assignment.defer(review.id, "grace", FRIDAY, "Later.")
    desk.assignment.defer(one.id, "david", FRIDAY + timedelta(days=3), "Later still.")

    returned = desk.clearance.decide(one.id, "return", "david", one.draft.digest, "No.")
    amended = desk.clearance.amend(other.id, "“The law gives twenty working days.” [1] Other.", "amina")

    assert (returned.deferred_until, amended.deferred_until) == (None, None)
    held = desk.clearance.review(one.id).deferrals
    assert [(each.by, each.reason) for each in held] == [("grace", "Later."), ("david", "Later still.")]


@pytest.mark.parametrize(
    ("person", "until", "reason", "error", "said"),
    [
        ("grace", TODAY, "x", ReviewError, "a day after today"),
        ("grace", TODAY + timedelta(days=400), "x", ReviewError, "within a year"),
        ("grace", FRIDAY, " ", CommissionError, "the reason"),
        ("amina", FRIDAY, "x", NotPermitted, "reviewer role"),
        ("david", FRIDAY, "x", Claimed, "grace has claimed"),
        ("grace", FRIDAY + timedelta(days=1), "x", ReviewError, "due by 27 November 2026"),
    ],
)
def test_a_deferral_that_will_not_do_changes_nothing(desk, person, until, reason, error, said):
    review = desk.clearance.open_review(desk.drafting.compose(question()), wished=FRIDAY)
    desk.assignment.claim(review.id, "grace")

    with pytest.raises(error, match=said):
        desk.assignment.defer(review.id, person, until, reason)

    assert desk.clearance.review(review.id).deferrals == ()
    assert list(ledger_store.entries(desk.database, review.id))[-1].act == "act:refused"


def test_what_one_asked_for_or_is_decided_is_not_deferred(desk):
    own, done = desk.clearance.take(question(asked_by="grace")), desk.clearance.take(question())
    desk.clearance.decide(done.id, "refuse", "grace", done.draft.digest, "No.")

    with pytest.raises(NotPermitted, match="another person must defer"):
        desk.assignment.defer(own.id, "grace", FRIDAY, "x")
    with pytest.raises(AlreadyDecided):
        desk.assignment.defer(done.id, "grace", FRIDAY, "x")


def test_the_wished_day_orders_the_queue_and_times_reminders_as_a_time_limit_does(either, clock):
    undated, late, soon = (
        either.clearance.open_review(either.drafting.compose(question()), wished=day)
        for day in (None, FRIDAY, TODAY + timedelta(days=1))
    )

    assert queued(either) == [soon.id, late.id, undated.id]
    page = either.assignment.queue("grace", QueueQuery(due_within=2))
    assert [(row.id, row.due, row.days_left) for row in page.rows] == [(soon.id, soon.due, 1)]
    assert soon.draft.due is None
    assert soon.draft.digest == undated.draft.digest
    opened = list(ledger_store.entries(either.database, soon.id))
    assert [each.detail.get("wish") for each in opened if each.act == "review:open"] == ["2026-11-24"]
    clock.now += timedelta(days=1, hours=-1)
    keeping = Reminders(either.database, either.people, anybody, ReminderSchedule(), clock)
    assert keeping.remind() == 1
    clock.now += timedelta(days=1)
    assert [row.id for row in either.assignment.queue("grace", QueueQuery(overdue=True)).rows] == [soon.id]


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=367)])
def test_a_past_or_far_day_cannot_be_wished_and_nothing_is_opened(desk, day):
    with pytest.raises(CommissionError, match="cannot be wished; give a day from today on"):
        desk.clearance.open_review(desk.drafting.compose(question()), wished=day)

    assert desk.clearance.reviews(everything=True) == []


def test_a_paper_with_a_time_limit_takes_no_wish(desk):
    dated = replace(desk.drafting.compose(question()), due=FRIDAY)

    with pytest.raises(CommissionError, match="due by 27 November 2026 by its time limit"):
        desk.clearance.open_review(dated, wished=TODAY)


def test_days_computed_in_an_answer_are_offered_and_none_is_taken(desk):
    results = ("2026-11-27", "20", "3 November 2026", "24 November 2026", "£450.00", "2026-11-27")
    workings = tuple(Working("working_days", {}, result, "") for result in results)
    draft: Draft = replace(desk.drafting.compose(question()), workings=workings)

    assert days_offered(draft, TODAY) == (date(2026, 11, 24), FRIDAY)
    assert days_offered(replace(draft, due=FRIDAY), TODAY) == ()
    assert desk.clearance.open_review(draft).due is None


NAMES = ("grace", "grace hopper", "Zoë", "o'brien", "d.smith", "mallory")


@pytest.mark.parametrize(
    ("text", "told", "untold"),
    [
        ("@grace, is this so?", ("grace",), ()),
        ("ask @Grace Hopper.", ("grace hopper",), ()),
        ("(@zoë) and @O'Brien: @d.smith!", ("Zoë", "o'brien", "d.smith"), ()),
        ("@grace @grace", ("grace",), ()),
        ("@gracedarling or @nobody.here?", (), ("gracedarling", "nobody.here")),
        ("write to grace@office.example, @ noon", (), ()),
        ("@Mallory and @mallory", (), ("mallory",)),
    ],
)
def test_a_name_after_the_sign_is_the_longest_that_fits(text, told, untold):
    assert mentions(text, NAMES, lambda name: name != "mallory") == Mentions(told, untold)


def test_people_named_in_a_comment_are_told_if_they_may_read_the_draft(desk):
    review = desk.clearance.take(question())

    desk.assignment.comment(review.id, "grace", "@david, see this. @tom and @zoe and @grace too; also @amina.")

    assert events(desk, "david") == ["mentioned"]
    assert events(desk, "amina") == ["mentioned"]
    assert events(desk, "tom") == events(desk, "grace") == []
    named = desk.assignment.mentions(review, "@tom and @zoe")
    assert named.sentence == ("Nobody called “tom” or “zoe” may read this draft, so nobody was told under that name.")
    entry = list(ledger_store.entries(desk.database, review.id))[-1]
    assert entry.detail["named"] == "amina, david"


def test_people_not_named_are_told_of_a_comment_as_before(desk):
    review = desk.clearance.take(question())

    desk.assignment.comment(review.id, "grace", "Is this so?")
    desk.assignment.comment(review.id, "amina", "@David knows.")

    assert (events(desk, "amina"), events(desk, "david"), events(desk, "grace")) == (
        ["commented"],
        ["mentioned"],
        ["commented"],
    )
