"""Files that people handed in: kept below one folder, by who may read them, so that every start finds them again.

A batch waits, complete or not at all, in a hidden folder until it is taken in: what a killed process leaves behind is
either a whole batch, which is gone on with, or nothing. A file's name is data: it becomes the last part of a path at
most, and never leads anywhere.
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

_WAITING, _NOTE = ".waiting", "batch.json"


_FOR_EVERYONE, _FOR_GROUP = "everyone", "group-"


_LONGEST_NAME, _LONGEST_ENDING, _LONGEST_FOLDER = 150, 12, 200


_NOT_IN_NAMES = re.compile(r'[<>:"|?*\s]+')


_CAPITAL = re.compile(r"(?<!%)(?<!%[0-9A-F])[A-Z]")


_PASSED_OVER = frozenset({"readme.md", "sources.yaml"})
"""Names that readers of folders pass over; as an upload they are guidance like any other."""


@dataclass(frozen=True)
class Batch:
    """Files that somebody handed in together; `group` may read them, everyone where it is empty."""

    id: str
    by: str
    group: str
    names: tuple[str, ...]

    @property
    def audience(self) -> Audience:
        """Who may read them."""
        return frozenset({self.group}) if self.group else EVERYONE


class Uploads:
    """The folder of uploaded files.

    Args:
        folder: where they are; it is made when the first file comes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting = folder / _WAITING

    def receive(self) -> Path:
        """A new folder for the files of a batch that is coming in; its name is the batch's id, theirs are numbers.

        Raises:
            DocumentError: the folder cannot be made.
        """
        folder = self._waiting / secrets.token_hex(8)
        with _explained(folder):
            folder.mkdir(parents=True)
        return folder

    def save(self, folder: Path, by: str, group: str, names: Sequence[str]) -> Batch:
        """The batch that came in, which from now on waits to be taken in.

        Args:
            folder: what `receive` gave, with the files `0`, `1` and so on.
            by: who handed it in.
            group: who may read it; empty for everyone.
            names: what the files are called, as their sender has it.

        Raises:
            DocumentError: it cannot be written, or the group's name cannot be a folder's.
        """
        self._of(group)
        batch = Batch(folder.name, by, group, _apart([file_name(name) for name in names]))
        half = folder / f".{_NOTE}.part"
        with _explained(folder):
            half.write_text(json.dumps(asdict(batch)), encoding="utf-8")
            half.replace(folder / _NOTE)
        return batch

    def pending(self) -> list[Batch]:
        """The batches that are not taken in yet; what never came in whole is thrown away."""
        found = []
        for folder in sorted(self._waiting.glob("*")):
            try:
                note = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
                found.append(Batch(note["id"], note["by"], note["group"], tuple(note["names"])))
            except (OSError, ValueError, KeyError):
                shutil.rmtree(folder, ignore_errors=True)
        return found

    def install(self, batch: Batch) -> list[Path]:
        """Put the files of a batch where they are read from; what they take the place of is kept until `settle`.

        Raises:
            DocumentError: they cannot be written.
        """
        folder, waiting = self._of(batch.group), self._waiting / batch.id
        paths = [folder / name for name in batch.names]
        with _explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for n, path in enumerate(paths):
                before = waiting / f"{n}.before"
                # A batch that is gone on with after a stop has put its own file there already.
                if path.exists() and not (waiting / f"{n}.placed").exists():
                    _copy(path, before)
                (waiting / f"{n}.placed").touch()
                _copy(waiting / str(n), path)
        return paths

    def finish(self, batch: Batch, refused: Collection[Path]) -> None:
        """Have done with a batch. For a file that was refused, what stood there before comes back.

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
        """Throw away what came in and is not wanted."""
        shutil.rmtree(folder, ignore_errors=True)

    def paths(self, batch: Batch) -> list[Path]:
        """Where the files of a batch are read from."""
        return [self._of(batch.group) / name for name in batch.names]

    def folder(self, group: str) -> Path | None:
        """The folder of what a group may read, of what everyone may where none is named; None when there is none."""
        folder = self._of(group)
        return folder if folder.is_dir() else None

    def folders(self) -> list[tuple[Path, Audience]]:
        """Every folder of uploads, and who may read what is in it."""
        found = []
        for folder in sorted(each for each in self._folder.glob("*") if each.is_dir()):
            if folder.name == _FOR_EVERYONE:
                found.append((folder, EVERYONE))
            elif folder.name.startswith(_FOR_GROUP):
                found.append((folder, frozenset({unquote(folder.name.removeprefix(_FOR_GROUP))})))
        return found

    def contains(self, path: str) -> bool:
        """Whether a document was read from a file that was handed in."""
        return Path(path).parent.parent == self._folder

    def delete(self, path: str) -> None:
        """Delete a file that was handed in; nothing where it is gone already.

        Raises:
            DocumentError: it cannot be deleted.
        """
        with _explained(Path(path)):
            Path(path).unlink(missing_ok=True)

    def _of(self, group: str) -> Path:
        # Capitals are spelt out, since some file systems take "HR" and "hr" for one folder.
        spelt = _CAPITAL.sub(lambda letter: f"%{ord(letter[0]):02x}", quote(group, safe=" "))
        name = _FOR_GROUP + spelt if group else _FOR_EVERYONE
        if len(name) > _LONGEST_FOLDER:
            raise DocumentError(f"the name of the group {group[:40]!r} is too long for a folder; use a shorter one")
        return self._folder / name


def file_name(sent: str) -> str:
    """What a file is called here: the last part of what its sender calls it, fit for any file system."""
    last = unicodedata.normalize("NFC", sent).replace("\\", "/").rpartition("/")[2]
    plain = _NOT_IN_NAMES.sub(" ", "".join(c for c in last if c.isprintable() or c == "\t"))
    # A name that begins with one of these is hidden, or a lock of an office program: folders pass over both.
    stem, dot, ending = plain.strip(" .").lstrip(".~$ ").rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        stem, dot, ending = stem + dot + ending, "", ""
    name = f"{_short(stem).rstrip(' .') or 'document'}{dot}{ending}"
    return f"document-{name}" if name.lower() in _PASSED_OVER else name


def _short(stem: str) -> str:
    return stem.encode()[:_LONGEST_NAME].decode(errors="ignore")


def _apart(names: Sequence[str]) -> tuple[str, ...]:
    """The names, a number added where two files of a batch would be one. Some file systems ignore capitals."""
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
    """Copy a file, so that the target is there whole or not at all."""
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
        raise DocumentError(f"{path} cannot be written ({error.strerror}); make room or mend it") from None
