"""Time limits come out as the law counts them, with the working shown."""

from datetime import date, time, timedelta

import pytest

from humphrey.calculations.counting import LimitInputs
from humphrey.calculations.rules import RULES, UNCOMPUTABLE
from humphrey.calculations.time_limits import time_limit
from humphrey.errors import CommissionError

MONDAY = date(2026, 11, 23)


LIMITS = [
    # rule, day 0, due, safe date
    ("foi_20wd", "2026-11-23", "2026-12-22", "2026-12-21"),
    ("foi_20wd", "2026-11-28", "2026-12-30", "2026-12-29"),
    ("foi_20wd", "2026-12-10", "2027-01-13", "2027-01-12"),
    ("foi_20wd", "2026-12-18", "2027-01-21", "2027-01-20"),
    ("foi_20wd", "2026-12-24", "2027-01-27", "2027-01-26"),
    ("foi_20wd", "2026-03-05", "2026-04-07", "2026-04-02"),
    ("foi_20wd", "2026-05-29", "2026-06-29", "2026-06-26"),
    ("foi_20wd", "2026-06-25", "2026-07-24", "2026-07-23"),
    ("foi_20wd", "2026-07-20", "2026-08-18", "2026-08-17"),
    ("foi_20wd", "2025-12-31", "2026-01-30", "2026-01-29"),
    ("foi_20wd", "2027-03-01", "2027-04-01", "2027-03-31"),
    ("foi_20wd", "2027-06-25", "2027-07-26", "2027-07-23"),
    ("foi_internal_review", "2026-11-23", "2026-12-22", "2026-12-21"),
    ("foi_clarification", "2026-11-23", "2026-12-22", "2026-12-21"),
    ("foi_review_window", "2026-11-23", "2027-01-25", "2027-01-21"),
    ("foi_fee_3_months", "2026-11-23", "2027-02-22", None),
    ("foi_fee_3_months", "2026-11-30", "2027-02-27", None),
    ("eir_20wd", "2026-11-23", "2026-12-22", "2026-12-21"),
    ("eir_clarification", "2026-11-23", "2026-12-22", "2026-12-21"),
    ("eir_review_window", "2026-11-23", "2027-01-25", "2027-01-21"),
    ("eir_internal_review", "2026-11-23", "2027-01-25", "2027-01-21"),
    ("pq_lords_written", "2023-11-27", "2023-12-11", None),
    ("pq_lords_written", "2026-11-23", "2026-12-07", None),
    ("correspondence_20wd", "2026-11-23", "2026-12-21", None),
    ("correspondence_20wd", "2026-12-18", "2027-01-20", None),
    ("sar_one_month", "2026-11-23", "2026-12-23", "2026-12-22"),
    ("sar_one_month", "2027-01-31", "2027-03-01", "2027-02-26"),
    ("sar_one_month", "2026-11-25", "2026-12-29", "2026-12-24"),
    ("sar_one_month", "2026-10-31", "2026-11-30", "2026-11-27"),
    ("dp_complaint_30d", "2026-11-23", "2026-12-23", "2026-12-22"),
    ("dp_complaint_30d", "2026-11-27", "2026-12-27", "2026-12-24"),
    ("gov_response_12w", "2026-11-23", "2027-02-15", None),
    ("wms_notice", "2026-11-23", "2026-11-20", None),
    ("leaving_date", "2026-12-29", "2026-12-24", None),
    ("readout_same_day", "2026-12-24", "2026-12-29", None),
]


@pytest.mark.parametrize(("rule", "start", "due", "safe"), LIMITS)
def test_a_time_limit_ends_on_the_day_the_law_says(rule: str, start: str, due: str, safe: str | None) -> None:
    limit = time_limit(rule, date.fromisoformat(start))
    assert limit.due.isoformat() == due
    assert (limit.safe.isoformat() if limit.safe else None) == safe


@pytest.mark.parametrize(
    ("rule", "due", "safe"),
    [
        ("foi_20wd", "2027-01-25", "2027-01-21"),
        ("eir_20wd", "2027-01-25", "2027-01-21"),
        ("foi_internal_review", "2027-01-25", "2027-01-21"),
        ("sar_one_month", "2027-02-23", "2027-02-22"),
    ],
)
def test_an_extended_limit_is_the_longer_one_and_says_when_it_is_allowed(rule: str, due: str, safe: str) -> None:
    limit = time_limit(rule, MONDAY, LimitInputs(extended=True))
    assert (limit.due.isoformat(), limit.safe.isoformat() if limit.safe else None) == (due, safe)
    assert RULES[rule].extension in limit.explanation


