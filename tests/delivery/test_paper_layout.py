"""Papers as files: rank of headings, numbers, direction, pages, and nothing in them that a program would run."""

import io
import re
import shutil
import subprocess
import time
import zipfile
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pypdf
import pytest
from docx import Document as WordDocument
from selectolax.lexbor import LexborHTMLParser

from humphrey.clearance.gate import Release
from humphrey.delivery.export.blocks import HeadingBlock, as_drawn, blocks, normal_form
from humphrey.delivery.export.direction import from_right, stretches
from humphrey.delivery.export.exporter import Exporter
from humphrey.delivery.export.readback import READ_BACK
from humphrey.digests import sha256
from humphrey.documents.readers.files import read_document
from humphrey.documents.readers.pdf.document import drawn_text
from tests.papers.kind_examples import example_facts
from tests.papers.test_kinds import KINDS, PAPERS, drafted

EXPORT = Exporter({paper.kind: paper.title for paper in KINDS})


OFFICE = ("odt", "docx")


NUMBERED = """# The scheme

## Recommendation

1. That you agree to the scheme.

## Background

2. The scheme began in 2019.

- a point
  - a point within
    1. the first of two
    2. the second of two

3. It has cost £3 million.

## Next steps

4. We will write to you again."""


def release(text: str, kind: str = "ministerial_submission", marking: str = "OFFICIAL") -> Release:
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    return Release("r1", kind, text, (), marking, "file", "amina", "sha256:" + "ab" * 32, "grace", at)


