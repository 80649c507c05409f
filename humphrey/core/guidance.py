"""Guidance as humphrey holds it: documents, and the passages that a reader can check."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

State = Literal["current", "superseded", "moved", "withdrawn"]
"""Whether a document still says what its publisher says today."""


@dataclass(frozen=True)
class Imprint:
    """What a reader is told about a document beside its text."""

    title: str
    url: str
    publisher: str = ""
    updated: date | None = None
    state: State = "current"
    replaced_by: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading of a document; `start` and `end` are character positions of its line in the document's text."""

    level: int
    title: str
    start: int
    end: int


@dataclass(frozen=True)
class Document:
    """One published page of guidance: plain text, with headings on lines of their own and list items led by "- "."""

    id: str
    imprint: Imprint
    text: str
    headings: tuple[Heading, ...] = ()

    @cached_property
    def version(self) -> str:
        """Digest of the text; positions counted in one version mean nothing in another."""
        return "sha256:" + hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Passage:
    """The smallest span that is retrieved and cited: `text == document_text[start:end]` of that version."""

    document: str
    n: int
    version: str
    text: str
    start: int
    end: int
    section: tuple[str, ...] = field(default=())

    @property
    def id(self) -> str:
        """`<document>#<n>`, unique in one index."""
        return f"{self.document}#{self.n}"


Lookup = Callable[[str, str], Document | None]
"""A document's text as it stood: `lookup(id, version)`; an empty version means today's. None when it is not held."""
