"""Drafting: write, check and revise drafts, and record the questions that were refused or that gave orders."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from humphrey.calculations.workings import STANDARD, Office
from humphrey.database.engine import Database
from humphrey.documents.model import DocumentLookup
from humphrey.drafting.pipeline import Pipeline, commissioned_paper, findings_of, paper_of, usable
from humphrey.drafting.questions.prompt_injection import ORDERS, find_prompt_injection
from humphrey.drafting.questions.screening import Highest, screen
from humphrey.drafting.revision.by_rule import Reviser, Revision, revise_by_rule
from humphrey.errors import CommissionError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import Act
from humphrey.papers.assembly.department import UNNAMED, Department
from humphrey.papers.destinations import Destination, require_destination
from humphrey.papers.draft import Commission, Draft, Drafter, Finding, OnText, silent
from humphrey.papers.given import rests_on
from humphrey.papers.kind import Paper, Papers
from humphrey.papers.origins import knowing
from humphrey.papers.standard_wording import NO_ADVICE
from humphrey.text.dates import local_date
from humphrey.text.validation import disguise_fault, validate_text

logger = logging.getLogger(__name__)


_LONGEST_INSTRUCTION = 2_000
"""The most characters of an instruction."""


_INSTRUCTION_GAVE_ORDERS = "what the model was told reads like orders to the system; compare the wordings with care"


def _now() -> datetime:
    return datetime.now(UTC)


class DraftingService:
    """Writes, checks and revises drafts.

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
        office: the calendar of the department.
        department: what letters say of the department.
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
        revise: Reviser = revise_by_rule,
        office: Office = STANDARD,
        department: Department = UNNAMED,
        now: Callable[[], datetime] = _now,
    ) -> None:
        papers = knowing(papers, department)
        self._pipeline = Pipeline(
            drafter, papers, lookup, groups, files, highest, lambda: local_date(now()), office, department
        )
        self._lookup = lookup
        self.highest = highest
        self._reviser = revise
        self.papers = papers
        self.destinations = destinations
        self._database = database
        self._now = now

    def compose(self, commission: Commission, watch: OnText = silent) -> Draft:
        """Return a checked draft, written from the guidance that the asker may read.

        Only a question that was refused or that gave orders is recorded in the ledger, without its words. A refused
        draft gives the reason as its text, contains nothing of the question, and can be neither kept nor reviewed.

        Raises:
            CommissionError: the kind is unknown, or the question, a fact or the destination is not accepted.
            ModelError: the model gave no answer or an unusable one.
        """
        require_destination(commission, self.destinations)
        draft = self._pipeline.run(commission, watch)
        self._record(draft)
        return draft

    def kind(self, name: str) -> Paper:
        """Return the kind of paper of that name.

        Raises:
            CommissionError: it is unknown, or its papers are made by rule.
        """
        return commissioned_paper(self.papers, name)

    def findings(self, draft: Draft) -> tuple[Finding, ...]:
        """Return the findings of the checks of a draft's kind."""
        return findings_of(draft, paper_of(self.papers, draft.commission.kind), self._lookup)

    def accept_instruction(self, text: str) -> str:
        """Return an instruction to the model, trimmed. It is screened like a question.

        Raises:
            CommissionError: it is empty, too long, not text, or contains what may not be held here.
        """
        instruction = validate_text(text, "the instruction", _LONGEST_INSTRUCTION, checked_later=True)
        if refusal := screen(instruction, highest=self.highest, what="the instruction"):
            raise CommissionError(refusal.message)
        if fault := disguise_fault(instruction, "the instruction"):
            raise CommissionError(fault)
        return instruction

    def revise(self, revision: Revision, watch: OnText) -> Draft:
        """Return a checked draft for the same commission, reworded as instructed.

        Raises:
            CommissionError: the instruction cannot be followed here; the message says what can.
            ModelError: the model gave no answer or an unusable one.
        """
        before = revision.draft
        draft = usable(self._reviser(revision, commissioned_paper(self.papers, before.commission.kind), watch))
        if NO_ADVICE in before.text and NO_ADVICE not in draft.text:
            draft = replace(draft, text=f"{draft.text}\n\n{NO_ADVICE}")
        # A model may change the words only; commission, destination and due date stay.
        # What an older draft was given is not known, and does not become known by an instruction.
        given = None if before.given is None else rests_on(before)
        draft = replace(draft, commission=before.commission, workings=before.workings, due=before.due, given=given)
        orders: list[Finding] = []
        if find_prompt_injection(revision.instruction):
            orders.append(Finding(ORDERS, "warn", _INSTRUCTION_GAVE_ORDERS))
        return replace(draft, findings=(*draft.findings, *orders, *self.findings(draft)))

    def _record(self, draft: Draft) -> None:
        reasons = [finding.check for finding in draft.findings]
        if draft.status == "refused":
            self._enter(draft, "question:refuse", draft.commission.kind, {"why": ", ".join(reasons)})
        elif ORDERS in reasons:
            self._enter(draft, "question:orders", draft.digest, {})

    def _enter(self, draft: Draft, act: Act, subject: str, detail: Mapping[str, str]) -> None:
        with self._database.transaction() as tx:
            ledger_store.enter(tx, draft.commission.asked_by, act, subject, detail, self._now())
        logger.info("question_looked_at", extra={"act": act, "subject": subject, **detail})