def held_in(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


RANKS = "## Issue\n\na\n\n## Timing\n\nb\n\n#### By when\n\nc\n\n## Next\n\nd"


@pytest.mark.parametrize("form", ["odt", "docx", "html"])
def test_headings_of_one_rank_keep_one_rank(form):
    held = read_document(f"a.{form}", EXPORT(release(RANKS), form), "a").headings

    levels = {each.title: each.level for each in held}
    assert levels["Issue"] == levels["Timing"] == levels["Next"] == levels["By when"] - 1


def test_headings_of_one_rank_keep_one_rank_in_the_structure_of_a_pdf():
    tags = [each["/S"] for each in structure(EXPORT(release(RANKS), "pdf"))]

    assert [tag for tag in tags if re.fullmatch(r"/H\d", tag)] == ["/H1", "/H1", "/H2", "/H1"]


def test_no_sign_of_a_number_stands_before_the_headings_of_an_opendocument_file():
    styles = held_in(EXPORT(release("# One\n\nText."), "odt"), "styles.xml")

    levels = re.findall(r"<text:outline-level-style([^>]*)>", styles)
    assert len(levels) == 10
    assert all(re.search(r'num-format=""', each) for each in levels)
    assert not any(re.search(r"num-(?:prefix|suffix|list-format)|display-levels", each) for each in levels)


@pytest.mark.parametrize("form", ["odt", "docx", "pdf", "html", "md"])
def test_paragraphs_numbered_through_a_paper_keep_their_numbers(form):
    made = EXPORT(release(NUMBERED), form)

    said = made.decode() if form == "md" else READ_BACK[form](made, "OFFICIAL")
    words = as_drawn(said)
    for number, begin in enumerate(("That you agree", "The scheme began", "It has cost", "We will write"), start=1):
        assert as_drawn(f"{number}. {begin}") in words
    found = as_drawn(normal_form(NUMBERED)) if form == "pdf" else normal_form(NUMBERED)
    assert EXPORT.check(made, release(NUMBERED), form) == sha256(found)


def elements(held):
    """Every element of the structure of a PDF below one, itself included."""
    held = held.get_object()
    if isinstance(held, list):
        for each in held:
            yield from elements(each)
    elif isinstance(held, dict) and "/S" in held:
        yield held
        yield from elements(held["/K"]) if "/K" in held else ()


def structure(content: bytes):
    return elements(pypdf.PdfReader(io.BytesIO(content)).root_object["/StructTreeRoot"]["/K"])


def attribute(element, name: str):
    held = element.get("/A", [])
    return next((each[name] for each in (held if isinstance(held, list) else [held]) if name in each), None)


def test_a_pdf_has_the_structure_that_pdf_ua_asks_for():
    """Structure checks, not a validation against PDF/UA-1: no validator is among the project's tools."""
    text = f"{NUMBERED}\n\n| Option | Cost |\n|---|---|\n| One | £1 |\n| Two | £2 |\n\n### A part\n\nThe end."

    made = EXPORT(release(text), "pdf")
    root = pypdf.PdfReader(io.BytesIO(made)).root_object

    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en-GB", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 - a value of the library's own
    held = list(structure(made))
    tags = [each["/S"] for each in held]
    headings = [int(tag[2:]) for tag in tags if re.fullmatch(r"/H\d", tag)]
    assert headings[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(headings))
    cells = [each for each in held if each["/S"] == "/TH"]
    assert [attribute(each, "/Scope") for each in cells] == ["/Column", "/Column"]
    assert tags.count("/TD") == 4
    numbering = [attribute(each, "/ListNumbering") for each in held if each["/S"] == "/L"]
    assert numbering == ["/Decimal", "/Decimal", "/Circle", "/Circle", "/Decimal", "/Decimal", "/Decimal"]


ARABIC, HEBREW, MIXED = "مرحبا بكم في الوزارة", "שלום לכולם", "The word مرحبا means welcome"


def test_words_are_read_from_the_side_of_their_first_letter():
    assert [from_right(words) for words in (ARABIC, HEBREW, MIXED, "123", "", f"12 {HEBREW}")] == [
        True, True, False, False, False, True,
    ]  # fmt: skip
    assert list(stretches(MIXED)) == [("The word ", False), ("مرحبا", True), (" means welcome", False)]
    assert list(stretches(ARABIC)) == [(ARABIC, True)]


FROM_RIGHT = (
    f"# {HEBREW}\n\n{ARABIC}\n\n- {ARABIC}\n1. {HEBREW}\n\n| {HEBREW} | b |\n|---|---|\n| {ARABIC} | c |\n\n{MIXED}"
)


def test_a_word_file_says_which_words_are_read_from_the_right():
    made = WordDocument(io.BytesIO(EXPORT(release(FROM_RIGHT), "docx")))

    turned = [p.text for p in made.paragraphs if p._p.pPr is not None and p._p.pPr.find("{*}bidi") is not None]
    assert turned == [HEBREW, ARABIC, ARABIC, f"1.\t{HEBREW}"]
    mixed = next(p for p in made.paragraphs if p.text == MIXED)
    assert [(run.text, run.font.rtl) for run in mixed.runs] == [
        ("The word ", None), ("مرحبا", True), (" means welcome", None),
    ]  # fmt: skip
    table = made.tables[0]
    assert table._tbl.tblPr.find("{*}bidiVisual") is not None
    assert [cell.paragraphs[0]._p.find(".//{*}bidi") is not None for cell in table.rows[1].cells] == [True, False]


def test_an_opendocument_file_says_which_words_are_read_from_the_right():
    made = EXPORT(release(FROM_RIGHT), "odt")

    content, styles = held_in(made, "content.xml"), held_in(made, "styles.xml")
    used = re.findall(r'<(text:[hp]|table:table) [^>]*style-name="([^"]*)_rl"', content)
    assert [name for _, name in used] == ["Heading_20_2", "Text_20_body", "Item", "Item", "Grid", "CellHead", "Cell"]
    for name in {name for tag, name in used if tag != "table:table"}:
        found = re.search(rf'<style:style style:name="{name}_rl".*?</style:style>', styles)
        assert found
        assert 'style:writing-mode="rl-tb"' in found[0]
    assert re.search(r'style:name="Grid_rl".*?writing-mode="rl-tb"', content)


@pytest.mark.parametrize("form", OFFICE)
def test_every_page_has_its_marking_and_its_number_of_all_pages(form):
    made = EXPORT(release(NUMBERED, marking="OFFICIAL-SENSITIVE"), form)

    if form == "docx":
        top, bottom = held_in(made, "word/header1.xml"), held_in(made, "word/footer1.xml")
        assert re.findall(r'w:instr="([^"]*)"', bottom) == ["PAGE", "NUMPAGES"]
    else:
        styles = held_in(made, "styles.xml")
        top, bottom = (re.search(rf"<style:{side}>(.*?)</style:{side}>", styles)[1] for side in ("header", "footer"))
        assert re.findall(r"<text:(page-\w+)", bottom) == ["page-number", "page-count"]
    words = [re.sub("<[^>]*>", " ", part).split() for part in (top, bottom)]
    assert words == [["OFFICIAL-SENSITIVE"], ["OFFICIAL-SENSITIVE", "Page", "of"]]


@pytest.mark.parametrize(
    ("form", "where"), [("odt", "meta.xml"), ("docx", "docProps/core.xml"), ("html", ""), ("pdf", "")]
)
def test_the_properties_of_a_file_say_that_it_was_drafted_with_ai_assistance(form, where):
    made = EXPORT(release("Words."), form)
    if form == "pdf":
        said = pypdf.PdfReader(io.BytesIO(made)).metadata["/Keywords"]
    else:
        said = held_in(made, where) if where else made.decode()

    assert "Drafted with AI assistance (humphrey) and approved by a person" in said
    if form != "html":
        assert "AI assistance" not in READ_BACK[form](made, "OFFICIAL")


HOSTILE = (
    "=HYPERLINK(&quot;https://eve.example&quot;)", '=cmd|"/c calc"!A1', "+SUM(A1:A9)", "-2+3", "@SUM(1)",
    '{ DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc" }', "{PAGE}", "{{department}}",
    "<w:instrText>DDE</w:instrText>",
    '<text:script script:language="x">f()</text:script>', "${env:PATH}", "#eval(1)", "INCLUDETEXT https://eve.example/x",
)  # fmt: skip


@pytest.mark.parametrize("form", OFFICE)
def test_a_fact_that_looks_like_a_formula_a_field_or_a_macro_stays_words(form):
    rows = "\n".join(f"| {each} |" for each in HOSTILE if "|" not in each)
    text = "\n\n".join((*HOSTILE, *(f"- {each}" for each in HOSTILE), f"| Fact |\n|---|\n{rows}"))
    made = EXPORT(release(text), form)

    assert EXPORT.check(made, release(text), form) == sha256(normal_form(text))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        held = {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}
    every = "".join(held.values())
    if form == "docx":
        assert re.findall(r'<w:fldSimple w:instr="([^"]*)"', every) == ["PAGE", "NUMPAGES"]
        assert not re.search(r"<w:(?:instrText|fldChar|object|altChunk)\b|TargetMode", every)
    else:
        assert not re.search(
            r"<(?:text:(?:script|dde|database|conditional|user)|office:dde|draw:object|script:)", every
        )
        assert not re.search(r"table:formula|office:value|text:formula|xlink:href", held["content.xml"])
    assert not [name for name in held if re.search(r"(?i)vba|basic|script|\.bin$", name)]


def test_a_web_page_keeps_lists_nested():
    tree = LexborHTMLParser(EXPORT(release(NUMBERED), "html").decode())

    assert [node.text(deep=False) for node in tree.css("ul ul.numbers > li")] == [
        "1. the first of two", "2. the second of two",
    ]  # fmt: skip
    assert len(tree.css("main > ul")) == 5


@pytest.mark.parametrize("paper", KINDS, ids=lambda paper: paper.kind)
def test_every_kind_of_paper_leaves_in_every_format_without_what_stays_in_the_department(paper):
    draft = drafted(paper, example_facts(paper))
    permit = release(draft.text, paper.kind, draft.commission.marking)
    kept = set(draft.note.splitlines()) - set(draft.text.splitlines())

    for form in ("odt", "docx", "pdf", "html", "md"):
        began = time.process_time()
        made = EXPORT(permit, form)
        assert time.process_time() - began < 2
        words = made.decode() if form == "md" else READ_BACK[form](made, permit.marking)
        assert not [line for line in kept if len(line) > 30 and as_drawn(line) in as_drawn(words)]


def test_some_kinds_keep_a_part_in_the_department():
    assert [paper.kind for paper in KINDS if drafted(paper, example_facts(paper)).note]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_saves_and_prints_a_letter_a_submission_and_minutes_without_loss(tmp_path):
    texts = {
        kind: drafted(PAPERS[kind], example_facts(PAPERS[kind])).text
        for kind in ("foi_refusal_notice", "ministerial_submission", "meeting_minutes")
    }
    texts["ministerial_submission"] += f"\n\n{NUMBERED}\n\n| Row | Cost |\n|---|---|\n" + "| a | =1+1 |\n" * 60
    for kind, text in texts.items():
        for form in OFFICE:
            (tmp_path / f"{kind}-{form}.{form}").write_bytes(EXPORT(release(text, kind), form))

    for form in OFFICE:
        convert(tmp_path, form, *tmp_path.glob(f"*.{form}"))
    convert(tmp_path, "pdf", *tmp_path.glob("*.odt"), *tmp_path.glob("*.docx"))

    for kind, text in texts.items():
        for form in OFFICE:
            name = f"{kind}-{form}"
            before, after = (
                read_document(f"a.{form}", path.read_bytes(), "a")
                for path in (tmp_path / f"{name}.{form}", tmp_path / "again" / f"{name}.{form}")
            )
            assert (after.text, after.headings) == (before.text, before.headings)
            pages = drawn_text((tmp_path / "again" / f"{name}.pdf").read_bytes())
            assert all(page.split()[0] == "OFFICIAL" for page in pages)
            assert f"Page {len(pages)} of {len(pages)}" in " ".join(pages[-1].split())
            printed = as_drawn("".join(pages))
            assert [line for line in normal_form(text).split("\n") if as_drawn(line)[:40] not in printed] == []
            if "of example" in text:
                first = next(each for each in blocks(text) if isinstance(each, HeadingBlock))
                assert re.search(rf"(?m)^{re.escape(first.text)}", "\n".join(pages))


def convert(folder: Path, form: str, *files: Path) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    said = subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", form, "--outdir", folder / "again", *files],
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert len(list((folder / "again").glob(f"*.{form}"))) == len(files), said.stderr
