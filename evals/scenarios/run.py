"""Evaluation of questions from everyday work: do they find the note that answers, or learn that none does?

People who did not know the rules wrote the questions (`README.md`). Half of them, `held.jsonl`, was not
looked at while the rules were made.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from evals.scenarios.asking import asked_in_turn
from evals.scenarios.command import add_arguments, print_outcomes
from evals.scenarios.scoring import Expected, Outcome, outcome
from humphrey.app.container import Humphrey

HERE = Path(__file__).parent


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    add_arguments(parser, run)


def run(asked: argparse.Namespace) -> None:
    """Print the counts."""
    print_outcomes(asked, HERE, _outcomes)


def _outcomes(humphrey: Humphrey, path: Path) -> Iterator[Outcome]:
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        draft = asked_in_turn(humphrey, [row["text"]])[0]
        yield outcome(row["id"], row["text"], Expected.read(row, "document"), draft)
