"""The memory of what was entered: a file beside the keys with the newest entry about each review.

Signatures show each entry that was added, changed, or taken from between two others. The newest entry about a review
has none after it, so only a memory outside the database shows that it is gone. A line is written after the commit: a
killed process leaves the file behind the database, never ahead of it.
"""

import json
import logging
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock

from humphrey.digests import canonical
from humphrey.errors import RecordError

MEMORY = "entries.jsonl"
"""The name of the file in the folder of the keys."""


logger = logging.getLogger(__name__)

Entered = tuple[int, str, str]
"""The number, subject and seal of an entry."""


class EntryMemory:
    """Remembers entries in a file that several processes add to.

    Args:
        folder: the folder of the file.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / MEMORY
        self._latest: dict[str, tuple[int, str]] = {}
        self._seen = 0
        self._reading = Lock()

    def remember(self, entered: Iterable[Entered]) -> None:
        """Add entries that were committed; a file that cannot be written is logged, as the act is done."""
        lines = [canonical(list(each)) for each in entered]
        if not lines:
            return
        try:
            self._append(lines)
        except OSError as error:
            logger.error("entries_not_remembered", extra={"why": error.strerror})

    def forget_after(self, n: int) -> None:
        """Forget the entries after number `n`, because an older copy of the database was put back.

        Raises:
            RecordError: the file cannot be written.
        """
        try:
            self._append([canonical([n])])
        except OSError as error:
            raise RecordError(f"{self._path} cannot be written ({error.strerror}); make its folder writable") from None

    def latest(self) -> Mapping[str, tuple[int, str]]:
        """Return the number and seal of the newest entry about each review, as far as it is remembered.

        Raises:
            RecordError: the file cannot be read.
        """
        try:
            # One thread at a time: two would count the same lines twice.
            with self._reading:
                self._follow()
        except (OSError, ValueError, TypeError) as error:
            raise RecordError(
                f"{self._path} cannot be read ({error}); put it back from a copy of its folder, or move it away: what "
                "was cut off the ledger before would then show in the published heads alone"
            ) from None
        return self._latest

    def _follow(self) -> None:
        size = self._path.stat().st_size if self._path.exists() else 0
        if size < self._seen:
            self._latest, self._seen = {}, 0
        if size > self._seen:
            self._read_on()

    def _read_on(self) -> None:
        """Read the lines that were added since; a line that another process is writing is left for the next time."""
        with self._path.open("rb") as file:
            file.seek(self._seen)
            added = file.read()
        whole = added[: added.rfind(b"\n") + 1]
        for line in whole.splitlines():
            self._take(json.loads(line))
        self._seen += len(whole)

    def _take(self, line: list[int | str]) -> None:
        if len(line) == 1:
            last = int(line[0])
            self._latest = {subject: known for subject, known in self._latest.items() if known[0] <= last}
            return
        n, subject, seal = int(line[0]), str(line[1]), str(line[2])
        if n > self._latest.get(subject, (0, ""))[0]:
            self._latest[subject] = (n, seal)

    def _append(self, lines: Iterable[str]) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, "".join(f"{line}\n" for line in lines).encode())
        finally:
            os.close(file)
