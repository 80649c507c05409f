"""The text of a paper is put together from the wording of its sections and its facts, which are data."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from humphrey.papers.assembly.sections import assemble, joined, values_for
from humphrey.papers.kind import Column, DueRule, Field, Option, Paper, PaperSection, When

QUALIFIED = Option("35(1)(a)", "Policy", "section 35(1)(a)", ("qualified",))


FIELDS = (
    Field("name", "Name", "person"),
    Field("received", "Date received", "date"),
    Field("phone", "Telephone", required=False),
    Field("words", "Words", "long_text"),
    Field("held", "Held", "choice", options=(Option("yes", "Yes", "hold"), Option("no", "No", "do not hold"))),
    Field(
        "exemptions",
        "Exemptions",
        "rows",
        required=False,
        fields=(
            Field("section", "Section", "choice", options=(QUALIFIED, Option("21", "Elsewhere", "section 21"))),
            Field("why", "Why", required=False),
        ),
    ),
)


FACTS = {"name": "Ms Jo Bloggs", "received": "2026-11-23", "words": "How many?", "held": "yes"}


def text_of(*sections: PaperSection, facts: Mapping[str, str] = FACTS, internal: bool = False) -> str:
    paper = Paper("note", "Note", "p", FIELDS, (), "", sections=sections, due=DueRule("foi_20wd", "received"))
    values = values_for(paper, facts, {"department": "Office of Examples"}, date(2026, 12, 1), date(2026, 12, 22), None)
    return joined(assemble(paper, facts, values), internal=internal)


def test_places_are_filled_and_days_are_written_in_words() -> None:
    wording = "{{salutation}}\n\nReceived {{received}}, we {{ held }} it. Due {{due}}.\n\n{{sign_off}}\n{{department}}"
    assert text_of(PaperSection("Letter", text=wording)) == (
        "Dear Ms Bloggs\n\nReceived 23 November 2026, we hold it. Due 22 December 2026.\n\n"
        "Yours sincerely\nOffice of Examples"
    )


def test_a_fact_that_looks_like_a_place_or_an_optional_stretch_is_left_as_it_is() -> None:
    facts = {**FACTS, "words": "{{due}} [[x]] \\1 {{name}}"}
    assert text_of(PaperSection("Words", text="“{{words}}”"), facts=facts) == "“{{due}} [[x]] \\1 {{name}}”"


def test_a_required_fact_that_is_missing_stands_in_its_place() -> None:
    facts = {**FACTS, "received": ""}
    assert (
        text_of(PaperSection("Words", text="Received {{received}}."), facts=facts) == "Received [needs: Date received]."
    )


def test_a_due_date_without_its_day_names_the_day() -> None:
    paper = Paper("note", "Note", "p", FIELDS, (), "", due=DueRule("foi_20wd", "received"))
    values = values_for(paper, {}, {}, date(2026, 12, 1), None, None)
    assert values["due"] == "[needs: the due date, counted from 'Date received']"


@pytest.mark.parametrize(
    ("phone", "said"), [("", "Write."), ("020 7946 0000", "Write. Or ring 020 7946 0000.\nPhone: 020 7946 0000")]
)
def test_a_line_or_stretch_whose_places_are_empty_is_left_out(phone: str, said: str) -> None:
    section = PaperSection("Contact", text="Write.[[ Or ring {{phone}}.]]\nPhone: {{phone}}")
    assert text_of(section, facts={**FACTS, "phone": phone}) == said


def test_a_section_is_left_out_where_its_condition_does_not_hold() -> None:
    sections = (
        PaperSection("Held", text="It is held.", when=When("held", among=("yes",))),
        PaperSection("Not held", text="It is not held.", when=When("held", among=("no",))),
        PaperSection("Exempt", text="Some is exempt.", when=When("exemptions")),
    )
    assert text_of(*sections) == "It is held."


ROWS = {**FACTS, "exemptions.1.section": "35(1)(a)", "exemptions.1.why": "Policy | now", "exemptions.2.section": "21"}


def test_rows_repeat_a_wording_and_a_condition_chooses_among_them() -> None:
    each = PaperSection("Exemptions", text="- {{exemptions.section}}[[: {{exemptions.why}}]]", rows="exemptions")
    assert text_of(each, facts=ROWS) == "- section 35(1)(a): Policy | now\n- section 21"
    qualified = replace(each, when=When("exemptions.section", tagged="qualified"))
    assert text_of(qualified, facts=ROWS) == "- section 35(1)(a): Policy | now"


def test_rows_fill_a_table_whose_cells_stay_cells() -> None:
    columns = (Column("No", "row"), Column("Section", "section"), Column("Why", "why"))
    assert text_of(PaperSection("Table", rows="exemptions", table=columns), facts=ROWS) == (
        "| No | Section | Why |\n| --- | --- | --- |\n| 1 | section 35(1)(a) | Policy \\| now |\n| 2 | section 21 |  |"
    )


def test_numbered_paragraphs_count_through_the_sections_and_headings_have_no_number() -> None:
    sections = (
        PaperSection("Issue", heading=True, numbered=True, text="One.\n\nTwo."),
        PaperSection("Timing", heading=True, numbered=True, text="Three."),
    )
    assert text_of(*sections) == "## Issue\n\n1. One.\n\n2. Two.\n\n## Timing\n\n3. Three."


def test_a_part_that_stays_in_the_department_is_no_part_of_the_text_that_leaves() -> None:
    sections = (
        PaperSection("Answer", text="Forty."),
        PaperSection("Background", heading=True, text="Why.", internal=True),
    )
    assert text_of(*sections) == "Forty."
    assert text_of(*sections, internal=True) == "## Background\n\nWhy."
