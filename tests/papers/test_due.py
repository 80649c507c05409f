"""A paper is due on the day that its rule computes, or on the day that was set where no calendar gives one."""

from dataclasses import replace
from datetime import date

import pytest

from humphrey.errors import CommissionError
from humphrey.papers.due import due_of
from humphrey.papers.kind import DueRule, Field, Paper

NOTE = Paper(
    "note", "Note", "p", (Field("received", "Date received", "date"),), (), "", due=DueRule("foi_20wd", "received")
)


def test_the_due_date_is_computed_from_the_day_the_rule_counts_from() -> None:
    due = due_of(NOTE, {"received": "2026-11-23"})
    assert due is not None
    assert (due.day, due.safe) == (date(2026, 12, 22), date(2026, 12, 21))
    assert "St Andrew's Day" in due.working.explanation


def test_a_paper_without_a_time_limit_or_without_its_day_has_no_due_date() -> None:
    assert due_of(replace(NOTE, due=None), {"received": "2026-11-23"}) is None
    assert due_of(NOTE, {"received": ""}) is None


def test_an_extension_is_counted_where_its_field_says_yes() -> None:
    extended = replace(NOTE, due=DueRule("foi_20wd", "received", extended="longer"))
    due = due_of(extended, {"received": "2026-11-23", "longer": "yes"})
    assert due is not None
    assert due.day == date(2027, 1, 25)


def test_a_rule_that_is_a_sentence_takes_the_day_that_was_set_and_shows_the_sentence() -> None:
    due = due_of(replace(NOTE, due=DueRule("dept_clearance", "received")), {"received": "2026-12-07"})
    assert due is not None
    assert due.day == date(2026, 12, 7)
    assert "it is set by the department" in due.working.explanation


def test_a_day_beyond_the_known_bank_holidays_is_refused() -> None:
    with pytest.raises(CommissionError, match="bank holidays"):
        due_of(NOTE, {"received": "2126-11-23"})
