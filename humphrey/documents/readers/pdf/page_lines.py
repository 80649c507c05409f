"""The lines of a page of a PDF, as PDFium gives them: what is seen of them, with raised figures apart from numbers."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import pypdfium2
from pypdfium2 import raw as pdfium

from humphrey.documents.model import OmissionKind
from humphrey.documents.readers.pdf.annotations import Annotations
from humphrey.documents.readers.pdf.characters import base_of, edges_of, heights_of, is_bold, sign_of, size_of
from humphrey.documents.readers.pdf.lines import SPLIT_WORD, Line
from humphrey.documents.readers.pdf.marks import ARTEFACT, marks_of
from humphrey.documents.readers.pdf.tables import CellPosition, cell_at, cells_of, drawn
from humphrey.documents.readers.pdf.visibility import Visibility, visibility_of
from humphrey.documents.readers.plain_text import omit
from humphrey.documents.readers.raised import LEVEL, RAISED, apart

# Ligatures such as "ﬁ", and the letters of formulas, which are drawn as ordinary ones.
_JOINED_LETTERS = re.compile("[\ufb00-\ufb06\U0001d400-\U0001d7ff]")


# PDFium gives U+0002 for a hyphen at the end of a line; U+00AD is the soft hyphen.
_HYPHEN_AT_END = "\x02\u00ad"


# Figures, and the commas between the marks of several notes.
_FIGURES = re.compile(r"\d+(?:,\d+)*")


# A raised figure begins so far above the baseline beside it at least, and ends so far at most, in letter sizes there.
_HIGHER, _HIGHEST = 0.18, 1.4


# The mark of a note is at most so large, in letter sizes of its line.
_MARK = 0.85


# The bar of a fraction runs so far below the number over it at most, in letter sizes.
_BAR_BELOW = 0.4


# The numbers of a fraction stand closer than two lines of text do, in letter sizes.
_LONGEST_FALL = 1.15


_FIELD_LETTERS = 11.0
"""The letter size, in points, that is assumed of a field of a form whose value the file does not draw."""


def page_lines(page: pypdfium2.PdfPage, n: int, annotations: Annotations) -> Iterator[Line]:
    """Yield the lines of a page in reading order, then the values of fields that it does not draw.

    What is left out is listed.
    """
    yield from _joined(_joined(_lines(page, n, annotations), _as_fraction), _with_mark)


def _lines(page: pypdfium2.PdfPage, n: int, annotations: Annotations) -> Iterator[Line]:
    text_page = page.get_textpage()
    seen = visibility_of(page, annotations.struck)
    cells = cells_of(page)
    height = _height(page)
    at = 0
    left_out: list[tuple[OmissionKind, str]] = []
    for text in _units(text_page.get_text_range()).split("\r\n"):
        for begin, end, cell in _in_cells(text_page, at, len(text), cells):
            shown = _shown(text_page, text[begin - at : end - at], begin, seen, left_out)
            if shown.text.strip():
                yield _line(text_page, n, shown, cell, height, seen)
        # PDFium ends a line with "\r\n", two characters.
        at += len(text) + 2
    text_page.close()
    for (left, bottom, _, top), value in annotations.values:
        yield Line(n, value, min(_FIELD_LETTERS, top - bottom), False, bottom, left, height=height)
    for kind, words in left_out:
        omit(kind, words)
    if seen.pictures:
        omit("picture", f"page {n + 1}")


def _units(text: str) -> str:
    """Return a text with two characters for each beyond U+FFFF, as PDFium counts them."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    return "".join(map(chr, memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")))


def _whole(words: str) -> str:
    """Return words with the pairs of `_units` joined again, and ligatures as their letters."""
    whole = words if words.isascii() else words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _JOINED_LETTERS.sub(lambda letter: unicodedata.normalize("NFKC", letter[0]), whole)


