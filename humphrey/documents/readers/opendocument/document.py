"""Reader of OpenDocument texts: their XML is rewritten as HTML, which is read like any page.

No library is used: the only maintained one fails on files that departments have really published.
"""

from collections.abc import Iterator
from html import escape
from xml.etree.ElementTree import Element

from humphrey.documents.model import Document, Imprint
from humphrey.documents.readers.base import RawFile, build_document, date_value
from humphrey.documents.readers.markup import from_html
from humphrey.documents.readers.zip_archives import parsed, unpacked
from humphrey.errors import DocumentError

_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"


_TEXT, _TABLE, _OFFICE, _STYLE, _SVG, _FO = (
    f"{_OASIS}{name}:1.0}}" for name in ("text", "table", "office", "style", "svg-compatible", "xsl-fo-compatible")
)


_DC = "{http://purl.org/dc/elements/1.1/}"


# Content that a reader of the text does not see, or that is not the author's text.
_SKIPPED = frozenset(
    {f"{_TEXT}{name}" for name in ("table-of-content", "tracked-changes", "sequence-decls", "hidden-text", "number")}
    | {f"{_SVG}title", f"{_SVG}desc", f"{_OFFICE}annotation", f"{_OFFICE}forms"}
    | {f"{_TABLE}covered-table-cell", f"{_TEXT}bookmark-ref"}
)


_WRAPS = {
    f"{_TEXT}list": "ul",
    f"{_TEXT}list-item": "li",
    f"{_TEXT}list-header": "li",
    f"{_TABLE}table": "table",
    f"{_TABLE}table-header-rows": "thead",
}


_READ = ("content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml")


_MOST_REPEATED = 50
"""The most blanks or equal cells that a repeat count may produce."""


_MOST_WORDS = 25
"""The longest bold paragraph that counts as a heading, in words."""


_UNRANKED = 4
"""The level of a heading that is recognised only by its bold letters."""


_DEEPEST_CHAIN = 30
"""The longest chain of parent styles that is followed; a broken file may have a cycle."""


def read_odt(raw: RawFile) -> Document:
    """Read an OpenDocument text. The title is its title property, else its first heading, else the file name."""
    parts = unpacked(raw.content, _READ, "an OpenDocument text")
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise DocumentError("is locked with a password; save it without one")
    if "content.xml" not in parts:
        raise DocumentError("is not an OpenDocument text, or is broken; open it, save it afresh and try again")
    root = parsed(parts["content.xml"])
    meta = parsed(parts["meta.xml"]) if "meta.xml" in parts else Element("none")
    named = parsed(parts["styles.xml"]) if "styles.xml" in parts else Element("none")
    plain = from_html(_Html(root, named).written(), _said(meta, "title"))
    opening = plain.headings[0].title if plain.headings and not plain.headings[0].start else ""
    title = _said(meta, "title") or opening or plain.title or raw.title
    updated = date_value(_said(meta, "date") or None, "a date of change")
    return build_document(raw.id, Imprint(title, "", updated=updated), plain, _margins(named))


def _margins(named: Element) -> str:
    """Return the words of the page headers, footers and drawings of every page style, a line for each paragraph."""
    paragraphs = (each for page in named.iter(f"{_STYLE}master-page") for each in page.iter(f"{_TEXT}p"))
    return "\n".join(dict.fromkeys(" ".join("".join(each.itertext()).split()) for each in paragraphs))


def _said(meta: Element, name: str) -> str:
    found = meta.find(f".//{_DC}{name}")
    return " ".join((found.text or "").split()) if found is not None else ""


