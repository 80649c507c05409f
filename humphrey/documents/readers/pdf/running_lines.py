"""Lines that stand at the edge of page after page: headers, footers and page numbers. They are listed, and not read.

In doubt a line is kept: a heading or a sentence at the top of every page is part of the text.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from humphrey.documents.readers.pdf.lines import Line, body_size
from humphrey.documents.readers.plain_text import omit
from humphrey.text.markings import marking_of_label

_EDGE = 3
"""Lines at the top and at the bottom of a page that may be a header or a footer."""


# The share of a page's height, at the top and at the bottom, that headers and footers stand in.
_MARGIN = 0.13


# A header stands on this share of the pages, and on three at least.
_OFTEN, _FEWEST = 0.3, 3


# Points by which the height of one header may differ from page to page.
_SAME_HEIGHT = 4.0


# Letters smaller than running text by this factor are those of headers, footers and notes.
_SMALLER = 0.95


# A header is further from the text than this many letter sizes, where its letters are those of the text.
_APART = 1.5


# Digits were replaced by "#" before these are compared.
_PAGE_NUMBER = re.compile(r"(page )?#(\s*(of|/)\s*#)?", re.IGNORECASE)


# A page number beside other words: after "page", or set apart by a line or a dot.
_WITH_PAGE_NUMBER = re.compile(r"\bpage #|^#\s*[|•·–—]|[|•·–—]\s*#$", re.IGNORECASE)


_ENDS = re.compile(r"[.!?:;]['\"’”)\]]*$")


def without_running_lines(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines except headers, footers and page numbers, which are listed once each."""
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        pages[line.page].append(line)
    body = body_size(lines)
    shared = _shared([line for on_page in pages.values() for line in at_edges(on_page) if _is_in_margin(line)])
    enough = max(_FEWEST, _OFTEN * len(pages))
    again = _artefacts_again(lines)
    dropped: dict[str, str] = {}
    for on_page in pages.values():
        edges = at_edges(on_page)
        outermost = {id(line) for line in edges[:1] + edges[-1:]}
        often = {id(line): shared[id(line)] for line in edges if len(shared.get(id(line), ())) >= enough}
        for line in on_page:
            numbers = id(line) in outermost and _is_page_number(line, len(pages), often.get(id(line), ()))
            if id(line) in again or numbers or (id(line) in often and _runs(line, often[id(line)], edges, often, body)):
                dropped.setdefault(_key(line), line.text)
            else:
                yield line
    for words in dropped.values():
        omit("running", words)


def _artefacts_again(lines: Sequence[Line]) -> set[int]:
    """Return the identities of the lines that the file marks as no content, and whose words stand elsewhere too.

    Some programs mark content so by mistake; words that stand only once are kept.
    """
    marked = [line for line in lines if line.artefact]
    pages = Counter(key for key, _ in {(_key(line), line.page) for line in marked})
    content = " ".join(line.text for line in lines if not line.artefact) if marked else ""
    return {id(line) for line in marked if pages[_key(line)] > 1 or line.text in content}


def at_edges(lines: Sequence[Line]) -> list[Line]:
    """Return the lines at the top and at the bottom of a page, from the top."""
    ordered = sorted((line for line in lines if line.size and not line.cell), key=lambda line: -line.base)
    return ordered[:_EDGE] + ordered[max(_EDGE, len(ordered) - _EDGE) :]


def _is_in_margin(line: Line) -> bool:
    bottom, top = line.height
    share = (line.base - bottom) / (top - bottom) if top > bottom else 0.0
    return share < _MARGIN or share > 1 - _MARGIN


def _shared(lines: Sequence[Line]) -> dict[int, list[Line]]:
    """Return for each line, by its identity, the lines of all pages with the same words at the same height."""
    alike: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        alike[_key(line)].append(line)
    found: dict[int, list[Line]] = {}
    for group in alike.values():
        heights = Counter(round(line.base / _SAME_HEIGHT) for line in group)
        for line in group:
            at = round(line.base / _SAME_HEIGHT)
            if sum(heights[near] for near in (at - 1, at, at + 1)) >= _FEWEST:
                found[id(line)] = [other for other in group if abs(other.base - line.base) <= _SAME_HEIGHT]
    return found


def _key(line: Line) -> str:
    return re.sub(r"\d+", "#", " ".join(line.text.split()))


def _is_page_number(line: Line, pages: int, alike: Sequence[Line]) -> bool:
    """Return whether a line is a number of its page; one that pages do not share must be that of its place."""
    if not (_PAGE_NUMBER.fullmatch(_key(line)) and _is_in_margin(line)):
        return False
    numbers = [int(number) for number in re.findall(r"\d+", line.text)]
    return _counts_pages(alike) or numbers[0] == line.page + 1 or numbers[1:] == [pages]


def _runs(line: Line, alike: Sequence[Line], edges: Sequence[Line], often: dict[int, list[Line]], body: float) -> bool:
    """Return whether a line that stands at one height on many pages is no part of their text."""
    if marking_of_label(line.text) or _key(line).upper() == "OFFICIAL":
        return True
    small = line.size < _SMALLER * body
    # Small letters may be a footer of several lines; letters as large as the text's are of the text, unless alone.
    apart = _is_apart(line, [other for other in edges if not (small and id(other) in often)])
    if "#" in _key(line) and len({other.text for other in alike}) > 1:
        numbers = _counts_pages(alike) and not line.bold
        return numbers and (small or bool(_WITH_PAGE_NUMBER.search(_key(line)))) and apart
    return (small and apart) or (apart and not line.bold and not _ENDS.search(line.text))


def _counts_pages(alike: Sequence[Line]) -> bool:
    """Return whether a number in the lines grows with the pages; the pages of a part may be counted anew."""
    steps = zip(*(map(int, re.findall(r"\d+", line.text)) for line in alike), strict=False)
    behind = (Counter(number - line.page for number, line in zip(step, alike, strict=False)) for step in steps)
    return any(max(count.values()) > len(alike) / 2 for count in behind)


def _is_apart(line: Line, others: Sequence[Line]) -> bool:
    """Return whether a line neither goes on from the line above nor into the line below."""
    return all(
        other is line
        or abs(other.base - line.base) >= _APART * line.size
        or abs(other.size - line.size) >= 0.1 * line.size
        for other in others
    )
