"""Exported files: the words in them are the approved words, read back from the bytes by other means than wrote them."""

import ctypes
import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import pypdfium2
import pytest
from docx import Document as WordDocument
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from odfdo import Document as OpenDocument
from selectolax.lexbor import LexborHTMLParser

from humphrey.clearance.gate import Release
from humphrey.delivery.export.blocks import (
    HeadingBlock,
    ListBlock,
    ListItem,
    ParagraphBlock,
    TableBlock,
    as_drawn,
    blocks,
    normal_form,
)
from humphrey.delivery.export.exporter import Exporter
from humphrey.delivery.export.readback import READ_BACK
from humphrey.digests import sha256
from humphrey.documents.readers.files import read_document
from humphrey.documents.readers.pdf.document import drawn_text, pages_of
from humphrey.errors import Undeliverable
from humphrey.papers.draft import Citation

FORMS = ("odt", "docx", "pdf", "html", "md")


EXPORT = Exporter({"answer": "Answer to a question"})


CITED = (
    Citation("1", "foi", "v1", "FOI", "https://www.gov.uk/foi?a=1&b=2", ("Time", "Counting"), "20 days", 0, 7),
    Citation("2", "note", "v1", "A note <of> ours", "javascript:alert(1)", (), "a “quoted” & marked\nthing", 0, 9),
)  # fmt: skip


TEXT = (
    """# What we hold

Dear Ms O’Neill,
Thank you for your request [1]. We must answer within twenty working days [2]; [3] leads nowhere.

- first, with a line that goes on and on until it has to be broken somewhere, because there is no more room on the page
- second <script>alert(1)</script> & #eval("x") $x^2$ *stars* _under_ `code` @ref \\ #let

## How long

7. Appeals
8) Something else

> As the Act says:
> twenty working days

| Year | Requests | Cost |
|------|---------:|------|
| 2024 | 1,200 | £3 |
| 2025 | 900 [1] | £2 | extra |

A last paragraph with  two blanks, a	tab, “quotes”, an ellipsis…, ﬁne, Ωμέγα, Жук, ½ and a very long word: """
    + "abcdefghij" * 40
)


def release(text: str = TEXT, cited: tuple[Citation, ...] = CITED, marking: str = "OFFICIAL-SENSITIVE") -> Release:
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    return Release("r1", "answer", text, cited, marking, "file", "amina", "sha256:" + "ab" * 32, "grace", at)


@pytest.mark.parametrize("form", FORMS)
def test_the_text_read_back_from_the_file_is_the_approved_text(form):
    made = EXPORT(release(), form)

    found = as_drawn(normal_form(TEXT)) if form == "pdf" else normal_form(TEXT)
    assert EXPORT.check(made, release(), form) == sha256(found)


