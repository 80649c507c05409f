"""A lock on a folder: one process at a time holds it, and a second one learns which process that is."""

import os
from pathlib import Path

from filelock import FileLock, Timeout

from humphrey.errors import GuidanceIndexError, IndexHeld


class FolderLock:
    """A lock that is held from its construction until `release`, or until the process ends in any way.

    Raises:
        GuidanceIndexError: the folder cannot be created or written.
        IndexHeld: another process holds the lock.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / "lock"
        # The system drops this lock when the process ends, so a crash leaves none behind.
        # The thread that closes the index need not be the one that opened it.
        self._lock = FileLock(path, blocking=False, thread_local=False)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
            # A second process names this one in its error.
            path.write_text(str(os.getpid()), encoding="utf-8")
        except Timeout:
            holder = path.read_text(encoding="utf-8") or "unknown"
            raise IndexHeld(
                f"the index in {folder} is held by process {holder}; stop that humphrey or ask it, "
                "or set HUMPHREY_DATA_DIR to another folder"
            ) from None
        except OSError as error:
            raise GuidanceIndexError(
                f"the index folder {folder} cannot be written ({error.strerror}); make it writable, "
                "or set HUMPHREY_DATA_DIR to another folder"
            ) from error

    def release(self) -> None:
        """Release the lock for other processes."""
        self._lock.release()
