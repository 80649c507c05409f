"""Files become documents, each by the reader of its format.

Every file below a path gives one result: a document, the news that it is unchanged, or a refusal with its reason. In a
folder, hidden files, README.md, sources.yaml and the locks of office programs are passed over with a note; named
itself, such a file is read. A file of a kind that cannot be read is refused, wherever it is. Files are read in a child
process. If a broken or hostile file makes it fail, only that file is refused; the others are read.

A file of the guidance may name itself (a canonical link, a `base_path`). An upload or an attached file may not: its id
comes from its path, or from its conversation. Nor may it call itself a summary that was written for humphrey.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from humphrey.documents.audiences import is_attached_id
from humphrey.documents.ingest import FileNote, FileRejected, IngestedFile, IngestResult, SourceFile, UnchangedFile
from humphrey.documents.model import Document, Omission
from humphrey.documents.readers.formats import most_bytes
from humphrey.documents.readers.plain_text import clean
from humphrey.documents.readers.process.pool import POOL
from humphrey.documents.readers.process.wire import Reading, Request
from humphrey.documents.words import MOST_WORDS
from humphrey.errors import DocumentError

_VERSION = b"reader 5\n"
"""Part of every file's digest. Change it when a reader changes, so that all files are read again."""


_PASSED_OVER = {
    "readme.md": "is about its folder, and was not read as guidance",
    "sources.yaml": "names what `humphrey sync` fetches, and was not read as guidance",
}


_HIDDEN = "is hidden, and was not read; name it without the full stop at the beginning if it is guidance"


_LOCK = "is what an office program keeps beside an open document, and was not read"


_LINK = "is a link to a folder, and links to folders are not followed; index that folder under its own path"


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

    files: tuple[_File | FileRejected, ...]
    known: Mapping[str, str]
    roots: tuple[Path, ...]
    passed_over: tuple[FileNote, ...] = ()
    by_path: Path | None = None

    def __len__(self) -> int:
        """Return the number of files."""
        return len(self.files)

    def __iter__(self) -> Iterator[IngestResult]:
        """Yield the result of each file, in the order of their names."""
        return (
            _take(file, self.known, by_path=self._is_by_path(file)) if isinstance(file, _File) else file
            for file in self.files
        )

    def _is_by_path(self, file: _File) -> bool:
        return self.by_path is not None and self.by_path in file.path.parents


def read_files(paths: Sequence[Path], known: Mapping[str, str], by_path: Path | None = None) -> Files:
    """Return the files below some paths, to be read one by one; see `humphrey.documents.ingest.ReadCorpus`.

    Args:
        paths: folders, or single files.
        known: digests of files already ingested, by their place.
        by_path: a folder whose files do not name themselves; None if there is none.
    """
    files: dict[Path, _File | FileRejected | FileNote] = {}
    asked = [_absolute(path) for path in paths]
    for path in asked:
        for file in _found(path):
            # A file that is named itself is read, though its folder would pass it over.
            if not isinstance(files.get(Path(file.path)), _File):
                files[Path(file.path)] = file
    return Files(
        tuple(file for file in files.values() if not isinstance(file, FileNote)),
        known,
        tuple(path for path in asked if path.is_dir()),
        tuple(file for file in files.values() if isinstance(file, FileNote)),
        by_path and _absolute(by_path),
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
    reading = _reading(path, content, document_id, most_words)
    return replace(reading, document=_from_outside(reading.document))


def _absolute(path: Path) -> Path:
    """Return the absolute path without `..`, and with one leading slash where POSIX allows two."""
    return Path("/" + os.path.abspath(path).lstrip("/"))


def _found(path: Path) -> Sequence[_File | FileRejected | FileNote]:
    if not path.exists() and not path.is_symlink():
        raise DocumentError(f"{path} does not exist; name a folder of guidance or a file")
    if not path.is_dir():
        return [_File(path.parent, path)]
    return sorted(_below(path), key=lambda each: Path(each.path))


def _below(root: Path) -> Iterator[_File | FileRejected | FileNote]:
    """Yield every file below a folder, and every folder whose files are not looked at."""
    closed: list[FileRejected] = []

    def close(error: OSError) -> None:
        closed.append(
            FileRejected(error.filename, f"cannot be opened ({error.strerror}); let humphrey read this folder")
        )

    for name, folders, files in os.walk(root, onerror=close):
        folder = Path(name)
        for each in tuple(folders):
            if each.startswith("."):
                folders.remove(each)
                yield FileNote(str(folder / each), _HIDDEN)
            elif (folder / each).is_symlink():
                yield FileRejected(str(folder / each), _LINK)
        for each in files:
            note = _reason_to_pass_over(each)
            yield FileNote(str(folder / each), note) if note else _File(root, folder / each)
    yield from closed


def _reason_to_pass_over(name: str) -> str:
    """Return why a file in a folder is no guidance, continuing from its name; empty if it may be."""
    # Word and LibreOffice keep a small lock file next to an open document.
    if name.startswith(("~$", ".~lock")):
        return _LOCK
    return _HIDDEN if name.startswith(".") else _PASSED_OVER.get(name.lower(), "")


def _take(file: _File, known: Mapping[str, str], *, by_path: bool) -> IngestResult:
    try:
        content = _content(file.path, most_bytes(file.path))
        source = SourceFile(file.place, "sha256:" + hashlib.sha256(_VERSION + content).hexdigest())
        if known.get(source.place) == source.digest:
            return UnchangedFile(source)
        document = _reading(file.path, content, file.id, MOST_WORDS).document
        named = _named(document, clean(file.id), by_path=by_path)
        return IngestedFile(_from_outside(named) if by_path else named, source, by_path)
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


def _from_outside(document: Document) -> Document:
    """Return a document that is not called humphrey's summary: of a file that anybody may bring, nobody vouches it."""
    if not document.imprint.summary:
        return document
    imprint = replace(document.imprint, original="", original_date="")
    return replace(document, imprint=imprint, omissions=(*document.omissions, Omission("summary")))


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
