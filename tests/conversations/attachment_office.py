"""Everything joined as it is in use, in a folder of its own, with three people and a little guidance."""

from dataclasses import dataclass
from pathlib import Path

from humphrey.accounts.model import Person
from humphrey.app import build
from humphrey.app.container import Humphrey
from humphrey.conversations.model import AttachedFile
from humphrey.papers.draft import Commission, Draft
from humphrey.settings import Settings

PASSWORD = "three random words"


LEAVE = "# Leave\n\nStaff have 25 days of annual leave in their first year.\n"


TRAVEL = "# Travel\n\nThe mileage rate for a private car is 45p a mile.\n"


PLAN = (
    "# Moving plan\n\nThe press office moves to Leeds on 3 March 2027.\n\n"
    "Hotels for the move may cost 120 pounds a night at most.\n"
)


@dataclass
class Office:
    """What the tests work with."""

    data: Path
    humphrey: Humphrey
    conversation: str

    def attach(
        self, content: str | bytes = PLAN, name: str = "plan.md", owner: str = "amina", to: str = ""
    ) -> AttachedFile:
        data = content if isinstance(content, bytes) else content.encode()
        return self.humphrey.attachments.attach(owner, to or self.conversation, name, data)

    def ask(self, question: str, by: str = "amina", conversation: str | None = None, **given: object) -> Draft:
        where = self.conversation if conversation is None else conversation
        return self.humphrey.drafting.compose(
            Commission("answer", question, by, "web", conversation=where, **given)  # type: ignore[arg-type]  # fields
        )

    def cites(self, draft: Draft) -> set[str]:
        return {each.document for each in draft.citations}

    def person(self, name: str) -> Person:
        return self.humphrey.accounts.person(name)

    def kept(self) -> list[Path]:
        return [path for path in (self.data / "attached" / "files").rglob("*") if path.is_file()]

    def vectors(self) -> list[Path]:
        return list((self.data / "attached" / "vectors").glob("*"))

    def close(self) -> None:
        self.humphrey.close()


def settings(folder: Path) -> Settings:
    return Settings(data_dir=folder / "data", corpus=folder / "corpus", threads=1)


def furnish(folder: Path) -> None:
    """People and guidance, indexed once for all tests."""
    (folder / "corpus").mkdir()
    (folder / "corpus" / "leave.md").write_text(LEAVE, encoding="utf-8")
    (folder / "corpus" / "travel.md").write_text(TRAVEL, encoding="utf-8")
    joined = build.start(settings(folder))
    joined.accounts.add(Person("amina", ("official",), ("press",)), PASSWORD)
    joined.accounts.add(Person("tom", ("official",), ("press",)), PASSWORD)
    joined.accounts.add(Person("grace", ("reviewer",)), PASSWORD)
    joined.accounts.add(Person("david", ("reviewer",), ("hr",)), PASSWORD)
    joined.library.index([folder / "corpus"])
    joined.close()


def office_at(folder: Path, conversation: str = "") -> Office:
    joined = build.start(settings(folder))
    return Office(folder / "data", joined, conversation or joined.conversations.new_conversation("amina").id)
