"""Drafting: compose and check drafts, and enter the questions that were refused or that gave orders."""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime

from humphrey.database.engine import Database
from humphrey.documents.model import DocumentLookup
from humphrey.drafting.pipeline import Composer
from humphrey.drafting.questions.prompt_injection import ORDERS
from humphrey.drafting.questions.screening import Highest
from humphrey.drafting.revision.by_rule import Reviser, Revision, by_rule
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import Act
from humphrey.papers.destinations import Destination, require_destination
from humphrey.papers.draft import Commission, Draft, Drafter, Finding, OnText, silent
from humphrey.papers.kind import Papers

logger = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class DraftingService:
    """Composes, checks and revises drafts.

    Args:
        drafter: writes drafts.
        papers: the kinds that can be commissioned.
        lookup: returns documents as they stood, for the checks.
        groups: returns the groups of a person.
        files: returns the ids of the files of a conversation, given the conversation and its owner; empty for others.
        database: holds the ledger.
        highest: the highest marking that may be held here.
        revise: changes drafts by instruction.
        destinations: the destinations of texts, by the name of their outlet.
        now: the clock.
    """

    def __init__(
        self,
        drafter: Drafter,
        papers: Papers,
        lookup: DocumentLookup,
        groups: Callable[[str], Collection[str]],
        files: Callable[[str, str], Collection[str]],
        database: Database,
        *,
        destinations: Mapping[str, Destination],
        highest: Highest = "OFFICIAL",
        revise: Reviser = by_rule,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._composer = Composer(drafter, papers, lookup, groups, files, highest, revise)
        self.papers = papers
        self.destinations = destinations
        self._database = database
        self._now = now

    def compose(self, commission: Commission, watch: OnText = silent) -> Draft:
        """Compose a checked draft from the guidance that the asker may read.

        The ledger is told only of a question that was refused or that gave orders, without its words. A refused draft
        gives the reason as its text, holds nothing of the question, and can be neither kept nor reviewed.

        Raises:
            CommissionError: the kind is unknown, or the question, a fact or the destination is not accepted.
            ModelError: the model gave no answer or an unusable one.
        """
        require_destination(commission, self.destinations)
        draft = self._composer(commission, watch)
        self._record(draft)
        return draft

    def found(self, draft: Draft) -> tuple[Finding, ...]:
        """Return the findings of the checks of a draft's kind."""
        return self._composer.found(draft)

    def instruction(self, text: str) -> str:
        """Return an instruction to the model, trimmed.

        Raises:
            CommissionError: it is empty, too long, not text, or holds what may not be held here.
        """
        return self._composer.instruction(text)

    def revised(self, revision: Revision, watch: OnText) -> Draft:
        """Return a checked draft for the same commission, reworded by the model as instructed.

        Raises:
            CommissionError: the instruction cannot be followed here; the message says what can.
            ModelError: the model gave no answer or an unusable one.
        """
        return self._composer.revised(revision, watch)

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
