"""What was put onto the pages of a PDF: forms that were filled in, text boxes, comments, and strokes through words.

Fields and text boxes become part of the page, where a reader sees them. Comments are listed, not read.
"""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
from pypdfium2 import raw as pdfium

from humphrey.documents.readers.plain_text import omit
from humphrey.errors import DocumentError

Box = tuple[float, float, float, float]
"""Left, bottom, right and top of a part of a page, in points."""


Annotation = Any
"""A PDFium pointer."""


# These are shown on the page; the icon and the window of a comment are not.
_SHOWN = frozenset({pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP})


# Their words belong to the page's own (a link), or only repeat those of the comment that they show (a popup).
_NO_COMMENT = _SHOWN | {pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP}


_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW


_LONGEST = 100_000
"""Bytes of a value in UTF-16 that are read."""


_NO_APPEARANCE = 2
"""Bytes of an empty string in UTF-16, as PDFium counts them."""


@dataclass
class Annotations:
    """What was put onto a page: the boxes of struck words, and values that the file does not draw, with their boxes.

    `drawn` says that there are annotations to draw onto the page.
    """

    struck: list[Box] = field(default_factory=list)
    values: list[tuple[Box, str]] = field(default_factory=list)
    drawn: bool = False


def refuse_form_program(pdf: pypdfium2.PdfDocument) -> None:
    """Refuse a form that has no pages of its own.

    Raises:
        DocumentError: only a form program could draw it.
    """
    if pdf.get_formtype() == pdfium.FORMTYPE_XFA_FULL:
        raise DocumentError("is a form that only a form program can show (XFA); print it to a PDF and give that")


def name_attached_files(pdf: pypdfium2.PdfDocument) -> None:
    """List the files that are packed into a PDF."""
    for n in range(pdf.count_attachments()):
        omit("attachment", pdf.get_attachment(n).get_name())


def with_annotations(pdf: pypdfium2.PdfDocument, n: int) -> tuple[pypdfium2.PdfPage, Annotations]:
    """Return a page with its fields and text boxes drawn onto it; list its comments."""
    page = pdf[n]
    found = Annotations()
    for annotation in _annotations(page):
        _take(annotation, found, pdf.formenv)
    if found.drawn and pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS:
        # PDFium shows the change only to a page that is loaded afresh.
        page.close()
        page = pdf[n]
    return page, found


def _annotations(page: pypdfium2.PdfPage) -> Iterator[Annotation]:
    for n in range(max(0, pdfium.FPDFPage_GetAnnotCount(page))):
        annotation = pdfium.FPDFPage_GetAnnot(page, n)
        if annotation:
            yield annotation
            pdfium.FPDFPage_CloseAnnot(annotation)


def _take(annotation: Annotation, found: Annotations, forms: pypdfium2.PdfFormEnv | None) -> None:
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    said = _text(annotation, b"Contents")
    if pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
        omit("hidden", said or _value(annotation, forms))
    elif kind == pdfium.FPDF_ANNOT_FILEATTACHMENT:
        omit("attachment", said)
    elif kind in _SHOWN:
        found.drawn = True
        value = said if kind != pdfium.FPDF_ANNOT_WIDGET else _value(annotation, forms)
        if value and not _is_drawn(annotation):
            found.values.append((_box(annotation), value))
    else:
        if kind == pdfium.FPDF_ANNOT_STRIKEOUT:
            found.struck += _quads(annotation)
        if kind not in _NO_COMMENT:
            omit("comment", said)


def _is_drawn(annotation: Annotation) -> bool:
    mode = pdfium.FPDF_ANNOT_APPEARANCEMODE_NORMAL
    return int(pdfium.FPDFAnnot_GetAP(annotation, mode, None, 0)) > _NO_APPEARANCE


def _value(annotation: Annotation, forms: pypdfium2.PdfFormEnv | None) -> str:
    if forms is None:
        return _text(annotation, b"V")
    return _read(lambda buffer, length: pdfium.FPDFAnnot_GetFormFieldValue(forms, annotation, buffer, length))


def _text(annotation: Annotation, key: bytes) -> str:
    return _read(lambda buffer, length: pdfium.FPDFAnnot_GetStringValue(annotation, key, buffer, length))


def _read(call: Callable[[Any, int], int]) -> str:
    # PDFium is called twice: once for the length in bytes, once for the words.
    length = min(int(call(None, 0)), _LONGEST)
    buffer = ctypes.create_string_buffer(max(length, 2))
    call(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw[:length].decode("utf-16-le", "replace").rstrip("\0").strip()


def _box(annotation: Annotation) -> Box:
    rect = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, rect)
    return rect.left, min(rect.bottom, rect.top), rect.right, max(rect.bottom, rect.top)


def _quads(annotation: Annotation) -> Iterator[Box]:
    for n in range(int(pdfium.FPDFAnnot_CountAttachmentPoints(annotation))):
        quad = pdfium.FS_QUADPOINTSF()
        if pdfium.FPDFAnnot_GetAttachmentPoints(annotation, n, quad):
            across, up = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
            yield min(across), min(up), max(across), max(up)
