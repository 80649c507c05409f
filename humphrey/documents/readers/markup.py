"""Conversion of HTML and Markdown to plain text that can be quoted.

Headings stand on their own lines and list items start with "- ", with their number where they have one. The reading
order of the page is kept. What a reader does not see, and what is struck through, is left out and listed. What does not
belong to the page (navigation, cookie banners) is dropped.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser, LexborNode

from humphrey.documents.readers.html.controls import list_pictures, read_controls
from humphrey.documents.readers.html.nodes import (
    INLINE,
    ListNumbers,
    level_of,
    outermost,
    remove,
    text_of,
    walk,
    words_of,
)
from humphrey.documents.readers.html.tables import frames, row_lines
from humphrey.documents.readers.html.visibility import take_out
from humphrey.documents.readers.plain_text import BREAK, PlainText, PlainTextWriter, clean, counting

_NOT_THE_PAGE = (
    "head, nav, footer, button, input, select, textarea, [role=navigation], [role=search], "
    '[id*="cookie-banner"], [class*="cookie-banner"], [id*="cookie-message"]'
)


_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


# Dropped only from pages without a main element: inside one, a header or aside is part of the page.
_AROUND_MAIN = "header, aside"


# What a person sees around the text of a page, and of its main element.
_BESIDE = (
    "header, footer, aside, nav, [role=navigation], [role=search], "
    '[id*="cookie-banner"], [class*="cookie-banner"], [id*="cookie-message"]'
)


# A list of contents says what the headings say, and a heading is no marking.
_CONTENTS = 'nav a[href^="#"], [role=navigation] a[href^="#"]'


# GOV.UK's pages write "fn:"; Mammoth and the OpenDocument reader write "footnote-" or "endnote-". Elsewhere a raised
# link within the page is a mark, whatever its address is called.
_NOTE_MARK = (
    'a[href^="#fn:"], a[href^="#footnote-"], a[href^="#endnote-"], a[role=doc-noteref], sup a[href*="#"], '
    'a[href*="#"]:has(> sup:only-child)'
)


_BACK_LINK = 'a[href^="#fnref:"], a[href^="#footnote-ref-"], a[href^="#endnote-ref-"], a[role=doc-backlink]'


_LOOSE_ROW = re.compile(r"<(/?)tr\b[^>]*>", re.IGNORECASE)


# Markdown Extra: `*[FOI]: Freedom of Information`. CommonMark allows at most three leading blanks.
_ABBREVIATION = re.compile(r"^[ ]{0,3}\*\[([^\]\n]+)\]:[ \t]*(.+)$", re.MULTILINE)


# A footnote with its continued lines, which CommonMark would take for the address of a link, and the mark that points
# at it.
_DEFINED = re.compile(r"^[ ]{0,3}\[\^([^\]\s]+)\]:[ \t]*((?:.+)(?:\n(?:[ ]{2,}|\t).+)*)", re.MULTILINE)


_MARK = re.compile(r"\[\^([^\]\s]+)\]")


# A header row whose first cell is empty and lacks its outer bar; one more bar keeps the columns in place.
_HEADLESS_COLUMN = re.compile(r"^[ ]*\|(.*\n[ ]*:?-+:?[ ]*\|)", re.MULTILINE)


_MOST_BRACKETS = 3_000
"""The most "[" in one block; no real page has so many. Finding links takes time quadratic in their number."""


# Two line ends, as a blank line in preformatted text or an empty line between two breaks.
_EMPTY_LINE = re.compile(rf"{BREAK}[ \t]*{BREAK}\s*")


_DEEPEST_LIST = 9
"""The levels of lists that are told apart, as in Word; a page that nests deeper is a trap."""


# HTML is off, so that tags in Markdown are shown as text and can hide nothing.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def from_markdown(markdown: str, title: str = "") -> PlainText:
    """Convert Markdown to plain text; its footnotes are numbered at the end.

    HTML inside it is kept as written, so that it can hide nothing.
    """
    short = dict(_ABBREVIATION.findall(markdown))
    body = _HEADLESS_COLUMN.sub(r"| |\1", _noted(_ABBREVIATION.sub("", markdown)))
    return _plain(LexborHTMLParser(_MARKDOWN.render(_bounded(body))), title, short)


def _noted(text: str) -> str:
    """Return Markdown with the numbers of its footnotes in the place of their marks, and the notes at the end."""
    notes = dict(_DEFINED.findall(text))
    numbers = {name: str(n) for n, name in enumerate(notes, start=1)}
    # A mark without a note stays as it was written, so that no reader looks for a missing note.
    text = _MARK.sub(lambda mark: rf"\[{numbers[mark[1]]}\]" if mark[1] in numbers else mark[0], _DEFINED.sub("", text))
    listed = [rf"- \[{numbers[name]}\] {' '.join(note.split())}" for name, note in notes.items()]
    return "\n".join([text.rstrip(), "", *listed]) if listed else text


def _bounded(markdown: str) -> str:
    """Escape the brackets of blocks that contain thousands of them.

    The link search would take time quadratic in their number; see `_MOST_BRACKETS`.
    """
    if markdown.count("[") <= _MOST_BRACKETS:
        return markdown
    blocks = re.split(r"(\n[ \t]*\n)", markdown)
    return "".join(block.replace("[", "\\[") if block.count("[") > _MOST_BRACKETS else block for block in blocks)


def from_html(html: str, title: str = "") -> PlainText:
    """Convert the main part of an HTML page, or an HTML fragment, to plain text."""
    if "<table" not in html.lower():
        # The parser drops rows outside a table and joins their words, so such rows become list items.
        html = _LOOSE_ROW.sub(r"<\1li>", html)
    return _plain(LexborHTMLParser(html), title, {})


def _page_title(tree: LexborHTMLParser) -> str:
    """Return the page's first top heading, else its window title without the site name; may be empty."""
    heading = tree.css_first("main h1, [role=main] h1") or tree.css_first("h1")
    if heading is not None:
        return text_of(heading)
    title = tree.css_first("title")
    return re.sub(r" [-–|] GOV\.UK$", "", text_of(title)) if title is not None else ""


