"""Files become documents, each by the reader of its format.

Every file below a path gives one result: a document, the news that it is unchanged, or a refusal with its reason. In a
folder, files that are not guidance are skipped: hidden files, README.md, sources.yaml, pictures and tables of data.
Such a file is refused if it is named itself. A file that looks like guidance in an unreadable format is always refused.
Files are read in a child process. If a broken or hostile file makes it fail, only that file is refused; the others are
read.

A file of the guidance may name itself (a canonical link, a `base_path`). An upload or an attached file may not: its id
comes from its path, or from its conversation.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from humphrey.documents.audiences import is_attached_id
from humphrey.documents.ingest import FileRejected, IngestedFile, IngestResult, SourceFile, UnchangedFile
from humphrey.documents.model import Document
from humphrey.documents.readers.formats import READABLE, UNREADABLE, most_bytes
from humphrey.documents.readers.plain_text import clean
from humphrey.documents.readers.process.pool import POOL
from humphrey.documents.readers.process.wire import Reading, Request
from humphrey.documents.words import MOST_WORDS
from humphrey.errors import DocumentError

_VERSION = b"reader 4\n"
"""Part of every file's digest. Change it when a reader changes, so that all files are read again."""


_PASSED_OVER = frozenset({"readme.md", "sources.yaml"})


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


def read_document(name: str, content: bytes, document_id: str, most_words: int = MOST_WORDS) -> Document:
    """Read one document from the content of a file; the file's name decides which reader.

    The document has exactly the id that is given, whatever its content calls itself.

    Raises:
        DocumentError: the file cannot be read. The message continues a sentence that begins with the file's name, and
            says what to do.
    """
    return replace(read_content(name, content, document_id, most_words).document, id=document_id)


def read_content(name: str, content: bytes, document_id: str, most_words: int) -> Reading:
    """Read one document with its number of pages; see `read_document`.

    Raises:
        DocumentError: the file cannot be read.
    """
    path = Path(name)
    most = most_bytes(path)
    if len(content) > most:
        raise DocumentError(f"has {len(content)} bytes, more than {most}; split it")
    return _reading(path, content, document_id, most_words)


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
    wanted = suffix in READABLE or suffix in UNREADABLE
    return wanted and not hidden and not lock and path.name.lower() not in _PASSED_OVER and not path.is_dir()


def _take(file: _File, known: Mapping[str, str], *, by_path: bool) -> IngestResult:
    try:
        content = _content(file.path, most_bytes(file.path))
        source = SourceFile(file.place, "sha256:" + hashlib.sha256(_VERSION + content).hexdigest())
        if known.get(source.place) == source.digest:
            return UnchangedFile(source)
        document = _reading(file.path, content, file.id, MOST_WORDS).document
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


def _reading(path: Path, content: bytes, document_id: str, most_words: int) -> Reading:
    return POOL.read(Request(document_id, path.stem, path.suffix.lower(), most_words, len(content)), content)
