"""Files become documents, each by the reader of its format.

Every file below a path gives one result: a document, the news that it is unchanged, or a refusal with its reason. In a
folder, files that are not guidance are skipped: hidden files, README.md, sources.yaml, pictures and tables of data.
Such a file is refused if it is named itself. A file that looks like guidance in an unreadable format is always refused.
If a broken or hostile file makes a parser fail, only that file is refused; the others are read.

A file of the guidance may name itself (a canonical link, a `base_path`). An upload or an attached file may not: its id
comes from its path, or from its conversation.
"""

import hashlib
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from humphrey.documents.audiences import is_attached_id
from humphrey.documents.ingest import FileRejected, IngestedFile, IngestResult, SourceFile, UnchangedFile
from humphrey.documents.model import Document
from humphrey.documents.readers.base import RawFile, Reader
from humphrey.documents.readers.emails import read_email
from humphrey.documents.readers.govuk.content import read_govuk_page
from humphrey.documents.readers.markdown_files import read_markdown, read_text
from humphrey.documents.readers.opendocument import read_odt
from humphrey.documents.readers.pdf.document import read_pdf
from humphrey.documents.readers.plain_text import LeftOut, clean, counting
from humphrey.documents.readers.webpages import read_html
from humphrey.documents.readers.word.document import read_docx
from humphrey.errors import DocumentError

_log = logging.getLogger(__name__)


_VERSION = b"reader 3\n"
"""Part of every file's digest. Change it when a reader changes, so that all files are read again."""


_MOST_TEXT = 20 * 1024 * 1024


_MOST_BYTES = 100 * 1024 * 1024
"""Limits in bytes: of formats of text alone, and of formats that hold pictures too."""


_LONGEST_ID = 400


_PASSED_OVER = frozenset({"readme.md", "sources.yaml"})


_READERS: dict[str, tuple[Reader, int]] = {
    ".md": (read_markdown, _MOST_TEXT),
    ".markdown": (read_markdown, _MOST_TEXT),
    ".html": (read_html, _MOST_TEXT),
    ".htm": (read_html, _MOST_TEXT),
    ".json": (read_govuk_page, _MOST_TEXT),
    ".txt": (read_text, _MOST_TEXT),
    ".docx": (read_docx, _MOST_BYTES),
    ".odt": (read_odt, _MOST_BYTES),
    ".pdf": (read_pdf, _MOST_BYTES),
    ".eml": (read_email, _MOST_BYTES),
}


_IN_WORD = "open it in Word or LibreOffice and save it as .docx"


_UNREADABLE = {
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
}
"""Formats of guidance that cannot be read, each with what to do instead."""


@dataclass(frozen=True)
class _File:
    """A file below a root; the root of a file that was named itself is its folder."""

    root: Path
    path: Path

    @property
    def place(self) -> str:
        return f"{self.root.as_posix()}//{self.path.relative_to(self.root).as_posix()}"

    @property
    def id(self) -> str:
        return self.path.relative_to(self.root).with_suffix("").as_posix()


@dataclass(frozen=True)
class Files:
    """Files to be read; each is read when the iteration reaches it. Those below `by_path` get their ids from paths."""

    files: tuple[_File, ...]
    known: Mapping[str, str]
    roots: tuple[Path, ...]
    by_path: Path | None = None

    def __len__(self) -> int:
        """Return the number of files."""
        return len(self.files)

    def __iter__(self) -> Iterator[IngestResult]:
        """Yield the result of each file, in the order of their names."""
        return (_take(file, self.known, by_path=self._is_by_path(file)) for file in self.files)

    def _is_by_path(self, file: _File) -> bool:
        return self.by_path is not None and self.by_path in file.path.parents


def read_files(paths: Sequence[Path], known: Mapping[str, str], by_path: Path | None = None) -> Files:
    """Return the files below some paths, to be read one by one; see `humphrey.documents.ingest.ReadCorpus`.

    Args:
        paths: folders, or single files.
        known: digests of files already ingested, by their place.
        by_path: a folder whose files do not name themselves; None if there is none.
    """
    files: dict[Path, _File] = {}
    asked = [_absolute(path) for path in paths]
    for path in asked:
        for file in _found(path):
            files.setdefault(file.path, file)
    return Files(
        tuple(files.values()), known, tuple(path for path in asked if path.is_dir()), by_path and _absolute(by_path)
    )


def read_document(name: str, content: bytes, document_id: str) -> Document:
    """Read one document from the content of a file; the file's name decides which reader.

    The document has exactly the id that is given, whatever its content calls itself.

    Raises:
        DocumentError: the file cannot be read. The message continues a sentence that begins with the file's name, and
            says what to do.
    """
    path = Path(name)
    reader, most = _reader(path)
    if len(content) > most:
        raise DocumentError(f"has {len(content)} bytes, more than {most}; split it")
    return replace(_document(reader, RawFile(document_id, path.stem, content)), id=document_id)


