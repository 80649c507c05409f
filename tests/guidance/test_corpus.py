"""The starter notes: whole, dated, linked to their originals, and at one with the law's time limits and amounts."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from humphrey.calculations.time_limits import time_limit
from humphrey.text.dates import parse_date

CORPUS = Path(__file__).parents[2] / "corpus"


NOTES = sorted(path for path in CORPUS.glob("*.md") if path.name != "README.md")


LICENCES = {
    "Open Government Licence v3.0": "licensed under the Open Government Licence v3.0",
    "Open Parliament Licence v3.0": "licensed under the Open Parliament Licence v3.0",
    "Information Commissioner's terms": "The Information Commissioner's own terms apply",
}


QUANTITY = re.compile(
    r"£[\d,.]*\d(?: (?:million|billion))?|\d+p a mile"
    r"|\b(?:\d+(?:th|nd|st|rd)?|one|two|three) (?:further )?(?:working days?|sitting days|days|weeks|months?|hours)\b",
    re.IGNORECASE,
)


FIGURES = {
    "business-appointment-rules": {},
    "consultation-principles": {"12 weeks", "6 weeks", "84 days"},
    "environmental-information": {"20 working days", "40 working days"},
    "foi-act-overview": {"20 working days"},
    "foi-code-of-practice": {"£25", "£600", "20 working days", "40 working days", "24 hours"},
    "foi-internal-review": {"20 working days", "40 working days"},
    "foi-refusals-and-cost-limit": {"£25", "£450", "£600", "18 hours", "24 hours", "20 working days"},
    "foi-time-limits": {"20 working days", "20th working day", "40 working days", "3 months"},
    "guide-to-parliamentary-work": {"£600", "£840", "10 working days", "2 months"},
    "handling-correspondence": {"15 working days", "20 working days"},
    "making-legislation": {"2 months"},
    "mileage-rates": {"20p a mile", "24p a mile", "25p a mile", "45p a mile", "55p a mile", "£6,000"},
    "personal-data-breaches": {"72 hours"},
    "pre-election-period": {"3 weeks", "6 weeks"},
    "procurement-act-notices-and-conflicts": {"£100 million", "£5 million", "8 working days", "30 days", "120 days"},
    "procurement-act-thresholds": {
        "£135,018", "£207,720", "£5,193,000", "£663,540", "£12,000", "£30,000", "30 days",
    },
    "security-classifications-quick-guide": {"72 hours"},
    "select-committee-evidence": {"2 months"},
    "style-guide-a-to-z": {"£75", "£5 million"},
    "subject-access-requests": {"one month", "two further months", "30 days"},
    "written-parliamentary-questions": {"£600", "£840", "£850", "10 working days", "3 days", "5 sitting days"},
}  # fmt: skip
"""Every amount and time limit that a note may state. A figure that is not here is a mistake, or wants its row."""


def parts(path: Path) -> tuple[dict[str, object], str]:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), body


def figures(text: str) -> set[str]:
    return {match.group().lower() for match in QUANTITY.finditer(text)}


def test_there_are_enough_notes():
    assert len(NOTES) >= 45


@pytest.mark.parametrize("note", NOTES, ids=lambda path: path.stem)
def test_a_note_says_what_it_is_and_where_the_original_is(note):
    front, body = parts(note)
    opening, ending = body.strip().split("\n\n")[0], body.rsplit("## Where to read the original", 1)[1]

    assert front["summary"] is True
    assert isinstance(front["facts_as_of"], date)
    assert front["facts_as_of"] <= date(2026, 11, 23)
    assert front["title"]
    assert front["publisher"]
    assert str(front["source"]).startswith("https://")
    assert "summary written for humphrey, not the guidance itself" in opening
    assert f"[{front['original']}]({front['source']})" in opening
    assert f"({front['source']})" in ending
    assert LICENCES[str(front["licence"])] in ending


def test_the_date_of_an_original_is_one_that_a_note_about_it_states():
    held = [(parts(path)[0], parts(path)[1]) for path in NOTES]
    dated = {(front["source"], str(front["original_date"])) for front, _ in held if "original_date" in front}

    assert len(dated) >= 10
    for source, day in dated:
        assert any(day in body for front, body in held if front["source"] == source or day in body), day


@pytest.mark.parametrize("note", NOTES, ids=lambda path: path.stem)
def test_a_note_is_long_enough_to_answer_and_short_enough_to_read(note):
    _, body = parts(note)

    assert 300 <= len(body.split()) <= 900
    assert len(re.findall(r"^## ", body, re.MULTILINE)) >= 4
    assert not re.search(r"^# ", body, re.MULTILINE)


@pytest.mark.parametrize("note", NOTES, ids=lambda path: path.stem)
def test_a_note_links_only_to_safe_addresses(note):
    _, body = parts(note)

    targets = re.findall(r"\]\(([^)]+)\)", body)

    assert targets
    assert all(target.startswith("https://") for target in targets)


@pytest.mark.parametrize("note", NOTES, ids=lambda path: path.stem)
def test_a_note_states_no_time_limit_or_amount_but_the_known_ones(note):
    _, body = parts(note)

    assert figures(body) == set(FIGURES.get(note.stem, set()))


def test_the_dates_worked_out_in_the_notes_are_the_calendars():
    _, body = parts(CORPUS / "foi-time-limits.md")
    rows = re.findall(r"^\| \w+ (\d+ \w+ \d{4}) \| (\d+ \w+ \d{4}) \| (\d+ \w+ \d{4}) \|$", body, re.MULTILINE)

    assert len(rows) == 4
    for received, due, safe in rows:
        limit = time_limit("foi_20wd", parse_date(received))
        assert (limit.due, limit.safe) == (parse_date(due), parse_date(safe))


def test_dated_facts_say_their_date():
    _, mileage = parts(CORPUS / "mileage-rates.md")
    _, thresholds = parts(CORPUS / "procurement-act-thresholds.md")

    for sentence in re.findall(r"[^.\n]*\b55p a mile[^.]*\.", mileage):
        assert "6 April 2026" in sentence
    for sentence in re.findall(r"[^.\n|]*£135,018[^.|]*\.", thresholds):
        assert "1 January 2026" in sentence
