"""The steps of one draft, each named and timed as it is taken."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from humphrey.core.drafts import Step


@dataclass
class Taken:
    """The steps taken so far, in order. One draft has one; it is not shared between threads."""

    clock: Callable[[], float] = time.monotonic
    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """One step; what is put in the list it gives is its outcome. A step that fails is not recorded: it ends all."""
        began, outcome = self.clock(), list[str]()
        yield outcome
        self.steps.append(Step(name, round(self.clock() - began, 4), "; ".join(outcome)))

    def add(self, steps: Iterable[Step]) -> None:
        """Steps that somebody else took and timed."""
        self.steps.extend(steps)
