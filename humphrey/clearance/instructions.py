"""Instructions: the model rewords a draft as a person instructs, and the new wording is checked like any other.

The model writes outside any transaction, because it may take a minute. The result is kept only if the draft has not
changed meanwhile. The person who instructs becomes an author, because they chose the words.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from humphrey.accounts.service import Accounts
from humphrey.clearance import rules
from humphrey.clearance.access import Access
from humphrey.clearance.checked_records import checked_record
from humphrey.clearance.model import Review
from humphrey.clearance.service import ClearanceService
from humphrey.clearance.store import reviews as review_store
from humphrey.database.engine import Database
from humphrey.digests import sha256
from humphrey.drafting.revision.by_rule import Revision
from humphrey.drafting.service import DraftingService
from humphrey.errors import ReviewError
from humphrey.ledger.attempts import Attempts
from humphrey.papers.draft import Draft, OnText, silent

logger = logging.getLogger(__name__)


class Instructions:
    """Changes drafts under review by instruction.

    Args:
        clearance: keeps the new wording.
        drafting: has the model reword the draft, and checks it.
        access: decides who may instruct.
        attempts: enters refused acts.
        people: the accounts.
        database: holds the reviews.
        now: the clock.
    """

    def __init__(
        self,
        clearance: ClearanceService,
        drafting: DraftingService,
        access: Access,
        attempts: Attempts,
        people: Accounts,
        database: Database,
        now: Callable[[], datetime],
    ) -> None:
        self._clearance = clearance
        self._drafting = drafting
        self._access = access
        self._attempts = attempts
        self._people = people
        self._database = database
        self._now = now

    def instruct(self, review_id: str, instruction: str, by: str, watch: OnText = silent, digest: str = "") -> Review:
        """Have the model change a draft and check it again; the person who instructs can no longer approve it.

        Args:
            review_id: the review.
            instruction: the instruction, in words.
            by: an author of the draft, or a reviewer who may clear it.
            watch: called with the text so far, as it grows.
            digest: of the draft that the person was shown; empty if they were shown none.

        Raises:
            CommissionError: the instruction may not be given or cannot be followed here; the message says why.
            IdentityError: the person is unknown or disabled.
            ModelError: the model gave no answer or an unusable one; the draft stays as it was.
            ReviewError: the instruction is refused; its subclass says why.
        """
        with self._attempts.trying("review:instruct", review_id, by):
            before = review_store.load(self._database, review_id)
            self._require_instructable(before, by, digest or before.draft.digest)
            revision = Revision(before.draft, self._drafting.accept_instruction(instruction), by)
            return self._keep_revised(before, revision, self._drafting.revise(revision, watch))

    def _require_instructable(self, review: Review, by: str, digest: str) -> None:
        self._access.require_author_or_reviewer(review, self._people.person(by))
        rules.require_amendable(review, by, self._now())
        rules.require_shown(review, digest)

    def _keep_revised(self, before: Review, revision: Revision, draft: Draft) -> Review:
        with self._database.transaction() as tx:
            stored = review_store.load_for_update(tx, before.id)
            self._require_instructable(stored, revision.by, before.draft.digest)
            if draft.text == stored.draft.text:
                raise ReviewError(f"the model left review {before.id} as it was; tell it otherwise, or amend the words")
            amended = rules.amend(stored, draft, revision.by, self._now(), revision.instruction)
            checked_record(tx, stored)
            detail = {"digest": draft.digest, "instruction": sha256(revision.instruction)}
            saved = self._clearance.save_wording(tx, amended, "review:instruct", detail)
        logger.info("review_instructed", extra={"review": before.id, "findings": len(draft.findings)})
        return saved
