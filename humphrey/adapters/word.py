"""Word files become documents, numbers and headings as a reader sees them.

A first pass over the file writes out what Word computes when it shows a page: the numbers before paragraphs, and which
paragraphs are headings, be it by their style, their outline level or because they stand alone in bold. It drops what
nobody sees (hidden words) and what is not the text (the table of contents). Mammoth turns the rest into HTML.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import mammoth

from humphrey.adapters.markup import from_html
from humphrey.adapters.numbering import Mark, Numbering, W, numbering
from humphrey.adapters.reading import Raw, day, made
from humphrey.adapters.wordstyles import Look, Styles, styles
from humphrey.adapters.zipped import parsed, unpacked
from humphrey.core.guidance import Document, Imprint
from humphrey.errors import DocumentError

_BODY = "word/document.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_READ = (_BODY, *_NOTES, "word/styles.xml", "word/numbering.xml", "docProps/core.xml")
_STYLE_MAP = "\n".join([*(f"p.Heading{n} => h{n}:fresh" for n in range(1, 7)), "p.Item => ul > li:fresh"])
_CONTENTS = re.compile(r"(table of )?contents( page)?", re.IGNORECASE)
_TOO_LONG = 25
"""Words above which a paragraph is none of a page's headings, whatever its style."""

_ITEM_FORMS = frozenset({"bullet", "lowerLetter", "upperLetter", "lowerRoman", "upperRoman"})
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PICTURES = frozenset(
    {"{http://schemas.openxmlformats.org/drawingml/2006/main}blip", "{urn:schemas-microsoft-com:vml}imagedata"}
)
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"


def read_docx(raw: Raw) -> Document:
    """A Word file; its title is the one at its top, else that of its properties, else its file's name."""
    parts = unpacked(raw.content, _READ, "a Word file")
    if _BODY not in parts:
        raise DocumentError("is not a Word file, or is broken; open it, save it afresh and try again")
    trees = {name: parsed(xml) for name, xml in parts.items()}
    looks = styles(trees.get("word/styles.xml"))
    shown = {name: trees[name] for name in (_BODY, *_NOTES) if name in trees}
    for tree in shown.values():
        _drop(tree, looks)
    title = _Pass(looks, numbering(trees.get("word/numbering.xml"))).run(trees[_BODY])
    properties = trees.get("docProps/core.xml", Element("none"))
    title = title or _said(properties, f"{_DC}title") or raw.title
    updated = day(_said(properties, f"{_TERMS}modified") or None, "a date of change")
    return made(raw.id, Imprint(title, "", updated=updated), from_html(_html(shown), title))


def _said(properties: Element, name: str) -> str:
    found = properties.find(name)
    return " ".join((found.text or "").split()) if found is not None else ""


def _html(shown: Mapping[str, Element]) -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, tree in shown.items():
            archive.writestr(name, ElementTree.tostring(tree))
    packed.seek(0)
    return str(mammoth.convert_to_html(packed, style_map=_STYLE_MAP, include_default_style_map=False).value)


class _Pass:
    """The first pass over a file's body: writes into it what Word would compute."""

    def __init__(self, looks: Styles, lists: Numbering) -> None:
        self._styles = looks
        self._lists = lists
        self._level = 1
        self._top: list[str] = []
        self._at_top = True
        self._contents = False

    def run(self, root: Element) -> str:
        """Mark every paragraph; the title that stands at the top, empty where none does."""
        cells = {id(p) for cell in root.iter(f"{W}tc") for p in cell.iter(f"{W}p")}
        self._contents = any(self._styles.is_contents(_style(p)) for p in root.iter(f"{W}p"))
        for paragraph in root.iter(f"{W}p"):
            self._paragraph(paragraph, in_cell=id(paragraph) in cells)
        return " ".join(self._top)

    def _paragraph(self, paragraph: Element, *, in_cell: bool) -> None:
        style = _style(paragraph)
        text = " ".join(_text(paragraph).split())
        if self._styles.is_contents(style) or (self._contents and _CONTENTS.fullmatch(text)):
            paragraph[:] = []
            return
        look = self._styles.look(style, paragraph)
        mark = self._mark(look, style)
        level = 0 if in_cell or not text else self._heading(look, text)
        self._title(look, text, level)
        kind = f"Heading{level}" if level else "Item" if mark is not None and mark.form in _ITEM_FORMS else ""
        _rewrite(paragraph, kind, mark.text if mark is not None and text else "")

    def _mark(self, look: Look, style: str) -> Mark | None:
        if look.number in {"", "0"}:
            return None
        depth = look.depth if look.depth is not None else self._lists.level_of(look.number, style)
        return self._lists.mark(look.number, depth)

    def _heading(self, look: Look, text: str) -> int:
        """The level of a paragraph as a heading, 0 where it is none."""
        words = len(text.split())
        if words > _TOO_LONG or not re.search(r"[^\W\d_]{2}", text):
            return 0
        ends = text.endswith((".", ";", ",")) and words > 3
        if look.outline is not None and (look.stands_out or look.named_heading) and not (ends and words > 12):
            self._level = min(look.outline + 1, 5)
            return self._level
        return min(self._level + 1, 6) if (look.bold or look.called_heading) and not ends else 0

    def _title(self, look: Look, text: str, level: int) -> None:
        """Collect the lines at the top of the file that stand out; they are its title."""
        if not self._at_top or not text:
            return
        if look.is_title or (level and look.outline is None) or (look.centred and len(text.split()) <= _TOO_LONG):
            self._top.append(text)
        else:
            self._at_top = False
            self._top = self._top or ([text] if level else [])
        self._at_top = self._at_top and len(self._top) < 4


def _style(paragraph: Element) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else found.get(f"{W}val", "")


def _text(paragraph: Element) -> str:
    """The paragraph's words, without those of a text box in it."""
    words: list[str] = []
    waiting = list(paragraph)[::-1]
    while waiting:
        node = waiting.pop()
        if node.tag == f"{W}t":
            words.append(node.text or "")
        elif node.tag in {f"{W}tab", f"{W}br"}:
            words.append(" ")
        elif node.tag not in {f"{W}p", f"{W}txbxContent", f"{W}pPr", f"{W}del", f"{W}moveFrom"}:
            waiting.extend(list(node)[::-1])
    return "".join(words)


def _drop(root: Element, looks: Styles) -> None:
    """Drop what nobody sees or reads, and where links and pictures point to, which may be nowhere."""
    for parent in list(root.iter()):
        parent.attrib.pop(_LINK, None)
        for child in [each for each in parent if _is_dropped(each, looks)]:
            parent.remove(child)


def _is_dropped(element: Element, looks: Styles) -> bool:
    if element.tag == f"{W}r":
        return looks.is_hidden(element)
    return element.tag in _PICTURES or (element.tag == f"{W}sdt" and _is_contents_gallery(element))


def _is_contents_gallery(control: Element) -> bool:
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(f"{W}val") == "Table of Contents"


def _rewrite(paragraph: Element, kind: str, number: str) -> None:
    """Leave of a paragraph's properties only what it is, and write its number before its words."""
    properties = paragraph.find(f"{W}pPr")
    if properties is not None:
        deleted = properties.findall(f"{W}rPr")
        properties[:] = deleted
    else:
        properties = Element(f"{W}pPr")
        paragraph.insert(0, properties)
    if kind:
        properties.insert(0, Element(f"{W}pStyle", {f"{W}val": kind}))
    if number:
        run = Element(f"{W}r")
        words = ElementTree.SubElement(run, f"{W}t")
        words.text = number + " "
        paragraph.insert(1, run)
