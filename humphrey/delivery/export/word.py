"""A released text as a Word file, with Word's own headings, lists and tables, so that it can be read aloud."""

import io
from collections.abc import Iterable
from datetime import UTC

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from humphrey.delivery.export.blocks import (
    DEEPEST,
    Block,
    HeadingBlock,
    ListBlock,
    ListItem,
    ParagraphBlock,
    TableBlock,
)
from humphrey.delivery.export.citation_marks import split_at_marks
from humphrey.delivery.export.sheet import SOURCES, Note, Sheet

_INK, _A4 = RGBColor(0x0B, 0x0C, 0x0C), (Mm(210), Mm(297))


_LEVEL = (
    '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/><w:lvlJc w:val="left"/>'
    '<w:pPr><w:ind w:left="{}" w:hanging="360"/></w:pPr></w:lvl>'
)


_LISTS = {True: (900, "none", ""), False: (901, "bullet", "•")}
"""The lists by whether their items have numbers, which stand in the words: "7. Appeals" stays the seventh if moved."""


def render_docx(shown: Sheet) -> bytes:
    """Return the bytes of the file."""
    made = Document()
    _prepare(made, shown)
    writer = _Writer(made, shown)
    made.add_paragraph(shown.title, style="Title")
    if shown.question:
        made.add_paragraph(shown.question)
    for block in shown.body:
        writer.block(block)
    writer.notes()
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


def _prepare(made: WordDocument, shown: Sheet) -> None:
    properties, at = made.core_properties, shown.at.astimezone(UTC).replace(tzinfo=None)
    # The library allows 255 characters in a property.
    properties.title, properties.language, properties.author = shown.title[:255], "en-GB", ""
    properties.comments = shown.about[:255]
    properties.created = properties.modified = at
    styles = made.styles
    language = styles.element.find(".//" + qn("w:lang"))
    if language is not None:
        language.set(qn("w:val"), "en-GB")
    for style in styles:
        if isinstance(style, ParagraphStyle) and str(style.name).startswith(("Normal", "Title", "Heading")):
            _plain_letters(style)
    styles["Normal"].font.size = Pt(12)
    small = styles.add_style("Small", 1)
    small.base_style, small.font.size = styles["Normal"], Pt(9)
    _mark_pages(made, shown.marking)


def _plain_letters(style: ParagraphStyle) -> None:
    style.font.name, style.font.color.rgb = "Arial", _INK
    fonts = style.element.rPr.rFonts
    for name in list(fonts.attrib):
        # A theme's typeface would take precedence over the one set here.
        if name.endswith("Theme"):
            del fonts.attrib[name]


def _mark_pages(made: WordDocument, marking: str) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = _A4
    for part in (section.header, section.footer):
        line = part.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.add_run(marking).bold = True
    page = section.footer.add_paragraph("Page ")
    page.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    page._p.append(field)


class _Writer:
    """Adds blocks to a file, one below the other."""

    def __init__(self, made: WordDocument, shown: Sheet) -> None:
        self._made = made
        self._shown = shown
        self._lists: dict[bool, int] = {}
        self._links = 0

    def block(self, block: Block) -> None:
        if isinstance(block, HeadingBlock):
            self._words(self._made.add_paragraph(style=f"Heading {block.level}"), block.text)
        elif isinstance(block, ParagraphBlock):
            self._words(self._made.add_paragraph(style="Quote" if block.quoted else None), "\n".join(block.lines))
        elif isinstance(block, ListBlock):
            self._items(block.items, 0)
        else:
            self._table(block)

    def notes(self) -> None:
        """Add the cited sources, each with the bookmark that its markers link to."""
        if self._shown.notes:
            self._made.add_paragraph(SOURCES, style="Heading 1")
        for n, note in enumerate(self._shown.notes):
            self._note(note, n)

    def _items(self, items: Iterable[ListItem], depth: int) -> None:
        for item in items:
            numbered = bool(item.number)
            paragraph = self._made.add_paragraph(style="List Paragraph" if numbered else "List Bullet")
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = depth
            properties.get_or_add_numId().val = self._list(numbered=numbered)
            self._words(paragraph, item.words)
            self._items(item.inside, depth + 1)

    def _list(self, *, numbered: bool) -> int:
        if numbered not in self._lists:
            numbering = self._made.part.numbering_part.element
            number, form, sign = _LISTS[numbered]
            levels = "".join(_LEVEL.format(n, form, sign, 720 + 360 * n) for n in range(DEEPEST))
            many = '<w:multiLevelType w:val="multilevel"/>'
            # The format requires all list definitions before all lists.
            numbering.insert(
                0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{many}{levels}</w:abstractNum>')
            )
            self._lists[numbered] = int(numbering.add_num(number).numId)
        return self._lists[numbered]

    def _table(self, block: TableBlock) -> None:
        table = self._made.add_table(rows=0, cols=len(block.header), style="Table Grid")
        for row in (block.header, *block.rows):
            for cell, words in zip(table.add_row().cells, row, strict=True):
                self._words(cell.paragraphs[0], words)
        head = table.rows[0]._tr.get_or_add_trPr()
        head.append(OxmlElement("w:tblHeader"))
        for cell in table.rows[0].cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True
        # Word joins two tables with nothing between them.
        self._made.add_paragraph(style="Small")

    def _note(self, note: Note, n: int) -> None:
        paragraph = self._made.add_paragraph(style="Normal")
        for place in ("Start", "End"):
            mark = OxmlElement(f"w:bookmark{place}")
            mark.set(qn("w:id"), str(n))
            if place == "Start":
                mark.set(qn("w:name"), f"note_{note.marker}")
            paragraph._p.append(mark)
        paragraph.add_run("\n".join(note.lines))
        if note.url:
            paragraph.add_run("\n")
            self._link(paragraph, note.url, "r:id", self._address(note.url))

    def _address(self, url: str) -> str:
        return str(self._made.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))

    def _words(self, paragraph: Paragraph, words: str) -> None:
        for part in split_at_marks(words, self._shown.markers):
            if part.marker:
                self._link(paragraph, part.words, "w:anchor", f"note_{part.marker}")
            else:
                paragraph.add_run(part.words)

    def _link(self, paragraph: Paragraph, words: str, kind: str, target: str) -> None:
        link = OxmlElement("w:hyperlink")
        link.set(qn(kind), target)
        run = paragraph.add_run(words)
        run.font.underline = True
        link.append(run._r)
        paragraph._p.append(link)
