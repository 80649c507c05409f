"""A real server on loopback with a real store behind it, and a drafter that always writes the same."""

import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NoReturn
from unittest.mock import patch

import pytest
import uvicorn
from fastapi import FastAPI

from humphrey.accounts.oidc.sign_in import OidcSignIn
from humphrey.accounts.passwords import Argon2Passwords
from humphrey.accounts.refused_requests import RefusedRequests
from humphrey.accounts.service import Accounts
from humphrey.app.delivery import build_exporter
from humphrey.app.paths import now
from humphrey.calculations.workings import Working
from humphrey.checks.registry import CHECKS
from humphrey.clearance.access import Access
from humphrey.clearance.deadlines import ReminderSchedule
from humphrey.clearance.deciding.service import DecidingRules
from humphrey.clearance.notifications.service import Notifications
from humphrey.clearance.reminders import Reminders
from humphrey.clearance.reviewer_statistics.service import ReviewerStatistics
from humphrey.conversations.attachments import Attachments
from humphrey.database.engine import Database, open_database
from humphrey.delivery.downloads import Downloads
from humphrey.delivery.outlets.web import OUTLET, show
from humphrey.delivery.service import DeliveryService
from humphrey.documents.audiences import EVERYONE
from humphrey.documents.ingest import SourceFile
from humphrey.documents.model import Document, Heading, Imprint, split
from humphrey.drafting.steps import report_step
from humphrey.errors import DocumentError, ModelError
from humphrey.guidance import store as document_store
from humphrey.guidance.curation import Curation
from humphrey.guidance.library import Library
from humphrey.guidance.uploads import Uploads
from humphrey.ledger import store as ledger_store
from humphrey.ledger.attempts import Attempts
from humphrey.ledger.publication_targets import append_to
from humphrey.ledger.publishing import Publisher
from humphrey.ledger.signing import Ed25519Keys, verify
from humphrey.papers.assembly.sections import assemble, joined
from humphrey.papers.draft import Citation, Draft, DraftRequest, Finding, ModelName, OnText, Status, Step, Usage
from humphrey.papers.kind import Field, Paper
from humphrey.papers.loader import load
from humphrey.records.audit import Audit
from humphrey.records.case_files.service import CaseFiles
from humphrey.records.disclosure.service import Disclosure
from humphrey.records.verification.service import Verification
from humphrey.web.app import build, uvicorn_config
from humphrey.web.services import Address, Services
from tests.support.services import Desk, desk_from
from tests.support.signing import sign_entries

GUIDANCE = (
    "Time limits\n\nEach request is answered promptly, and no later than twenty working days after it arrives.\n\n"
    "- The day of arrival is not counted.\n- A bank holiday anywhere in the country is not counted.\n\n"
    "<script>alert('guidance')</script> is shown as it is written.\n"
)


QUOTE = "no later than twenty working days after it arrives"


NOTE = Document(
    "notes/time-limits",
    Imprint("Time limits <b>in short</b>", "https://guidance.example/limits", "Example Office", date(2026, 1, 5)),
    GUIDANCE,
    (Heading(1, "Time limits", 0, 11),),
)


KINDS = load(CHECKS)


PAPERS = {
    "answer": Paper("answer", "Answer", "An answer from guidance.", (), (), ""),
    "receipt": Paper(
        "receipt",
        "Acknowledgement of a letter",
        "Says that a letter arrived.",
        (
            Field("name", "Who wrote", hint="As they signed."),
            Field("received", "Day of arrival", "date"),
            Field("email", "Their address", "email", required=False),
            Field("about", "What about", "long_text"),
        ),
        (),
        "",
    ),
    "disclosure_pack": KINDS["disclosure_pack"],
    "foi_refusal_notice": KINDS["foi_refusal_notice"],
}


STATUSES: dict[str, Status] = {"partly": "partial", "unclear": "clarify", "never": "refused"}
"""The status of a draft, by the first word of the question; answered for any other."""


