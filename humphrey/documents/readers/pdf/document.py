"""Reader of PDF files: PDFium returns the lines of each page, `pdf/layout.py` turns them into text."""

import ctypes
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, datetime
from threading import Lock

import pypdfium2
from pypdfium2 import raw as pdfium

from humphrey.documents.model import Document, Imprint
from humphrey.documents.readers.base import RawFile, build_document
from humphrey.documents.readers.pdf.layout import SPLIT_WORD, Line, from_lines
from humphrey.documents.readers.pdf.marks import artefacts_first
from humphrey.documents.readers.pdf.tables import CellPosition, cell_at, cells_of, drawn
from humphrey.errors import DocumentError

# Bounds on the time and memory that one file may take.
_MOST_PAGES = 3_000


_MOST_CHARS = 20_000_000


_LOCKED = 4
"""PDFium's FPDF_ERR_PASSWORD."""


_ONE_AT_A_TIME = Lock()
"""PDFium is not thread-safe."""


# Searched in the font name if the declared weight is below `_BOLD_WEIGHT`.
_BOLD = re.compile("bold|black|heavy|semibold", re.IGNORECASE)


# Semibold on the scale of font weights, where 400 is normal and 700 is bold.
_BOLD_WEIGHT = 600


# Titles that a program filled in: its own name, a default name, or a file name.
_NO_TITLE = re.compile(r"^microsoft word|^untitled|^powerpoint|^document\d*$|\.\w{3,5}$", re.IGNORECASE)


_SITE = re.compile(r" [-–|] GOV\.UK$")


_ON_EVERY_PAGE = re.compile(
    r"GOV\.UK|Home( .*)?|Contents|Back to top|Skip to main content|Cookies on GOV\.UK|Print this page"
    r"|Register to vote \(.*|Is this page useful.*|Report a problem with this page|All content is available under .*",
    re.DOTALL,
)
"""The text that GOV.UK adds around each page when the page is printed to a file."""


# Matches nothing.
_NOTHING = re.compile(r"(?!)")


# PDF dates start with "D:", which some programs omit, and the day; the time and the zone after it are not needed.
_DATE = re.compile(r"(?:D:)?(\d{8})")


# Ligatures such as "ﬁ".
_JOINED_LETTERS = re.compile("[\ufb00-\ufb06]")


# PDFium gives U+0002 for a hyphen at the end of a line; U+00AD is the soft hyphen.
_HYPHEN_AT_END = "\x02\u00ad"


_NO_LETTERS = 0.3
"""The share of meaningless characters above which a text is unusable."""


def read_pdf(raw: RawFile) -> Document:
    """Read a PDF. The title is its title property, else the largest words of the first pages, else the file name."""
    with _ONE_AT_A_TIME:
        pdf = _opened(raw.content)
        try:
            lines = _lines(pdf)
            title, updated = _title(pdf), _changed(pdf)
        finally:
            pdf.close()
    plain = from_lines(lines, _SITE.sub("", title), _ON_EVERY_PAGE if _SITE.search(title) else _NOTHING)
    return build_document(raw.id, Imprint(plain.title or raw.title, "", updated=updated), plain)


def pages_of(content: bytes) -> int:
    """Return the number of pages; 0 if the content is not a PDF or cannot be opened."""
    with _ONE_AT_A_TIME:
        try:
            pdf = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError:
            return 0
        pages = len(pdf)
        pdf.close()
    return pages


def _opened(content: bytes) -> pypdfium2.PdfDocument:
    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _LOCKED:
            raise DocumentError("is locked with a password; save it without one") from None
        raise DocumentError("is not a PDF, or is broken; open it, save it afresh and try again") from None
    if len(pdf) > _MOST_PAGES:
        pages = len(pdf)
        pdf.close()
        raise DocumentError(f"has {pages} pages, more than {_MOST_PAGES}; split it")
    return pdf


def _lines(pdf: pypdfium2.PdfDocument) -> list[Line]:
    """Return every line of the text. A page that is only a picture yields one line that says so.

    Raises:
        DocumentError: there is no text, or no readable text.
    """
    lines: list[Line] = []
    pictures = 0
    chars = 0
    for n in range(len(pdf)):
        page = pdf[n]
        found = list(_page_lines(page, n))
        chars += sum(len(line.text) for line in found)
        if chars > _MOST_CHARS:
            raise DocumentError(f"has more than {_MOST_CHARS} characters; split it")
        if not found and _has_picture(page):
            pictures += 1
            found = [Line(n, f"[Page {n + 1} is a picture without text.]", 0, False, 0)]
        lines.extend(found)
        page.close()
    _readable("".join(line.text for line in lines if line.size), pictures)
    return lines


def _readable(text: str, pictures: int) -> None:
    if not text.strip():
        what = (
            f"is a scan: {pictures} {'page' if pictures == 1 else 'pages'} of pictures"
            if pictures
            else "has pages without any text"
        )
        raise DocumentError(f"{what}, no text that can be read; run text recognition (OCR) over it and save it again")
    # Private use ("Co") and unassigned ("Cn") characters come from fonts that do not say which letters they draw.
    strange = sum(char == "\ufffd" or unicodedata.category(char) in {"Co", "Cn"} for char in text)
    if strange > _NO_LETTERS * len(text):
        raise DocumentError(
            "has letters that cannot be told apart; ask for the file it was made from, or run OCR over it"
        )


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _page_lines(page: pypdfium2.PdfPage, n: int) -> Iterator[Line]:
    text_page = page.get_textpage()
    cells = cells_of(page)
    at = 0
    for text in text_page.get_text_range().split("\r\n"):
        for begin, end, cell in _in_cells(text_page, at, len(text), cells):
            if text[begin - at : end - at].strip():
                yield _line(text_page, n, text[begin - at : end - at], begin, cell)
        # PDFium ends a line with "\r\n", two characters.
        at += len(text) + 2
    text_page.close()


