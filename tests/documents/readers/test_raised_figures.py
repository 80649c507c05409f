"""Raised figures stay apart from the number before them, and the mark of a note is told from a power."""

import pytest

from humphrey.documents.readers.markup import from_html
from humphrey.documents.readers.plain_text import from_text
from tests.documents.readers.test_opendocument import read as read_odt
from tests.documents.readers.test_word import read as read_docx
from tests.support.office_files import paragraph, run

SEEN = [
    ("£500", "1", "£500[1]"),
    ("1,200", "12", "1,200[12]"),
    ("3.5%", "2", "3.5%[2]"),
    ("in 2027", "3", "in 2027[3]"),
    ("a policy", "4", "a policy[4]"),
    ("10", "6", "10^6"),
    ("2", "10", "2^10"),
    ("10", "-3", "10^-3"),
    ("200 m", "2", "200 m2"),
    ("the 20", "th", "the 20th"),
    ("up to £9", "1,2", "up to £9[1][2]"),
]


@pytest.mark.parametrize(("before", "raised", "seen"), SEEN)
def test_a_raised_figure_is_told_in_every_format(before, raised, seen):
    raises = '<style:text-properties style:text-position="super 58%"/>'
    style = f'<style:style style:name="S" style:family="text">{raises}</style:style>'
    body = f'<text:p>So {before}<text:span text:style-name="S">{raised}</text:span> it is.</text:p>'
    superscript = '<w:vertAlign w:val="superscript"/>'

    assert from_html(f"<main><p>So {before}<sup>{raised}</sup> it is.</p></main>", "T").text == f"So {seen} it is."
    assert read_odt(body, style).text == f"So {seen} it is."
    document = read_docx(paragraph(run(f"So {before}") + run(raised, superscript) + run(" it is.")), paragraph("More."))
    assert document.text == f"So {seen} it is.\n\nMore."


def test_small_figures_of_unicode_are_told_too():
    assert from_text("It is £500¹ or 10⁶, on 3 m², for 1 ½ and 2¹⁄₂ years.").text == (
        "It is £500[1] or 10^6, on 3 m², for 1 ½ and 2 1⁄₂ years."
    )


def test_a_fraction_and_an_index_stay_apart_from_a_number():
    plain = from_html(
        "<main><p>1<sup>1</sup>&frasl;<sub>2</sub> years, CO<sub>2</sub>, 10<sub>2</sub>.</p></main>", "T"
    )

    assert plain.text == "1 1⁄2 years, CO2, 10_2."


@pytest.mark.parametrize(
    "mark",
    [
        '<a href="#fn:2">7</a>',
        '<sup><a href="#note">7</a></sup>',
        '<a href="#n7"><sup>7</sup></a>',
        '<a href="#fn:2">[7]</a>',
    ],
)
def test_a_link_to_a_note_is_its_mark(mark):
    assert from_html(f"<main><p>It is £10{mark} a day.</p></main>", "T").text == "It is £10[7] a day."


@pytest.mark.parametrize("style", ["vertical-align: super", "vertical-align:0.4em"])
def test_a_style_raises_too(style):
    assert from_html(f'<main><p>£10<span style="{style}">7</span> a day.</p></main>', "T").text == "£10[7] a day."


def test_a_raised_figure_at_the_beginning_is_the_mark_of_the_note_itself():
    assert from_html("<main><p><sup>1</sup>Without tax.</p></main>", "T").text == "[1] Without tax."
