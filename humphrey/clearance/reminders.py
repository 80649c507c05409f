"""Reminders of waiting reviews, escalation to deputies, and expiry of approvals.

Each act is one transaction that first checks whether it is still due. So a run that is killed, late, or made by two
processes at once does each act once. Spot checks cause no reminders.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may, may_clear
from humphrey.accounts.service import Accounts
from humphrey.clearance import rules
from humphrey.clearance.access import open_to, remembered
from humphrey.clearance.checked_records import is_recorded
from humphrey.clearance.deadlines import ReminderSchedule, clear_by, share_of_time_passed
from humphrey.clearance.gate import has_run_out
from humphrey.clearance.model import Review
from humphrey.clearance.notifications import store as notification_store
from humphrey.clearance.store import reviews as review_store
from humphrey.clearance.store import timing as timing_store
from humphrey.clearance.store.timing import WaitingReview
from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.documents.audiences import MayRead
from humphrey.errors import ReviewError, StoreError
from humphrey.ledger import store as ledger_store
from humphrey.text.dates import local_date, say

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Late:
    """A waiting review, the day by which to clear it, and the share of its time that has passed."""

    waits: WaitingReview
    by: date
    share: float


class Reminders:
    """Reminds reviewers, notifies deputies, and expires approvals.

    Args:
        database: holds the reviews.
        people: the accounts, with their deputies.
        may_read: decides which documents a group may read.
        schedule: the limits of waiting.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        people: Accounts,
        may_read: MayRead,
        schedule: ReminderSchedule,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._people = people
        self._may_read = may_read
        self._schedule = schedule
        self._now = now

    def remind(self) -> int:
        """Remind the claimant of each waiting review, or all who may clear it; return the number of reviews.

        If several reminders fell due since the last run, one is sent.
        """
        staff = self._staff()
        return sum(self._remind(late, staff) for late in self._late())

    def escalate(self) -> int:
        """Notify the deputies of the reviewers of late reviews; return the number of reviews.

        A review is late after the set share of its time, and from the day after its last day.
        """
        staff, today = self._staff(), local_date(self._now())
        late = (each for each in self._late() if each.share >= self._schedule.escalate_at or each.by < today)
        return sum(self._escalate(each, staff) for each in late if not each.waits.escalated)

    def expire(self) -> int:
        """Return released reviews whose approval ran out before delivery to the queue; return their number.

        One that is stored otherwise than the ledger records is left as it is.
        """
        return sum(
            map(self._expire, timing_store.released_before(self._database, self._now() - self._schedule.approval))
        )

    def _late(self) -> Sequence[_Late]:
        now, undated = self._now(), self._schedule.undated_days
        waiting = timing_store.waiting_reviews(self._database, len(self._schedule.reminders))
        dated = ((each, clear_by(each.opened, each.due, undated)) for each in waiting)
        return [_Late(each, by, share_of_time_passed(each.opened, by, now)) for each, by in dated]

    def _staff(self) -> "_Staff":
        return _Staff([each for each in self._people.everyone() if not each.disabled], self._may_read)

    def _remind(self, late: _Late, staff: "_Staff") -> bool:
        gone, review_id = self._schedule.reminders_due(late.share), late.waits.id
        if gone <= late.waits.reminded:
            return False
        with self._database.transaction() as tx:
            review, at = _readable(tx, review_id), self._now()
            if review is None or not timing_store.mark_reminded(tx, review_id, gone):
                return False
            notified = staff.waits_for(review, at) or staff.administrators()
            notification_store.add(tx, _names(notified), "reminder", review_id, at, say(late.by))
            ledger_store.enter(
                tx, "humphrey", "review:remind", review_id, {"reminder": str(gone), "told": str(len(notified))}, at
            )
        logger.info("review_reminded", extra={"review": review_id, "reminder": gone, "told": len(notified)})
        return True

    def _escalate(self, late: _Late, staff: "_Staff") -> bool:
        review_id = late.waits.id
        with self._database.transaction() as tx:
            review, at = _readable(tx, review_id), self._now()
            if review is None or not timing_store.mark_escalated(tx, review_id, at):
                return False
            notified = staff.deputies(review, at) or staff.administrators()
            notification_store.add(tx, _names(notified), "escalated", review_id, at, say(late.by))
            ledger_store.enter(tx, "humphrey", "review:escalate", review_id, {"told": ", ".join(_names(notified))}, at)
        logger.info("review_escalated", extra={"review": review_id, "told": len(notified)})
        return True

    def _expire(self, review_id: str) -> bool:
        with self._database.transaction() as tx:
            review, at = _readable(tx, review_id), self._now()
            if review is None:
                return False
            in_time = not has_run_out(review.decisions[-1], at, self._schedule.approval)
            if review.state != "released" or in_time or not is_recorded(tx, review):
                return False
            if not timing_store.withdraw(tx, review_id, at):
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


def _readable(tx: Transaction, review_id: str) -> Review | None:
    """Return a review; None if what is stored of it cannot be read, so that one damaged review holds up no other."""
    try:
        return review_store.load_for_update(tx, review_id)
    except (ReviewError, StoreError):
        logger.error("review_unreadable", extra={"review": review_id})
        return None


class _Staff:
    """The people who may act, as one run finds them; rights to a document are looked up once."""

    def __init__(self, people: Sequence[Person], may_read: MayRead) -> None:
        self._people = {person.name: person for person in people}
        self._may_read = remembered(may_read)

    def administrators(self) -> list[Person]:
        """Return the people to notify if there is no other."""
        return [person for person in self._people.values() if may(person, "administer")]

    def waits_for(self, review: Review, now: datetime) -> list[Person]:
        """Return the claimant of a review, or else all who may clear it."""
        able = [person for person in self._people.values() if self._may_clear(review, person)]
        claim = review.claim
        holding = [person for person in able if claim and claim.until > now and person.name == claim.reviewer]
        return holding or able

    def deputies(self, review: Review, now: datetime) -> list[Person]:
        """Return the deputies of those people who may clear the draft, without its claimant."""
        waiting = self.waits_for(review, now)
        named = {name for person in waiting for name in person.deputies}
        holding = {waiting[0].name} if len(waiting) == 1 else set()
        able = (self._people[name] for name in named - holding if name in self._people)
        return [person for person in able if self._may_clear(review, person)]

    def _may_clear(self, review: Review, person: Person) -> bool:
        asked = review.draft.commission
        fit = may_clear(person, asked.kind, asked.marking) and person.name not in review.authors
        return fit and open_to(review, person, self._may_read)


def _names(people: Sequence[Person]) -> list[str]:
    return sorted(map(attrgetter("name"), people))
