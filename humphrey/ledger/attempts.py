"""Attempts: an act that is refused changes nothing, and leaves a ledger entry of who tried what."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.errors import CommissionError, HumphreyError, IdentityError, ReviewError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import Act

REFUSALS: tuple[type[HumphreyError], ...] = (CommissionError, IdentityError, ReviewError)
"""The errors that refuse an act. Any other error is a failure, which is not entered."""


Told = Callable[[Transaction, HumphreyError], None]
"""Tells people of a refusal, in the transaction of its entry."""


def _nobody(_tx: Transaction, _error: HumphreyError) -> None:
    """Tell nobody."""


logger = logging.getLogger(__name__)


class Attempts:
    """Enters refused acts in the ledger as `act:refused`, with the act tried and the name of the error.

    Args:
        database: holds the ledger.
        now: the clock.
        refusals: the errors that refuse an act.
    """

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        refusals: tuple[type[HumphreyError], ...] = REFUSALS,
    ) -> None:
        self._database = database
        self._now = now
        self._refusals = refusals

    @contextmanager
    def acting(self, tried: Act, subject: str, actor: str, tell: Told = _nobody) -> Iterator[Transaction]:
        """Run an act in one transaction; roll it back and enter the attempt if it is refused.

        Args:
            tried: the act.
            subject: the id that it is about.
            actor: the person who acts.
            tell: tells people of a refusal.
        """
        with self.trying(tried, subject, actor, tell), self._database.transaction() as tx:
            yield tx

    @contextmanager
    def trying(self, tried: Act, subject: str, actor: str, tell: Told = _nobody) -> Iterator[None]:
        """Enter the attempt if an act is refused, in a transaction of its own; open none for the act.

        Args:
            tried: the act.
            subject: the id that it is about.
            actor: the person who acts.
            tell: tells people of a refusal.
        """
        try:
            yield
        except self._refusals as error:
            why = type(error).__name__
            # The subject may be what a person typed; the ledger has it, cut to its limit.
            logger.info("act_refused", extra={"tried": tried, "why": why})
            with self._database.transaction() as tx:
                ledger_store.enter(tx, actor, "act:refused", subject, {"tried": tried, "why": why}, self._now())
                tell(tx, error)
            raise
