"""The lines of PDF pages become text: headings by size, whole paragraphs and items, without headers and footers."""

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from humphrey.documents.readers.html.tables import Cell, lines_of
from humphrey.documents.readers.pdf.lines import SPLIT_WORD, Line, body_size
from humphrey.documents.readers.pdf.running_lines import at_edges, without_running_lines
from humphrey.documents.readers.pdf.tables import TreePath
from humphrey.documents.readers.plain_text import BREAK, PlainText, PlainTextWriter, clean, omit

# Dots or lines that lead to a page number in a table of contents; without one they are a place to fill in.
_LEADER = re.compile(r"((\.\s?){4,}|_{4,}|…{2,})\s*\d+$")


_CONTENTS_TITLE = re.compile(r"(table of )?contents", re.IGNORECASE)


# A line of a table of contents: it ends in a page number.
_CONTENTS_LINE = re.compile(r"\s(\d{1,3})$")


_MOST_BETWEEN = 1
"""Lines without a page number, such as the first half of a long title, that may stand in a table of contents."""


# Only this many characters at the end of a line are searched, as an endless line would take too long.
_LONGEST_LEADER = 300


# The private-use characters are bullets of the typefaces Symbol and Wingdings.
_BULLET = re.compile(r"[•●▪■◦‣∙·\uf0b7\uf0a7\uf0fc\u2013\u2014*o-](?:\s+|$)")


# A numbered item or heading, such as "1.", "(a)" or "2.3".
_NUMBER = re.compile(r"(\d{1,3}(\.\d{1,3})*[.)]|\(?[a-z]{1,4}\)|\d{1,3}(\.\d{1,3})+)\s+\S")


# The end of a sentence, after which a line does not continue in the next.
_ENDS = re.compile(r"[.!?:;]['\"’”)\]]*$")


# A heading's letters are larger than those of running text by this factor, and it has at most `_MOST_WORDS` words.
_LARGER = 1.12


# A line further below than this many line spacings begins a new block.
_FAR = 1.2


_MOST_WORDS = 30


_FEW_ROWS = 3


_LONGEST_HEAD = 12
"""A cell with more words is no column heading, even if the file declares it one."""


# Levels of headings told apart by size.
_SIZES = 5


# Two pieces of a line with a smaller gap, as a share of the letter size, are one word.
_LETTER_GAP = 0.15


_WORD = re.compile(r"\w+")


_WHOLE_WORD = re.compile(rf"(?<![\w{SPLIT_WORD}])\w+(?![\w{SPLIT_WORD}]|-$)")


@dataclass(frozen=True)
class _Typography:
    """The letter size of a document's running text, its line spacing in letter sizes, and the sizes of its headings."""

    body: float
    leading: float
    sizes: tuple[float, ...]

    def level(self, line: Line) -> int:
        """Return the level of a line as a heading, 0 if it is none."""
        if not 0 < len(line.text.split()) <= _MOST_WORDS or not re.search(r"[^\W\d_]{2}", line.text):
            return 0
        if line.size > self.body * _LARGER:
            return 1 + next(n for n, size in enumerate(self.sizes) if line.size >= size)
        # Bold letters may be slightly smaller than running text, and a bold sentence or item is no heading.
        alone = line.bold and line.size >= self.body * 0.9 and not _BULLET.match(line.text)
        return len(self.sizes) + 1 if alone and not line.text.endswith((".", ",", ";")) else 0


def from_lines(lines: Sequence[Line], title: str, around: re.Pattern[str]) -> PlainText:
    """Return the text, without the blocks that `around` matches whole.

    If `title` is empty, the largest heading of the first two pages is the title; it stays empty if there is none.
    """
    # Headers and footers go first: they stand in the middle of a paragraph that goes on over the page.
    kept = _without_frames(list(_without_contents(without_running_lines(lines))))
    margins = "\n".join(dict.fromkeys(line.text for line in _at_the_edges(lines)))
    look = _look(kept)
    known = Counter(word for line in kept for word in _WHOLE_WORD.findall(line.text.lower()))
    whole = list(_with_tables(kept, known))
    joined = [(block, _joined(block, known)) for block in _blocks(whole, look)]
    blocks = []
    for block, text in joined:
        if around.fullmatch(text):
            omit("running", text)
        else:
            blocks.append((block, text))
    title = title or _largest(blocks, look)
    writer = PlainTextWriter(title)
    for block, text in blocks:
        if block[0].rows:
            writer.block(BREAK.join(block[0].rows), item=False)
            continue
        level = look.level(replace(block[0], text=text)) if block[0].size else 0
        bullet = _BULLET.match(text)
        if level:
            writer.heading(level, text)
        else:
            writer.block(text[bullet.end() :] if bullet else text, item=bool(bullet), first=bool(bullet))
    return replace(writer.plain({}), margins=margins)


