"""Reader of OpenDocument texts: their XML is rewritten as HTML, which is read like any page.

No library is used: the only maintained one fails on files that departments have really published.
"""

from collections.abc import Iterator
from html import escape
from xml.etree.ElementTree import Element

from humphrey.documents.model import Document, Imprint, OmissionKind
from humphrey.documents.readers.base import RawFile, build_document, date_value
from humphrey.documents.readers.html.nodes import NUMBER_ATTRIBUTE
from humphrey.documents.readers.markup import from_html
from humphrey.documents.readers.opendocument.numbering import XML_ID, TextNumbers
from humphrey.documents.readers.opendocument.styles import DRAW, FO, FORM, OFFICE, STYLE, SVG, TABLE, TEXT, styles
from humphrey.documents.readers.plain_text import omit
from humphrey.documents.readers.zip_archives import parsed, unpacked
from humphrey.errors import DocumentError

_DC = "{http://purl.org/dc/elements/1.1/}"


# Content that a reader of the text does not see, or that is not the author's text, with the reason that is listed.
_SKIPPED: dict[str, OmissionKind | None] = {
    f"{TEXT}table-of-content": "contents",
    f"{TEXT}tracked-changes": "deleted",
    f"{OFFICE}annotation": "comment",
    f"{TEXT}sequence-decls": None,
    f"{TEXT}number": None,
    f"{SVG}title": None,
    f"{SVG}desc": None,
    f"{OFFICE}forms": None,
    f"{TABLE}covered-table-cell": None,
}


# Drawings without words, unless text stands in them.
_PICTURES: dict[str, OmissionKind] = {
    f"{DRAW}image": "picture",
    f"{DRAW}object": "embedded",
    f"{DRAW}object-ole": "embedded",
    f"{DRAW}plugin": "embedded",
}


# Text that stands only under a condition; the file says how it came out.
_CONDITIONAL = frozenset({f"{TEXT}hidden-text", f"{TEXT}conditional-text"})


_WRAPS = {
    f"{TABLE}table-row": "tr",
    f"{TEXT}list-header": "li",
    f"{TABLE}table": "table",
    f"{TABLE}table-header-rows": "thead",
}


_READ = ("content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml")


_MOST_REPEATED = 50
"""The most blanks or equal cells that a repeat count may produce."""


_MOST_WORDS = 25
"""The longest bold paragraph that counts as a heading, in words."""


_UNRANKED = 4
"""The level of a heading that is recognised only by its bold letters."""


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
    paragraphs = (each for page in named.iter(f"{STYLE}master-page") for each in page.iter(f"{TEXT}p"))
    return "\n".join(dict.fromkeys(" ".join("".join(each.itertext()).split()) for each in paragraphs))


def _said(meta: Element, name: str) -> str:
    found = meta.find(f".//{_DC}{name}")
    return " ".join((found.text or "").split()) if found is not None else ""


