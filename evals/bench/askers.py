"""People who ask at the same time: `python -m evals.bench.askers [--people 40] [--seconds 60]`.

Each has the Ask page open and asks by the page's own calls, with a pause of 1 to 3 seconds between two questions. The
server is a process of its own; its processor time and that of this program are reported apart, because they share the
machine. The time of an answer is given stage by stage, from the steps that its draft records.
"""

import argparse
import json
import statistics
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psutil

from evals.bench.memory import prepare
from evals.bench.question import centile
from evals.bench.retrieval import questions
from evals.proofs.endpoints.askers import Asker
from evals.proofs.serving import Caller, serving
from humphrey.app.build import start
from humphrey.settings import Settings

PAUSE_S = (1.0, 3.0)
"""The shortest and longest pause between two questions of a person, in seconds."""


@dataclass
class Figures:
    """Seconds of each answer and of each look at another page, and the questions that were not answered."""

    answers: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def main() -> None:
    """Print the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--data", type=Path, help="A data folder with an index, such as one of evals.bench.question.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = asked.data or Path(folder)
        names = [f"asker {n}" for n in range(asked.people)]
        prepare(data, names)
        with serving(data, {"CORPUS": str(Path("corpus").resolve())}) as (process, port):
            figures = measured(psutil.Process(process.pid), port, names, asked.seconds)
        print(json.dumps({**figures, "stages_ms": stages(data, names)}))


def measured(server: psutil.Process, port: int, names: list[str], seconds: float) -> dict[str, float]:
    """Let everybody ask for some seconds; return the figures."""
    figures, crowd = Figures(), [Asker(name, port) for name in names]
    for each in crowd:
        each.open()
    # The first question opens the index and the model.
    crowd[0].ask(questions(Path("corpus"))[0])
    began, used, own = time.monotonic(), sum(server.cpu_times()[:2]), time.process_time()
    until = began + seconds
    threads = [threading.Thread(target=_asks, args=(each, until, figures)) for each in crowd]
    threads.append(threading.Thread(target=_looks, args=(crowd[0], until, figures)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, number = time.monotonic() - began, len(figures.answers) or 1
    return {
        "people": len(names),
        "answers": len(figures.answers),
        "failed": len(figures.failed),
        "answers_per_s": round(len(figures.answers) / took, 2),
        "answer_p50_ms": centile([each * 1000 for each in figures.answers or [0]], 50),
        "answer_p95_ms": centile([each * 1000 for each in figures.answers or [0]], 95),
        "health_p95_ms": centile([each * 1000 for each in figures.pages or [0]], 95),
        "server_cpu_ms_an_answer": round((sum(server.cpu_times()[:2]) - used) * 1000 / number, 1),
        "load_program_cpu_ms_an_answer": round((time.process_time() - own) * 1000 / number, 1),
    }


def stages(data: Path, names: list[str]) -> dict[str, float]:
    """Return the mean milliseconds of each step of the drafts that were kept, as they waited for one another."""
    humphrey, told = start(Settings(data_dir=data)), defaultdict[str, list[float]](list)
    for name in names:
        for kept in humphrey.conversations.conversations(name):
            for exchange in humphrey.conversations.exchanges(kept.id, name):
                for step in exchange.draft.steps:
                    told[step.name].append(step.seconds * 1000)
    humphrey.close()
    return {name: round(statistics.mean(each), 1) for name, each in told.items()}


def _asks(asker: Asker, until: float, figures: Figures) -> None:
    choose, said = Random(asker.name), questions(Path("corpus"))  # noqa: S311 - the choice of a question, no secret
    time.sleep(choose.uniform(0, PAUSE_S[1]))
    while time.monotonic() < until:
        answer = asker.ask(choose.choice(said))
        if answer.alert or not answer.ended:
            figures.failed.append(answer.alert)
        else:
            figures.answers.append(answer.seconds)
        time.sleep(choose.uniform(*PAUSE_S))


def _looks(asker: Asker, until: float, figures: Figures) -> None:
    """Ask for the server's health twice a second, as another page would ask for something small."""
    caller = Caller(asker.caller.port)
    while time.monotonic() < until:
        figures.pages.append(caller.get("/healthz").seconds)
        time.sleep(0.5)


if __name__ == "__main__":
    main()
