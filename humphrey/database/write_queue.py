"""Turns: writers of one process wait in a line, so that none of them is kept waiting by another that comes again.

SQLite lets whoever asks at the right moment have its lock, and those that wait ask ever less often. A thread that does
many small acts one after the other would keep everybody else out for seconds.
"""

from collections import deque
from threading import Lock
from types import TracebackType


class WriteQueue:
    """A lock that is handed to whoever has waited longest."""

    def __init__(self) -> None:
        self._changing = Lock()
        self._waiting: deque[Lock] = deque()
        self._taken = False

    def __enter__(self) -> None:
        """Wait until it is one's turn."""
        with self._changing:
            if not self._taken:
                self._taken = True
                return
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        try:
            mine.acquire()
        except BaseException:
            self._leave(mine)
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Give it to the next in the line."""
        with self._changing:
            self._pass_on()

    def _pass_on(self) -> None:
        if self._waiting:
            self._waiting.popleft().release()
        else:
            self._taken = False

    def _leave(self, mine: Lock) -> None:
        """Somebody who waited was told to stop: their turn, where it had come already, is the next one's."""
        with self._changing:
            if mine in self._waiting:
                self._waiting.remove(mine)
            else:
                self._pass_on()
