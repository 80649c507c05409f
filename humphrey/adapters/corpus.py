"""Files become documents, each by the reader of its format.

Every file below a path gives one thing: a document, the news that it is unchanged, or a refusal with its reason. Files
that are not guidance (hidden ones, README.md, sources.yaml, pictures, tables of data) are passed over in a folder,
and refused when they are named themselves; what looks like guidance in a format that cannot be read is always refused.
Whatever a broken or hostile file makes of a parser, that file alone is refused, and the others are read.
"""

import hashlib
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from humphrey.adapters.content import read_content
from humphrey.adapters.mail import read_mail
from humphrey.adapters.notes import read_markdown, read_text
from humphrey.adapters.opendocument import read_odt
from humphrey.adapters.pdf import read_pdf
from humphrey.adapters.reading import Raw, Reader
from humphrey.adapters.webpages import read_html
from humphrey.adapters.word import read_docx
from humphrey.core.guidance import Document
from humphrey.core.intake import Intake, Refused, Source, TakenIn, Unchanged
from humphrey.errors import DocumentError

_log = logging.getLogger(__name__)

_VERSION = b"reader 2\n"
"""Part of every file's digest: change it when files must be read again because they are read differently."""

_MOST_TEXT = 20 * 1024 * 1024
_MOST_BYTES = 100 * 1024 * 1024
"""Of a format that holds pictures beside its text."""

_LONGEST_ID = 400
_PASSED_OVER = frozenset({"readme.md", "sources.yaml"})

_READERS: dict[str, tuple[Reader, int]] = {
    ".md": (read_markdown, _MOST_TEXT),
    ".markdown": (read_markdown, _MOST_TEXT),
    ".html": (read_html, _MOST_TEXT),
    ".htm": (read_html, _MOST_TEXT),
    ".json": (read_content, _MOST_TEXT),
    ".txt": (read_text, _MOST_TEXT),
    ".docx": (read_docx, _MOST_BYTES),
    ".odt": (read_odt, _MOST_BYTES),
    ".pdf": (read_pdf, _MOST_BYTES),
    ".eml": (read_mail, _MOST_BYTES),
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
"""Formats that guidance comes in and that cannot be read, and what to do with each."""


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
    """Files about to be read, each when it is come to."""

    files: tuple[_File, ...]
    known: Mapping[str, str]
    roots: tuple[Path, ...]

    def __len__(self) -> int:
        """How many files there are."""
        return len(self.files)

    def __iter__(self) -> Iterator[Intake]:
        """What comes of each, in the order of their names."""
        return (_take(file, self.known) for file in self.files)


def read(paths: Sequence[Path], known: Mapping[str, str]) -> Files:
    """The documents below some paths; see `humphrey.core.intake.ReadCorpus`."""
    files: dict[Path, _File] = {}
    asked = [_absolute(path) for path in paths]
    for path in asked:
        for file in _found(path):
            files.setdefault(file.path, file)
    return Files(tuple(files.values()), known, tuple(path for path in asked if path.is_dir()))


def read_one(name: str, content: bytes, document_id: str) -> Document:
    """A document from the content of a file that is called so, by the reader of its format.

    Raises:
        DocumentError: it cannot be read; the message goes on from the file's name, and says what to do.
    """
    path = Path(name)
    reader, most = _reader(path)
    if len(content) > most:
        raise DocumentError(f"has {len(content)} bytes, more than {most}; split it")
    return _document(reader, Raw(document_id, path.stem, content))


def _absolute(path: Path) -> Path:
    """The path from the top, without `..` and without the two slashes that POSIX lets a path begin with."""
    return Path("/" + os.path.abspath(path).lstrip("/"))


def _found(path: Path) -> list[_File]:
    if not path.exists() and not path.is_symlink():
        raise DocumentError(f"{path} does not exist; name a folder of guidance or a file")
    if not path.is_dir():
        return [_File(path.parent, path)]
    below = sorted(each for each in path.rglob("*") if _is_guidance(each, path))
    return [_File(path, each) for each in below]


def _is_guidance(path: Path, root: Path) -> bool:
    """Whether a file in a folder should be read, or refused aloud, rather than passed over."""
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    suffix = path.suffix.lower()
    # Word and LibreOffice keep a small file beside one that is open.
    lock = path.name.startswith(("~$", ".~lock"))
    wanted = suffix in _READERS or suffix in _UNREADABLE
    return wanted and not hidden and not lock and path.name.lower() not in _PASSED_OVER and not path.is_dir()


def _take(file: _File, known: Mapping[str, str]) -> Intake:
    try:
        reader, most = _reader(file.path)
        content = _content(file.path, most)
        source = Source(file.place, "sha256:" + hashlib.sha256(_VERSION + content).hexdigest())
        if known.get(source.place) == source.digest:
            return Unchanged(source)
        return TakenIn(_document(reader, Raw(file.id, file.path.stem, content)), source)
    except DocumentError as error:
        return Refused(str(file.path), str(error))


def _reader(path: Path) -> tuple[Reader, int]:
    suffix = path.suffix.lower()
    if suffix in _UNREADABLE:
        raise DocumentError(f"is in the format {suffix}, which cannot be read; {_UNREADABLE[suffix]}")
    if suffix not in _READERS:
        formats = ", ".join(sorted(_READERS))
        raise DocumentError(f"has the unknown format {path.suffix or '(none)'!r}; save it as one of {formats}")
    return _READERS[suffix]


def _content(path: Path, most: int) -> bytes:
    """The whole of a file as it stood at one moment."""
    if path.exists() and not path.is_file():
        raise DocumentError("is not an ordinary file; give a file of text")
    for _ in range(2):
        content = _at_rest(path, most)
        if content is not None:
            return content
    raise DocumentError("changed while it was read; index it again when nobody is writing it")


def _at_rest(path: Path, most: int) -> bytes | None:
    """The content of a file, None where it changed while it was read."""
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            if before.st_size > most:
                raise DocumentError(f"has {before.st_size} bytes, more than {most}; split it")
            content = file.read(most + 1)
        after = path.stat()
    except OSError as error:
        raise DocumentError(f"cannot be read ({error.strerror}); check that it exists and may be read") from None
    same = (before.st_ino, before.st_mtime_ns, before.st_size) == (after.st_ino, after.st_mtime_ns, after.st_size)
    return content if same and len(content) == before.st_size else None


def _document(reader: Reader, raw: Raw) -> Document:
    if not raw.content:
        raise DocumentError("is empty; there is nothing to index")
    try:
        document = reader(raw)
    except DocumentError:
        raise
    except Exception as error:
        # A parser may fail in any way on a broken file; that file is refused, and the others are read.
        _log.warning("document_broken", extra={"error": type(error).__name__})
        raise DocumentError(f"is broken ({type(error).__name__}); open it, save it afresh and try again") from error
    if not document.text.strip():
        raise DocumentError("has no text that can be read; check what it contains")
    if len(document.id) > _LONGEST_ID:
        raise DocumentError(f"has an id of {len(document.id)} characters, more than {_LONGEST_ID}; shorten its path")
    return document
