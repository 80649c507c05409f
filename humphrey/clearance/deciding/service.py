"""Decisions: a reviewer approves, returns or refuses exact words, or takes back an approval before its text leaves.

Every act and its ledger entry are one transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from humphrey.accounts.roles import may
from humphrey.accounts.service import Accounts
from humphrey.clearance import gate, rules
from humphrey.clearance.access import Access
from humphrey.clearance.checked_records import checked_record, require_signed_accounts
from humphrey.clearance.deciding.findings import acknowledged_keys, has_claimed, require_read
from humphrey.clearance.independence import ACCOUNT_ACTS, Independence, independence
from humphrey.clearance.model import Decision, Door, Reason, Review, Verdict
from humphrey.clearance.notifications import store as notification_store
from humphrey.clearance.notifications.model import NotificationEvent
from humphrey.clearance.on_record import how_decided
from humphrey.clearance.reviewer_statistics import store as statistics_store
from humphrey.clearance.spot_checks.service import end_after_decision
from humphrey.clearance.store import reviews as review_store
from humphrey.clearance.store import timing as timing_store
from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.digests import sha256
from humphrey.errors import AlreadyDecided, HumphreyError, NotIndependent, ReviewError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.attempts import Attempts, Told
from humphrey.ledger.entry_signatures import first_unsigned
from humphrey.ledger.model import Act
from humphrey.text.validation import validate_text

_LONGEST_REASON = 5_000


_ACT_OF: dict[Verdict, Act] = {"approve": "review:approve", "return": "review:return", "refuse": "review:refuse"}


_EVENT_OF: dict[Verdict, NotificationEvent] = {"approve": "approved", "return": "returned", "refuse": "refused"}


@dataclass(frozen=True)
class DecidingRules:
    """The settings of decisions.

    Args:
        approval_life: how long an approval is valid before delivery.
        independence: how long a change of an account stands between its person and the person who made it.
        reading: whether a decision on a page needs a claim, opened passages and acknowledged findings.
        undo: how long a text that was approved on a page waits before it may leave.
    """

    approval_life: timedelta = timedelta(hours=72)
    independence: timedelta = timedelta(days=30)
    reading: bool = True
    undo: timedelta = timedelta(seconds=30)


class Deciding:
    """Decides reviews, and takes approvals back.

    Args:
        database: holds the reviews.
        people: the accounts.
        access: decides who may clear a draft.
        attempts: enters refused acts.
        settings: the settings of decisions.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        people: Accounts,
        access: Access,
        attempts: Attempts,
        settings: DecidingRules,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._people = people
        self._access = access
        self._attempts = attempts
        self.settings = settings
        self._now = now

    def decide(
        self,
        review_id: str,
        verdict: Verdict,
        reviewer: str,
        digest: str,
        reason: str,
        reasons: Sequence[Reason],
        door: Door,
        acknowledged: Sequence[str],
    ) -> Review:
        """Record a decision; arguments and errors are those of `ClearanceService.decide`."""
        if verdict not in _ACT_OF:
            raise ReviewError(f"no verdict {verdict!r}; it is one of {', '.join(_ACT_OF)}")
        with self._attempts.acting(_ACT_OF[verdict], review_id, reviewer, self._tell_of(review_id, reviewer)) as tx:
            reason = validate_text(reason, "the reason", _LONGEST_REASON) if reason.strip() else ""
            person = self._people.person(reviewer)
            stored, at = review_store.load_for_update(tx, review_id), self._now()
            self._access.require_clearing(stored, person)
            asked = Decision(verdict, reviewer, digest, reason, at, tuple(reasons), door)
            decided = rules.decide(stored, asked)
            self._require_independent(tx, stored, reviewer)
            return self._entered(tx, stored, self._completed(tx, stored, decided, acknowledged))

    def undo(self, review_id: str, reviewer: str) -> Review:
        """Take back an approval before its text leaves; the draft waits for clearance again.

        Raises:
            AlreadyDecided: its text left, or its delivery has begun.
            IdentityError: the reviewer is unknown or disabled.
            NotPermitted: the reviewer is not its approver.
            NotOnRecord: the review is not as its signed entries say.
            ReviewError: no review has that id.
        """
        with self._attempts.acting("review:undo", review_id, reviewer) as tx:
            self._people.person(reviewer)
            stored, at = review_store.load_for_update(tx, review_id), self._now()
            undone = rules.undo(stored, reviewer)
            checked_record(tx, stored)
            if not timing_store.withdraw(tx, review_id, at):
                raise AlreadyDecided(f"the delivery of review {review_id} has begun; it cannot be taken back any more")
            review_store.save(tx, undone)
            detail = {"digest": stored.decisions[-1].digest}
            ledger_store.enter(tx, reviewer, "review:undo", review_id, detail, at)
            notification_store.add(tx, stored.authors, "undone", review_id, at, reviewer)
            return undone

    def independence(self, review: Review, reviewer: str) -> Independence:
        """Return why a reviewer may not decide on a draft because of their accounts, and what is to be named."""
        return self._independent(self._database, review, reviewer)

    def _completed(self, tx: Transaction, stored: Review, decided: Review, acknowledged: Sequence[str]) -> Review:
        """Return a decided review with what its reviewer acknowledged and the moment before which it does not leave.

        Raises:
            NotYetRead: the decision was made on a page, and something is missing.
        """
        ruling, draft, on_page = decided.decisions[-1], stored.draft, decided.decisions[-1].door == "web"
        keys = acknowledged_keys(draft, acknowledged)
        if on_page and self.settings.reading:
            read = statistics_store.find_reading(tx, stored.id, ruling.reviewer, len(stored.versions))
            opened = read[0].opened if read else frozenset()
            claimed = has_claimed(stored, ruling.reviewer, ruling.at)
            require_read(stored, ruling.reviewer, claimed=claimed, opened=opened, keys=keys)
        waits = on_page and ruling.verdict == "approve" and self.settings.undo
        until = ruling.at + self.settings.undo if waits else None
        return replace(decided, decisions=(*stored.decisions, replace(ruling, acknowledged=keys, held_until=until)))

    def _entered(self, tx: Transaction, stored: Review, decided: Review) -> Review:
        """Save and enter a decision, queue an approved text, and notify the authors."""
        record, ruling = checked_record(tx, stored), decided.decisions[-1]
        read = statistics_store.kept(tx, stored.id, ruling.reviewer, len(stored.versions))
        detail = (
            _ruled(ruling) | read | {"claim": "held" if has_claimed(stored, ruling.reviewer, ruling.at) else "taken"}
        )
        ledger_store.enter(tx, ruling.reviewer, _ACT_OF[ruling.verdict], stored.id, detail, ruling.at)
        if gate.is_spot_check(record):
            decided = end_after_decision(tx, decided)
        elif ruling.verdict == "approve":
            decided = self._queued(tx, decided, ruling)
        review_store.save(tx, decided)
        event = _EVENT_OF[ruling.verdict]
        notification_store.add(tx, stored.authors, event, stored.id, ruling.at, ruling.reviewer)
        return decided

    def _queued(self, tx: Transaction, approved: Review, ruling: Decision) -> Review:
        """Put an approved text in the outbox of its outlet, where it waits for its moment."""
        signed = first_unsigned(tx.signatures, approved.id)
        record = ledger_store.entries_about(tx, approved.id)
        leaves = ruling.held_until or ruling.at
        release = gate.release(approved, record, leaves, self.settings.approval_life, signed)
        review_store.enqueue(tx, release, ruling.at, leaves)
        detail = {"digest": release.digest, "outlet": release.outlet}
        ledger_store.enter(tx, "humphrey", "release:mint", approved.id, detail, ruling.at)
        return replace(approved, state="released")

    def _independent(self, database: Database | Transaction, review: Review, reviewer: str) -> Independence:
        acts = ledger_store.entries_of_acts(database, ACCOUNT_ACTS, self._now() - self.settings.independence)
        return independence(reviewer, review.authors, acts, self._people.everyone())

    def _require_independent(self, tx: Transaction, review: Review, reviewer: str) -> None:
        require_signed_accounts(tx, self._now() - self.settings.independence)
        if against := self._independent(tx, review, reviewer).against:
            by = ", ".join(sorted(review.authors))
            raise NotIndependent(
                f"{reviewer} cannot decide on review {review.name}, whose author is {by}: "
                f"{'; '.join(against)}; for {self.settings.independence.days} days another reviewer must decide"
            )

    def _tell_of(self, review_id: str, reviewer: str) -> Told:
        """Return what tells a reviewer and the auditors that the reviewer's account is not independent."""

        def tell(tx: Transaction, error: HumphreyError) -> None:
            if isinstance(error, NotIndependent):
                auditors = {each.name for each in self._people.everyone() if may(each, "audit")}
                told = {reviewer, *auditors} - notification_store.not_yet_read(tx, "not_independent", review_id)
                notification_store.add(tx, told, "not_independent", review_id, self._now(), reviewer)

        return tell


def _ruled(decision: Decision) -> dict[str, str]:
    """Return the detail of a decision's entry: the draft, the reasons and how it was made, as ids and digests."""
    why = {"reasons": " ".join(decision.reasons)} if decision.reasons else {}
    words = {"reason": sha256(decision.reason)} if decision.reason else {}
    return {"digest": decision.digest, **why, **words, **how_decided(decision)}
