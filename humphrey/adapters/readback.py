"""The words of a file that humphrey made, read back from its bytes by other means than those that wrote it.

Office files are taken apart as archives of XML, a page by an HTML parser, a PDF by PDFium. What comes back is every
word in reading order, a line for a line, but for the lines at the top and the bottom of a file's pages.
"""

from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

from selectolax.lexbor import LexborHTMLParser, LexborNode

from humphrey.adapters.pdf import drawn_text
from humphrey.adapters.zipped import parsed, unpacked
from humphrey.core.blocks import as_drawn
from humphrey.core.sheets import Format
from humphrey.errors import Undeliverable

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_BLOCKS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "br"})


def words_in_word(content: bytes, _marking: str) -> str:
    """The words of a Word file's body."""
    root = parsed(unpacked(content, ("word/document.xml",), "a Word file")["word/document.xml"])
    return "".join(_run(element) for element in root.iter())


def words_in_opendocument(content: bytes, _marking: str) -> str:
    """The words of an OpenDocument text's body."""
    root = parsed(unpacked(content, ("content.xml",), "an OpenDocument text")["content.xml"])
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    return "" if body is None else "".join(_said(body))


def words_in_page(content: bytes, _marking: str) -> str:
    """The words of the main part of a web page."""
    main = LexborHTMLParser(content.decode()).css_first("main")
    return "" if main is None else "".join(_shown(main))


def words_in_pdf(content: bytes, marking: str) -> str:
    """The words of a PDF's pages.

    Raises:
        Undeliverable: a page does not bear its marking at its top and its bottom.
    """
    pages = drawn_text(content)
    return "\n".join(_inside(page, as_drawn(marking), n, len(pages)) for n, page in enumerate(pages, start=1))


READ_BACK: Mapping[Format, Callable[[bytes, str], str]] = {
    "docx": words_in_word,
    "odt": words_in_opendocument,
    "html": words_in_page,
    "pdf": words_in_pdf,
}
"""How each form is read back, told its marking."""


def _run(element: Element) -> str:
    if element.tag == f"{_WORD}t":
        return element.text or ""
    if element.tag in {f"{_WORD}tab", f"{_WORD}br", f"{_WORD}p"}:
        return "\t" if element.tag.endswith("tab") else "\n"
    return ""


def _said(element: Element) -> Iterator[str]:
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


def _shown(node: LexborNode) -> Iterator[str]:
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if tag == "-text":
            yield child.text(deep=False)
        else:
            yield "\n" if tag in _BLOCKS else ""
            yield from _shown(child)


def _inside(page: str, marking: str, n: int, pages: int) -> str:
    """A page without its first and last lines, which say the marking and which page it is; blanks are left out."""
    signs, below = as_drawn(page), f"{marking}{n}of{pages}"
    if not (signs.startswith(marking) and signs.endswith(below) and len(signs) >= len(marking) + len(below)):
        raise Undeliverable(f"page {n} of the PDF does not bear its marking; it was not handed over")
    return signs[len(marking) : len(signs) - len(below)]
