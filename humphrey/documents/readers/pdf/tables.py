"""Tables declared by tagged PDFs: the cell of each character.

Departments must publish accessible documents, so nearly all of their PDFs declare their tables. Of an untagged table
only the lines are known.
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
"""The deepest level of the structure tree that is visited; bounds the recursion."""


TreePath = tuple[int, ...]
"""The position of an element in the document's structure tree; the same on every page that the element spans."""


Element = Any
"""A PDFium pointer."""


@dataclass(frozen=True)
class CellPosition:
    """A table cell: the positions of its table and row, its number in the row, and whether it is a heading cell."""

    table: TreePath
    row: TreePath
    column: int
    heads: bool


def cells_of(page: pypdfium2.PdfPage) -> dict[int, CellPosition]:
    """Return the cells of a page by the marked-content id of their text; empty if the page declares no table."""
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


def cell_at(page: pypdfium2.PdfTextPage, sign: int, cells: dict[int, CellPosition]) -> CellPosition | None:
    """Return the cell of a character; None outside a table, or for a blank that the page does not draw."""
    piece = pdfium.FPDFText_GetTextObject(page, sign) if sign >= 0 else None
    return cells.get(pdfium.FPDFPageObj_GetMarkedContentID(piece)) if piece else None


def drawn(page: pypdfium2.PdfTextPage, sign: int) -> bool:
    """Return whether the page draws a character; PDFium also infers blanks from gaps."""
    return sign >= 0 and bool(pdfium.FPDFText_GetTextObject(page, sign))


def _cells(table: Element, path: TreePath) -> Iterator[tuple[int, CellPosition]]:
    for row, line in _named(table, path, frozenset({"TR"})):
        for where, cell in _named(line, row, _CELLS):
            for mark in _marks(cell):
                yield mark, CellPosition(path, row, where[-1], _name(cell) == _HEADING)


def _named(element: Element, path: TreePath, names: frozenset[str]) -> Iterator[tuple[TreePath, Element]]:
    """Yield the outermost elements of these names with their positions, in order."""
    if _name(element) in names:
        yield path, element
    elif len(path) < _DEEPEST:
        for n, child in _children(element):
            yield from _named(child, (*path, n), names)


def _marks(element: Element, depth: int = 0) -> Iterator[int]:
    """Yield the marked-content ids of an element's text on this page, including its descendants."""
    for n in range(max(0, pdfium.FPDF_StructElement_CountChildren(element))):
        mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, n)
        if mark >= 0:
            yield mark
    if depth < _DEEPEST:
        for _, child in _children(element):
            yield from _marks(child, depth + 1)


def _children(element: Element) -> Iterator[tuple[int, Element]]:
    """Yield the children with content on this page; children on other pages keep their numbers."""
    for n in range(max(0, pdfium.FPDF_StructElement_CountChildren(element))):
        if child := pdfium.FPDF_StructElement_GetChildAtIndex(element, n):
            yield n, child


def _name(element: Element) -> str:
    # PDFium is called twice: once for the length in bytes, once for the name.
    size = pdfium.FPDF_StructElement_GetType(element, None, 0)
    name = ctypes.create_string_buffer(size)
    pdfium.FPDF_StructElement_GetType(element, name, size)
    return name.raw.decode("utf-16-le", "replace").rstrip("\0")
