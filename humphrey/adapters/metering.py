"""What a draft takes of models elsewhere: every call of one is noted with its tokens and what they cost.

A call is noted where it is made, also when it fails half-way, and counted for the draft that it was made for. The
context of a thread says which that is, because agents run their steps in threads of their own.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from humphrey.core.drafts import Commission, Draft, Drafter, ModelName, Usage, Watch
from humphrey.core.papers import Paper

_BYTES_A_TOKEN = 4


@dataclass(frozen=True)
class Call:
    """One call of a model: tokens read and written, and their cost; `estimated` where the endpoint did not count."""

    model: ModelName
    tokens_in: int
    tokens_out: int
    cost: float
    estimated: bool


@dataclass
class Meter:
    """The calls made for one draft, in order."""

    calls: list[Call] = field(default_factory=list)

    @property
    def usage(self) -> Usage | None:
        """All calls together; None when there was none."""
        return summed(self.calls) if self.calls else None


_METER: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered() -> Iterator[Meter]:
    """Notes the calls made inside it, and those of threads that carry this context."""
    meter = Meter()
    token = _METER.set(meter)
    try:
        yield meter
    finally:
        _METER.reset(token)


def note(call: Call) -> None:
    """Count a call for the draft it was made for; outside any it is counted for none."""
    meter = _METER.get()
    if meter is not None:
        meter.calls.append(call)


def summed(calls: Sequence[Call]) -> Usage:
    """Calls together."""
    return Usage(
        calls=len(calls),
        tokens_in=sum(call.tokens_in for call in calls),
        tokens_out=sum(call.tokens_out for call in calls),
        cost=round(sum(call.cost for call in calls), 6),
        estimated=any(call.estimated for call in calls),
    )


def tokens(text: str) -> int:
    """About how many tokens a text has: four bytes to one, as in English; never fewer for other scripts."""
    return math.ceil(len(text.encode(errors="replace")) / _BYTES_A_TOKEN)


Turn = Callable[[str], AbstractContextManager[Callable[[str, Usage], None]]]
"""Opens one person's turn at the models, or refuses it; what it gives is told each model's name and usage."""


class Metered:
    """A drafter whose drafts say what they took and which model wrote them, within what a person may take.

    Args:
        drafter: writes the drafts.
        turn: opens a person's turn.
    """

    def __init__(self, drafter: Drafter, turn: Turn) -> None:
        self._drafter = drafter
        self._turn = turn

    def __call__(self, commission: Commission, paper: Paper, watch: Watch) -> Draft:
        """The draft, as the drafter makes it.

        Raises:
            LimitReached: the person may take no more for now; the model was not called.
            ModelError: the model did not answer, or not usably; what it took is counted all the same.
        """
        return spent(self._turn, commission.asked_by, lambda: self._drafter(commission, paper, watch))


def spent(turn: Turn, person: str, write: Callable[[], Draft]) -> Draft:
    """What a person has written by models: a draft that says what it took, and which model wrote it.

    Raises:
        LimitReached: the person may take no more for now; the model was not called.
        ModelError: the model did not answer, or not usably; what it took is counted all the same.
    """
    with turn(person) as spend, metered() as meter:
        try:
            draft = write()
        finally:
            for name in dict.fromkeys(call.model.name for call in meter.calls):
                spend(name, summed([call for call in meter.calls if call.model.name == name]))
    wrote = meter.calls[-1].model if meter.calls else draft.model
    return replace(draft, usage=meter.usage, model=wrote)
