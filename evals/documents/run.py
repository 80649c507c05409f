"""Evaluation of readings: each document is compared with strings that its text must and must not hold.

`FOLDER` has a folder for each case, as the shared field cases have: inputs, and what is right in words. The values that
are compared stand in `expected/CASE.yaml`, one entry an input. Without `FOLDER`, the folder is `field_cases` below
`HUMPHREY_SHARED_DATA`. `--own` reads our own inputs instead, whose values stand beside them.
"""

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.documents.comparing import compared, expectations
from evals.documents.making import made
from evals.documents.reading import read

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Row:
    """An input of a case, and what is wrong with its reading; `wrong` is empty if nothing is.

    `measured` is False for a case whose right values are not held here.
    """

    case: str
    name: str
    wrong: str
    measured: bool = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("folder", type=Path, nargs="?", help="where the cases are, a folder each")
    parser.add_argument("--expected", type=Path, default=HERE / "expected", help="where the right values are")
    parser.add_argument("--own", choices=("tune", "held"), help="our own inputs: the half that was tuned on, or not")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> None:
    """Print a row an input, right or wrong with the reason, and the counts."""
    rows = list(own(HERE / "own", asked.own) if asked.own else cases(_folder(asked.folder), asked.expected))
    counts = counted(rows)
    if asked.json:
        print(json.dumps({**counts, "rows": [asdict(row) for row in rows]}, ensure_ascii=False))
        return
    for row in rows:
        outcome = "not measured" if not row.measured else "wrong" if row.wrong else "right"
        print(row.case, row.name, outcome, row.wrong, sep="\t")
    for name, count in counts.items():
        print(name, count, sep="\t")


def _folder(asked: Path | None) -> Path:
    shared = os.environ.get("HUMPHREY_SHARED_DATA", "")  # noqa: TID251 - says where the cases are, for evaluations alone
    folder = asked or Path(shared) / "field_cases"
    if not folder.is_dir():
        raise SystemExit(f"{folder} is no folder of cases; name one, or set HUMPHREY_SHARED_DATA")
    return folder


def cases(folder: Path, expected: Path) -> Iterator[Row]:
    """Yield a row for every input of every case of a folder."""
    for case in sorted(path for path in folder.iterdir() if path.is_dir()):
        values = expected / f"{case.name}.yaml"
        if not values.exists():
            yield Row(case.name, "", "its right values are not held here", measured=False)
            continue
        for name, wanted in expectations(values).items():
            path = case / name
            wrong = "; ".join(compared(read(path), wanted)) if path.exists() else "the input is missing"
            yield Row(case.name, name, wrong)


def own(folder: Path, half: str) -> Iterator[Row]:
    """Yield a row for each of our own inputs of a half; each is written as a file before it is read."""
    for values in sorted(folder.glob(f"{half}*.yaml")):
        with TemporaryDirectory() as place:
            for name, wanted in expectations(values).items():
                path = Path(place) / name
                path.write_bytes(made(path.suffix, wanted))
                yield Row(wanted.case, name, "; ".join(compared(read(path), wanted)))


def counted(rows: Sequence[Row]) -> dict[str, int]:
    """Return how many inputs are right and wrong, and how many cases are not measured here."""
    measured = [row for row in rows if row.measured]
    right = sum(not row.wrong for row in measured)
    return {"right": right, "wrong": len(measured) - right, "not_measured": len(rows) - len(measured)}