CHANGED = {
    "another word": lambda text: text.replace("twenty", "thirty"),
    "a letter more": lambda text: text + "x",
    "a sentence less": lambda text: text.replace("[3] leads nowhere", ""),
    "a line moved": lambda text: "\n".join(reversed(text.split("\n"))),
    "a number": lambda text: text.replace("7. Appeals", "9. Appeals"),
    "a cell": lambda text: text.replace("1,200", "1,300"),
    "a heading": lambda text: text.replace("What we hold", "What we hide"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_a_file_that_shows_anything_else_is_not_handed_over(form, change):
    made = EXPORT(release(change(TEXT)), form)

    with pytest.raises(Undeliverable, match="r1"):
        EXPORT.check(made, release(), form)


@pytest.mark.parametrize("form", FORMS)
def test_a_file_of_another_source_or_question_is_not_handed_over(form):
    asked = replace(release(), kind="answer", question="How long do we have?")
    for other in (replace(asked, citations=CITED[:1]), replace(asked, question="How long do they have?")):
        with pytest.raises(Undeliverable):
            EXPORT.check(EXPORT(other, form), asked, form)


@pytest.mark.parametrize("form", FORMS)
def test_a_reader_sees_the_question_and_neither_the_digest_nor_who_cleared_it(form):
    asked = replace(release(), kind="answer", question="How long do <i>we</i>\nhave?")
    made = EXPORT(asked, form)
    shown = made.decode() if form == "md" else READ_BACK[form](made, asked.marking)

    plain = "".join(shown.split()).replace("&lt;", "<")
    assert "Question:Howlongdo<i>we</i>have?" in plain
    assert asked.digest not in shown
    assert "Cleared by" not in shown


@pytest.mark.parametrize(("form", "where"), [("odt", "meta.xml"), ("docx", "docProps/core.xml"), ("html", "")])
def test_the_properties_of_a_file_say_who_cleared_it_and_its_digest(form, where):
    made = EXPORT(release(), form)
    if where:
        with zipfile.ZipFile(io.BytesIO(made)) as held:
            made = held.read(where)

    assert f"Cleared by {release().approved_by} on".encode() in made
    assert release().digest.encode() in made


SIGNS = list("#*-|>.)[]123 \n\t\\$`_@<&\"'{}=/%~^ aeiou")


ODD = [
    "\u202e",
    "\u200f",
    "\u200d",
    "\ufeff",
    "🙂",
    "👨‍👩‍👧",
    "مرحبا",
    "שלום",
    "e\u0301",
    "\u2028",
    "\xa0",
    "\x85",
    "\ufffe",
]


HOSTILE = st.lists(
    st.one_of(st.sampled_from(SIGNS), st.sampled_from(ODD), st.characters(exclude_categories=["Cs"])), max_size=200
).map("".join)


@settings(max_examples=150, deadline=None)
@given(HOSTILE)
@example("| a | b |\n|---|---|\n| - x | # y |\n| \\| | |")
@example("-  - x\n* • y\n  3. z\n> > q\n> - item\n>")
@example("|x|\n|-|\n\n|y|\n|-|")
@example('\u202eevil\u202c <script>alert(1)</script> #eval("x") ]]> &amp; \x00\x1b[1m \ufffe')
@example("[1][2] [1](https://eve.example) ![x](https://eve.example/x.png) [note-1]")
@example("w" * 5000)
def test_every_text_comes_out_of_every_form_as_it_went_in(text):
    wanted = normal_form(text)
    for form in ("odt", "docx", "html", "md"):
        permit = release(text)
        assert EXPORT.check(EXPORT(permit, form), permit, form) == sha256(wanted)


PRINT = list("“”‘’–—‐‑…•€™≥×›‹§†¼½ﬁﬂΩЖẃŵ")


LATIN = st.text(
    st.one_of(st.sampled_from(SIGNS), st.sampled_from(PRINT), st.characters(max_codepoint=0x17F)), max_size=300
)


@settings(max_examples=60, deadline=None)
@given(LATIN)
@example("A-")
@example("A well-known, long-standing, hard-to-break and never-ending list of hyphenated-words, " * 20)
@example("a\u0301 é ﬁ ffi fl ½ \xad soft")
def test_every_text_in_letters_that_there_are_comes_out_of_a_pdf(text):
    permit = release(text)

    assert EXPORT.check(EXPORT(permit, "pdf"), permit, "pdf") == sha256(as_drawn(normal_form(text)))


@pytest.mark.parametrize("words", ["🙂 well", "日本語"])
def test_a_text_that_a_pdf_cannot_show_is_not_made_into_one_and_the_other_forms_are_named(words):
    with pytest.raises(Undeliverable, match="docx, odt or html"):
        EXPORT(release(words), "pdf")


@pytest.mark.parametrize("form", FORMS)
def test_a_hundred_pages_come_out_whole(form):
    text = "\n\n".join(f"## Part {n}\n\nParagraph {n}: " + "words and more words, " * 60 for n in range(200))
    permit = release(text)

    made = EXPORT(permit, form)

    assert EXPORT.check(made, permit, form)
    if form == "pdf":
        assert pages_of(made) >= 60


def _table(rows: int, words: str = "some words that need two lines in a cell", head: str = "What it says") -> str:
    lines = "\n".join(f"| {n} | {words}, {n} times | £{n},000 |" for n in range(rows))
    return f"| Row | {head} | Amount |\n|---|---|---:|\n{lines}"


@pytest.mark.parametrize("form", FORMS)
def test_a_table_of_several_pages_comes_out_whole_and_its_head_counts_once(form):
    text = f"Before it.\n\n{_table(90)}\n\nBetween them.\n\n{_table(60, 'more', 'Why')}\n\nAfter it."
    permit = release(text)

    made = EXPORT(permit, form)

    found = EXPORT.check(made, permit, form)
    assert found == sha256(as_drawn(normal_form(text)) if form == "pdf" else normal_form(text))
    if form == "pdf":
        assert sum("What it says" in page for page in drawn_text(made)) > 2


def test_a_table_whose_rows_say_what_its_head_says_comes_out_whole():
    permit = release("\n".join(["| A | B |", "|---|---|", *["| A | B |"] * 120]))

    assert EXPORT.check(EXPORT(permit, "pdf"), permit, "pdf")


def test_a_pdf_of_another_table_is_not_handed_over():
    made = EXPORT(release(_table(90, head="What it says")), "pdf")

    with pytest.raises(Undeliverable, match="does not show the words that were approved"):
        EXPORT.check(made, release(_table(90, head="What it says not")), "pdf")


def test_the_marking_stands_at_the_top_and_the_bottom_of_every_page():
    made = EXPORT(release("\n\n".join(f"Paragraph {n}." * 20 for n in range(60))), "pdf")

    pages = drawn_text(made)
    assert len(pages) > 2
    for n, page in enumerate(pages, start=1):
        lines = page.split()
        assert (lines[0], lines[-4], lines[-3:]) == (
            "OFFICIAL-SENSITIVE",
            "OFFICIAL-SENSITIVE",
            [str(n), "of", str(len(pages))],
        )
    with pytest.raises(Undeliverable, match="does not bear its marking"):
        EXPORT.check(made, replace(release(), marking="OFFICIAL"), "pdf")


@pytest.mark.parametrize("form", ["odt", "docx", "html", "pdf"])
def test_a_file_with_another_marking_is_not_handed_over(form):
    with pytest.raises(Undeliverable, match="does not bear its marking"):
        EXPORT.check(EXPORT(release(marking="OFFICIAL"), form), release(), form)


def test_a_pdf_says_its_title_its_language_and_that_it_is_accessible():
    made = EXPORT(release(), "pdf")

    pdf = pypdfium2.PdfDocument(made)
    assert pdf.get_metadata_value("Title") == "Answer to a question"
    assert pdf.get_version() >= 17
    pdf.close()
    assert b"pdfuaid:part" in made
    assert re.search(rb"/Lang ?\(en-GB\)", made)
    assert made == EXPORT(release(), "pdf")


def test_a_word_file_has_words_own_headings_lists_and_tables():
    made = WordDocument(io.BytesIO(EXPORT(release(), "docx")))

    styles = [(p.style.name, p.text) for p in made.paragraphs]
    assert styles[:2] == [("Title", "Answer to a question"), ("Heading 1", "What we hold")]
    assert [text[:5] for name, text in styles if name == "List Bullet"] == ["first", "secon"]
    assert ("Heading 2", "How long") in styles
    assert [text for name, text in styles if name == "List Paragraph"] == ["7. Appeals", "8) Something else"]
    assert [cell.text for cell in made.tables[0].rows[0].cells] == ["Year", "Requests", "Cost", ""]
    assert made.tables[0].rows[0]._tr.trPr.find("{*}tblHeader") is not None
    assert made.core_properties.title == "Answer to a question"
    assert (
        made.styles.element.find(".//{*}lang").get("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}val")
        == "en-GB"
    )
    section = made.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert section.header.paragraphs[0].text == section.footer.paragraphs[0].text == "OFFICIAL-SENSITIVE"


def test_an_opendocument_text_has_its_own_headings_lists_and_tables():
    content = EXPORT(release(), "odt")
    made = OpenDocument(io.BytesIO(content))

    assert [(int(h.level), h.text_recursive) for h in made.body.headers] == [
        (1, "Answer to a question"), (2, "What we hold"), (3, "How long"), (2, "Sources"),
    ]  # fmt: skip
    assert len(made.body.lists) == 2
    assert len(made.body.tables) == 1
    assert made.meta.title == "Answer to a question"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist()[0] == "mimetype"
        assert archive.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        styles = archive.read("styles.xml").decode()
    assert 'fo:language="en"' in styles
    assert 'fo:country="GB"' in styles
    assert 'language="fr"' not in styles
    tree = ElementTree.fromstring(styles)  # noqa: S314 - our own file, made a moment ago
    for part in ("header", "footer"):
        found = tree.find(f".//{{urn:oasis:names:tc:opendocument:xmlns:style:1.0}}{part}")
        assert "".join(found.itertext()).startswith("OFFICIAL-SENSITIVE")


@pytest.mark.parametrize("form", ["odt", "docx", "html", "pdf"])
def test_our_own_readers_take_the_file_in_again(form):
    held = read_document(f"paper.{form}", EXPORT(release(), form), "paper")

    words = " ".join(held.text.split())
    assert "We must answer within twenty working days [2]" in words
    assert "first, with a line that goes on and on" in words
    assert [heading.title for heading in held.headings if "How long" in heading.title]


def test_a_page_runs_nothing_fetches_nothing_and_leads_only_to_sources():
    tree = LexborHTMLParser(EXPORT(release(), "html").decode())

    assert tree.css("script, img, iframe, object, link, form, [onclick], [src]") == []
    assert tree.css_first("html").attributes["lang"] == "en-GB"
    assert [node.text() for node in tree.css("h1")] == ["Answer to a question"]
    targets = [node.attributes["href"] for node in tree.css("a")]
    assert targets == ["#note-1", "#note-2", "#note-1", "https://www.gov.uk/foi?a=1&b=2"]
    assert all(tree.css_first(target) is not None for target in targets if target.startswith("#"))


def test_markdown_begins_with_the_approved_text_and_only_its_tags_and_pictures_are_made_inert():
    assert EXPORT(release(), "md").decode().startswith(TEXT.replace("<script>", "&lt;script>").replace("</", "&lt;/"))


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "<img src=https://eve.example/x.png>",
        "\\<img src=x>",
        "\\\\<img src=x>",
        "a <!-- comment --> b",
        "<?php ?> <!DOCTYPE x>",
        "![x](https://eve.example/x.png)",
        "\\![x](https://eve.example/x.png)",
        "![x][1]\n\n[1]: https://eve.example/x.png",
        "<https://eve.example>",
    ],
)
def test_markdown_with_tags_or_pictures_makes_no_element_of_them(words):
    cited = replace(CITED[0], title=words, quote=words, section=(words,))

    made = MarkdownIt("commonmark", {"html": True}).render(EXPORT(release(words, (cited,)), "md").decode())

    assert re.findall(r"<(?!/?(?:p|h2|br|a|em|strong|code|ul|li)\b)[^>]*>", made) == []
    assert "5 < 6 and a&b!" in EXPORT(release("5 < 6 and a&b!"), "md").decode()