def _plain(tree: LexborHTMLParser, title: str, short: dict[str, str]) -> PlainText:
    take_out(tree)
    if not title:
        with counting(None):
            title = _page_title(tree)
    main = tree.css_first("main, [role=main]")
    remove(tree, _CONTENTS)
    margins = _lines(*outermost(tree if main is None else main, _BESIDE))
    page = tree.body if main is None else main
    writer = PlainTextWriter(title)
    if page is None:
        return writer.plain({})
    read_controls(page)
    remove(tree if main is None else main, _NOT_THE_PAGE if main is not None else f"{_NOT_THE_PAGE}, {_AROUND_MAIN}")
    list_pictures(page)
    notes = _footnotes(page)
    for node in page.css("abbr[title]"):
        short.setdefault(text_of(node), clean(node.attributes.get("title") or "").strip())
    _Walk(writer, notes).run(page)
    if page.tag != "body" and tree.body is not None:
        page.decompose()
        margins += "\n" + _lines(tree.body)
    return replace(writer.plain(short), margins=margins)


def _lines(*nodes: LexborNode) -> str:
    """Return the words of some parts of a page, a line for each block; none is repeated."""
    lines: list[str] = []
    with counting(None):
        for node in nodes:
            # A title of its own, so that the first heading is not taken for it and left out.
            writer = PlainTextWriter("-")
            _Walk(writer, {}).run(node)
            lines += writer.plain({}).text.split("\n")
    return "\n".join(line for line in dict.fromkeys(lines) if line.strip())


def _footnotes(main: LexborNode) -> dict[str, str]:
    """Return the mark of each footnote by the id of its text, and remove the links back to the marks.

    Marks that are figures alone get brackets, so that they stay apart from a number before them.
    """
    remove(main, _BACK_LINK)
    marks: dict[str, str] = {}
    for mark in outermost(main, _NOTE_MARK):
        said = text_of(mark)
        if number := re.search(r"[0-9]+|\*+", said):
            marks.setdefault((mark.attributes.get("href") or "").partition("#")[2], f"[{number[0]}] ")
        if said.strip("[]").isdigit():
            mark.replace_with(f"[{said.strip('[]')}]")
    return marks


class _Walk:
    """A walk through a page in reading order. It does not recurse, because some pages nest a thousand levels deep."""

    def __init__(self, writer: PlainTextWriter, notes: Mapping[str, str]) -> None:
        self._writer = writer
        self._notes = notes
        self._numbers = ListNumbers()
        self._words: list[str] = []
        self._mark = ""
        self._items = 0
        self._lists = 0
        self._fresh_item = False
        self._pre = 0

    def run(self, root: LexborNode) -> None:
        for node, leaving in walk(root, _is_whole):
            tag = node.tag or ""
            if tag == "-text":
                text = clean(node.text(deep=False))
                self._words.append(text.replace("\n", BREAK) if self._pre else re.sub(r"\s+", " ", text))
            elif tag == "br":
                self._words.append("" if leaving else BREAK)
            elif level_of(node):
                self._words.extend(words_of(node, leaving=leaving))
            elif tag not in INLINE:
                self._flush()
                self._edge(node, tag, -1 if leaving else 1)
        self._flush()

    def _edge(self, node: LexborNode, tag: str, step: int) -> None:
        if tag == "table" and not frames(node):
            self._table(node)
        elif level := _heading_level(node):
            self._heading(level, node)
        elif tag in {"ul", "ol"}:
            self._lists += step
        elif tag == "li":
            self._items += step
            self._fresh_item = step > 0
            self._mark = self._mark_of(node) if step > 0 else ""
        elif tag == "pre":
            self._pre += step

    def _mark_of(self, item: LexborNode) -> str:
        """Return the mark of a footnote, or the number of an item, with a blank; empty if it has neither."""
        note = self._notes.get(item.attributes.get("id") or "")
        number = self._numbers.of(item)
        return note or (f"{number} " if number else "")

    def _heading(self, level: int, node: LexborNode) -> None:
        title, number = text_of(node), self._mark
        if title and number:
            # The heading has the number; the words below it are no item.
            self._mark, self._fresh_item = "", False
        self._writer.heading(level, title, number=number)

    def _flush(self) -> None:
        text = "".join(self._words)
        self._words.clear()
        for block in _EMPTY_LINE.split(text):
            if block.strip():
                depth = max(1, min(self._lists, _DEEPEST_LIST))
                first, number = self._fresh_item, self._mark
                self._writer.block(block, item=self._items > 0, first=first, depth=depth, number=number)
                self._fresh_item, self._mark = False, ""

    def _table(self, table: LexborNode) -> None:
        caption = table.css_first("caption")
        if caption is not None:
            self._writer.block(text_of(caption), item=False)
        self._writer.lines(row_lines(table))


def _is_whole(node: LexborNode) -> bool:
    """Return whether the words of an element are collected as a whole: of a heading, or a table that is no frame."""
    return bool(_heading_level(node)) or (node.tag == "table" and not frames(node))


def _heading_level(node: LexborNode) -> int:
    """Return the level of a heading, 0 for other elements."""
    if node.tag in _HEADING_TAGS:
        return int(node.tag[1])
    if node.tag == "-text" or node.attributes.get("role") != "heading":
        return 0
    level = node.attributes.get("aria-level") or "2"
    return int(level) if level in set("123456") else 2
