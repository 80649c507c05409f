"""The application service: compose a draft, put it to review, decide on it, deliver it.

Every act and its ledger entry are one transaction. An act that is refused changes nothing, and leaves an entry saying
who tried what.
"""

import logging
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import cache

from humphrey.composing import LONGEST_TEXT, Composer
from humphrey.conversing import Conversing, require_taken
from humphrey.core import review as gate
from humphrey.core.attaching import open_to
from humphrey.core.checks import check_sources
from humphrey.core.drafts import Commission, Draft, Drafter, Finding, Watch, canonical, sha256
from humphrey.core.guidance import Lookup
from humphrey.core.ledger import Act, Entry
from humphrey.core.orders import ORDERS
from humphrey.core.papers import Papers
from humphrey.core.people import Person
from humphrey.core.review import Decision, Release, Review, Verdict
from humphrey.core.screening import Highest
from humphrey.core.search import MayRead, Search
from humphrey.core.words import fit
from humphrey.errors import (
    CommissionError,
    IdentityError,
    NotPermitted,
    ReviewError,
)
from humphrey.outbox import Deliveries, Failure, Outbox
from humphrey.people import People
from humphrey.store import Store, Transaction

__all__ = ["Deliveries", "Desk", "Failure", "silent"]

logger = logging.getLogger(__name__)

_LONGEST_REASON = 5_000
_RULING: dict[Verdict, Act] = {"approve": "review:approve", "return": "review:return", "refuse": "review:refuse"}


def silent(_text: str) -> None:
    """Watches nothing."""


def _now() -> datetime:
    return datetime.now(UTC)


