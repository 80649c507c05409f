"""A warm question offline: how long it takes, and how much of it is outside model, embedding and search.

Run `python -m evals.bench.question --passages 10000`. The three parts to subtract are wrapped from outside where
they run. Their wall and processor time is summed for each question and subtracted from the whole. The questions are the
headings of the notes, each asked once or nearly so: a repeated question would be answered from caches.
"""

import argparse
import functools
import inspect
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals.bench.retrieval import guidance, questions, resident_mb
from humphrey.app import build, container
from humphrey.guidance.library import Library
from humphrey.papers.draft import Commission
from humphrey.settings import Settings

SUBTRACTED = (
    ("humphrey.drafting.extractive.language_model", "ExtractiveModel", "_stream"),
    ("humphrey.drafting.extractive.language_model", "ExtractiveModel", "_generate"),
    ("humphrey.search.embeddings", "EmbeddingModel", "__call__"),
)


@dataclass
class Clock:
    """Seconds inside the wrapped parts since `reset`, wall and processor time; nested calls count once."""

    wall: float = 0.0
    cpu: float = 0.0
    depth: int = field(default=0, repr=False)

    def reset(self) -> None:
        """Begin a new question."""
        self.wall = self.cpu = 0.0

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Time one stretch, unless a wrapped part around it is being timed already."""
        self.depth += 1
        began, used = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            self.depth -= 1
            if not self.depth:
                self.wall += time.perf_counter() - began
                self.cpu += time.process_time() - used


def main() -> None:
    """Print the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--data", type=Path, help="A data folder to fill once and use again.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        # Before the parts are joined: the person who is given `library.search` keeps the one there was then.
        wrap(Library, "search", clock)
        humphrey = build.start(Settings(data_dir=asked.data or Path(folder) / "data"))
        report = humphrey.library.index(
            guidance(Path("corpus"), (asked.data or Path(folder)) / "notes", asked.passages)
        )
        humphrey.warm()
        figures = measured(humphrey, clock)
        print(json.dumps({"passages": report.passages, **figures, "resident_mb": resident_mb()}))
        humphrey.close()


def measured(humphrey: container.Humphrey, clock: Clock) -> dict[str, float]:
    """Return milliseconds for a question, and for humphrey's own share of it; processor time of the same."""
    for module, owner, method in SUBTRACTED:
        wrap(getattr(sys.modules[module], owner), method, clock)
    whole, rest, rest_cpu = [], [], []
    for question in questions(Path("corpus")):
        clock.reset()
        began, used = time.perf_counter(), time.process_time()
        humphrey.drafting.compose(Commission("answer", question, "benchmark", "file"))
        took, worked = time.perf_counter() - began, time.process_time() - used
        whole.append(took * 1000)
        rest.append((took - clock.wall) * 1000)
        rest_cpu.append((worked - clock.cpu) * 1000)
    return {
        "questions": len(whole),
        "whole_p50_ms": centile(whole, 50),
        "whole_p95_ms": centile(whole, 95),
        "rest_p50_ms": centile(rest, 50),
        "rest_p95_ms": centile(rest, 95),
        "rest_cpu_mean_ms": round(statistics.mean(rest_cpu), 2),
        "rest_cpu_p95_ms": centile(rest_cpu, 95),
    }


def wrap(owner: type, method: str, clock: Clock) -> None:
    """Time every call of a method; of a generator, every step."""
    inner: Callable[..., Any] = getattr(owner, method)

    @functools.wraps(inner)
    def called(*args: object, **kwargs: object) -> object:
        with clock.inside():
            return inner(*args, **kwargs)

    @functools.wraps(inner)
    def stepped(*args: object, **kwargs: object) -> Iterator[object]:
        steps = inner(*args, **kwargs)
        while True:
            with clock.inside():
                step = next(steps, clock)
            if step is clock:
                return
            yield step

    setattr(owner, method, stepped if inspect.isgeneratorfunction(inner) else called)


def centile(figures: list[float], share: int) -> float:
    """Return the value that `share` per cent of the figures do not exceed."""
    ordered = sorted(figures)
    return round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)], 2)


if __name__ == "__main__":
    main()
