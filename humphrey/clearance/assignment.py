"""Assignment: the queue of a reviewer, claims, hand-backs, hand-overs, deferrals and comments.

Every act, its ledger entry and its notices are one transaction.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from humphrey.accounts.model import Person
from humphrey.accounts.roles import require
from humphrey.accounts.service import Accounts
from humphrey.clearance import claims, rules
from humphrey.clearance.access import Access
from humphrey.clearance.checked_records import checked_record
from humphrey.clearance.model import Comment, Deferral, Review
from humphrey.clearance.notifications import store as notification_store
from humphrey.clearance.notifications.mentions import Mentions, mentions
from humphrey.clearance.queue import QueuePage, QueueQuery
from humphrey.clearance.store import queue as queue_store
from humphrey.clearance.store import reviews as review_store
from humphrey.database.engine import Database
from humphrey.digests import sha256
from humphrey.ledger import store as ledger_store
from humphrey.ledger.attempts import Attempts
from humphrey.text.dates import local_date
from humphrey.text.validation import validate_text

_LONGEST_COMMENT = 5_000


class Assignment:
    """Assigns reviews to reviewers.

    Args:
        database: holds the reviews.
        people: the accounts.
        access: decides who may clear a draft.
        attempts: enters refused acts.
        claim: how long a claim lasts.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        people: Accounts,
        access: Access,
        attempts: Attempts,
        claim: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._people = people
        self._access = access
        self._attempts = attempts
        self._claim = claim
        self._now = now

    def queue(self, reviewer: str, query: QueueQuery) -> QueuePage:
        """Return one page of the reviews that a reviewer may clear, most urgent first, with counts of the same moment.

        Raises:
            CommissionError: a filter needs bank holidays that are not known.
            IdentityError: the reviewer is unknown or disabled.
            NotPermitted: the person is not a reviewer.
        """
        person, at = self._people.person(reviewer), self._now()
        require(person, "clear")
        return queue_store.page(self._database, person, query, at, local_date(at))

    def listed(self, query: QueueQuery) -> QueuePage:
        """Return one page of all reviews, regardless of access; for the operator at the command line.

        Raises:
            CommissionError: a filter needs bank holidays that are not known.
        """
        at = self._now()
        return queue_store.page(self._database, None, query, at, local_date(at))

    def claim(self, review_id: str, reviewer: str) -> Review:
        """Claim a draft, or renew a claim; no other person decides on or changes it until the claim ends.

        Raises:
            IdentityError: the reviewer is unknown or disabled.
            ReviewError: the claim is refused; its subclass says why.
        """
        with self._attempts.acting("review:claim", review_id, reviewer) as tx:
            person, at = self._people.person(reviewer), self._now()
            stored, until = review_store.load_for_update(tx, review_id), at + self._claim
            self._access.require_clearing(stored, person)
            claimed = claims.claim(stored, reviewer, at, until)
            review_store.save(tx, claimed)
            ledger_store.enter(tx, reviewer, "review:claim", review_id, {"until": until.isoformat()}, at)
            return claimed

    def hand_back(self, review_id: str, reviewer: str) -> Review:
        """Give up a claim, so that another reviewer may claim the draft.

        Raises:
            IdentityError: the reviewer is unknown or disabled.
            ReviewError: no review has that id, or the reviewer holds no claim on it.
        """
        with self._attempts.acting("review:hand_back", review_id, reviewer) as tx:
            self._people.person(reviewer)
            at = self._now()
            given_up = claims.hand_back(review_store.load_for_update(tx, review_id), reviewer, at)
            review_store.save(tx, given_up)
            ledger_store.enter(tx, reviewer, "review:hand_back", review_id, {}, at)
            return given_up

    def hand_over(self, review_id: str, reviewer: str, deputy: str) -> Review:
        """Transfer a draft to a named deputy, who then holds the claim and is notified.

        Args:
            review_id: the review.
            reviewer: a reviewer who may clear it.
            deputy: another reviewer who may clear it and is no author of it.

        Raises:
            IdentityError: one of the two is unknown or disabled.
            ReviewError: the hand-over is refused; its subclass says why.
        """
        with self._attempts.acting("review:hand_over", review_id, reviewer) as tx:
            person, other = self._people.person(reviewer), self._people.person(deputy)
            stored, at = review_store.load_for_update(tx, review_id), self._now()
            for each in (person, other):
                self._access.require_clearing(stored, each)
            until = at + self._claim
            given = claims.hand_over(stored, reviewer, deputy, at, until)
            review_store.save(tx, given)
            ledger_store.enter(
                tx, reviewer, "review:hand_over", review_id, {"to": deputy, "until": until.isoformat()}, at
            )
            notification_store.add(tx, {deputy}, "handed_over", review_id, at, reviewer)
            return given

    def defer(self, review_id: str, reviewer: str, until: date, reason: str) -> Review:
        """Put a draft off until a day; the queue lists it last until then, and any reviewer may still clear it.

        Args:
            review_id: the review.
            reviewer: a reviewer who may clear it.
            until: a day after today, on which it is at its place in the queue again.
            reason: in words, for everybody who may see the review.

        Raises:
            CommissionError: the reason is empty, too long or not text.
            IdentityError: the reviewer is unknown or disabled.
            ReviewError: the deferral is refused; its subclass says why.
        """
        with self._attempts.acting("review:defer", review_id, reviewer) as tx:
            person, reason = self._people.person(reviewer), validate_text(reason, "the reason", _LONGEST_COMMENT)
            stored, at = review_store.load_for_update(tx, review_id), self._now()
            self._access.require_clearing(stored, person)
            deferred = claims.defer(stored, Deferral(reviewer, reason, until, at), local_date(at))
            checked_record(tx, stored)
            review_store.save(tx, deferred)
            detail = {"until": until.isoformat(), "reason": sha256(reason)}
            ledger_store.enter(tx, reviewer, "review:defer", review_id, detail, at)
            return deferred

    def deputies(self, review_id: str, reviewer: str) -> Sequence[Person]:
        """Return the people a draft can be handed to: those who may clear it and did not write it, own deputies first.

        Raises:
            IdentityError: the reviewer is unknown or disabled.
            NotPermitted: the reviewer may not clear it.
            ReviewError: no review has that id.
        """
        person, review = self._people.person(reviewer), review_store.load(self._database, review_id)
        self._access.require_clearing(review, person)
        others = (each for each in self._people.everyone() if each.name not in review.authors | {reviewer})
        able = [each for each in others if self._access.clears(review, each)]
        return sorted(able, key=lambda each: (each.name not in person.deputies, each.name))

    def comment(self, review_id: str, by: str, text: str) -> Review:
        """Comment on a draft; notify the people concerned, and those named with `@` if they may read it.

        Raises:
            CommissionError: the comment is empty, too long or not text.
            IdentityError: the person is unknown or disabled.
            NotPermitted: the person is neither an author of the draft nor a reviewer who may clear it.
            ReviewError: no review has that id, or it was decided.
        """
        with self._attempts.acting("review:comment", review_id, by) as tx:
            person, text = self._people.person(by), validate_text(text, "the comment", _LONGEST_COMMENT)
            stored, at = review_store.load_for_update(tx, review_id), self._now()
            self._access.require_author_or_reviewer(stored, person)
            commented = claims.comment(stored, Comment(by, text, at))
            review_store.save(tx, commented)
            named = set(self.mentions(stored, text).told) - {by}
            detail = {"comment": sha256(text)} | ({"named": ", ".join(sorted(named))} if named else {})
            ledger_store.enter(tx, by, "review:comment", review_id, detail, at)
            notification_store.add(tx, named, "mentioned", review_id, at, by)
            notification_store.add(tx, rules.concerned(commented) - {by, *named}, "commented", review_id, at, by)
            return commented

    def mentions(self, review: Review, text: str) -> Mentions:
        """Return the people that a comment names with `@`: those it tells, and the names of those it does not tell."""
        if "@" not in text:
            return Mentions()
        people = {each.name: each for each in self._people.everyone()}
        # Only the people named are looked up: a department may have thousands.
        return mentions(text, people, lambda name: self._access.sees(review, people[name]))
