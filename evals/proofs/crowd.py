"""Fifty people at once on a queue of ten thousand reviews, against the real server in a process of its own.

Each looks at the queue, opens a draft, claims it, reads, and decides, while their page polls the queue as the real one
does. They pause far less than people do, so that fifty of them are as many as several hundred.
`python -m evals.proofs crowd --people 50 --reviews 10000 --seconds 120`.
"""

import argparse
import json
import re
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from http.client import HTTPException
from pathlib import Path
from random import Random

import psutil

from evals.bench.question import centile
from evals.proofs.audit import audit
from evals.proofs.scene import BOTH, QUOTE, add_with_own_passwords, asking, drafted, furnish, joined, wall_clock
from evals.proofs.serving import PASSWORD, Answer, Caller, serving
from humphrey.accounts.model import Person
from humphrey.app.container import Humphrey
from humphrey.clearance import rules
from humphrey.clearance.store import reviews as review_store
from humphrey.ledger import store as ledger_store
from humphrey.papers.draft import Draft

QUEUE_MS, DECISION_MS = 100, 300
"""Targets for the 95th percentile, in milliseconds."""


_BATCH = 250


_ASKERS = 40


_THINK_S = (1.0, 5.0)
"""The shortest and longest pause of a person between two acts, in seconds. Real people take a minute."""


_ENDING_S = 8
"""The time that people have to finish their work at the end, in seconds."""


_QUEUE_EVERY_S, _STANDING_EVERY_S, _NOTE_EVERY_S = 10.0, 10.0, 15.0
"""The interval, in seconds, at which a page polls the queue and its open draft, and reports that it is read."""


_FILTERS = ("", "", "", "", "&unclaimed=true", "&overdue=true", "&due_within=3", "&kind=answer", "&offset=200")


