"""Days are read as people write them and counted as the law counts them."""

from datetime import date, time

import pytest

from humphrey.calculations.calendar import is_working_day, working_days_after, working_days_between
from humphrey.errors import CommissionError
from humphrey.text.dates import parse_date, parse_hour, resolve_date, say

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "words",
    [
        "2026-11-23",
        "23 November 2026",
        "Monday 23 November 2026",
        "Mon 23 Nov 2026",
        "23rd november 2026",
        "the 23rd of November 2026",
        "23 Nov 2026",
        "November 23, 2026",
        "Nov 23rd 2026",
        "23/11/2026",
        "23/11/26",
        "23.11.2026",
    ],
)
def test_a_date_is_understood_as_people_write_it(words: str) -> None:
    assert parse_date(words) == MONDAY


@pytest.mark.parametrize(
    "words", ["", "soon", "31 February 2026", "23 Nonsense 2026", "2026-13-01", "23 M 2026", "23 November", "1/2"]
)
def test_words_that_name_no_day_are_refused(words: str) -> None:
    with pytest.raises(CommissionError, match="is not a date"):
        parse_date(words)


def test_a_weekday_that_the_day_is_not_is_told() -> None:
    with pytest.raises(CommissionError, match="23 November 2026 is a Monday, not a Tuesday"):
        parse_date("Tuesday 23 November 2026")
    with pytest.raises(CommissionError, match="3 March 2026 is a Tuesday, not a Friday"):
        resolve_date("Friday 3 March", MONDAY)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", "2026-11-23"),
        ("This morning", "2026-11-23"),
        ("yesterday", "2026-11-22"),
        ("the day before yesterday", "2026-11-21"),
        ("tomorrow", "2026-11-24"),
        ("Monday", "2026-11-23"),
        ("on Friday", "2026-11-20"),
        ("last Monday", "2026-11-16"),
        ("last Friday", "2026-11-20"),
        ("next Monday", "2026-11-30"),
        ("this Friday", "2026-11-27"),
        ("three days ago", "2026-11-20"),
        ("a week ago", "2026-11-16"),
        ("2 months ago", "2026-09-23"),
        ("in two weeks", "2026-12-07"),
        ("10 days from today", "2026-12-03"),
        ("23 November", "2026-11-23"),
        ("3 March", "2026-03-03"),
        ("March 3rd", "2026-03-03"),
        ("18 December", "2026-12-18"),
        ("31 December?", "2025-12-31"),
        ("29 February 2028", "2028-02-29"),
        ("3/3/26", "2026-03-03"),
    ],
)
def test_a_day_is_understood_from_today(words: str, day: str) -> None:
    assert resolve_date(words, MONDAY).isoformat() == day


@pytest.mark.parametrize(
    ("words", "day"), [("3 March", "2027-03-03"), ("Friday", "2026-11-27"), ("today", "2026-11-23")]
)
def test_what_is_to_come_is_looked_for_ahead(words: str, day: str) -> None:
    assert resolve_date(words, MONDAY, ahead=True).isoformat() == day


@pytest.mark.parametrize("words", ["soon", "29 February", "umpteen days ago", "last week", "9999999 days ago"])
def test_words_that_name_no_day_near_today_are_refused(words: str) -> None:
    with pytest.raises(CommissionError, match="is not a date"):
        resolve_date(words, MONDAY)


@pytest.mark.parametrize(
    ("words", "hour"),
    [("14:30", time(14, 30)), ("2.30pm", time(14, 30)), ("9am", time(9)), ("12am", time(0)), ("noon", time(12))],
)
def test_an_hour_is_understood_as_people_write_it(words: str, hour: time) -> None:
    assert parse_hour(words) == hour


@pytest.mark.parametrize("words", ["", "25:00", "14", "14pm now"])
def test_words_that_name_no_hour_are_refused(words: str) -> None:
    with pytest.raises(CommissionError, match="is not an hour"):
        parse_hour(words)


def test_a_date_is_said_as_letters_write_it_and_read_back() -> None:
    assert say(date(2026, 12, 2)) == "2 December 2026"
    assert parse_date(say(date(2026, 12, 2))) == date(2026, 12, 2)


def test_a_bank_holiday_of_one_division_is_a_working_day_in_another() -> None:
    st_andrew = date(2026, 11, 30)
    assert not is_working_day(st_andrew)
    assert is_working_day(st_andrew, ("england-and-wales",))


def test_counting_forwards_and_back_lead_to_the_same_days() -> None:
    due = working_days_after(MONDAY, 20, ("england-and-wales",))
    assert due == date(2026, 12, 21)
    assert working_days_after(due, -20, ("england-and-wales",)) == MONDAY
    assert working_days_between(MONDAY, due, ("england-and-wales",)) == 20


def test_a_long_way_between_two_days_is_refused_before_it_is_counted() -> None:
    with pytest.raises(CommissionError, match="bank holidays of 9999"):
        working_days_between(MONDAY, date(9999, 12, 31), ("scotland",))
