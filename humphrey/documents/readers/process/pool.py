"""The child processes that read files: started with the first one, used again, and ended when a file exceeds a limit.

A child gets bytes and gives back JSON, which is checked. Whatever happens in a child, the caller gets a reading or a
`DocumentError`.
"""

import atexit
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import BoundedSemaphore, Lock, Timer

from pydantic import TypeAdapter, ValidationError

import humphrey
from humphrey.documents.readers.process.wire import Answer, Reading, Request, line
from humphrey.errors import DocumentError

MOST_S = 60.0
"""Seconds for one file. Its own limit, in seconds of processor, comes first unless the machine is very busy."""


_PROCESSES = max(2, min(4, os.cpu_count() or 2))
"""At least two, so that a file that takes long does not hold up the others."""


_PATIENCE_S = 120.0
"""Seconds that a file waits for a free process before it is refused."""


_MOST_ANSWER = 64 * 1024 * 1024
"""Bytes; the longest text that the limits allow takes half as many."""


_WORKER = "humphrey.documents.readers.process.worker"


_HOME = Path(humphrey.__file__).parent.parent


_TOO_LONG = "takes too long to be read; split it, or save it afresh as plain text"


_BROKEN = "is broken or a trap: reading it failed ({}); open it, save it afresh and try again"


_ANSWER = TypeAdapter(Answer)


class _EndedIdle(Exception):
    """The child had ended by itself before it got the file; the next one reads it."""


@dataclass
class _Child:
    """One child process; a file at a time."""

    process: subprocess.Popen[bytes]
    late: bool = field(default=False)

    def ask(self, request: Request, content: bytes, seconds: float) -> bytes:
        """Return the child's answer, a line of JSON.

        Raises:
            DocumentError: it takes too long, or the child ended.
            _EndedIdle: the child had ended by itself before.
        """
        end = Timer(seconds, self._end_late)
        end.daemon = True
        end.start()
        try:
            answer = self._exchange(request, content)
        finally:
            end.cancel()
        if not answer.endswith(b"\n"):
            self.close()
            raise self._reason()
        return answer

    def _exchange(self, request: Request, content: bytes) -> bytes:
        to, back = self.process.stdin, self.process.stdout
        assert to is not None and back is not None  # noqa: S101, PT018 - both were asked for
        try:
            to.write(line(request))
            to.write(content)
            to.flush()
        except OSError:
            return b""
        return back.readline(_MOST_ANSWER)

    def _end_late(self) -> None:
        self.late = True
        self.process.kill()

    def _reason(self) -> Exception:
        ended = self.process.returncode
        if self.late or ended == -signal.SIGXCPU:
            return DocumentError(_TOO_LONG)
        if ended == 0:
            return _EndedIdle()
        return DocumentError(_BROKEN.format(signal.Signals(-ended).name if ended < 0 else f"exit {ended}"))

    def close(self) -> None:
        """End the process; it may have ended by itself."""
        self.let_go()
        with suppress(subprocess.TimeoutExpired):
            # A process that has just ended by itself keeps its own exit status.
            self.process.wait(1)
        self.process.kill()
        self.process.wait()

    def let_go(self) -> None:
        """Close this side of the pipes."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


class ReadingPool:
    """A few child processes, started when files come.

    Args:
        processes: the most processes.
        seconds: the most seconds for one file.
    """

    def __init__(self, processes: int = _PROCESSES, seconds: float = MOST_S) -> None:
        self._processes = processes
        self._seconds = seconds
        self._foreign: list[_Child] = []
        self._free: list[_Child] = []
        self._begin()
        atexit.register(self.close)
        os.register_at_fork(after_in_child=self._leave_to_parent)

    def read(self, request: Request, content: bytes) -> Reading:
        """Read a file in a child process.

        Raises:
            DocumentError: it cannot be read; the message continues from the file's name and says what to do.
        """
        if not self._room.acquire(timeout=_PATIENCE_S):
            raise DocumentError("waited too long while other files were read; try again in a few minutes")
        try:
            answer = self._checked(self._asked(request, content))
        finally:
            self._room.release()
        if answer.reading is None:
            raise DocumentError(answer.refused or _BROKEN.format("no answer"))
        return answer.reading

    def close(self) -> None:
        """End the processes that wait; a later file starts a new one."""
        with self._lock:
            ended, self._free = self._free, []
        for child in ended:
            child.close()

    def _asked(self, request: Request, content: bytes) -> bytes:
        while True:
            child = self._child()
            try:
                answer = child.ask(request, content, self._seconds)
            except _EndedIdle:
                continue
            except BaseException:
                child.close()
                raise
            self._give_back(child)
            return answer

    def _give_back(self, child: _Child) -> None:
        # The time may have run out just after the answer came; a killed child is of no use to the next file.
        if child.late:
            child.close()
            return
        with self._lock:
            self._free.append(child)

    def _child(self) -> _Child:
        with self._lock:
            if self._free:
                return self._free.pop()
        return _Child(_started())

    def _checked(self, answer: bytes) -> Answer:
        try:
            return _ANSWER.validate_json(answer)
        except ValidationError:
            raise DocumentError(_BROKEN.format("its values are not what they should be")) from None

    def _begin(self) -> None:
        self._lock = Lock()
        self._room = BoundedSemaphore(self._processes)
        self._free = []

    def _leave_to_parent(self) -> None:
        """Start afresh in a forked process: two processes that talk to one child would get each other's answers."""
        for child in self._free:
            child.let_go()
        # Kept, because a process object that is thrown away complains that its process still runs.
        self._foreign += self._free
        self._begin()


def _started() -> subprocess.Popen[bytes]:
    # Of the environment the child gets nothing: it needs no key, and a file must not be able to ask it for one.
    search = os.pathsep.join([str(_HOME), *filter(None, sys.path)])
    return subprocess.Popen(  # noqa: S603 - our own module, with the interpreter that runs now
        [sys.executable, "-P", "-B", "-m", _WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": search},
        # Of its own group, so that Ctrl+C at a terminal reaches humphrey alone, which ends it.
        start_new_session=True,
    )


POOL = ReadingPool()
"""The processes of this process."""
