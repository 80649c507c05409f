"""Reviewer statistics: how long drafts are read, and with which evidence.

Reviewers see their own figures; others see sums. The page reports reading time, which counts for no more than the time
since its last report. So repeated, excessive or parallel reports never add up to more than the clock.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from humphrey.accounts.roles import require
from humphrey.accounts.service import Accounts
from humphrey.clearance.model import Review
from humphrey.clearance.reviewer_statistics import store as statistics_store
from humphrey.clearance.reviewer_statistics.model import ReviewerFigures, own, sums
from humphrey.clearance.store import reviews as review_store
from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.errors import ReviewError
from humphrey.ledger import store as ledger_store

_FIRST_REPORT_S = 30.0
"""The most seconds that the first report of a reading counts: the page reports more often than that."""


# The page reports the last seconds after the decision.
_LAST_REPORT = timedelta(minutes=1)


# A year and the current month.
_SHOWN_PERIOD = timedelta(days=400)


class ReviewerStatistics:
    """Figures on how drafts are read.

    Args:
        database: the database of reviews.
        people: the accounts, for the roles.
        open_review: returns a review as a reviewer opens it, and raises if they may not.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        people: Accounts,
        open_review: Callable[[str, str], Review],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._people = people
        self._open_review = open_review
        self._now = now

    def note(self, review_id: str, reviewer: str, wording: int, seconds: float, opened: Collection[str]) -> float:
        """Add seconds of reading since the last report; return the total for this version.

        Only the current version counts, until a decision on it, and for its reader one minute longer: the page reports
        the last seconds after the decision. Reports on other versions change nothing. Passages that the version does
        not cite are ignored.

        Args:
            review_id: the review.
            reviewer: the reader.
            wording: the number of the version, from 1.
            seconds: the seconds since the last report.
            opened: the markers of opened passages.

        Raises:
            NotPermitted: the reviewer may not see the draft.
            ReviewError: there is no such review, or no such version of it.
        """
        self._open_review(review_id, reviewer)
        with self._database.transaction() as tx:
            # Loaded in the transaction: a decision made since the page asked has bound the reading by its entry.
            review, at = review_store.load_for_update(tx, review_id), self._now()
            if not 1 <= wording <= len(review.versions):
                raise ReviewError(f"review {review_id} has no wording {wording}; it has {len(review.versions)}")
            if wording != len(review.versions) or not _counts_as_reading(review, reviewer, at):
                return 0.0
            total = _add(tx, review, reviewer, seconds, opened, at)
            if _is_bound(review, reviewer):
                said = {"wording": str(wording), **statistics_store.kept(tx, review_id, reviewer, wording)}
                ledger_store.enter(tx, reviewer, "review:read", review_id, said, at)
        return total

    def opened(self, review_id: str, reviewer: str, wording: int) -> frozenset[str]:
        """Return the markers of the passages of a version that a person opened, as the page reported them."""
        with self._database.transaction() as tx:
            found = statistics_store.find_reading(tx, review_id, reviewer, wording)
        return found[0].opened if found else frozenset()

    def of(self, reviewer: str) -> list[ReviewerFigures]:
        """Return a reviewer's own figures for about the last year, the current month first.

        Raises:
            IdentityError: the reviewer is unknown or disabled.
            NotPermitted: the user is not a reviewer.
        """
        require(self._people.person(reviewer), "clear")
        since = self._now() - _SHOWN_PERIOD
        return own(
            statistics_store.rulings(self._database, since, reviewer),
            statistics_store.revealed_spot_checks(self._database, since, reviewer),
        )

    def sums(self, name: str) -> list[ReviewerFigures]:
        """Return the sums of all reviewers for about the last year.

        Raises:
            IdentityError: the person is unknown or disabled.
            NotPermitted: the person has no role that sees figures.
        """
        require(self._people.person(name), "figures")
        at = self._now()
        since = at - _SHOWN_PERIOD
        return sums(
            statistics_store.rulings(self._database, since),
            statistics_store.revealed_spot_checks(self._database, since),
            at.date(),
        )


def _counts_as_reading(review: Review, reviewer: str, at: datetime) -> bool:
    if review.state == "open":
        return True
    last = review.decisions[-1] if review.decisions else None
    return last is not None and last.reviewer == reviewer and at - last.at <= _LAST_REPORT


def _is_bound(review: Review, reviewer: str) -> bool:
    """Return whether an entry of a decision holds the reading of the current version as it was then.

    A draft whose approval ran out waits again with the same words, so the state does not tell.
    """
    return any((each.reviewer, each.digest) == (reviewer, review.draft.digest) for each in review.decisions)


def _add(
    tx: Transaction, review: Review, reviewer: str, seconds: float, opened: Collection[str], at: datetime
) -> float:
    """Add to the reading of the current version; return the total seconds."""
    wording, cited = len(review.versions), {citation.marker for citation in review.draft.citations}
    known = statistics_store.find_reading(tx, review.id, reviewer, wording)
    if known is None:
        statistics_store.insert_reading(tx, review.id, reviewer, wording, len(cited), at)
    before, gone = (0.0, _FIRST_REPORT_S) if known is None else (known[0].seconds, (at - known[1]).total_seconds())
    seen = (known[0].opened if known else frozenset()) | (set(opened) & cited)
    total = before + min(max(seconds, 0.0), max(gone, 0.0))
    statistics_store.update_reading(tx, review.id, reviewer, wording, total, seen, at)
    return total
