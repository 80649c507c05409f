"""A line end that only wraps a sentence is no line end of the text; lists, addresses and quoted lines stay lines."""

import pytest

from humphrey.documents.readers.markup import from_html
from humphrey.documents.readers.plain_text import from_text

WRAPPED = [
    "The board will not\npay for it.",
    "The gate is shut to everyone\nwho has no pass, which is\nshown at the desk.",
    "Claims are paid unless\nThe Board decides otherwise",
    "It closes on 31 March\n2027 for good.",
    "It is a pre-\nelection rule.",
]


@pytest.mark.parametrize("text", WRAPPED)
def test_a_wrapped_sentence_is_one_line(text):
    whole = text.replace("-\n", "-").replace("\n", " ")

    assert from_text(text).text == whole
    assert from_html(f"<main><p>{text.replace(chr(10), '<br>')}</p></main>", "T").text == whole
    assert from_html(f"<main><pre>{text}</pre></main>", "T").text == whole


LINES = [
    "HM Ships\n2 Dock Street\nHull",
    "tea\ncoffee\nwater",
    "Kind regards,\nAnn Smith\nann@example.gov.uk\nwww.example.gov.uk",
    "> The board will not\n> pay for it.",
    "You need\n- a form,\n- a stamp.",
    "Steps are these\n1. write\n2. wait.",
    "Name: Jo\ngrade: HEO",
    "Open on:\nmonday, and friday.",
    "| a | b |\n| c | d |",
    "What it is\nHow to apply",
    "The first ends here.\nthe second begins small.",
]


@pytest.mark.parametrize("text", LINES)
def test_lines_stay_lines(text):
    assert from_text(text).text == text
    assert from_html(f"<main><p>{text.replace('>', '&gt;').replace(chr(10), '<br>')}</p></main>", "T").text == text


def test_a_line_is_full_if_the_next_word_had_no_room_in_the_width_of_the_text():
    text = (
        "Every claim for travel by train is sent to the finance team of\nHull before the end of the month in which "
        "it was made, and the\nteam pays it with the next salary. A claim that is late waits\nfor the one after."
    )

    assert "\n" not in from_text(text).text


def test_a_list_of_long_names_has_no_full_lines():
    names = (
        "Department for Environment, Food and Rural Affairs (DEFRA)\n"
        "Department for Levelling Up and Housing and Communities\n"
        "Department for Business, Energy and Industrial Strategy"
    )

    assert from_text(names).text == names


def test_what_is_indented_below_an_item_belongs_to_it():
    assert from_text("- a form that\n  you signed\n- a stamp").text == "- a form that you signed\n- a stamp"


def test_columns_that_are_set_with_blanks_stay_rows():
    assert from_text("Grade   Days\nof rank   each year.").text == "Grade Days\nof rank each year."


def test_two_breaks_part_paragraphs():
    assert from_html("<main><p>One.<br><br>Two.</p></main>", "T").text == "One.\n\nTwo."


def test_ten_thousand_short_lines_are_read_at_once():
    assert from_text("a b\n" * 10_000).text.count("\n") == 9_999
