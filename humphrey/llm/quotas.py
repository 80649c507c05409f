"""Quotas on the models at endpoints: drafts at once, and tokens and cost from midnight to midnight.

A quota is checked before a model is called. Usage is in the database, so it survives a restart; each process counts
only its own drafts under way.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from threading import Lock

from humphrey.database.engine import Database
from humphrey.errors import LimitReached
from humphrey.llm import store as usage_store
from humphrey.papers.draft import Usage

logger = logging.getLogger(__name__)


Spend = Callable[[str, Usage], None]
"""Records the usage of a model, given its name."""


@dataclass(frozen=True)
class QuotaLimits:
    """The limits; 0 means no limit. Tokens and cost are those of one person on one day."""

    at_once: int = 0
    at_once_per_person: int = 0
    tokens_per_day: int = 0
    cost_per_day: float = 0.0


class Quotas:
    """Enforces the quotas.

    Args:
        database: holds the usage.
        limits: the limits.
        today: returns the current date in London.
    """

    def __init__(self, database: Database, limits: QuotaLimits, today: Callable[[], date]) -> None:
        self._database = database
        self._limits = limits
        self._today = today
        self._lock = Lock()
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def lease(self, person: str) -> Iterator[Spend]:
        """Allow a person one draft; yield the function that records its usage.

        Raises:
            LimitReached: the person, or all people together, have reached a limit; the message says when to ask again.
        """
        self._require_quota(person)
        self._begin(person)
        try:
            yield lambda model, usage: self._record(person, model, usage)
        finally:
            with self._lock:
                self._under_way[person] -= 1

    def _begin(self, person: str) -> None:
        limits = self._limits
        with self._lock:
            if limits.at_once_per_person and self._under_way[person] >= limits.at_once_per_person:
                raise self._refusal(
                    person,
                    "at_once_per_person",
                    f"{_drafts(limits.at_once_per_person)} at once is the most for one person, and yours "
                    "are still being written; ask again when one is done",
                )
            if limits.at_once and self._under_way.total() >= limits.at_once:
                raise self._refusal(
                    person,
                    "at_once",
                    f"{_drafts(limits.at_once)} at once is the most that the model writes here; ask again in a minute",
                )
            self._under_way[person] += 1

    def _require_quota(self, person: str) -> None:
        limits = self._limits
        if not limits.tokens_per_day and not limits.cost_per_day:
            return
        usage = usage_store.of_person(self._database, self._today(), person)
        used = usage.tokens_in + usage.tokens_out
        if limits.tokens_per_day and used >= limits.tokens_per_day:
            message = f"you have used {used:,} of the {limits.tokens_per_day:,} tokens that one person may use in a day"
            raise self._refusal(person, "tokens_per_day", f"{message}; ask again after midnight")
        if limits.cost_per_day and usage.cost >= limits.cost_per_day:
            message = (
                f"your drafts have cost {usage.cost:,.2f} of the {limits.cost_per_day:,.2f} for one person in a day"
            )
            raise self._refusal(person, "cost_per_day", f"{message}; ask again after midnight")

    def _record(self, person: str, model: str, usage: Usage) -> None:
        with self._database.transaction() as tx:
            usage_store.add(tx, self._today(), person, model, usage)

    def _refusal(self, person: str, limit: str, message: str) -> LimitReached:
        logger.info("limit_reached", extra={"person": person, "limit": limit})
        return LimitReached(message)


def _drafts(number: int) -> str:
    return "one draft" if number == 1 else f"{number} drafts"
