"""Usage of model endpoints: every call is recorded with its tokens and cost.

A call is recorded where it is made, also when it fails half-way, and counted for the draft it was made for. The context
of the thread identifies the draft, because agents run their steps in threads of their own.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from humphrey.papers.draft import Draft, ModelName, Usage

_BYTES_A_TOKEN = 4
"""The average of English text."""


@dataclass(frozen=True)
class ModelCall:
    """One model call: tokens read and written, and their cost; `estimated` if the endpoint gave no usable count."""

    model: ModelName
    tokens_in: int
    tokens_out: int
    cost: float
    estimated: bool


@dataclass
class Meter:
    """The calls made for one draft, in order."""

    calls: list[ModelCall] = field(default_factory=list)

    @property
    def usage(self) -> Usage | None:
        """The sum of all calls; None if there was none."""
        return total_usage(self.calls) if self.calls else None


_METER: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered() -> Iterator[Meter]:
    """Record the calls made inside this context, and those of threads that carry it."""
    meter = Meter()
    token = _METER.set(meter)
    try:
        yield meter
    finally:
        _METER.reset(token)


def record_call(call: ModelCall) -> None:
    """Count a call for the current draft; do nothing outside one."""
    meter = _METER.get()
    if meter is not None:
        meter.calls.append(call)


def total_usage(calls: Sequence[ModelCall]) -> Usage:
    """Add up calls."""
    return Usage(
        calls=len(calls),
        tokens_in=sum(call.tokens_in for call in calls),
        tokens_out=sum(call.tokens_out for call in calls),
        # Six decimals hide the rounding errors of summed floats.
        cost=round(sum(call.cost for call in calls), 6),
        estimated=any(call.estimated for call in calls),
    )


def tokens(text: str) -> int:
    """Estimate the tokens of a text at four bytes each, as in English. Other scripts never count for less."""
    return math.ceil(len(text.encode(errors="replace")) / _BYTES_A_TOKEN)


QuotaLease = Callable[[str], AbstractContextManager[Callable[[str, Usage], None]]]
"""Open one person's lease on the models, or refuse it. The callable it yields takes each model's name and usage."""


def write_metered(lease: QuotaLease, person: str, write: Callable[[], Draft]) -> Draft:
    """Write a draft with models within a person's quota; return it with its usage and model.

    Raises:
        LimitReached: the person has used up a limit; the model was not called.
        ModelError: the model gave no usable reply; its usage is counted all the same.
    """
    with lease(person) as spend, metered() as meter:
        try:
            draft = write()
        finally:
            for name in dict.fromkeys(call.model.name for call in meter.calls):
                spend(name, total_usage([call for call in meter.calls if call.model.name == name]))
    # The last call wrote the text; earlier ones may have called tools or failed over.
    wrote = meter.calls[-1].model if meter.calls else draft.model
    return replace(draft, usage=meter.usage, model=wrote)
