"""The command line that the evaluations of questions about the starter notes share."""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

from evals.scenarios.asking import notes_indexed
from evals.scenarios.scoring import Outcome, listed, shown
from humphrey.app.container import Humphrey

Outcomes = Callable[[Humphrey, Path], Iterator[Outcome]]
"""Asks the questions of a file and yields their outcomes."""


def add_arguments(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], None]) -> None:
    """Declare the command line; `run` is called with its values."""
    parser.add_argument("--notes", type=Path, default=Path("corpus"), help="the starter notes")
    parser.add_argument("--held-out", action="store_true", help="the half that was not tuned on")
    parser.add_argument("--list", action="store_true", help="name each question of which not all is right")
    parser.set_defaults(run=run)


def print_outcomes(asked: argparse.Namespace, folder: Path, outcomes: Outcomes) -> None:
    """Print the counts of one half of the questions in a folder, and with `--list` those of which not all is right."""
    with notes_indexed(asked.notes) as humphrey:
        found = list(outcomes(humphrey, folder / f"{'held' if asked.held_out else 'tune'}.jsonl"))
    print(shown(found))
    if asked.list:
        print(listed(found))
