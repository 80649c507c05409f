"""Figures are compared in one notation, however they are written."""

import pytest

from humphrey.text.figures import figures, values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20", "20"),
        ("twenty", "20"),
        ("the 20th", "20"),
        ("1,000", "1000"),
        ("£1,000", "£1000"),
        ("£1.5 million", "£1500000"),
        ("55p", "£0.55"),
        ("5 per cent", "5%"),
        ("5.0%", "5%"),
        ("23 November 2026", "2026-11-23"),
        ("23rd Nov 2026", "2026-11-23"),
        ("23/11/2026", "2026-11-23"),
        ("2026-11-23", "2026-11-23"),
        ("23 November", "--11-23"),
        ("one month", "1"),
    ],
)
def test_a_figure_has_one_value_however_it_is_written(text: str, value: str) -> None:
    assert [figure.value for figure in figures(text)] == [value]


@pytest.mark.parametrize("text", ["one of them", "no figures", "", "[12]", "1. First"])
def test_what_only_looks_like_a_figure_is_none(text: str) -> None:
    assert figures(text) == []


def test_a_full_date_vouches_for_its_day_and_its_year_but_a_day_not_for_a_date() -> None:
    assert {"--11-23", "2026", "23"} < values("23 November 2026")
    assert "2026-11-23" not in values("23 November")


def test_a_figure_s_place_is_exact() -> None:
    text = "Pay £20 by 1 May 2026."
    assert [text[figure.start : figure.end] for figure in figures(text)] == ["£20", "1 May 2026"]
