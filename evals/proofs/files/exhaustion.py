"""What would use up the server: files that nest, grow and never end. It answers others meanwhile, and stays small.

Hostile files of every format are sent to a real server on loopback, attached to a conversation and as guidance, while
`/healthz` is asked twenty times a second. `python -m evals.proofs exhaustion`.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote

import psutil

from evals.proofs.ending import exit_code
from evals.proofs.files import hostile_files
from evals.proofs.scene import BOTH, add_with_own_passwords, furnish, joined
from evals.proofs.serving import PASSWORD, Answer, Caller, serving
from humphrey.accounts.model import Person

MOST_P95_MS = 200
"""What `/healthz` may take meanwhile, in 19 of 20 cases, on two quiet cores."""


MOST_MB = 1_600
"""The most memory of the server and its child processes together; one child may have 1,024 MB."""


_EVERY_S = 0.05


_PATIENCE_S = 180


_PEOPLE = (
    Person("amina", ("official",)),
    Person("grace", ("guidance_owner",), markings=BOTH),
)


@dataclass
class Server:
    """The server under attack: its port, its process, and people who are signed in."""

    port: int
    pid: int
    people: Mapping[str, Caller]


@dataclass
class Attacked:
    """What came of one attack: the answer in words, the seconds, and a sentence for each breach."""

    name: str
    seconds: float = 0.0
    said: str = ""
    breaches: list[str] = field(default_factory=list)


@dataclass
class Meanwhile:
    """What others met meanwhile: milliseconds of each `/healthz`, and the most memory in MB."""

    waits_ms: list[float] = field(default_factory=list)
    most_mb: float = 0.0
    server_mb: float = 0.0
    failures: int = 0

    @property
    def p95_ms(self) -> float:
        """The wait that 19 of 20 do not exceed."""
        return statistics.quantiles(self.waits_ms, n=20)[-1] if len(self.waits_ms) > 1 else 0.0


Attacker = Callable[[Server, bool], Iterator[Attacked]]
"""Attacks a server, in full or in a short form, and yields what came of each attack."""


def attached(server: Server, short: bool) -> Iterator[Attacked]:
    """Attach good and hostile files to conversations of one person."""
    hostile = {**hostile_files.good(), **hostile_files.quick(), **({} if short else hostile_files.slow())}
    chosen = {name: hostile[name] for name in _SHORT} if short else hostile
    yield from (_attached(server.people["amina"], name, content) for name, content in chosen.items())


_SHORT = ("good.md", "good.pdf", "nested-div.html", "deep.json", "bomb.docx", "words.txt", "deep.eml")


def _attached(caller: Caller, name: str, content: bytes) -> Attacked:
    answer = caller.call(
        "POST", f"/ask/files?name={quote(name)}", content, {"Content-Type": "application/octet-stream"}
    )
    row = Attacked(f"attached {name}", answer.seconds)
    if answer.status != 200:
        row.breaches.append(f"{name} was answered {answer.status}")
        return row
    told = answer.plain
    row.said = told["refused"] or f"read, {told['words']:,} words"
    if name.startswith("good") and told["refused"]:
        row.breaches.append(f"{name} is a good file, and was refused: {told['refused']}")
    return row


def as_guidance(server: Server, short: bool) -> Iterator[Attacked]:
    """Hand in hostile files as guidance, in one upload."""
    files = hostile_files.quick()
    chosen = [name for name in files if not short or name in _SHORT]
    caller, began = server.people["grace"], time.monotonic()
    answer = _uploaded(caller, {name: files[name] for name in chosen})
    row = Attacked(f"{len(chosen)} files as guidance")
    page = _done(caller, answer.headers.get("location", ""))
    row.seconds = time.monotonic() - began
    row.said = f"{page.count('<strong>')} named on the page of the job"
    if "words.txt" not in page or "more than 500,000" not in page:
        row.breaches.append(f"the page of the job does not say why words.txt was refused: {answer.status}")
    yield row


def _uploaded(caller: Caller, files: Mapping[str, bytes]) -> Answer:
    border = "a-border-that-no-file-has"
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode() + content
        for name, content in files.items()
    ]
    body = b"\r\n".join([*parts, f"--{border}--\r\n".encode()])
    return caller.call("POST", "/guidance/upload", body, {"Content-Type": f"multipart/form-data; boundary={border}"})


def _done(caller: Caller, address: str) -> str:
    """Return the page of a job once it is over."""
    end = time.monotonic() + _PATIENCE_S
    page = ""
    while address and time.monotonic() < end:
        page = caller.get(address).body.decode()
        if 'http-equiv="refresh"' not in page:
            return page
        time.sleep(0.5)
    return page


ATTACKERS: tuple[Attacker, ...] = (attached, as_guidance)
"""Every kind of attack, in the order in which they are tried."""


@contextmanager
def watched(server: Server) -> Iterator[Meanwhile]:
    """Ask for `/healthz` and look at the memory until the end."""
    seen, over = Meanwhile(), Event()
    watchers = [Thread(target=each, args=(server, seen, over)) for each in (_ask, _weigh)]
    for watcher in watchers:
        watcher.start()
    try:
        yield seen
    finally:
        over.set()
        for watcher in watchers:
            watcher.join()


def _ask(server: Server, seen: Meanwhile, over: Event) -> None:
    caller = Caller(server.port, keeps_line=True)
    while not over.wait(_EVERY_S):
        try:
            answer = caller.get("/healthz")
        except OSError:
            seen.failures += 1
            continue
        seen.waits_ms.append(answer.seconds * 1000)
        seen.failures += answer.status != 200


def _weigh(server: Server, seen: Meanwhile, over: Event) -> None:
    process = psutil.Process(server.pid)
    while not over.wait(4 * _EVERY_S):
        own = _mb(process)
        seen.server_mb = max(seen.server_mb, own)
        seen.most_mb = max(seen.most_mb, own + sum(map(_mb, process.children(recursive=True))))


def _mb(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss / 1_000_000)
    except psutil.NoSuchProcess:
        return 0.0


def prove(
    folder: Path, short: bool, tell: Callable[[Attacked], None] = lambda _: None
) -> tuple[list[Attacked], Meanwhile]:
    """Attack a server in every way, tell each result as it comes, and return them and what others met meanwhile."""
    humphrey = joined(folder)
    furnish(humphrey)
    add_with_own_passwords(humphrey, _PEOPLE, PASSWORD)
    humphrey.close()
    with serving(folder) as (process, port):
        people = {person.name: Caller(port, patience_s=_PATIENCE_S) for person in _PEOPLE}
        for name, caller in people.items():
            caller.sign_in(name)
        server = Server(port, process.pid, people)
        with watched(server) as seen:
            rows = list(_told((row for attack in ATTACKERS for row in attack(server, short)), tell))
    if "Traceback" in (folder / "log.txt").read_text(encoding="utf-8", errors="replace"):
        rows.append(Attacked("the log", breaches=["it holds a traceback"]))
    return rows, seen


def _told(rows: Iterator[Attacked], tell: Callable[[Attacked], None]) -> Iterator[Attacked]:
    for row in rows:
        tell(row)
        yield row


def _print(row: Attacked) -> None:
    print(f"{row.name}\t{row.seconds:.1f} s\t{row.said}", flush=True)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--short", action="store_true", help="Only a few files.")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the table; exit with 1 if anything did not hold."""
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        rows, seen = prove(Path(folder), asked.short, _print)
    print(f"/healthz meanwhile\t{len(seen.waits_ms)} asked\tp95 {seen.p95_ms:.0f} ms\tfailed {seen.failures}")
    print(f"memory\tserver {seen.server_mb:.0f} MB\twith its children {seen.most_mb:.0f} MB")
    breaches = [f"{row.name}: {said}" for row in rows for said in row.breaches] + list(_limits(seen))
    return exit_code(breaches)


def _limits(seen: Meanwhile) -> Iterator[str]:
    if seen.p95_ms > MOST_P95_MS or seen.failures:
        yield f"/healthz took {seen.p95_ms:.0f} ms and failed {seen.failures} times, and may take {MOST_P95_MS} ms"
    if seen.most_mb > MOST_MB:
        yield f"the processes took {seen.most_mb:.0f} MB, and may take {MOST_MB} MB"
