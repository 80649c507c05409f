"""A released text as an OpenDocument text, with the format's own headings, lists and tables."""

import io
import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from odfdo import Element

from humphrey.delivery.export.blocks import (
    HeadingBlock,
    ListBlock,
    ListItem,
    ParagraphBlock,
    TableBlock,
    runs,
)
from humphrey.delivery.export.citation_marks import split_at_marks
from humphrey.delivery.export.direction import from_right
from humphrey.delivery.export.opendocument_styles import TURNED, opened, prepare
from humphrey.delivery.export.sheet import SOURCES, Note, Sheet

# Blanks that the format would drop or join: tabs, runs of blanks, line ends, and blanks at either end.
_GAP = re.compile(r"\t| {2,}|\n|^ | $")


def render_odt(shown: Sheet, letterhead: bytes = b"") -> bytes:
    """Return the bytes of the file, below what stands on the department's letterhead if there is one."""
    made, pieces = opened(letterhead), list(_xml(shown))
    prepare(made, shown, letterhead=bool(letterhead), turned=any(f'{TURNED}"' in xml for xml in pieces))
    for xml in pieces:
        made.body.append(Element.from_tag(xml))
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


def _xml(shown: Sheet) -> Iterable[str]:
    yield _paragraph("h", "Heading_20_1", _inline(shown.title, ()), 1)
    if shown.question:
        yield _paragraph("p", _side("Text_20_body", shown.question), _spaced(shown.question))
    for block in shown.body:
        # The library takes one element at a time.
        yield from _lists(block.items, shown) if isinstance(block, ListBlock) else [_block(block, shown)]
    if shown.notes:
        yield _paragraph("h", "Heading_20_2", SOURCES, 2)
    for note in shown.notes:
        yield _note(note)


def _block(block: HeadingBlock | ParagraphBlock | TableBlock, shown: Sheet) -> str:
    if isinstance(block, HeadingBlock):
        # The title is the only heading of level 1.
        level = min(block.level + 1, 6)
        return _paragraph("h", _side(f"Heading_20_{level}", block.text), _inline(block.text, shown.markers), level)
    if isinstance(block, ParagraphBlock):
        words = "<text:line-break/>".join(_inline(line, shown.markers) for line in block.lines)
        return _paragraph("p", _side("Quotation" if block.quoted else "Text_20_body", " ".join(block.lines)), words)
    return _table(block, shown)


def _lists(items: Iterable[ListItem], shown: Sheet) -> Iterator[str]:
    """Yield the lists of a level, whose items hold the lists inside them."""
    for numbered, stretch in runs(items):
        held = "".join(f"<text:list-item>{_item(item, shown)}</text:list-item>" for item in stretch)
        yield f'<text:list text:style-name="{"Unnumbered" if numbered else "Bullets"}">{held}</text:list>'


def _item(item: ListItem, shown: Sheet) -> str:
    words = item.words.removeprefix(item.number).lstrip()
    # A tab after the number lets the lines below it begin where its words do.
    number = f"{escape(item.number)}<text:tab/>" if item.number else ""
    held = _paragraph("p", _side("Item", words), number + _inline(words, shown.markers))
    return held + "".join(_lists(item.inside, shown))


def _table(block: TableBlock, shown: Sheet) -> str:
    head = _row(block.header, "CellHead", shown)
    rows = "".join(_row(row, "Cell", shown) for row in block.rows)
    columns = f'<table:table-column table:number-columns-repeated="{len(block.header)}"/>'
    style = _side("Grid", " ".join(block.header))
    held = f"{columns}<table:table-header-rows>{head}</table:table-header-rows>{rows}"
    return f'<table:table table:style-name="{style}">{held}</table:table>'


def _row(cells: Iterable[str], style: str, shown: Sheet) -> str:
    inside = (_paragraph("p", _side(style, cell), _inline(cell, shown.markers)) for cell in cells)
    held = "".join(f'<table:table-cell table:style-name="Bordered">{cell}</table:table-cell>' for cell in inside)
    return f"<table:table-row>{held}</table:table-row>"


def _note(note: Note) -> str:
    start = f'<text:bookmark text:name="note-{escape(note.marker)}"/>'
    lines = [_spaced(line) for line in note.lines]
    if note.url:
        lines.append(_link(note.url, _spaced(note.url)))
    return _paragraph("p", "Text_20_body", start + "<text:line-break/>".join(lines))


def _paragraph(tag: str, style: str, words: str, level: int = 0) -> str:
    outline = f' text:outline-level="{level}"' if level else ""
    return f'<text:{tag} text:style-name="{style}"{outline}>{words}</text:{tag}>'


def _side(style: str, words: str) -> str:
    """Return the name of a style, or of the one like it for words that are read from right to left."""
    return style + TURNED if from_right(words) else style


def _inline(words: str, markers: Iterable[str]) -> str:
    pieces = ((_spaced(part.words), part.marker) for part in split_at_marks(words, frozenset(markers)))
    return "".join(_link(f"#note-{marker}", said) if marker else said for said, marker in pieces)


def _link(target: str, words: str) -> str:
    return f'<text:a xlink:type="simple" xlink:href={quoteattr(target)}>{words}</text:a>'


def _spaced(words: str) -> str:
    """Return words as XML, with elements for blanks that the format would otherwise join into one."""
    return _GAP.sub(_gap, escape(words))


def _gap(found: re.Match[str]) -> str:
    if found[0] == "\t":
        return "<text:tab/>"
    return "<text:line-break/>" if found[0] == "\n" else f'<text:s text:c="{len(found[0])}"/>'
