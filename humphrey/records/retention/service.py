"""Retention: disposal of words after their period and a warning, and holds that forbid it.

Each text is disposed of in one transaction with its ledger entry. The transaction checks again that the text may go, so
after a crash the next run continues. Open texts, texts on their way out, and texts under a hold or in an open pack
stay.
"""

import logging
import secrets
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import get_args

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may, require
from humphrey.accounts.service import Accounts
from humphrey.clearance.notifications import store as notification_store
from humphrey.clearance.store import reviews as review_store
from humphrey.conversations import attachment_store
from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.digests import canonical, sha256
from humphrey.errors import IdentityError, RecordError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.attempts import REFUSALS, Attempts
from humphrey.records.retention import store as retention_store
from humphrey.records.retention.model import CONVERSATIONS, DueDisposal, HeldBy, Hold, Periods, due_disposal
from humphrey.text.dates import local_date, say
from humphrey.text.validation import validate_text

logger = logging.getLogger(__name__)


# In characters.
_LONGEST_REASON = 2_000


BeforeDrop = Callable[[Transaction], bool]
"""Called first in the transaction that drops a conversation; False stops the drop."""


Drop = Callable[[str, str, BeforeDrop], bool]
"""Drop a conversation of an owner with its files: `drop(conversation, owner, begin)`; True if it was dropped."""


