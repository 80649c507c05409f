"""Uploaded files, stored below one folder by audience, so that every start finds them again.

A batch waits in a hidden folder until it is indexed, complete or not at all. So a killed process leaves either a whole
batch, which is continued, or nothing. A file's name is untrusted: it becomes the last part of a path at most.
"""

import json
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from humphrey.documents.audiences import EVERYONE, Audience
from humphrey.errors import DocumentError
from humphrey.text.hidden_characters import without_hidden

_WAITING, _NOTE = ".waiting", "batch.json"


_FOR_EVERYONE, _FOR_GROUP = "everyone", "group-"


# File systems allow 255 bytes for a name; these leave room for endings and temporary names.
_LONGEST_NAME, _LONGEST_ENDING, _LONGEST_FOLDER = 150, 12, 200


# Characters that Windows forbids in names, and white space.
_NOT_IN_NAMES = re.compile(r'[<>:"|?*\s]+')


# A capital letter that is not part of a percent escape.
_CAPITAL = re.compile(r"(?<!%)(?<!%[0-9A-F])[A-Z]")


_PASSED_OVER = frozenset({"readme.md", "sources.yaml"})
"""Names that the folder readers skip; as an upload, such a file is guidance like any other."""


@dataclass(frozen=True)
class Batch:
    """Files that a person uploaded together; `group` may read them, everyone if it is empty."""

    id: str
    by: str
    group: str
    names: tuple[str, ...]

    @property
    def audience(self) -> Audience:
        """Who may read the files."""
        return frozenset({self.group}) if self.group else EVERYONE


