"""Dates are found as they are written, with the day they mean where the text says it whole."""

import pytest

from humphrey.text.date_mentions import date_mentions, deadline_phrase


@pytest.mark.parametrize(
    ("text", "said", "day", "due"),
    [
        ("It begins on Monday 4 December 2026.", "Monday 4 December 2026", "2026-12-04", False),
        ("Send it by 4th December.", "4th December", "", True),
        ("The deadline is 2026-12-04.", "2026-12-04", "2026-12-04", True),
        ("Reply no later than 5pm on 04/12/2026, please.", "04/12/2026", "2026-12-04", True),
        ("The review runs from 1 to 5 May 2027.", "1 to 5 May 2027", "2027-05-01", False),
        ("It applies from 1 April 2026 to 31 March 2027.", "1 April 2026 to 31 March 2027", "2026-04-01", False),
        ("It reports in June 2027.", "June 2027", "", False),
        ("The budget for 2026-27 is agreed.", "2026-27", "", False),
        ("It will be ready by the end of March 2027.", "March 2027", "", True),
        ("The consultation closes on 9 January 2027.", "9 January 2027", "2027-01-09", True),
        ("It starts in spring 2027.", "spring 2027", "", False),
    ],
)
def test_a_date_is_found_with_its_day_and_whether_something_is_due(text, said, day, due):
    [mention] = date_mentions(text)

    assert (mention.said, mention.day, mention.due) == (said, day, due)
    assert text[mention.span.start : mention.span.end].rstrip(".,") == said
    assert mention.within.of(text) == text


@pytest.mark.parametrize(
    "text",
    ["Not 12 may apply.", "Section 4 of the Act.", "It costs £2,026.", "Ring 020 7946 0000.", "The score was 3-4."],
)
def test_other_numbers_are_no_dates(text):
    assert date_mentions(text) == []


def test_a_day_that_does_not_exist_is_said_as_it_stands_and_means_none():
    [mention] = date_mentions("It ended on 31 February 2026.")

    assert (mention.said, mention.day) == ("31 February 2026", "")


@pytest.mark.parametrize(
    ("sentence", "when"),
    [
        ("Jo to reply by noon on 4 December.", "noon on 4 December"),
        ("Jo to reply before the next meeting.", "the next meeting"),
        ("Jo to reply within 10 working days.", "within 10 working days"),
        ("Jo to stand by the gate.", ""),
    ],
)
def test_a_deadline_is_what_the_sentence_says(sentence, when):
    assert deadline_phrase(sentence) == when
