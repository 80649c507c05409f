"""Results of reading files. Each file gives exactly one: a document, the note that it is unchanged, or a refusal."""

from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from humphrey.documents.model import Document


@dataclass(frozen=True)
class SourceFile:
    """Where a document was read from.

    `place` is `<root>//<path below it>`, itself a valid path. `digest` is the file's.
    """

    place: str
    digest: str

    @property
    def root(self) -> str:
        """The folder that was requested, or the folder of the requested file."""
        return self.place.partition("//")[0]

    @property
    def path(self) -> str:
        """The path of the file."""
        return self.place.replace("//", "/", 1)


@dataclass(frozen=True)
class IngestedFile:
    """A file that was read as a document; `by_path` says that its path alone gave the id, whatever it contains."""

    document: Document
    source: SourceFile
    by_path: bool = False


@dataclass(frozen=True)
class FileNote:
    """What a person should know of a file: what is particular about it, or why it was not read, in a sentence."""

    path: str
    note: str


@dataclass(frozen=True)
class UnchangedFile:
    """A file that is unchanged since it was last read, so it was not read again."""

    source: SourceFile


@dataclass(frozen=True)
class FileRejected:
    """A file that cannot be ingested. The reason is a sentence that says what to do."""

    path: str
    reason: str


IngestResult = IngestedFile | UnchangedFile | FileRejected


class FileBatch(Sized, Iterable[IngestResult], Protocol):
    """Files to be read: their number, the result of each, and the folders requested as a whole."""

    @property
    def roots(self) -> Sequence[Path]:
        """Folders all of whose files are among these. A known file below one that is not among them is gone."""

    @property
    def passed_over(self) -> Sequence[FileNote]:
        """Files of the folders that are no guidance, such as hidden ones, each with the reason."""


class ReadCorpus(Protocol):
    """Reads the documents below some paths."""

    def __call__(self, paths: Sequence[Path], known: Mapping[str, str]) -> FileBatch:
        """Return the results for the files below `paths`, in order of their names. Files are read lazily.

        Args:
            paths: folders, or single files.
            known: digests of files already ingested, by their place; a file with the same digest is `UnchangedFile`.

        Raises:
            DocumentError: a path does not exist.
        """
