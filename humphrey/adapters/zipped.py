"""Opens the zip archives that office documents are, and unpacks no more than a document can need."""

import io
import re
import zipfile
from collections.abc import Collection
from xml.etree import ElementTree

from humphrey.errors import DocumentError

_MOST_FILES = 20_000
_MOST_XML = 16 * 1024 * 1024
"""The largest real report measured has 3 MB; beyond this one a file would take a minute and gigabytes."""

_DEEPEST = 200
_STEEPEST = 200
"""How many times its packed size a file may have: text packs to a twentieth, a trap to a thousandth."""

_SMALL = 4 * 1024 * 1024
_NUMBERED = re.compile(r"\d+\.xml$")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED_INSIDE = "EncryptedPackage".encode("utf-16-le")


def unpacked(content: bytes, wanted: Collection[str], kind: str) -> dict[str, bytes]:
    """The wanted files of an archive, by name; those it does not have are left out.

    Args:
        content: the archive.
        wanted: names of files in it. Some programs write a number after a name, as in `word/document2.xml`.
        kind: what it should be, as a person calls it; the reason of a refusal names it.

    Raises:
        DocumentError: it is locked, broken, of another kind, or would unpack to more than a document can need.
    """
    if content.startswith(_OLD_OFFICE):
        raise DocumentError(_old(content, kind))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = archive.infolist()
            by_name = {_NUMBERED.sub(".xml", info.filename): info for info in reversed(inside)}
            taken = {name: by_name[name] for name in wanted if name in by_name}
            _bounded(inside, list(taken.values()))
            # An archive never gives more of a file than the size that was looked at above.
            return {name: archive.read(info) for name, info in taken.items()}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError):
        raise DocumentError(f"is not {kind}, or is broken; open it, save it afresh and try again") from None


def parsed(xml: bytes) -> ElementTree.Element:
    """The root of an XML file out of an archive.

    Raises:
        DocumentError: it is no XML, or declares entities, which no office document does.
    """
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise DocumentError("declares entities of its own, as only a trap does; leave it out")
    try:
        root = ElementTree.fromstring(xml)  # noqa: S314 - what makes XML dangerous was refused above
    except ElementTree.ParseError:
        raise DocumentError("holds XML that is broken; open it, save it afresh and try again") from None
    _shallow(root)
    return root


def _shallow(root: ElementTree.Element) -> None:
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
