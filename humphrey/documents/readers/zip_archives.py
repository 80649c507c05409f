"""Safe reading of the zip archives that office documents are; no more is unpacked than a document can need."""

import io
import re
import zipfile
import zlib
from collections.abc import Collection
from xml.etree import ElementTree

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from humphrey.errors import DocumentError

_MOST_FILES = 20_000


_MOST_XML = 16 * 1024 * 1024
"""Bytes. The largest real report measured has 3 MB; a file beyond this limit would take a minute and gigabytes."""


_DEEPEST = 200
"""The deepest nesting of XML elements that is accepted."""


_STEEPEST = 200
"""The largest ratio of unpacked to packed size: text packs to a twentieth, a zip bomb to a thousandth."""


_SMALL = 4 * 1024 * 1024
"""Bytes; files up to this size are harmless at any ratio."""


_NUMBERED = re.compile(r"\d+\.xml$")


# The signature of OLE compound files: Office formats before 2007, and newer files with a password, which contain the
# stream below.
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


_LOCKED_INSIDE = "EncryptedPackage".encode("utf-16-le")


def unpacked(content: bytes, wanted: Collection[str], kind: str) -> dict[str, bytes]:
    """Return the wanted files of an archive by name; missing ones are left out.

    Args:
        content: the archive.
        wanted: names of files in it. Some programs write a number after a name, as in `word/document2.xml`.
        kind: the expected file kind as people call it, for the message of a refusal.

    Raises:
        DocumentError: it is locked, broken, of another kind, or would unpack to more than a document can need.
    """
    if content.startswith(_OLD_OFFICE):
        raise DocumentError(_old(content, kind))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = archive.infolist()
            # Reversed, so that the first of several files with one name counts.
            by_name = {_NUMBERED.sub(".xml", info.filename): info for info in reversed(inside)}
            taken = {name: by_name[name] for name in wanted if name in by_name}
            _bounded(inside, list(taken.values()))
            # `zipfile` never returns more bytes than the declared size that was checked above.
            return {name: archive.read(info) for name, info in taken.items()}
    # The last two come from tables of an archive that lead out of it, and from data that does not unpack.
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, zlib.error):
        raise DocumentError(f"is not {kind}, or is broken; open it, save it afresh and try again") from None


def unpacked_like(content: bytes, wanted: re.Pattern[str]) -> list[bytes]:
    """Return the files of an archive whose whole name matches, such as every page header; bounded like `unpacked`.

    Raises:
        DocumentError: as for `unpacked`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            taken = [info for info in archive.infolist() if wanted.fullmatch(info.filename)]
            _bounded(archive.infolist(), taken)
            return [archive.read(info) for info in taken]
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError):
        raise DocumentError("is broken; open it, save it afresh and try again") from None


def parsed(xml: bytes) -> ElementTree.Element:
    """Parse an XML file from an archive and return its root.

    Raises:
        DocumentError: it is not XML, or declares entities, which no office document does.
    """
    try:
        # Entities can grow a few bytes to gigabytes ("billion laughs") or name other files.
        root: ElementTree.Element = fromstring(xml, forbid_dtd=True)
    except DefusedXmlException:
        raise DocumentError("declares entities of its own, as only a trap does; leave it out") from None
    except ElementTree.ParseError:
        raise DocumentError("holds XML that is broken; open it, save it afresh and try again") from None
    _shallow(root)
    return root


def _shallow(root: ElementTree.Element) -> None:
    """Refuse XML that is nested too deep; level by level, without recursion."""
    level, depth = [root], 0
    while level:
        level, depth = [child for element in level for child in element], depth + 1
        if depth > _DEEPEST:
            raise DocumentError(f"is nested more than {_DEEPEST} deep, as only a trap is; leave it out")


def _old(content: bytes, kind: str) -> str:
    if _LOCKED_INSIDE in content:
        return "is locked with a password; save it without one"
    return f"is an old Office file, not {kind}; open it in Word or LibreOffice and save it as .docx"


def _bounded(inside: list[zipfile.ZipInfo], taken: list[zipfile.ZipInfo]) -> None:
    if any(info.flag_bits & 1 for info in taken):
        raise DocumentError("is locked with a password; save it without one")
    if len(inside) > _MOST_FILES:
        raise DocumentError(f"packs {len(inside)} files, more than {_MOST_FILES}; save it afresh")
    size = sum(info.file_size for info in taken)
    if size > _MOST_XML:
        raise DocumentError(f"unpacks to {size} bytes of text, more than {_MOST_XML}; split it")
    for info in taken:
        if info.file_size > _SMALL and info.file_size > _STEEPEST * max(1, info.compress_size):
            raise DocumentError(
                f"unpacks to {info.file_size // max(1, info.compress_size)} times its size; leave it out"
            )
