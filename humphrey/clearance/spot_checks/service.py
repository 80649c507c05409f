"""Spot checks: insert a draft with a known error into the queue now and then, to see whether reviewers read.

A seeded draft can never be released: no person sent it, the ledger names it, and the release gate asks the ledger. The
asker of its original is not notified, and it counts as no person's work. A decision on it, or a correction of its
error, ends and reveals it in the same transaction.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import SystemRandom

from humphrey.clearance import rules
from humphrey.clearance.model import Review
from humphrey.clearance.notifications import store as notification_store
from humphrey.clearance.spot_checks import store as spot_check_store
from humphrey.clearance.spot_checks.model import InsertedError, SpotCheck, errors, insert_error, new_findings
from humphrey.clearance.store import reviews as review_store
from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.digests import sha256
from humphrey.ledger import store as ledger_store
from humphrey.papers.draft import Draft, Finding
from humphrey.text.dates import local_date

logger = logging.getLogger(__name__)


# The share is counted over the last four weeks.
_SHARE_WINDOW = timedelta(days=28)


# Each candidate error costs one run of all checks, so only some are tried for a draft.
_MOST_ERRORS = 12


_ORIGINALS = 200
"""The number of approved drafts tried in one run, so that unsuitable ones do not hide the rest."""


class SpotChecks:
    """Inserts seeded drafts.

    Args:
        database: the database of reviews.
        found: returns the findings of the checks in a draft.
        clears: returns whether a name belongs to a reviewer.
        share: the number of seeded drafts for each draft that people send, from 0 to 1; 0 means none.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        found: Callable[[Draft], tuple[Finding, ...]],
        clears: Callable[[str], bool],
        share: float,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._found = found
        self._clears = clears
        self._share = share
        self._now = now
        self._choose = SystemRandom()

    def create(self) -> int:
        """Insert one seeded draft if the share of the last four weeks allows it; return the number, 0 or 1."""
        since = self._now() - _SHARE_WINDOW
        if not self._share or not spot_check_store.has_room(self._database, self._share, since):
            return 0
        for source in spot_check_store.originals(self._database, local_date(self._now()), _ORIGINALS):
            copy = self._copy(review_store.load(self._database, source).draft)
            if copy:
                return self._insert(source, *copy, since)
        return 0

    def _copy(self, original: Draft) -> tuple[Draft, InsertedError, bool] | None:
        """Return a copy with an error, the error, and whether a check reports it; None if no copy can be made."""
        asked = original.commission
        # Readers know whose own files and texts are. A reviewer's own drafts are listed next to the queue, so a copy
        # of one would stand out there as a draft that they never sent.
        if asked.attached or asked.task or self._clears(asked.asked_by):
            return None
        near = [citation.quote for citation in original.citations]
        before, second = self._found(original), None
        for error in errors(original.text, self._choose, near)[:_MOST_ERRORS]:
            copy = insert_error(original, error)
            after = self._found(copy)
            new = {finding.level for finding in new_findings(before, after)}
            made = replace(copy, findings=after), error, "warn" in new
            if not new & {"block", "warn"} and not copy.blocked:
                return made
            second = second or (made if "block" not in new else None)
        return second

    def _insert(self, source: str, draft: Draft, error: InsertedError, flagged: bool, since: datetime) -> int:
        review_id, at = secrets.token_hex(8), self._now()
        with self._database.transaction() as tx:
            if not spot_check_store.may_insert(tx, source, self._share, since):
                return 0
            review = review_store.add(tx, rules.open_review(review_id, draft, at))
            seed = SpotCheck(
                review_id, source, error.wrong, error.was, error.now, error.paragraph, error.sentence, flagged
            )
            spot_check_store.add(tx, seed, at)
            said = {"digest": draft.digest, "kind": draft.commission.kind, "kept": review.versions[0].kept}
            said["reference"] = review.reference
            change = sha256(spot_check_store.change_of(seed))
            detail = {**said, "error": error.wrong, "source": source, "change": change}
            ledger_store.enter(tx, "humphrey", "seed:plant", review_id, detail, at)
        logger.info("seed_planted", extra={"review": review_id, "error": error.wrong})
        return 1


def end_after_decision(tx: Transaction, decided: Review) -> Review:
    """End and reveal a seeded draft after a decision: found if returned or refused, else missed."""
    ruling = decided.decisions[-1]
    return _end(tx, decided, ruling.reviewer, ruling.at, found=ruling.verdict != "approve")


def end_if_corrected(tx: Transaction, amended: Review) -> Review:
    """Return a review after new words; a seeded draft whose error is gone is ended and revealed."""
    seed = spot_check_store.seed(tx, amended.id)
    if seed is None or seed.revealed or seed.sentence in amended.draft.text:
        return amended
    wording = amended.versions[-1]
    return _end(tx, amended, wording.editor, wording.at, found=True)


def _end(tx: Transaction, review: Review, reader: str, at: datetime, *, found: bool) -> Review:
    seed = spot_check_store.seed(tx, review.id)
    if seed is not None:
        spot_check_store.reveal(
            tx, replace(seed, found_by=reader if found else "", missed_by="" if found else reader), at
        )
    outcome = "found" if found else "missed"
    ledger_store.enter(tx, "humphrey", "seed:reveal", review.id, {"outcome": outcome, "reader": reader}, at)
    notification_store.add(tx, [reader], "revealed", review.id, at, outcome)
    return rules.close(review)
