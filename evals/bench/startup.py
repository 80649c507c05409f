"""Start of humphrey: time to the command's help, to the first page and to every page, and the memory then.

Run `python -m evals.bench.startup`. Everything stays on this machine's own address and stops by itself.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HUMPHREY = Path(sys.executable).parent / "humphrey"


PATIENCE_S = 120


def main() -> None:
    """Print one JSON object a line: the name of the measurement, and the figures."""
    print(json.dumps({"measure": "humphrey --help, s", **spread([help_s() for _ in range(7)])}))
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps({"measure": "first start, corpus not indexed", **started(Path(folder))}))
        for _ in range(3):
            print(json.dumps({"measure": "later start", **started(Path(folder))}))


def help_s() -> float:
    """Return seconds for `humphrey --help`, as a whole process."""
    began = time.perf_counter()
    subprocess.run([HUMPHREY, "--help"], check=True, capture_output=True)
    return time.perf_counter() - began


def started(data: Path) -> dict[str, float]:
    """Return seconds from the start of the process to its first page and to readiness, and its memory then."""
    began = time.perf_counter()
    with served(data) as (process, address):
        answers(process, f"{address}/sign-in")
        first_page = time.perf_counter() - began
        answers(process, f"{address}/readyz")
        ready = time.perf_counter() - began
        return {
            "first_page_s": round(first_page, 2),
            "ready_s": round(ready, 2),
            "resident_mb": resident_mb(process.pid),
        }


@contextmanager
def served(data: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Serve humphrey on a free port of this machine, and end it afterwards."""
    port = free_port()
    environment = {**os.environ, "HUMPHREY_DATA_DIR": str(data), "HUMPHREY_PORT": str(port)}  # noqa: TID251 - a child process inherits the environment
    with subprocess.Popen([HUMPHREY, "serve"], env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def answers(process: subprocess.Popen[bytes], url: str) -> None:
    """Wait until an address answers 200."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - this machine's own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise SystemExit(f"{url} did not answer within {PATIENCE_S} s")


def free_port() -> int:
    """Return a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process, in megabytes; from the kernel, so Linux only."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)


def spread(figures: list[float]) -> dict[str, float]:
    """Return smallest, median and largest."""
    ordered = sorted(figures)
    return {"min": round(ordered[0], 3), "median": round(statistics.median(ordered), 3), "max": round(ordered[-1], 3)}


if __name__ == "__main__":
    main()
