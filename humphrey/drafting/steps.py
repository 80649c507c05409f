"""A timer for the named steps of one draft. Step names are stored and shown to people, so they do not change."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from humphrey.papers.draft import Step


@dataclass
class StepTimer:
    """A timer that records the steps of one draft, in order. It is not shared between threads."""

    clock: Callable[[], float] = time.monotonic
    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """Time one step. The caller appends its outcome to the list yielded.

        A step that raises is not recorded, because the exception ends the draft.
        """
        began, outcome = self.clock(), list[str]()
        yield outcome
        self.steps.append(Step(name, round(self.clock() - began, 4), "; ".join(outcome)))

    def add(self, steps: Iterable[Step]) -> None:
        """Append steps that were timed elsewhere."""
        self.steps.extend(steps)
