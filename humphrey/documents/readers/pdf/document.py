"""Reader of PDF files: PDFium returns the lines of each page, `pdf/layout.py` turns them into text."""

import ctypes
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from threading import Lock

import pypdfium2
from pypdfium2 import raw as pdfium

from humphrey.documents.model import Document, Imprint, OmissionKind
from humphrey.documents.readers.base import RawFile, build_document
from humphrey.documents.readers.pdf.annotations import (
    Annotations,
    name_attached_files,
    refuse_form_program,
    with_annotations,
)
from humphrey.documents.readers.pdf.layers import without_layers_off
from humphrey.documents.readers.pdf.layout import SPLIT_WORD, Line, from_lines
from humphrey.documents.readers.pdf.marks import artefacts_first
from humphrey.documents.readers.pdf.tables import CellPosition, cell_at, cells_of, drawn
from humphrey.documents.readers.pdf.visibility import Visibility, visibility_of
from humphrey.documents.readers.plain_text import omit
from humphrey.documents.readers.raised import LEVEL, RAISED, apart
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


# Figures, and the commas between the marks of several notes.
_FIGURES = re.compile(r"\d+(?:,\d+)*")


# A raised figure begins so far above the baseline beside it at least, and ends so far at most, in letter sizes there.
_HIGHER, _HIGHEST = 0.18, 1.4


_FIELD_LETTERS = 11.0
"""The letter size, in points, that is assumed of a field of a form whose value the file does not draw."""


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
        found = list(_page_lines(page, n, annotations))
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


def _page_lines(page: pypdfium2.PdfPage, n: int, annotations: Annotations) -> Iterator[Line]:
    text_page = page.get_textpage()
    seen = visibility_of(page, annotations.struck)
    cells = cells_of(page)
    height = _height(page)
    at = 0
    left_out: list[tuple[OmissionKind, str]] = []
    for text in text_page.get_text_range().split("\r\n"):
        for begin, end, cell in _in_cells(text_page, at, len(text), cells):
            shown = _shown(text_page, text[begin - at : end - at], begin, seen, left_out)
            if shown.text.strip():
                yield _line(text_page, n, shown, cell, height)
        # PDFium ends a line with "\r\n", two characters.
        at += len(text) + 2
    text_page.close()
    for (left, bottom, _, top), value in annotations.values:
        yield Line(n, value, min(_FIELD_LETTERS, top - bottom), False, bottom, left, height=height)
    for kind, words in left_out:
        omit(kind, words)
    if seen.pictures:
        omit("picture", f"page {n + 1}")


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
        sign = _sign(page, place)
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
    recognised: bool


def _shown(
    page: pypdfium2.PdfTextPage, text: str, at: int, seen: Visibility, left_out: list[tuple[OmissionKind, str]]
) -> _Shown:
    """Return the words of a piece of a line that are seen; add the others to what was left out."""
    places = range(at, at + len(text))
    first = next((n for n, char in enumerate(text) if not char.isspace()), 0)
    sign = _sign(page, at + first)
    if not text.strip() or not seen.touches(_base(page, sign), _size(page, sign)):
        return _Shown(text, places, seen.recognised)
    reasons = [seen.why_not(page, _sign(page, place)) for place in places]
    # A blank goes with the words before it.
    for n, char in enumerate(text):
        if char.isspace() and n:
            reasons[n] = reasons[n - 1] if n + 1 == len(text) or reasons[n - 1] == reasons[n + 1] else None
    for reason, run in groupby(range(len(text)), key=lambda n: reasons[n]):
        words = "".join(text[n] for n in run).strip()
        if reason and words:
            left_out.append((reason, words))
    kept = [n for n, reason in enumerate(reasons) if reason is None]
    return _Shown("".join(text[n] for n in kept), [at + n for n in kept], seen.recognised)


def _line(
    page: pypdfium2.PdfTextPage, n: int, shown: _Shown, cell: CellPosition | None, height: tuple[float, float]
) -> Line:
    """Return a line with the look of two of three sample characters, because note marks are smaller than their line."""
    text = shown.text
    begin = len(text) - len(text.lstrip())
    end = len(text.rstrip()) - 1
    signs = [_sign(page, shown.places[each]) for each in (begin, (begin + end) // 2, end)]
    # The median of three.
    size = sorted(_size(page, sign) for sign in signs)[1]
    bold = all(_bold(page, sign) for sign in signs)
    words = text.strip()
    if words[-1] in _HYPHEN_AT_END:
        words = words[:-1] + SPLIT_WORD
    words = words.replace("\x02", SPLIT_WORD)
    if not shown.recognised:
        words = apart(_with_raised(page, words, shown.places[begin:]))
    # Some fonts draw "fi" as one character.
    words = unicodedata.normalize("NFKC", words) if _JOINED_LETTERS.search(words) else words
    left, _ = _edges(page, signs[0])
    _, right = _edges(page, signs[2])
    return Line(n, words, size, bold, _base(page, signs[0]), left, right, cell, height=height)


def _with_raised(page: pypdfium2.PdfTextPage, words: str, places: Sequence[int]) -> str:
    """Return words with signs around raised figures, which `apart` takes for what they are."""
    out, at = [], 0
    for run in _FIGURES.finditer(words):
        begin = run.end()
        while begin > run.start() and _is_raised(page, words, places, run, begin - 1):
            begin -= 1
        if begin < run.end():
            out += [words[at:begin], RAISED, words[begin : run.end()], LEVEL]
            at = run.end()
    return "".join([*out, words[at:]])


def _is_raised(page: pypdfium2.PdfTextPage, words: str, places: Sequence[int], run: re.Match[str], at: int) -> bool:
    """Return whether a figure stands above the baseline of the nearest letter or figure beside it."""
    beside = _beside(words, run, at)
    if beside is None:
        return False
    other = _sign(page, places[beside])
    size, base = _size(page, other), _base(page, other)
    # A typeface may have raised figures of its own, which have the size and the baseline of their line.
    bottom, top = _heights(page, _sign(page, places[at]))
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


def _heights(page: pypdfium2.PdfTextPage, sign: int) -> tuple[float, float]:
    """Return the lower and the upper edge of what is drawn of a character."""
    box = [ctypes.c_double() for _ in range(4)]
    pdfium.FPDFText_GetCharBox(page, sign, *box)
    return box[2].value, box[3].value


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