def _joined(lines: Iterable[Line], join: Callable[[Line, Line], Line | None]) -> Iterator[Line]:
    """Yield the lines, with neighbours made one where `join` gives one for the two; None leaves them apart."""
    held: Line | None = None
    for line in lines:
        one = join(held, line) if held else None
        if held and not one:
            yield held
        held = one or line
    if held:
        yield held


def _as_fraction(held: Line, line: Line) -> Line | None:
    """Return two lines as one if they are a fraction, whose numbers stand one above the other."""
    if held.text.endswith("⁄") and line.text.isdecimal():
        return replace(held, text=held.text + line.text)
    if not _is_fraction(held, line):
        return None
    # On the baseline of the words around it, about a third of a letter below its bar.
    base = (held.base + line.base) / 2
    return replace(held, text=f"{held.text}⁄{line.text}", base=base, right=max(held.right, line.right))


def _is_fraction(over: Line, under: Line) -> bool:
    fall = over.base - under.base
    over_it = over.left < under.right and under.left < over.right and over.page == under.page
    numbers = over.text.isdecimal() and under.text.isdecimal() and over.size == under.size
    return numbers and over_it and over.cell == under.cell and 0.8 * over.size < fall < _LONGEST_FALL * over.size


def _with_mark(held: Line, line: Line) -> Line | None:
    """Return two lines as one if one is the mark of a note: PDFium gives one at the beginning as a line of its own."""
    if _is_mark(held, line):
        return replace(line, text=apart(f"{RAISED}{held.text}{LEVEL} {line.text}"), left=held.left)
    if _is_mark(line, held):
        return replace(held, text=apart(f"{held.text}{RAISED}{line.text}{LEVEL}"), right=line.right)
    return None


def _is_mark(mark: Line, line: Line) -> bool:
    """Return whether a line is only a raised figure of the line beside it."""
    rise = mark.base - line.base
    small = mark.size <= _MARK * line.size and mark.page == line.page and mark.cell == line.cell
    near = min(abs(line.left - mark.right), abs(mark.left - line.right)) < line.size
    return small and near and bool(_FIGURES.fullmatch(mark.text)) and _HIGHER * line.size <= rise <= line.size


def _height(page: pypdfium2.PdfPage) -> tuple[float, float]:
    """Return the bottom and the top of a page in the coordinates of its words; 0 and 0 if it is turned."""
    _, bottom, _, top = page.get_cropbox()
    return (0.0, 0.0) if page.get_rotation() % 180 else (bottom, top)


def _in_cells(
    page: pypdfium2.PdfTextPage, at: int, length: int, cells: dict[int, CellPosition]
) -> Iterator[tuple[int, int, CellPosition | None]]:
    """Cut a line at the borders of table cells; yield begin, end and cell of each piece."""
    if not cells:
        yield at, at + length, None
        return
    begin, here = at, None
    for place in range(at, at + length):
        sign = sign_of(page, place)
        # A blank that the page does not draw belongs to the text before it.
        cell = cell_at(page, sign, cells) if drawn(page, sign) else here
        if cell != here:
            yield begin, place, here
            begin, here = place, cell
    yield begin, at + length, here


@dataclass(frozen=True)
class _Shown:
    """Words of a line that a reader sees, each character with its place in the text of the page."""

    text: str
    places: Sequence[int]


def _shown(
    page: pypdfium2.PdfTextPage, text: str, at: int, seen: Visibility, left_out: list[tuple[OmissionKind, str]]
) -> _Shown:
    """Return the words of a piece of a line that are seen; add the others to what was left out."""
    places = range(at, at + len(text))
    first = next((n for n, char in enumerate(text) if not char.isspace()), 0)
    sign = sign_of(page, at + first)
    if not text.strip() or not seen.touches(base_of(page, sign), size_of(page, sign)):
        return _Shown(text, places)
    reasons = [seen.why_not(page, sign_of(page, place)) for place in places]
    # A blank goes with the words before it.
    for n, char in enumerate(text):
        if char.isspace() and n:
            reasons[n] = reasons[n - 1] if n + 1 == len(text) or reasons[n - 1] == reasons[n + 1] else None
    for reason, run in groupby(range(len(text)), key=lambda n: reasons[n]):
        words = "".join(text[n] for n in run).strip()
        if reason and words:
            left_out.append((reason, words))
    kept = [n for n, reason in enumerate(reasons) if reason is None]
    return _Shown("".join(text[n] for n in kept), [at + n for n in kept])


