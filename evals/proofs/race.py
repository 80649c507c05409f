"""Processes race for the same reviews: one amends, claims, decides and delivers each, and every loser learns why.

Before each review they wait for each other at a barrier, so that the race is for that review and for nothing else.
`python -m evals.proofs race --reviews 500 --processes 8 --database both`.
"""

import argparse
import json
import multiprocessing
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path

from evals.proofs.audit import audit
from evals.proofs.databases import postgresql
from evals.proofs.ending import exit_code
from evals.proofs.scene import BOTH, FIRST_WORDING, LIFE, asking, furnish, joined, wall_clock
from humphrey.accounts.model import Person
from humphrey.app.container import Humphrey
from humphrey.clearance.gate import Release
from humphrey.clearance.store import reviews as review_store
from humphrey.delivery.model import Receipt
from humphrey.delivery.outbox import Outbox
from humphrey.digests import digest_of
from humphrey.errors import HumphreyError
from humphrey.ledger import store as ledger_store

SPAWN = multiprocessing.get_context("spawn")


PATIENCE_S = 300


WON = "won"


LOST = {
    "amend": {"StaleDigest"},
    "claim": {"Claimed", "NotPermitted"},
    "decide": {"AlreadyDecided", "NotPermitted", "Claimed"},
}
"""The errors of losers: `NotPermitted` is for the author of the amendment, who may neither claim nor decide.

Every second review is handed back before the decisions, so any process may win it; of the others, only the claimant.
"""


@dataclass(frozen=True)
class Place:
    """Where a race is run: the data folder, and the address of the database, empty for SQLite in the folder."""

    folder: Path
    database_url: str = ""

    @contextmanager
    def humphrey(self) -> Iterator[Humphrey]:
        """Open a humphrey there."""
        opened = joined(self.folder, database_url=self.database_url)
        try:
            yield opened
        finally:
            opened.close()


@dataclass(frozen=True)
class Result:
    """The result of a race: per act, how often each outcome came, and a sentence for each violation."""

    outcomes: dict[str, Counter[str]]
    breaches: list[str]
    entries: int
    seconds: float


def prove(place: Place, reviews: int, processes: int) -> Result:
    """Have some number of processes race for some number of reviews."""
    names = [f"reviewer {n}" for n in range(processes)]
    with place.humphrey() as humphrey:
        furnish(
            humphrey, [Person("amina", ("official",)), *(Person(name, ("reviewer",), markings=BOTH) for name in names)]
        )
        ids = [humphrey.clearance.take(asking("amina", "web", about=str(n))).id for n in range(reviews)]
        began = time.monotonic()
        barrier = SPAWN.Barrier(processes, timeout=PATIENCE_S)
        racers = [SPAWN.Process(target=_race, args=(place, name, ids, barrier)) for name in names]
        codes = _run(racers)
        seconds = time.monotonic() - began
        told = [_told(place, name) for name in names]
        outcomes = {
            act: Counter(outcome for each in told for _, outcome in each.get(act, ())) for act in (*LOST, "deliver")
        }
        breaches = [f"a process ended with {code}" for code in codes if code]
        breaches += [*_winners(told, ids), *_turns(told, ids), *_delivered(humphrey, told, ids), *audit(humphrey)]
        return Result(outcomes, breaches, sum(1 for _ in ledger_store.entries(humphrey.database)), seconds)


def _run(racers: Sequence[BaseProcess]) -> list[int | None]:
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(PATIENCE_S * 4)
    return [racer.exitcode for racer in racers]


def _race(place: Place, name: str, ids: list[str], barrier: Barrier) -> None:
    """Run one process: try every act on every review, and write down the outcomes."""
    with place.humphrey() as humphrey:
        told = dict[str, list[tuple[str, str]]]()
        for act, attempt in (("amend", _amend), ("claim", _claim), ("decide", _decide)):
            digests = {each: humphrey.clearance.review(each).draft.digest for each in ids}
            told[act] = [(each, _outcome(attempt, humphrey, each, name, digests[each], barrier)) for each in ids]
            barrier.wait()
            if act == "claim":
                _hand_back_every_second(humphrey, name, told[act])
                barrier.wait()
        sent: list[tuple[str, str]] = []
        barrier.wait()
        Outbox(humphrey.database, LIFE, wall_clock).deliver("web", lambda release: _send(release, sent))
        told["deliver"] = sent
    (place.folder / f"{name}.json").write_text(json.dumps(told), encoding="utf-8")