def test_forty_working_days_can_be_asked_for_by_number() -> None:
    assert time_limit("foi_20wd", MONDAY, LimitInputs(working_days=40)).due == date(2027, 1, 25)


def test_a_letter_answered_in_scotland_follows_scotland_s_holidays() -> None:
    limit = time_limit("correspondence_20wd", MONDAY, LimitInputs(division="scotland"))
    assert limit.due == date(2026, 12, 22)
    assert "would be" not in limit.explanation


def test_where_the_nation_was_not_said_the_limit_says_whose_holidays_would_change_it() -> None:
    limit = time_limit("correspondence_20wd", MONDAY)
    assert "With the bank holidays of Scotland it would be Tuesday 22 December 2026." in limit.explanation
    assert "Northern Ireland" not in limit.explanation
    at_home = time_limit("correspondence_20wd", MONDAY, LimitInputs(home="scotland"))
    assert at_home.due == date(2026, 12, 22)
    assert "With the bank holidays of England and Wales it would be Monday 21 December 2026." in at_home.explanation
    assert "it would be" not in time_limit("correspondence_20wd", date(2026, 9, 1)).explanation


def test_a_subject_access_request_in_another_nation_is_told_too() -> None:
    limit = time_limit("sar_one_month", date(2026, 10, 30))
    assert limit.due == date(2026, 11, 30)
    assert "With the bank holidays of Scotland it would be Tuesday 1 December 2026." in limit.explanation


def test_the_working_names_each_holiday_left_out_and_where_it_is_kept() -> None:
    limit = time_limit("foi_20wd", MONDAY)
    assert "Monday 30 November 2026 (St Andrew's Day, Scotland) is not counted." in limit.explanation
    assert "Tuesday 22 December 2026" in limit.explanation
    assert "Monday 21 December 2026: the safe date to work to." in limit.explanation
    christmas = time_limit("foi_20wd", date(2026, 12, 10)).explanation
    assert "Friday 25 December 2026 (Christmas Day, all of the UK)" in christmas
    assert "Monday 4 January 2027 (2nd January, Scotland) are not counted." in christmas


def test_the_working_names_no_holiday_where_none_falls() -> None:
    assert "not counted" not in time_limit("pq_lords_written", MONDAY).explanation


def test_days_between_a_fees_notice_and_its_fee_are_not_counted() -> None:
    paid = LimitInputs(stopped=date(2026, 11, 25), resumed=date(2026, 12, 4))
    limit = time_limit("foi_fees_notice", MONDAY, paid)
    # One working day before the notice; 25 November to 4 December stand still; 19 more from 7 December.
    assert limit.due == date(2027, 1, 6)
    assert "Wednesday 25 November 2026, when the fees notice was given, to Friday 4 December 2026" in limit.explanation
    with pytest.raises(CommissionError, match="give the day of the notice"):
        time_limit("foi_fees_notice", MONDAY)
    with pytest.raises(CommissionError, match="give the days in their order"):
        time_limit("foi_fees_notice", MONDAY, LimitInputs(stopped=date(2026, 12, 4), resumed=date(2026, 11, 25)))


def test_the_month_of_an_access_request_is_moved_by_the_days_its_clock_stood_still() -> None:
    limit = time_limit("sar_one_month", MONDAY, LimitInputs(stopped=date(2026, 11, 25), resumed=date(2026, 12, 2)))
    assert limit.due == date(2026, 12, 30)
    assert "moves the date by 7 days to Wednesday 30 December 2026" in limit.explanation


def test_a_breach_is_counted_in_hours_through_weekends_and_changes_of_the_clock() -> None:
    friday = time_limit("personal_data_breach_72h", date(2026, 11, 27), LimitInputs(at=time(16, 30)))
    assert (friday.due, friday.at) == (date(2026, 11, 30), time(16, 30))
    assert friday.answer == (
        "The report of a personal data breach to the regulator is due by 30 November 2026 at 16:30."
    )
    spring = time_limit("personal_data_breach_72h", date(2026, 3, 27), LimitInputs(at=time(16, 30)))
    assert (spring.due, spring.at) == (date(2026, 3, 30), time(17, 30))
    unknown = time_limit("personal_data_breach_72h", date(2026, 11, 27))
    assert (unknown.due, unknown.safe, unknown.at) == (date(2026, 11, 30), date(2026, 11, 29), None)
    assert "The hour was not given" in unknown.explanation


SITTING = frozenset(MONDAY + timedelta(days=n) for n in (0, 1, 2, 3, 7, 8, 9, 10))