class _Html:
    """The HTML of one text."""

    def __init__(self, root: Element, named: Element) -> None:
        self._body = root.find(f"{_OFFICE}body/{_OFFICE}text")
        # Automatic styles in content.xml come second, because they override named ones of the same name.
        self._styles = {
            style.get(f"{_STYLE}name", ""): style for tree in (named, root) for style in tree.iter(f"{_STYLE}style")
        }
        self._notes: list[str] = []
        self._in_table = 0

    def written(self) -> str:
        if self._body is None:
            raise DocumentError("is an OpenDocument file but no text; save it as .odt")
        text = "".join(self._inside(self._body))
        return f"<main>{text}<ol>{''.join(self._notes)}</ol></main>"

    def _inside(self, element: Element) -> Iterator[str]:
        yield escape(element.text or "")
        for child in element:
            if child.tag not in _SKIPPED and self._look(child, f"{_TEXT}display") != "none":
                yield self._element(child)
            yield escape(child.tail or "")

    def _element(self, element: Element) -> str:
        tag = element.tag
        if tag == f"{_TEXT}note":
            return self._note(element)
        if tag == f"{_TEXT}s":
            return " " * min(_repeated(element, f"{_TEXT}c"), _MOST_REPEATED)
        if tag in {f"{_TEXT}tab", f"{_TEXT}line-break"}:
            return " " if tag.endswith("tab") else "<br>"
        self._in_table += tag == f"{_TABLE}table"
        inside = "".join(self._inside(element))
        self._in_table -= tag == f"{_TABLE}table"
        if tag == f"{_TEXT}h":
            return _wrapped(f"h{min(_repeated(element, f'{_TEXT}outline-level'), 6)}", inside)
        if tag == f"{_TEXT}p":
            return self._paragraph(element, inside)
        if tag == f"{_TABLE}table-row":
            return _wrapped("tr", inside)
        if tag == f"{_TABLE}table-cell":
            return _cell(element, inside)
        return _wrapped(_WRAPS[tag], inside) if tag in _WRAPS else inside

    def _paragraph(self, element: Element, inside: str) -> str:
        """Return a paragraph as HTML. A short bold one is a heading, or bold text in a table."""
        words = "".join(element.itertext()).split()
        if not words or not self._bold(element):
            return _wrapped("p", inside)
        if self._in_table:
            return _wrapped("p", _wrapped("b", inside))
        # A heading is short and does not end like a sentence or a clause.
        title = len(words) <= _MOST_WORDS and not words[-1].endswith((".", ",", ";"))
        return _wrapped(f"h{_UNRANKED}" if title else "p", inside)

    def _bold(self, paragraph: Element) -> bool:
        """Return whether every word of a paragraph is bold."""
        own = self._look(paragraph, f"{_FO}font-weight") == "bold"
        if own or (paragraph.text or "").strip() or any((child.tail or "").strip() for child in paragraph):
            return own and not any(self._look(child, f"{_FO}font-weight") == "normal" for child in paragraph)
        written = [child for child in paragraph if "".join(child.itertext()).strip()]
        return all(self._look(child, f"{_FO}font-weight") == "bold" for child in written)

    def _look(self, element: Element, name: str) -> str:
        """Return a text property of an element's style or of its parent styles; empty if none sets it."""
        style = self._styles.get(element.get(f"{_TEXT}style-name", ""))
        for _ in range(_DEEPEST_CHAIN):
            if style is None:
                break
            for properties in style.findall(f"{_STYLE}text-properties"):
                if said := properties.get(name):
                    return said
            style = self._styles.get(style.get(f"{_STYLE}parent-style-name", ""))
        return ""

    def _note(self, note: Element) -> str:
        """Return the mark of a note and move its text to the end."""
        citation, body = note.find(f"{_TEXT}note-citation"), note.find(f"{_TEXT}note-body")
        mark = escape("".join(citation.itertext()).strip()) if citation is not None else "*"
        text = "".join(self._inside(body)) if body is not None else ""
        n = len(self._notes) + 1
        self._notes.append(f'<li id="footnote-{n}">{text}</li>')
        return f'<a href="#footnote-{n}">[{mark}]</a>'


def _wrapped(tag: str, inside: str) -> str:
    return f"<{tag}>{inside}</{tag}>"


def _cell(cell: Element, inside: str) -> str:
    across = _repeated(cell, f"{_TABLE}number-columns-spanned")
    down = _repeated(cell, f"{_TABLE}number-rows-spanned")
    one = f'<td colspan="{across}" rowspan="{down}">{inside}</td>'
    # A row ends with one empty cell that repeats for all unused columns, often a thousand.
    times = _repeated(cell, f"{_TABLE}number-columns-repeated")
    return one * (min(times, _MOST_REPEATED) if inside.strip() or times < _MOST_REPEATED else 1)


def _repeated(element: Element, name: str) -> int:
    value = element.get(name, "1")
    # Six digits bound the number that a hostile file can give.
    return max(1, int(value[:6])) if value.isascii() and value.isdigit() else 1
