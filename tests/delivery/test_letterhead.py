"""The department's letterhead: its styles, logo and address stand on what leaves, and nothing that runs or fetches."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document as new_word_document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, RGBColor
from odfdo import Document as OpenDocument
from odfdo import Element
from PIL import Image

from humphrey.app.delivery import build_exporter
from humphrey.delivery.export.blocks import normal_form
from humphrey.delivery.export.exporter import Exporter
from humphrey.delivery.export.letterhead import read_letterhead
from humphrey.digests import sha256
from humphrey.errors import SettingsError, Undeliverable
from tests.delivery.test_paper_layout import NUMBERED, OFFICE, held_in, release

ADDRESS = ("Department for Examples", "1 Example Street", "London SW1A 1AA")


def picture() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (60, 30), "#005ea5").save(held, "PNG")
    return held.getvalue()


def word_letterhead() -> WordDocument:
    made = new_word_document()
    section = made.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].add_run().add_picture(io.BytesIO(picture()), width=Mm(30))
    section.footer.paragraphs[0].text = "www.examples.example"
    made.styles["Heading 1"].font.color.rgb = RGBColor(0, 0x5E, 0xA5)
    made.core_properties.author = made.core_properties.subject = "A person of the print room"
    for line in ADDRESS:
        made.add_paragraph(line)
    return made


def open_letterhead() -> OpenDocument:
    made = OpenDocument("text")
    made.body.clear()
    for line in ADDRESS:
        made.body.append(Element.from_tag(f"<text:p>{line}</text:p>"))
    made.set_part("Pictures/logo.png", picture())
    made.manifest.add_full_path("Pictures/logo.png", "image/png")
    frame = '<draw:frame svg:width="3cm" svg:height="1.5cm"><draw:image xlink:href="Pictures/logo.png"/></draw:frame>'
    page = made.styles.get_element("//style:master-page")
    page.append(Element.from_tag(f"<style:header><text:p>{frame}</text:p></style:header>"))
    page.append(Element.from_tag("<style:footer><text:p>www.examples.example</text:p></style:footer>"))
    made.meta.initial_creator = "A person of the print room"
    return made


def put(folder: Path, form: str, made: WordDocument | OpenDocument | None = None) -> Path:
    held = io.BytesIO()
    (made or (word_letterhead() if form == "docx" else open_letterhead())).save(held)
    (folder / f"letterhead.{form}").write_bytes(held.getvalue())
    return folder / f"letterhead.{form}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for form in OFFICE:
        put(tmp_path, form)
    return tmp_path


@pytest.mark.parametrize("form", OFFICE)
def test_a_paper_stands_below_the_letterhead_with_its_logo_and_styles_and_reads_back_as_approved(folder, form):
    permit = release(NUMBERED, marking="OFFICIAL-SENSITIVE")

    made = build_exporter({}, folder)(permit, form)

    export = Exporter({}, read_letterhead(folder))
    assert export.check(made, permit, form) == sha256(normal_form(NUMBERED))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        names = archive.namelist()
        every = "".join(archive.read(name).decode() for name in names if name.endswith(".xml"))
    assert [name for name in names if name.endswith(".png")]
    assert not [name for name in names if "thumbnail.jpeg" in name or "app.xml" in name]
    assert "print room" not in every
    body = re.sub("<[^>]*>", "", held_in(made, "word/document.xml" if form == "docx" else "content.xml"))
    assert body.index("London SW1A 1AA") < body.index("Ministerial submission") < body.index("That you agree")
    if form == "docx":
        assert new_word_document(io.BytesIO(made)).styles["Heading 1"].font.color.rgb == RGBColor(0, 0x5E, 0xA5)


def test_every_header_and_footer_of_a_letterhead_bears_the_marking_first(folder):
    made = Exporter({}, read_letterhead(folder))(release(NUMBERED), "docx")

    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        sides = [archive.read(name).decode() for name in archive.namelist() if re.match(r"word/(head|foot)er", name)]
    words = [re.sub("<[^>]*>", " ", side).split() for side in sides]
    assert len(words) == 4
    assert {side[0] for side in words} == {"OFFICIAL"}
    assert ["OFFICIAL", "Page", "of", "www.examples.example"] in words


@pytest.mark.parametrize("form", OFFICE)
def test_a_file_with_other_words_in_its_letterhead_is_not_handed_over(folder, tmp_path_factory, form):
    other = word_letterhead() if form == "docx" else open_letterhead()
    if form == "docx":
        other.paragraphs[1].text = "2 Example Street"
    else:
        other.body.append(Element.from_tag("<text:p>Pay at once.</text:p>"))
    elsewhere = tmp_path_factory.mktemp("other")
    put(elsewhere, form, other)

    made = Exporter({}, read_letterhead(elsewhere))(release(NUMBERED), form)

    with pytest.raises(Undeliverable):
        Exporter({}, read_letterhead(folder)).check(made, release(NUMBERED), form)
    with pytest.raises(Undeliverable, match="marking"):
        Exporter({}, read_letterhead(elsewhere)).check(made, replace(release(NUMBERED), marking="SECRET"), form)


def test_a_format_without_a_letterhead_is_written_on_plain_pages(tmp_path):
    put(tmp_path, "docx")
    export = Exporter({}, read_letterhead(tmp_path))

    assert "Example Street" in held_in(export(release("Words."), "docx"), "word/document.xml")
    assert "Example Street" not in held_in(export(release("Words."), "odt"), "content.xml")
    assert "Example Street" not in export(release("Words."), "html").decode()


def test_a_bare_letterhead_gets_the_styles_and_lists_that_it_lacks(tmp_path):
    bare = word_letterhead()
    for style in list(bare.styles):
        if style.name not in {"Normal", "Default Paragraph Font"}:
            style.element.getparent().remove(style.element)
    numbering = next(key for key, each in bare.part.rels.items() if each.reltype.endswith("/numbering"))
    del bare.part.rels[numbering]
    put(tmp_path, "docx", bare)

    made = Exporter({}, read_letterhead(tmp_path))(release(f"{NUMBERED}\n\n> quoted\n\n| a |\n|---|\n| b |"), "docx")

    named = {style.name for style in new_word_document(io.BytesIO(made)).styles}
    assert {"Title", "Heading 1", "Heading 2", "List Bullet", "List Paragraph", "Quote", "Table Grid"} <= named


def with_field(code: str) -> WordDocument:
    made = word_letterhead()
    half = len(code) // 2
    runs = "".join(
        f"<w:r>{each}</w:r>"
        for each in (
            '<w:fldChar w:fldCharType="begin"/>',
            f"<w:instrText>{code[:half]}</w:instrText>",
            f"<w:instrText>{code[half:]}</w:instrText>",
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    made.paragraphs[0]._p.append(parse_xml(f"<w:p {nsdecls('w')}>{runs}</w:p>")[0])
    for run in parse_xml(f"<w:p {nsdecls('w')}>{runs}</w:p>"):
        made.paragraphs[1]._p.append(run)
    return made


def word_with_link() -> WordDocument:
    made = word_letterhead()
    made.part.relate_to("https://eve.example/logo.png", "http://x/relationships/image", is_external=True)
    return made


def odt_with(xml: str) -> OpenDocument:
    made = open_letterhead()
    made.body.append(Element.from_tag(f"<text:p>{xml}</text:p>"))
    return made


BAD = {
    "a linked picture in Word": ("docx", word_with_link, "leads to https://eve.example/logo.png"),
    "a field in Word": ("docx", lambda: with_field('INCLUDETEXT "x"'), "has the field 'INCLUDETEXT"),
    "a command in Word": ("docx", lambda: with_field("ddeauto cmd"), "has the field 'ddeauto cmd'"),
    "a linked picture": (
        "odt",
        lambda: odt_with('<draw:frame><draw:image xlink:href="https://eve.example/x.png"/></draw:frame>'),
        "leads to https://eve.example/x.png",
    ),
    "a script": ("odt", lambda: odt_with('<text:script script:language="Basic">f</text:script>'), "the kind 'script'"),
    "a link": ("odt", lambda: odt_with('<text:a xlink:href="file:///etc/passwd">x</text:a>'), "file:///etc/passwd"),
}


@pytest.mark.parametrize(("form", "make", "said"), BAD.values(), ids=BAD)
def test_a_letterhead_that_would_run_or_fetch_something_is_refused_by_name(tmp_path, form, make, said):
    path = put(tmp_path, form, make())

    with pytest.raises(SettingsError, match=re.escape(said)) as refused:
        read_letterhead(tmp_path)

    assert str(path) in str(refused.value)


@pytest.mark.parametrize(("form", "name"), [("docx", "word/vbaProject.bin"), ("odt", "Basic/Standard/Module1.xml")])
def test_a_letterhead_with_macros_is_refused_by_name(tmp_path, form, name):
    path = put(tmp_path, form)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "Sub AutoOpen")

    with pytest.raises(SettingsError, match=f"{re.escape(str(path))} holds {name}, which can run"):
        read_letterhead(tmp_path)


@pytest.mark.parametrize("form", OFFICE)
@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut short"])
def test_a_letterhead_that_cannot_be_read_is_named_with_the_next_step(tmp_path, form, content):
    path = tmp_path / f"letterhead.{form}"
    path.write_bytes(content)

    with pytest.raises(SettingsError, match=rf"{re.escape(str(path))} cannot be used.*save it"):
        read_letterhead(tmp_path)


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(SettingsError, match=f"the folder {tmp_path} has no letterhead.odt"):
        read_letterhead(tmp_path)
    assert read_letterhead(None) == {}
