"""What of a page's words a reader sees: none drawn invisibly, in the colour of the paper, under a bar, or struck.

Invisible words over a picture are those of text recognition, and are read.
"""

import ctypes
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

import pypdfium2
from pypdfium2 import raw as pdfium

from humphrey.documents.model import OmissionKind
from humphrey.documents.readers.pdf.annotations import Box
from humphrey.documents.readers.pdf.characters import base_of, edges_of, size_of

_MOST_OBJECTS = 50_000
"""The most objects of a page that are looked at; bounded, because a map may have millions of lines."""


_DEEPEST = 4
"""Groups of objects inside one another that are looked into."""


# Of 255: in each of red, green and blue; and of opacity.
_WHITE, _OPAQUE = 250, 255


_THIN = 2.0
"""Points. A line or bar of this height at most may strike words out."""


# Where the line that strikes a letter out runs, in letter sizes above its baseline.
_LOWEST, _HIGHEST = 0.12, 0.5


_PICTURE_PAGE = 0.5
"""A picture of this share of the page is the page, as a scan is."""


_SMALLEST = 20.0
"""Points; smaller pictures are signs and lines."""


_RECTANGLE = 5
"""Segments that a rectangle has at most."""


_LOWEST_COVER = 5.0
"""Points; a lower or narrower rectangle covers no words."""


_MOST_COMPARED = 1_000_000
"""The most pairs of words and rectangles that are compared; a chart has thousands of either."""


_INVISIBLE = pdfium.FPDF_TEXTRENDERMODE_INVISIBLE


_KINDS = (
    pdfium.FPDF_PAGEOBJ_TEXT,
    pdfium.FPDF_PAGEOBJ_PATH,
    pdfium.FPDF_PAGEOBJ_IMAGE,
    pdfium.FPDF_PAGEOBJ_SHADING,
)


# Used for every colour: some programs draw each letter by itself, and PDFs are read one at a time.
_PARTS = tuple(ctypes.c_uint() for _ in range(4))


PageObject = Any
"""A PDFium pointer."""


Matrix = tuple[float, float, float, float, float, float]


_IN_PLACE: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(slots=True)
class _Piece:
    """An object of a page, its place in the order of drawing, and how the groups that it is in place it."""

    raw: PageObject
    kind: int
    n: int
    matrix: Matrix
    placed: Box | None = None

    @property
    def box(self) -> Box:
        """Where it is on the page."""
        if self.placed is None:
            left, bottom, right, top = (ctypes.c_float() for _ in range(4))
            pdfium.FPDFPageObj_GetBounds(self.raw, left, bottom, right, top)
            a, b, c, d, e, f = self.matrix
            corners = [(x.value, y.value) for x in (left, right) for y in (bottom, top)]
            across, up = [a * x + c * y + e for x, y in corners], [b * x + d * y + f for x, y in corners]
            self.placed = min(across), min(up), max(across), max(up)
        return self.placed

    def is_at_least(self, size: float) -> bool:
        """Return whether it is so wide and so high, in points."""
        left, bottom, right, top = self.box
        return right - left >= size and top - bottom >= size


@dataclass
class Visibility:
    """What of a page is not seen.

    Attributes:
        hidden: addresses of text objects that are not seen.
        struck: boxes of words that were struck out, as the file says.
        bars: thin horizontal lines as height, left and right, in order.
        recognised: whether the words are those of text recognition.
        pictures: whether the page has pictures.
    """

    hidden: set[int] = field(default_factory=set)
    struck: Sequence[Box] = ()
    bars: Sequence[tuple[float, float, float]] = ()
    recognised: bool = False
    pictures: bool = False

    def why_not(self, page: pypdfium2.PdfTextPage, sign: int) -> OmissionKind | None:
        """Return why a character is not read; None if it is."""
        piece = pdfium.FPDFText_GetTextObject(page, sign) if self.hidden and sign >= 0 else None
        if piece and _address(piece) in self.hidden:
            return "hidden"
        return "struck" if (self.struck or self.bars) and self._is_struck(page, sign) else None

    def touches(self, base: float, size: float) -> bool:
        """Return whether some character of a line may not be read."""
        low, high = base + _LOWEST * size, base + _HIGHEST * size
        at = bisect_left(self.bars, (low, 0.0, 0.0))
        crossed = at < len(self.bars) and self.bars[at][0] <= high
        return crossed or bool(self.hidden) or any(bottom < high and top > base for _, bottom, _, top in self.struck)

    def _is_struck(self, page: pypdfium2.PdfTextPage, sign: int) -> bool:
        left, right = edges_of(page, sign)
        middle, base, size = (left + right) / 2, base_of(page, sign), size_of(page, sign)
        low, high = base + _LOWEST * size, base + _HIGHEST * size
        if any(a <= middle <= c and b < high and d > base for a, b, c, d in self.struck):
            return True
        return self.has_bar(middle, low, high)

    def has_bar(self, across: float, low: float, high: float) -> bool:
        """Return whether a thin line runs through a place on the page, between two heights."""
        near = self.bars[bisect_left(self.bars, (low, 0.0, 0.0)) :]
        return any(begin <= across <= end for _, begin, end in takewhile(lambda bar: bar[0] <= high, near))


