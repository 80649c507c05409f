"""Rounds: what has to be done again and again, one named piece after another, by `serve` and by `humphrey rounds`.

A piece that fails is logged and shown, and holds up none of the others. Nothing here keeps two rounds apart: each piece
looks, in the transaction of its own act, whether the act still is to be done, so that any number of processes may go
round at once.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Event

from humphrey.errors import HumphreyError

logger = logging.getLogger(__name__)


Work = Callable[[], int]
"""Does what is to be done now, and says how much that was."""


@dataclass(frozen=True)
class Job:
    """One piece of regular work, and what it is called."""

    name: str
    work: Work


@dataclass(frozen=True)
class JobResult:
    """What one piece came to in one round: how many things it did, or why it failed, in a sentence."""

    name: str
    count: int
    seconds: float
    failure: str = ""


class Scheduler:
    """Regular work.

    Args:
        pieces: what is done in each round, in order.
    """

    def __init__(self, pieces: Iterable[Job]) -> None:
        self._pieces = tuple(pieces)

    def once(self) -> list[JobResult]:
        """One round: what each piece came to, in order."""
        return [_done(piece) for piece in self._pieces]

    def until(self, over: Event, every_s: float, tell: Callable[[str], None]) -> None:
        """Go round until it is over, with a pause between two rounds; a piece in hand is finished first.

        Args:
            over: set when to stop; no further piece is begun.
            every_s: the pause, in seconds.
            tell: is told of each piece that fails, once until it works again.
        """
        failing: dict[str, str] = {}
        while not over.is_set():
            for piece in self._pieces:
                if over.is_set():
                    return
                done = _done(piece)
                if done.failure and failing.get(done.name) != done.failure:
                    tell(f"{done.name}: {done.failure}")
                failing[done.name] = done.failure
            over.wait(every_s)


def _done(piece: Job) -> JobResult:
    began = time.monotonic()
    count, failure = 0, ""
    try:
        count = piece.work()
    except HumphreyError as error:
        failure = str(error)
        logger.warning("round_piece_failed", extra={"piece": piece.name, "why": type(error).__name__})
    except Exception as error:
        failure = f"something went wrong inside humphrey ({type(error).__name__}); its log says where"
        logger.exception("round_piece_failed", extra={"piece": piece.name})
    took = time.monotonic() - began
    if count:
        logger.info("round_piece_done", extra={"piece": piece.name, "count": count})
    return JobResult(piece.name, count, took, failure)
