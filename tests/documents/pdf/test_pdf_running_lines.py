"""A line at the edge of page after page is no part of the text; a heading or a sentence there is."""

import pytest

from humphrey.documents.model import Document
from humphrey.documents.readers.files import read_document
from tests.support.office_files import Placed, drawn_pdf, pdf


def read(*pages: list[Placed]) -> Document:
    return read_document("a.pdf", pdf(pages), "a")


def page(n: int, *lines: Placed) -> list[Placed]:
    letter = "abcdefgh"[n]
    return [*lines, (11, 400, f"Rule {letter} is that everybody asks first, and that nobody goes on before there is"),
            (11, 387, f"an answer to question {letter}, which the office of the board gives.")]  # fmt: skip


def text(n: int) -> str:
    return " ".join(words for _, _, words in page(n))


def running(document: Document) -> list[str]:
    return [part.words for part in document.omissions if part.kind == "running"]


@pytest.mark.parametrize(
    "line",
    [
        lambda n: (9, 810, "Leave policy 2026"),
        lambda n: (11, 810, "Leave policy"),
        lambda n: (9, 30, f"Leave policy {n + 3}"),
        lambda n: (11, 30, f"Page {n + 1} of 6"),
        lambda n: (11, 30, f"{n + 7}"),
        lambda n: (11, 30, f"Leave policy | {n + 1}"),
        lambda n: (-12, 810, "OFFICIAL"),
        lambda n: (9, 30, "Any questions are answered by the team."),
    ],
)
def test_headers_footers_and_page_numbers_are_listed_and_not_read(line):
    document = read(*[page(n, line(n)) for n in range(6)])

    assert document.text == "\n\n".join(text(n) for n in range(6))
    assert len(running(document)) == 1


@pytest.mark.parametrize(
    "line",
    [
        lambda n: (-11, 780, f"Proposal {n + 1}"),
        lambda n: (11, 780, f"Proposal {n + 1}"),
        lambda n: (11, 780, f"Proposal {n + 1}: who decides?"),
        lambda n: (-11, 780, "What the board decided"),
        lambda n: (11, 780 - 5 * n, "Proposal"),
        lambda n: (11, 600, "Proposal"),
        lambda n: (11, 60, "The board should say so."),
        lambda n: (11, 60, f"{n * n + 20}"),
    ],
)
def test_headings_and_sentences_at_the_edge_of_every_page_are_read(line):
    document = read(*[page(n, line(n)) for n in range(6)])

    assert all(line(n)[2] in (document.text if n else f"{document.imprint.title} {document.text}") for n in range(6))
    assert running(document) == []


def test_the_end_of_a_sentence_is_read_though_it_is_the_same_on_every_page():
    document = read(
        *[[(11, 74, f"The council should plan part {n}, and once it is"), (11, 60, "published it should say so")]
          for n in range(6)]
    )  # fmt: skip

    assert document.text.count("and once it is published it should say so") == 6


def test_a_line_to_fill_in_is_no_line_of_contents():
    assert "Signed ________" in read([(11, 700, "Sign here."), (11, 600, "Signed ________")]).text


def test_what_follows_the_table_of_contents_on_its_page_is_read():
    document = read(
        [(11, 760, "Contents"), (11, 746, "Asking 2"), (11, 732, "Appeals 9"), (-14, 680, "Asking"),
         (11, 660, "The office has to reply within 20"), (11, 646, "working days.")]
    )  # fmt: skip

    assert (document.imprint.title, document.text) == ("Asking", "The office has to reply within 20 working days.")
    assert [part.words for part in document.omissions] == ["Contents", "Asking 2", "Appeals 9"]


def line(*pieces: str) -> str:
    """A line of words; figures in brackets are raised."""
    drawn = "".join(
        f"/F 7 Tf 4 Ts ({piece[1:-1]}) Tj 0 Ts\n" if piece.startswith("[") else f"/F 11 Tf ({piece}) Tj\n"
        for piece in pieces
    )
    return f"BT 50 600 Td\n{drawn}ET\n"


@pytest.mark.parametrize(("beside", "left"), [("A share of ", 103), ("A share of 1", 109)])
def test_a_fraction_with_a_bar_keeps_its_numbers_apart(beside, left):
    # The width of the words in Helvetica of 11 points is where the number begins.
    over = f"BT /F 11 Tf 50 600 Td ({beside}) Tj /F 7 Tf 4 Ts (1) Tj ET\n{left} 602 5 0.5 re f\n"
    under = f"BT 0 Ts /F 7 Tf {left} 596 Td (2) Tj ET\nBT /F 11 Tf {left + 8} 600 Td (is due.) Tj ET\n"

    text = read_document("a.pdf", drawn_pdf([over + under]), "a").text

    assert text == f"{beside.strip()} 1⁄2 is due."


def test_letters_beyond_the_first_plane_move_no_place_on_the_page():
    cmap = "1 beginbfchar <41> <D835DC65> endbfchar"
    font = f"<</Length {len(cmap)}>>\nstream\n{cmap}\nendstream"
    more = ["<</Type/OCG/Name(x)>>", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 7 0 R>>", font]
    page = "/Resources<</Font<</F 3 0 R/G 6 0 R>>>>"
    drawn = (
        "BT /G 11 Tf 50 600 Td (A) Tj /F 11 Tf ( is \xa3500) Tj /F 7 Tf 4 Ts (1) Tj 0 Ts /F 11 Tf ( a year.) Tj ET\n"
    )

    document = read_document("a.pdf", drawn_pdf([drawn + "\n"], more=more, of_page=page), "a")

    assert document.text == "x is £500[1] a year."


@pytest.mark.parametrize(
    ("drawn", "text"),
    [
        (line("Up to \xa3500", "[1]", " is free."), "Up to £500[1] is free."),
        (line("Reply in 20", "[2]", " days."), "Reply in 20[2] days."),
        (line("Reply in 20", "[2,3]", " days."), "Reply in 20[2][3] days."),
        (line("About 10", "[6]", " tonnes."), "About 10^6 tonnes."),
        (line("Ask first.", "[12]", " Then go."), "Ask first.[12] Then go."),
        (line("[1]", " Without tax."), "[1] Without tax."),
        (line("A room of 20 m", "[2]", " is free."), "A room of 20 m2 is free."),
        (line("In 2026 it grew by 12 to 5001."), "In 2026 it grew by 12 to 5001."),
    ],
)
def test_a_raised_figure_is_no_digit_of_the_number_before_it(drawn, text):
    assert read_document("a.pdf", drawn_pdf([drawn]), "a").text == text