def _line(
    page: pypdfium2.PdfTextPage,
    n: int,
    shown: _Shown,
    cell: CellPosition | None,
    height: tuple[float, float],
    seen: Visibility,
) -> Line:
    """Return a line with the look of two of three sample characters, because note marks are smaller than their line."""
    text = shown.text
    begin = len(text) - len(text.lstrip())
    end = len(text.rstrip()) - 1
    signs = [sign_of(page, shown.places[each]) for each in (begin, (begin + end) // 2, end)]
    # The median of three.
    size = sorted(size_of(page, sign) for sign in signs)[1]
    bold = all(is_bold(page, sign) for sign in signs)
    words = text.strip()
    if words[-1] in _HYPHEN_AT_END:
        words = words[:-1] + SPLIT_WORD
    words = words.replace("\x02", SPLIT_WORD)
    if not seen.recognised:
        words = _with_raised(page, words, shown.places[begin:], seen)
    words = apart(_whole(words))
    piece = pdfium.FPDFText_GetTextObject(page, signs[0])
    artefact = bool(piece) and ARTEFACT in marks_of(piece)
    left, _ = edges_of(page, signs[0])
    _, right = edges_of(page, signs[2])
    return Line(n, words, size, bold, base_of(page, signs[0]), left, right, cell, height=height, artefact=artefact)


def _with_raised(page: pypdfium2.PdfTextPage, words: str, places: Sequence[int], seen: Visibility) -> str:
    """Return words with signs around raised figures, which `apart` takes for what they are."""
    out, at = [], 0
    for run in _FIGURES.finditer(words):
        begin = run.end()
        while begin > run.start() and _is_raised(page, words, places, run, begin - 1):
            begin -= 1
        if begin == run.end():
            continue
        figures = words[begin : run.end()]
        if _is_over_bar(page, places[begin], seen):
            # The number below the bar comes on a line of its own.
            out += [words[at:begin], " " if begin > run.start() else "", figures, "⁄"]
        else:
            out += [words[at:begin], RAISED, figures, LEVEL]
        at = run.end()
    return "".join([*out, words[at:]])


def _is_over_bar(page: pypdfium2.PdfTextPage, place: int, seen: Visibility) -> bool:
    """Return whether a figure stands on the bar of a fraction."""
    sign = sign_of(page, place)
    left, right = edges_of(page, sign)
    bottom, _ = heights_of(page, sign)
    return seen.has_bar((left + right) / 2, bottom - _BAR_BELOW * size_of(page, sign), bottom)


def _is_raised(page: pypdfium2.PdfTextPage, words: str, places: Sequence[int], run: re.Match[str], at: int) -> bool:
    """Return whether a figure stands above the baseline of the nearest letter or figure beside it."""
    beside = _beside(words, run, at)
    if beside is None:
        return False
    other = sign_of(page, places[beside])
    size, base = size_of(page, other), base_of(page, other)
    # A typeface may have raised figures of its own, which have the size and the baseline of their line.
    bottom, top = heights_of(page, sign_of(page, places[at]))
    return _HIGHER * size <= bottom - base and top - base <= _HIGHEST * size


def _beside(words: str, run: re.Match[str], at: int) -> int | None:
    before, after = words[: run.start()], words[run.end() :]
    if before and not before[-1].isspace():
        return len(before) - 1
    if at > run.start():
        return run.start()
    if after.strip():
        return len(words) - len(after.lstrip())
    return len(before.rstrip()) - 1 if before.strip() else None
