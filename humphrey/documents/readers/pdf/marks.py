"""Marks around the words of a page: the sequences of marked content that a program put them into."""

import ctypes
from collections.abc import Iterator

import pypdfium2
from pypdfium2 import raw as pdfium

ARTEFACT = "Artifact"
"""Marks what is no part of the content: page headers and footers, and the head of a table that stands again."""


_LONGEST = 256
"""Bytes of a name, in UTF-16; longer ones are none of those that are looked for."""


def marks_of(piece: pdfium.FPDF_PAGEOBJECT) -> Iterator[str]:
    """Yield the names of the marks around an object of a page, the outermost first."""
    for n in range(max(0, pdfium.FPDFPageObj_CountMarks(piece))):
        name, length = ctypes.create_string_buffer(_LONGEST), ctypes.c_ulong()
        mark = pdfium.FPDFPageObj_GetMark(piece, n)
        if pdfium.FPDFPageObjMark_GetName(mark, ctypes.cast(name, ctypes.POINTER(ctypes.c_ushort)), _LONGEST, length):
            yield name.raw[: length.value].decode("utf-16-le", "replace").rstrip("\0")


def artefacts_first(page: pypdfium2.PdfTextPage) -> int:
    """Return how many characters a page draws before the first that is part of its content."""
    count = int(pdfium.FPDFText_CountChars(page))
    for place in range(count):
        piece = pdfium.FPDFText_GetTextObject(page, pdfium.FPDFText_GetCharIndexFromTextIndex(page, place))
        if piece and ARTEFACT not in marks_of(piece):
            return place
    return count