def _at_the_edges(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines at the top and at the bottom of each page, also those that are dropped as running lines."""
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        pages[line.page].append(line)
    for on_page in pages.values():
        yield from at_edges(on_page)


def _largest(blocks: Sequence[tuple[list[Line], str]], look: _Typography) -> str:
    first = [(block[0].size, text) for block, text in blocks if block[0].page < 2 and look.level(block[0])]
    return max(first, key=lambda each: each[0])[1] if first else ""


def _without_contents(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines except the table of contents, which only repeats the headings.

    After its title come lines that end in page numbers, which never fall.
    """
    entry: Line | None = None
    last = between = 0
    for line in lines:
        number = _CONTENTS_LINE.search(line.text)
        if _CONTENTS_TITLE.fullmatch(line.text.strip()):
            entry, last, between = line, 0, 0
        elif _LEADER.search(line.text[-_LONGEST_LEADER:]):
            between = 0
        elif entry and line.page == entry.page and between <= _MOST_BETWEEN and number and int(number[1]) >= last:
            entry, last, between = line, int(number[1]), 0
        else:
            # A heading ends the table; what looks like an entry may be the first half of its title.
            entry = entry if entry and _same(entry, line) else None
            between += 1
            yield line
            continue
        omit("contents", line.text)


def _without_frames(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with tables of a single column taken as text: such a table is only a frame around it."""
    columns: dict[TreePath, set[int]] = defaultdict(set)
    for line in lines:
        if line.cell:
            columns[line.cell.table].add(line.cell.column)
    return [replace(line, cell=None) if line.cell and len(columns[line.cell.table]) < 2 else line for line in lines]


def _with_tables(lines: Sequence[Line], known: Counter[str]) -> Iterator[Line]:
    """Yield the lines, each table as one line where it begins; a table may go on over several pages."""
    tables: dict[TreePath, list[Line]] = defaultdict(list)
    for line in lines:
        if line.cell:
            tables[line.cell.table].append(line)
    for line in lines:
        if line.cell is None:
            yield line
        elif cells := tables.pop(line.cell.table, None):
            rows = _rows(cells, known)
            if _lists_pages(rows):
                omit("contents", "; ".join(row[0].text for row in rows))
            else:
                yield Line(line.page, "", 0, False, 0, rows=tuple(lines_of(_headed(rows))))


def _rows(lines: Sequence[Line], known: Counter[str]) -> list[list[Cell]]:
    """Return the rows of a table with the words of their cells."""
    places: dict[TreePath, dict[int, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        if line.cell:
            places[line.cell.row][line.cell.column].append(line)
    declared = any(line.cell and line.cell.heads for line in lines)
    rows = [places[row] for row in sorted(places)]
    return [[_cell(row.get(n, []), known, declared=declared) for n in range(max(row) + 1)] for row in rows]


def _headed(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Return the rows with each heading above its column; without headings if their columns are not known."""
    first, *others = rows
    width = max((len(row) for row in others), default=0)
    if not all(cell.heads for cell in first) or len(first) >= width:
        return rows
    if len(first) == width - 1 and all(row[0].heads for row in others):
        # The empty corner above the headings of the rows was left out.
        return [[Cell("", heads=True), *first], *others]
    return [[replace(cell, heads=False) for cell in row] for row in rows]


def _lists_pages(rows: Sequence[Sequence[Cell]]) -> bool:
    """Return whether a table is one of contents: every row ends in a number, and the numbers never fall."""
    last = [row[-1].text for row in rows]
    numbers = [int(text) for text in last if re.fullmatch(r"\d{1,3}", text)]
    return len(rows) > _FEW_ROWS and len(numbers) == len(rows) and numbers == sorted(numbers)


def _cell(lines: Sequence[Line], known: Counter[str], *, declared: bool) -> Cell:
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        bullet = _BULLET.match(line.text)
        pages[line.page].append(replace(line, text=f"• {line.text[bullet.end() :]}") if bullet else line)
    # A row of headings is repeated at the top of every page, so the same words count once.
    words = " ".join(dict.fromkeys(_joined(on_page, known) for on_page in pages.values())).removeprefix("• ")
    heads = any(line.cell and line.cell.heads for line in lines) if declared else all(line.bold for line in lines)
    return Cell(words, bool(lines) and heads and len(words.split()) <= _LONGEST_HEAD)


def _look(lines: Sequence[Line]) -> _Typography:
    body = body_size(lines)
    steps = [
        above.base - line.base
        for above, line in pairwise(lines)
        if above.page == line.page and above.size == line.size == body and 0 < above.base - line.base < 3 * body
    ]
    leading = statistics.median_low(steps) / body if steps and body else 1.2
    larger = sorted({line.size for line in lines if line.size > body * _LARGER}, reverse=True)
    return _Typography(body, leading, _levels(larger))


def _levels(larger: Sequence[float]) -> tuple[float, ...]:
    """Return the smallest size of each heading level; similar sizes share a level, and the last takes the rest."""
    levels: list[float] = []
    for size in larger:
        if levels and size > levels[-1] * 0.93:
            continue
        levels.append(size)
    least = larger[-1:] if larger else []
    shown = levels[:_SIZES]
    bounds = [*(below * 1.0001 for below in shown[1:]), *least]
    return tuple(bounds[: len(shown)])


def _blocks(lines: Sequence[Line], look: _Typography) -> Iterator[list[Line]]:
    """Yield the lines that belong together: a heading, a list item, a paragraph."""
    block: list[Line] = []
    for line in lines:
        if block and not _goes_on(block, line, look):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _goes_on(block: Sequence[Line], line: Line, look: _Typography) -> bool:
    """Return whether a line continues the block of the lines above it."""
    above = block[-1]
    if not above.size or not line.size:
        return False
    if _BULLET.fullmatch(above.text):
        return True
    if _BULLET.match(line.text) or (_NUMBER.match(line.text) and (_ENDS.search(above.text) or look.level(above))):
        return False
    if look.level(above) != look.level(line) and (look.level(above) or look.level(line)) and not _same(above, line):
        return False
    step = above.base - line.base
    if above.page != line.page or step < -line.size:
        # A paragraph may continue on the next page or in the next column, in the middle of a sentence.
        return not look.level(line) and not _ENDS.search(above.text) and line.text[:1].islower()
    return step <= _FAR * look.leading * max(line.size, look.body if not look.level(line) else 0)


def _same(above: Line, line: Line) -> bool:
    return above.bold == line.bold and abs(above.size - line.size) < 1


def _joined(block: Sequence[Line], known: Counter[str]) -> str:
    """Return the lines of a block as one; words that were cut at the end of a line are joined."""
    text = ""
    above: Line | None = None
    for line in block:
        text += _gap(above, line) + line.text if above is not None else line.text
        above = line
    text = re.sub(r"(?<=[^\W\d_])-\n(?=[a-z])", SPLIT_WORD, text).replace("\n", " ")
    first, *pieces = text.split(SPLIT_WORD)
    for piece in pieces:
        first = _mended(first, piece.lstrip(), known)
    return " ".join(clean(first).split())


def _gap(above: Line, line: Line) -> str:
    """Return what separates two pieces of text: nothing if one begins where the other ends on the same line."""
    same_line = above.page == line.page and abs(above.base - line.base) < 0.1 * line.size
    return "" if same_line and abs(line.left - above.right) < _LETTER_GAP * line.size else "\n"


def _mended(text: str, piece: str, known: Counter[str]) -> str:
    """Join two pieces of a cut word, with a hyphen only if the document has both as words and not the joined word."""
    before, after = (_WORD.match(text[::-1]), _WORD.match(piece))
    first, second = (before[0][::-1] if before else "").lower(), (after[0] if after else "").lower()
    hyphen = "" if known[first + second] or not (known[first] and known[second]) else "-"
    return f"{text}{hyphen}{piece}"
