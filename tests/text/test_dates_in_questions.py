"""The days of a text are found as people write them, each with the words around it."""

from datetime import date

import pytest

from humphrey.errors import CommissionError
from humphrey.text.date_mentions import day_mentions
from humphrey.text.dates import resolve_date


@pytest.mark.parametrize(
    "words",
    [
        "3 March",
        "the 3rd of March 2026",
        "Tuesday 3 March 2026",
        "March 3",
        "Mar 3rd, 2026",
        "2026-03-03",
        "3/3/2026",
        "3.3.26",
        "yesterday",
        "the day before yesterday",
        "last Friday",
        "Friday",
        "two weeks ago",
        "this morning",
    ],
)
def test_a_day_is_found_in_a_sentence(words: str) -> None:
    [day] = day_mentions(f"It arrived on {words}, and now?")
    assert day.words == words
    assert "arrived" in day.before


@pytest.mark.parametrize(
    "text", ["in March 2026", "on Fridays", "section 3.1.2", "1,000 days", "version 1.2", "£3.50 may do"]
)
def test_what_is_no_day_is_not_found(text: str) -> None:
    assert day_mentions(text) == []


def test_each_day_has_the_words_between_it_and_its_neighbours() -> None:
    first, second = day_mentions("Received on 3 March 2026, but clarified on 10 March 2026 by phone.")
    assert (first.before.strip(), second.before.strip()) == ("Received on", "clarified on")
    assert second.after.strip() == "by phone."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sent on 2 March and here two days later.", ["2 March", "two days after 2 March"]),
        (
            "Posted on Friday 6 March 2026, it came the following Monday.",
            ["Friday 6 March 2026", "Monday after Friday 6 March 2026"],
        ),
        ("Sent on 2 March, it arrived the same day.", ["2 March", "2 March"]),
        ("It came on 4 March; we asked the day before.", ["4 March", "one day before 4 March"]),
        ("It came on 4 March 2026 and on the 9th we asked.", ["4 March 2026", "9 March 2026"]),
        ("It came on 24 March and on the 9th we asked.", ["24 March", "the 9th"]),
        ("The next day it rained.", []),
        ("It came a week last Friday.", ["a week last Friday"]),
        ("Tabled on Monday 23rd.", ["Monday 23rd"]),
        ("It came on Remembrance Sunday.", ["Remembrance Sunday"]),
        ("It came on Bank Holiday Monday.", ["Bank Holiday Monday"]),
    ],
)
def test_a_day_told_from_another_or_by_a_name_stands_alone(text: str, words: list[str]) -> None:
    assert [day.words for day in day_mentions(text)] == words


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("two days after 2 March 2026", date(2026, 3, 4)),
        ("Monday after Friday 6 March 2026", date(2026, 3, 9)),
        ("one day before 4 March 2026", date(2026, 3, 3)),
        ("a fortnight after 4 March 2026", date(2026, 3, 18)),
        ("a week last Friday", date(2026, 11, 13)),
        ("Monday 23rd", date(2026, 11, 23)),
        ("a week ago today", date(2026, 11, 18)),
        ("Remembrance Sunday 2026", date(2026, 11, 8)),
        ("Remembrance Sunday 2027", date(2027, 11, 14)),
        ("Ash Wednesday 2027", date(2027, 2, 10)),
    ],
)
def test_such_a_day_has_its_date(words: str, day: date) -> None:
    assert resolve_date(words, date(2026, 11, 25)) == day


def test_a_day_to_come_that_has_just_passed_is_not_next_year() -> None:
    asked = date(2026, 11, 30)
    assert resolve_date("26 November", asked, ahead=True) == date(2026, 11, 26)
    assert resolve_date("26 October", asked, ahead=True) == date(2027, 10, 26)
    assert resolve_date("3 December", asked, ahead=True) == date(2026, 12, 3)


@pytest.mark.parametrize("words", ["Bank Holiday Monday", "Black Friday", "Tuesday 23rd", "two moons after 2 March"])
def test_a_day_that_no_calendar_gives_is_refused_with_its_words(words: str) -> None:
    with pytest.raises(CommissionError, match=words):
        resolve_date(words, date(2026, 11, 25))


@pytest.mark.parametrize("words", ["two days before " * 4 + "9 March 2026", "Monday after " * 2000 + "9 March"])
def test_a_day_counted_in_too_many_steps_is_refused_with_its_words(words: str) -> None:
    with pytest.raises(CommissionError, match=words[:40]):
        resolve_date(words, date(2026, 11, 25))


@pytest.mark.parametrize(
    "words",
    [
        "a day after 31 December 9999",
        "two weeks before 1 January 0001",
        "Boxing Day 0000",
        "2026-13-41T09:15Z",
        "0001-01-01T00:00+14:00",
    ],
)
def test_a_day_outside_the_calendar_is_refused(words: str) -> None:
    with pytest.raises(CommissionError, match="is not a date"):
        resolve_date(words, date(2026, 11, 25))


def test_a_day_told_from_many_others_is_short() -> None:
    days = day_mentions("Sent on 2 March 2026" + ", read two days later" * 500)

    assert resolve_date(days[3].words, date(2026, 11, 25)) == date(2026, 3, 8)
    assert max(len(day.words) for day in days) < 100
    with pytest.raises(CommissionError, match="name the day itself"):
        resolve_date(days[4].words, date(2026, 11, 25))
