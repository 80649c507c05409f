"""The styles, page headers and properties of an OpenDocument file, new or on a department's letterhead."""

import io
from xml.sax.saxutils import escape

from odfdo import Document, Element

from humphrey.delivery.export.blocks import DEEPEST
from humphrey.delivery.export.sheet import MADE_WITH, Sheet

TURNED = "_rl"
"""The end of the name of a style for words that are read from right to left."""


_BODY, _AFTER = 'fo:margin-bottom="0.25cm"', 'fo:margin-top="0cm" fo:margin-bottom="0.12cm"'


_STYLES = (
    ("Text_20_body", _BODY, ""),
    ("Marking", 'fo:text-align="center"', 'fo:font-weight="bold"'),
    ("PageNumber", 'fo:text-align="center"', ""),
    ("Quotation", f'fo:margin-left="1cm" fo:margin-right="1cm" {_BODY}', 'fo:font-style="italic"'),
    ("Item", _AFTER, ""),
    ("Cell", "", ""),
    ("CellHead", "", 'fo:font-weight="bold"'),
    ("Small", 'fo:margin-top="0.5cm"', 'fo:font-size="9pt"'),
    *(
        (
            f"Heading_20_{level}",
            'fo:margin-top="0.5cm" fo:margin-bottom="0.2cm" fo:keep-with-next="always"',
            f'fo:font-size="{size}pt" fo:font-weight="bold" fo:font-style="normal" style:font-weight-complex="bold" '
            f'style:font-size-complex="{size}pt" style:font-style-complex="normal"',
        )
        for level, size in enumerate((18, 14, 13, 12, 12, 12), start=1)
    ),
)


# An item's number is part of its words: "7. Appeals" stays the seventh if it is moved.
_LISTS = {
    "Bullets": '<text:list-level-style-bullet text:level="{}" text:bullet-char="•">{}</text:list-level-style-bullet>',
    "Unnumbered": '<text:list-level-style-number text:level="{}" style:num-format="">{}</text:list-level-style-number>',
}


_INDENT = (
    '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
    '<style:list-level-label-alignment text:label-followed-by="{0}" '
    'fo:text-indent="-0.8cm" fo:margin-left="{1:.1f}cm"/>'
    "</style:list-level-properties>"
)


_BORDERED = (
    '<style:style style:name="Bordered" style:family="table-cell"><style:table-cell-properties fo:padding="0.1cm" '
    'fo:border="0.5pt solid #b1b4b6"/></style:style>'
)


_TABLE = (
    '<style:style style:name="{}" style:family="table"><style:table-properties table:align="margins" '
    'fo:margin-bottom="0.4cm" style:writing-mode="{}"/></style:style>'
)


_PAGE = (
    '<text:p text:style-name="PageNumber">Page <text:page-number text:select-page="current"/> of <text:page-count/>'
    "</text:p>"
)


def opened(letterhead: bytes) -> Document:
    """Return an empty document, or the department's letterhead with what stands on it."""
    if letterhead:
        return Document(io.BytesIO(letterhead))
    made = Document("text")
    made.body.clear()
    return made


def prepare(made: Document, shown: Sheet, *, letterhead: bool, turned: bool) -> None:
    """Add the styles that are missing, the properties, and the marking of every page.

    The styles of a letterhead stay as they are.

    Args:
        made: the file.
        shown: what it shows.
        letterhead: whether it is the department's letterhead.
        turned: whether any of its words are read from right to left.
    """
    _describe(made, shown)
    if not letterhead:
        _letters(made)
    for name, paragraph, letters in _STYLES:
        if not letterhead or made.get_style("paragraph", name) is None:
            made.insert_style(_style(name, paragraph, letters))
        if turned:
            made.insert_style(_turned(name))
    for name, level in _LISTS.items():
        after = "listtab" if name == "Bullets" else "nothing"
        levels = "".join(level.format(n, _INDENT.format(after, 0.8 * n)) for n in range(1, DEEPEST + 1))
        made.insert_style(f'<text:list-style style:name="{name}">{levels}</text:list-style>')
    _leave_unnumbered(made)
    made.insert_style(_BORDERED, automatic=True)
    for name, direction in (("Grid", "lr-tb"), (f"Grid{TURNED}", "rl-tb")):
        made.insert_style(_TABLE.format(name, direction), automatic=True)
    _mark_pages(made, shown.marking)


