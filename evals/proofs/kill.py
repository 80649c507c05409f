"""Processes killed with SIGKILL between a question and its delivery, and started again each time.

Half of them die at a random moment, half right before or after something leaves the process: a statement, a commit, a
file, bytes to the mail server. The proof counts what must not be: an act without its entry, an entry without its act, a
finished act that is lost, a text that left twice where the outlet can tell.
`python -m evals.proofs kill --kills 200`.
"""

import argparse
import multiprocessing
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

from evals.bench.startup import free_port
from evals.proofs.audit import audit
from evals.proofs.ending import exit_code
from evals.proofs.scene import furnish, joined
from evals.proofs.walk import AMENDED, OUTLETS, Life, live
from humphrey.app.container import Humphrey
from humphrey.clearance.store import reviews as review_store
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import Entry

_AHEAD = timedelta(minutes=45)
"""How much later each process starts by its own clock: every claim of the one before has expired by then."""


_PATIENCE_S = 120


@dataclass
class Result:
    """The result: how many processes were killed, on which step each, and a sentence for each violation."""

    killed: int = 0
    steps: Counter[str] = field(default_factory=Counter)
    told: list[tuple[str, str]] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)
    reviews: int = 0
    entries: int = 0
    sent: Counter[str] = field(default_factory=Counter)
    letters_again: int = 0


class Post:
    """The handler of the aiosmtpd server: it stores every e-mail that was accepted."""

    def __init__(self) -> None:
        self.letters: list[Message] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: ANN401 - aiosmtpd's
        """Accept an e-mail."""
        self.letters.append(message_from_bytes(envelope.content))
        return "250 taken"


@contextmanager
def mail_server() -> Iterator[tuple[Post, int]]:
    """Run a real mail server on loopback; yield its e-mails and its port."""
    from aiosmtpd.controller import Controller

    post, port = Post(), free_port()
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield post, port
    finally:
        controller.stop()


def prove(folder: Path, kills: int, seed: int) -> Result:
    """Kill some number of processes, and check what is left."""
    result, choose = Result(), Random(seed)  # noqa: S311 - choices that can be repeated, not secrets
    with mail_server() as (post, port):
        humphrey = joined(folder)
        furnish(humphrey)
        humphrey.close()
        points, seconds = _measured(Life(folder, port, timedelta(), walks=len(OUTLETS)), result)
        for n in range(1, kills + 1):
            life = Life(folder, port, _AHEAD * n, point=choose.randint(1, points) if n % 2 else 0)
            step = _killed(life, 0 if n % 2 else choose.uniform(0, seconds), result)
            result.steps[step] += 1
            result.killed += 1
            _look(folder, result, f"kill {n} on {step}")
        _lived(Life(folder, port, _AHEAD * (kills + 2), walks=0), None, result)
        _end(folder, post, result)
    return result


def _measured(life: Life, result: Result) -> tuple[int, float]:
    """Return how many points a process passes, and how long it takes, if none is killed."""
    began = time.monotonic()
    last = _lived(life, None, result)
    return int(last.partition("\t")[2]), time.monotonic() - began


def _killed(life: Life, after_s: float, result: Result) -> str:
    """Start a process and have it killed; return the step it was on."""
    return _lived(life, None if life.point else after_s, result)