def _in_cells(
    page: pypdfium2.PdfTextPage, at: int, length: int, cells: dict[int, CellPosition]
) -> Iterator[tuple[int, int, CellPosition | None]]:
    """Cut a line at the borders of table cells; yield begin, end and cell of each piece."""
    if not cells:
        yield at, at + length, None
        return
    begin, here = at, None
    for place in range(at, at + length):
        sign = _sign(page, place)
        # A blank that the page does not draw belongs to the text before it.
        cell = cell_at(page, sign, cells) if drawn(page, sign) else here
        if cell != here:
            yield begin, place, here
            begin, here = place, cell
    yield begin, at + length, here


def _line(page: pypdfium2.PdfTextPage, n: int, text: str, at: int, cell: CellPosition | None) -> Line:
    """Return a line with the look of two of three sample characters, because note marks are smaller than their line."""
    begin = at + len(text) - len(text.lstrip())
    end = at + len(text.rstrip()) - 1
    signs = [_sign(page, each) for each in (begin, (begin + end) // 2, end)]
    # The median of three.
    size = sorted(_size(page, sign) for sign in signs)[1]
    bold = all(_bold(page, sign) for sign in signs)
    words = text.strip()
    if words[-1] in _HYPHEN_AT_END:
        words = words[:-1] + SPLIT_WORD
    words = words.replace("\x02", SPLIT_WORD)
    # Some fonts draw "fi" as one character.
    words = unicodedata.normalize("NFKC", words) if _JOINED_LETTERS.search(words) else words
    left, _ = _edges(page, signs[0])
    _, right = _edges(page, signs[2])
    return Line(n, words, size, bold, _base(page, signs[0]), left, right, cell)


def _sign(page: pypdfium2.PdfTextPage, place: int) -> int:
    """Return the index of the character at a text position; negative if there is none."""
    return int(pdfium.FPDFText_GetCharIndexFromTextIndex(page, place))


def _size(page: pypdfium2.PdfTextPage, sign: int) -> float:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(page, sign, matrix)
    # In rotated text the height is in the other half of the matrix.
    size = float(pdfium.FPDFText_GetFontSize(page, sign)) * float(abs(matrix.d) or abs(matrix.b))
    return round(size, 1)


def _bold(page: pypdfium2.PdfTextPage, sign: int) -> bool:
    if pdfium.FPDFText_GetFontWeight(page, sign) >= _BOLD_WEIGHT:
        return True
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(page, sign, name, 128, ctypes.c_int())
    return bool(_BOLD.search(name.value.decode("utf-8", "replace")))


def _edges(page: pypdfium2.PdfTextPage, sign: int) -> tuple[float, float]:
    """Return the left and right edge of a character."""
    box = [ctypes.c_double() for _ in range(4)]
    pdfium.FPDFText_GetCharBox(page, sign, *box)
    return box[0].value, box[1].value


def _base(page: pypdfium2.PdfTextPage, sign: int) -> float:
    across, up = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(page, sign, across, up)
    return float(up.value)


def _title(pdf: pypdfium2.PdfDocument) -> str:
    title = " ".join(pdf.get_metadata_value("Title").split())
    return "" if _NO_TITLE.search(title) else title


def _changed(pdf: pypdfium2.PdfDocument) -> date | None:
    """Return the day of the last change, else of the creation; None if missing or invalid."""
    for name in ("ModDate", "CreationDate"):
        found = _DATE.match(pdf.get_metadata_value(name))
        try:
            if found:
                return datetime.strptime(found[1], "%Y%m%d").date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return None


def drawn_text(content: bytes) -> list[str]:
    """Return the characters of each page in drawing order, for comparing files and not for reading.

    Raises:
        DocumentError: the content is not a PDF, or cannot be opened.
    """
    return _of_pages(content, _letters)


def drawn_above(content: bytes) -> list[str]:
    """Return what each page draws before its content: its header, and the head of a table that goes on there.

    The file marks it as an artefact, and so as no part of its text.

    Raises:
        DocumentError: the content is not a PDF, or cannot be opened.
    """
    return _of_pages(content, lambda page: _letters(page)[: artefacts_first(page)])


def _of_pages(content: bytes, read: Callable[[pypdfium2.PdfTextPage], str]) -> list[str]:
    with _ONE_AT_A_TIME:
        pdf = _opened(content)
        try:
            found = []
            for n in range(len(pdf)):
                page = pdf[n]
                letters = page.get_textpage()
                found.append(read(letters))
                letters.close()
                page.close()
            return found
        finally:
            pdf.close()


def _letters(page: pypdfium2.PdfTextPage) -> str:
    # PDFium replaces a hyphen at a line end by a non-character; a comparison needs the hyphen that was drawn.
    return str(page.get_text_range()).replace("\ufffe", "-").replace("\x02", "-")
