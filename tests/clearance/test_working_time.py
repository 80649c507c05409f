"""Working time: how much of it a draft has, and how much of that is over."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humphrey.clearance.deadlines import ReminderSchedule, clear_by, share_of_time_passed, working_hours

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


FRIDAY = date(2026, 11, 27)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (at(23, 9), at(23, 17), 8),
        (at(23, 0), at(24, 0), 8),
        (at(23, 12), at(23, 12, 30), 0.5),
        (at(23, 16), at(24, 10), 2),
        (at(20, 16), at(23, 10), 2),  # over a weekend
        (at(27, 16), at(1, 10, month=12), 2),  # and over St Andrew's Day
        (at(28, 10), at(29, 10), 0),  # on a weekend
        (at(23, 18), at(24, 8), 0),  # overnight
        (at(24, 12), at(23, 12), 0),
        (at(24, 9, month=12), at(29, 17, month=12), 16),  # Christmas Day, and Boxing Day's holiday on the Monday
        (at(1, 8, month=6), at(1, 16, month=6), 8),  # 9 to 5 of summer time
    ],
)
def test_working_time_is_nine_to_five_on_working_days_where_the_department_is(start, end, hours):
    assert working_hours(start, end) == hours


def test_a_year_whose_bank_holidays_nobody_knows_has_its_weekdays():
    monday = datetime(2071, 11, 23, 9, tzinfo=UTC)

    assert monday.weekday() == 0
    assert working_hours(monday, monday + timedelta(days=7)) == 40


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - zoned here


@given(moments, moments, moments)
def test_working_time_adds_up_and_never_runs_backwards(one, two, three):
    first, second, third = sorted([one, two, three])

    whole = working_hours(first, third)
    assert whole == pytest.approx(working_hours(first, second) + working_hours(second, third), abs=1e-3)
    assert whole >= working_hours(first, second) >= 0


def test_the_share_runs_from_nought_at_the_opening_to_one_when_the_last_day_ends():
    assert share_of_time_passed(MONDAY, FRIDAY, MONDAY) == 0
    assert share_of_time_passed(MONDAY, FRIDAY, at(25, 13)) == pytest.approx(0.5)
    assert share_of_time_passed(MONDAY, FRIDAY, at(27, 16, 59)) < 1 == share_of_time_passed(MONDAY, FRIDAY, at(27, 17))
    assert share_of_time_passed(MONDAY, FRIDAY, at(1, 17, month=12)) == pytest.approx(1.2)


def test_what_was_opened_after_its_day_was_late_from_the_start():
    assert share_of_time_passed(MONDAY, date(2026, 11, 20), MONDAY) >= 1
    assert share_of_time_passed(at(28, 12), date(2026, 11, 29), at(28, 12)) >= 1


def test_a_draft_without_a_day_has_so_many_working_days():
    assert clear_by(MONDAY, FRIDAY, 5) == FRIDAY
    assert clear_by(MONDAY, None, 5) == date(2026, 12, 1)
    assert clear_by(at(23, 12, month=12), None, 2) == date(2026, 12, 29)


@pytest.mark.parametrize(("share", "gone"), [(0, 0), (0.49, 0), (0.5, 1), (0.79, 1), (0.8, 2), (7, 2)])
def test_reminders_fall_due_at_their_share(share, gone):
    assert ReminderSchedule().reminders_due(share) == gone