class Desk(Conversing):
    """The desk; what people asked and were given is kept as `Conversing` says.

    Args:
        search: finds passages; offered to whoever measures the desk.
        drafter: writes drafts.
        store: where everything is kept.
        papers: the kinds that can be commissioned.
        lookup: documents as they stood, for the checks.
        may_read: who may read which of them.
        people: who may act.
        highest: the highest marking that may be held here.
        now: the clock.
    """

    def __init__(
        self,
        search: Search,
        drafter: Drafter,
        store: Store,
        papers: Papers,
        lookup: Lookup,
        may_read: MayRead,
        people: People,
        *,
        highest: Highest = "OFFICIAL",
        now: Callable[[], datetime] = _now,
    ) -> None:
        super().__init__(store, people, now)
        self.search = search
        self.papers = papers
        self._compose = Composer(drafter, papers, lookup, people.groups, self._files, highest)
        self._lookup = lookup
        self._may_read = may_read
        self._outbox = Outbox(store, now)

    def compose(self, commission: Commission, watch: Watch = silent) -> Draft:
        """A checked draft of what was asked for, from the guidance that the asker may read.

        Nothing is recorded but that a question was refused, or that it tried to give orders; and of that no word. A
        refused draft says why in its text, holds nothing of what was asked, and can be neither kept nor reviewed.

        Raises:
            CommissionError: there is no such kind, or the question or a fact will not do.
            ModelError: the model did not answer, or not usably.
        """
        draft = self._compose(commission, watch)
        self._record(draft)
        return draft

    def open_review(self, draft: Draft) -> Review:
        """Put a draft on the reviewers' list, in the name of whoever asked for it.

        Raises:
            CommissionError: the draft was refused.
            IdentityError: whoever asked is unknown or disabled.
        """
        with self._act("review:open", draft.digest, draft.commission.asked_by) as act:
            return self._open(act, draft)

    def take(self, commission: Commission) -> Review:
        """Compose what was asked for and put it to review."""
        return self.open_review(self.compose(commission))

    def awaiting(self, reviewer: str) -> Sequence[Review]:
        """What a reviewer should look at, oldest first: drafts that cite nothing they may not read."""
        reader = self._reader(reviewer)
        return [review for review in self._store.reviews({"open"}) if open_to(review, reader, self._may_read)]

    def reviews(self, everything: bool) -> Sequence[Review]:
        """What awaits clearance, or everything there ever was; oldest first."""
        return self._store.reviews(None if everything else {"open"})

    def review(self, review_id: str) -> Review:
        """The review of that id.

        Raises:
            ReviewError: there is none.
        """
        return self._store.review(review_id)

    def opened(self, review_id: str, reviewer: str) -> Review:
        """A review as a reviewer opens it.

        Raises:
            NotPermitted: it cites a document that they may not read.
            ReviewError: there is none.
        """
        review = self._store.review(review_id)
        self._require_reading(review, reviewer)
        return review

    def history(self, review_id: str) -> Sequence[Entry]:
        """What was done and tried with a review, in order."""
        return list(self._store.entries(review_id))

    def sent_by(self, person: str) -> Sequence[Review]:
        """What a person sent for clearance, oldest first."""
        return self._store.reviews(asked_by=person)

    def amend(self, review_id: str, text: str, editor: str) -> Review:
        """Give a draft other words and check them; citations that the new words no longer point at go.

        Raises:
            CommissionError: the text is empty, too long or not text.
            NotPermitted: the editor is neither a reviewer nor an author of it.
            ReviewError: there is no such review, it was decided, or nothing was changed.
        """
        with self._act("review:amend", review_id, editor) as act:
            person, text = self._people.person(editor), fit(text, "the text", LONGEST_TEXT)
            stored = act.review(review_id)
            if person.role != "reviewer" and editor not in stored.authors:
                raise NotPermitted(f"{editor} neither asked for review {review_id} nor is a reviewer; ask one of them")
            if editor not in stored.authors:
                self._require_reading(stored, editor)
            if text == stored.draft.text:
                raise ReviewError(f"the text of review {review_id} is as it was; change it, then send it")
            cited = tuple(each for each in stored.draft.citations if f"[{each.marker}]" in text)
            worded, at = replace(stored.draft, text=text, citations=cited), self._now()
            draft = replace(worded, findings=self._compose.found(worded))
            amended = gate.amend(stored, draft, editor, at)
            act.save(amended)
            act.enter(editor, "review:amend", review_id, {"digest": draft.digest}, at)
            return amended

    def recheck(self) -> Sequence[str]:
        """Check what can still be amended against its sources as they are today; the ids of what has other findings.

        To be called after the guidance changed. It looks at the stored state alone, so being called late, or again,
        or after a stop in the middle does no harm.
        """
        amendable, today = self._store.reviews({"open", "returned"}), cache(self._lookup)
        stale = [review.id for review in amendable if self._found_in(review.draft, today) != review.draft.findings]
        return [review_id for review_id in stale if self._rechecked(review_id)]

    def decide(self, review_id: str, verdict: Verdict, reviewer: str, digest: str, reason: str = "") -> Review:
        """Record a ruling; what is approved is put in its outlet's outbox at once.

        Args:
            review_id: the review.
            verdict: the ruling.
            reviewer: who rules; a reviewer who had no hand in the draft.
            digest: of the draft the reviewer was shown.
            reason: for the author; needed unless it is approved.

        Raises:
            CommissionError: the reason is too long or not text.
            IdentityError: the reviewer is unknown or disabled.
            ReviewError: the ruling is refused; its subclass says why.
        """
        if verdict not in _RULING:
            raise ReviewError(f"no verdict {verdict!r}; it is one of {', '.join(_RULING)}")
        with self._act(_RULING[verdict], review_id, reviewer) as act:
            reason = fit(reason, "the reason", _LONGEST_REASON) if reason.strip() else ""
            self._require_reviewer(reviewer)
            stored, at = act.review(review_id), self._now()
            self._require_reading(stored, reviewer)
            decided = gate.decide(stored, Decision(verdict, reviewer, digest, reason, at))
            act.enter(reviewer, _RULING[verdict], review_id, {"digest": digest}, at)
            if verdict == "approve":
                decided = _queued(act, decided, at)
            act.save(decided)
            return decided

    def deliver(self, outlet: str, send: Callable[[Release], str]) -> Deliveries:
        """Send what waits for an outlet, as `Outbox.deliver` does: at least once, under one key."""
        return self._outbox.deliver(outlet, send)

    def released_to(self, person: str) -> Sequence[Release]:
        """What the pages have delivered to a person, latest first, each minted again; what cannot be is left out."""
        delivered = self._store.delivered_to(person, "web")
        records = self._store.records([review.id for review in delivered])
        minted = (_minted(review, records[review.id]) for review in reversed(delivered))
        return [permit for permit in minted if permit and (permit.recipient, permit.outlet) == (person, "web")]

    def send(self, exchange_id: str, owner: str) -> Review:
        """Put a draft that was kept on the reviewers' list.

        Raises:
            AlreadyDecided: it was sent before.
            CommissionError: the owner has no such exchange.
            IdentityError: the owner is unknown or disabled.
        """
        with self._act("review:open", exchange_id, owner) as act:
            exchange = act.exchange(exchange_id, owner)
            review = self._open(act, exchange.draft)
            act.mark_sent(exchange, review.id)
            return review

    @contextmanager
    def _act(self, tried: Act, subject: str, actor: str) -> Iterator[Transaction]:
        """One transaction; when the act is refused, everything is taken back and the attempt goes on the record."""
        try:
            with self._store.transaction() as act:
                yield act
        except (CommissionError, IdentityError, ReviewError) as error:
            why = type(error).__name__
            logger.info("act_refused", extra={"tried": tried, "subject": subject, "why": why})
            with self._store.transaction() as act:
                act.enter(actor, "act:refused", subject, {"tried": tried, "why": why}, self._now())
            raise

    def _record(self, draft: Draft) -> None:
        reasons = ", ".join(finding.check for finding in draft.findings)
        if draft.status == "refused":
            self._enter(draft, "question:refuse", draft.commission.kind, {"why": reasons})
        elif ORDERS in reasons.split(", "):
            self._enter(draft, "question:orders", draft.digest, {})

    def _enter(self, draft: Draft, what: Act, subject: str, detail: Mapping[str, str]) -> None:
        with self._store.transaction() as act:
            act.enter(draft.commission.asked_by, what, subject, detail, self._now())
        logger.info("question_looked_at", extra={"act": what, "subject": subject, **detail})

    def _open(self, act: Transaction, draft: Draft) -> Review:
        require_taken(draft)
        asker, at = self._people.person(draft.commission.asked_by), self._now()
        review = gate.open_review(secrets.token_hex(8), draft, at)
        act.add(review)
        act.enter(asker.name, "review:open", review.id, {"digest": draft.digest, "kind": draft.commission.kind}, at)
        return review

    def _rechecked(self, review_id: str) -> bool:
        with self._store.transaction() as act:
            review, at = act.review(review_id), self._now()
            found = self._found_in(review.draft, self._lookup)
            if review.state not in {"open", "returned"} or found == review.draft.findings:
                return False
            act.save(gate.recheck(review, found, at))
            said = sha256(canonical([asdict(finding) for finding in found]))
            act.enter("humphrey", "review:recheck", review_id, {"digest": review.draft.digest, "findings": said}, at)
        logger.info("review_rechecked", extra={"review": review_id, "findings": len(found)})
        return True

    def _found_in(self, draft: Draft, lookup: Lookup) -> tuple[Finding, ...]:
        """What the checks say of a draft with its sources looked at again; as it was where its kind is no more."""
        paper = self.papers.get(draft.commission.kind)
        return check_sources(draft, paper, lookup) if paper else draft.findings

    def _reader(self, name: str) -> Person:
        """Somebody as a reader; whoever may do nothing is in no group."""
        try:
            return self._people.person(name)
        except IdentityError:
            return Person(name, "official")

    def _require_reading(self, review: Review, name: str) -> None:
        if not open_to(review, self._reader(name), self._may_read):
            raise NotPermitted(
                f"review {review.id} cites a document that {name} may not read; a reviewer in its groups must decide"
            )

    def _files(self, conversation_id: str, owner: str) -> Collection[str]:
        """The documents that somebody gave to a conversation of theirs; none where it is not theirs."""
        return self._store.attached_documents(conversation_id) if self._store.owns(conversation_id, owner) else ()

    def _require_reviewer(self, name: str) -> None:
        if self._people.person(name).role != "reviewer":
            raise NotPermitted(f"{name} is not a reviewer; somebody who is must decide")


def _minted(review: Review, record: Sequence[Entry]) -> Release | None:
    try:
        return gate.release(review, record)
    except ReviewError as error:
        logger.error("release_withheld", extra={"review": review.id, "why": type(error).__name__})
        return None


def _queued(act: Transaction, approved: Review, at: datetime) -> Review:
    permit = gate.release(approved, act.entries(approved.id))
    act.queue(permit, at)
    act.enter("humphrey", "release:mint", approved.id, {"digest": permit.digest, "outlet": permit.outlet}, at)
    return replace(approved, state="released")
