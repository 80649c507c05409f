"""The department's letterhead: a folder with `letterhead.odt` and `letterhead.docx`.

An exported file has its styles, its logo and its address, with the paper below what stands on it.

A letterhead with macros, embedded objects, links or fields other than page numbers is refused, since it would run or
fetch something on a reader's machine. Each file is tried out before the first paper is written on it.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import Element

from humphrey.delivery.export.blocks import ListBlock, ListItem, ParagraphBlock
from humphrey.delivery.export.opendocument import render_odt
from humphrey.delivery.export.readback import READ_ON_LETTERHEAD
from humphrey.delivery.export.sheet import Sheet
from humphrey.delivery.export.word import render_docx
from humphrey.documents.readers.zip_archives import parsed, unpacked_like
from humphrey.errors import HumphreyError, SettingsError
from humphrey.papers.destinations import Format

RENDER_ON_LETTERHEAD = {"odt": render_odt, "docx": render_docx}


_LARGEST = 5 * 1024 * 1024
"""Bytes; every exported file is at least as large."""


# Files in an archive that hold programs, or objects of other programs.
_RUNS = re.compile(
    r"(?i)(basic|scripts|dialogs|object|objectreplacements)\b.*/|.*(vba|activex|embeddings|customui|\.bin$)"
)


_ODT_PARTS, _DOCX_PARTS = re.compile(r"(content|styles|settings)\.xml"), re.compile(r".*\.(xml|rels)")


_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


_HREF = "{http://www.w3.org/1999/xlink}href"


_PAGE_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})


# What OpenDocument can run or fetch, and words that were deleted and are still in the file.
_ACTIVE = re.compile(
    "applet|database-.*|dde-.*|event-listener|execute-macro|floating-frame|form|object|object-ole|plugin|script"
    "|tracked-changes"
)


def read_letterhead(folder: Path | None) -> Mapping[Format, bytes]:
    """Return the bytes of the department's letterhead by format; empty without a folder.

    Raises:
        SettingsError: there is no letterhead in the folder, or one cannot be used; the message names the file.
    """
    if folder is None:
        return {}
    forms: tuple[Format, ...] = ("odt", "docx")
    found = {form: path for form in forms if (path := folder / f"letterhead.{form}").is_file()}
    if not found:
        raise SettingsError(
            f"the folder {folder} has no letterhead.odt and no letterhead.docx; put one there, "
            "or leave HUMPHREY_DEPARTMENT__LETTERHEAD empty"
        )
    return {form: _usable(path, form) for form, path in found.items()}


def _usable(path: Path, form: Format) -> bytes:
    try:
        content = path.read_bytes()
        if fault := _fault(content, form):
            raise SettingsError(f"the letterhead {path} {fault}")
        _try_out(content, form)
    except SettingsError:
        raise
    except HumphreyError as error:
        raise SettingsError(f"the letterhead {path} cannot be used: it {error}") from None
    except Exception as error:  # the two libraries raise errors of many kinds on a damaged file
        raise SettingsError(
            f"the letterhead {path} cannot be used ({type(error).__name__}); "
            f"open it in LibreOffice or Word and save it as .{form}"
        ) from error
    return content


def _fault(content: bytes, form: Format) -> str:
    """Return what is wrong with a letterhead, to follow its name; empty if nothing is."""
    if len(content) > _LARGEST:
        return f"has {len(content):,} bytes, more than {_LARGEST:,}; make its pictures smaller"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if runs := next((name for name in archive.namelist() if _RUNS.match(name)), ""):
            return f"holds {runs}, which can run; save it without macros and embedded objects"
    # The properties are left out: they are replaced.
    wanted, look = (_ODT_PARTS, _links_of_odt) if form == "odt" else (_DOCX_PARTS, _links_of_docx)
    parts = [parsed(xml) for xml in unpacked_like(content, wanted)]
    return next((fault for part in parts for fault in look(part)), "")


def _links_of_odt(part: Element) -> Iterator[str]:
    for element in part.iter():
        to, name = element.get(_HREF, ""), element.tag.rpartition("}")[2]
        if to and not to.removeprefix("./").startswith(("Pictures/", "#")):
            yield f"leads to {to}; take the link out, its words may stay"
        if _ACTIVE.fullmatch(name):
            yield f"holds a part of the kind {name!r}, which can run, fetch or hide something; take it out"


def _links_of_docx(part: Element) -> Iterator[str]:
    for element in part.iter():
        if element.get("TargetMode") == "External":
            yield f"leads to {element.get('Target')}; take the link out, its words may stay"
        if "macroEnabled" in element.get("ContentType", ""):
            yield "is a document with macros; save it without"
        if element.get("Type", "").endswith(("/aFChunk", "/subDocument", "/frame", "/oleObject")):
            yield f"takes in another file, {element.get('Target')}; take it out"
    for code in _fields(part):
        if code.split()[:1] and code.split()[0].upper() not in _PAGE_FIELDS:
            yield f"has the field {code.strip()!r}; only page numbers may be fields"


def _fields(part: Element) -> Iterator[str]:
    """Yield the codes of the fields of a part; the code of a field may be spread over several runs."""
    open_fields: list[str] = []
    for element in part.iter():
        if element.tag == f"{_WORD}fldSimple":
            yield element.get(f"{_WORD}instr", "")
        elif element.tag == f"{_WORD}instrText":
            # One outside a field is looked at too.
            open_fields = [*open_fields[:-1], (open_fields or [""])[-1] + (element.text or "")]
        elif element.tag == f"{_WORD}fldChar" and element.get(f"{_WORD}fldCharType") == "begin":
            open_fields.append("")
        elif element.tag == f"{_WORD}fldChar" and open_fields:
            yield open_fields.pop()
    yield from open_fields


def _try_out(content: bytes, form: Format) -> None:
    """Write a short paper on the letterhead, and read it back."""
    body = ParagraphBlock(("Words",)), ListBlock((ListItem("item"), ListItem("1. item", "1.")))
    trial = Sheet("Title", "", "OFFICIAL", body, (), "", datetime(2026, 1, 1, tzinfo=UTC))
    READ_ON_LETTERHEAD[form](RENDER_ON_LETTERHEAD[form](trial, content), "OFFICIAL", content)
