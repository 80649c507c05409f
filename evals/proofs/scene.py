"""A real humphrey for proofs: everything is built as by `app.build.start`, and only the drafter is replaced.

The drafter always writes the same cited sentence, so that a draft costs milliseconds and its checks find nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from humphrey.accounts import store as account_store
from humphrey.accounts.model import Person
from humphrey.accounts.service import Accounts
from humphrey.app.build import start
from humphrey.app.clearance import build_clearance
from humphrey.app.container import Humphrey
from humphrey.documents.audiences import EVERYONE
from humphrey.documents.ingest import SourceFile
from humphrey.documents.model import Document, Heading, Imprint, split
from humphrey.guidance import store as document_store
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import OPERATOR
from humphrey.papers.draft import Citation, Commission, Draft, Drafter, DraftRequest, ModelName, OnText
from humphrey.settings import Settings, SmtpSettings

TEXT = "Time limits\n\nEach request is answered promptly, and no later than twenty working days after it arrives.\n"


QUOTE = "Each request is answered promptly, and no later than twenty working days after it arrives."


NOTE = Document(
    "notes/time-limits",
    Imprint("Time limits", "https://guidance.example/limits", "Example Office", date(2026, 1, 5)),
    TEXT,
    (Heading(1, "Time limits", 0, 11),),
)


QUESTION = "How long do we have to answer a request?"


FIRST_WORDING = f"{QUOTE} [1]"


BOTH = ("OFFICIAL", "OFFICIAL-SENSITIVE")


CLOSED_NOTE = "the closed note"
"""A question about this is answered from a note that only the group `inner` may read."""


INNER = Document("notes/closed", replace(NOTE.imprint, title="Closed limits"), TEXT + "\nFor us.\n", NOTE.headings)


LIFE = timedelta(hours=72)
"""How long an approval lasts, as in the default setting."""


def wall_clock() -> datetime:
    """Return the present time, as humphrey itself takes it."""
    return datetime.now(UTC)


def written(request: DraftRequest, watch: OnText) -> Draft:
    """Act as the drafter: return a cited sentence of a note, whatever the kind of paper."""
    watch(FIRST_WORDING)
    return drafted(request.commission)


def drafted(commission: Commission) -> Draft:
    """Return the draft that is always written."""
    cited = _cited(INNER if commission.text.endswith(CLOSED_NOTE) else NOTE)
    return Draft(commission, "answered", FIRST_WORDING, ModelName("proof", "fixed"), (cited,))


def _cited(note: Document) -> Citation:
    start = note.text.index(QUOTE)
    title, url = note.imprint.title, note.imprint.url
    return Citation("1", note.id, note.version, title, url, ("Time limits",), QUOTE, start, start + len(QUOTE))


def joined(
    folder: Path,
    *,
    database_url: str = "",
    now: Callable[[], datetime] = wall_clock,
    mail_port: int = 0,
    draft: Drafter = written,
    people: Callable[[Humphrey], Accounts] = lambda whole: whole.accounts,
) -> Humphrey:
    """Build a humphrey on a data folder as `start` does, with the fixed drafter and a clock that can be moved.

    Args:
        folder: its data folder.
        database_url: the address of its database; empty for a SQLite file in the folder.
        now: the clock of its services.
        mail_port: the port of its mail server on loopback; 0 for none.
        draft: its drafter.
        people: returns the accounts to use; those of `start` if not given.
    """
    post = {"host": "127.0.0.1", "port": mail_port, "from": "humphrey@office.example", "tls": "none"}
    smtp = SmtpSettings.model_validate(post if mail_port else {})
    settings = Settings(data_dir=folder, database_url=database_url, smtp=smtp)
    whole = start(settings)
    library, accounts = whole.library, people(whole)
    desk = build_clearance(
        draft,
        whole.database,
        accounts,
        whole.drafting.papers,
        library.document,
        library.may_read,
        highest="OFFICIAL-SENSITIVE",
        outlets=("web", "file", "email"),
        now=now,
    )
    return replace(whole, accounts=accounts, **desk._asdict())


def furnish(humphrey: Humphrey, people: Iterable[Person] = ()) -> None:
    """Add to a new humphrey the notes that drafts cite, and people without passwords."""
    at = wall_clock()
    with humphrey.database.transaction() as tx:
        for note, audience in ((NOTE, EVERYONE), (INNER, frozenset({"inner"}))):
            document_store.save(tx, note, split(note), SourceFile(f"notes//{note.id}.md", "sha256:none"), audience, at)
            said = document_store.entry_detail(tx, note.id)
            ledger_store.enter(tx, OPERATOR, "document:add", note.id, said, at)
        for person in people:
            account_store.add_person(tx, person, "", at)
            ledger_store.enter(tx, OPERATOR, "person:add", person.name, account_store.kept(tx, person.name), at)


def add_with_own_passwords(humphrey: Humphrey, people: Iterable[Person], password: str) -> None:
    """Add people who have changed their first password."""
    for person in people:
        humphrey.accounts.add(person, password)
        with humphrey.database.transaction() as tx:
            account_store.set_password_giver(tx, person.name, "")
            said = {"changed": "password", **account_store.kept(tx, person.name)}
            ledger_store.enter(tx, person.name, "person:change", person.name, said, wall_clock())


def asking(
    asked_by: str, outlet: str = "web", *, about: str = "", marking: str = "OFFICIAL", to: str = ""
) -> Commission:
    """Return a commission; `about` tells it apart from others."""
    return Commission("answer", f"{QUESTION} {about}".strip(), asked_by, outlet, reply_to=to, marking=marking)
