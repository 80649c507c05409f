"""A lock on a folder: one process at a time holds it, and who comes second is told who has it."""

import fcntl
import os
from pathlib import Path

from humphrey.errors import GuidanceIndexError, IndexHeld


class FolderLock:
    """Held from when it is made until `release`, or until the process ends however it ends.

    Raises:
        GuidanceIndexError: the folder cannot be made or written.
        IndexHeld: somebody else holds it.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = (folder / "lock").open("a+", encoding="utf-8")
        except OSError as error:
            raise GuidanceIndexError(
                f"the index folder {folder} cannot be written ({error.strerror}); make it writable, "
                "or set HUMPHREY_DATA_DIR to another folder"
            ) from error
        self._take(folder)

    def release(self) -> None:
        """Let somebody else have it."""
        self._file.close()

    def _take(self, folder: Path) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self._file.close()
            raise IndexHeld(
                f"the index in {folder} is held by process {holder}; stop that humphrey or ask it, "
                "or set HUMPHREY_DATA_DIR to another folder"
            ) from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()
