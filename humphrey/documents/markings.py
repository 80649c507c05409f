"""The marking of a document, wherever a person who opens its file would see it.

A marking stands in the text, in a page header or footer, in the title, or in the name of the file. The last three are
short lines of their own, so a marking counts at the beginning or end of one, or between bars and tabs.
"""

import re
import unicodedata
from pathlib import PurePath

from humphrey.documents.model import Document
from humphrey.text.markings import MarkingKind, detect_marking, gravest, marking_of_label

# What parts a marking from the other words of a page header, such as its page number.
_PARTS = re.compile(r"\t|\||•|·| {3,}|\bpage \d+(?: of \d+)?\b", re.IGNORECASE)


_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")


_TELLS = {
    "above": "bears a marking above OFFICIAL; do not index it, send it to nobody, and tell your security team now",
    "legacy": "bears a marking that is no longer in use; ask its creator what its classification is today",
    "limited": "bears a marking that limits who may read it; ask its creator before you share it",
    "sensitive": (
        "bears the marking OFFICIAL-SENSITIVE, which may not be held here (HUMPHREY_HIGHEST_MARKING); leave it out"
    ),
}


def marking_fault(document: Document, file_name: str, highest: str) -> str:
    """Return why a document may not become guidance, continuing from its file's name; empty if it may.

    Args:
        document: the document that was just read, with the words around its text.
        file_name: the name of its file.
        highest: the highest marking that may be stored.
    """
    kind = gravest((detect_marking(_without_headings(document)), marking_around(document, file_name)))
    return "" if kind == "sensitive" and highest == "OFFICIAL-SENSITIVE" else _TELLS.get(kind, "")


def marking_around(document: Document, file_name: str) -> MarkingKind:
    """Return the gravest marking in a document's margins, in its title and in the name of its file."""
    name = _plain(PurePath(file_name).stem.replace("_", " "))
    lines = (document.imprint.title, *document.margins.split("\n"))
    parts = (part.strip() for line in lines for part in _PARTS.split(_plain(line)))
    return gravest((marking_of_label(name, printed=False), *map(marking_of_label, parts)))


def _without_headings(document: Document) -> str:
    """Return the text with blanks for its headings: one that is called "SECRET" has the rules for it below."""
    text = document.text
    for heading in document.headings:
        # At the very top it is the marking of the page.
        if heading.start:
            text = text[: heading.start] + " " * (heading.end - heading.start) + text[heading.end :]
    return _plain(text)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_DASHES)
