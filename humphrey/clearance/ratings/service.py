"""Ratings: a reviewer says of each sentence and citation how good it is, where they want to. Nothing depends on it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from humphrey.accounts.service import Accounts
from humphrey.clearance import rules
from humphrey.clearance.access import Access
from humphrey.clearance.ratings import store as rating_store
from humphrey.clearance.ratings.model import CitationRating, Rating, SentenceRating, require_rating
from humphrey.clearance.store import reviews as review_store
from humphrey.database.engine import Database
from humphrey.ledger import store as ledger_store
from humphrey.ledger.attempts import Attempts


class Ratings:
    """Keeps ratings with their reviews.

    Args:
        database: holds the reviews.
        people: the accounts.
        access: decides who may clear a draft.
        attempts: enters refused acts.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        people: Accounts,
        access: Access,
        attempts: Attempts,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._people = people
        self._access = access
        self._attempts = attempts
        self._now = now

    def rate(
        self,
        review_id: str,
        reviewer: str,
        digest: str,
        sentences: Mapping[int, SentenceRating],
        citations: Mapping[str, CitationRating],
    ) -> Rating:
        """Keep a rating of the words that a reviewer was shown, whether or not they are decided.

        Args:
            review_id: the review.
            reviewer: a reviewer who may clear it.
            digest: of the draft that they were shown.
            sentences: ratings by the number of the sentence, from 1.
            citations: ratings by the marker of the citation.

        Raises:
            CommissionError: the rating is empty, or of what the draft does not have.
            IdentityError: the reviewer is unknown or disabled.
            ReviewError: the rating is refused; its subclass says why.
        """
        with self._attempts.acting("review:rate", review_id, reviewer) as tx:
            person = self._people.person(reviewer)
            stored, at = review_store.load_for_update(tx, review_id), self._now()
            self._access.require_clearing(stored, person)
            rules.require_shown(stored, digest)
            rating = Rating(reviewer, len(stored.versions), dict(sentences), dict(citations), at)
            require_rating(stored.draft, rating)
            detail = {"wording": str(rating.wording), "rating": rating_store.add(tx, review_id, rating)}
            ledger_store.enter(tx, reviewer, "review:rate", review_id, detail, at)
            return rating

    def of(self, review_id: str, person: str) -> dict[str, Rating]:
        """Return the latest rating of the present wording by each reviewer, for a person who may clear the draft.

        Raises:
            IdentityError: the person is unknown or disabled.
            NotPermitted: the person may not clear it.
            ReviewError: no review has that id.
        """
        reader, review = self._people.person(person), review_store.load(self._database, review_id)
        self._access.require_clearing(review, reader)
        found = rating_store.ratings_of(self._database, review_id)
        return {each.by: each for each in found if each.wording == len(review.versions)}
