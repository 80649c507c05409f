"""The look and the place of one character of a page, as PDFium gives them."""

import ctypes
import re

import pypdfium2
from pypdfium2 import raw as pdfium

# Searched in the font name if the declared weight is below `_BOLD_WEIGHT`.
_BOLD = re.compile("bold|black|heavy|semibold", re.IGNORECASE)


# Semibold on the scale of font weights, where 400 is normal and 700 is bold.
_BOLD_WEIGHT = 600


def sign_of(page: pypdfium2.PdfTextPage, place: int) -> int:
    """Return the index of the character at a text position; negative if there is none."""
    return int(pdfium.FPDFText_GetCharIndexFromTextIndex(page, place))


def size_of(page: pypdfium2.PdfTextPage, sign: int) -> float:
    """Return the letter size of a character in points."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(page, sign, matrix)
    # In rotated text the height is in the other half of the matrix.
    size = float(pdfium.FPDFText_GetFontSize(page, sign)) * float(abs(matrix.d) or abs(matrix.b))
    return round(size, 1)


def is_bold(page: pypdfium2.PdfTextPage, sign: int) -> bool:
    """Return whether a character is semibold or heavier."""
    if pdfium.FPDFText_GetFontWeight(page, sign) >= _BOLD_WEIGHT:
        return True
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(page, sign, name, 128, ctypes.c_int())
    return bool(_BOLD.search(name.value.decode("utf-8", "replace")))


def edges_of(page: pypdfium2.PdfTextPage, sign: int) -> tuple[float, float]:
    """Return the left and right edge of a character."""
    box = [ctypes.c_double() for _ in range(4)]
    pdfium.FPDFText_GetCharBox(page, sign, *box)
    return box[0].value, box[1].value


def heights_of(page: pypdfium2.PdfTextPage, sign: int) -> tuple[float, float]:
    """Return the lower and the upper edge of what is drawn of a character."""
    box = [ctypes.c_double() for _ in range(4)]
    pdfium.FPDFText_GetCharBox(page, sign, *box)
    return box[2].value, box[3].value


def base_of(page: pypdfium2.PdfTextPage, sign: int) -> float:
    """Return the height of the baseline of a character."""
    across, up = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(page, sign, across, up)
    return float(up.value)