def _describe(made: Document, shown: Sheet) -> None:
    """Set the properties of the file; those of a letterhead, such as who made it and where it lay, do not leave."""
    for each in list(made.meta.get_meta_body().children):
        made.meta.get_meta_body().delete(each)
    made.language = "en-GB"
    made.meta.title, made.meta.language, made.meta.generator = shown.title, "en-GB", "humphrey"
    made.meta.keyword, made.meta.description = MADE_WITH, shown.about
    made.meta.creation_date = made.meta.date = shown.at.replace(tzinfo=None)


def _letters(made: Document) -> None:
    """Set the typeface and size that GOV.UK's own letters have; the library's template has others."""
    for place in made.styles.get_elements("//style:default-style[@style:family='paragraph']/style:text-properties"):
        for name in ("fo:font-family", "style:font-family-complex"):
            place.set_attribute(name, "Arial")
        for name in ("style:font-name", "style:font-name-complex"):
            _drop(place, name)
        for name in ("fo:font-size", "style:font-size-complex"):
            place.set_attribute(name, "12pt")


def _drop(element: Element, name: str) -> None:
    if element.get_attribute(name) is not None:
        element.del_attribute(name)


def _style(name: str, paragraph: str, letters: str) -> str:
    shown = name.replace("_20_", " ")
    level = f' style:default-outline-level="{name[-1]}"' if name.startswith("Heading") else ""
    return (
        f'<style:style style:name="{name}" style:display-name="{shown}" style:family="paragraph" '
        f'style:parent-style-name="Standard"{level}>'
        f"<style:paragraph-properties {paragraph}/><style:text-properties {letters}/></style:style>"
    )


def _turned(name: str) -> str:
    return (
        f'<style:style style:name="{name}{TURNED}" style:family="paragraph" style:parent-style-name="{name}">'
        '<style:paragraph-properties fo:text-align="right" style:writing-mode="rl-tb"/></style:style>'
    )


def _leave_unnumbered(made: Document) -> None:
    """Take the numbers from headings, which nobody approved; a point left behind would be drawn too."""
    for outline in made.styles.get_elements("//text:outline-level-style"):
        for name in ("style:num-prefix", "style:num-suffix", "loext:num-list-format", "text:display-levels"):
            _drop(outline, name)
        outline.set_attribute("style:num-format", "")


def _mark_pages(made: Document, marking: str) -> None:
    line = f'<text:p text:style-name="Marking">{escape(marking)}</text:p>'
    for page in made.styles.get_elements("//style:master-page"):
        for side in ("header", "footer"):
            if page.get_element(f"style:{side}") is None:
                _add_side(page, side)
        for held in page.children:
            if held.tag.startswith(("style:header", "style:footer")):
                held.insert(Element.from_tag(line), position=0)
            if held.tag.startswith("style:footer"):
                held.insert(Element.from_tag(_PAGE), position=1)
    _space_sides(made)


def _space_sides(made: Document) -> None:
    for name, margin in (("header", "bottom"), ("footer", "top")):
        space = f'<style:header-footer-properties fo:min-height="1cm" fo:margin-{margin}="0.5cm"/>'
        for place in made.styles.get_elements(f"//style:page-layout/style:{name}-style"):
            if not place.children:
                place.append(Element.from_tag(space))


def _add_side(page: Element, side: str) -> None:
    """Add a header or footer to a page in the order that the format requires: headers before footers."""
    headers = [each for each in page.children if each.tag.startswith("style:header")]
    page.insert(Element.from_tag(f"<style:{side}/>"), position=0 if side == "header" else len(headers))
