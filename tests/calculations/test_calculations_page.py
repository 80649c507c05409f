"""Every rule and threshold is on its page with its source, and the settings behind them work in the program."""

import re

import pytest

from humphrey.app import drafting
from humphrey.calculations.rules import RULES, UNCOMPUTABLE
from humphrey.calculations.sitting_days import sitting_days
from humphrey.calculations.thresholds import names
from humphrey.errors import SettingsError
from humphrey.settings import Settings
from tests.calculation_pages import PAGE, page


def test_the_page_of_calculations_is_what_is_computed():
    text = PAGE.read_text(encoding="utf-8")

    assert text == page(), "run `make docs`"
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == {*RULES, *UNCOMPUTABLE, *names()}


def test_sitting_days_are_read_from_the_department_s_own_file(tmp_path):
    listed = tmp_path / "sitting.txt"
    listed.write_text("# November\n2026-11-23\n24 November 2026  # a Tuesday\n\n", encoding="utf-8")

    office = drafting.build_office(Settings(sitting_days=listed, division="scotland"))

    assert [day.isoformat() for day in sorted(office.sitting)] == ["2026-11-23", "2026-11-24"]
    assert office.division == "scotland"


def test_a_file_of_sitting_days_that_cannot_be_used_is_named_with_its_line(tmp_path):
    listed = tmp_path / "sitting.txt"
    with pytest.raises(SettingsError, match=r"sitting\.txt cannot be read \(No such file"):
        sitting_days(listed)
    listed.write_text("2026-11-23\nrecess\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="line 2: 'recess' is not a date"):
        sitting_days(listed)
