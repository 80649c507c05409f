"""HTML nodes and tables, turned into text."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from humphrey.documents.readers.plain_text import clean

INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img"}
    | {"ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt"}
    | {"u", "var", "wbr"}
)
"""Elements that do not break a line; the words before and after them may join."""


def walk(root: LexborNode, whole: Collection[str]) -> Iterator[tuple[LexborNode, bool]]:
    """Yield every node below `root` in order with whether it is being left; elements in `whole` come only once.

    An element comes twice, on entering and on leaving. The children of a `whole` element are not visited.
    """
    # A stack instead of recursion, because some pages nest a thousand levels deep.
    waiting = [(child, False) for child in root.iter(include_text=True)][::-1]
    while waiting:
        node, leaving = waiting.pop()
        yield node, leaving
        if leaving or node.tag == "-text" or node.tag in whole:
            continue
        waiting.append((node, True))
        waiting.extend([(child, False) for child in node.iter(include_text=True)][::-1])


def text_of(root: LexborNode) -> str:
    """Return the text of a node on one line."""
    words = []
    for node, _ in walk(root, ()):
        if node.tag == "-text":
            words.append(clean(node.text(deep=False)))
        elif node.tag not in INLINE:
            words.append(" ")
    return " ".join("".join(words).split())


_MOST_COLUMNS = 200
"""The most cells of a row that spans may produce; bounds hostile pages."""


def row_lines(table: LexborNode) -> list[str]:
    """Return each row of a table as a line; a table inside a cell becomes the text of that cell."""
    return lines_of(_rows(table))


@dataclass(frozen=True)
class Cell:
    """The text of a cell; `heads` if it names a column or a row."""

    text: str
    heads: bool


def _rows(table: LexborNode) -> list[list[Cell]]:
    """Return the cells of a table; a cell that spans columns or rows is repeated in each."""
    rows: list[list[Cell]] = []
    hanging: dict[int, tuple[int, Cell]] = {}
    # Word files seldom mark the header row; its cells are bold instead.
    unmarked = table.css_first("th") is None
    # Rows of a nested table are part of a cell's text, not rows of this table.
    own = (node for node, leaving in walk(table, {"table", "td", "th"}) if node.tag == "tr" and not leaving)
    for row in own:
        cells: list[Cell] = []
        for node in (child for child in row.iter() if child.tag in {"th", "td"}):
            _hang(cells, hanging)
            cell = Cell(text_of(node), node.tag == "th" or (unmarked and _all_bold(node)))
            for _ in range(min(_span(node, "colspan"), max(1, _MOST_COLUMNS - len(cells)))):
                if _span(node, "rowspan") > 1:
                    hanging[len(cells)] = (_span(node, "rowspan") - 1, cell)
                cells.append(cell)
        _hang(cells, hanging)
        rows.append(cells)
    return rows


def _all_bold(cell: LexborNode) -> bool:
    words = "".join(text_of(cell).split())
    return bool(words) and words == "".join("".join(text_of(bold) for bold in cell.css("b, strong")).split())


def _hang(cells: list[Cell], hanging: dict[int, tuple[int, Cell]]) -> None:
    """Insert the cells that span down from rows above at this position."""
    while len(cells) in hanging:
        left, cell = hanging.pop(len(cells))
        if left > 1:
            hanging[len(cells)] = (left - 1, cell)
        cells.append(cell)


def _span(node: LexborNode, name: str) -> int:
    value = node.attributes.get(name) or "1"
    # At most 50, so that a hostile span cannot fill the memory.
    return max(1, min(int(value), 50)) if value.isascii() and value.isdigit() else 1


def lines_of(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Return each row as "Column: value; Column: value", so that it can be understood alone."""
    rows = [row for row in rows if any(cell.text for cell in row)]
    heads = 0
    while heads < len(rows) and all(cell.heads or not cell.text for cell in rows[heads]):
        heads += 1
    # A table of headings alone has no columns to name; its rows are read as values.
    if heads == len(rows):
        heads = 0
    columns = [" ".join(dict.fromkeys(filter(None, words))) for words in _columns(rows[:heads])]
    values = _columns(rows[heads:])
    # A column without any value would disappear with its heading, so the headings get a line of their own.
    vanishing = any(
        name and not any("".join(column) for column in values[at : at + 1]) for at, name in enumerate(columns)
    )
    top = ["; ".join(filter(None, columns))] if vanishing else []
    return top + [_line(row, columns) for row in rows[heads:]]


def _columns(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    width = max((len(row) for row in rows), default=0)
    return [[row[at].text for row in rows if at < len(row)] for at in range(width)]


def _line(row: Sequence[Cell], columns: list[str]) -> str:
    values = []
    for at, cell in enumerate(row):
        column = columns[at] if at < len(columns) else ""
        if cell.text:
            values.append(f"{column}: {cell.text}" if column and column != cell.text else cell.text)
    return "; ".join(values)
