"""Tables become lines: each row names its columns, so that a row says by itself what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from humphrey.adapters.nodes import flat, steps

_MOST_COLUMNS = 200


def row_lines(table: LexborNode) -> list[str]:
    """Each row of the table on a line; a table inside one of its cells is that cell's words."""
    return lines_of(_rows(table))


@dataclass(frozen=True)
class Cell:
    """The words of a cell; `heads` where they name a column or a row."""

    text: str
    heads: bool


def _rows(table: LexborNode) -> list[list[Cell]]:
    """The table's cells; one that spans several columns or rows stands in each of them."""
    rows: list[list[Cell]] = []
    hanging: dict[int, tuple[int, Cell]] = {}
    # Word files seldom mark the row of headings; they write it in bold.
    unmarked = table.css_first("th") is None
    # Rows of a table in a cell are not the table's own; their words are that cell's.
    own = (node for node, leaving in steps(table, {"table", "td", "th"}) if node.tag == "tr" and not leaving)
    for row in own:
        cells: list[Cell] = []
        for node in (child for child in row.iter() if child.tag in {"th", "td"}):
            _hang(cells, hanging)
            cell = Cell(flat(node), node.tag == "th" or (unmarked and _all_bold(node)))
            for _ in range(min(_span(node, "colspan"), max(1, _MOST_COLUMNS - len(cells)))):
                if _span(node, "rowspan") > 1:
                    hanging[len(cells)] = (_span(node, "rowspan") - 1, cell)
                cells.append(cell)
        _hang(cells, hanging)
        rows.append(cells)
    return rows


def _all_bold(cell: LexborNode) -> bool:
    words = "".join(flat(cell).split())
    return bool(words) and words == "".join("".join(flat(bold) for bold in cell.css("b, strong")).split())


def _hang(cells: list[Cell], hanging: dict[int, tuple[int, Cell]]) -> None:
    """Put the cells that reach down from rows above where this row has come to."""
    while len(cells) in hanging:
        left, cell = hanging.pop(len(cells))
        if left > 1:
            hanging[len(cells)] = (left - 1, cell)
        cells.append(cell)


def _span(node: LexborNode, name: str) -> int:
    value = node.attributes.get(name) or "1"
    return max(1, min(int(value), 50)) if value.isascii() and value.isdigit() else 1


def lines_of(rows: Sequence[Sequence[Cell]]) -> list[str]:
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
