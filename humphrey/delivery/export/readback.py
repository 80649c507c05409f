"""The text of an exported file, read back from its bytes by other means than those that wrote it.

Office files are read as archives of XML, web pages by an HTML parser, PDFs by PDFium. The result has every word in
reading order and the same lines, except for the headers and footers of pages.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

from selectolax.lexbor import LexborHTMLParser, LexborNode

from humphrey.delivery.export.blocks import as_drawn, as_lines
from humphrey.documents.readers.pdf.document import drawn_above, drawn_text
from humphrey.documents.readers.zip_archives import parsed, unpacked, unpacked_like
from humphrey.errors import Undeliverable
from humphrey.papers.destinations import Format

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"


_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


_Sides = tuple[list[str], list[str]]
"""The words of the page headers, and of the page footers."""


_NO_SIDES: _Sides = ([], [])


_PAGE_LINE = "Page of"
"""The line of page numbers without its fields."""


# Elements that start a new line.
_BLOCKS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "br"})


def words_in_word(content: bytes, marking: str, letterhead: bytes = b"") -> str:
    """Return the body text of a Word file, without the words of the letterhead that it is written on.

    Raises:
        Undeliverable: its pages do not carry the marking at the top and bottom, or the file does not bear the
            letterhead as it is.
    """
    sides, own_sides = _sides_of_word(content), _sides_of_word(letterhead) if letterhead else _NO_SIDES
    _require_marked(sides, own_sides, marking)
    return _below(_body_of_word(content), _body_of_word(letterhead) if letterhead else "")


def words_in_opendocument(content: bytes, marking: str, letterhead: bytes = b"") -> str:
    """Return the body text of an OpenDocument file, without the words of the letterhead that it is written on.

    Raises:
        Undeliverable: its pages do not carry the marking at the top and bottom, or the file does not bear the
            letterhead as it is.
    """
    sides, own_sides = _sides_of_odt(content), _sides_of_odt(letterhead) if letterhead else _NO_SIDES
    _require_marked(sides, own_sides, marking)
    return _below(_body_of_odt(content), _body_of_odt(letterhead) if letterhead else "")


def words_in_page(content: bytes, marking: str) -> str:
    """Return the text of the main part of a web page.

    Raises:
        Undeliverable: it does not carry the marking above and below.
    """
    tree = LexborHTMLParser(content.decode())
    top, main, bottom = ("".join(_shown(tree.css_first(part))) for part in ("header", "main", "footer"))
    _require_marked(([top], [bottom]), _NO_SIDES, marking)
    return main


def words_in_pdf(content: bytes, marking: str) -> str:
    """Return the text of the pages of a PDF, without blanks. The head of a table that goes on over a page counts once.

    Raises:
        Undeliverable: a page does not carry the marking at its top and bottom, or words at its top that stand nowhere
            before.
    """
    pages, above = drawn_text(content), drawn_above(content)
    mark, words = as_drawn(marking), ""
    for n, (page, top) in enumerate(zip(pages, above, strict=True), start=1):
        inside, again = _inside(page, mark, n, len(pages)), as_drawn(top).removeprefix(mark)
        # What stands again must be words that were read before, so that nothing can be added in this way.
        if again not in words or not inside.startswith(again):
            raise Undeliverable(f"page {n} of the PDF has words of its own at the top; it was not handed over")
        words += inside.removeprefix(again)
    return words


READ_BACK: Mapping[Format, Callable[[bytes, str], str]] = {
    "docx": words_in_word,
    "odt": words_in_opendocument,
    "html": words_in_page,
    "pdf": words_in_pdf,
}
"""The reader of each format; it takes the content and the marking."""


READ_ON_LETTERHEAD: Mapping[Format, Callable[[bytes, str, bytes], str]] = {
    "docx": words_in_word,
    "odt": words_in_opendocument,
}
"""The reader of each format that has a letterhead; it takes the content, the marking and the letterhead."""


def _run(element: Element) -> str:
    if element.tag == f"{_WORD}t":
        return element.text or ""
    if element.tag in {f"{_WORD}tab", f"{_WORD}br", f"{_WORD}p"}:
        return "\t" if element.tag.endswith("tab") else "\n"
    return ""


def _sides_of_word(content: bytes) -> _Sides:
    """Return the words of every page header and of every page footer."""
    top, bottom = (unpacked_like(content, re.compile(rf"word/{name}\d*\.xml")) for name in ("header", "footer"))
    return ["".join(map(_run, parsed(xml).iter())) for xml in top], [
        "".join(map(_run, parsed(xml).iter())) for xml in bottom
    ]


def _body_of_word(content: bytes) -> str:
    held = unpacked(content, ("word/document.xml",), "a Word file")
    return "".join(map(_run, parsed(held["word/document.xml"]).iter()))


def _sides_of_odt(content: bytes) -> _Sides:
    """Return the words of every page header and of every page footer, those of first and left pages too."""
    held = unpacked(content, ("styles.xml",), "an OpenDocument text")
    sides = [
        side
        for page in parsed(held["styles.xml"]).iterfind(f"{_OFFICE}master-styles/{_STYLE}master-page")
        for side in page
    ]
    top, bottom = (
        ["".join(_said(side)) for side in sides if side.tag.startswith(_STYLE + name)] for name in ("header", "footer")
    )
    return top, bottom


def _body_of_odt(content: bytes) -> str:
    held = unpacked(content, ("content.xml",), "an OpenDocument text")
    return "".join(_said(parsed(held["content.xml"]).find(f"{_OFFICE}body/{_OFFICE}text")))


def _require_marked(sides: _Sides, own_sides: _Sides, marking: str) -> None:
    """Require that every header and footer has the marking, and besides it only what the letterhead has there."""
    mark = as_lines(iter([marking]))
    for found, own, below in ((sides[0], own_sides[0], ""), (sides[1], own_sides[1], _PAGE_LINE)):
        # A page number may follow the marking of a footer.
        allowed = {as_lines(iter([mark, line, words])) for words in ("", *own) for line in {"", below}}
        if not found or not allowed.issuperset(as_lines(iter([words])) for words in found):
            raise Undeliverable(
                "the file does not bear its marking at the top and at the bottom; it was not handed over"
            )


def _below(words: str, own: str) -> str:
    """Return the words that stand below those of the letterhead."""
    found, above = as_lines(iter([words])), as_lines(iter([own]))
    if above and not found.startswith(f"{above}\n"):
        raise Undeliverable("the file does not bear the department's letterhead as it is; it was not handed over")
    return found[len(above) :]


def _said(element: Element | None) -> Iterator[str]:
    if element is None:
        return
    yield element.text or ""
    for child in element:
        if child.tag in {f"{_TEXT}p", f"{_TEXT}h", f"{_TEXT}line-break"}:
            yield "\n"
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag == f"{_TEXT}s":
            yield " " * int(child.get(f"{_TEXT}c", "1"))
        yield from _said(child)
        yield child.tail or ""


def _shown(node: LexborNode | None) -> Iterator[str]:
    for child in () if node is None else node.iter(include_text=True):
        tag = child.tag or ""
        if tag == "-text":
            yield child.text(deep=False)
        else:
            yield "\n" if tag in _BLOCKS else ""
            yield from _shown(child)


def _inside(page: str, marking: str, n: int, pages: int) -> str:
    """Return a page without its marking lines and page number; blanks are left out."""
    signs, below = as_drawn(page), f"{marking}{n}of{pages}"
    # The length is checked too, so that one marking alone on a page cannot pass for both.
    if not (signs.startswith(marking) and signs.endswith(below) and len(signs) >= len(marking) + len(below)):
        raise Undeliverable(f"page {n} of the PDF does not bear its marking; it was not handed over")
    return signs[len(marking) : len(signs) - len(below)]
