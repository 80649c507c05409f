"""A real desk whose drafter cites a document that is really stored, and the case files of what was done at it."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from humphrey.accounts import store as account_store
from humphrey.accounts.model import DEMONSTRATION_PEOPLE
from humphrey.accounts.passwords import Argon2Passwords
from humphrey.accounts.service import Accounts
from humphrey.checks.registry import CHECKS
from humphrey.clearance.gate import Release
from humphrey.clearance.model import Review
from humphrey.conversations import store as conversation_store
from humphrey.database.engine import open_database
from humphrey.database.transaction import Transaction
from humphrey.delivery.model import Receipt
from humphrey.digests import digest_of
from humphrey.documents.ingest import SourceFile
from humphrey.documents.model import Document, Imprint, split
from humphrey.guidance import store as document_store
from humphrey.ledger import store as ledger_store
from humphrey.papers.draft import Citation, Commission, Draft, DraftRequest, ModelName, OnText, Step
from humphrey.papers.loader import load
from humphrey.records.case_files.pdf import render_pdf
from humphrey.records.case_files.service import CaseFiles
from humphrey.records.disclosure.service import Disclosure
from tests.support.services import desk_from
from tests.support.signing import sign_entries

GUIDANCE = Document(
    "foi",
    Imprint("Answering requests", "https://example.org/foi"),
    "A request may come by letter or e-mail.\n\nThe law gives twenty working days. It is said to be a limit.",
)


QUOTE = "The law gives twenty working days."


QUESTION = "How long does the law give for an answer?"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def cite() -> Citation:
    start = GUIDANCE.text.index(QUOTE)
    imprint = GUIDANCE.imprint
    return Citation(
        "1", "foi", GUIDANCE.version, imprint.title, imprint.url, ("Time",), QUOTE, start, start + len(QUOTE)
    )


def drafter(request: DraftRequest, watch: OnText) -> Draft:
    text = f"“{QUOTE}” [1]"
    watch(text)
    model = ModelName("test", "fixed", {"temperature": "0"})
    steps = (Step("search", 0.25, "1 passage"),)
    note = "For colleagues." if "with a note" in request.commission.text else ""
    return Draft(request.commission, "answered", text, model, (cite(),), steps=steps, note=note)


class Office:
    """Everything that a record needs, joined on one database."""

    def __init__(self, folder: Path, now: Callable[[], datetime], url: str = "") -> None:
        self.url = url or f"sqlite:///{folder / 'humphrey.db'}"
        self.now = now
        self.database = open_database(self.url)
        self.people = Accounts(self.database, Argon2Passwords(), demonstration=True, now=now)
        sign_entries(self.database, now=now)
        with self.database.transaction() as tx:
            document_store.save(tx, GUIDANCE, split(GUIDANCE), SourceFile("foi.md", "sha256:1"), frozenset(), now())
            ledger_store.enter(tx, "olga", "document:add", "foi", document_store.entry_detail(tx, "foi"), now())
        self.desk = desk_from(
            drafter,
            self.database,
            load(CHECKS),
            partial(document_store.document, self.database),
            self.may_read,
            self.people,
            now=now,
        )
        self.disclosing = Disclosure(
            self.database,
            self.people,
            self.may_read,
            self.desk.drafting.findings,
            self.desk.clearance.open_review,
            now,
        )
        self.cases = CaseFiles(
            self.database, self.people, partial(document_store.document, self.database), self.may_read, render_pdf, now
        )

    def may_read(self, document: str, groups: Collection[str], version: str = "") -> bool:
        audience = document_store.audience(self.database, document, version)
        return audience is not None and (not audience or bool(audience & set(groups)))

    def with_account(self, name: str, **changes: Any) -> None:
        """Change a person; the demonstration people become accounts first."""
        if self.people.demonstration:
            with self.database.transaction() as tx:
                for person in DEMONSTRATION_PEOPLE:
                    account_store.add_person(tx, person, "", self.now())
        self.people.change(name, lambda person: replace(person, **changes))

    def drop(self, conversation: str, owner: str, begin: Callable[[Transaction], bool]) -> bool:
        """As `Attached.dispose_of` does, without files."""
        with self.database.transaction() as tx:
            if not begin(tx):
                return False
            conversation_store.delete_conversation(tx, conversation, owner)
        return True

    def ask(self, text: str = QUESTION, asked_by: str = "amina", outlet: str = "web") -> Review:
        return self.desk.clearance.take(Commission("answer", text, asked_by, outlet))

    def delivered(self, text: str = QUESTION, outlet: str = "web") -> Review:
        """A review that was commented on, returned, amended, approved and delivered."""
        review = self.ask(text, outlet=outlet)
        self.desk.clearance.decide(
            review.id, "return", "grace", review.draft.digest, "Say which law, for Ms Blackthorn."
        )
        amended = self.desk.clearance.amend(review.id, f"The Act says it: “{QUOTE}” [1]", "amina")
        self.desk.assignment.comment(review.id, "grace", "Read against the Act, by Ms Blackthorn too.")
        self.desk.clearance.decide(review.id, "approve", "grace", amended.draft.digest)
        self.desk.deliver(outlet, shown)
        return self.desk.clearance.review(review.id)


def shown(release: Release) -> Receipt:
    return Receipt(f"shown to {release.recipient}", digest_of(release.text.encode()))
