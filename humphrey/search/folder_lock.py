"""A lock on a folder: one process at a time holds it, and a second one learns which process that is."""

import fcntl
import os
from pathlib import Path

from humphrey.errors import GuidanceIndexError, IndexHeld


class FolderLock:
    """A lock that is held from its construction until `release`, or until the process ends in any way.

    Raises:
        GuidanceIndexError: the folder cannot be created or written.
        IndexHeld: another process holds the lock.
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
        """Release the lock for other processes."""
        self._file.close()

    def _take(self, folder: Path) -> None:
        try:
            # The system drops this lock when the process ends, so a crash leaves none behind.
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self._file.close()
            raise IndexHeld(
                f"the index in {folder} is held by process {holder}; stop that humphrey or ask it, "
                "or set HUMPHREY_DATA_DIR to another folder"
            ) from None
        # A second process names this one in its error.
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()
