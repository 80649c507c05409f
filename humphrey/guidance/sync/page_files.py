"""Fetched pages as files, in one folder for each server. A file is written completely or not at all."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from humphrey.errors import SyncError


class PageFiles:
    """The pages of one server; the page `/a/b` is the file `a/b.json`.

    Args:
        folder: the folder of all servers.
        base: the server's address.
    """

    def __init__(self, folder: Path, base: str) -> None:
        self.folder = folder / urlsplit(base).netloc.replace(":", "-")

    def read(self, path: str) -> Mapping[str, Any] | None:
        """Return the content of a stored page; None if it is not stored or incomplete."""
        try:
            item = json.loads(self._file(path).read_bytes())
        # Nested thousands deep, it raises a RecursionError.
        except (OSError, ValueError, RecursionError):
            return None
        return item if isinstance(item, dict) else None

    def write(self, path: str, content: bytes) -> None:
        """Store a page, in place of an earlier version.

        Raises:
            SyncError: the file cannot be written.
        """
        file = self._file(path)
        # A hidden name, so that the folder readers skip what a killed run left incomplete.
        part = file.with_name(f".{file.name}.part")
        with _changing(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
            os.replace(part, file)

    def mark_moved(self, path: str, to: str) -> None:
        """Add to a stored page where it moved, in GOV.UK's form; its text stays for citations."""
        item = self.read(path)
        if item is None:
            return
        redirects = [{"path": path, "type": "exact", "destination": to}]
        moved = {**item, "redirects": redirects}
        if moved != item:
            self.write(path, json.dumps(moved, ensure_ascii=False).encode())

    def remove(self, path: str) -> None:
        """Delete a page.

        Raises:
            SyncError: the file cannot be deleted.
        """
        with _changing(self._file(path)):
            self._file(path).unlink(missing_ok=True)

    def paths(self) -> Iterator[str]:
        """Yield the paths of all stored pages."""
        for file in sorted(self.folder.rglob("[!.]*.json")):
            yield "/" + file.relative_to(self.folder).as_posix().removesuffix(".json")

    def _file(self, path: str) -> Path:
        return self.folder / f"{path.lstrip('/')}.json"


@contextmanager
def _changing(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SyncError(
            f"{file} cannot be written ({error.strerror}); free some space or make it writable, then run again"
        ) from error
