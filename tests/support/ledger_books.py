"""A desk with something of everything done at it, the file of its published heads, and ways to change the database."""

import sqlite3
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from humphrey.accounts.passwords import Argon2Passwords
from humphrey.accounts.service import Accounts
from humphrey.clearance.gate import Release
from humphrey.clearance.model import Review
from humphrey.database.engine import open_database
from humphrey.delivery.model import Receipt
from humphrey.digests import digest_of
from humphrey.documents.ingest import SourceFile
from humphrey.documents.model import Document, Imprint, split
from humphrey.guidance import store as document_store
from humphrey.ledger import store as ledger_store
from humphrey.ledger.heads import StoredHead
from humphrey.ledger.publication_targets import append_to
from humphrey.ledger.publishing import Publisher
from humphrey.ledger.signing import Ed25519Keys, verify
from humphrey.papers.draft import Citation, Commission, Draft, DraftRequest, Finding, ModelName, OnText
from humphrey.papers.kind import Paper
from humphrey.records.verification.service import Verdict, Verification
from tests.support.services import desk_from
from tests.support.signing import sign_entries

ANSWER = Paper("answer", "Answer", "A question about guidance.", (), (), "")


NOTE = Document("foi", Imprint("Answering requests", "https://example.org/foi"), "The law gives twenty working days.")


CITED = Citation("1", "foi", NOTE.version, "Answering requests", "https://example.org/foi", ("Time",), NOTE.text, 0, 34)


WARNING = Finding("style", "warn", "This sentence is long.", 0, 5)


class Clock:
    """A clock that goes on by itself a little with every look, so that no two moments are one."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


def drafter(request: DraftRequest, watch: OnText) -> Draft:
    text = f"“{NOTE.text}” [1]"
    watch(text)
    return Draft(request.commission, "answered", text, ModelName("test", "fixed"), (CITED,), findings=(WARNING,))


def sent(release: Release) -> Receipt:
    return Receipt(f"shown to {release.recipient}", digest_of(release.text.encode()))


class Books:
    """A desk, its record, and what publishes and checks it."""

    def __init__(self, folder: Path, clock: Callable[[], datetime], url: str = "", **more: Any) -> None:
        self.folder = folder
        self.path = folder / "humphrey.db"
        self.file = folder / "heads.jsonl"
        self.clock = clock
        self.database = open_database(url or f"sqlite:///{self.path}")
        self.people = Accounts(self.database, Argon2Passwords(), demonstration=True, now=clock)
        sign_entries(self.database, now=clock)
        if document_store.document(self.database, "foi") is None:
            with self.database.transaction() as tx:
                document_store.save(tx, NOTE, split(NOTE), SourceFile("foi.md", "sha256:1"), frozenset(), clock())
                ledger_store.enter(tx, "olga", "document:add", "foi", document_store.entry_detail(tx, "foi"), clock())
        self.desk = desk_from(
            drafter,
            self.database,
            {"answer": ANSWER},
            partial(document_store.document, self.database),
            _readable,
            self.people,
            now=clock,
            **more,
        )
        self.keys = Ed25519Keys(folder / "keys", None)
        self.publishing = Publisher(self.database, self.keys, {"file": append_to(self.file)})

    def verify(self, files: Sequence[Path] = (), keys: Sequence[str] = ()) -> Verdict:
        checks = Verification(self.database, self.keys.public_keys, verify, self.file, self.clock)
        return checks.verify(files, keys)

    def heads(self) -> list[StoredHead]:
        with self.database.reading() as connection:
            return ledger_store.read_heads(connection)

    def take(self, asked_by: str = "amina") -> Review:
        return self.desk.clearance.take(Commission("answer", "How long do we have?", asked_by, "web"))

    def everything(self) -> list[str]:
        """One review of each fate; their ids."""
        released, returned, refused, waiting, amended = (self.take() for _ in range(5))
        self.desk.assignment.claim(released.id, "grace")
        self.desk.assignment.comment(released.id, "grace", "Is this the newest guidance?")
        self.desk.clearance.decide(released.id, "approve", "grace", released.draft.digest)
        self.desk.deliver("web", sent)
        self.desk.clearance.decide(
            returned.id, "return", "david", returned.draft.digest, "Say which Act.", ("unclear",)
        )
        self.desk.clearance.decide(refused.id, "refuse", "grace", refused.draft.digest, "Not ours.", ("not_ours",))
        self.desk.assignment.hand_over(waiting.id, "grace", "david")
        other = self.desk.clearance.amend(amended.id, "“The law gives twenty working days.” [1] Ask early.", "grace")
        self.desk.clearance.decide(amended.id, "approve", "david", other.draft.digest)
        return [each.id for each in (released, returned, refused, waiting, amended)]

    def change(self, statement: str, *values: object) -> int:
        """Change the database past humphrey; how many rows that was."""
        connection = sqlite3.connect(self.path)
        with connection:
            changed = connection.execute(statement, values).rowcount
        connection.close()
        return changed


def _readable(_document: str, _groups: Collection[str], _version: str = "") -> bool:
    return True
