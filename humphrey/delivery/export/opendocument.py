"""A released text as an OpenDocument text, with the format's own headings, lists and tables."""

import io
import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from odfdo import Document, Element

from humphrey.delivery.export.blocks import (
    DEEPEST,
    HeadingBlock,
    ListBlock,
    ListItem,
    ParagraphBlock,
    TableBlock,
    runs,
)
from humphrey.delivery.export.citation_marks import split_at_marks
from humphrey.delivery.export.sheet import SOURCES, Note, Sheet

_STYLES = (
    ("Marking", 'fo:text-align="center"', 'fo:font-weight="bold"'),
    ("Quotation", 'fo:margin-left="1cm" fo:margin-right="1cm" fo:margin-bottom="0.25cm"', 'fo:font-style="italic"'),
    ("Cell", "", ""),
    ("CellHead", "", 'fo:font-weight="bold"'),
    ("Small", 'fo:margin-top="0.5cm"', 'fo:font-size="9pt"'),
)


# An item's number is part of its words: "7. Appeals" stays the seventh if it is moved.
_LISTS = {
    "Bullets": '<text:list-level-style-bullet text:level="{}" text:bullet-char="•">{}</text:list-level-style-bullet>',
    "Unnumbered": '<text:list-level-style-number text:level="{}" style:num-format="">{}</text:list-level-style-number>',
}


_INDENT = (
    '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
    '<style:list-level-label-alignment text:label-followed-by="listtab" '
    'fo:text-indent="-0.6cm" fo:margin-left="{:.1f}cm"/>'
    "</style:list-level-properties>"
)


_BORDERED = (
    '<style:style style:name="Bordered" style:family="table-cell"><style:table-cell-properties fo:padding="0.1cm" '
    'fo:border="0.5pt solid #b1b4b6"/></style:style>'
)


# Blanks that the format would drop or join: tabs, runs of blanks, line ends, and blanks at either end.
_GAP = re.compile(r"\t| {2,}|\n|^ | $")


def render_odt(shown: Sheet) -> bytes:
    """Return the bytes of the file."""
    made = Document("text")
    made.body.clear()
    made.language = "en-GB"
    made.meta.title, made.meta.language, made.meta.generator = shown.title, "en-GB", "humphrey"
    made.meta.description = shown.about
    made.meta.creation_date = made.meta.date = shown.at.replace(tzinfo=None)
    _prepare(made, shown.marking)
    for xml in _xml(shown):
        made.body.append(Element.from_tag(xml))
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


def _prepare(made: Document, marking: str) -> None:
    for name, paragraph, letters in _STYLES:
        style = (
            f'<style:style style:name="{name}" style:family="paragraph" style:parent-style-name="Standard">'
            f"<style:paragraph-properties {paragraph}/><style:text-properties {letters}/></style:style>"
        )
        made.insert_style(style)
    for name, level in _LISTS.items():
        levels = "".join(level.format(n, _INDENT.format(0.6 + 0.6 * n)) for n in range(1, DEEPEST + 1))
        made.insert_style(f'<text:list-style style:name="{name}">{levels}</text:list-style>')
    for outline in made.styles.get_elements("//text:outline-level-style"):
        # The template numbers headings, which nobody approved.
        outline.set_attribute("style:num-format", "")
    made.insert_style(_BORDERED, automatic=True)
    _mark_pages(made, marking)


def _mark_pages(made: Document, marking: str) -> None:
    line = f'<text:p text:style-name="Marking">{escape(marking)}</text:p>'
    number = '<text:p text:style-name="Marking">Page <text:page-number text:select-page="current"/></text:p>'
    _add(made, "//style:master-page[@style:name='Standard']", f"<style:header>{line}</style:header>")
    _add(made, "//style:master-page[@style:name='Standard']", f"<style:footer>{line}{number}</style:footer>")
    for name, side in (("header", "bottom"), ("footer", "top")):
        space = f'<style:header-footer-properties fo:min-height="1cm" fo:margin-{side}="0.5cm"/>'
        _add(made, f"//style:page-layout/style:{name}-style", space)


def _add(made: Document, below: str, xml: str) -> None:
    for place in made.styles.get_elements(below):
        place.append(Element.from_tag(xml))


def _xml(shown: Sheet) -> Iterable[str]:
    yield _paragraph("h", "Heading_20_1", _inline(shown.title, ()), 1)
    if shown.question:
        yield _paragraph("p", "Text_20_body", _spaced(shown.question))
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
        return _paragraph("h", f"Heading_20_{level}", _inline(block.text, shown.markers), level)
    if isinstance(block, ParagraphBlock):
        words = "<text:line-break/>".join(_inline(line, shown.markers) for line in block.lines)
        return _paragraph("p", "Quotation" if block.quoted else "Text_20_body", words)
    return _table(block, shown)


def _lists(items: Iterable[ListItem], shown: Sheet) -> Iterator[str]:
    """Yield the lists of a level, whose items hold the lists inside them."""
    for numbered, stretch in runs(items):
        held = "".join(f"<text:list-item>{_item(item, shown)}</text:list-item>" for item in stretch)
        yield f'<text:list text:style-name="{"Unnumbered" if numbered else "Bullets"}">{held}</text:list>'


def _item(item: ListItem, shown: Sheet) -> str:
    return _paragraph("p", "Standard", _inline(item.words, shown.markers)) + "".join(_lists(item.inside, shown))


def _table(block: TableBlock, shown: Sheet) -> str:
    head = _row(block.header, "CellHead", shown)
    rows = "".join(_row(row, "Cell", shown) for row in block.rows)
    columns = f'<table:table-column table:number-columns-repeated="{len(block.header)}"/>'
    return f"<table:table>{columns}<table:table-header-rows>{head}</table:table-header-rows>{rows}</table:table>"


def _row(cells: Iterable[str], style: str, shown: Sheet) -> str:
    inside = (_paragraph("p", style, _inline(cell, shown.markers)) for cell in cells)
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
