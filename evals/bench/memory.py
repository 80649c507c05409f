"""Memory of the server while people come, ask and leave: `python -m evals.bench.memory [--sessions 200] [--asks 10]`.

Each session signs in, opens the Ask page, asks some questions by the page's own calls, and closes the window. The
resident memory of the server is printed after every twentieth session, and how much it grew in the second half.
"""

import argparse
import itertools
import json
import tempfile
from pathlib import Path

from evals.bench.retrieval import questions
from evals.bench.startup import resident_mb
from evals.proofs.endpoints.askers import Asker
from evals.proofs.scene import add_with_own_passwords
from evals.proofs.serving import PASSWORD, serving
from humphrey.accounts.model import Person
from humphrey.app.build import start
from humphrey.settings import Settings

EVERY = 20
"""Sessions between two figures."""


def main() -> None:
    """Print one JSON object a line, and the growth at the end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--asks", type=int, default=10)
    parser.add_argument("--data", type=Path, help="A data folder with an index, such as one of evals.bench.question.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = asked.data or Path(folder)
        prepare(data, ["asker"])
        with serving(data, {"CORPUS": str(Path("corpus").resolve())}) as (process, port):
            figures = measured(port, process.pid, asked.sessions, asked.asks)
        half = figures[len(figures) // 2 :]
        print(json.dumps({"grew_in_second_half_mb": half[-1] - half[0], "most_mb": max(figures)}))


def prepare(data: Path, names: list[str]) -> None:
    """Index the starter notes, and add people with passwords, unless they are there."""
    humphrey = start(Settings(data_dir=data))
    humphrey.library.index([Path("corpus")])
    known = {person.name for person in humphrey.accounts.everyone()} if not humphrey.accounts.demonstration else set()
    new = [Person(name, ("official",)) for name in names if name not in known]
    add_with_own_passwords(humphrey, new, PASSWORD)
    humphrey.close()


def measured(port: int, pid: int, sessions: int, asks: int) -> list[float]:
    """Return the server's resident memory in MB after every `EVERY` sessions."""
    asking, figures = itertools.cycle(questions(Path("corpus"))), list[float]()
    for number in range(1, sessions + 1):
        asker = Asker("asker", port)
        asker.open()
        answers = [asker.ask(next(asking)) for _ in range(asks)]
        asker.leave()
        if failed := [each.alert for each in answers if each.alert or not each.ended]:
            raise SystemExit(f"a question was not answered: {failed[0][:200]}")
        if number % EVERY == 0:
            figures.append(resident_mb(pid))
            print(json.dumps({"sessions": number, "asks": number * asks, "resident_mb": figures[-1]}), flush=True)
    return figures


if __name__ == "__main__":
    main()
