"""A threshold is what it is on a day, with its source, and is carried to no day for which it is not known."""

from datetime import date
from decimal import Decimal

import pytest

from humphrey.calculations.thresholds import names, threshold
from humphrey.calculations.workings import of_threshold
from humphrey.errors import CommissionError
from humphrey.text.figures import values

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("foi_limit_central", "£600"),
        ("foi_limit_other", "£450"),
        ("foi_hourly_rate", "£25 an hour"),
        ("pq_cost", "£840"),
        ("pq_named_day_a_day", "5 a day"),
        ("pq_lords_a_day", "6 a day"),
        ("procurement_central", "£135,018"),
        ("procurement_other", "£207,720"),
        ("procurement_works", "£5,193,000"),
        ("procurement_light_touch", "£663,540"),
        ("notices_central", "£12,000"),
        ("notices_other", "£30,000"),
        ("mileage_car", "55p a mile"),
        ("mileage_car_further", "25p a mile"),
        ("mileage_motorcycle", "24p a mile"),
        ("mileage_bicycle", "20p a mile"),
    ],
)
def test_a_threshold_is_said_with_its_unit(name: str, said: str) -> None:
    assert threshold(name, TODAY).said == said


def test_every_threshold_is_known_by_its_figure_and_source() -> None:
    for name in names():
        found = threshold(name, TODAY)
        assert found.source
        assert found.confidence
        working = of_threshold(found, TODAY)
        assert working.result in working.explanation
        assert f"Source: {found.source}." in working.explanation
        assert values(found.said) <= values(f"{working.result} {working.explanation}")


def test_the_cost_threshold_of_questions_is_computed_from_the_limit_of_the_act() -> None:
    found = threshold("pq_cost", TODAY)
    assert found.value == Decimal(840)
    assert "140% of the cost limit" in found.steps
    assert "which is £600." in found.steps


def test_a_rate_is_that_of_the_day() -> None:
    assert threshold("mileage_car", date(2026, 4, 5)).said == "45p a mile"
    assert threshold("mileage_car", date(2026, 4, 6)).said == "55p a mile"
    assert (
        "It is known from 6 April 2011 to 5 April 2026."
        in of_threshold(threshold("mileage_car", date(2026, 4, 5)), date(2026, 4, 5)).explanation
    )


def test_a_day_before_a_figure_is_known_is_refused_with_where_to_look() -> None:
    with pytest.raises(CommissionError, match=r"known to humphrey from 1 January 2026 only.*look it up in Procurement"):
        threshold("procurement_central", date(2025, 12, 31))


def test_a_day_after_a_figure_was_recorded_says_that_it_has_to_be_checked() -> None:
    later = date(2027, 4, 6)
    assert (
        "recorded on 23 November 2026: check that it still holds"
        in of_threshold(threshold("foi_limit_central", later), later).explanation
    )
    assert "check that it still holds" not in of_threshold(threshold("foi_limit_central", TODAY), TODAY).explanation


def test_a_name_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(CommissionError, match=r"no threshold 'foi_limit'.*foi_limit_central"):
        threshold("foi_limit", TODAY)
