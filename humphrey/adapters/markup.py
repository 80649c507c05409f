"""HTML and Markdown become plain text that can be quoted: headings on lines of their own, list items led by "- ".

What a reader of the page would see is kept, in its order; what they would not see (scripts, hidden elements,
zero-width and control characters) and what is not the page's own (navigation, cookie banners) is left out.
"""

import re
from collections.abc import Mapping

from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser, LexborNode

from humphrey.adapters.nodes import INLINE, flat, steps
from humphrey.adapters.plain import BREAK, Plain, Writer, clean
from humphrey.adapters.tables import row_lines

_UNSEEN = (
    "script, style, template, noscript, svg, iframe, object, head, [hidden], [aria-hidden=true], "
    '[style*="display:none"], [style*="display: none"], [style*="visibility:hidden"], [style*="visibility: hidden"]'
)
_NOT_THE_PAGE = (
    "nav, footer, button, input, select, textarea, [role=navigation], [role=search], "
    '[id*="cookie-banner"], [class*="cookie-banner"], [id*="cookie-message"]'
)
_AROUND_MAIN = "header, aside"
_NOTE_MARK = 'a[href^="#fn:"], a[href^="#footnote-"], a[href^="#endnote-"]'
_BACK_LINK = 'a[href^="#fnref:"], a[href^="#footnote-ref-"], a[href^="#endnote-ref-"]'
_LOOSE_ROW = re.compile(r"<(/?)tr\b[^>]*>", re.IGNORECASE)
_ABBREVIATION = re.compile(r"^[ ]{0,3}\*\[([^\]\n]+)\]:[ \t]*(.+)$", re.MULTILINE)
_HEADLESS_COLUMN = re.compile(r"^[ ]*\|(.*\n[ ]*:?-+:?[ ]*\|)", re.MULTILINE)
_MOST_BRACKETS = 3_000
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def from_markdown(markdown: str, title: str = "") -> Plain:
    """Markdown as plain text. HTML inside it stays as it is written, so that nothing can be hidden in it."""
    short = dict(_ABBREVIATION.findall(markdown))
    body = _HEADLESS_COLUMN.sub(r"| |\1", _ABBREVIATION.sub("", markdown))
    return _plain(LexborHTMLParser(_MARKDOWN.render(_bounded(body))), title, short)


def _bounded(markdown: str) -> str:
    """The Markdown, with the brackets of a block that has thousands of them as mere signs.

    Looking for the links among them would take time with the square of their number; no page has so many.
    """
    if markdown.count("[") <= _MOST_BRACKETS:
        return markdown
    blocks = re.split(r"(\n[ \t]*\n)", markdown)
    return "".join(block.replace("[", "\\[") if block.count("[") > _MOST_BRACKETS else block for block in blocks)


def from_html(html: str, title: str = "") -> Plain:
    """The main part of an HTML page, or a piece of HTML, as plain text."""
    if "<table" not in html.lower():
        # A parser drops rows that are outside any table and runs their words together.
        html = _LOOSE_ROW.sub(r"<\1li>", html)
    return _plain(LexborHTMLParser(html), title, {})


def page_title(tree: LexborHTMLParser) -> str:
    """The page's first top heading, else the title of its window without the site's name; may be empty."""
    heading = tree.css_first("main h1, [role=main] h1") or tree.css_first("h1")
    if heading is not None:
        return flat(heading)
    title = tree.css_first("title")
    return re.sub(r" [-–|] GOV\.UK$", "", flat(title)) if title is not None else ""


def _plain(tree: LexborHTMLParser, title: str, short: dict[str, str]) -> Plain:
    title = title or page_title(tree)
    for node in tree.css(f"{_UNSEEN}, {_NOT_THE_PAGE}"):
        if node.tag not in {"html", "body", "main"}:
            node.decompose()
    main = tree.css_first("main, [role=main]")
    if main is None:
        for node in tree.css(_AROUND_MAIN):
            node.decompose()
        main = tree.body
    writer = Writer(title)
    if main is None:
        return writer.plain({})
    notes = _footnotes(main)
    for node in main.css("abbr[title]"):
        short.setdefault(flat(node), clean(node.attributes.get("title") or "").strip())
    _Walk(writer, notes).run(main)
    return writer.plain(short)


def _footnotes(main: LexborNode) -> dict[str, str]:
    """The mark of each footnote by the id of its text; links from a note back to its mark are dropped."""
    for back in main.css(_BACK_LINK):
        back.decompose()
    marks: dict[str, str] = {}
    for mark in main.css(_NOTE_MARK):
        number = re.search(r"[0-9]+|\*+", flat(mark))
        if number:
            marks.setdefault((mark.attributes.get("href") or "")[1:], f"[{number[0]}] ")
    return marks


class _Walk:
    """Goes through a page in reading order. Without recursion: pages nested a thousand deep exist."""

    def __init__(self, writer: Writer, notes: Mapping[str, str]) -> None:
        self._writer = writer
        self._notes = notes
        self._words: list[str] = []
        self._note = ""
        self._items = 0
        self._fresh_item = False
        self._pre = 0

    def run(self, root: LexborNode) -> None:
        whole = {"table", "h1", "h2", "h3", "h4", "h5", "h6"}
        for node, leaving in steps(root, whole):
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
            self._writer.heading(int(tag[1]), flat(node))
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
            self._writer.block(flat(caption), item=False)
        self._writer.block(BREAK.join(row_lines(table)), item=False)


def _frames(table: LexborNode) -> bool:
    """Whether a table is only a frame around blocks: one cell a row, and neither headings nor tables in it."""
    rows = table.css("tr")
    single = all(sum(child.tag in {"th", "td"} for child in row.iter()) <= 1 for row in rows)
    return single and len(table.css("table")) <= 1 and table.css_first("th, caption") is None
