"""Clearance: drafts are put to review, read, amended and decided; approved texts are queued for delivery.

Every act and its ledger entry are one transaction. A refused act changes nothing, and `Attempts` enters it.
"""

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from functools import cache

from humphrey.accounts.roles import may
from humphrey.accounts.service import Accounts
from humphrey.checks.registry import check_sources
from humphrey.clearance import gate, rules
from humphrey.clearance.access import Access
from humphrey.clearance.checked_records import checked_record, is_recorded
from humphrey.clearance.deciding.service import Deciding
from humphrey.clearance.independence import Independence
from humphrey.clearance.model import Door, Reason, RecordedReview, Review, Verdict, recorded
from humphrey.clearance.notifications import store as notification_store
from humphrey.clearance.source_changes import SourceChange, source_changes, subjects_of
from humphrey.clearance.spot_checks import store as spot_check_store
from humphrey.clearance.spot_checks.model import describe_spot_check, disguise_entries
from humphrey.clearance.spot_checks.service import end_if_corrected
from humphrey.clearance.store import reviews as review_store
from humphrey.conversations import store as conversation_store
from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.digests import canonical, sha256
from humphrey.documents.model import DocumentLookup
from humphrey.drafting.ledger_entries import draft_entries, record_draft
from humphrey.drafting.pipeline import LONGEST_TEXT, require_not_refused
from humphrey.drafting.service import DraftingService
from humphrey.errors import ReviewError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.attempts import Attempts
from humphrey.ledger.model import Act, Entry
from humphrey.papers.destinations import require_destination
from humphrey.papers.draft import Commission, Draft, Finding
from humphrey.text.validation import validate_text

logger = logging.getLogger(__name__)


def _nothing_else(tx: Transaction, _review: Review) -> None:
    """Do nothing with a review."""


