"""A released text as a Word file, with Word's own headings, lists and tables, so that it can be read aloud."""

import io
from collections.abc import Iterable
from datetime import UTC

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_DIRECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from humphrey.delivery.export.blocks import (
    Block,
    HeadingBlock,
    ListBlock,
    ListItem,
    ParagraphBlock,
    TableBlock,
)
from humphrey.delivery.export.citation_marks import split_at_marks
from humphrey.delivery.export.direction import from_right, stretches
from humphrey.delivery.export.sheet import MADE_WITH, SOURCES, Note, Sheet
from humphrey.delivery.export.word_styles import mark_pages, new_list, opened, style_words


def render_docx(shown: Sheet, letterhead: bytes = b"") -> bytes:
    """Return the bytes of the file, below what stands on the department's letterhead if there is one."""
    made = opened(letterhead)
    _prepare(made, shown)
    style_words(made, letterhead=bool(letterhead))
    mark_pages(made, shown.marking)
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
    properties.keywords, properties.last_modified_by = MADE_WITH, ""
    properties.subject = properties.category = properties.content_status = ""


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
            self._words(self._made.add_paragraph(style="Quote" if block.quoted else "Normal"), "\n".join(block.lines))
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
            if numbered:
                # A tab after the number lets the lines below it begin where its words do.
                paragraph.add_run(f"{item.number}\t")
            self._words(paragraph, item.words.removeprefix(item.number).lstrip())
            self._items(item.inside, depth + 1)

    def _list(self, *, numbered: bool) -> int:
        if numbered not in self._lists:
            self._lists[numbered] = new_list(self._made, numbered=numbered)
        return self._lists[numbered]

    def _table(self, block: TableBlock) -> None:
        table = self._made.add_table(rows=0, cols=len(block.header), style="Table Grid")
        for row in (block.header, *block.rows):
            for cell, words in zip(table.add_row().cells, row, strict=True):
                self._words(cell.paragraphs[0], words)
        if from_right(" ".join(block.header)):
            table.table_direction = WD_TABLE_DIRECTION.RTL
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
                self._runs(paragraph, part.words)
        if from_right(words):
            _turn(paragraph)

    def _runs(self, paragraph: Paragraph, words: str) -> None:
        for piece, turned in stretches(words):
            run = paragraph.add_run(piece)
            if turned:
                run.font.rtl = True

    def _link(self, paragraph: Paragraph, words: str, kind: str, target: str) -> None:
        link = OxmlElement("w:hyperlink")
        link.set(qn(kind), target)
        run = paragraph.add_run(words)
        run.font.underline = True
        link.append(run._r)
        paragraph._p.append(link)


def _turn(paragraph: Paragraph) -> None:
    """Let the paragraph begin at the right."""
    # These follow it in the order that the format requires.
    after = ("spacing", "ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection", "rPr")
    mark = OxmlElement("w:bidi")
    paragraph._p.get_or_add_pPr().insert_element_before(mark, *(f"w:{name}" for name in after))
