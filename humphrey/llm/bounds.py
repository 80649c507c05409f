"""The bounds of one draft: its deadline, and the tokens and tool calls that its models may use.

A drafter opens the bounds, and everything below it looks at the same object: retries, failover, the transport and the
agent. The context of the thread holds it, as it holds the usage, because agents run their steps in other threads.
"""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from humphrey.errors import BoundReached

MOST_CALLS_AT_ONCE = 16
"""Most tool calls of one reply. Models that plan well call two to five at once."""


LONGEST_ARGUMENTS = 20_000
"""Most characters of the arguments of one tool call: twice the longest question."""


@dataclass(frozen=True)
class Bounds:
    """What one draft may use: seconds from its start, tokens read and written, and tool calls."""

    seconds: float = 300
    tokens: int = 500_000
    tool_calls: int = 48


DEFAULT = Bounds()
"""The bounds that hold where no setting changes them."""


class Allowance:
    """What is left of the bounds of one draft.

    Args:
        bounds: the bounds.
        clock: returns the time in seconds; it never goes back.
    """

    def __init__(self, bounds: Bounds, clock: Callable[[], float] = time.monotonic) -> None:
        self._bounds = bounds
        self._clock = clock
        self._ends = clock() + bounds.seconds
        self._tokens = 0
        self._calls = 0

    @property
    def remaining_s(self) -> float:
        """The time left, in seconds; below 0 after the deadline."""
        return self._ends - self._clock()

    def require_time(self) -> None:
        """Require that the deadline has not passed.

        Raises:
            BoundReached: it has passed.
        """
        if self.remaining_s <= 0:
            raise self.out_of_time()

    def out_of_time(self) -> BoundReached:
        """Return the error of a draft whose deadline has passed."""
        seconds = f"{self._bounds.seconds:g} seconds"
        return BoundReached(f"no answer within {seconds}; ask a narrower question, or use a faster model")

    def require_tokens(self, number: int) -> None:
        """Require that a request of this many tokens may still be sent.

        Raises:
            BoundReached: with it the draft would use more than its tokens.
        """
        if self._tokens + number > self._bounds.tokens:
            raise BoundReached(
                f"this draft takes more than {self._bounds.tokens:,} tokens; ask a narrower question, or raise "
                "HUMPHREY_LIMITS__TOKENS_PER_DRAFT"
            )

    def spend_tokens(self, number: int) -> None:
        """Count tokens that were read or written."""
        self._tokens += number

    def spend_calls(self, arguments: Collection[str]) -> None:
        """Count the tool calls of one reply, each given as its arguments in JSON.

        Raises:
            BoundReached: the reply, or the whole draft, calls too many tools, or the arguments of a call are too long.
        """
        require_modest(arguments)
        self._calls += len(arguments)
        if self._calls > self._bounds.tool_calls:
            raise BoundReached(
                f"the model called tools more than {self._bounds.tool_calls} times for one draft; ask a narrower "
                "question, or use another model"
            )


_ALLOWANCE: ContextVar[Allowance | None] = ContextVar("allowance", default=None)


@contextmanager
def bounded(bounds: Bounds) -> Iterator[Allowance]:
    """Bound the work inside this context, and that of threads that carry it."""
    allowance = Allowance(bounds)
    token = _ALLOWANCE.set(allowance)
    try:
        yield allowance
    finally:
        _ALLOWANCE.reset(token)


def allowance() -> Allowance | None:
    """Return what is left for the current draft; None outside one."""
    return _ALLOWANCE.get()


def require_modest(arguments: Collection[str]) -> None:
    """Require that one reply calls few tools, with short arguments.

    Raises:
        BoundReached: it calls more, or the arguments of a call are longer.
    """
    if len(arguments) > MOST_CALLS_AT_ONCE:
        raise BoundReached(
            f"the model called more than {MOST_CALLS_AT_ONCE} tools in one reply; ask a narrower question, or use "
            "another model"
        )
    if any(len(each) > LONGEST_ARGUMENTS for each in arguments):
        raise BoundReached(
            f"the model called a tool with more than {LONGEST_ARGUMENTS:,} characters; ask again, or use another model"
        )
