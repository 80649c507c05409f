"""Time: who is reminded of a draft that waits, who stands in when it waits too long, and approvals that run out.

Each reminder, escalation and expiry is one transaction that looks first whether it still is to be done, so that a
round that is killed, late, or run by two processes at once does each of them once. Seeded drafts hurry nobody.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from operator import attrgetter

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may, may_clear
from humphrey.accounts.service import Accounts
from humphrey.clearance import rules
from humphrey.clearance.access import open_to
from humphrey.clearance.deadlines import ReminderSchedule, share_gone, wanted_by
from humphrey.clearance.model import Review
from humphrey.clearance.notifications import store as notification_store
from humphrey.clearance.store import reviews as review_store
from humphrey.clearance.store import timing as timing_store
from humphrey.clearance.store.timing import WaitingReview
from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.documents.audiences import MayRead
from humphrey.ledger import store as ledger_store
from humphrey.text.dates import say
from humphrey.text.local_time import local_date

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Late:
    """A review that waits, the day it is wanted by, and the share of its time that is over."""

    waits: WaitingReview
    by: date
    share: float


class Reminders:
    """What the clock does to reviews.

    Args:
        database: where they are kept.
        people: who may clear them, and who stands in for whom.
        may_read: who may read which documents.
        pace: how long drafts may wait.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        people: Accounts,
        may_read: MayRead,
        pace: ReminderSchedule,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._people = people
        self._may_read = may_read
        self._pace = pace
        self._now = now

    def remind(self) -> int:
        """Remind whoever should clear what waits: who has it before them, or else everybody who may; how many reviews.

        Of several reminders that fell due since the last round, one is sent.
        """
        staff = self._staff()
        return sum(self._remind(late, staff) for late in self._late())

    def escalate(self) -> int:
        """Tell the deputies of those whom late drafts wait for; how many reviews.

        A draft is late when the set share of its time is over, and when its day is.
        """
        staff, today = self._staff(), local_date(self._now())
        late = (each for each in self._late() if each.share >= self._pace.escalate_at or each.by < today)
        return sum(self._escalate(each, staff) for each in late if not each.waits.escalated)

    def expire(self) -> int:
        """Put approved texts that were not delivered within their life back on the list; how many."""
        return sum(map(self._expire, timing_store.released_before(self._database, self._now() - self._pace.approval)))

    def _late(self) -> Sequence[_Late]:
        now, undated = self._now(), self._pace.undated_days
        waiting = timing_store.waiting_reviews(self._database, len(self._pace.reminders))
        wanted = ((each, wanted_by(each.opened, each.due, undated)) for each in waiting)
        return [_Late(each, by, share_gone(each.opened, by, now)) for each, by in wanted]

    def _staff(self) -> "_Staff":
        return _Staff([each for each in self._people.everyone() if not each.disabled], self._may_read)

    def _remind(self, late: _Late, staff: "_Staff") -> bool:
        gone, review_id = self._pace.reminders_gone(late.share), late.waits.id
        if gone <= late.waits.reminded:
            return False
        with self._database.transaction() as tx:
            if not timing_store.mark_reminded(tx, review_id, gone):
                return False
            review, at = review_store.load_for_update(tx, review_id), self._now()
            told = staff.waits_for(review, at) or staff.administrators()
            notification_store.add(tx, _names(told), "reminder", review_id, at, say(late.by))
            ledger_store.enter(
                tx, "humphrey", "review:remind", review_id, {"reminder": str(gone), "told": str(len(told))}, at
            )
        logger.info("review_reminded", extra={"review": review_id, "reminder": gone, "told": len(told)})
        return True

    def _escalate(self, late: _Late, staff: "_Staff") -> bool:
        review_id = late.waits.id
        with self._database.transaction() as tx:
            if not timing_store.mark_escalated(tx, review_id, self._now()):
                return False
            review, at = review_store.load_for_update(tx, review_id), self._now()
            told = staff.deputies(review, at) or staff.administrators()
            notification_store.add(tx, _names(told), "escalated", review_id, at, say(late.by))
            ledger_store.enter(tx, "humphrey", "review:escalate", review_id, {"told": ", ".join(_names(told))}, at)
        logger.info("review_escalated", extra={"review": review_id, "told": len(told)})
        return True

    def _expire(self, review_id: str) -> bool:
        with self._database.transaction() as tx:
            review, at = review_store.load_for_update(tx, review_id), self._now()
            ruling = review.decisions[-1]
            if (
                review.state != "released"
                or ruling.at > at - self._pace.approval
                or not timing_store.withdraw(tx, review_id, at)
            ):
                return False
            self._expired(tx, review, at)
        logger.info("approval_expired", extra={"review": review_id})
        return True

    def _expired(self, tx: Transaction, review: Review, at: datetime) -> None:
        review_store.save(tx, rules.expire(review))
        timing_store.restart_reminders(tx, review.id)
        ledger_store.enter(tx, "humphrey", "release:expire", review.id, {"digest": review.decisions[-1].digest}, at)
        concerned = {review.draft.commission.asked_by, review.decisions[-1].reviewer}
        notification_store.add(tx, concerned, "expired", review.id, at)


class _Staff:
    """Everybody who may act, as one round finds them; the rights to a document are looked up once."""

    def __init__(self, people: Sequence[Person], may_read: MayRead) -> None:
        self._people = {person.name: person for person in people}
        self._may_read = _remembered(may_read)

    def administrators(self) -> list[Person]:
        """Who is told where nobody else is there to be."""
        return [person for person in self._people.values() if may(person, "administer")]

    def waits_for(self, review: Review, now: datetime) -> list[Person]:
        """Who should clear a draft: whoever has it before them, or else everybody who may."""
        able = [person for person in self._people.values() if self._may_clear(review, person)]
        claim = review.claim
        holding = [person for person in able if claim and claim.until > now and person.name == claim.reviewer]
        return holding or able

    def deputies(self, review: Review, now: datetime) -> list[Person]:
        """Who stands in for those, and may clear the draft; whoever has it before them is not among them."""
        waiting = self.waits_for(review, now)
        named = {name for person in waiting for name in person.deputies}
        holding = {waiting[0].name} if len(waiting) == 1 else set()
        able = (self._people[name] for name in named - holding if name in self._people)
        return [person for person in able if self._may_clear(review, person)]

    def _may_clear(self, review: Review, person: Person) -> bool:
        asked = review.draft.commission
        fit = may_clear(person, asked.kind, asked.marking) and person.name not in review.authors
        return fit and open_to(review, person, self._may_read)


def _remembered(may_read: MayRead) -> MayRead:
    known = cache(may_read)

    def remembered(document_id: str, groups: Collection[str], version: str = "") -> bool:
        return known(document_id, tuple(groups), version)

    return remembered


def _names(people: Sequence[Person]) -> list[str]:
    return sorted(map(attrgetter("name"), people))