def test_an_ordinary_question_of_the_commons_is_counted_in_the_sitting_days_it_was_told() -> None:
    limit = time_limit("pq_commons_ordinary", MONDAY, LimitInputs(sitting=SITTING))
    assert (limit.due, limit.safe) == (date(2026, 12, 1), date(2026, 11, 25))
    assert "second sitting day after it, Wednesday 25 November 2026." in limit.explanation


def test_without_sitting_days_it_says_what_is_needed_and_guesses_nothing() -> None:
    with pytest.raises(
        CommissionError, match=r"counted in 5 sitting days.*told none after 23 November 2026.*parliamentary branch"
    ):
        time_limit("pq_commons_ordinary", MONDAY)


def test_a_named_day_is_the_day_and_its_notice_is_looked_at() -> None:
    limit = time_limit("pq_commons_named_day", date(2026, 11, 26), LimitInputs(tabled=MONDAY))
    assert limit.due == date(2026, 11, 26)
    assert "earliest day that can be named is Thursday 26 November 2026." in limit.explanation
    assert "check it" not in limit.explanation
    early = time_limit("pq_commons_named_day", date(2026, 11, 25), LimitInputs(tabled=MONDAY))
    assert "earlier than that" in early.explanation
    recess = time_limit("pq_commons_named_day", date(2026, 11, 27), LimitInputs(sitting=SITTING))
    assert "not known to sit on that day" in recess.explanation
    assert "not known to sit" in time_limit("pq_commons_named_day", date(2026, 11, 28)).explanation


def test_a_draft_for_an_event_is_counted_back_by_the_department_s_own_number() -> None:
    assert time_limit("event_minus_days", date(2026, 12, 30), LimitInputs(working_days=5)).due == date(2026, 12, 21)
    explanation = time_limit("event_minus_days", date(2026, 12, 30), LimitInputs(working_days=5)).explanation
    assert "Friday 25 December 2026 (Christmas Day, all of the UK)" not in explanation
    assert "Friday 25 December 2026 (Christmas Day, England and Wales) and Monday 28 December 2026" in explanation
    with pytest.raises(CommissionError, match="say how many"):
        time_limit("event_minus_days", MONDAY)


def test_a_rule_that_is_new_is_not_applied_before_its_first_day() -> None:
    assert time_limit("dp_complaint_30d", date(2026, 6, 19)).due == date(2026, 7, 19)
    with pytest.raises(CommissionError, match="applies from 19 June 2026, and 18 June 2026 is before it"):
        time_limit("dp_complaint_30d", date(2026, 6, 18))


NEEDED = {
    "foi_fees_notice": LimitInputs(stopped=MONDAY, resumed=MONDAY),
    "pq_commons_ordinary": LimitInputs(sitting=SITTING),
    "event_minus_days": LimitInputs(working_days=3),
}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_names_its_source_and_shows_steps(rule: str) -> None:
    limit = time_limit(rule, MONDAY, NEEDED.get(rule, LimitInputs()))
    assert limit.source
    assert limit.steps
    assert limit.answer.startswith(f"The {RULES[rule].what} is due by ")
    assert (limit.due < limit.start) == RULES[rule].before


@pytest.mark.parametrize("rule", UNCOMPUTABLE)
def test_a_limit_that_no_calendar_gives_is_refused_with_its_reason(rule: str) -> None:
    with pytest.raises(CommissionError, match="has no date that can be computed") as refused:
        time_limit(rule, MONDAY)
    assert UNCOMPUTABLE[rule].reason in str(refused.value)


@pytest.mark.parametrize(
    ("start", "year"), [(date(2028, 12, 20), 2029), (date(2022, 5, 1), 2022), (date(9999, 12, 30), 9999)]
)
def test_a_year_without_known_holidays_is_refused_and_named_with_the_next_step(start: date, year: int) -> None:
    with pytest.raises(CommissionError, match=f"bank holidays of {year} are not known.*2023 to 2028; count these days"):
        time_limit("foi_20wd", start)


def test_an_unknown_rule_division_or_extension_is_refused_with_what_there_is() -> None:
    with pytest.raises(CommissionError, match=r"no time limit 'foi'.*foi_20wd"):
        time_limit("foi", MONDAY)
    with pytest.raises(CommissionError, match=r"no division 'wales'.*england-and-wales"):
        time_limit("correspondence_20wd", MONDAY, LimitInputs(division="wales"))
    with pytest.raises(CommissionError, match="pq_lords_written cannot be extended"):
        time_limit("pq_lords_written", MONDAY, LimitInputs(extended=True))