class Uploads:
    """The folder of uploaded files.

    Args:
        folder: the folder; created with the first file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting = folder / _WAITING

    def receive(self) -> Path:
        """Create a folder for an incoming batch; its name is the batch's id, and its files are named by number.

        Raises:
            DocumentError: the folder cannot be created.
        """
        folder = self._waiting / secrets.token_hex(8)
        with _explained(folder):
            folder.mkdir(parents=True)
        return folder

    def save(self, folder: Path, by: str, group: str, names: Sequence[str]) -> Batch:
        """Save a received batch, which from now on waits to be indexed.

        Args:
            folder: the folder from `receive`, with the files `0`, `1` and so on.
            by: the person who uploaded it.
            group: the group that may read it; empty for everyone.
            names: the names of the files as sent.

        Raises:
            DocumentError: it cannot be written, or the group's name is too long for a folder.
        """
        self._of(group)
        batch = Batch(folder.name, by, group, _apart([file_name(name) for name in names]))
        half = folder / f".{_NOTE}.part"
        with _explained(folder):
            half.write_text(json.dumps(asdict(batch)), encoding="utf-8")
            half.replace(folder / _NOTE)
        return batch

    def pending(self) -> list[Batch]:
        """Return the batches that are not indexed yet; delete those that were not received completely."""
        found = []
        for folder in sorted(self._waiting.glob("*")):
            try:
                note = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
                found.append(Batch(note["id"], note["by"], note["group"], tuple(note["names"])))
            except (OSError, ValueError, KeyError):
                shutil.rmtree(folder, ignore_errors=True)
        return found

    def install(self, batch: Batch) -> list[Path]:
        """Copy the files of a batch to their final places; files that they replace are kept until `finish`.

        Raises:
            DocumentError: they cannot be written.
        """
        folder, waiting = self._of(batch.group), self._waiting / batch.id
        paths = [folder / name for name in batch.names]
        with _explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for n, path in enumerate(paths):
                before = waiting / f"{n}.before"
                # A batch that continues after a stop may have installed its own file there already.
                if path.exists() and not (waiting / f"{n}.placed").exists():
                    _copy(path, before)
                (waiting / f"{n}.placed").touch()
                _copy(waiting / str(n), path)
        return paths

    def finish(self, batch: Batch, refused: Collection[Path]) -> None:
        """End a batch; restore the earlier files in place of rejected ones.

        Raises:
            DocumentError: the folder cannot be written.
        """
        waiting = self._waiting / batch.id
        with _explained(self._folder):
            for n, name in enumerate(batch.names):
                path, before = self._of(batch.group) / name, waiting / f"{n}.before"
                if path not in refused or not (waiting / f"{n}.placed").exists():
                    continue
                if before.exists():
                    before.replace(path)
                else:
                    path.unlink(missing_ok=True)
        shutil.rmtree(waiting, ignore_errors=True)

    def discard(self, folder: Path) -> None:
        """Delete an upload folder with its files."""
        shutil.rmtree(folder, ignore_errors=True)

    def paths(self, batch: Batch) -> list[Path]:
        """Return the final paths of the files of a batch."""
        return [self._of(batch.group) / name for name in batch.names]

    def folder(self, group: str) -> Path | None:
        """Return the folder of a group's files, or of everyone's if the group is empty; None if it does not exist."""
        folder = self._of(group)
        return folder if folder.is_dir() else None

    def folders(self) -> list[tuple[Path, Audience]]:
        """Return every folder of uploads with its audience."""
        found = []
        for folder in sorted(each for each in self._folder.glob("*") if each.is_dir()):
            if folder.name == _FOR_EVERYONE:
                found.append((folder, EVERYONE))
            elif folder.name.startswith(_FOR_GROUP):
                found.append((folder, frozenset({unquote(folder.name.removeprefix(_FOR_GROUP))})))
        return found

    def contains(self, path: str) -> bool:
        """Return whether the file of a document is an upload."""
        return Path(path).parent.parent == self._folder

    def delete(self, path: str) -> None:
        """Delete an uploaded file; do nothing if it does not exist.

        Raises:
            DocumentError: it cannot be deleted.
        """
        with _explained(Path(path)):
            Path(path).unlink(missing_ok=True)

    def _of(self, group: str) -> Path:
        # Capitals are escaped, because some file systems treat "HR" and "hr" as one folder.
        spelt = _CAPITAL.sub(lambda letter: f"%{ord(letter[0]):02x}", quote(group, safe=" "))
        name = _FOR_GROUP + spelt if group else _FOR_EVERYONE
        if len(name) > _LONGEST_FOLDER:
            raise DocumentError(f"the name of the group {group[:40]!r} is too long for a folder; use a shorter one")
        return self._folder / name


def file_name(sent: str) -> str:
    """Return a safe name for a file: the last part of the name as sent, valid on any file system."""
    last = without_hidden(unicodedata.normalize("NFC", sent)).replace("\\", "/").rpartition("/")[2]
    plain = _NOT_IN_NAMES.sub(" ", "".join(c for c in last if c.isprintable() or c == "\t"))
    # Names that begin with these are hidden files or locks of office programs, which the folder readers skip.
    stem, dot, ending = plain.strip(" .").lstrip(".~$ ").rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        stem, dot, ending = stem + dot + ending, "", ""
    name = f"{_short(stem).rstrip(' .') or 'document'}{dot}{ending}"
    return f"document-{name}" if name.lower() in _PASSED_OVER else name


def _short(stem: str) -> str:
    return stem.encode()[:_LONGEST_NAME].decode(errors="ignore")


def _apart(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names, with a number added to duplicates. Case is ignored, because some file systems ignore it."""
    taken: list[str] = []
    for name in names:
        stem, dot, ending = name.rpartition(".")
        tried, n = name, 1
        while tried.lower() in {each.lower() for each in taken}:
            n += 1
            tried = f"{stem}-{n}{dot}{ending}" if dot else f"{name}-{n}"
        taken.append(tried)
    return tuple(taken)


def _copy(source: Path, target: Path) -> None:
    """Copy a file completely or not at all."""
    half = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        shutil.copyfile(source, half)
        with half.open("rb") as file:
            os.fsync(file.fileno())
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DocumentError(f"{path} cannot be written ({error.strerror}); free some space or repair it") from None
