"""The days of a text are found as people write them, each with the words around it."""

import pytest

from humphrey.text.date_mentions import day_mentions


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
