"""Of questions that name several days: how many get the right date, a question back, or a wrong date.

The questions are our own (`README.md`). Half of the third set, `third_held.jsonl`, was not looked at while the rules
were changed, up to the run that `README.md` gives.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from humphrey.calculations.workings import STANDARD
from humphrey.drafting.agent.tools import limit_working
from humphrey.drafting.calculation_requests.recognise import clarifying_question, recognise_calculations
from humphrey.errors import CommissionError

HERE = Path(__file__).parent


TUNED_ON = ("tune", "held", "second_tune", "second_held", "third_tune")
"""The files whose questions were looked at while the rules were changed; two of them were once kept apart."""


HELD_OUT = ("third_held",)
"""The files that were not, up to the run that `README.md` gives."""


Outcome = Literal["right", "asked", "left", "wrong", "missed"]
"""The result of a question.

`right`: the dates count from the right days, or no date is computed because none was asked for. `asked`: the reply is
one question. `left`: no date is computed, but a question back was expected. `missed`: no date is computed, but one was
expected. `wrong`: a date is computed from another day, or without a request for one.
"""


@dataclass(frozen=True)
class Case:
    """A question, the day it is asked, the ISO days that start and end its limits, and what is expected of it.

    `due` is empty if the ends were not worked out.
    """

    id: str
    text: str
    today: date
    start: tuple[str, ...]
    due: tuple[str, ...]
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
        start, due = (tuple(read.get(name, ())) for name in ("start", "due"))
        yield Case(read["id"], read["text"], date.fromisoformat(read["today"]), start, due, read["expect"])


def outcome_of(case: Case) -> tuple[Outcome, str]:
    """Return what became of a question, and the dates or the words that it got."""
    if back := clarifying_question(case.text, case.text):
        return ("asked" if case.expect != "none" else "wrong"), back
    calls = recognise_calculations(case.text, case.text)
    told = [_limit(arguments, case.today) for tool, arguments in calls if tool == "working_days"]
    limits = {each for each in told if each}
    if told and not limits:
        return ("asked" if case.expect != "none" else "wrong"), "the day is refused with the reason"
    if not told:
        return ("right" if case.expect == "none" else "missed" if case.expect == "date" else "left"), ""
    return ("right" if _as_expected(case, limits) else "wrong"), " ".join(f"{a} to {b}" for a, b in sorted(limits))


def _as_expected(case: Case, limits: Set[tuple[str, str]]) -> bool:
    """Return whether limits begin on the right days and, if their ends were worked out, end on the right ones."""
    starts, ends = ({each[n] for each in limits} for n in (0, 1))
    return case.expect == "date" and starts == set(case.start) and (not case.due or ends == set(case.due))


def _limit(arguments: Mapping[str, Any], today: date) -> tuple[str, str] | None:
    """Return the day from which a limit was counted and its end; None if it was refused with the reason."""
    try:
        working = limit_working(arguments, today, STANDARD)
    except CommissionError:
        return None
    return working.inputs["start"], working.result
