"""What reading files gives: for every file exactly one of a document, the news that it is as it was, or a refusal."""

from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from humphrey.core.guidance import Document


@dataclass(frozen=True)
class Source:
    """Where a document was read from: `<root>//<path below it>`, itself a valid path, and the file's digest."""

    place: str
    digest: str

    @property
    def root(self) -> str:
        """The folder that was asked for, or the folder of the file that was."""
        return self.place.partition("//")[0]

    @property
    def path(self) -> str:
        """The file."""
        return self.place.replace("//", "/", 1)


@dataclass(frozen=True)
class TakenIn:
    """A file that was read, as a document."""

    document: Document
    source: Source


@dataclass(frozen=True)
class Unchanged:
    """A file that is as it was when it was last read, so it was not read again."""

    source: Source


@dataclass(frozen=True)
class Refused:
    """A file that cannot be taken in; the reason is a sentence for a person, and says what to do."""

    path: str
    reason: str


Intake = TakenIn | Unchanged | Refused


class Reading(Sized, Iterable[Intake], Protocol):
    """Files about to be read: how many, what comes of each, and the folders that were asked for as a whole."""

    @property
    def roots(self) -> Sequence[Path]:
        """Folders of which every file is among them; what is not, is gone."""


class ReadCorpus(Protocol):
    """Reads the documents below some paths."""

    def __call__(self, paths: Sequence[Path], known: Mapping[str, str]) -> Reading:
        """What comes of the files below `paths`, in the order of their names; they are read as they are asked for.

        Args:
            paths: folders, or single files.
            known: digests of files already taken in, by their place; a file with the same one is `Unchanged`.

        Raises:
            DocumentError: a path does not exist.
        """