def _absolute(path: Path) -> Path:
    """Return the absolute path without `..`, and with one leading slash where POSIX allows two."""
    return Path("/" + os.path.abspath(path).lstrip("/"))


def _found(path: Path) -> list[_File]:
    if not path.exists() and not path.is_symlink():
        raise DocumentError(f"{path} does not exist; name a folder of guidance or a file")
    if not path.is_dir():
        return [_File(path.parent, path)]
    below = sorted(each for each in path.rglob("*") if _is_guidance(each, path))
    return [_File(path, each) for each in below]


def _is_guidance(path: Path, root: Path) -> bool:
    """Return whether a file in a folder is read, or refused with a reason, rather than skipped."""
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    suffix = path.suffix.lower()
    # Word and LibreOffice keep a small lock file next to an open document.
    lock = path.name.startswith(("~$", ".~lock"))
    wanted = suffix in _READERS or suffix in _UNREADABLE
    return wanted and not hidden and not lock and path.name.lower() not in _PASSED_OVER and not path.is_dir()


def _take(file: _File, known: Mapping[str, str], *, by_path: bool) -> IngestResult:
    try:
        reader, most = _reader(file.path)
        content = _content(file.path, most)
        source = SourceFile(file.place, "sha256:" + hashlib.sha256(_VERSION + content).hexdigest())
        if known.get(source.place) == source.digest:
            return UnchangedFile(source)
        document = _document(reader, RawFile(file.id, file.path.stem, content))
        return IngestedFile(_named(document, clean(file.id), by_path=by_path), source, by_path)
    except DocumentError as error:
        return FileRejected(str(file.path), str(error))


def _named(document: Document, from_path: str, *, by_path: bool) -> Document:
    """Return a document under the id that its content may give it, else under that of its path."""
    document_id = from_path if by_path or is_attached_id(document.id) else document.id
    if is_attached_id(document_id):
        raise DocumentError(
            f"has the id {document_id[:80]!r}, and such ids belong to files of conversations; rename its folder"
        )
    return replace(document, id=document_id)


def _reader(path: Path) -> tuple[Reader, int]:
    suffix = path.suffix.lower()
    if suffix in _UNREADABLE:
        raise DocumentError(f"is in the format {suffix}, which cannot be read; {_UNREADABLE[suffix]}")
    if suffix not in _READERS:
        formats = ", ".join(sorted(_READERS))
        raise DocumentError(f"has the unknown format {path.suffix or '(none)'!r}; save it as one of {formats}")
    return _READERS[suffix]


def _content(path: Path, most: int) -> bytes:
    """Return the whole content of a file as it was at one moment."""
    if path.exists() and not path.is_file():
        raise DocumentError("is not an ordinary file; give a file of text")
    # A file that was being written may be complete at the second try; one that still changes is refused.
    for _ in range(2):
        content = _at_rest(path, most)
        if content is not None:
            return content
    raise DocumentError("changed while it was read; index it again when nobody is writing it")


def _at_rest(path: Path, most: int) -> bytes | None:
    """Return the content of a file; None if it changed while it was read."""
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            if before.st_size > most:
                raise DocumentError(f"has {before.st_size} bytes, more than {most}; split it")
            # Bounded, because the file may have grown since its size was checked.
            content = file.read(most + 1)
        after = path.stat()
    except OSError as error:
        raise DocumentError(f"cannot be read ({error.strerror}); check that it exists and may be read") from None
    # Another file that took the same name has another inode.
    same = (before.st_ino, before.st_mtime_ns, before.st_size) == (after.st_ino, after.st_mtime_ns, after.st_size)
    return content if same and len(content) == before.st_size else None


def _document(reader: Reader, raw: RawFile) -> Document:
    if not raw.content:
        raise DocumentError("is empty; there is nothing to index")
    try:
        left_out = LeftOut()
        with counting(left_out):
            document = replace(reader(raw), left_out=left_out.count)
    except DocumentError:
        raise
    except Exception as error:
        # A parser may raise any error on a broken file; only that file is refused, and the others are read.
        _log.warning("document_broken", extra={"error": type(error).__name__})
        raise DocumentError(f"is broken ({type(error).__name__}); open it, save it afresh and try again") from error
    if not document.text.strip():
        raise DocumentError("has no text that can be read; check what it contains")
    if len(document.id) > _LONGEST_ID:
        raise DocumentError(f"has an id of {len(document.id)} characters, more than {_LONGEST_ID}; shorten its path")
    return document
