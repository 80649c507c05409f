"""A desk on a real database, people to be told, and a clock that stands still until it is moved."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path

from humphrey.accounts.passwords import Argon2Passwords
from humphrey.accounts.service import Accounts
from humphrey.clearance.gate import Release
from humphrey.database.engine import Database, open_database
from humphrey.delivery.model import Receipt
from humphrey.digests import sha256
from humphrey.papers.draft import Citation, Commission, Draft, DraftRequest, ModelName, OnText
from humphrey.papers.kind import Paper
from tests.support.services import Desk, desk_from

PAPERS = {
    "answer": Paper("answer", "Answer", "A question about guidance.", (), (), ""),
    "letter": Paper("letter", "Letter", "A letter.", (), (), ""),
}


CITED = Citation("1", "foi", "sha256:1", "FOI", "https://example.org/foi", ("Time",), "twenty working days", 0, 19)


TEXT = "You have 20 working days to answer [1].\n\nThe day of arrival is not counted [1]. Send 3 copies."


class Clock:
    """A clock that stands still until it is moved; it begins on a Monday at noon."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def unheld(_document: str, _version: str) -> None:
    return None


def drafter(request: DraftRequest, _watch: OnText) -> Draft:
    return Draft(request.commission, "answered", TEXT, ModelName("test", "fixed"), (CITED,))


def anybody(_document: str, _groups: Collection[str], _version: str = "") -> bool:
    return True


def shown(release: Release) -> Receipt:
    """What the outlet `web` does."""
    return Receipt(f"shown to {release.recipient}", sha256(release.text))


def store_in(folder: Path) -> Database:
    return open_database(f"sqlite:///{folder / 'humphrey.db'}")


def people_of(database: Database, now: Callable[[], datetime]) -> Accounts:
    return Accounts(database, Argon2Passwords(), demonstration=True, now=now)


def desk_on(database: Database, now: Callable[[], datetime], draft: Callable[..., Draft] = drafter) -> Desk:
    people, highest = people_of(database, now), "OFFICIAL-SENSITIVE"
    return desk_from(draft, database, PAPERS, unheld, anybody, people, highest=highest, now=now)


def question(text: str = "How long do we have?", asked_by: str = "amina", kind: str = "answer") -> Commission:
    return Commission(kind, text, asked_by, "web")
