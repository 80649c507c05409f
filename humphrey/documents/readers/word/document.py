"""Reader of Word files, with numbers and headings as a reader sees them.

What a reader does not see is taken out first. A pass then writes into the file what Word computes for display:
paragraph numbers, and which paragraphs are headings by style, outline level or standing alone in bold. Mammoth converts
the rest to HTML.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import mammoth

from humphrey.documents.model import Document, Imprint
from humphrey.documents.readers.base import RawFile, build_document, date_value
from humphrey.documents.readers.markup import from_html
from humphrey.documents.readers.plain_text import omit
from humphrey.documents.readers.word.contents import simplify, take_out, words_in
from humphrey.documents.readers.word.numbering import ListNumber, Numbering, W, numbering
from humphrey.documents.readers.word.styles import Look, Styles, styles
from humphrey.documents.readers.zip_archives import parsed, unpacked, unpacked_like
from humphrey.errors import DocumentError

_BODY = "word/document.xml"


_NOTES = ("word/footnotes.xml", "word/endnotes.xml")


_COMMENTS = "word/comments.xml"


_READ = (_BODY, *_NOTES, _COMMENTS, "word/styles.xml", "word/numbering.xml", "docProps/core.xml")


_DEEPEST = 9
"""The levels of lists in Word."""


# The first pass renames every style to one of these; all other paragraphs become plain ones.
_STYLE_MAP = "\n".join(
    [f"p.Heading{n} => h{n}:fresh" for n in range(1, 7)]
    + [f"p.Item{n} => {'ul > li > ' * (n - 1)}ul > li:fresh" for n in range(1, _DEEPEST + 1)]
)


# The heading of a table of contents, which Word writes as ordinary text.
_CONTENTS = re.compile(r"(table of )?contents( page)?", re.IGNORECASE)


_TOO_LONG = 25
"""The most words of a heading; longer paragraphs are text, whatever their style."""


_ITEM_FORMS = frozenset({"bullet", "lowerLetter", "upperLetter", "lowerRoman", "upperRoman"})
"""Number formats of list items; decimally numbered paragraphs stay paragraphs and keep their number.

