"""Bytes become text: by the encoding that they name, read as browsers read it; else UTF-8, else Windows-1252.

Many programs write Windows-1252 and call it ISO-8859-1 or ASCII, so browsers take these names for it (WHATWG, Encoding
Standard, section 4.2). Taken at their word, "£10–20" would lose its dash.
"""

import codecs
import re

import webencodings

_WINDOWS = webencodings.lookup("windows-1252")


_UTF_8 = webencodings.lookup("utf-8")


# Programs that know nothing of encodings name these two, whatever they write.
_SAY_NOTHING = frozenset({"", "ascii", "us-ascii", "ansi_x3.4-1968", "unknown-8bit", "x-unknown"})


# In `<meta charset="...">`, in its longer form with `http-equiv`, or in an XML declaration.
_DECLARED = re.compile(
    rb"""<(?:meta\s[^>]*?charset|\?xml\s[^>]*?encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)


_HEAD = 1024
"""Bytes at the beginning of a page in which browsers look for its encoding."""


_BEFORE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(content: bytes, named: str = "") -> str:
    """Return the text of some bytes. A byte that no character has becomes U+FFFD, which shows.

    Args:
        content: the bytes; a byte order mark at their beginning says more than any name.
        named: the name of the encoding that comes with them; empty if there is none.
    """
    encoding = webencodings.lookup(named) if named.strip().lower() not in _SAY_NOTHING else None
    if encoding is None:
        encoding = _UTF_8 if _is_utf_8(content) else _WINDOWS
    text, _ = webencodings.decode(content, encoding, "windows-1252" if encoding is _UTF_8 else "replace")
    return str(text)


def declared_encoding(page: bytes) -> str:
    """Return the name of the encoding that a web page declares; empty if it declares none."""
    found = _DECLARED.search(page[:_HEAD])
    name = found[1].decode("ascii").lower() if found else ""
    # A page whose declaration can be read in bytes is not written in two bytes a letter.
    return "utf-8" if name.startswith("utf-16") else name


def begins_with_mark(content: bytes) -> bool:
    """Return whether a byte order mark says that a text has two bytes a letter, some of them 0."""
    return content.startswith(_BEFORE_MARKS)


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are not UTF-8 as Windows-1252, as in a mail that joins texts of two programs."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("windows-1252", _as_windows)
