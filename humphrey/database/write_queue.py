"""A fair lock for the writers of one process: first come, first served.

SQLite gives its lock to any connection that asks at the right moment, and waiting ones ask ever less often. So a thread
with many small transactions in a row would block all others for seconds.
"""

from collections import deque
from threading import Lock
from types import TracebackType


class WriteQueue:
    """A lock that goes to the thread that has waited longest."""

    def __init__(self) -> None:
        self._changing = Lock()
        self._waiting: deque[Lock] = deque()
        self._taken = False

    def __enter__(self) -> None:
        """Wait for one's turn."""
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
        """Pass the lock to the next waiting thread."""
        with self._changing:
            self._pass_on()

    def _pass_on(self) -> None:
        if self._waiting:
            self._waiting.popleft().release()
        else:
            self._taken = False

    def _leave(self, mine: Lock) -> None:
        """Leave the queue after an interrupt; pass the lock on if it had already been given to this thread."""
        with self._changing:
            if mine in self._waiting:
                self._waiting.remove(mine)
            else:
                self._pass_on()
