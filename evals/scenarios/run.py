"""Of questions from everyday work: how many find the note that answers, and how many are told that none does.

The questions are in the words of people who did not know the rules (`README.md`). Half of them, `held.jsonl`, was not
looked at while the rules were made.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from evals.scenarios.asking import asked_in_turn, notes_indexed
from evals.scenarios.scoring import Expected, Outcome, listed, outcome, shown
from humphrey.app.container import Humphrey

HERE = Path(__file__).parent


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--notes", type=Path, default=Path("corpus"), help="the starter notes")
    parser.add_argument("--held-out", action="store_true", help="the half that was not tuned on")
    parser.add_argument("--list", action="store_true", help="name each question of which not all is right")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> None:
    """Print the counts, and with `--list` the questions of which not all is right."""
    with notes_indexed(asked.notes) as humphrey:
        outcomes = list(_outcomes(humphrey, HERE / f"{'held' if asked.held_out else 'tune'}.jsonl"))
    print(shown(outcomes))
    if asked.list:
        print(listed(outcomes))


def _outcomes(humphrey: Humphrey, path: Path) -> Iterator[Outcome]:
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        draft = asked_in_turn(humphrey, [row["text"]])[0]
        yield outcome(row["id"], row["text"], Expected.read(row, "document"), draft)
