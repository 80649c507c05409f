"""A real desk on a real database; only the model's place is taken, by a drafter that always writes the same."""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path

from humphrey.adapters.passwords import Argon2Passwords
from humphrey.core.delivery import Receipt
from humphrey.core.drafts import Citation, Commission, Draft, ModelName, Watch
from humphrey.core.papers import DueRule, Field, Paper
from humphrey.core.search import Hit
from humphrey.desk import Desk
from humphrey.people import People
from humphrey.store.engine import Database, open_database

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
CITED = Citation("1", "foi", "sha256:1", "FOI", "https://example.org/foi", ("Time",), "twenty working days", 0, 19)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def nothing(_query: str, _limit: int, _groups: Collection[str] = ()) -> Sequence[Hit]:
    return []


def unheld(_document: str, _version: str) -> None:
    return None


def drafter(commission: Commission, paper: Paper, watch: Watch) -> Draft:
    watch("It says “twenty")
    return Draft(commission, "answered", "It says “twenty working days” [1].", ModelName("test", "fixed"), (CITED,))


def anybody(_document: str, _groups: Collection[str], _version: str = "") -> bool:
    return True


def store_in(folder: Path) -> Database:
    return open_database(f"sqlite:///{folder / 'humphrey.db'}")


def desk_on(database: Database, now: Callable[[], datetime], draft: Callable[..., Draft] = drafter) -> Desk:
    people = People(database, Argon2Passwords(), demonstration=True, now=now)
    papers = {paper.kind: paper for paper in (ANSWER, ACKNOWLEDGEMENT)}
    return Desk(nothing, draft, database, papers, unheld, anybody, people, now=now)


def question(text: str = QUESTION, asked_by: str = "amina", outlet: str = "web") -> Commission:
    return Commission("answer", text, asked_by, outlet)


def wall_clock() -> datetime:
    return datetime.now(UTC)
