"""The tables that a tagged PDF declares: which character stands in which cell.

Departments must publish documents that a screen reader can follow, so nearly every PDF of theirs says where its tables
are. Of what is not tagged only the lines are known.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
from pypdfium2 import raw as pdfium

_HEADING = "TH"
_CELLS = frozenset({_HEADING, "TD"})
_DEEPEST = 40

Path = tuple[int, ...]
"""Where an element stands in the document's tree. It is the same on every page that an element goes on over."""

Element = Any
"""A pointer of PDFium."""


@dataclass(frozen=True)
class Place:
    """A cell by the places of its table and of its row, and its number in the row; `heads` where it is a heading."""

    table: Path
    row: Path
    column: int
    heads: bool


def cells_of(page: pypdfium2.PdfPage) -> dict[int, Place]:
    """The cells of a page by the marks that its pieces of text carry; empty where it declares no table."""
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return {}
    try:
        tops = [
            (n, found)
            for n in range(max(0, pdfium.FPDF_StructTree_CountChildren(tree)))
            if (found := pdfium.FPDF_StructTree_GetChildAtIndex(tree, n))
        ]
        tables = [table for n, top in tops for table in _named(top, (n,), frozenset({"Table"}))]
        return {mark: cell for path, table in tables for mark, cell in _cells(table, path)}
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def cell_at(page: pypdfium2.PdfTextPage, sign: int, cells: dict[int, Place]) -> Place | None:
    """The cell that a character stands in; None where it is in none, or is a blank that the page does not draw."""
    piece = pdfium.FPDFText_GetTextObject(page, sign) if sign >= 0 else None
    return cells.get(pdfium.FPDFPageObj_GetMarkedContentID(piece)) if piece else None


def drawn(page: pypdfium2.PdfTextPage, sign: int) -> bool:
    """Whether the page draws a character, or only the distance between two others makes a blank of it."""
    return sign >= 0 and bool(pdfium.FPDFText_GetTextObject(page, sign))


def _cells(table: Element, path: Path) -> Iterator[tuple[int, Place]]:
    for row, line in _named(table, path, frozenset({"TR"})):
        for where, cell in _named(line, row, _CELLS):
            for mark in _marks(cell):
                yield mark, Place(path, row, where[-1], _name(cell) == _HEADING)


def _named(element: Element, path: Path, names: frozenset[str]) -> Iterator[tuple[Path, Element]]:
    """The outermost elements of these names with their places, in order."""
    if _name(element) in names:
        yield path, element
    elif len(path) < _DEEPEST:
        for n, child in _children(element):
            yield from _named(child, (*path, n), names)


def _marks(element: Element, depth: int = 0) -> Iterator[int]:
    """The marks of an element's text on this page, and of everything in it."""
    for n in range(max(0, pdfium.FPDF_StructElement_CountChildren(element))):
        mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, n)
        if mark >= 0:
            yield mark
    if depth < _DEEPEST:
        for _, child in _children(element):
            yield from _marks(child, depth + 1)


def _children(element: Element) -> Iterator[tuple[int, Element]]:
    """The children that have something on this page; those on other pages count on."""
    for n in range(max(0, pdfium.FPDF_StructElement_CountChildren(element))):
        if child := pdfium.FPDF_StructElement_GetChildAtIndex(element, n):
            yield n, child


def _name(element: Element) -> str:
    size = pdfium.FPDF_StructElement_GetType(element, None, 0)
    name = ctypes.create_string_buffer(size)
    pdfium.FPDF_StructElement_GetType(element, name, size)
    return name.raw.decode("utf-16-le", "replace").rstrip("\0")
