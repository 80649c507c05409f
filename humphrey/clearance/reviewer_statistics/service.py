"""Reviewers that read: how long, and with which of the evidence; shown to them first, and to others as sums.

The page tells how long a draft was before its reader. It is believed for no more than the time that has passed since it
told last, so that telling twice, or too much, or from two windows, adds up to no more than the clock does.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from humphrey.accounts.roles import require
from humphrey.accounts.service import Accounts
from humphrey.clearance.model import Review
from humphrey.clearance.reviewer_statistics import store as statistics_store
from humphrey.clearance.reviewer_statistics.model import ReviewerFigures, own, sums
from humphrey.database.engine import Database
from humphrey.errors import ReviewError

_FIRST_S = 30.0
"""The most seconds that the first note of a reading counts: the page tells more often than that."""


_LAST_NOTE = timedelta(minutes=1)


_KEPT_IN_VIEW = timedelta(days=400)


class ReviewerStatistics:
    """What is known of how drafts are read.

    Args:
        database: where it is kept.
        people: who may see what of it.
        look: a review as a reviewer opens it, refused where they may not.
        now: the clock.
    """

    def __init__(
        self, database: Database, people: Accounts, look: Callable[[str, str], Review], now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._people = people
        self._look = look
        self._now = now

    def note(self, review_id: str, reviewer: str, wording: int, seconds: float, opened: Collection[str]) -> float:
        """Note that a draft was read for some seconds since the last note; for how many it has been by now.

        Only the wording that stands is read, and only until somebody has ruled on it, or until a minute after its
        reader has: the page tells of the last seconds once the ruling is made. What is told of another changes
        nothing, and passages that it does not cite are no evidence that was opened.

        Args:
            review_id: the review.
            reviewer: who read.
            wording: which wording; the first is 1.
            seconds: for how long since the last note.
            opened: the markers of passages that were opened.

        Raises:
            NotPermitted: the reviewer may not see the draft.
            ReviewError: there is no such review, or no such wording of it.
        """
        review = self._look(review_id, reviewer)
        if not 1 <= wording <= len(review.versions):
            raise ReviewError(f"review {review_id} has no wording {wording}; it has {len(review.versions)}")
        at = self._now()
        if wording != len(review.versions) or not _being_read(review, reviewer, at):
            return 0.0
        cited = {citation.marker for citation in review.draft.citations}
        with self._database.transaction() as tx:
            known = statistics_store.reading_of(tx, review_id, reviewer, wording)
            if known is None:
                statistics_store.begin_reading(tx, review_id, reviewer, wording, len(cited), at)
            before, gone = (0.0, _FIRST_S) if known is None else (known[0].seconds, (at - known[1]).total_seconds())
            seen = (known[0].opened if known else frozenset()) | (set(opened) & cited)
            total = before + min(max(seconds, 0.0), max(gone, 0.0))
            statistics_store.note_reading(tx, review_id, reviewer, wording, total, seen, at)
        return total

    def of(self, reviewer: str) -> list[ReviewerFigures]:
        """A reviewer's own figures of the last year, the running month first.

        Raises:
            IdentityError: the reviewer is unknown or disabled.
            NotPermitted: they are no reviewer.
        """
        require(self._people.person(reviewer), "clear")
        since = self._now() - _KEPT_IN_VIEW
        return own(
            statistics_store.rulings(self._database, since, reviewer),
            statistics_store.revealed_seeds(self._database, since, reviewer),
        )

    def sums(self, name: str) -> list[ReviewerFigures]:
        """Everybody's figures of the last year as sums, for whoever may see those.

        Raises:
            IdentityError: they are unknown or disabled.
            NotPermitted: they have no role that sees figures.
        """
        require(self._people.person(name), "figures")
        at = self._now()
        since = at - _KEPT_IN_VIEW
        return sums(
            statistics_store.rulings(self._database, since),
            statistics_store.revealed_seeds(self._database, since),
            at.date(),
        )


def _being_read(review: Review, reviewer: str, at: datetime) -> bool:
    if review.state == "open":
        return True
    last = review.decisions[-1] if review.decisions else None
    return last is not None and last.reviewer == reviewer and at - last.at <= _LAST_NOTE
