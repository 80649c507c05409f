"""A timer for the named steps of one draft. Step names are stored and shown to people, so they do not change."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from humphrey.papers.draft import Step

OnStep = Callable[[str, str], None]
"""Called with the name of a step and its outcome; the outcome is empty when the step begins."""


_on_step: ContextVar[OnStep | None] = ContextVar("on_step", default=None)


@contextmanager
def watched_steps(on_step: OnStep) -> Iterator[None]:
    """Report the steps of the drafts that this thread composes meanwhile."""
    before = _on_step.set(on_step)
    try:
        yield
    finally:
        _on_step.reset(before)


def report_step(name: str, outcome: str = "") -> None:
    """Report a step to the watcher of this thread, if it has one."""
    if on_step := _on_step.get():
        on_step(name, outcome)


@dataclass
class StepTimer:
    """A timer that records the steps of one draft, in order. It is not shared between threads."""

    clock: Callable[[], float] = time.monotonic
    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """Time one step, and report its begin and its end. The caller appends its outcome to the list yielded.

        A step that raises is not recorded, because the exception ends the draft.
        """
        report_step(name)
        began, outcome = self.clock(), list[str]()
        yield outcome
        self.steps.append(Step(name, round(self.clock() - began, 4), "; ".join(outcome)))
        report_step(name, self.steps[-1].outcome)

    def add(self, steps: Iterable[Step]) -> None:
        """Append steps that were timed elsewhere."""
        self.steps.extend(steps)