One inside a list whose number does not name the one above is an item, since nothing else would say what it belongs to.
"""


# The headers and footers of every section: of first, odd and even pages.
_AROUND = re.compile(r"word/(?:header|footer)\d*\.xml")


_WATERMARK = "{urn:schemas-microsoft-com:vml}textpath"


_DC = "{http://purl.org/dc/elements/1.1/}"


_TERMS = "{http://purl.org/dc/terms/}"


def read_docx(raw: RawFile) -> Document:
    """Read a Word file. The title is the one at its top, else its title property, else the file name."""
    parts = unpacked(raw.content, _READ, "a Word file")
    if _BODY not in parts:
        raise DocumentError("is not a Word file, or is broken; open it, save it afresh and try again")
    trees = {name: parsed(xml) for name, xml in parts.items()}
    around = [trees[_BODY], *(parsed(xml) for xml in unpacked_like(raw.content, _AROUND))]
    margins = "\n".join(dict.fromkeys(line for n, tree in enumerate(around) for line in _margins(tree, boxes=n == 0)))
    looks = styles(trees.get("word/styles.xml"))
    shown = {name: trees[name] for name in (_BODY, *_NOTES) if name in trees}
    for tree in shown.values():
        simplify(tree)
        take_out(tree, looks)
    for remark in trees.get(_COMMENTS, Element("none")).iter(f"{W}comment"):
        omit("comment", words_in(remark))
    title = _Pass(looks, numbering(trees.get("word/numbering.xml"))).run(trees[_BODY])
    properties = trees.get("docProps/core.xml", Element("none"))
    title = title or _said(properties, f"{_DC}title") or raw.title
    updated = date_value(_said(properties, f"{_TERMS}modified") or None, "a date of change")
    return build_document(raw.id, Imprint(title, "", updated=updated), from_html(_html(shown), title), margins)


def _margins(tree: Element, *, boxes: bool) -> Iterator[str]:
    """Yield the paragraphs of a page header or footer, or only those of text boxes, and the words of watermarks."""
    roots = tree.iter(f"{W}txbxContent") if boxes else iter((tree,))
    for root in roots:
        for paragraph in root.iter(f"{W}p"):
            yield " ".join(_text(paragraph).split())
    yield from (mark.get("string", "") for mark in tree.iter(_WATERMARK))


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
    """The first pass over the body of a file: it writes into it what Word would compute."""

    def __init__(self, looks: Styles, lists: Numbering) -> None:
        self._styles = looks
        self._lists = lists
        self._level = 1
        self._top: list[str] = []
        self._at_top = True
        self._contents = False
        self._open_items: list[int] = []

    def run(self, root: Element) -> str:
        """Mark every paragraph; return the title at the top, empty if there is none."""
        cells = {id(p) for cell in root.iter(f"{W}tc") for p in cell.iter(f"{W}p")}
        self._contents = any(self._styles.is_contents(_style(p)) for p in root.iter(f"{W}p"))
        for paragraph in root.iter(f"{W}p"):
            self._paragraph(paragraph, in_cell=id(paragraph) in cells)
        return " ".join(self._top)

    def _paragraph(self, paragraph: Element, *, in_cell: bool) -> None:
        style = _style(paragraph)
        text = " ".join(_text(paragraph).split())
        if self._styles.is_contents(style) or (self._contents and _CONTENTS.fullmatch(text)):
            omit("contents", text)
            paragraph[:] = []
            return
        look = self._styles.look(style, paragraph)
        if look.hidden and not text:
            return
        mark = self._mark(look, style)
        level = 0 if in_cell or not text else self._heading(look, text)
        self._title(look, text, level)
        depth = self._depth(mark, is_item=bool(text) and not level)
        kind = f"Heading{level}" if level else f"Item{depth}" if depth else ""
        _rewrite(paragraph, kind, mark.text if mark is not None and text else "")

    def _mark(self, look: Look, style: str) -> ListNumber | None:
        if look.number in {"", "0"}:
            return None
        depth = look.depth if look.depth is not None else self._lists.level_of(look.number, style)
        return self._lists.mark(look.number, depth)

    def _depth(self, mark: ListNumber | None, *, is_item: bool) -> int:
        """Return how deep in a list a paragraph stands, counted from 1; 0 for a paragraph outside lists."""
        if not is_item or mark is None or not (mark.form in _ITEM_FORMS or mark.only_its_own):
            self._open_items.clear()
            return 0
        self._open_items = [above for above in self._open_items if above < mark.depth] + [mark.depth]
        return len(self._open_items)

    def _heading(self, look: Look, text: str) -> int:
        """Return the heading level of a paragraph, 0 for none."""
        words = len(text.split())
        # Two letters in a row tell a heading from a number or a line of signs.
        if words > _TOO_LONG or not re.search(r"[^\W\d_]{2}", text):
            return 0
        # Text that ends like a sentence is a heading only if very short, or with an outline level and at most 12 words.
        ends = text.endswith((".", ";", ",")) and words > 3
        if look.outline is not None and (look.stands_out or look.named_heading) and not (ends and words > 12):
            # At most 5, which leaves level 6 for bold headings below it.
            self._level = min(look.outline + 1, 5)
            return self._level
        return min(self._level + 1, 6) if (look.bold or look.called_heading) and not ends else 0

    def _title(self, look: Look, text: str, level: int) -> None:
        """Collect the lines that stand out at the top of the file; they are its title."""
        if not self._at_top or not text:
            return
        if look.is_title or (level and look.outline is None) or (look.centred and len(text.split()) <= _TOO_LONG):
            self._top.append(text)
        else:
            self._at_top = False
            self._top = self._top or ([text] if level else [])
        # A title has at most four lines.
        self._at_top = self._at_top and len(self._top) < 4


def _style(paragraph: Element) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else found.get(f"{W}val", "")


def _text(paragraph: Element) -> str:
    """Return the text of a paragraph, without text boxes inside it."""
    words: list[str] = []
    # A stack instead of recursion, so that deeply nested files can be read.
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


def _rewrite(paragraph: Element, kind: str, number: str) -> None:
    """Reduce the properties of a paragraph to its kind, and write its number before its text."""
    properties = paragraph.find(f"{W}pPr")
    if properties is not None:
        # The properties of the paragraph mark stay, because they record whether it was deleted.
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