PACES = {"slowly": 0.25, "steadily": 0.02}
"""Seconds that the drafter takes for a piece, by the first word of the question."""


WATCHED = [0]
"""How many pieces the drafter has written, over all drafts."""


def library_of(database: Database) -> Library:
    """The real library, holding one note; nothing is searched here, so nothing is indexed."""
    with database.transaction() as tx:
        document_store.save(
            tx, NOTE, split(NOTE), SourceFile("notes//time-limits.md", "sha256:none"), EVERYONE, datetime.now(UTC)
        )
        said = document_store.entry_detail(tx, NOTE.id)
        ledger_store.enter(tx, "operator", "document:add", NOTE.id, said, datetime.now(UTC))
    return Library(database, _unused, _unused)


def _unused(*_given: object) -> NoReturn:
    raise AssertionError("the pages neither index nor search")


def drafter(request: DraftRequest, watch: OnText) -> Draft:
    """Repeats what it was asked, cites one passage, and takes as long as the question says it should."""
    commission = request.commission
    if request.paper.worded:
        return _set_wording(request)
    start = GUIDANCE.index(QUOTE)
    said = f"Dear {commission.facts['name']}, thank you." if commission.facts else commission.text
    text = f"You asked: {said}\n\nAnswer it {QUOTE} [1].\n\n- Count working days."
    pace = PACES.get(commission.text.split(" ")[0], 0)
    for step in (("complete the question", ""), ("search", "3 passages")):
        report_step(*step)
        time.sleep(pace * 3)
    for end in range(0, len(text), 20):
        watch(text[:end])
        WATCHED[0] += 1
        time.sleep(pace)
    cited = Citation(
        "1",
        NOTE.id,
        NOTE.version,
        NOTE.imprint.title,
        NOTE.imprint.url,
        ("Time limits",),
        QUOTE,
        start,
        start + len(QUOTE),
    )
    computed = Working(
        "working_days", {"from": "2026-11-23"}, "22 December 2026", "20 working days, one holiday left out"
    )
    if commission.text.startswith("failing"):
        raise ModelError("the model did not answer; ask again")
    status = STATUSES.get(commission.text.split(" ")[0], "answered")
    return Draft(
        commission,
        status,
        f"{text}\n\nOnly if it was sent by post.",
        ModelName("test", "parrot", {"temperature": "0"}),
        (cited,) if status in {"answered", "partial"} else (),
        (computed,),
        findings=(Finding("style", "suggest", "A shorter word would do.", 0, 3), *_doubts(text)),
        seconds=0.1,
        missing=("Whether <b>weekends</b> count.",) if status == "partial" else (),
        steps=(Step("search", 0.25, "3 passages"),),
        usage=Usage(2, 1200, 80, 0.0123),
    )


def _set_wording(request: DraftRequest) -> Draft:
    parts = assemble(request.paper, request.commission.facts, request.values)
    note = joined(parts, internal=True)
    return Draft(request.commission, "answered", joined(parts), ModelName("test", "wording"), note=note)


def _doubts(text: str) -> list[Finding]:
    """What a check found in a text that asks for it: one thing in the sentence that cites the passage."""
    start = text.index("twenty working days")
    return [Finding("figures", "warn", "the figure is doubtful; check it", start, start + 6)] if "doubt" in text else []