def visibility_of(page: pypdfium2.PdfPage, struck: Sequence[Box]) -> Visibility:
    """Return what of a page is not seen."""
    by_kind: dict[int, list[_Piece]] = {kind: [] for kind in _KINDS}
    for piece in _pieces(page):
        by_kind.setdefault(piece.kind, []).append(piece)
    texts, paths = by_kind[pdfium.FPDF_PAGEOBJ_TEXT], by_kind[pdfium.FPDF_PAGEOBJ_PATH]
    pictures = [piece for piece in by_kind[pdfium.FPDF_PAGEOBJ_IMAGE] if piece.is_at_least(_SMALLEST)]
    areas = [piece for piece in paths if piece.is_at_least(_LOWEST_COVER)]
    if len(areas) * len(texts) > _MOST_COMPARED:
        areas = []
    scan = _is_scan(page, pictures)
    grounds = [*areas, *pictures, *by_kind[pdfium.FPDF_PAGEOBJ_SHADING]]
    recognised = [piece for piece in texts if pdfium.FPDFTextObj_GetTextRenderMode(piece.raw) == _INVISIBLE]
    unseen = [piece for piece in recognised if not (scan or _any_around(pictures, piece))]
    by_text_recognition = {piece.n for piece in recognised}
    unseen += [piece for piece in texts if piece.n not in by_text_recognition and _is_unseen(piece, grounds, areas)]
    return Visibility(
        hidden={_address(piece.raw) for piece in unseen},
        struck=struck,
        bars=sorted(bar for piece in paths for bar in _bars(piece)),
        recognised=bool(recognised),
        pictures=bool(pictures) and not (scan and recognised),
    )


def _is_scan(page: pypdfium2.PdfPage, pictures: Sequence[_Piece]) -> bool:
    width, height = page.get_size()
    boxes = [picture.box for picture in pictures]
    return any((right - left) * (top - low) > _PICTURE_PAGE * width * height for left, low, right, top in boxes)


def _pieces(page: pypdfium2.PdfPage) -> Iterator[_Piece]:
    """Yield the objects of a page in the order of drawing, those of groups included."""
    raw_page, kind_of = page.raw, pdfium.FPDFPageObj_GetType
    count = min(_MOST_OBJECTS, pdfium.FPDFPage_CountObjects(raw_page))
    waiting = [(pdfium.FPDFPage_GetObject(raw_page, n), _IN_PLACE, 0) for n in reversed(range(count))]
    n = 0
    while waiting and n < _MOST_OBJECTS:
        raw, matrix, depth = waiting.pop()
        n += 1
        kind = kind_of(raw)
        if kind != pdfium.FPDF_PAGEOBJ_FORM:
            yield _Piece(raw, kind, n, matrix)
        elif depth < _DEEPEST:
            own = pdfium.FS_MATRIX()
            pdfium.FPDFPageObj_GetMatrix(raw, own)
            inner = _joined((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
            count = min(_MOST_OBJECTS, max(0, pdfium.FPDFFormObj_CountObjects(raw)))
            waiting += [(pdfium.FPDFFormObj_GetObject(raw, at), inner, depth + 1) for at in reversed(range(count))]


def _joined(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _bars(piece: _Piece) -> Iterator[tuple[float, float, float]]:
    left, bottom, right, top = piece.box
    if top - bottom <= _THIN < right - left:
        yield (bottom + top) / 2, left, right


def _is_unseen(piece: _Piece, grounds: Sequence[_Piece], areas: Sequence[_Piece]) -> bool:
    """Return whether words have no ink, the colour of the paper, or an opaque rectangle over them."""
    red, green, blue, ink = _colour(piece.raw)
    if ink == 0:
        return True
    white = red >= _WHITE and green >= _WHITE and blue >= _WHITE
    if white and not any(under.n < piece.n and _is_dark_around(under, piece) for under in grounds):
        return True
    return any(over.n > piece.n and _covers(over, piece) for over in areas)


def _is_dark_around(under: _Piece, piece: _Piece) -> bool:
    if not _any_around([under], piece):
        return False
    return under.kind != pdfium.FPDF_PAGEOBJ_PATH or min(_colour(under.raw)[:3]) < _WHITE


def _covers(over: _Piece, piece: _Piece) -> bool:
    """Return whether an opaque rectangle, drawn later, lies over all of the words."""
    left, bottom, right, top = piece.box
    a, b, c, d = over.box
    if not (a <= left and b <= bottom and c >= right and d >= top):
        return False
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(over.raw, fill, stroke)
    # What a clip leaves of a rectangle is not known, so it counts as no cover.
    clipped = pdfium.FPDFClipPath_CountPaths(pdfium.FPDFPageObj_GetClipPath(over.raw)) > 0
    opaque = _colour(over.raw)[3] == _OPAQUE and not pdfium.FPDFPageObj_HasTransparency(over.raw)
    return bool(fill.value) and opaque and not clipped and pdfium.FPDFPath_CountSegments(over.raw) <= _RECTANGLE


def _any_around(pieces: Sequence[_Piece], inner: _Piece) -> bool:
    """Return whether the middle of an object lies in the box of one of several."""
    left, bottom, right, top = inner.box
    across, up = (left + right) / 2, (bottom + top) / 2
    return any(a <= across <= c and b <= up <= d for a, b, c, d in (piece.box for piece in pieces))


def _colour(raw: PageObject) -> tuple[int, int, int, int]:
    """Return red, green, blue and opacity of what fills an object; black where it has no colour of its own."""
    if not pdfium.FPDFPageObj_GetFillColor(raw, *_PARTS):
        return 0, 0, 0, _OPAQUE
    red, green, blue, ink = _PARTS
    return red.value, green.value, blue.value, ink.value


def _address(raw: PageObject) -> int:
    return ctypes.cast(raw, ctypes.c_void_p).value or 0