Attempt = Callable[[Humphrey, str, str, str], object]


def _outcome(attempt: Attempt, humphrey: Humphrey, review: str, name: str, digest: str, barrier: Barrier) -> str:
    barrier.wait()
    try:
        attempt(humphrey, review, name, digest)
    except HumphreyError as error:
        return type(error).__name__
    return WON


def _amend(humphrey: Humphrey, review: str, name: str, digest: str) -> None:
    humphrey.clearance.amend(review, f"{FIRST_WORDING} So says {name}.", name, digest)


def _claim(humphrey: Humphrey, review: str, name: str, _digest: str) -> None:
    humphrey.assignment.claim(review, name)


def _hand_back_every_second(humphrey: Humphrey, name: str, claims: Sequence[tuple[str, str]]) -> None:
    for review, outcome in claims[::2]:
        if outcome == WON:
            humphrey.assignment.hand_back(review, name)


def _decide(humphrey: Humphrey, review: str, name: str, digest: str) -> None:
    humphrey.clearance.decide(review, "approve", name, digest)


def _send(release: Release, sent: list[tuple[str, str]]) -> Receipt:
    sent.append((release.review, WON))
    return Receipt("taken", digest_of(release.text.encode()))


def _told(place: Place, name: str) -> dict[str, list[tuple[str, str]]]:
    path = place.folder / f"{name}.json"
    told: dict[str, list[tuple[str, str]]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return told


def _winners(told: Sequence[dict[str, list[tuple[str, str]]]], ids: Sequence[str]) -> Iterator[str]:
    """Return reviews without exactly one winner, or with an unexpected error of a loser."""
    for act, reasons in LOST.items():
        won = Counter(review for each in told for review, outcome in each.get(act, ()) if outcome == WON)
        yield from (f"{act}: review {each} had {won[each]} winners" for each in ids if won[each] != 1)
        strange = {outcome for each in told for _, outcome in each.get(act, ())} - reasons - {WON}
        yield from (f"{act}: somebody was told {each}" for each in sorted(strange))


def _turns(told: Sequence[dict[str, list[tuple[str, str]]]], ids: Sequence[str]) -> Iterator[str]:
    """Return decisions on a review that another claimed, and refusals on one that nobody claimed."""
    for each in told:
        mine = {review for review, outcome in each.get("claim", ()) if outcome == WON}
        for review, outcome in each.get("decide", ()):
            handed_back = review in ids[::2]
            if outcome == WON and not handed_back and review not in mine:
                yield f"decide: review {review} was decided by somebody who had not claimed it"
            if outcome == "Claimed" and handed_back:
                yield f"decide: review {review} was called claimed after it was handed back"


def _delivered(
    humphrey: Humphrey, told: Sequence[dict[str, list[tuple[str, str]]]], ids: Sequence[str]
) -> Iterator[str]:
    sent = Counter(review for each in told for review, _ in each.get("deliver", ()))
    yield from (f"review {each} was sent {sent[each]} times" for each in ids if sent[each] != 1)
    states = Counter(review.state for review in review_store.find(humphrey.database))
    if states != {"delivered": len(ids)}:
        yield f"the reviews are {dict(states)}"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--reviews", type=int, default=500)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the counts for each database; exit with 1 if anything did not hold."""
    wanted = ["sqlite", "postgresql"] if asked.database == "both" else [asked.database]
    return max(_print(name, on(name, asked.reviews, asked.processes)) for name in wanted)


def on(database: str, reviews: int, processes: int) -> Result:
    """Run the race on a new database of that kind."""
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        if database == "sqlite":
            return prove(Place(Path(folder)), reviews, processes)
        with postgresql() as fresh:
            return prove(Place(Path(folder), fresh()), reviews, processes)


def _print(database: str, result: Result) -> int:
    print(f"{database}: {result.entries} entries, {result.seconds:.0f} s")
    for act, outcomes in result.outcomes.items():
        print(f"{act}\t" + "\t".join(f"{name} {count}" for name, count in outcomes.most_common()))
    print(f"breaches\t{len(result.breaches)}")
    return exit_code(result.breaches)