def read(_name: str, content: bytes, document_id: str) -> tuple[Document, int]:
    """A text file; what is no text is refused."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise DocumentError("is no text; save it as one") from error
    return Document(document_id, Imprint("A file", ""), text), 0


class Unindexed:
    """Stands for the index where nothing is searched."""

    def prepare(self, conversation: str, progress: object) -> None:
        """Nothing to be done."""

    def forget(self, conversation: str) -> None:
        """Nothing to be done."""

    def keep_only(self, conversations: object) -> None:
        """Nothing to be done."""


@dataclass(frozen=True)
class Site:
    """A running server and what is behind it."""

    url: str
    desk: Desk
    people: Accounts
    database: Database
    folder: Path
    app: FastAPI


def auditing(folder: Path, database: Database, people: Accounts) -> Audit:
    """The record of a server, published to a file in its folder."""
    keys, file = Ed25519Keys(folder / "keys", None), folder / "heads.jsonl"
    verifying = Verification(database, keys.public_keys, verify, file, now)
    return Audit(database, people, verifying, Publisher(database, keys, {"file": append_to(file)}), now)


def build_without_gradio(services: Services, address: Address) -> FastAPI:
    """Build the server with an empty application in place of the Gradio pages."""
    with patch("humphrey.web.app._gradio", lambda _services: FastAPI()):
        return build(services, address)


@contextmanager
def running(
    folder: Path,
    *,
    demonstration: bool = True,
    shelf: Library | None = None,
    vouching: Callable[[Accounts, Database], OidcSignIn] | None = None,
    gradio: bool = True,
    origin: str = "",
    undo_s: int = 0,
) -> Iterator[Site]:
    """A server on a free port.

    Args:
        folder: where its database is.
        demonstration: whether made-up people stand in.
        shelf: a library with an index, over that database; none for pages that neither index nor search.
        vouching: makes what asks an identity provider; none where nobody signs in through one.
        gradio: whether to build /ask, /papers and /clear, which takes 1.3 s of the processor.
        origin: its address behind a proxy; empty where there is none.
        undo_s: how long a text approved on a page waits before it leaves, in seconds; 0: not.
    """
    database = open_database(f"sqlite:///{folder / 'humphrey.db'}")
    sign_entries(database)
    people = Accounts(database, Argon2Passwords(), demonstration=demonstration)
    library = shelf or library_of(database)
    outlets = ("web", "file", "email")
    deciding = DecidingRules(undo=timedelta(seconds=undo_s))
    desk = desk_from(
        drafter, database, PAPERS, library.document, library.may_read, people, outlets=outlets, deciding=deciding
    )
    curator = Curation(library, people, database, Uploads(folder / "uploads"), list)
    attached = Attachments(library, database, folder / "attached", read, Unindexed, highest="OFFICIAL")
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    notices, refusals = Notifications(database, now), RefusedRequests(database)
    time = Reminders(database, people, library.may_read, ReminderSchedule(), now)
    delivery = DeliveryService(
        database,
        people,
        Attempts(database, now),
        {"web": replace(OUTLET, send=show)},
        time.expire,
        ReminderSchedule.approval,
        now,
    )
    services = Services(
        drafting=desk.drafting,
        conversations=desk.conversations,
        clearance=desk.clearance,
        assignment=desk.assignment,
        instructions=desk.instructions,
        access=Access(database, people, library.may_read),
        ratings=desk.ratings,
        delivery=delivery,
        library=library,
        accounts=people,
        curation=curator,
        attachments=attached,
        notifications=notices,
        case_files=CaseFiles(database, people, library.document, library.may_read, _unused, now),
        disclosure=Disclosure(
            database, people, library.may_read, desk.drafting.findings, desk.clearance.open_review, now
        ),
        downloads=Downloads(
            database, people, build_exporter(PAPERS), desk.access.reads, ReminderSchedule.approval, now
        ),
        audit=auditing(folder, database, people),
        statistics=ReviewerStatistics(database, people, desk.clearance.review_to_clear, now),
        refused_requests=refusals,
        oidc=vouching(people, database) if vouching else None,
        ready=list,
    )
    app = (build if gradio else build_without_gradio)(services, Address("127.0.0.1", port, origin, 8))
    server = uvicorn.Server(uvicorn_config(app, origin=origin))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{port}", desk, people, database, folder, app)
    finally:
        server.should_exit = True
        thread.join()
        curator.close()
        library.close()
        database.close()


def wait_until_ready(url: str, limit_s: float = 60) -> None:
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/readyz") as answer:  # noqa: S310 - our own loopback address
                assert answer.status == 200
                return
        except urllib.error.HTTPError:
            time.sleep(0.1)
    pytest.fail("the pages were not ready in time")
