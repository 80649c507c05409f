from humphrey.documents.readers.base import RawFile
from humphrey.documents.readers.pdf.document import read_pdf
from tests.support.office_files import Marked, tagged_pdf

HEADS: list[Marked] = [(0, 0, "TH", "Grade"), (0, 1, "TH", "Days of leave"), (0, 2, "TH", "Notice")]


def read(*pages: list[Marked]) -> str:
    return read_pdf(RawFile("leave", "annual-leave", tagged_pdf(pages))).text


def test_a_row_of_a_declared_table_names_its_columns():
    text = read(
        [
            *HEADS,
            (1, 0, "TD", "Executive officer"), (1, 1, "TD", "25"), (1, 2, "TD", "One week"),
            (2, 0, "TD", "Grade 7"), (2, 1, "TD", "30"), (2, 2, "TD", "Two weeks"),
        ]
    )  # fmt: skip

    assert text == (
        "Before the table stands this.\n\n"
        "Grade: Executive officer; Days of leave: 25; Notice: One week\n"
        "Grade: Grade 7; Days of leave: 30; Notice: Two weeks"
    )


def test_a_table_goes_on_over_the_page_with_its_columns_and_a_row_that_is_cut_is_whole():
    text = read(
        [*HEADS, (1, 0, "TD", "Executive officer"), (1, 1, "TD", "25"), (1, 2, "TD", "One week, and")],
        [*HEADS, (1, 2, "TD", "two in summer"), (2, 0, "TD", "Grade 7"), (2, 1, "TD", "30")],
    )

    assert text.splitlines()[2:] == [
        "Grade: Executive officer; Days of leave: 25; Notice: One week, and two in summer",
        "Grade: Grade 7; Days of leave: 30",
    ]


def test_headings_stand_above_their_columns_where_the_corner_was_left_out():
    text = read(
        [
            (0, 0, "TH", "Small"), (0, 1, "TH", "Large"),
            (1, 0, "TH", "Budget"), (1, 1, "TD", "Level 1"), (1, 2, "TD", "Level 2"),
        ]
    )  # fmt: skip

    assert text.splitlines()[2:] == ["Budget; Small: Level 1; Large: Level 2"]


def test_headings_that_fit_no_column_are_not_put_to_one():
    text = read(
        [
            (0, 0, "TH", "Small"), (0, 1, "TH", "Large"),
            (1, 0, "TD", "Budget"), (1, 1, "TD", "Level 1"), (1, 2, "TD", "Level 2"),
        ]
    )  # fmt: skip

    assert text.splitlines()[2:] == ["Small; Large", "Budget; Level 1; Level 2"]


def test_a_frame_around_text_is_not_a_table_and_a_table_of_contents_is_dropped():
    framed = read([(0, 0, "TD", "Ask your manager first."), (1, 0, "TD", "Then write to us.")])
    contents = read(
        [cell for row, name in enumerate(["Aims", "Scope", "Duties", "Annex"])
         for cell in [(row, 0, "TH", name), (row, 1, "TD", str(3 + 2 * row))]]
    )  # fmt: skip

    assert framed.endswith("Ask your manager first. Then write to us.")
    assert contents == "Before the table stands this."
