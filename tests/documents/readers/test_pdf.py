import time

import pytest

from humphrey.documents.model import Document
from humphrey.documents.readers.base import RawFile
from humphrey.documents.readers.pdf.document import read_pdf
from humphrey.errors import DocumentError
from tests.support.office_files import Placed, pdf

BODY = "The department gives every official twenty-five days of annual leave in each leave year"


def read(*pages: list[Placed], picture: tuple[int, ...] = ()) -> Document:
    return read_pdf(RawFile("leave", "annual-leave", pdf(pages, picture=picture)))


def test_lines_become_paragraphs_and_larger_or_bold_lines_headings():
    document = read(
        [
            (24, 780, "Leave policy"),
            (11, 740, BODY),
            (11, 727, "and five more after ten years."),
            (11, 700, "Everyone asks first."),
            (16, 670, "Carrying over"),
            (11, 650, BODY + "."),
            (-11, 620, "How to ask"),
            (11, 600, "Write to your manager."),
        ]
    )

    assert document.imprint.title == "Leave policy"
    assert document.text == (
        f"{BODY} and five more after ten years.\n\nEveryone asks first.\n\nCarrying over\n\n{BODY}.\n\n"
        "How to ask\n\nWrite to your manager."
    )
    assert [(heading.level, heading.title) for heading in document.headings] == [
        (2, "Carrying over"),
        (3, "How to ask"),
    ]


def test_what_stands_on_every_page_and_page_numbers_are_dropped():
    document = read(
        *[[(9, 810, "Leave policy 2026"), (11, 700 - n, f"Rule {word}."), (9, 30, f"Page {n + 1} of 4")]
          for n, word in enumerate(["one", "two", "three", "four"])]
    )  # fmt: skip

    assert document.text == "Rule one.\n\nRule two.\n\nRule three.\n\nRule four."


def test_a_paragraph_goes_on_over_the_page():
    document = read([(11, 100, BODY)], [(11, 780, "and five more after ten years.")])

    assert document.text == f"{BODY} and five more after ten years."


def test_bullets_become_items():
    document = read(
        [(11, 700, "You need:"), (11, 687, "\u2022 a form that is"), (11, 674, "signed"), (11, 661, "\u2022 a stamp")]
    )

    assert document.text == "You need:\n\n- a form that is signed\n- a stamp"


def test_a_word_that_was_cut_is_mended_and_a_hyphen_of_its_own_stays():
    document = read(
        [
            (11, 700, "Every department has a head of profession, and the depart-"),
            (11, 687, "ment writes to the Par-"),
            (11, 674, "liament on the long-"),
            (11, 661, "term plan. The plan is long and each term counts, over-"),
            (11, 648, "seas too: overseas, over the seas."),
        ]
    )

    assert document.text == (
        "Every department has a head of profession, and the department writes to the Parliament on the long-term plan. "
        "The plan is long and each term counts, overseas too: overseas, over the seas."
    )


def test_the_table_of_contents_is_left_out():
    document = read([(11, 700, "Contents"), (11, 687, "Leave ........ 3"), (11, 674, "Pay 4"), (11, 600, "Ask first.")])

    assert document.text == "Ask first."


def test_a_scan_is_refused_with_the_way_out():
    with pytest.raises(DocumentError, match=r"is a scan: 2 pages of pictures, no text .* run text recognition \(OCR\)"):
        read([], [], picture=(0, 1))


def test_a_page_without_text_in_a_document_with_text_is_named():
    document = read([(11, 700, "Ask first.")], [], picture=(1,))

    assert document.text == "Ask first.\n\n[Page 2 is a picture without text.]"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (pdf([[(11, 700, "x")]], encrypt=True), "is locked with a password; save it without one"),
        (b"%PDF-1.4 and nothing more", "is not a PDF, or is broken"),
        (pdf([[(11, 700, "x")]])[:200], "is not a PDF, or is broken"),
        (pdf([[]]), "has pages without any text, no text that can be read"),
    ],
)
def test_a_pdf_that_cannot_be_read_is_refused_with_its_reason(content, reason):
    with pytest.raises(DocumentError, match=reason):
        read_pdf(RawFile("x", "x", content))


def test_three_hundred_pages_are_read_whole_in_seconds():
    pages = [
        [(16, 780, f"Rule {n}"), *((11, 750 - 13 * k, f"{BODY} line {n} {k}") for k in range(40))] for n in range(300)
    ]
    content = pdf(pages)
    began = time.monotonic()

    document = read_pdf(RawFile("x", "x", content))

    assert time.monotonic() - began < 20
    assert document.imprint.title == "Rule 0"
    assert len(document.headings) == 299
    assert all(f"line {n} 39" in document.text for n in range(300))
