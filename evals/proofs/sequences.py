"""Random acts by random people: what leaves is always what another, entitled person approved in these exact words.

Each sequence has its own people and reviews. People have different grants, are disabled now and then, and try acts that
they may not do. The independent books decide the expected result of every act: an act that should be refused and is not
counts as unsafe, an act that should succeed and is refused as stuck.
`python -m evals.proofs sequences --count 5000 --seed 1`.
"""

import argparse
import multiprocessing
import shutil
import tempfile
import time
from pathlib import Path

from evals.proofs.acting import Clock, Outcome, Sequence, cast
from evals.proofs.audit import audit
from evals.proofs.ending import exit_code
from evals.proofs.scene import furnish, joined

_BATCH = 125
"""Sequences that share a database; the whole ledger is checked after each batch."""


def batch(seeds: list[str]) -> Outcome:
    """Run some sequences on one database, and check the whole of it at the end."""
    outcome, clock = Outcome(), Clock()
    folder = Path(tempfile.mkdtemp(prefix="proof-", dir=quick_folder()))
    humphrey = joined(folder, now=clock)
    try:
        furnish(humphrey, [person for seed in seeds for person in cast(seed)])
        for seed in seeds:
            Sequence(humphrey, clock, seed, outcome).run()
            outcome.sequences += 1
        outcome.unsafe += [f"{seeds[0]} to {seeds[-1]}: {said}" for said in audit(humphrey)]
    finally:
        humphrey.close()
        shutil.rmtree(folder)
    return outcome


def quick_folder() -> str | None:
    """Return a folder in memory if there is one; the proof is not about the durability of disks."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - as said above


def prove(count: int, seed: int, processes: int) -> Outcome:
    """Run some number of sequences, shared among processes."""
    names = [f"{seed}.{n}" for n in range(count)]
    batches = [names[first : first + _BATCH] for first in range(0, count, _BATCH)]
    whole = Outcome()
    if processes == 1:
        done = map(batch, batches)
        for outcome in done:
            whole.add(outcome)
        return whole
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for outcome in pool.imap_unordered(batch, batches):
            whole.add(outcome)
    return whole


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--count", type=int, default=5000, help="How many sequences.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the counts; exit with 1 if anything did not hold."""
    began = time.monotonic()
    outcome = prove(asked.count, asked.seed, asked.processes)
    acts = sum(outcome.done.values()) + sum(outcome.refused.values())
    print(f"sequences {outcome.sequences}, acts {acts}, {time.monotonic() - began:.0f} s")
    for name in sorted(outcome.done | outcome.refused):
        print(f"{name}\tdone {outcome.done[name]}\trefused {outcome.refused[name]}")
    print(f"released\t{outcome.released}")
    print(f"unsafe\t{len(outcome.unsafe)}\nstuck\t{len(outcome.stuck)}")
    return exit_code((*outcome.unsafe, *outcome.stuck))
