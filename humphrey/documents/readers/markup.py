"""Conversion of HTML and Markdown to plain text that can be quoted.

Headings stand on their own lines and list items start with "- ". The reading order of the page is kept. Invisible
content (scripts, hidden elements, zero-width and control characters) is dropped. So is content that does not belong to
the page (navigation, cookie banners).
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser, LexborNode

from humphrey.documents.readers.html_nodes import INLINE, row_lines, text_of, walk
from humphrey.documents.readers.plain_text import BREAK, PlainText, PlainTextWriter, clean, counting

# Inline styles are matched as text, with and without the blank, because the parser does not resolve CSS.
_UNSEEN = (
    "script, style, template, noscript, svg, iframe, object, head, [hidden], [aria-hidden=true], "
    '[style*="display:none"], [style*="display: none"], [style*="visibility:hidden"], [style*="visibility: hidden"]'
)


_NOT_THE_PAGE = (
    "nav, footer, button, input, select, textarea, [role=navigation], [role=search], "
    '[id*="cookie-banner"], [class*="cookie-banner"], [id*="cookie-message"]'
)


# Dropped only from pages without a main element: inside one, a header or aside is part of the page.
_AROUND_MAIN = "header, aside"


# What a person sees around the text of a page, and of its main element.
_BESIDE = (
    "header, footer, aside, nav, [role=navigation], [role=search], "
    '[id*="cookie-banner"], [class*="cookie-banner"], [id*="cookie-message"]'
)


# A list of contents says what the headings say, and a heading is no marking.
_CONTENTS = 'nav a[href^="#"], [role=navigation] a[href^="#"]'


# GOV.UK's pages write "fn:"; Mammoth and the OpenDocument reader write "footnote-" or "endnote-".
_NOTE_MARK = 'a[href^="#fn:"], a[href^="#footnote-"], a[href^="#endnote-"]'


_BACK_LINK = 'a[href^="#fnref:"], a[href^="#footnote-ref-"], a[href^="#endnote-ref-"]'


_LOOSE_ROW = re.compile(r"<(/?)tr\b[^>]*>", re.IGNORECASE)


# Markdown Extra: `*[FOI]: Freedom of Information`. CommonMark allows at most three leading blanks.
_ABBREVIATION = re.compile(r"^[ ]{0,3}\*\[([^\]\n]+)\]:[ \t]*(.+)$", re.MULTILINE)


# A header row whose first cell is empty and lacks its outer bar; one more bar keeps the columns in place.
_HEADLESS_COLUMN = re.compile(r"^[ ]*\|(.*\n[ ]*:?-+:?[ ]*\|)", re.MULTILINE)


_MOST_BRACKETS = 3_000
"""The most "[" in one block; no real page has so many. Finding links takes time quadratic in their number."""


# HTML is off, so that tags in Markdown are shown as text and can hide nothing.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def from_markdown(markdown: str, title: str = "") -> PlainText:
    """Convert Markdown to plain text. HTML inside it is kept as written, so that it can hide nothing."""
    short = dict(_ABBREVIATION.findall(markdown))
    body = _HEADLESS_COLUMN.sub(r"| |\1", _ABBREVIATION.sub("", markdown))
    return _plain(LexborHTMLParser(_MARKDOWN.render(_bounded(body))), title, short)


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


def page_title(tree: LexborHTMLParser) -> str:
    """Return the page's first top heading, else its window title without the site name; may be empty."""
    heading = tree.css_first("main h1, [role=main] h1") or tree.css_first("h1")
    if heading is not None:
        return text_of(heading)
    title = tree.css_first("title")
    return re.sub(r" [-–|] GOV\.UK$", "", text_of(title)) if title is not None else ""


def _plain(tree: LexborHTMLParser, title: str, short: dict[str, str]) -> PlainText:
    if not title:
        with counting(None):
            title = page_title(tree)
    _decompose(tree, _UNSEEN)
    main = tree.css_first("main, [role=main]")
    _decompose(tree, _CONTENTS)
    margins = _lines(*(tree if main is None else main).css(_BESIDE))
    _decompose(tree if main is None else main, _NOT_THE_PAGE)
    if main is None:
        _decompose(tree, _AROUND_MAIN)
        main = tree.body
    writer = PlainTextWriter(title)
    if main is None:
        return writer.plain({})
    notes = _footnotes(main)
    for node in main.css("abbr[title]"):
        short.setdefault(text_of(node), clean(node.attributes.get("title") or "").strip())
    _Walk(writer, notes).run(main)
    if main.tag != "body" and tree.body is not None:
        main.decompose()
        margins += "\n" + _lines(tree.body)
    return replace(writer.plain(short), margins=margins)


def _decompose(tree: LexborHTMLParser | LexborNode, selector: str) -> None:
    for node in tree.css(selector):
        if node.tag not in {"html", "body", "main"}:
            node.decompose()


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
    """Return the mark of each footnote by the id of its text, and remove the links back to the marks."""
    for back in main.css(_BACK_LINK):
        back.decompose()
    marks: dict[str, str] = {}
    for mark in main.css(_NOTE_MARK):
        number = re.search(r"[0-9]+|\*+", text_of(mark))
        if number:
            marks.setdefault((mark.attributes.get("href") or "")[1:], f"[{number[0]}] ")
    return marks


class _Walk:
    """A walk through a page in reading order. It does not recurse, because some pages nest a thousand levels deep."""

    def __init__(self, writer: PlainTextWriter, notes: Mapping[str, str]) -> None:
        self._writer = writer
        self._notes = notes
        self._words: list[str] = []
        self._note = ""
        self._items = 0
        self._fresh_item = False
        self._pre = 0

    def run(self, root: LexborNode) -> None:
        # Tables and headings are read whole: their words are collected by `row_lines` and `flat`.
        whole = {"table", "h1", "h2", "h3", "h4", "h5", "h6"}
        for node, leaving in walk(root, whole):
            tag = node.tag or ""
            if tag == "-text":
                text = clean(node.text(deep=False))
                self._words.append(text.replace("\n", BREAK) if self._pre else text)
            elif tag == "br":
                self._words.append(BREAK)
            elif tag not in INLINE:
                self._flush()
                self._edge(node, tag, -1 if leaving else 1)
        self._flush()

    def _edge(self, node: LexborNode, tag: str, step: int) -> None:
        if tag == "table":
            self._table(node)
        elif re.fullmatch("h[1-6]", tag):
            self._writer.heading(int(tag[1]), text_of(node))
        elif tag == "li":
            self._items += step
            self._fresh_item = step > 0
            if step > 0:
                self._note = self._notes.get(node.attributes.get("id") or "", "")
        elif tag == "pre":
            self._pre += step

    def _flush(self) -> None:
        text = "".join(self._words)
        self._words.clear()
        if text.strip():
            self._writer.block(self._note + text, item=self._items > 0, first=self._fresh_item)
            self._fresh_item = False
            self._note = ""

    def _table(self, table: LexborNode) -> None:
        if _frames(table):
            _Walk(self._writer, self._notes).run(table)
            return
        caption = table.css_first("caption")
        if caption is not None:
            self._writer.block(text_of(caption), item=False)
        self._writer.block(BREAK.join(row_lines(table)), item=False)


def _frames(table: LexborNode) -> bool:
    """Return whether a table only frames blocks: one cell a row, and neither headings nor tables inside."""
    rows = table.css("tr")
    single = all(sum(child.tag in {"th", "td"} for child in row.iter()) <= 1 for row in rows)
    return single and len(table.css("table")) <= 1 and table.css_first("th, caption") is None
