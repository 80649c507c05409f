"""The styles, lists and page headers of a Word file, new or on a department's letterhead."""

import io
from collections.abc import Iterator
from typing import cast

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.numbering import NumberingPart
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from humphrey.delivery.export.blocks import DEEPEST

_INK, _A4 = RGBColor(0x0B, 0x0C, 0x0C), (Mm(210), Mm(297))


_SIZES = {"Title": 18, **{f"Heading {level}": size for level, size in enumerate((14, 13, 12, 12, 12, 12), start=1)}}
"""The sizes of headings in points."""


_ITEMS = ("List Bullet", "List Paragraph")


_WORDS = ("Normal", "Header", "Footer", "Quote", *_ITEMS, "Small")


_LEVEL = (
    '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/>{}<w:lvlText w:val="{}"/><w:lvlJc w:val="left"/>'
    '<w:pPr><w:ind w:left="{}" w:hanging="454"/></w:pPr></w:lvl>'
)


_LISTS = {True: ("none", '<w:suff w:val="nothing"/>', ""), False: ("bullet", "", "•")}
"""The lists by whether their items have numbers, which stand in the words: "7. Appeals" stays the seventh if moved."""


_GRID = (
    f'<w:style {nsdecls("w")} w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders>'
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="B1B4B6"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders></w:tblPr></w:style>"
)


_CENTRED = f'<w:p {nsdecls("w")}><w:pPr><w:jc w:val="center"/></w:pPr>{{}}</w:p>'


_MARKING = _CENTRED.format("<w:r><w:rPr><w:b/></w:rPr><w:t/></w:r>")


_PAGE = _CENTRED.format(
    '<w:r><w:t xml:space="preserve">Page </w:t></w:r><w:fldSimple w:instr="PAGE"/>'
    '<w:r><w:t xml:space="preserve"> of </w:t></w:r><w:fldSimple w:instr="NUMPAGES"/>'
)


_LEFT_OUT = ("/extended-properties", "/custom-properties", "/thumbnail")


def opened(letterhead: bytes) -> WordDocument:
    """Return an empty document, or the department's letterhead with what stands on it."""
    made = Document(io.BytesIO(letterhead)) if letterhead else Document()
    related = made.part.package.rels
    # Such properties name a company, a manager or a print room; the thumbnail shows another document.
    for key in [key for key, each in related.items() if each.reltype.endswith(_LEFT_OUT)]:
        del related[key]
    return made


def style_words(made: WordDocument, *, letterhead: bool) -> None:
    """Add the styles that are missing; the styles of a letterhead stay as they are."""
    language = made.styles.element.find(".//" + qn("w:lang"))
    if language is not None:
        language.set(qn("w:val"), "en-GB")
    named = {style.name for style in made.styles}
    for name in (*_WORDS, *_SIZES):
        if name not in named:
            made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name != "Small")
        if not letterhead or name not in named:
            _dress(made.styles[name], name)
    if "Table Grid" not in named:
        made.styles.element.append(parse_xml(_GRID))
    if not letterhead:
        made.sections[0].page_width, made.sections[0].page_height = _A4


def mark_pages(made: WordDocument, marking: str) -> None:
    """Put the marking at the top of every header and footer, and the page number below it in the footers."""
    even = bool(made.settings.odd_and_even_pages_header_footer)
    for section in made.sections:
        first = bool(section.different_first_page_header_footer)
        for side in ("header", "footer"):
            wanted = (side, *([f"first_page_{side}"] if first else []), *([f"even_page_{side}"] if even else []))
            for each in wanted:
                # Made where it is missing, so that no page is without a marking.
                getattr(section, each).part  # noqa: B018
    for root, bottom in _sides(made):
        if not any(root.itertext()) and len(root) == 1 and not root.findall(".//" + qn("w:drawing")):
            root.remove(root[0])
        line = parse_xml(_MARKING)
        line.find(".//" + qn("w:t")).text = marking
        root.insert(0, line)
        if bottom:
            root.insert(1, parse_xml(_PAGE))


def new_list(made: WordDocument, *, numbered: bool) -> int:
    """Return the number of a new list of nine levels."""
    numbering = _numbering(made)
    form, after, sign = _LISTS[numbered]
    levels = "".join(_LEVEL.format(n, form, after, sign, 454 * (n + 1)) for n in range(DEEPEST))
    number = 1 + max(
        (int(each.get(qn("w:abstractNumId"), 0)) for each in numbering.findall(qn("w:abstractNum"))), default=0
    )
    # The format requires all list definitions before all lists.
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>{levels}'
            "</w:abstractNum>"
        ),
    )
    return int(numbering.add_num(number).numId)


def _dress(style: ParagraphStyle, name: str) -> None:
    style.font.name, style.font.color.rgb = "Arial", _INK
    fonts = style.element.rPr.rFonts
    for attribute in list(fonts.attrib):
        # A theme's typeface would take precedence over the one set here.
        if attribute.endswith("Theme"):
            del fonts.attrib[attribute]
    fonts.set(qn("w:cs"), "Arial")
    size = _SIZES.get(name, 9 if name == "Small" else 12)
    _size(style, size)
    if name in _SIZES:
        style.font.bold, style.paragraph_format.keep_with_next = True, True
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(14), Pt(6)
    if name in _ITEMS:
        style.paragraph_format.space_after = Pt(4)
    properties = style.element.get_or_add_pPr()
    for tag in ("w:pBdr", "w:contextualSpacing"):
        for each in properties.findall(qn(tag)):
            properties.remove(each)


def _size(style: ParagraphStyle, points: int) -> None:
    style.font.size = Pt(points)
    held = style.element.rPr
    for each in held.findall(qn("w:szCs")):
        held.remove(each)
    # Arabic and Hebrew letters have a size of their own.
    complex_size = OxmlElement("w:szCs")
    complex_size.set(qn("w:val"), str(2 * points))
    held.find(qn("w:sz")).addnext(complex_size)


def _sides(made: WordDocument) -> Iterator[tuple[BaseOxmlElement, bool]]:
    """Yield every header and footer of the file, with whether it is a footer."""
    for related in list(made.part.rels.values()):
        if related.reltype in {RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER}:
            yield related.target_part.element, related.reltype == RELATIONSHIP_TYPE.FOOTER


def _numbering(made: WordDocument) -> BaseOxmlElement:
    """Return the list definitions of the file; the library makes none where a letterhead has none."""
    try:
        part = made.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING)
    except KeyError:
        element = parse_xml(f"<w:numbering {nsdecls('w')}/>")
        part = NumberingPart(PackURI("/word/numbering.xml"), CONTENT_TYPE.WML_NUMBERING, element, made.part.package)
        made.part.relate_to(part, RELATIONSHIP_TYPE.NUMBERING)
    return cast(BaseOxmlElement, cast(NumberingPart, part).element)
