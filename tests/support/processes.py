"""Start processes for tests by forking one that has imported everything, so that each starts at once.

A new Python needs a second to import the database and 7 s to import the web pages. Here `multiprocessing` starts one
fork server for each test worker. It imports everything and is forked for each process. A forked process shares nothing
with the test: it has its own memory, files, environment and signals, and can be killed. Use `subprocess` to test the
start itself or the imports.
"""

import multiprocessing
import os
import runpy
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from contextlib import chdir
from multiprocessing import forkserver, reduction
from pathlib import Path
from signal import SIGKILL, SIGTERM
from types import TracebackType
from typing import IO, Any

ROOT = Path(__file__).parents[2]
FORKS = multiprocessing.get_context("forkserver")
"""The context to use in place of `spawn`."""

FORKS.set_forkserver_preload(["tests.support.preloaded"])


def start_server() -> None:
    """Start the fork server unless it runs. It imports from its working directory."""
    with chdir(ROOT):
        forkserver.ensure_running()


class Popen:
    """A Python process with the part of the interface of `subprocess.Popen` that the tests use.

    Args:
        words: the command: `sys.executable`, then `-m` and a module or `-c` and code, then its arguments.
        stdout: as for `subprocess`.
        stderr: as for `subprocess`.
        env: the whole environment; by default that of the test.
        cwd: the working directory; by default that of the test.
        text: whether pipes give text.
    """

    def __init__(
        self,
        words: Sequence[object],
        *,
        stdout: IO[Any] | int | None = None,
        stderr: IO[Any] | int | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        text: bool = False,
    ) -> None:
        assert words[0] == sys.executable
        self.args = [str(word) for word in words]
        self.stdout, out = _end(stdout, 1, text)
        self.stderr, err = _end(stderr, 2, text)
        given = dict(env or environment())
        start_server()
        self._process = FORKS.Process(
            target=_become, args=(self.args[1:], given, str(cwd or Path.cwd()), _Handed(out), _Handed(err)), daemon=True
        )
        self._process.start()
        for end in (out, err):
            os.close(end)

    @property
    def pid(self) -> int:
        """Return the process id."""
        # Never 0, which would mean the whole process group when it is killed.
        assert self._process.pid
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Return the exit code, the negative number of a signal, or None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """Return the same as `returncode`."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it ends.

        Raises:
            subprocess.TimeoutExpired: it still runs.
        """
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[Any, Any]:
        """Read both pipes to their ends and wait; kill a process that takes too long."""
        with ThreadPoolExecutor(2) as pool:
            reading = [pool.submit(pipe.read) if pipe else None for pipe in (self.stdout, self.stderr)]
            try:
                said = [each.result(timeout) if each else None for each in reading]
            except TooLong:
                self.kill()
                raise subprocess.TimeoutExpired(self.args, timeout or 0) from None
        self._close()
        self.wait(timeout)
        return said[0], said[1]

    def send_signal(self, number: int) -> None:
        """Send a signal unless it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(SIGKILL)

    def __enter__(self) -> "Popen":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        self.wait()

    def _close(self) -> None:
        for pipe in (self.stdout, self.stderr):
            if pipe:
                pipe.close()


def environment(**names: object) -> dict[str, str]:
    """Return the environment of the test with these names added."""
    return {**os.environ, **{name: str(value) for name, value in names.items()}}  # noqa: TID251 - a child process inherits the environment


def run(
    words: Sequence[object],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float | None = None,
    check: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a Python process to its end; return its output as text, as `subprocess.run` does."""
    with Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, cwd=cwd, text=True) as process:
        out, err = process.communicate(timeout)
    done = subprocess.CompletedProcess(process.args, process.wait(), out, err)
    if check:
        done.check_returncode()
    return done


class _Handed:
    """A file descriptor that is passed to a process when it starts."""

    def __init__(self, fd: int) -> None:
        self.fd = fd

    def __reduce__(self) -> tuple[Any, ...]:
        return _taken, (reduction.DupFd(self.fd),)


def _taken(handed: Any) -> int:
    return int(handed.detach())


def _end(wanted: IO[Any] | int | None, standard: int, text: bool) -> tuple[IO[Any] | None, int]:
    """Return the test's end of an output if it is a pipe, and the end of the process."""
    if wanted == subprocess.PIPE:
        reads, writes = os.pipe()
        return (os.fdopen(reads, encoding="utf-8") if text else os.fdopen(reads, "rb")), writes
    if wanted == subprocess.DEVNULL:
        return None, os.open(os.devnull, os.O_WRONLY)
    return None, os.dup(standard if wanted is None else wanted.fileno())  # type: ignore[union-attr]  # a file


def _become(words: list[str], environment: dict[str, str], folder: str, out: int, err: int) -> None:
    """Do what `python` does with these arguments, in the forked process."""
    for given, standard in ((out, 1), (err, 2)):
        os.dup2(given, standard)
        os.close(given)
    os.environ.clear()  # noqa: TID251 - a child process inherits the environment
    os.environ.update(environment)  # noqa: TID251 - as said above
    os.chdir(folder)
    kind, what, *rest = words
    sys.argv = [what if kind == "-m" else "-c", *rest]
    if kind == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102 - the code of the test
