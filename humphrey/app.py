"""Where the parts are joined; the models that write are joined in `models`, which this alone joins with the rest.

Frameworks are imported here, in functions, when they are first needed.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from humphrey.attached import Attached
from humphrey.attempts import Attempts
from humphrey.auditing import Auditing
from humphrey.casefile import CaseFiles
from humphrey.clearing import ClearanceService
from humphrey.conversing import ConversationService
from humphrey.core.casefile import Case
from humphrey.core.delivery import Send
from humphrey.core.drafts import Commission
from humphrey.core.guidance import Document
from humphrey.core.intake import Reading, Refused, TakenIn
from humphrey.core.papers import Papers
from humphrey.core.search import Indexed, indexed
from humphrey.core.sessions import Lasting
from humphrey.core.syncing import SyncReport
from humphrey.core.timekeeping import Pace
from humphrey.core.vouching import Rules
from humphrey.curator import Curator
from humphrey.desk import DeliveryService
from humphrey.disclosing import Disclosing
from humphrey.drafting_service import DraftingService
from humphrey.errors import HumphreyError, RecordError, SettingsError
from humphrey.exporting import Exports
from humphrey.handing import join_export, join_mail, join_outlets
from humphrey.instructing import Instructions
from humphrey.library import Library, PassageIndex, Progress
from humphrey.models import Once, embeddings, join_desk, join_drafter, join_reviser, join_turn
from humphrey.notices import Notices
from humphrey.people import People
from humphrey.publishing import Publishing
from humphrey.reading import Readings
from humphrey.refusals import Refusals
from humphrey.retention import Retention
from humphrey.settings import Settings, stated
from humphrey.started import on_record
from humphrey.store import attachments as attachment_store
from humphrey.store import documents as document_store
from humphrey.store.engine import Database, open_database
from humphrey.timekeeping import Timekeeping
from humphrey.turns import Assignment
from humphrey.uploads import Uploads
from humphrey.verifying import Verifying
from humphrey.vouching import Vouching
from humphrey.witnessing import join_publishing, join_verifying

if TYPE_CHECKING:
    from humphrey.adapters.beside import Attachments
    from humphrey.adapters.embeddings import Embeddings


@dataclass(frozen=True)
class Humphrey:
    """Everything joined: what the commands, the pages and the evaluations work with."""

    settings: Settings
    database: Database
    people: People
    library: Library
    drafting: DraftingService
    conversations: ConversationService
    clearance: ClearanceService
    assignment: Assignment
    instructions: Instructions
    curator: Curator
    attached: Attached

    @cached_property
    def outlets(self) -> Mapping[str, Send]:
        """What hands over what was approved, by outlet; no e-mail where no mail server is named."""
        return join_outlets(self.settings, self.drafting.papers, data_folder(self.settings) / "released")

    @cached_property
    def delivery(self) -> DeliveryService:
        """Sends what was approved lately enough; what was not goes back to the queue."""
        attempts = Attempts(self.database, now)
        return DeliveryService(self.database, self.people, attempts, self.outlets, self.timekeeping.expire, now)

    @property
    def exports(self) -> Exports:
        """Released texts as files, for whoever may take them along."""
        return Exports(self.database, self.people, join_export(self.drafting.papers), now)

    @cached_property
    def timekeeping(self) -> Timekeeping:
        """What the clock does to reviews, at the pace that the settings name."""
        chosen = self.settings
        approval = timedelta(hours=chosen.approval_hours)
        pace = Pace(chosen.reminders, chosen.escalate_at, chosen.undated_days, approval)
        return Timekeeping(self.database, self.people, self.library.may_read, pace, now)

    @property
    def readings(self) -> Readings:
        """What is known of how drafts are read."""
        return Readings(self.database, self.people, self.clearance.opened, now)

    @cached_property
    def notices(self) -> Notices:
        """What people are told, on their page and by e-mail."""
        return Notices(self.database, now, self.settings.origin)

    @property
    def cases(self) -> CaseFiles:
        """The case files of reviews."""

        def pdf(case: Case) -> bytes:
            from humphrey.adapters.casefile_pdf import pdf

            return pdf(case)

        return CaseFiles(self.database, self.people, self.library.document, self.library.may_read, pdf, now)

    @cached_property
    def disclosing(self) -> Disclosing:
        """Searching the record, and giving out what was found."""
        return Disclosing(self.database, self.people, self.drafting.found, self.clearance.open_review, now)

    @cached_property
    def retention(self) -> Retention:
        """How long words are kept, and their disposal.

        Raises:
            SettingsError: the file of periods cannot be used.
        """
        from humphrey.adapters.retention import load

        asked, kinds = self.settings.retention, self.drafting.papers
        periods = load(asked.periods, kinds, asked.warn_days) if asked.periods else None
        return Retention(self.database, self.people, periods, kinds, self.attached.dispose_of, self._forget, now)

    def _forget(self, review: str) -> None:
        """Delete the files that outlets wrote of a review."""
        for path in (data_folder(self.settings) / "released").glob(f"{review}.*"):
            try:
                path.unlink()
            except FileNotFoundError:
                # Another round deleted it meanwhile.
                continue
            except OSError as error:
                raise RecordError(
                    f"{path} cannot be deleted ({error.strerror}); make its folder writable, and dispose again"
                ) from None

    @cached_property
    def publishing(self) -> Publishing:
        """What signs the heads of the ledger and publishes them."""
        mail = join_mail(self.settings)
        return join_publishing(self.settings.record, data_folder(self.settings) / "keys", self.database, mail)

    @cached_property
    def refusals(self) -> Refusals:
        """What counts and records the requests that are refused at the door."""
        return Refusals(self.database, now)

    @cached_property
    def vouching(self) -> Vouching | None:
        """What lets people in whom an identity provider vouches for; None where there is none."""
        return join_vouching(self.settings, self.people, self.database)

    @cached_property
    def auditing(self) -> Auditing:
        """The record as auditors read it."""
        return Auditing(self.database, self.people, self.verifying, self.publishing, now)

    @property
    def verifying(self) -> Verifying:
        """What checks the record."""
        return join_verifying(self.settings.record, self.database, self.publishing, now)

    @property
    def fetched(self) -> tuple[Path, ...]:
        """The folders of pages that `sync` fetched, one for each server."""
        return fetched(self.settings)

    @property
    def guidance(self) -> tuple[Path, ...]:
        """Every folder that is indexed when none is named: the corpus, and what was fetched."""
        return (self.settings.corpus, *self.fetched)

    @property
    def _sources(self) -> Path:
        return data_folder(self.settings) / "sources"

    def sync(self, sources: Path, base_url: str, progress: Progress) -> tuple[SyncReport, Path]:
        """Fetch what changed of the sources that a file lists; the report, and where it was written.

        Raises:
            Unreachable: the server does not answer; what was fetched stays, and the next run goes on.
            SyncError: the list cannot be read, or a page or the report cannot be written.
        """
        from humphrey.adapters.govuk import ContentApi
        from humphrey.adapters.sources import load as load_sources
        from humphrey.kept import Kept
        from humphrey.sync import Sync, write_report

        wanted = load_sources(sources)
        with ContentApi(base_url, self.settings.contact) as fetch:
            report = Sync(self.database, fetch, fetch.base, Kept(self._sources, fetch.base)).run(wanted, progress)
        return report, write_report(report, self._sources.with_name("sync"))

    def ready(self) -> list[str]:
        """Why humphrey cannot work just now, one sentence each; empty when it can."""
        return [trouble for trouble in map(_trouble, (self.people.everyone, self._looked_up)) if trouble]

    def warm(self) -> None:
        """Load what the first question would wait for; an endpoint is not asked anything before a person does."""
        if self.settings.model.base_url:
            self._looked_up()
        else:
            self.drafting.compose(Commission("answer", "guidance", "humphrey", "web"))

    def _looked_up(self) -> None:
        self.library.search("guidance", 1)

    def close(self) -> None:
        """Let go of the index and the database."""
        self.curator.close()
        self.library.close()
        self.database.close()


def start(settings: Settings) -> Humphrey:
    """Join the parts. The index and the models are opened by whatever first needs them.

    Raises:
        StoreError: the data folder or the database cannot be used.
    """
    from humphrey.adapters.papers import load as load_papers

    database = open_database(database_url(settings))
    database.begin_with(on_record(stated(settings), now))
    papers, highest, claim = load_papers(), settings.highest_marking, timedelta(minutes=settings.claim_minutes)
    people = join_people(settings, database, papers)
    embed = Once(partial(embeddings, settings))
    scopes = Once(partial(join_scopes, settings, database, embed))
    library = join_library(settings, database, embed, scopes)
    attached = join_attached(settings, database, library, scopes)
    turn = join_turn(settings, database)
    drafter = join_drafter(settings, turn, attached.search, library.document, embed)
    revise = join_reviser(settings, turn, library.document, embed)
    outlets = ("web", "file", *(("email",) if settings.smtp.host else ()))
    held = drafter, database, people, papers, library.document, library.may_read
    desk = join_desk(*held, highest=highest, claim=claim, revise=revise, outlets=outlets)
    library.heed(desk.clearance.recheck)
    curator = join_curator(settings, database, people, library)
    return Humphrey(settings, database, people, library, *desk, curator, attached)


def database_url(settings: Settings) -> str:
    """Where the database is: as set, or a SQLite file in the data folder."""
    return settings.database_url or f"sqlite:///{settings.data_dir.expanduser().absolute() / 'humphrey.sqlite3'}"


def data_folder(settings: Settings) -> Path:
    """The data folder from the top."""
    return Path(os.path.abspath(settings.data_dir.expanduser()))


def fetched(settings: Settings) -> tuple[Path, ...]:
    """The folders of pages that `sync` fetched, one for each server."""
    return tuple(sorted(each for each in (data_folder(settings) / "sources").glob("*") if each.is_dir()))


def join_people(settings: Settings, database: Database, papers: Papers) -> People:
    """Who may use humphrey; demonstration people stand in only where nobody else can reach it."""
    from humphrey.adapters.passwords import Argon2Passwords

    lasting = Lasting(timedelta(hours=settings.session_hours), timedelta(minutes=settings.idle_minutes))
    return People(database, Argon2Passwords(), demonstration=alone(settings), kinds=tuple(papers), lasting=lasting)


def alone(settings: Settings) -> bool:
    """Whether nobody else can reach humphrey, and no provider knows who people are: made-up people may stand in."""
    return loopback(settings.host) and not settings.oidc.issuer


def join_vouching(settings: Settings, people: People, database: Database) -> Vouching | None:
    """The department's identity provider, None where the settings name none.

    Raises:
        SettingsError: others can reach humphrey, and the address that the provider sends them back to is not set.
    """
    if not settings.oidc.issuer:
        return None
    from humphrey.adapters.oidc import OpenIdProvider

    asked = settings.oidc
    if not settings.origin and not loopback(settings.host):
        raise SettingsError("HUMPHREY_OIDC__ISSUER needs HUMPHREY_ORIGIN, where the provider sends people back to")
    rules = Rules(asked.identity_claim, asked.name_claim, asked.groups_claim, asked.roles, asked.groups)
    provider = OpenIdProvider(asked.issuer, asked.client_id, asked.client_secret.get_secret_value(), asked.scopes)
    return Vouching(people, database, provider, rules, asked.title)


def join_scopes(settings: Settings, database: Database, embed: "Callable[[], Embeddings]") -> "Attachments":
    """What makes the files of conversations findable, with their vectors in the data folder."""
    from humphrey.adapters.beside import Attachments

    def read(ids: Sequence[str]) -> Iterable[Indexed]:
        return (indexed(title, passage) for title, passage in document_store.read_passages(database, ids))

    return Attachments(
        data_folder(settings) / "attached" / "vectors", embed, partial(attachment_store.index_states, database), read
    )


def join_attached(
    settings: Settings, database: Database, library: Library, scopes: "Callable[[], Attachments]"
) -> Attached:
    """The files of conversations, kept in the data folder."""

    def read(name: str, content: bytes, document_id: str) -> tuple[Document, int]:
        from humphrey.adapters.corpus import read_one
        from humphrey.adapters.pdf import pages_of

        return read_one(name, content, document_id), pages_of(content) if name.lower().endswith(".pdf") else 0

    folder = data_folder(settings) / "attached" / "files"
    return Attached(library, database, folder, read, scopes, highest=settings.highest_marking)


def join_library(
    settings: Settings,
    database: Database,
    embed: "Callable[[], Embeddings]",
    scopes: "Callable[[], Attachments] | None" = None,
) -> Library:
    """The guidance, with its index in the data folder; without scopes, no conversation's files are searched with it."""

    def open_index() -> PassageIndex:
        from humphrey.adapters.index import GuidanceIndex

        return GuidanceIndex(settings.data_dir / "index", embed(), scopes() if scopes else None)

    def read(paths: Sequence[Path], known: Mapping[str, str]) -> Reading:
        from humphrey.adapters.corpus import read

        return read(paths, known)

    return Library(database, read, open_index)


def join_curator(settings: Settings, database: Database, people: People, library: Library) -> Curator:
    """What reviewers do with the guidance; the files they hand in are kept in the data folder."""
    uploads = Uploads(data_folder(settings) / "uploads")
    return Curator(library, people, database, uploads, lambda: (settings.corpus, *fetched(settings)))


def read_documents(paths: Sequence[Path]) -> tuple[list[Document], list[Refused]]:
    """The documents below some paths as they would be indexed, and what would be refused; nothing is stored.

    Raises:
        DocumentError: a path does not exist.
    """
    from humphrey.adapters.corpus import read

    items = list(read(paths, {}))
    documents = [item.document for item in items if isinstance(item, TakenIn)]
    return documents, [item for item in items if isinstance(item, Refused)]


def loopback(host: str) -> bool:
    """Whether an address can be reached from this machine alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def case_verifier() -> str:
    """The script that verifies a case file in JSON without humphrey."""
    from importlib.resources import files

    return files("humphrey").joinpath("adapters", "data", "verify_case.py").read_text(encoding="utf-8")


def _trouble(look: Callable[[], object]) -> str:
    try:
        look()
    except HumphreyError as error:
        return str(error)
    return ""