class ClearanceService:
    """Opens, shows, amends and decides reviews.

    Args:
        drafting: composes drafts and checks amended ones.
        access: decides who may see, change and clear a draft.
        attempts: enters refused acts.
        people: the accounts.
        lookup: returns documents as they stood, for the checks.
        database: holds the reviews.
        deciding: decides reviews.
        now: the clock.
    """

    def __init__(
        self,
        drafting: DraftingService,
        access: Access,
        attempts: Attempts,
        people: Accounts,
        lookup: DocumentLookup,
        database: Database,
        deciding: Deciding,
        now: Callable[[], datetime],
    ) -> None:
        self._drafting = drafting
        self._access = access
        self._attempts = attempts
        self._people = people
        self._lookup = lookup
        self._database = database
        self._deciding = deciding
        self._now = now

    def open_review(
        self,
        draft: Draft,
        along: Callable[[Transaction, Review], None] = _nothing_else,
        *,
        wished: date | None = None,
    ) -> Review:
        """Put a draft to review in the name of its asker.

        Args:
            draft: the draft.
            along: runs in the same transaction.
            wished: the day by which the asker wishes to have it; None for no wish.

        Raises:
            CommissionError: the draft was refused, or the day cannot be wished.
            IdentityError: the asker is unknown or disabled.
        """
        with self._attempts.acting("review:open", draft.digest, draft.commission.asked_by) as tx:
            review = self._open(tx, draft, wished=wished)
            along(tx, review)
            return review

    def take(self, commission: Commission) -> Review:
        """Compose a draft and put it to review; raises as `DraftingService.compose` and `open_review` do."""
        return self.open_review(self._drafting.compose(commission))

    def send(
        self, exchange_id: str, owner: str, outlet: str = "web", to: str = "", wished: date | None = None
    ) -> Review:
        """Put a draft of a conversation to review.

        Args:
            exchange_id: the exchange that holds it.
            owner: the owner of the exchange.
            outlet: the outlet that it leaves by once it is released.
            to: the address there, as its owner gives it; the approval binds both.
            wished: the day by which its owner wishes to have it; None for no wish. `deadlines.days_offered` gives days
                that the draft computed, which nobody takes but its owner.

        Raises:
            AlreadyDecided: it was sent before.
            CommissionError: the owner has no such exchange, it cannot go there, or the day cannot be wished.
            IdentityError: the owner is unknown or disabled.
        """
        with self._attempts.acting("review:open", exchange_id, owner) as tx:
            exchange = conversation_store.exchange(tx, exchange_id, owner)
            asked = replace(exchange.draft.commission, outlet=outlet, reply_to=to.strip())
            require_destination(asked, self._drafting.destinations)
            review = self._open(tx, replace(exchange.draft, commission=asked), exchange.id, wished)
            conversation_store.mark_sent(tx, exchange, review.id)
            return review

    def reviews(self, everything: bool) -> Sequence[Review]:
        """Return the open reviews, or all reviews; oldest first."""
        return review_store.find(self._database, None if everything else {"open"})

    def review(self, review_id: str) -> Review:
        """Return a review.

        Raises:
            ReviewError: no review has that id.
        """
        return review_store.load(self._database, review_id)

    def id_of(self, named: str) -> str:
        """Return the id of a review that is named by its short reference; what is no such reference stays."""
        return review_store.id_of(self._database, named)

    def review_to_clear(self, review_id: str, reviewer: str) -> Review:
        """Return a review that a reviewer opens.

        Raises:
            NotPermitted: the reviewer may not clear it, or may not read a document it rests on.
            ReviewError: no review has that id.
        """
        review = review_store.load(self._database, review_id)
        self._access.require_clearing(review, self._access.reader(reviewer))
        return review

    def seen(self, review_id: str, person: str) -> Review:
        """Return a review to its authors, a reviewer who may clear it, or an auditor who may read what it rests on.

        Raises:
            IdentityError: the person is unknown or disabled.
            NotPermitted: the person is none of these.
            ReviewError: no review has that id.
        """
        reader, review = self._people.person(person), self.review(review_id)
        if not (may(reader, "audit") and self._access.reads(review, reader)):
            self._access.require_author_or_reviewer(review, reader)
        return review

    def watched(self, review_id: str, person: str) -> Review:
        """Return a review to a person who is shown its state alone: as `seen`, and to every auditor; raises as it."""
        return self.review(review_id) if self.recorded(review_id, person) else self.seen(review_id, person)

    def recorded(self, review_id: str, person: str) -> RecordedReview | None:
        """Return what the record says of a review, without its words, to an auditor; None to any other person.

        Raises:
            IdentityError: the person is unknown or disabled.
            ReviewError: no review has that id.
        """
        reader, review = self._people.person(person), self.review(review_id)
        return recorded(review) if may(reader, "audit") else None

    def history(self, review_id: str) -> Sequence[Entry]:
        """Return the ledger entries of a review in order; a spot check looks like any other until it is revealed."""
        record = list(ledger_store.entries(self._database, review_id))
        seed = spot_check_store.seed(self._database, review_id) if gate.is_spot_check(record) else None
        if seed is None or seed.revealed:
            return record
        return disguise_entries(record, draft_entries(review_store.load(self._database, review_id).versions[0].draft))

    def source_changes(self, review: Review) -> Sequence[SourceChange]:
        """Return what changed in the guidance that an undecided draft cites, since it was sent, oldest first."""
        return source_changes(review, ledger_store.entries_by_subject(self._database, subjects_of(review)))

    def revealed(self, review_id: str) -> str:
        """Return the error of a decided spot check in sentences; empty for any other review."""
        seed = spot_check_store.seed(self._database, review_id)
        return describe_spot_check(seed) if seed and seed.revealed else ""

    def sent_by(self, person: str) -> Sequence[Review]:
        """Return the reviews that a person asked for, oldest first."""
        return review_store.find(self._database, asked_by=person)

    def amend(self, review_id: str, text: str, editor: str, digest: str = "") -> Review:
        """Give a draft a new wording and check it; drop citations that the new wording no longer marks.

        Args:
            review_id: the review.
            text: the new wording.
            editor: an author of the draft, or a reviewer who may clear it.
            digest: of the draft that the editor was shown; empty if they were shown none.

        Raises:
            CommissionError: the text is empty, too long or not text.
            NotPermitted: the editor is neither a reviewer nor an author of it.
            StaleDigest: the draft is not the one that was shown.
            ReviewError: no review has that id, it was decided, another person claimed it, or nothing was changed.
        """
        with self._attempts.acting("review:amend", review_id, editor) as tx:
            person = self._people.person(editor)
            # What cannot be seen becomes a finding, so that the page can show the place.
            text = validate_text(text, "the text", LONGEST_TEXT, checked_later=True)
            stored, at = review_store.load_for_update(tx, review_id), self._now()
            self._access.require_author_or_reviewer(stored, person)
            rules.require_amendable(stored, editor, at)
            rules.require_shown(stored, digest or stored.draft.digest)
            if text == stored.draft.text:
                raise ReviewError(f"the text of review {review_id} is as it was; change it, then send it")
            cited = tuple(each for each in stored.draft.citations if f"[{each.marker}]" in text)
            worded = replace(stored.draft, text=text, citations=cited)
            draft = replace(worded, findings=self._drafting.findings(worded))
            amended = rules.amend(stored, draft, editor, at)
            checked_record(tx, stored)
            return self.save_wording(tx, amended, "review:amend", {"digest": draft.digest})

    def recheck(self) -> Sequence[str]:
        """Check amendable drafts against their sources as they are today; return the ids whose findings changed.

        Call it after the guidance changed. It reads only the stored state, so it may run late, twice, or after a stop.
        """
        amendable, today = review_store.find(self._database, {"open", "returned"}), cache(self._lookup)
        stale = [review.id for review in amendable if self._found_in(review.draft, today) != review.draft.findings]
        return [review_id for review_id in stale if self._rechecked(review_id)]

    def decide(
        self,
        review_id: str,
        verdict: Verdict,
        reviewer: str,
        digest: str,
        reason: str = "",
        reasons: Sequence[Reason] = (),
        *,
        door: Door = "command",
        acknowledged: Sequence[str] = (),
    ) -> Review:
        """Record a decision; queue an approved text for its outlet, and notify its authors.

        A reviewer who decides without a claim claims it in the same act. On a page the claim, the passages and the
        findings come first (`deciding.findings`), and an approved text waits for a moment before it leaves.

        Args:
            review_id: the review.
            verdict: the verdict.
            reviewer: a reviewer who is no author of the draft.
            digest: of the draft the reviewer was shown.
            reason: for the author, in words; not needed for an approval or with a sufficient fixed reason.
            reasons: the fixed reasons of a return or refusal.
            door: where the decision is made.
            acknowledged: the findings that the reviewer acknowledged, by key or by check.

        Raises:
            CommissionError: the reason is too long or not text.
            IdentityError: the reviewer is unknown or disabled.
            NotIndependent: an author made or changed the reviewer's account lately; the auditors are told.
            NotOnRecord: the review, or an entry about accounts of that time, is not as its signed entries say.
            ReviewError: the decision is refused; its subclass says why.
        """
        decide = self._deciding.decide
        return decide(review_id, verdict, reviewer, digest, reason, reasons, door, acknowledged)

    @property
    def reading_required(self) -> bool:
        """Whether a decision on a page needs a claim, opened passages and acknowledged findings."""
        return self._deciding.settings.reading

    def undo(self, review_id: str, reviewer: str) -> Review:
        """Take back an approval before its text leaves; raises as `Deciding.undo` does."""
        return self._deciding.undo(review_id, reviewer)

    def independence(self, review: Review, reviewer: str) -> Independence:
        """Return why a reviewer may not decide on a draft because of their accounts, and what is to be named."""
        return self._deciding.independence(review, reviewer)

    def save_wording(self, tx: Transaction, amended: Review, what: Act, detail: Mapping[str, str]) -> Review:
        """Save a review with its latest wording, enter it, and notify the people concerned.

        Args:
            tx: the transaction of the change.
            amended: the review; its last version is the new wording.
            what: the act to enter.
            detail: the detail of the entry, as ids and digests.

        Returns:
            The review as it was saved; a spot check may be closed by the change.
        """
        wording = amended.versions[-1]
        ledger_store.enter(tx, wording.editor, what, amended.id, {**detail, "kept": wording.kept}, wording.at)
        saved = end_if_corrected(tx, amended)
        review_store.save(tx, saved)
        notification_store.add(
            tx, rules.concerned(amended) - {wording.editor}, "amended", amended.id, wording.at, wording.editor
        )
        return saved

    def _open(self, tx: Transaction, draft: Draft, exchange: str = "", wished: date | None = None) -> Review:
        """Open a review; enter how the draft came about, unless the entries of its exchange say so."""
        require_not_refused(draft)
        asker, at = self._people.person(draft.commission.asked_by), self._now()
        review = review_store.add(tx, rules.open_review(secrets.token_hex(8), draft, at, wished))
        if not exchange:
            record_draft(tx, review.id, draft, at)
        detail = {"digest": draft.digest, "kind": draft.commission.kind, "kept": review.versions[0].kept}
        detail["reference"] = review.reference
        more = {"exchange": exchange, "wish": wished.isoformat() if wished else ""}
        detail |= {name: value for name, value in more.items() if value}
        ledger_store.enter(tx, asker.name, "review:open", review.id, detail, at)
        return review

    def _rechecked(self, review_id: str) -> bool:
        with self._database.transaction() as tx:
            review, at = review_store.load_for_update(tx, review_id), self._now()
            found = self._found_in(review.draft, self._lookup)
            if review.state not in {"open", "returned"} or found == review.draft.findings:
                return False
            if not is_recorded(tx, review):
                return False
            review_store.save(tx, rules.recheck(review, found, at))
            digest = sha256(canonical([asdict(finding) for finding in found]))
            ledger_store.enter(
                tx, "humphrey", "review:recheck", review_id, {"digest": review.draft.digest, "findings": digest}, at
            )
        logger.info("review_rechecked", extra={"review": review_id, "findings": len(found)})
        return True

    def _found_in(self, draft: Draft, lookup: DocumentLookup) -> tuple[Finding, ...]:
        """Return the findings of a draft with its sources read again; its old findings if its kind no longer exists."""
        paper = self._drafting.papers.get(draft.commission.kind)
        return check_sources(draft, paper, lookup) if paper else draft.findings
