"""Evaluation of follow-ups in conversations: do they keep their subject, and drop it where another begins?

People who did not know the rules wrote the conversations (`README.md`). Half of them, `held.jsonl`, was
not looked at while the rules were made. The first question of each is asked and not counted.
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
        turns = row["turns"]
        drafts = asked_in_turn(humphrey, [turn["text"] for turn in turns])
        for n in range(1, len(turns)):
            expected = Expected.read(turns[n], "subject")
            yield outcome(f"{row['id']}.{n + 1}", turns[n]["text"], expected, drafts[n])
