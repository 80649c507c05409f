"""Asking the model for a change: what it writes as it is told is a new wording, checked like any other.

The model writes outside any transaction, for that may take a minute. What it wrote is kept only where the draft is
still the one it was told to change. Whoever tells it becomes an author, because they chose the words.
"""

import logging

from humphrey.clearing import Clearing
from humphrey.core import review as gate
from humphrey.core.drafts import Draft, Watch, sha256, silent
from humphrey.core.review import Review
from humphrey.core.revisions import Revision
from humphrey.errors import ReviewError
from humphrey.store import reviews as review_store

logger = logging.getLogger(__name__)


class Instructing(Clearing):
    """Changes by instruction, beside all that `Clearing` does."""

    def instruct(self, review_id: str, instruction: str, by: str, watch: Watch = silent, digest: str = "") -> Review:
        """Have the model change a draft; the checks run again, and whoever told it cannot approve.

        Args:
            review_id: the review.
            instruction: what the model is told, in words.
            by: who tells it; an author of the draft, or a reviewer who may clear it.
            watch: told the text so far, as it grows.
            digest: of the draft that they were shown; empty where they were shown none.

        Raises:
            CommissionError: the instruction may not be given, or cannot be followed here; says why.
            IdentityError: the person is unknown or disabled.
            ModelError: the model did not answer, or not usably; the draft stays as it was.
            ReviewError: it is refused; its subclass says why.
        """
        with self._trying("review:instruct", review_id, by):
            before = review_store.load(self._database, review_id)
            self._require_instructable(before, by, digest or before.draft.digest)
            revision = Revision(before.draft, self._compose.instruction(instruction), by)
            return self._keep_revised(before, revision, self._compose.revised(revision, watch))

    def _require_instructable(self, review: Review, by: str, digest: str) -> None:
        self._require_at_hand(review, self._people.person(by))
        gate.require_amendable(review, by, self._now())
        gate.require_shown(review, digest)

    def _keep_revised(self, before: Review, revision: Revision, draft: Draft) -> Review:
        with self._database.transaction() as tx:
            stored = review_store.load_for_update(tx, before.id)
            self._require_instructable(stored, revision.by, before.draft.digest)
            if draft.text == stored.draft.text:
                raise ReviewError(f"the model left review {before.id} as it was; tell it otherwise, or amend the words")
            amended = gate.amend(stored, draft, revision.by, self._now(), revision.instruction)
            told = {"digest": draft.digest, "instruction": sha256(revision.instruction)}
            kept = self._keep_wording(tx, amended, "review:instruct", told)
        logger.info("review_instructed", extra={"review": before.id, "findings": len(draft.findings)})
        return kept
