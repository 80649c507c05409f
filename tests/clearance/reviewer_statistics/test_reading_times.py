"""How drafts are read: noted for no more than the clock says, and shown to those it is for."""

from datetime import UTC, datetime, timedelta

import pytest

from humphrey.clearance.reviewer_statistics.model import EVERY_KIND
from humphrey.clearance.reviewer_statistics.service import ReviewerStatistics
from humphrey.clearance.spot_checks.service import SpotChecks
from humphrey.database.engine import Database
from humphrey.errors import IdentityError, NotPermitted, ReviewError
from tests.support.services import Desk
from tests.support.staff import TEXT, Clock, desk_on, people_of, question, shown


@pytest.fixture
def desk(database: Database, clock: Clock) -> Desk:
    return desk_on(database, clock)


@pytest.fixture
def readings(desk, database, clock) -> ReviewerStatistics:
    return ReviewerStatistics(database, people_of(database, clock), desk.clearance.review_to_clear, clock)


@pytest.fixture
def review(desk):
    return desk.clearance.take(question())


def after(clock, seconds: float) -> None:
    clock.now += timedelta(seconds=seconds)


def test_time_adds_up_as_the_page_tells_it(readings, review, clock):
    assert readings.note(review.id, "grace", 1, 10, []) == 10
    after(clock, 15)
    assert readings.note(review.id, "grace", 1, 15, []) == 25
    after(clock, 60)
    assert readings.note(review.id, "grace", 1, 5, []) == 30


@pytest.mark.parametrize("told", [3600, 1e300, float("inf")])
def test_no_more_is_believed_than_the_time_since_the_last_note(readings, review, clock, told):
    assert readings.note(review.id, "grace", 1, told, []) == 30
    after(clock, 7)
    assert readings.note(review.id, "grace", 1, told, []) == 37


def test_told_twice_or_from_two_windows_it_adds_up_to_no_more_than_the_clock(readings, review, clock):
    for _ in range(10):
        readings.note(review.id, "grace", 1, 15, [])
        readings.note(review.id, "grace", 1, 15, [])
        after(clock, 15)

    assert readings.note(review.id, "grace", 1, 0, []) <= 30 + 9 * 15 + 15


def test_time_that_runs_backwards_takes_nothing_away(readings, review, clock):
    readings.note(review.id, "grace", 1, 20, [])
    after(clock, -60)

    assert readings.note(review.id, "grace", 1, 20, []) == 20
    assert readings.note(review.id, "grace", 1, -5, []) == 20


def test_only_passages_that_are_cited_are_evidence_and_once_opened_they_stay_so(readings, review, desk, clock):
    readings.note(review.id, "grace", 1, 5, ["1", "7", "<script>"])
    readings.note(review.id, "grace", 1, 0, [])
    desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)

    [whole, _answer] = readings.of("grace")
    assert whole.evidence == 1


def test_only_the_wording_that_stands_is_read_and_only_until_it_is_ruled_on(readings, review, desk, clock):
    readings.note(review.id, "grace", 1, 20, [])
    amended = desk.clearance.amend(review.id, "Other words [1].", "amina")
    after(clock, 60)
    assert readings.note(review.id, "grace", 1, 20, []) == 0
    assert readings.note(review.id, "grace", 2, 12, []) == 12
    with pytest.raises(ReviewError, match="no wording 3"):
        readings.note(review.id, "grace", 3, 1, [])
    desk.clearance.decide(review.id, "approve", "grace", amended.draft.digest)
    assert readings.note(review.id, "david", 2, 12, []) == 0
    after(clock, 5)
    assert readings.note(review.id, "grace", 2, 3, []) == 15
    after(clock, 60)
    assert readings.note(review.id, "grace", 2, 12, []) == 0

    [whole, _answer] = readings.of("grace")
    assert (whole.seconds, whole.approved, whole.unchanged) == (15, 1, 0)


@pytest.mark.parametrize("name", ["amina", "priya", "iris", "sam"])
def test_the_person_who_may_not_clear_a_draft_reads_none(readings, review, name):
    with pytest.raises(NotPermitted):
        readings.note(review.id, name, 1, 5, [])
    with pytest.raises(NotPermitted):
        readings.of(name)


@pytest.mark.parametrize("name", ["amina", "grace", "david"])
def test_sums_are_for_the_person_who_has_the_role(readings, name):
    with pytest.raises(NotPermitted):
        readings.sums(name)


def test_nobody_has_no_figures(readings):
    with pytest.raises(IdentityError):
        readings.of("zoe")
    with pytest.raises(IdentityError):
        readings.sums("zoe")


def test_a_reviewer_sees_their_own_at_once_and_others_see_nothing_of_two_people(readings, desk, clock):
    for name, verdict in (("grace", "approve"), ("grace", "return"), ("david", "approve")):
        review = desk.clearance.take(question())
        readings.note(review.id, name, 1, 20, [])
        desk.clearance.decide(review.id, verdict, name, review.draft.digest, "" if verdict == "approve" else "Because.")
        after(clock, 60)

    whole = readings.of("grace")[0]
    assert (whole.kind, whole.reviewers, whole.ruled, whole.approved, whole.unchanged) == (EVERY_KIND, 1, 2, 1, 1)
    assert (whole.read, whole.seconds) == (2, 20)
    clock.now = datetime(2026, 12, 5, tzinfo=UTC)
    assert readings.sums("priya") == []


def test_what_was_ruled_on_by_command_counts_as_work_and_not_as_read(readings, review, desk):
    desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)

    [whole, _answer] = readings.of("grace")
    assert (whole.ruled, whole.read, whole.seconds, whole.evidence) == (1, 0, None, None)


def test_a_seeded_draft_is_found_or_missed_and_no_work(readings, desk, database, clock):
    for n in range(5):
        review = desk.clearance.take(question(f"Question {n}"))
        desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
    desk.deliver("web", shown)
    SpotChecks(database, lambda draft: (), lambda name: False, 0.2, clock).create()
    [seed] = desk.clearance.reviews(everything=False)
    assert seed.draft.text != TEXT
    after(clock, 60)
    readings.note(seed.id, "david", 1, 9, [])
    desk.clearance.decide(seed.id, "approve", "david", seed.draft.digest)

    [whole, _answer] = readings.of("david")
    assert (whole.ruled, whole.read, whole.found, whole.missed) == (0, 0, 0, 1)


def test_what_is_older_than_a_year_is_not_shown(readings, review, desk, clock):
    desk.clearance.decide(review.id, "approve", "grace", review.draft.digest)
    clock.now += timedelta(days=401)

    assert readings.of("grace") == []
