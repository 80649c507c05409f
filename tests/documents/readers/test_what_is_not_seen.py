"""What a reader of a page does not see, or sees struck out, is no part of its text, and is listed."""

import pytest

from humphrey.documents.left_out import left_out_notes
from humphrey.documents.model import Document, Imprint, Omission
from humphrey.documents.readers.files import read_document

HIDDEN = [
    '<p style="DISPLAY:NONE">Unseen.</p>',
    '<p style="display : none">Unseen.</p>',
    '<p style="display/**/:none !important;display:block">Unseen.</p>',
    '<p style="visibility:hidden">Unseen.</p>',
    '<p style="opacity:0.0">Unseen.</p>',
    '<p style="font-size:0px">Unseen.</p>',
    '<p style="font-size:1px">Unseen.</p>',
    '<p style="color:transparent">Unseen.</p>',
    '<p style="color:rgba(0,0,0,0)">Unseen.</p>',
    '<p style="color:#FFF">Unseen.</p>',
    '<font color="white">Unseen.</font>',
    '<p style="position:absolute;left:-9999px">Unseen.</p>',
    '<p style="text-indent:-999em">Unseen.</p>',
    '<div style="max-height:0;overflow:hidden"><p>Unseen.</p></div>',
    "<style>.x{display:none}</style><p class=x>Unseen.</p>",
    "<style>@media screen{p.x>b{visibility:hidden}}</style><p class=x><b>Unseen.</b></p>",
    "<dialog>Unseen.</dialog>",
    "<p hidden>Unseen.</p>",
    '<p aria-hidden="true">Unseen.</p>',
]


def read(body: str) -> Document:
    page = f"<!doctype html><html><body><main><h1>Fund</h1><p>It closes in June.</p>{body}</main></body></html>"
    return read_document("fund.html", page.encode(), "fund")


@pytest.mark.parametrize("body", HIDDEN)
def test_hidden_words_are_left_out_and_listed(body):
    document = read(body)

    assert document.text == "It closes in June."
    assert document.omissions == (Omission("hidden", "Unseen."),)


SHOWN = [
    '<div hidden="until-found">Seen.</div>',
    "<dialog open>Seen.</dialog>",
    "<details><summary>Seen.</summary></details>",
    '<div style="font-size:0"><p style="font-size:16px">Seen.</p></div>',
    '<div style="visibility:hidden"><p style="visibility:visible">Seen.</p></div>',
    "<style>.x{display:none}.x.y{display:block}</style><p class='x y'>Seen.</p>",
    "<style>@media print{p{display:none}}p:hover{display:none}p::after{display:none}</style><p>Seen.</p>",
    '<div style="background:#000"><p style="color:#fff">Seen.</p></div>',
    '<p style="height:0">Seen.</p>',
    "<style>}}broken{ {</style><p>Seen.</p>",
]


@pytest.mark.parametrize("body", SHOWN)
def test_words_that_are_shown_are_read(body):
    document = read(body)

    assert document.text == "It closes in June.\n\nSeen."
    assert document.omissions == ()


STRUCK = [
    "<del>Out.</del>",
    "<s>Out.</s>",
    "<strike>Out.</strike>",
    '<p style="text-decoration: line-through red">Out.</p>',
    "<style>.x{text-decoration-line:line-through}</style><p class=x>Out.</p>",
    "O\u0336u\u0336t\u0336.\u0336",
]


@pytest.mark.parametrize("body", STRUCK)
def test_struck_words_are_left_out_and_listed(body):
    document = read(body)

    assert document.text == "It closes in June."
    assert document.omissions == (Omission("struck", "Out."),)


def test_a_hidden_title_is_no_title():
    page = b'<html><body><main><h1 style="display:none">Other</h1><h1>Fund</h1><p>It closes.</p></main></body></html>'

    assert read_document("fund.html", page, "fund").imprint.title == "Fund"


def test_a_part_inside_a_hidden_part_is_listed_once():
    document = read('<div hidden><p style="display:none">One.</p><del>Two.</del></div>')

    assert document.omissions == (Omission("hidden", "One. Two."),)


def test_pictures_and_embedded_pages_are_listed_and_ornaments_are_not():
    document = read('<img src="a" alt="Map of Hull"><img src="b" alt=""><iframe title="Form"></iframe>')

    assert document.omissions == (Omission("picture", "Map of Hull"), Omission("embedded", "Form"))


def test_what_was_left_out_is_said_in_words():
    parts = (*(Omission("hidden", f"Part {n}") for n in range(4)), Omission("picture"), Omission("contents", "Pay 3"))
    document = Document("a", Imprint("A", ""), "Words.", left_out=1, omissions=(*parts, Omission("struck", "£3 " * 60)))

    assert list(left_out_notes(document)) == [
        "1 invisible character was left out",
        "the table of contents was left out",
        "4 hidden parts were left out: “Part 0”, “Part 1”, “Part 2” and others",
        f"1 struck-out part was left out: “{('£3 ' * 60)[:59].rstrip()}…”",
        "1 picture was left out",
    ]


def test_a_page_of_a_million_hidden_parts_lists_a_thousand():
    assert len(read("<p hidden>x</p>" * 3_000).omissions) == 1_000
