"""What every reader of files is given and gives back: a file's content, and a document or a refusal with its reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from humphrey.adapters.plain import Plain, clean, spelt_out
from humphrey.core.guidance import Document, Imprint
from humphrey.errors import DocumentError

OPEN_LICENCE = "Open Government Licence v3.0"


@dataclass(frozen=True)
class Raw:
    """A file that was read: the id its place gives it, its name without the ending, and its content."""

    id: str
    stem: str
    content: bytes

    @property
    def title(self) -> str:
        """A title for a file that gives none."""
        return clean(self.stem.replace("-", " ").replace("_", " ")).strip().capitalize() or self.id


Reader = Callable[[Raw], Document]
"""Makes a document of a file.

Raises:
    DocumentError: it cannot be read; the message goes on from the file's name, and says what to do.
"""


def made(document_id: str, imprint: Imprint, plain: Plain) -> Document:
    """A document whose abbreviations are spelt out."""
    page = spelt_out(plain)
    return Document(clean(document_id), imprint, page.text, page.headings)


def as_text(content: bytes) -> str:
    """The content of a file of text.

    Raises:
        DocumentError: it is binary, empty or not UTF-8.
    """
    if b"\0" in content:
        raise DocumentError("is binary, not text; export it as text")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    if not text.strip():
        raise DocumentError("is empty; there is nothing to index")
    return text


def word(values: Mapping[str, Any], name: str) -> str:
    """A value as words on one line; empty where there is none."""
    value = values.get(name)
    return "" if value is None else " ".join(clean(str(value)).split())


def day(value: object, name: str) -> date | None:
    """The day of a date or a moment; None where there is none.

    Raises:
        DocumentError: it is no date.
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
