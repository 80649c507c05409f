"""What stands around a text, and what of it cannot be seen: looked at, counted, and no part of the document's text."""

import pytest

from humphrey.documents.markings import marking_around, marking_fault
from humphrey.documents.model import Document, Imprint
from humphrey.documents.readers.files import read_document
from tests.support.office_files import ODF, W, docx, paragraph, pdf, zipped

BODY = "Jane Smith is to brief the board on the ship programme."
VML = "urn:schemas-microsoft-com:vml"


def word(part: str, words: str = "SECRET") -> bytes:
    inside = {
        "textpath": f'<w:p><w:r><w:pict><v:shape xmlns:v="{VML}"><v:textpath string="{words}"/></v:shape></w:pict>'
        "</w:r></w:p>",
    }.get(part, paragraph(words))
    name = "header1" if part == "textpath" else part
    root = "hdr" if name.startswith("header") else "ftr"
    packed = {f"word__{name}_xml": f'<w:{root} xmlns:w="{W}">{inside}</w:{root}>'}
    document = f'<w:document xmlns:w="{W}"><w:body>{paragraph(BODY)}</w:body></w:document>'
    return zipped(word__document_xml=document, **packed)


def opendocument(element: str, words: str = "SECRET") -> bytes:
    spaces = " ".join(f'xmlns:{name}="{ODF}:{name}:1.0"' for name in ("office", "text", "style"))
    page = f"<style:master-page><style:{element}><text:p>{words}</text:p></style:{element}></style:master-page>"
    return zipped(
        content_xml=f"<office:document-content {spaces}><office:body><office:text><text:p>{BODY}</text:p></office:text>"
        "</office:body></office:document-content>",
        styles_xml=f"<office:document-styles {spaces}><office:master-styles>{page}</office:master-styles>"
        "</office:document-styles>",
    )


def page(around: str = "", inside: str = "") -> bytes:
    return f"<html><body>{around}<main><h1>Ships</h1><p>{BODY}</p>{inside}</main></body></html>".encode()


FILES = [
    ("a.docx", word("header1")),
    ("a.docx", word("header2", "SECRET\tPage 1 of 3")),
    ("a.docx", word("footer3", "Page 1 | Ship programme | SECRET")),
    ("a.docx", word("textpath")),
    ("a.odt", opendocument("header")),
    ("a.odt", opendocument("footer-left")),
    ("a.odt", opendocument("header-first", "Ship programme – SECRET")),
    ("a.html", page("<header><p>SECRET</p></header>")),
    ("a.html", page("<footer><div>SECRET - UK EYES ONLY</div></footer>")),
    ("a.html", page("<div><p>Top secret</p></div>")),
    ("a.html", page(inside="<header><p>Ship programme | SECRET</p></header>")),
    ("a.html", page(inside="<footer><p>SECRET</p></footer>")),
    ("a.html", page("<footer>Ships</footer>", "<nav><ul><li>SECRET</li></ul></nav>")),
    ("a.html", page(inside='<div role="navigation">SECRET</div>')),
    ("a.html", f'<html><body><p>{BODY}</p><div class="cookie-banner">SECRET</div></body></html>'.encode()),
    ("a.html", f"<html><body><header>SECRET</header><p>{BODY}</p></body></html>".encode()),
    ("a.pdf", pdf([[(11, 800, "SECRET"), (11, 600, f"{BODY} Page {n}"), (11, 40, "SECRET")] for n in range(5)])),
    ("a.eml", f"From: a@b.example\nSubject: Ships [SECRET]\n\n{BODY}\n".encode()),
    ("a.md", f"---\ntitle: Ships (SECRET)\n---\n{BODY}\n".encode()),
    ("ships - SECRET.txt", BODY.encode()),
    ("SECRET_ships.txt", BODY.encode()),
]


@pytest.mark.parametrize(("name", "content"), FILES)
def test_a_marking_is_seen_wherever_a_person_sees_it(name, content):
    document = read_document(name, content, "a")

    assert marking_around(document, name) == "above"
    assert "bears a marking above OFFICIAL" in marking_fault(document, name, "OFFICIAL-SENSITIVE")
    assert BODY in document.text


@pytest.mark.parametrize(
    "words",
    [
        "Official Secrets Act 1989",
        "SECRET BALLOT RULES",
        "The secret of good letters",
        "OFFICIAL",
        "Protect your device",
        "Restricted stock units",
        "Confidentiality and you",
        "RESTRICTED access land",
    ],
)
def test_a_header_or_title_that_only_has_the_word_bears_no_marking(words):
    assert marking_around(read_document("a.docx", word("header1", words), "a"), f"{words}.docx") == ""


def test_official_sensitive_is_refused_only_where_it_may_not_be_held():
    document = read_document("a.docx", word("footer1", "OFFICIAL-SENSITIVE"), "a")

    assert "HUMPHREY_HIGHEST_MARKING" in marking_fault(document, "a.docx", "OFFICIAL")
    assert marking_fault(document, "a.docx", "OFFICIAL-SENSITIVE") == ""


def test_guidance_about_markings_has_headings_that_are_called_so():
    rules = (
        b"# Classifications\n\nThere are three.\n\n## SECRET\n\nHandle it with care.\n\n## TOP SECRET\n\nWith more.\n"
    )

    contents = page(inside='<nav><a href="#secret">SECRET</a></nav><h2 id="secret">SECRET</h2><p>Handle it well.</p>')

    assert marking_fault(read_document("rules.md", rules, "a"), "rules.md", "OFFICIAL") == ""
    assert marking_fault(read_document("rules.html", contents, "a"), "rules.html", "OFFICIAL") == ""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "The re\u00adsponse is pay\u200bable\u2060.\n".encode()),
        ("a.md", "---\ntitle: Plan\n---\nThe re\u00adsponse is pay\u034fable\u3164.\n".encode()),
        ("a.html", "<title>Plan</title><main><p>The re&shy;sponse is pay&#8203;able\u2800.</p></main>".encode()),
        ("a.docx", docx(paragraph("The re\u00adsponse is pay\u200bable\u202c."))),
    ],
)
def test_what_cannot_be_seen_is_left_out_and_counted(name, content):
    document = read_document(name, content, "a")

    assert document.text.strip() == "The response is payable."
    assert document.left_out == 3


def test_a_title_that_is_read_twice_is_counted_once():
    document = read_document("a.html", "<main><h1>A\u200b plan</h1><p>Words.</p></main>".encode(), "a")

    assert (document.imprint.title, document.left_out) == ("A plan", 1)


def test_what_is_around_a_text_is_no_part_of_what_is_stored():
    stored = Document("a", Imprint("A", ""), BODY)

    assert stored == Document("a", Imprint("A", ""), BODY, margins="SECRET", left_out=3)
