from humphrey.checks.papers import no_personal_data
from humphrey.papers.draft import Commission, Draft, ModelName
from humphrey.papers.kind import Paper

PAPER = Paper("letter", "Letter", "", (), ("no_personal_data",), "")


def findings(text: str, **facts: str) -> list[tuple[str, str, str]]:
    draft = Draft(Commission("letter", "Write", "amina", "web", facts), "answered", text, ModelName("x", "y"))
    return [
        (each.check, each.level, text[each.start : each.end])
        for each in no_personal_data(draft, PAPER, lambda _id, _version: None)
    ]


def test_what_singles_out_a_person_is_pointed_at_for_a_person_to_judge():
    assert findings("Her number is AB 12 34 56 C, and she lives here.") == [
        ("no_personal_data", "warn", "AB 12 34 56 C")
    ]
    assert findings("Write to jo.bloggs@example.com about it.")[0][2] == "jo.bloggs@example.com"


def test_what_was_given_as_a_fact_is_meant_to_be_there():
    assert findings("We write to jo.bloggs@example.com today.", address="jo.bloggs@example.com") == []


def test_an_office_is_nobody():
    assert findings("Write to foi@cabinetoffice.gov.uk within 20 working days, or telephone 0300 123 4567.") == []
