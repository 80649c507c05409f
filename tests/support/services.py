"""A real desk on a real database; only the model's place is taken, by a drafter that always writes the same."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from humphrey.accounts.passwords import Argon2Passwords
from humphrey.accounts.service import Accounts
from humphrey.app.clearance import build_clearance
from humphrey.clearance.access import Access
from humphrey.clearance.assignment import Assignment
from humphrey.clearance.instructions import Instructions
from humphrey.clearance.ratings.service import Ratings
from humphrey.clearance.service import ClearanceService
from humphrey.conversations.service import ConversationService
from humphrey.database.engine import Database, open_database
from humphrey.delivery.model import Receipt, Send
from humphrey.delivery.outbox import Deliveries
from humphrey.delivery.outlets import OUTLETS
from humphrey.delivery.service import DeliveryService
from humphrey.documents.audiences import MayRead
from humphrey.documents.model import DocumentLookup
from humphrey.drafting.service import DraftingService
from humphrey.ledger.attempts import Attempts
from humphrey.papers.draft import Citation, Commission, Draft, Drafter, DraftRequest, ModelName, OnText
from humphrey.papers.kind import DueRule, Field, Paper, Papers
from tests.support.signing import sign_entries

ANSWER = Paper("answer", "Answer", "A question about guidance.", (), (), "")


ACKNOWLEDGEMENT = Paper(
    "foi_acknowledgement",
    "Acknowledgement of an FOI request",
    "Says when a reply is due.",
    (Field("received", "Day received", "date"), Field("reference", "Reference", max_chars=20, required=False)),
    (),
    "",
    due=DueRule("foi_20wd", "received"),
)


SHOWN = Receipt("shown", "sha256:" + "0" * 64)


QUESTION = "How long do we have to answer?"


LIFE = timedelta(hours=72)
"""How long an approval is valid."""


CITED = Citation("1", "foi", "sha256:1", "FOI", "https://example.org/foi", ("Time",), "twenty working days", 0, 19)


@dataclass(frozen=True)
class Desk:
    """The services that a draft passes through, on one database."""

    drafting: DraftingService
    conversations: ConversationService
    clearance: ClearanceService
    assignment: Assignment
    instructions: Instructions
    access: Access
    ratings: Ratings
    delivery: DeliveryService
    database: Database
    people: Accounts
    now: Callable[[], datetime]

    def deliver(self, outlet: str, send: Send) -> Deliveries:
        """One round of delivery by an outlet of the test's own."""
        attempts, by = Attempts(self.database, self.now), replace(OUTLETS["web"], name=outlet, send=send)
        return DeliveryService(self.database, self.people, attempts, {outlet: by}, int, LIFE, self.now).deliver(outlet)


def wall_clock() -> datetime:
    return datetime.now(UTC)


def desk_from(
    draft: Drafter,
    database: Database,
    papers: Papers,
    lookup: DocumentLookup,
    may_read: MayRead,
    people: Accounts,
    *,
    now: Callable[[], datetime] = wall_clock,
    **more: Any,
) -> Desk:
    """Join the services; `more` is what `join_desk` takes."""
    sign_entries(database)
    joined = build_clearance(draft, database, people, papers, lookup, may_read, now=now, **more)
    delivery = DeliveryService(database, people, Attempts(database, now), OUTLETS, int, LIFE, now)
    return Desk(*joined, delivery, database, people, now)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def unheld(_document: str, _version: str) -> None:
    return None


def drafter(request: DraftRequest, watch: OnText) -> Draft:
    watch("It says “twenty")
    return Draft(
        request.commission, "answered", "It says “twenty working days” [1].", ModelName("test", "fixed"), (CITED,)
    )


def anybody(_document: str, _groups: Collection[str], _version: str = "") -> bool:
    return True


def store_in(folder: Path) -> Database:
    return open_database(f"sqlite:///{folder / 'humphrey.db'}")


def desk_on(
    database: Database, now: Callable[[], datetime], draft: Callable[..., Draft] = drafter, **more: Any
) -> Desk:
    people = Accounts(database, Argon2Passwords(), demonstration=True, now=now)
    papers = {paper.kind: paper for paper in (ANSWER, ACKNOWLEDGEMENT)}
    return desk_from(draft, database, papers, unheld, anybody, people, now=now, **more)


def question(text: str = QUESTION, asked_by: str = "amina", outlet: str = "web") -> Commission:
    return Commission("answer", text, asked_by, outlet)