def _lived(life: Life, kill_after_s: float | None, result: Result) -> str:
    """Run one process from start to end; return what it reported last."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["evals.proofs.walk"])
    hears, tells = context.Pipe(duplex=False)
    process = context.Process(target=live, args=(life, tells))
    process.start()
    tells.close()
    last = _next(hears) or "its start"
    if kill_after_s is not None:
        time.sleep(kill_after_s)
        process.kill()
    while said := _next(hears):
        kind, _, rest = said.partition("\t")
        if kind == "did":
            act, _, subject = rest.partition("\t")
            result.told.append((act, subject))
        else:
            last = said
    process.join(_PATIENCE_S)
    wanted = 0 if life.walks is not None else -9
    if process.exitcode != wanted:
        result.breaches.append(f"a process ended with {process.exitcode} on {last!r}, and not with {wanted}")
    return last.removeprefix("step\t")


def _next(hears: Connection) -> str:
    """Return the next report; empty if the process is gone."""
    try:
        return hears.recv_bytes().decode()
    except EOFError:
        return ""


def _look(folder: Path, result: Result, when: str) -> None:
    humphrey = joined(folder)
    result.breaches += [f"{when}: {said}" for said in (*audit(humphrey), *_lost(humphrey, result))]
    humphrey.close()


def _lost(humphrey: Humphrey, result: Result) -> Iterator[str]:
    """Return acts that a process was told are done and that the record does not know."""
    recorded = {(entry.act, entry.subject) for entry in ledger_store.entries(humphrey.database)}
    yield from (
        f"{act} of {subject} was done, and is gone" for act, subject in result.told if (act, subject) not in recorded
    )


def _end(folder: Path, post: Post, result: Result) -> None:
    """Check what must hold once all interrupted work is complete."""
    humphrey = joined(folder)
    reviews, entries = review_store.find(humphrey.database), list(ledger_store.entries(humphrey.database))
    result.reviews, result.entries = len(reviews), len(entries)
    result.breaches += [*audit(humphrey), *_lost(humphrey, result), *_verified(humphrey)]
    result.breaches += [f"review {each.id} ended {each.state}" for each in reviews if each.state != "delivered"]
    by_outlet = {outlet: [r.id for r in reviews if r.draft.commission.outlet == outlet] for outlet in OUTLETS}
    result.sent = Counter({outlet: len(ids) for outlet, ids in by_outlet.items()})
    result.breaches += [*_files(folder, by_outlet["file"]), *_pages(humphrey, by_outlet["web"])]
    result.breaches += _letters(post, entries, by_outlet["email"], result)
    humphrey.close()


def _verified(humphrey: Humphrey) -> Iterator[str]:
    """Return the faults that `humphrey ledger verify` names."""
    verdict = humphrey.verification.verify()
    yield from (f"ledger verify: {fault}" for fault in verdict.faults)


def _files(folder: Path, ids: list[str]) -> Iterator[str]:
    written = {path.name: path.read_text(encoding="utf-8") for path in (folder / "released").glob("*")}
    if set(written) != {f"{each}.md" for each in ids}:
        yield f"{len(ids)} texts were to be files, and the folder holds {sorted(written)}"
    yield from (
        f"the file {name} does not hold what was approved" for name, text in written.items() if AMENDED not in text
    )


def _pages(humphrey: Humphrey, ids: list[str]) -> Iterator[str]:
    shown = Counter(release.review for release in humphrey.delivery.released_to("amina"))
    if shown != Counter(ids):
        yield f"{len(ids)} texts were to be shown, and {sum(shown.values())} are"


def _letters(post: Post, entries: list[Entry], ids: list[str], result: Result) -> Iterator[str]:
    """Check that an e-mail sent again has the same Message-ID; an e-mail cannot be taken back."""
    names = Counter(str(letter["Message-ID"]) for letter in post.letters)
    result.letters_again = sum(names.values()) - len(names)
    if len(names) != len(ids):
        yield f"{len(ids)} texts were to be mailed, and letters have {len(names)} Message-IDs"
    bodies = {name: {_body(letter) for letter in post.letters if letter["Message-ID"] == name} for name in names}
    yield from (f"letters called {name} differ" for name, texts in bodies.items() if len(texts) != 1)
    yield from (
        f"letter {name} does not hold what was approved"
        for name, texts in bodies.items()
        if not all(AMENDED in each for each in texts)
    )
    delivered = Counter(each.subject for each in entries if each.act == "release:deliver")
    yield from (f"review {each} has {delivered[each]} deliveries on record" for each in ids if delivered[each] != 1)


def _body(letter: Message) -> str:
    parts = [part for part in letter.walk() if part.get_content_type() == "text/plain"]
    content = parts[0].get_payload(decode=True)
    return content.decode() if isinstance(content, bytes) else ""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the counts; exit with 1 if anything did not hold."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        result = prove(Path(folder), asked.kills, asked.seed)
    print(
        f"killed {result.killed}, {time.monotonic() - began:.0f} s; {result.reviews} reviews, {result.entries} entries"
    )
    for step, count in result.steps.most_common():
        print(f"on {step}\t{count}")
    print("delivered\t" + "\t".join(f"{outlet} {count}" for outlet, count in result.sent.items()))
    print(f"letters sent again, under the same Message-ID\t{result.letters_again}")
    print(f"violations\t{len(result.breaches)}")
    return exit_code(result.breaches)
