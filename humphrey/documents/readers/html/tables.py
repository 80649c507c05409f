"""Tables of HTML, as lines that can be understood alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from humphrey.documents.readers.html.nodes import ListNumbers, text_of, walk, words_of
from humphrey.documents.readers.raised import apart

_MOST_COLUMNS = 200
"""The most cells of a row that spans may produce; bounds hostile pages."""


_DEEPEST = 20
"""Tables inside tables whose columns are named; one that is nested deeper is read as words."""


_PARTS = frozenset({"table", "td", "th"})


def row_lines(table: LexborNode) -> list[str]:
    """Return each row of a table as a line; a row of a table inside a cell stands in brackets."""
    return lines_of(_rows(table, 1))


def frames(table: LexborNode) -> bool:
    """Return whether a table only frames blocks: one cell a row, and no headings of columns."""
    own = [node for node, leaving in walk(table, _is_part) if not leaving and node.tag not in {"-text", "table"}]
    if any(node.tag in {"th", "caption"} for node in own):
        return False
    return all(sum(child.tag == "td" for child in row.iter()) <= 1 for row in own if row.tag == "tr")


def _is_part(node: LexborNode) -> bool:
    return node.tag in _PARTS


@dataclass(frozen=True)
class Cell:
    """The text of a cell; `heads` if it names a column or a row."""

    text: str
    heads: bool


def _rows(table: LexborNode, depth: int) -> list[list[Cell]]:
    """Return the cells of a table; a cell that spans columns or rows is repeated in each."""
    rows: list[list[Cell]] = []
    hanging: dict[int, tuple[int, Cell]] = {}
    # Word files seldom mark the header row; its cells are bold instead.
    own = [node for node, leaving in walk(table, _is_part) if not leaving]
    unmarked = all(node.tag != "th" for node in own)
    # Rows of a nested table are part of a cell's text, not rows of this table.
    for row in (node for node in own if node.tag == "tr"):
        cells: list[Cell] = []
        for node in (child for child in row.iter() if child.tag in {"th", "td"}):
            _hang(cells, hanging)
            cell = Cell(_cell_text(node, depth), node.tag == "th" or (unmarked and _all_bold(node)))
            for _ in range(min(_span(node, "colspan"), max(1, _MOST_COLUMNS - len(cells)))):
                if _span(node, "rowspan") > 1:
                    hanging[len(cells)] = (_span(node, "rowspan") - 1, cell)
                cells.append(cell)
        _hang(cells, hanging)
        rows.append(cells)
    return rows


def _cell_text(cell: LexborNode, depth: int) -> str:
    """Return the text of a cell on one line; its items keep a sign, and rows of tables inside it their columns."""
    return " ".join(apart("".join(_cell_words(cell, depth))).split())


def _cell_words(cell: LexborNode, depth: int) -> Iterator[str]:
    numbers = ListNumbers()
    for node, leaving in walk(cell, lambda node: node.tag == "table" and depth < _DEEPEST):
        if node.tag == "table" and depth < _DEEPEST:
            yield " ".join(f" ({line})" for line in lines_of(_rows(node, depth + 1)))
        elif node.tag == "li" and not leaving:
            yield f" {numbers.of(node) or '•'} "
        else:
            yield from words_of(node, leaving=leaving)


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
