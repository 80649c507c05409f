"""What was computed is told with the answer first, the steps after it and the source last."""

from datetime import date

import pytest

from humphrey.calculations.counting import LimitInputs
from humphrey.calculations.time_limits import time_limit
from humphrey.calculations.workings import added, between, days_of, of_limit
from humphrey.errors import CommissionError

MONDAY = date(2026, 11, 23)


HERE = "england-and-wales"


def test_a_time_limit_opens_with_the_answer_and_closes_with_the_law() -> None:
    given = LimitInputs(extended=True)
    working = of_limit(time_limit("foi_20wd", MONDAY, given), given)
    assert working.result == "2027-01-25"
    assert working.explanation.startswith(
        "The reply to a freedom of information request is due by 25 January 2027. Day 0"
    )
    assert working.explanation.endswith("Source: Freedom of Information Act 2000, section 10(1) and (6).")
    assert working.inputs["extended"] == "yes"
    assert working.inputs["source"].startswith("https://www.legislation.gov.uk/")


def test_a_time_limit_shows_which_of_several_days_it_was_counted_from() -> None:
    others = [date(2026, 11, 18), date(2026, 12, 4)]
    working = of_limit(time_limit("foi_20wd", MONDAY), others=others)
    assert (
        "I took 23 November 2026 as the day the request arrived; the question also names 18 November 2026 and "
        "4 December 2026. If it was another day, ask again with that day alone."
    ) in working.explanation
    assert working.inputs["others"] == "2026-11-18 2026-12-04"
    last_day = of_limit(time_limit("leaving_date", MONDAY), others=others)
    assert "I took 23 November 2026 as the last working day of the person who leaves" in last_day.explanation


def test_working_days_between_two_days_are_counted_both_ways_and_the_holidays_named() -> None:
    working = between(date(2026, 12, 18), date(2027, 1, 5), HERE)
    assert working.result == "9"
    assert "After Friday 18 December 2026 up to and including Tuesday 5 January 2027 there are 9 working days." in (
        working.explanation
    )
    assert "With both days counted there are 10 working days." in working.explanation
    assert "there are 18 days from one to the other" in working.explanation
    assert "Monday 28 December 2026 (Boxing Day, England and Wales)" in working.explanation
    assert between(date(2026, 12, 18), date(2027, 1, 5), "anywhere").result == "8"
    assert "there is 1 working day." in between(MONDAY, date(2026, 11, 24), HERE).explanation


def test_days_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(CommissionError, match="22 November 2026 is before 23 November 2026"):
        between(MONDAY, date(2026, 11, 22), HERE)


@pytest.mark.parametrize(
    ("number", "unit", "day"),
    [
        (20, "working days", "2026-12-21"),
        (-3, "working days", "2026-11-18"),
        (10, "days", "2026-12-03"),
        (12, "weeks", "2027-02-15"),
        (3, "months", "2027-02-23"),
        (-1, "months", "2026-10-23"),
    ],
)
def test_days_weeks_and_months_are_added_to_a_day_or_taken_off(number: int, unit: str, day: str) -> None:
    assert added(MONDAY, number, unit, HERE).result == day


def test_adding_working_days_names_the_holidays_left_out() -> None:
    assert (
        "Monday 30 November 2026 (St Andrew's Day, Scotland) is not counted."
        in added(MONDAY, 10, "working days", "scotland").explanation
    )
    assert "20 working days before Monday 23 November 2026 is" in added(MONDAY, -20, "working days", HERE).explanation


@pytest.mark.parametrize(
    ("number", "unit", "division", "complaint"),
    [
        (0, "days", HERE, "cannot be added"),
        (10**9, "days", HERE, "cannot be added"),
        (2, "fortnights", HERE, "no unit 'fortnights'"),
        (2, "days", "wales", "no division 'wales'"),
        (2999, "working days", HERE, "bank holidays of 2029"),
    ],
)
def test_what_cannot_be_added_is_refused(number: int, unit: str, division: str, complaint: str) -> None:
    with pytest.raises(CommissionError, match=complaint):
        added(MONDAY, number, unit, division)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("1 December", "15 January", ("2026-12-01", "2027-01-15")),
        ("3 March", "7 April 2027", ("2027-03-03", "2027-04-07")),
        ("20 December", "5 January 2027", ("2026-12-20", "2027-01-05")),
        ("today", "18 December", ("2026-11-23", "2026-12-18")),
        ("today", "5 January 2027", ("2026-11-23", "2027-01-05")),
    ],
)
def test_two_days_share_the_year_that_one_of_them_says(first: str, last: str, days: tuple[str, str]) -> None:
    found = days_of(first, last, MONDAY)
    assert tuple(day.isoformat() for day in found) == days
