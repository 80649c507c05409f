"""Time limits come out as the law counts them, with the working shown."""

from datetime import date

import pytest

from humphrey.core.calendar import RULES, is_working_day, parse_date, say, time_limit
from humphrey.errors import CommissionError

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
    ("eir_20wd", "2026-11-23", "2026-12-22", "2026-12-21"),
    ("pq_lords_written", "2023-11-27", "2023-12-11", None),
    ("pq_lords_written", "2026-11-23", "2026-12-07", None),
    ("correspondence_20wd", "2026-11-23", "2026-12-21", None),
    ("correspondence_20wd", "2026-12-18", "2027-01-20", None),
    ("sar_one_month", "2026-11-23", "2026-12-23", "2026-12-22"),
    ("sar_one_month", "2027-01-31", "2027-03-01", "2027-02-26"),
    ("sar_one_month", "2026-11-25", "2026-12-29", "2026-12-24"),
    ("sar_one_month", "2026-10-31", "2026-11-30", "2026-11-27"),
    ("gov_response_12w", "2026-11-23", "2027-02-15", None),
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
def test_an_extended_limit_is_the_longer_one_the_rule_allows(rule: str, due: str, safe: str) -> None:
    limit = time_limit(rule, date(2026, 11, 23), extended=True)
    assert (limit.due.isoformat(), limit.safe.isoformat() if limit.safe else None) == (due, safe)


def test_forty_working_days_can_be_asked_for_by_number() -> None:
    assert time_limit("foi_20wd", date(2026, 11, 23), working_days=40).due == date(2027, 1, 25)


def test_a_letter_answered_in_scotland_follows_scotland_s_holidays() -> None:
    assert time_limit("correspondence_20wd", date(2026, 11, 23), division="scotland").due == date(2026, 12, 22)


def test_the_working_names_each_holiday_left_out_and_where_it_is_kept() -> None:
    limit = time_limit("foi_20wd", date(2026, 11, 23))
    assert "Monday 30 November 2026 (St Andrew's Day, Scotland) is not counted." in limit.explanation
    assert "Tuesday 22 December 2026" in limit.explanation
    christmas = time_limit("foi_20wd", date(2026, 12, 10)).explanation
    assert "Friday 25 December 2026 (Christmas Day, all of the UK)" in christmas
    assert "Monday 4 January 2027 (2nd January, Scotland) are not counted." in christmas


def test_the_working_names_no_holiday_where_none_falls() -> None:
    assert "not counted" not in time_limit("pq_lords_written", date(2026, 11, 23)).explanation


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_names_its_source_and_shows_steps(rule: str) -> None:
    limit = time_limit(rule, date(2026, 11, 23))
    assert limit.source
    assert limit.steps
    assert limit.due > limit.start


@pytest.mark.parametrize("start", [date(2028, 12, 20), date(2022, 5, 1), date(9999, 12, 30)])
def test_a_year_without_known_holidays_is_refused_and_the_known_years_named(start: date) -> None:
    with pytest.raises(CommissionError, match="2023 to 2028"):
        time_limit("foi_20wd", start)


def test_an_unknown_rule_division_or_extension_is_refused_with_what_there_is() -> None:
    with pytest.raises(CommissionError, match=r"no time limit 'foi'.*foi_20wd"):
        time_limit("foi", date(2026, 11, 23))
    with pytest.raises(CommissionError, match=r"no division 'wales'.*england-and-wales"):
        time_limit("correspondence_20wd", date(2026, 11, 23), division="wales")
    with pytest.raises(CommissionError, match="pq_lords_written cannot be extended"):
        time_limit("pq_lords_written", date(2026, 11, 23), extended=True)


@pytest.mark.parametrize(
    "words",
    ["2026-11-23", "23 November 2026", "Monday 23 November 2026", "23rd november 2026", "23 Nov 2026", "23/11/2026"],
)
def test_a_date_is_understood_as_people_write_it(words: str) -> None:
    assert parse_date(words) == date(2026, 11, 23)


@pytest.mark.parametrize("words", ["", "soon", "31 February 2026", "23 Nonsense 2026", "2026-13-01", "23 M 2026"])
def test_words_that_name_no_day_are_refused(words: str) -> None:
    with pytest.raises(CommissionError, match="is not a date"):
        parse_date(words)


def test_a_date_is_said_as_letters_write_it_and_read_back() -> None:
    assert say(date(2026, 12, 2)) == "2 December 2026"
    assert parse_date(say(date(2026, 12, 2))) == date(2026, 12, 2)


def test_a_bank_holiday_of_one_division_is_a_working_day_in_another() -> None:
    st_andrew = date(2026, 11, 30)
    assert not is_working_day(st_andrew)
    assert is_working_day(st_andrew, ("england-and-wales",))
