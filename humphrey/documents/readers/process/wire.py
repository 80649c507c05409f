"""What the two processes tell each other: a line of JSON and the bytes of a file, and a line of JSON in answer.

The child reads hostile files, so its answer is data that is checked against the types of `Reading`, never an object.
"""

import json
from dataclasses import dataclass, fields, is_dataclass

from humphrey.documents.model import Document


@dataclass(frozen=True)
class Request:
    """A file to be read; its content follows in `size` bytes.

    Attributes:
        id: the id that its path gives it.
        stem: its name without the extension.
        suffix: the extension in lower case, which decides the reader.
        most_words: the most words that it may have.
        size: the number of its bytes.
    """

    id: str
    stem: str
    suffix: str
    most_words: int
    size: int


@dataclass(frozen=True)
class Reading:
    """What was read: the document, and the number of pages; 0 for a format without pages."""

    document: Document
    pages: int = 0


@dataclass(frozen=True)
class Answer:
    """Either a reading, or the reason of a refusal."""

    reading: Reading | None = None
    refused: str = ""


def line(value: Request | Answer) -> bytes:
    """Return a value as one line of JSON, in ASCII."""
    return json.dumps(value, default=_plain).encode("ascii") + b"\n"


def _plain(value: object) -> object:
    """Return the fields of a value by name; a day as Python prints it, 2026-11-23."""
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    return str(value)
