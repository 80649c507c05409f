"""Who may take how much of the models elsewhere: drafts at once, and tokens and cost from midnight to midnight.

It is looked at before a model is called. What was taken is in the database, so that a restart does not forget it; how
many drafts are under way is known to each process for itself.
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
"""Told the name of a model and what was taken of it."""


@dataclass(frozen=True)
class QuotaLimits:
    """What may be taken; 0 is no limit. Tokens and cost are one person's for one day."""

    at_once: int = 0
    at_once_per_person: int = 0
    tokens_per_day: int = 0
    cost_per_day: float = 0.0


class Quotas:
    """Keeps people within what they may take.

    Args:
        database: remembers what was taken.
        allowed: what may be.
        today: the day, where the department is.
    """

    def __init__(self, database: Database, allowed: QuotaLimits, today: Callable[[], date]) -> None:
        self._database = database
        self._allowed = allowed
        self._today = today
        self._lock = Lock()
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def turn(self, person: str) -> Iterator[Spend]:
        """One draft for a person; what it gives is to be told what the draft took.

        Raises:
            LimitReached: the person, or everybody together, has taken as much as may be; says until when.
        """
        self._require_left(person)
        self._begin(person)
        try:
            yield lambda model, taken: self._spent(person, model, taken)
        finally:
            with self._lock:
                self._under_way[person] -= 1

    def _begin(self, person: str) -> None:
        allowed = self._allowed
        with self._lock:
            if allowed.at_once_per_person and self._under_way[person] >= allowed.at_once_per_person:
                raise self._refusal(
                    person,
                    "at_once_per_person",
                    f"{_drafts(allowed.at_once_per_person)} at once is the most for one person, and yours "
                    "are still being written; ask again when one is done",
                )
            if allowed.at_once and self._under_way.total() >= allowed.at_once:
                raise self._refusal(
                    person,
                    "at_once",
                    f"{_drafts(allowed.at_once)} at once is the most that the model writes here; ask again in a minute",
                )
            self._under_way[person] += 1

    def _require_left(self, person: str) -> None:
        allowed = self._allowed
        if not allowed.tokens_per_day and not allowed.cost_per_day:
            return
        taken = usage_store.of_person(self._database, self._today(), person)
        used = taken.tokens_in + taken.tokens_out
        if allowed.tokens_per_day and used >= allowed.tokens_per_day:
            said = f"you have used {used:,} of the {allowed.tokens_per_day:,} tokens that one person may use in a day"
            raise self._refusal(person, "tokens_per_day", f"{said}; ask again after midnight")
        if allowed.cost_per_day and taken.cost >= allowed.cost_per_day:
            said = f"your drafts have cost {taken.cost:,.2f} of the {allowed.cost_per_day:,.2f} for one person in a day"
            raise self._refusal(person, "cost_per_day", f"{said}; ask again after midnight")

    def _spent(self, person: str, model: str, taken: Usage) -> None:
        with self._database.transaction() as tx:
            usage_store.add(tx, self._today(), person, model, taken)

    def _refusal(self, person: str, limit: str, said: str) -> LimitReached:
        logger.info("limit_reached", extra={"person": person, "limit": limit})
        return LimitReached(said)


def _drafts(number: int) -> str:
    return "one draft" if number == 1 else f"{number} drafts"
