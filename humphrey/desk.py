"""The application service: compose a draft, put it to review, decide on it, deliver it.

Every act and its ledger entry are one transaction. An act that is refused changes nothing, and leaves an entry saying
who tried what.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from humphrey.composing import Composer
from humphrey.conversing import Conversing
from humphrey.core import review as gate
from humphrey.core.delivery import Send
from humphrey.core.destinations import destination_fault
from humphrey.core.drafts import Commission, Draft, Drafter, Watch, silent
from humphrey.core.guidance import Lookup
from humphrey.core.ledger import Act, Entry
from humphrey.core.orders import ORDERS
from humphrey.core.papers import Papers
from humphrey.core.review import Release, Review
from humphrey.core.revisions import Reviser, by_rule
from humphrey.core.rights import require
from humphrey.core.screening import Highest
from humphrey.core.search import MayRead, Search
from humphrey.errors import CommissionError, ReviewError
from humphrey.instructing import Instructing
from humphrey.outbox import Deliveries, Failure, Outbox
from humphrey.people import People
from humphrey.store import attachments as attachment_store
from humphrey.store import conversations as conversation_store
from humphrey.store import ledger as ledger_store
from humphrey.store import outbox as outbox_store
from humphrey.store import reviews as review_store
from humphrey.store.engine import Database
from humphrey.store.outbox import Posting
from humphrey.turns import Turns

__all__ = ["Deliveries", "Desk", "Failure", "silent"]

logger = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class Desk(Conversing, Turns, Instructing):
    """The desk; what people asked and were given is kept as `Conversing` says, and cleared in turns as `Turns` says.

    The model changes drafts as `Instructing` says.

    Args:
        search: finds passages; offered to whoever measures the desk.
        drafter: writes drafts.
        database: where everything is kept.
        papers: the kinds that can be commissioned.
        lookup: documents as they stood, for the checks.
        may_read: who may read which of them.
        people: who may act.
        highest: the highest marking that may be held here.
        claim: how long a reviewer's claim on a draft lasts.
        revise: changes drafts as somebody tells it to.
        outlets: where texts can go from here.
        now: the clock.
    """

    def __init__(
        self,
        search: Search,
        drafter: Drafter,
        database: Database,
        papers: Papers,
        lookup: Lookup,
        may_read: MayRead,
        people: People,
        *,
        highest: Highest = "OFFICIAL",
        claim: timedelta = timedelta(minutes=30),
        revise: Reviser = by_rule,
        outlets: Collection[str] = ("web", "file"),
        now: Callable[[], datetime] = _now,
    ) -> None:
        Conversing.__init__(self, database, people, now)
        compose = Composer(drafter, papers, lookup, people.groups, self._files, highest, revise)
        Turns.__init__(self, database, people, compose, papers, lookup, may_read, claim, now)
        self.search = search
        self.outlets = outlets
        self._outbox = Outbox(database, now)

    def compose(self, commission: Commission, watch: Watch = silent) -> Draft:
        """A checked draft of what was asked for, from the guidance that the asker may read.

        Nothing is recorded but that a question was refused, or that it tried to give orders; and of that no word. A
        refused draft says why in its text, holds nothing of what was asked, and can be neither kept nor reviewed.

        Raises:
            CommissionError: there is no such kind, the question or a fact will not do, or it cannot go where it should.
            ModelError: the model did not answer, or not usably.
        """
        self._require_destination(commission)
        draft = self._compose(commission, watch)
        self._record(draft)
        return draft

    def take(self, commission: Commission) -> Review:
        """Compose what was asked for and put it to review."""
        return self.open_review(self.compose(commission))

    def deliver(self, outlet: str, send: Send) -> Deliveries:
        """Send what waits for an outlet, as `Outbox.deliver` does: at least once, under one key."""
        return self._outbox.deliver(outlet, send)

    def postings(self, *, everything: bool = False) -> Sequence[Posting]:
        """What is approved and has not left, or all that ever was, longest waiting first."""
        return outbox_store.list_items(self._database, everything=everything)

    def put_back(self, review_id: str, administrator: str) -> None:
        """Have what was set aside tried again.

        Raises:
            IdentityError: they are unknown or disabled.
            NotPermitted: they are no administrator.
            ReviewError: nothing of that review is set aside.
        """
        with self._act("release:retry", review_id, administrator) as tx:
            require(self._people.person(administrator), "administer")
            at = self._now()
            outbox_store.put_back(tx, review_id, at)
            ledger_store.enter(tx, administrator, "release:retry", review_id, {}, at)

    def released_to(self, person: str) -> Sequence[Release]:
        """What the pages have delivered to a person, latest first, each minted again; what cannot be is left out."""
        delivered = review_store.delivered_to(self._database, person, "web")
        records = ledger_store.entries_by_subject(self._database, [review.id for review in delivered])
        minted = (_minted(review, records[review.id]) for review in reversed(delivered))
        return [permit for permit in minted if permit and (permit.recipient, permit.outlet) == (person, "web")]

    def send(self, exchange_id: str, owner: str, outlet: str = "web", to: str = "") -> Review:
        """Put a draft that was kept on the reviewers' list.

        Args:
            exchange_id: the exchange that holds it.
            owner: whose it is.
            outlet: where it goes once it is released.
            to: the address there, as its owner gives it; the approval binds both.

        Raises:
            AlreadyDecided: it was sent before.
            CommissionError: the owner has no such exchange, or it cannot go there.
            IdentityError: the owner is unknown or disabled.
        """
        with self._act("review:open", exchange_id, owner) as tx:
            exchange = conversation_store.exchange(tx, exchange_id, owner)
            asked = replace(exchange.draft.commission, outlet=outlet, reply_to=to.strip())
            self._require_destination(asked)
            review = self._open(tx, replace(exchange.draft, commission=asked), exchange.id)
            conversation_store.mark_sent(tx, exchange, review.id)
            return review

    def _require_destination(self, asked: Commission) -> None:
        """Let through what can go where it should; an address is only ever what whoever asks says."""
        if fault := destination_fault(asked.outlet, asked.reply_to):
            raise CommissionError(fault)
        if asked.outlet not in self.outlets:
            raise CommissionError("nothing leaves by e-mail here yet; whoever runs humphrey sets HUMPHREY_SMTP__HOST")

    def _record(self, draft: Draft) -> None:
        reasons = ", ".join(finding.check for finding in draft.findings)
        if draft.status == "refused":
            self._enter(draft, "question:refuse", draft.commission.kind, {"why": reasons})
        elif ORDERS in reasons.split(", "):
            self._enter(draft, "question:orders", draft.digest, {})

    def _enter(self, draft: Draft, what: Act, subject: str, detail: Mapping[str, str]) -> None:
        with self._database.transaction() as tx:
            ledger_store.enter(tx, draft.commission.asked_by, what, subject, detail, self._now())
        logger.info("question_looked_at", extra={"act": what, "subject": subject, **detail})

    def _files(self, conversation_id: str, owner: str) -> Collection[str]:
        """The documents that somebody gave to a conversation of theirs; none where it is not theirs."""
        return (
            attachment_store.attached_documents(self._database, conversation_id)
            if conversation_store.is_owner(self._database, conversation_id, owner)
            else ()
        )


def _minted(review: Review, record: Sequence[Entry]) -> Release | None:
    try:
        return gate.release(review, record)
    except ReviewError as error:
        logger.error("release_withheld", extra={"review": review.id, "why": type(error).__name__})
        return None
