"""A quantity is compared with a limit in the same unit, and in no other."""

import pytest

from humphrey.calculations.comparing import compared, quantities
from humphrey.errors import CommissionError


@pytest.mark.parametrize(
    ("stated", "limit", "bound", "explanation"),
    [
        ("30 hours", "24 hours", "limit", "Over the limit: 30 hours is more than the limit of 24 hours."),
        ("£450", "£600", "threshold", "Below the threshold: £450 is less than the threshold of £600."),
        ("1 day", "1 day", "minimum", "At the minimum: 1 day is the same as the minimum of 1 day."),
        ("twenty words", "25 words", "limit", "Below the limit: twenty words is less than the limit of 25 words."),
    ],
)
def test_the_relation_is_told_in_words(stated: str, limit: str, bound: str, explanation: str):
    assert compared(stated, limit, bound).explanation == explanation


@pytest.mark.parametrize(
    ("stated", "limit", "bound", "says"),
    [
        ("30 hours", "24 days", "limit", "have different units; give both in one unit"),
        ("30 days", "24 working days", "limit", "have different units"),
        ("long", "24 days", "limit", "no quantity in 'long'"),
        ("30 days", "24 days", "wall", "no bound 'wall'"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_reason(stated: str, limit: str, bound: str, says: str):
    with pytest.raises(CommissionError, match=says):
        compared(stated, limit, bound)


def test_a_number_counts_with_its_unit_and_a_date_is_none():
    found = quantities("From 3 May 2026 it takes 30 hours or 4 working days, costs £1,200 and is 5% of section 12.")
    assert [(each.value, each.unit) for each in found] == [(30, "hour"), (4, "working day"), (1200, "£"), (5, "%")]
