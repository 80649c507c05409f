"""HTML and Markdown become plain text that can be quoted: headings on lines of their own, list items led by "- ".

What a reader of the page would see is kept, in its order; what they would not see (scripts, hidden elements,
zero-width and control characters) and what is not the page's own (navigation, cookie banners) is left out.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser, LexborNode

from humphrey.core.guidance import Heading

_UNSEEN = (
    "script, style, template, noscript, svg, iframe, object, head, [hidden], [aria-hidden=true], "
    '[style*="display:none"], [style*="display: none"], [style*="visibility:hidden"], [style*="visibility: hidden"]'
)
_NOT_THE_PAGE = (
    "nav, footer, button, input, select, textarea, [role=navigation], [role=search], "
    '[id*="cookie-banner"], [class*="cookie-banner"], [id*="cookie-message"]'
)
_AROUND_MAIN = "header, aside"
_BREAK = "\v"
_INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img"}
    | {"ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt"}
    | {"u", "var", "wbr"}
)
_LOOSE_ROW = re.compile(r"<(/?)tr\b[^>]*>", re.IGNORECASE)
_ABBREVIATION = re.compile(r"^[ ]{0,3}\*\[([^\]\n]+)\]:[ \t]*(.+)$", re.MULTILINE)
_HEADLESS_COLUMN = re.compile(r"^[ ]*\|(.*\n[ ]*:?-+:?[ ]*\|)", re.MULTILINE)
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Plain:
    """A page as plain text with its headings; `title` is its first top heading, which is not repeated in the text.

    `short` holds what the page's abbreviations stand for, where it hides that; `spelt_out` shows it.
    """

    title: str
    text: str
    headings: tuple[Heading, ...] = ()
    short: Mapping[str, str] = field(default_factory=dict)


def clean(text: str) -> str:
    """The text without characters that nobody can see: control, zero-width, direction and half characters."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cf", "Cs"})


def from_markdown(markdown: str, title: str = "") -> Plain:
    """Markdown as plain text. HTML inside it stays as it is written, so that nothing can be hidden in it."""
    short = dict(_ABBREVIATION.findall(markdown))
    body = _HEADLESS_COLUMN.sub(r"| |\1", _ABBREVIATION.sub("", markdown))
    return _plain(LexborHTMLParser(_MARKDOWN.render(body)), title, short)


def from_html(html: str, title: str = "") -> Plain:
    """The main part of an HTML page, or a piece of HTML, as plain text."""
    if "<table" not in html.lower():
        # A parser drops rows that are outside any table and runs their words together.
        html = _LOOSE_ROW.sub(r"<\1li>", html)
    return _plain(LexborHTMLParser(html), title, {})


def from_text(text: str) -> Plain:
    """Plain text with tidy blanks; it has no headings."""
    writer = _Writer("")
    for block in re.split(r"\n\s*\n", clean(text.replace("\r\n", "\n").replace("\r", "\n"))):
        writer.block(block.replace("\n", _BREAK), item=False)
    return writer.plain({})


def in_parts(title: str, pieces: Sequence[Plain]) -> Plain:
    """Several pieces as one page, each below its title as a top heading."""
    writer = _Writer(title)
    for piece in pieces:
        writer.heading(1, piece.title, repeat=True)
        writer.copy(piece)
    return writer.plain({short: full for piece in pieces for short, full in piece.short.items()})


def spelt_out(plain: Plain) -> Plain:
    """The page with a last section that lists what its abbreviations stand for, where its text does not say."""
    unsaid = {short: full for short, full in plain.short.items() if full and full not in plain.text}
    if not unsaid:
        return plain
    writer = _Writer(plain.title)
    writer.copy(plain)
    writer.heading(min((heading.level for heading in plain.headings), default=2), "Abbreviations")
    for short, full in unsaid.items():
        writer.block(f"{short}: {full}", item=True, first=True)
    return writer.plain({})


def page_title(tree: LexborHTMLParser) -> str:
    """The page's first top heading, else the title of its window without the site's name; may be empty."""
    heading = tree.css_first("main h1, [role=main] h1") or tree.css_first("h1")
    if heading is not None:
        return _flat(heading)
    title = tree.css_first("title")
    return re.sub(r" [-–|] GOV\.UK$", "", _flat(title)) if title is not None else ""