def test_the_blocks_of_a_text_are_what_its_lines_look_like():
    assert blocks("# A\nb\nc\n\n- d\n* e\n3. f\n> g\n| h | i |\n|---|---|\n| j |\n#5 is k\nl") == (
        HeadingBlock(1, "A"),
        ParagraphBlock(("b", "c")),
        ListBlock((ListItem("d"), ListItem("e"), ListItem("3. f", "3."))),
        ParagraphBlock(("g",), quoted=True),
        TableBlock(("h", "i"), (("j", ""),)),
        ParagraphBlock(("#5 is k", "l")),
    )
    assert normal_form("  # a  b \r\n\r\n-  c\u200b\n|x|\n|-|\n|y|") == "# a b\nc\nx\ny"


NESTED = """1. Pay the fee
   1. by card
   2. by post
2. Send the form
   - in ink
       - in blue

- a point
1. a number at once"""


def test_what_is_indented_further_belongs_to_the_item_above():
    ink = ListItem("in ink", "", (ListItem("in blue"),))
    fee = ListItem("1. Pay the fee", "1.", (ListItem("1. by card", "1."), ListItem("2. by post", "2.")))
    expected = ListBlock((fee, ListItem("2. Send the form", "2.", (ink,))))

    assert blocks(NESTED) == (expected, ListBlock((ListItem("a point"), ListItem("1. a number at once", "1."))))
    assert blocks("  - a\n- b\n\t- c") == (ListBlock((ListItem("a"), ListItem("b", "", (ListItem("c"),)))),)


