"""Scheduler: runs named jobs one after another, for `serve` and `humphrey rounds`.

A job that fails is logged and reported; the others still run. Several processes may run the jobs at once: each job
checks, in the transaction of its own act, whether the act is still due.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Event

from humphrey.errors import HumphreyError

logger = logging.getLogger(__name__)


Work = Callable[[], int]
"""Do what is due now; return how many things were done."""


@dataclass(frozen=True)
class Job:
    """A scheduled job and its name."""

    name: str
    work: Work


@dataclass(frozen=True)
class JobResult:
    """The result of one run of a job: how many things it did, its duration, and a sentence if it failed."""

    name: str
    count: int
    seconds: float
    failure: str = ""


class Scheduler:
    """Runs jobs once or at intervals.

    Args:
        jobs: the jobs of each run, in order.
    """

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._jobs = tuple(jobs)

    def once(self) -> list[JobResult]:
        """Run every job once; return the results in order."""
        return [_run(job) for job in self._jobs]

    def until(self, over: Event, every_s: float, tell: Callable[[str], None]) -> None:
        """Run all jobs again and again, with a pause between runs; a running job is finished before the end.

        Args:
            over: set to stop; no further job starts.
            every_s: the pause, in seconds.
            tell: called with the failure of a job, once for each different failure until it works again.
        """
        failing: dict[str, str] = {}
        while not over.is_set():
            for job in self._jobs:
                if over.is_set():
                    return
                done = _run(job)
                if done.failure and failing.get(done.name) != done.failure:
                    tell(f"{done.name}: {done.failure}")
                failing[done.name] = done.failure
            over.wait(every_s)


def _run(job: Job) -> JobResult:
    began = time.monotonic()
    count, failure = 0, ""
    try:
        count = job.work()
    except HumphreyError as error:
        failure = str(error)
        logger.warning("round_piece_failed", extra={"piece": job.name, "why": type(error).__name__})
    except Exception as error:
        failure = f"something went wrong inside humphrey ({type(error).__name__}); its log says where"
        logger.exception("round_piece_failed", extra={"piece": job.name})
    took = time.monotonic() - began
    if count:
        logger.info("round_piece_done", extra={"piece": job.name, "count": count})
    return JobResult(job.name, count, took, failure)
