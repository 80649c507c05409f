"""Every reader of files fuzzed: none crashes, none hangs, whatever the file holds.

Each reader runs in a process of its own, with coverage-guided inputs where atheris is installed, else with seeds
changed at random. `python -m evals.proofs readers --minutes 10`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from evals.proofs.files.fuzzing import HANG_S, HAS_ATHERIS
from evals.proofs.files.seeds import SEEDS


@dataclass
class Fuzzed:
    """What became of the inputs of one reader; `fault` is empty if it neither crashed nor hung."""

    suffix: str
    counts: Counter[str] = field(default_factory=Counter)
    fault: str = ""

    @property
    def inputs(self) -> int:
        """The number of inputs."""
        return sum(count for what, count in self.counts.items() if what != "slowest_ms")


def prove(folder: Path, seconds: int, suffixes: tuple[str, ...] = tuple(SEEDS)) -> list[Fuzzed]:
    """Fuzz readers one after the other, each for some seconds."""
    return [_fuzzed(folder / suffix[1:], suffix, seconds) for suffix in suffixes]


def _fuzzed(folder: Path, suffix: str, seconds: int) -> Fuzzed:
    folder.mkdir()
    report = folder / "report.json"
    command = [
        sys.executable,
        "-m",
        "evals.proofs.files.fuzzing",
        suffix,
        "--seconds",
        str(seconds),
        "--report",
        str(report),
    ]
    found = Fuzzed(suffix)
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds + 10 * HANG_S, check=False)
        if done.returncode:
            found.fault = done.stderr.decode(errors="replace")[-2000:]
    except subprocess.TimeoutExpired:
        found.fault = "did not end"
    if report.exists():
        found.counts.update(json.loads(report.read_text(encoding="utf-8")))
    return found


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--minutes", type=float, default=10, help="How long in all.")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the table; exit with 1 if a reader crashed or hung."""
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        rows = prove(Path(folder), round(asked.minutes * 60 / len(SEEDS)))
    print("inputs chosen by coverage (atheris)" if HAS_ATHERIS else "seeds changed at random; atheris is not installed")
    for row in rows:
        kinds = ", ".join(f"{what} {count:,}" for what, count in row.counts.most_common())
        print(f"{row.suffix}\tinputs {row.inputs:,}\t{kinds}\t{'FAULT' if row.fault else 'ok'}")
    for row in rows:
        if row.fault:
            print(f"{row.suffix}: {row.fault}")
    return 1 if any(row.fault for row in rows) else 0