def test_a_list_of_twenty_levels_is_exported_with_nine():
    text = "\n".join(f"{'  ' * n}- item {n}" for n in range(20))

    assert all(EXPORT(release(text), form) for form in FORMS)


@pytest.mark.parametrize("form", ["odt", "html"])
def test_the_levels_of_a_list_are_in_the_file(form):
    text = read_document(f"a.{form}", EXPORT(release(NESTED), form), "a").text

    assert "- 1. Pay the fee\n  - 1. by card\n  - 2. by post\n- 2. Send the form\n  - in ink\n    - in blue\n" in text


def test_the_levels_of_a_list_are_in_a_word_file():
    made = WordDocument(io.BytesIO(EXPORT(release(NESTED), "docx")))

    levels = [
        (p.text, p._p.pPr.numPr.ilvl.val)
        for p in made.paragraphs
        if p._p.pPr is not None and p._p.pPr.numPr is not None
    ]
    assert levels == [
        ("1. Pay the fee", 0),
        ("1. by card", 1),
        ("2. by post", 1),
        ("2. Send the form", 0),
        ("in ink", 1),
        ("in blue", 2),
        ("a point", 0),
        ("1. a number at once", 0),
    ]


def test_the_levels_and_numbers_of_a_list_are_in_the_structure_of_a_pdf():
    pdf = pypdfium2.PdfDocument(EXPORT(release(NESTED), "pdf"))
    tree = pypdfium2.raw.FPDF_StructTree_GetForPage(pdf[0])

    paths = set(tags(pypdfium2.raw.FPDF_StructTree_GetChildAtIndex(tree, 0)))

    pypdfium2.raw.FPDF_StructTree_Close(tree)
    pdf.close()
    assert ("L", "LI", "Lbl") in {path[-3:] for path in paths}
    # A list inside another one, as PDF 1.7 nests them.
    assert ("L", "L", "L", "LI", "LBody") in {path[-5:] for path in paths}


def tags(element, above=()):
    """The path of tags of an element and of everything below it."""
    size = pypdfium2.raw.FPDF_StructElement_GetType(element, None, 0)
    held = ctypes.create_string_buffer(size)
    pypdfium2.raw.FPDF_StructElement_GetType(element, held, size)
    path = (*above, held.raw.decode("utf-16-le").rstrip("\0"))
    yield path
    for n in range(max(0, pypdfium2.raw.FPDF_StructElement_CountChildren(element))):
        if child := pypdfium2.raw.FPDF_StructElement_GetChildAtIndex(element, n):
            yield from tags(child, path)


def test_headings_of_an_opendocument_file_have_no_numbers_that_nobody_approved():
    content = EXPORT(release("# One\n\nText.\n\n## Two\n\nText."), "odt")

    styles = zipfile.ZipFile(io.BytesIO(content)).read("styles.xml").decode()
    assert set(re.findall(r"<text:outline-level-style[^>]*style:num-format=\"([^\"]*)\"", styles)) == {""}
    assert [heading.title for heading in read_document("a.odt", content, "a").headings][:2] == ["One", "Two"]