class _Writer:
    """Puts blocks one below the other and notes where the headings are."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._parts: list[str] = []
        self._length = 0
        self._headings: list[Heading] = []
        self._in_list = False

    def heading(self, level: int, title: str, *, repeat: bool = False) -> None:
        if level == 1 and not self._title:
            self._title = title
        if not title or (title == self._title and not self._parts and not repeat):
            return
        start = self._append(title, "\n\n")
        self._headings.append(Heading(level, title, start, self._length))
        self._in_list = False

    def block(self, text: str, *, item: bool, first: bool = False) -> None:
        lines = [" ".join(line.split()) for line in text.split(_BREAK)]
        tidy = "\n".join(line for line in lines if line)
        if tidy:
            self._append("- " + tidy if first else tidy, "\n" if item and self._in_list else "\n\n")
            self._in_list = item

    def copy(self, plain: Plain) -> None:
        if plain.text:
            start = self._append(plain.text, "\n\n")
            moved = [Heading(h.level, h.title, h.start + start, h.end + start) for h in plain.headings]
            self._headings.extend(moved)
            self._in_list = False

    def plain(self, short: Mapping[str, str]) -> Plain:
        return Plain(self._title, "".join(self._parts), tuple(self._headings), short)

    def _append(self, text: str, gap: str) -> int:
        """Write below what is there; the position where it starts."""
        for part in [gap, text] if self._parts else [text]:
            self._parts.append(part)
            self._length += len(part)
        return self._length - len(text)


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
    writer = _Writer(title)
    if main is None:
        return writer.plain({})
    for node in main.css("abbr[title]"):
        short.setdefault(_flat(node), clean(node.attributes.get("title") or "").strip())
    _Walk(writer).run(main)
    return writer.plain(short)


class _Walk:
    """Goes through a page in reading order. Without recursion: pages nested a thousand deep exist."""

    def __init__(self, writer: _Writer) -> None:
        self._writer = writer
        self._words: list[str] = []
        self._items = 0
        self._fresh_item = False
        self._pre = 0

    def run(self, root: LexborNode) -> None:
        whole = {"table", "h1", "h2", "h3", "h4", "h5", "h6"}
        for node, leaving in _steps(root, whole):
            tag = node.tag or ""
            if tag == "-text":
                text = clean(node.text(deep=False))
                self._words.append(text.replace("\n", _BREAK) if self._pre else text)
            elif tag == "br":
                self._words.append(_BREAK)
            elif tag not in _INLINE:
                self._flush()
                self._edge(node, tag, -1 if leaving else 1)
        self._flush()

    def _edge(self, node: LexborNode, tag: str, step: int) -> None:
        if tag == "table":
            self._table(node)
        elif re.fullmatch("h[1-6]", tag):
            self._writer.heading(int(tag[1]), _flat(node))
        elif tag == "li":
            self._items += step
            self._fresh_item = step > 0
        elif tag == "pre":
            self._pre += step

    def _flush(self) -> None:
        text = "".join(self._words)
        self._words.clear()
        if text.strip():
            self._writer.block(text, item=self._items > 0, first=self._fresh_item)
            self._fresh_item = False

    def _table(self, table: LexborNode) -> None:
        caption = table.css_first("caption")
        if caption is not None:
            self._writer.block(_flat(caption), item=False)
        self._writer.block(_BREAK.join(_row_lines(_rows(table))), item=False)


def _steps(root: LexborNode, whole: set[str]) -> Iterator[tuple[LexborNode, bool]]:
    """Every node below `root` when it is come to, and elements again when they are left; `whole` ones only once."""
    waiting = [(child, False) for child in root.iter(include_text=True)][::-1]
    while waiting:
        node, leaving = waiting.pop()
        yield node, leaving
        if leaving or node.tag == "-text" or node.tag in whole:
            continue
        waiting.append((node, True))
        waiting.extend([(child, False) for child in node.iter(include_text=True)][::-1])


def _flat(root: LexborNode) -> str:
    """The words of a node on one line."""
    words = []
    for node, _ in _steps(root, set()):
        if node.tag == "-text":
            words.append(clean(node.text(deep=False)))
        elif node.tag not in _INLINE:
            words.append(" ")
    return " ".join("".join(words).split())


@dataclass(frozen=True)
class _Cell:
    text: str
    heads: bool


def _rows(table: LexborNode) -> list[list[_Cell]]:
    """The table's cells; one that spans several columns or rows stands in each of them."""
    rows: list[list[_Cell]] = []
    hanging: dict[int, tuple[int, _Cell]] = {}
    for row in table.css("tr"):
        if not _directly_in(row, table):
            continue
        cells: list[_Cell] = []
        for node in (child for child in row.iter() if child.tag in {"th", "td"}):
            _hang(cells, hanging)
            cell = _Cell(_flat(node), node.tag == "th")
            for _ in range(_span(node, "colspan")):
                if _span(node, "rowspan") > 1:
                    hanging[len(cells)] = (_span(node, "rowspan") - 1, cell)
                cells.append(cell)
        _hang(cells, hanging)
        rows.append(cells)
    return rows


def _directly_in(row: LexborNode, table: LexborNode) -> bool:
    """Whether a row is the table's own, and not of a table in one of its cells, whose words are that cell's."""
    above = row.parent
    while above is not None and above.tag != "table":
        above = above.parent
    return above is not None and above.mem_id == table.mem_id


def _hang(cells: list[_Cell], hanging: dict[int, tuple[int, _Cell]]) -> None:
    """Put the cells that reach down from rows above where this row has come to."""
    while len(cells) in hanging:
        left, cell = hanging.pop(len(cells))
        if left > 1:
            hanging[len(cells)] = (left - 1, cell)
        cells.append(cell)


def _span(node: LexborNode, name: str) -> int:
    value = node.attributes.get(name) or "1"
    return max(1, min(int(value), 50)) if value.isascii() and value.isdigit() else 1


def _row_lines(rows: list[list[_Cell]]) -> list[str]:
    """Each row as "Column: value; Column: value", so that a row says by itself what it is about."""
    rows = [row for row in rows if any(cell.text for cell in row)]
    heads = 0
    while heads < len(rows) and all(cell.heads or not cell.text for cell in rows[heads]):
        heads += 1
    if heads == len(rows):
        heads = 0
    columns = [" ".join(dict.fromkeys(filter(None, words))) for words in _columns(rows[:heads])]
    values = _columns(rows[heads:])
    # A column without a single value would vanish, heading and all.
    vanishing = any(
        name and not any("".join(column) for column in values[at : at + 1]) for at, name in enumerate(columns)
    )
    top = ["; ".join(filter(None, columns))] if vanishing else []
    return top + [_line(row, columns) for row in rows[heads:]]


def _columns(rows: list[list[_Cell]]) -> list[list[str]]:
    width = max((len(row) for row in rows), default=0)
    return [[row[at].text for row in rows if at < len(row)] for at in range(width)]


def _line(row: list[_Cell], columns: list[str]) -> str:
    values = []
    for at, cell in enumerate(row):
        column = columns[at] if at < len(columns) else ""
        if cell.text:
            values.append(f"{column}: {cell.text}" if column and column != cell.text else cell.text)
    return "; ".join(values)
