"""The formats of files: which can be read, how many bytes a file may have, and what to do with the others.

The readers themselves are named in `humphrey.documents.readers.process.worker`, because they run in a child process.
"""

from pathlib import Path

from humphrey.errors import DocumentError

_MOST_TEXT = 20 * 1024 * 1024


_MOST_BYTES = 100 * 1024 * 1024
"""Limits in bytes: of formats of text alone, and of formats that hold pictures too."""


READABLE = {
    ".md": _MOST_TEXT,
    ".markdown": _MOST_TEXT,
    ".html": _MOST_TEXT,
    ".htm": _MOST_TEXT,
    ".json": _MOST_TEXT,
    ".txt": _MOST_TEXT,
    ".docx": _MOST_BYTES,
    ".odt": _MOST_BYTES,
    ".pdf": _MOST_BYTES,
    ".eml": _MOST_BYTES,
}
"""Formats that can be read, each with the most bytes of a file."""


_IN_WORD = "open it in Word or LibreOffice and save it as .docx"


_UNPACK = "unpack it, and give the files inside"


UNREADABLE = {
    ".doc": _IN_WORD,
    ".docm": _IN_WORD,
    ".dot": _IN_WORD,
    ".dotx": _IN_WORD,
    ".rtf": _IN_WORD,
    ".pages": "export it from Pages as .docx",
    ".epub": "export it as .html",
    ".ppt": "export it as .pdf",
    ".pptx": "export it as .pdf",
    ".odp": "export it as .pdf",
    ".msg": "save it from Outlook as .eml, or as text",
    **dict.fromkeys((".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz"), _UNPACK),
}
"""Formats of guidance that cannot be read, each with what to do instead."""


def most_bytes(path: Path) -> int:
    """Return the most bytes of a file in the format that its name says.

    Raises:
        DocumentError: the format cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix in UNREADABLE:
        raise DocumentError(f"is in the format {suffix}, which cannot be read; {UNREADABLE[suffix]}")
    if suffix not in READABLE:
        formats = ", ".join(sorted(READABLE))
        raise DocumentError(f"has the unknown format {path.suffix or '(none)'!r}; save it as one of {formats}")
    return READABLE[suffix]
