"""Reader of PDF files: PDFium returns the lines of each page, `pdf/layout.py` turns them into text."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from threading import Lock

import pypdfium2
from pypdfium2 import raw as pdfium

from humphrey.documents.model import Document, Imprint
from humphrey.documents.readers.base import RawFile, build_document
from humphrey.documents.readers.pdf.annotations import (
    name_attached_files,
    refuse_form_program,
    with_annotations,
)
from humphrey.documents.readers.pdf.layers import without_layers_off
from humphrey.documents.readers.pdf.layout import from_lines
from humphrey.documents.readers.pdf.lines import Line
from humphrey.documents.readers.pdf.marks import artefacts_first
from humphrey.documents.readers.pdf.page_lines import page_lines
from humphrey.errors import DocumentError

# Bounds on the time and memory that one file may take.
_MOST_PAGES = 3_000


_MOST_CHARS = 20_000_000


_LOCKED = 4
"""PDFium's FPDF_ERR_PASSWORD."""


_ONE_AT_A_TIME = Lock()
"""PDFium is not thread-safe."""


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


_NO_LETTERS = 0.3
"""The share of meaningless characters above which a text is unusable."""


def read_pdf(raw: RawFile) -> Document:
    """Read a PDF. The title is its title property, else the largest words of the first pages, else the file name."""
    with _ONE_AT_A_TIME:
        pdf = _opened(without_layers_off(raw.content))
        try:
            refuse_form_program(pdf)
            name_attached_files(pdf)
            if pdf.get_formtype() != pdfium.FORMTYPE_NONE:
                pdf.init_forms()
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
        page, annotations = with_annotations(pdf, n)
        found = list(page_lines(page, n, annotations))
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