class _Html:
    """The HTML of one text."""

    def __init__(self, root: Element, named: Element) -> None:
        self._body = root.find(f"{OFFICE}body/{OFFICE}text")
        self._styles = styles(named, root)
        self._numbers = TextNumbers(self._styles, named, root)
        self._filled = {
            each.get(f"{FORM}id") or each.get(XML_ID): _filled_in(each) for each in root.iter() if _is_field(each)
        }
        self._notes: list[str] = []
        self._in_table = 0
        self._described = ""

    def written(self) -> str:
        if self._body is None:
            raise DocumentError("is an OpenDocument file but no text; save it as .odt")
        text = "".join(self._inside(self._body))
        return f"<main>{text}<ol>{''.join(self._notes)}</ol></main>"

    def _inside(self, element: Element) -> Iterator[str]:
        yield escape(element.text or "")
        for child in element:
            if not self._is_left_out(child):
                yield self._element(child)
            yield escape(child.tail or "")

    def _is_left_out(self, element: Element) -> bool:
        """Return whether an element is no part of the text, and list it."""
        kind = _SKIPPED.get(element.tag)
        if kind is None and (_is_switched_off(element) or self._styles.is_hidden(element)):
            kind = "hidden"
        elif kind is None and self._styles.is_struck(element):
            kind = "struck"
        if kind is not None:
            omit(kind, _words(element))
        return kind is not None or element.tag in _SKIPPED

    def _element(self, element: Element) -> str:
        tag = element.tag
        if tag in _PICTURES:
            return self._picture(element)
        if tag in _CONDITIONAL:
            return escape(element.get(f"{TEXT}string-value") or element.text or "")
        if tag == f"{TEXT}note":
            return self._note(element)
        if tag == f"{TEXT}s":
            return " " * min(_repeated(element, f"{TEXT}c"), _MOST_REPEATED)
        if tag in {f"{TEXT}tab", f"{TEXT}line-break"}:
            return " " if tag.endswith("tab") else "<br>"
        if tag == f"{DRAW}control":
            return escape(self._filled.get(element.get(f"{DRAW}control"), ""))
        return self._block(element)

    def _block(self, element: Element) -> str:
        tag = element.tag
        if tag == f"{TEXT}list":
            return self._list(element)
        if tag == f"{DRAW}frame":
            self._described = next((_words(each) for each in element if each.tag in {f"{SVG}desc", f"{SVG}title"}), "")
        if tag == f"{TEXT}list-item":
            return self._item(element)
        self._in_table += tag == f"{TABLE}table"
        inside = self._heading_number(element) + "".join(self._inside(element))
        self._in_table -= tag == f"{TABLE}table"
        if tag == f"{TEXT}h":
            return _wrapped(f"h{min(_repeated(element, f'{TEXT}outline-level'), 6)}", inside)
        if tag == f"{TEXT}p":
            return self._paragraph(element, inside)
        if tag == f"{TABLE}table-cell":
            return _cell(element, inside)
        if tag == f"{TEXT}span" and (level := self._styles.level(element)):
            return _wrapped(level, inside)
        return _wrapped(_WRAPS[tag], inside) if tag in _WRAPS else inside

    def _list(self, listed: Element) -> str:
        self._numbers.enter(listed)
        inside = "".join(self._inside(listed))
        self._numbers.leave()
        return _wrapped("ul", inside)

    def _item(self, item: Element) -> str:
        number = escape(self._numbers.item(item))
        return f'<li {NUMBER_ATTRIBUTE}="{number}">{"".join(self._inside(item))}</li>'

    def _heading_number(self, element: Element) -> str:
        """Return the number before a heading outside lists, with a blank; empty for other elements."""
        if element.tag != f"{TEXT}h" or not _words(element):
            return ""
        number = self._numbers.heading(element, _repeated(element, f"{TEXT}outline-level"))
        return escape(f"{number} ") if number else ""

    def _picture(self, picture: Element) -> str:
        """Return the words inside a picture or object, which mostly has none, and list it."""
        inside = "".join(self._inside(picture))
        if not inside.strip():
            omit(_PICTURES[picture.tag], self._described)
        return inside

    def _paragraph(self, element: Element, inside: str) -> str:
        """Return a paragraph as HTML. A short bold one is a heading, or bold text in a table."""
        words = _words(element).split()
        if not words or not self._bold(element):
            return _wrapped("p", inside)
        if self._in_table:
            return _wrapped("p", _wrapped("b", inside))
        # A heading is short and does not end like a sentence or a clause.
        title = len(words) <= _MOST_WORDS and not words[-1].endswith((".", ",", ";"))
        return _wrapped(f"h{_UNRANKED}" if title else "p", inside)

    def _bold(self, paragraph: Element) -> bool:
        """Return whether every word of a paragraph is bold."""
        own = self._styles.look(paragraph, f"{FO}font-weight") == "bold"
        if own or (paragraph.text or "").strip() or any((child.tail or "").strip() for child in paragraph):
            return own and not any(self._styles.look(child, f"{FO}font-weight") == "normal" for child in paragraph)
        written = [child for child in paragraph if "".join(child.itertext()).strip()]
        return all(self._styles.look(child, f"{FO}font-weight") == "bold" for child in written)

    def _note(self, note: Element) -> str:
        """Return the mark of a note and move its text to the end."""
        citation, body = note.find(f"{TEXT}note-citation"), note.find(f"{TEXT}note-body")
        mark = escape("".join(citation.itertext()).strip()) if citation is not None else "*"
        text = "".join(self._inside(body)) if body is not None else ""
        n = len(self._notes) + 1
        self._notes.append(f'<li id="footnote-{n}">{text}</li>')
        return f'<a href="#footnote-{n}">[{mark}]</a>'


def _words(element: Element) -> str:
    """Return the words of an element on one line."""
    return " ".join("".join(element.itertext()).split())


def _is_switched_off(element: Element) -> bool:
    """Return whether a section, a paragraph or a text is hidden, whatever its style."""
    if element.tag == f"{TEXT}section" and element.get(f"{TEXT}display") == "none":
        return True
    inside = element.iter(f"{TEXT}hidden-paragraph") if element.tag in {f"{TEXT}p", f"{TEXT}h"} else ()
    return any(each.get(f"{TEXT}is-hidden") == "true" for each in (element, *inside))


def _is_field(element: Element) -> bool:
    return element.tag.startswith(FORM) and (element.get(f"{FORM}id") or element.get(XML_ID)) is not None


def _filled_in(field: Element) -> str:
    """Return what was filled into a field of a form."""
    if field.tag in {f"{FORM}checkbox", f"{FORM}radio"}:
        ticked = (field.get(f"{FORM}current-state") or field.get(f"{FORM}state")) == "checked"
        ticked = ticked or field.get(f"{FORM}current-selected") == "true"
        box = "\N{BALLOT BOX WITH X}" if ticked else "\N{BALLOT BOX}"
        return f"{box} {field.get(f'{FORM}label', '')}"
    if field.tag in {f"{FORM}button", f"{FORM}password", f"{FORM}hidden"}:
        return ""
    return field.get(f"{FORM}current-value") or field.get(f"{FORM}value") or ""


def _wrapped(tag: str, inside: str) -> str:
    return f"<{tag}>{inside}</{tag}>"


def _cell(cell: Element, inside: str) -> str:
    across = _repeated(cell, f"{TABLE}number-columns-spanned")
    down = _repeated(cell, f"{TABLE}number-rows-spanned")
    one = f'<td colspan="{across}" rowspan="{down}">{inside}</td>'
    # A row ends with one empty cell that repeats for all unused columns, often a thousand.
    times = _repeated(cell, f"{TABLE}number-columns-repeated")
    return one * (min(times, _MOST_REPEATED) if inside.strip() or times < _MOST_REPEATED else 1)


def _repeated(element: Element, name: str) -> int:
    value = element.get(name, "1")
    # Six digits bound the number that a hostile file can give.
    return max(1, int(value[:6])) if value.isascii() and value.isdigit() else 1