@dataclass
class Figures:
    """How long each kind of request took, in seconds, and every answer that should not have come."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    cpu_share: float = 0.0
    memory_mb: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def note(self, what: str, answer: Answer, allowed: Sequence[int]) -> None:
        """Record an answer; a status that is not among the allowed is an error."""
        with self.lock:
            self.seconds[what].append(answer.seconds)
            self.statuses[what, answer.status] += 1
            if answer.status not in allowed:
                self.errors.append(f"{what}: {answer.status} {answer.body[:200]!r}")

    def centile_ms(self, what: str, share: int) -> float:
        """Return the percentile `share` of a kind of request, in milliseconds."""
        return centile([each * 1000 for each in self.seconds[what]], share)


def prove(folder: Path, people: int, reviews: int, seconds: float) -> Figures:
    """Fill a queue, serve it, and let people work on it for some seconds."""
    names = [f"reviewer {n}" for n in range(people)]
    prepare(folder, names, reviews)
    return measured(folder, names, seconds)


def prepare(folder: Path, names: Sequence[str], reviews: int) -> None:
    """Prepare a queue with some number of drafts, and the reviewers who will work on it."""
    humphrey = joined(folder)
    furnish(humphrey, [Person(f"asker {n}", ("official",)) for n in range(_ASKERS)])
    add_with_own_passwords(humphrey, [Person(name, ("reviewer",), markings=BOTH) for name in names], PASSWORD)
    fill(humphrey, reviews)
    humphrey.close()


def measured(folder: Path, names: Sequence[str], seconds: float) -> Figures:
    """Serve a prepared queue, let its reviewers work for some seconds, and check the result."""
    figures = Figures()
    with serving(folder) as (process, port):
        server = psutil.Process(process.pid)
        crowd = [Reviewer(name, port, figures) for name in names]
        for each in crowd:
            each.sign_in()
        crowd[0].learn()
        began, used = time.monotonic(), sum(server.cpu_times()[:2])
        _work(crowd, began + seconds)
        figures.cpu_share = (sum(server.cpu_times()[:2]) - used) / (time.monotonic() - began)
        figures.memory_mb = server.memory_info().rss / 1e6
    humphrey = joined(folder)
    figures.errors += audit(humphrey)
    humphrey.close()
    return figures


def fill(humphrey: Humphrey, count: int) -> None:
    """Put drafts on the queue, each with its entry, as `open_review` does, but many in one transaction."""
    choose, at = Random(1), wall_clock()  # noqa: S311 - made-up drafts, not secrets
    for first in range(0, count, _BATCH):
        with humphrey.database.transaction() as tx:
            for n in range(first, min(first + _BATCH, count)):
                draft = _draft(n, choose, at.date())
                opened = rules.open_review(f"{n:016x}", draft, at - timedelta(minutes=choose.randint(0, 600)))
                review_store.add(tx, opened)
                detail = {"digest": draft.digest, "kind": draft.commission.kind}
                ledger_store.enter(tx, draft.commission.asked_by, "review:open", opened.id, detail, opened.opened)


def _draft(n: int, choose: Random, today: date) -> Draft:
    """Return a draft of usual length, due on a random day, now and then overdue."""
    marking = choose.choice(("OFFICIAL", "OFFICIAL", "OFFICIAL-SENSITIVE"))
    asked = asking(f"asker {n % _ASKERS}", choose.choice(("web", "file")), about=f"of case {n}", marking=marking)
    short = drafted(asked)
    text = "\n\n".join(f"{QUOTE} [{marker}]" for marker in range(1, 9))
    cited = tuple(replace(short.citations[0], marker=str(marker)) for marker in range(1, 9))
    due = today + timedelta(days=choose.randint(-3, 30)) if choose.random() < 0.7 else None
    return replace(short, text=text, citations=cited, due=due)


class Reviewer:
    """A person with the Clear page open.

    Args:
        name: their name.
        port: the server's port.
        figures: where answers are recorded.
    """

    confirm = -1
    """The number of the handler that makes a confirmed decision."""

    def __init__(self, name: str, port: int, figures: Figures) -> None:
        self._caller, self._figures, self._name = Caller(port, keeps_line=True), figures, name
        self._choose = Random(name)  # noqa: S311 - the choice of an act, no secret

    def sign_in(self) -> None:
        """Sign in with name and password, as on the page."""
        self._figures.note("sign in", self._caller.sign_in(self._name), (303,))

    def learn(self) -> None:
        """Find the handler of the button that confirms a decision; its number is the same for everybody."""
        page = self._caller.get("/clear").body.decode()
        found = re.search(r"window\.gradio_config = (.*?);\s*window\.gradio_api_info", page, re.DOTALL)
        config = json.loads(found[1]) if found else {"components": [], "dependencies": []}
        button = next(each["id"] for each in config["components"] if each["props"].get("elem_id") == "confirm")
        targets = ((each["id"], [target[0] for target in each["targets"]]) for each in config["dependencies"])
        Reviewer.confirm = next(handler for handler, buttons in targets if button in buttons)

    def work(self, until: float) -> None:
        """Clear drafts until time is over."""
        time.sleep(self._choose.uniform(0, _THINK_S[1]))
        while time.monotonic() < until:
            try:
                self._one(until)
            except (OSError, HTTPException) as error:
                self._figures.errors.append(f"{self._name}: {type(error).__name__} {error}")
        self._caller.close()

    def _one(self, until: float) -> None:
        rows = self._look()
        self._wait(until, "")
        free = [row["id"] for row in rows if not row["claimed_by"]]
        if not free:
            return
        review = self._choose.choice(free)
        path = f"/api/v1/reviews/{review}"
        answer = self._caller.get(path)
        self._figures.note("open a draft", answer, (200,))
        claimed = self._caller.post(f"{path}/claim", {})
        self._figures.note("claim", claimed, (200, 409))
        if claimed.status != 200:
            return
        for _ in range(3):
            self._wait(until, review)
        if time.monotonic() >= until:
            # Everybody's time is over at the same moment, but each ends what they have in hand at a pace of their own.
            time.sleep(self._choose.uniform(0, _ENDING_S))
        ruling = self._ruling(answer.plain["digest"])
        if self._choose.random() < 0.5:
            self._figures.note("decision", self._caller.post(f"{path}/decide", ruling), (200,))
        else:
            self._decide_on_the_page(review, ruling)

    def _look(self) -> list[dict[str, str]]:
        answer = self._caller.get(f"/api/v1/reviews?limit=50{self._choose.choice(_FILTERS)}")
        self._figures.note("queue page", answer, (200,))
        rows: list[dict[str, str]] = answer.plain["reviews"] if answer.status == 200 else []
        return rows

    def _ruling(self, digest: str) -> dict[str, object]:
        verdict = self._choose.choice(("approve",) * 7 + ("return", "return", "refuse"))
        reasons = [] if verdict == "approve" else ["unclear"]
        return {"verdict": verdict, "digest": digest, "reason": "", "reasons": reasons}

    def _decide_on_the_page(self, review: str, ruling: Mapping[str, object]) -> None:
        """Press the button that confirms a decision as the page does: a call, and the stream of its answer."""
        pending = f"{ruling['verdict']} {ruling['digest']}"
        session = f"{review}{self._choose.randrange(10**9)}"
        given = [review, pending, ruling["reasons"], "", []]
        call = {
            "data": given,
            "fn_index": self.confirm,
            "session_hash": session,
            "event_data": None,
            "trigger_id": None,
        }
        joined = self._caller.post("/gradio_api/queue/join", call)
        said = self._caller.get(f"/gradio_api/queue/data?session_hash={session}")
        done = any(words in said.body for words in (b"You have approved", b"You have returned", b"You have refused"))
        answer = replace(said, seconds=joined.seconds + said.seconds, status=said.status if done else 500)
        self._figures.note("decision on the page", answer, (200,))

    def _wait(self, until: float, review: str) -> None:
        """Pause, while the page polls by itself."""
        over = min(until, time.monotonic() + self._choose.uniform(*_THINK_S))
        if self._choose.random() < _THINK_S[1] / 2 / _QUEUE_EVERY_S:
            self._look()
        if review and self._choose.random() < _THINK_S[1] / 2 / _STANDING_EVERY_S:
            self._figures.note("standing", self._caller.get(f"/api/v1/reviews/{review}/standing"), (200,))
        if review and self._choose.random() < _THINK_S[1] / 2 / _NOTE_EVERY_S:
            note = {"wording": 1, "seconds": 2.0, "opened": ["1"]}
            self._figures.note("reading", self._caller.post(f"/api/v1/reviews/{review}/reading", note), (200,))
        time.sleep(max(0.0, over - time.monotonic()))


def _work(crowd: Sequence[Reviewer], until: float) -> None:
    threads = [threading.Thread(target=each.work, args=(until,)) for each in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--reviews", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=120)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the figures; exit with 1 if anything failed or took too long."""
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        figures = prove(Path(folder), asked.people, asked.reviews, asked.seconds)
    requests = sum(len(each) for each in figures.seconds.values())
    print(f"{asked.people} people, {asked.reviews} reviews, {requests} requests; ms: number, p50, p95, p99, longest")
    for what, seconds in sorted(figures.seconds.items()):
        told = "\t".join(f"{figures.centile_ms(what, share):.0f}" for share in (50, 95, 99, 100))
        print(f"{what}\t{len(seconds)}\t{told}")
    print(f"server: {figures.cpu_share:.0%} of one core, {figures.memory_mb:.0f} MB")
    print(f"errors\t{len(figures.errors)}")
    for said in figures.errors[:20]:
        print(said)
    decisions = max(figures.centile_ms(each, 95) for each in ("decision", "decision on the page"))
    slow = figures.centile_ms("queue page", 95) > QUEUE_MS or decisions > DECISION_MS
    return 1 if figures.errors or slow else 0
