"""The lines of PDF pages, as the pages place them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from humphrey.documents.readers.pdf.tables import CellPosition

SPLIT_WORD = "\ufffe"
"""Marks a line end in the middle of a word, whether the word has a hyphen of its own there or not."""


@dataclass(frozen=True)
class Line:
    """A line of a page; `base` is the height of its baseline above the foot of the page, `size` its letter size.

    A `size` of 0 marks a remark by the reader that is not on the page. `cell` is its place in a table. `rows` are the
    lines of a whole table, which has no text of its own. `height` is the bottom and the top of the page, 0 and 0 if
    unknown. `artefact` says that the file marks the line as no part of its content.
    """

    page: int
    text: str
    size: float
    bold: bool
    base: float
    left: float = 0.0
    right: float = 0.0
    cell: CellPosition | None = None
    rows: tuple[str, ...] = ()
    height: tuple[float, float] = (0.0, 0.0)
    artefact: bool = False


def body_size(lines: Sequence[Line]) -> float:
    """Return the letter size of running text: that of most characters; 0.0 if there is no text."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text) if line.size else 0
    return sizes.most_common(1)[0][0] if sizes else 0.0
