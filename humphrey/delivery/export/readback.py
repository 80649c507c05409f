"""The text of an exported file, read back from its bytes by other means than those that wrote it.

Office files are read as archives of XML, web pages by an HTML parser, PDFs by PDFium. The result has every word in
reading order and the same lines, except for the headers and footers of pages.
"""

from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

from selectolax.lexbor import LexborHTMLParser, LexborNode

from humphrey.delivery.export.blocks import as_drawn
from humphrey.documents.readers.pdf.document import drawn_above, drawn_text
from humphrey.documents.readers.zip_archives import parsed, unpacked
from humphrey.errors import Undeliverable
from humphrey.papers.destinations import Format

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"


_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


# Elements that start a new line.
_BLOCKS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "br"})


def words_in_word(content: bytes, marking: str) -> str:
    """Return the body text of a Word file.

    Raises:
        Undeliverable: its pages do not carry the marking at the top and bottom.
    """
    held = unpacked(content, ("word/document.xml", "word/header.xml", "word/footer.xml"), "a Word file")
    top, bottom = ("".join(map(_run, parsed(held[f"word/{name}.xml"]).iter())) for name in ("header", "footer"))
    _require_marked(top, bottom, marking)
    return "".join(map(_run, parsed(held["word/document.xml"]).iter()))


def words_in_opendocument(content: bytes, marking: str) -> str:
    """Return the body text of an OpenDocument file.

    Raises:
        Undeliverable: its pages do not carry the marking at the top and bottom.
    """
    held = unpacked(content, ("content.xml", "styles.xml"), "an OpenDocument text")
    page = parsed(held["styles.xml"]).find(f"{_OFFICE}master-styles/{_STYLE}master-page")
    top, bottom = ("" if page is None else "".join(_said(page.find(_STYLE + side))) for side in ("header", "footer"))
    _require_marked(top, bottom, marking)
    return "".join(_said(parsed(held["content.xml"]).find(f"{_OFFICE}body/{_OFFICE}text")))


def words_in_page(content: bytes, marking: str) -> str:
    """Return the text of the main part of a web page.

    Raises:
        Undeliverable: it does not carry the marking above and below.
    """
    tree = LexborHTMLParser(content.decode())
    top, main, bottom = ("".join(_shown(tree.css_first(part))) for part in ("header", "main", "footer"))
    _require_marked(top, bottom, marking)
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


def _run(element: Element) -> str:
    if element.tag == f"{_WORD}t":
        return element.text or ""
    if element.tag in {f"{_WORD}tab", f"{_WORD}br", f"{_WORD}p"}:
        return "\t" if element.tag.endswith("tab") else "\n"
    return ""


def _require_marked(top: str, bottom: str, marking: str) -> None:
    # Only the first line of the footer, because a page number may follow on the next.
    if not top.strip() == bottom.strip().split("\n")[0] == marking:
        raise Undeliverable("the file does not bear its marking at the top and at the bottom; it was not handed over")


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
