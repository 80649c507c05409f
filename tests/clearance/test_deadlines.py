"""How much time is left, in working days, and from which moment something is late."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humphrey.clearance.deadlines import days_left, days_left_or_none, last_day_within
from humphrey.errors import CommissionError
from humphrey.text.dates import local_date, say_moment

FRIDAY = date(2026, 11, 20)


DAYS = st.dates(date(2025, 1, 1), date(2027, 6, 1))


@pytest.mark.parametrize(
    ("due", "today", "left"),
    [
        (date(2026, 11, 27), FRIDAY, 5),
        (FRIDAY, FRIDAY, 0),
        (date(2026, 11, 22), date(2026, 11, 21), 0),
        (FRIDAY, date(2026, 11, 21), -1),
        (FRIDAY, date(2026, 11, 23), -1),
        (FRIDAY, date(2026, 11, 24), -2),
        (date(2026, 12, 29), date(2026, 12, 24), 1),
        (date(2026, 12, 1), date(2026, 11, 27), 1),
    ],
    ids=[
        "a week",
        "the last day",
        "a weekend before it",
        "a weekend after it",
        "a working day after it",
        "two after it",
        "over Christmas",
        "a holiday in Scotland alone",
    ],
)
def test_days_left_are_working_days_and_a_day_after_the_last_is_late(due, today, left):
    assert days_left(due, today) == left


@given(DAYS, DAYS)
def test_what_is_due_before_today_is_late_and_nothing_else_is(due, today):
    assert (days_left(due, today) < 0) == (due < today)


@given(DAYS, st.integers(0, 30))
def test_the_last_day_within_so_many_is_the_last_that_has_no_more_left(today, days):
    last = last_day_within(days, today)

    assert days_left(last, today) <= days < days_left(last + timedelta(days=1), today)


def test_nothing_is_counted_over_bank_holidays_that_nobody_knows():
    with pytest.raises(CommissionError, match="2091"):
        days_left(date(2091, 1, 1), FRIDAY)
    assert days_left_or_none(date(2091, 1, 1), FRIDAY) is None
    assert days_left_or_none(None, FRIDAY) is None
    assert days_left_or_none(FRIDAY, FRIDAY) == 0


def test_a_day_begins_at_midnight_where_the_department_is():
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)

    assert local_date(late) == date(2026, 7, 2)
    assert say_moment(late) == "00:30 BST on 2 July 2026"
