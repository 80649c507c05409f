"""The common input and output of every file reader: raw content in, a document or a reasoned refusal out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from humphrey.documents.model import Document, Imprint
from humphrey.documents.readers.encodings import begins_with_mark, decoded
from humphrey.documents.readers.plain_text import PlainText, clean, spelt_out
from humphrey.errors import DocumentError

OPEN_LICENCE = "Open Government Licence v3.0"


@dataclass(frozen=True)
class RawFile:
    """The raw content of a file, with the id that its path gives it and its name without the extension."""

    id: str
    stem: str
    content: bytes

    @property
    def title(self) -> str:
        """A title made from the file name, for a file that has none."""
        return clean(self.stem.replace("-", " ").replace("_", " ")).strip().capitalize() or self.id


Reader = Callable[[RawFile], Document]
"""Turn a file into a document.

Raises:
    DocumentError: the file cannot be read; the message continues from the file name and says what to do.
"""


def build_document(document_id: str, imprint: Imprint, plain: PlainText, margins: str = "") -> Document:
    """Build a document with its abbreviations spelt out; `margins` are further words around its text."""
    page = spelt_out(plain)
    around = "\n".join(filter(None, (plain.margins, margins)))
    named = replace(
        imprint,
        title=_one_line(imprint.title),
        publisher=_one_line(imprint.publisher),
        url=clean(imprint.url),
        original=_one_line(imprint.original),
    )
    return Document(clean(document_id), named, page.text, page.headings, around)


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def as_text(content: bytes, named: str = "") -> str:
    """Decode the content of a text file; see `humphrey.documents.readers.encodings.decoded`.

    Raises:
        DocumentError: it is binary or empty, or has bytes that no letter has.
    """
    if b"\0" in content and not begins_with_mark(content):
        raise DocumentError("is binary, not text; export it as text")
    text = decoded(content, named)
    if "\ufffd" in text and (fault := _no_letter(content)):
        raise DocumentError(fault)
    if not text.strip():
        raise DocumentError("is empty; there is nothing to index")
    return text


def _no_letter(content: bytes) -> str:
    """Return why a text cannot be read that has a byte of no letter; empty if it has the sign U+FFFD itself."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"is not UTF-8 (byte {error.start}); save it as UTF-8"
    return ""


def text_value(values: Mapping[str, Any], name: str) -> str:
    """Return a value as text on one line; empty if missing."""
    value = values.get(name)
    return "" if value is None else " ".join(clean(str(value)).split())


def date_value(value: object, name: str) -> date | None:
    """Return the day of a date or a date and time; None if missing.

    Raises:
        DocumentError: the value is not a date.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError:
        raise DocumentError(f"has {name} {str(value)!r}, which is no date; write it as 2026-11-23") from None