class Retention:
    """Retention periods, holds and disposal.

    Args:
        database: the database of the record.
        people: the accounts, for the administrator's role.
        periods: the retention periods; None keeps everything for ever.
        kinds: the kinds of paper.
        drop: drops a conversation with its files.
        forget: deletes the files that outlets wrote for a review.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        people: Accounts,
        periods: Periods | None,
        kinds: Collection[str],
        drop: Drop,
        forget: Callable[[str], None],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._people = people
        self.periods = periods
        self._kinds = frozenset({*kinds, CONVERSATIONS})
        self._drop = drop
        self._forget = forget
        self._now = now
        self._attempts = Attempts(database, now, (*REFUSALS, RecordError))

    def due(self, user: str, until: date | None = None) -> Sequence[DueDisposal]:
        """Return what falls due until a day, the earliest first; empty if no period is set.

        The default day is the last one that administrators are warned of now.

        Raises:
            IdentityError: the user is unknown or disabled.
            NotPermitted: the user is not an administrator.
        """
        self._administrator(user)
        return self._due_until(until or local_date(self._now()) + self._warning_period)

    def warn(self, now: datetime) -> int:
        """Warn administrators of coming disposals, once for each day; return the number of texts announced."""
        soon = [each for each in self._due_until(local_date(now) + self._warning_period) if not each.what.kept_for]
        counts = Counter(each.due for each in soon if each.warned is None)
        told = [each.name for each in self._people.everyone() if may(each, "administer")]
        return sum(self._announce(day, count, told, now) for day, count in sorted(counts.items())) if told else 0

    def dispose_due(self, now: datetime, actor: str = "humphrey") -> int:
        """Dispose of every text that is due and was announced long enough ago; return how many.

        Raises:
            RecordError: a file of an outlet cannot be deleted; its text stays, and those disposed of before are gone.
        """
        if self.periods is None:
            return 0
        day, warned = local_date(now), self.periods.warn_days
        over = [each for each in self._due_until(day) if each.disposable(day, warned)]
        done = sum(self._dispose_one(each, actor, now) for each in over)
        self._scrub(now)
        return done

    def dispose(self, user: str) -> int:
        """Do the same as `dispose_due`, for an administrator.

        Raises:
            IdentityError: the user is unknown or disabled.
            NotPermitted: the user is not an administrator.
        """
        with self._attempts.trying("content:dispose", "retention", user):
            self._administrator(user)
        return self.dispose_due(self._now(), user)

    def place(self, user: str, what: HeldBy, subject: str, reason: str) -> Hold:
        """Place a hold: its subject is not disposed of until the hold is lifted.

        Raises:
            CommissionError: the reason is empty, too long or not text.
            IdentityError: the user, or the person under the hold, is unknown.
            NotPermitted: the user is not an administrator.
            RecordError: there is no such kind.
            ReviewError: there is no such review.
        """
        with self._attempts.trying("hold:place", subject, user):
            self._administrator(user)
            self._require(what, subject)
            words, at = validate_text(reason, "the reason", _LONGEST_REASON), self._now()
            hold = Hold(secrets.token_hex(8), what, subject, words, user, at)
        with self._database.transaction() as tx:
            retention_store.place_hold(tx, hold)
            ledger_store.enter(
                tx, user, "hold:place", hold.id, {"what": what, "of": subject, "reason": sha256(words)}, at
            )
        return hold

    def lift(self, user: str, hold_id: str) -> None:
        """Lift a hold.

        Raises:
            IdentityError: the user is unknown or disabled.
            NotPermitted: the user is not an administrator.
            RecordError: no such hold is in force.
        """
        with self._attempts.trying("hold:lift", hold_id, user):
            self._administrator(user)
            at = self._now()
            with self._database.transaction() as tx:
                retention_store.lift_hold(tx, hold_id, user, at)
                ledger_store.enter(tx, user, "hold:lift", hold_id, {}, at)

    def holds(self, user: str) -> Sequence[Hold]:
        """Return every hold, lifted ones included, the oldest first.

        Raises:
            IdentityError: the user is unknown or disabled.
            NotPermitted: the user is not an administrator.
        """
        self._administrator(user)
        return retention_store.list_holds(self._database)

    @property
    def _warning_period(self) -> timedelta:
        return timedelta(days=self.periods.warn_days if self.periods else 0)

    def _due_until(self, until: date) -> list[DueDisposal]:
        periods, warned = self.periods, retention_store.warned_on(self._database)
        if periods is None:
            return []
        found = (due_disposal(each, periods, warned) for each in retention_store.disposal_candidates(self._database))
        return sorted((each for each in found if each and each.due <= until), key=lambda each: (each.due, each.what.id))

    def _announce(self, day: date, count: int, told: Collection[str], now: datetime) -> int:
        with self._database.transaction() as tx:
            if day in retention_store.warned_on(tx):
                return 0
            texts = "one text" if count == 1 else f"{count} texts"
            # The day comes first: `warned_days` reads it back from the notification.
            notification_store.add(tx, told, "disposal_due", "", now, f"{say(day)}: {texts}")
        logger.info("disposal_announced", extra={"day": day.isoformat(), "texts": count})
        return count

    def _dispose_one(self, each: DueDisposal, actor: str, now: datetime) -> int:
        what = each.what

        def begin(tx: Transaction) -> bool:
            if not retention_store.may_dispose(tx, what):
                return False
            self._record_disposal(tx, actor, what.id, retention_store.note_conversation(tx, what.id, now), now)
            return True

        if what.kind == CONVERSATIONS:
            return int(self._drop(what.id, what.owner, begin))
        with self._database.transaction() as tx:
            if not retention_store.may_dispose(tx, what):
                return 0
            conversation = retention_store.conversation_of(tx, what.id)
            for review, gone in retention_store.dispose_review(tx, what.id, now).items():
                # After a crash here the text is still due. The next run finds no file and continues.
                self._forget(review)
                self._record_disposal(tx, actor, review, gone, now)
            attachment_store.delete_uncited_texts(tx, conversation, what.owner)
        return 1

    def _record_disposal(
        self, tx: Transaction, actor: str, subject: str, gone: Mapping[str, str], now: datetime
    ) -> None:
        bound = sha256(canonical(dict(gone)))
        ledger_store.enter(tx, actor, "content:dispose", subject, {"parts": str(len(gone)), "digest": bound}, now)
        logger.info("words_disposed_of", extra={"subject": subject, "parts": len(gone)})

    def _scrub(self, now: datetime) -> None:
        """Rewrite the database files without the disposed words; if they are in use, the next run tries again."""
        parts = retention_store.unscrubbed_parts(self._database)
        if parts and retention_store.scrub(self._database):
            with self._database.transaction() as tx:
                retention_store.mark_scrubbed(tx, parts, now)

    def _administrator(self, user: str) -> Person:
        person = self._people.person(user)
        require(person, "administer")
        return person

    def _require(self, what: HeldBy, subject: str) -> None:
        if what not in get_args(HeldBy):
            raise RecordError(f"a hold is placed on a {', a '.join(get_args(HeldBy))}, and not on {what!r}")
        if what == "review":
            review_store.load(self._database, subject)
        elif what == "person":
            # A hold may be on a disabled person.
            if subject not in {each.name for each in self._people.everyone()}:
                raise IdentityError(f"there is no account {subject[:80]!r}; `humphrey users list` lists all accounts")
        elif subject not in self._kinds:
            raise RecordError(f"no kind {subject[:80]!r}; a hold is on one of {', '.join(sorted(self._kinds))}")
