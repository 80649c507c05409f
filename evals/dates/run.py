"""Of questions that name several days: how many get the right date, a question back, or a wrong date.

The questions are our own (`README.md`). Half of the second set, `second_held.jsonl`, was not looked at while the rules
were changed.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from humphrey.calculations.workings import STANDARD
from humphrey.drafting.agent.tools import limit_working
from humphrey.drafting.calculation_requests.recognise import clarifying_question, recognise_calculations
from humphrey.errors import CommissionError

HERE = Path(__file__).parent


TUNED_ON = ("tune", "held", "second_tune")
"""The files whose questions were looked at while the rules were changed; `held` was once kept apart."""


HELD_OUT = ("second_held",)
"""The files that were not."""


Outcome = Literal["right", "asked", "left", "wrong", "missed"]
"""The result of a question.

`right`: the dates count from the right days, or no date is computed because none was asked for. `asked`: the reply is
one question. `left`: no date is computed, but a question back was expected. `missed`: no date is computed, but one was
expected. `wrong`: a date is computed from another day, or without a request for one.
"""


@dataclass(frozen=True)
class Case:
    """A question, the day it is asked, the ISO days that start its limits, and what is expected of it."""

    id: str
    text: str
    today: date
    start: tuple[str, ...]
    expect: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--held-out", action="store_true", help="the questions that were not tuned on")
    parser.add_argument("--list", action="store_true", help="name each question that is neither right nor asked back")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> None:
    """Print the counts of each file, a line for each outcome; with `--list` the questions that went wrong."""
    for name in HELD_OUT if asked.held_out else TUNED_ON:
        print(name)
        found = [(case, *outcome_of(case)) for case in cases(HERE / f"{name}.jsonl")]
        counts = Counter(outcome for _, outcome, _ in found)
        for outcome in ("right", "asked", "left", "missed", "wrong"):
            print(outcome, counts[outcome], f"{counts[outcome] / len(found):.1%}", sep="\t")
        dates = [outcome for case, outcome, _ in found if case.expect == "date"]
        share = f"{dates.count('asked') / len(dates):.1%}"
        print("asked where a date was right", f"{dates.count('asked')} of {len(dates)}", share, sep="\t")
        for case, outcome, told in found if asked.list else ():
            if outcome not in {"right", "asked"}:
                print(outcome, case.id, case.text, f"expected {case.expect} {' '.join(case.start)}", told, sep="\t")


def cases(path: Path) -> Iterator[Case]:
    """Yield the questions of a file, a JSON object a line."""
    for line in path.read_text("utf-8").splitlines():
        read = json.loads(line)
        yield Case(read["id"], read["text"], date.fromisoformat(read["today"]), tuple(read["start"]), read["expect"])


def outcome_of(case: Case) -> tuple[Outcome, str]:
    """Return what became of a question, and the dates or the words that it got."""
    if back := clarifying_question(case.text, case.text):
        return ("asked" if case.expect != "none" else "wrong"), back
    calls = recognise_calculations(case.text, case.text)
    told = [_start(arguments, case.today) for tool, arguments in calls if tool == "working_days"]
    starts = {each for each in told if each}
    if told and not starts:
        return ("asked" if case.expect != "none" else "wrong"), "the day is refused with the reason"
    if not told:
        return ("right" if case.expect == "none" else "missed" if case.expect == "date" else "left"), ""
    return ("right" if case.expect == "date" and starts == set(case.start) else "wrong"), " ".join(sorted(starts))


def _start(arguments: Mapping[str, Any], today: date) -> str:
    """Return the day from which a limit was counted; empty if it was refused with the reason, which is told."""
    try:
        return limit_working(arguments, today, STANDARD).inputs["start"]
    except CommissionError:
        return ""
