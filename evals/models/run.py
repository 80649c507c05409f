"""Two models compared over the same questions: statuses, findings of each check, citations, time, tokens and cost.

Each file is what `humphrey ask --queries FILE --json` wrote with one of the models; neither is asked again.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from evals.models.comparing import Row, Unusable, changed, compared, model_of, read, require_same, worse_in


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("first", type=Path, help="drafts of the model in use, A")
    parser.add_argument("second", type=Path, help="drafts of the model that may take its place, B")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> None:
    """Print a row a figure, then what each is worse in; with `--json` one object."""
    try:
        first, second = read(asked.first), read(asked.second)
        require_same(first, second)
    except Unusable as error:
        sys.exit(str(error))
    rows, differing = compared(first, second), changed(first, second)
    names = {"A": model_of(first), "B": model_of(second)}
    worse = {model: worse_in(rows, model) for model in names}
    if asked.json:
        told = {"questions": len(first), "models": names, "figures": [asdict(row) for row in rows], "worse_in": worse}
        print(json.dumps({**told, "changed": differing}, ensure_ascii=False))
        return
    print("", f"A {names['A']}", f"B {names['B']}", "worse", sep="\t")
    for row in rows:
        print(*_shown(row), sep="\t")
    for name, before, after in differing:
        print(f"question {name}", before, after, "", sep="\t")
    for model, names_worse in worse.items():
        print(f"{model} is worse in", "; ".join(names_worse) or "nothing", sep="\t")


def _shown(row: Row) -> tuple[str, str, str, str]:
    return row.name, f"{row.a:g}", f"{row.b:g}", row.worse
