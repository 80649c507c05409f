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
from humphrey.casefile import CaseFiles
from humphrey.core.casefile import Case
from humphrey.core.delivery import Receipt, Send, digest_of
from humphrey.core.drafts import Commission
from humphrey.core.guidance import Document
from humphrey.core.intake import Reading, Refused, TakenIn
from humphrey.core.papers import Papers
from humphrey.core.review import Release
from humphrey.core.search import Indexed, indexed
from humphrey.core.sessions import Lasting
from humphrey.core.syncing import SyncReport
from humphrey.curator import Curator
from humphrey.desk import Deliveries, Desk
from humphrey.errors import HumphreyError, SettingsError
from humphrey.library import Library, PassageIndex, Progress
from humphrey.models import Once, embeddings, join_drafter, join_reviser, join_turn
from humphrey.notices import Notices
from humphrey.people import People
from humphrey.publishing import Place, Publishing
from humphrey.settings import Settings, stated
from humphrey.started import on_record
from humphrey.store import Store
from humphrey.uploads import Uploads
from humphrey.verifying import Verifying

if TYPE_CHECKING:
    from humphrey.adapters.beside import Attachments
    from humphrey.adapters.embeddings import Embeddings
    from humphrey.adapters.smtp import Mailer


@dataclass(frozen=True)
class Humphrey:
    """Everything joined: what the commands, the pages and the evaluations work with."""

    settings: Settings
    store: Store
    people: People
    library: Library
    desk: Desk
    curator: Curator
    attached: Attached

    def deliver(self, outlet: str) -> Deliveries:
        """Send what waits for one outlet: `file` writes it to the data folder, `web` shows it to whoever asked."""
        from humphrey.adapters.files import FileOutlet

        sends: Mapping[str, Send] = {
            "file": FileOutlet(self.settings.data_dir / "released"),
            "web": shown,
        }
        return self.desk.deliver(outlet, sends[outlet])

    @cached_property
    def notices(self) -> Notices:
        """What people are told, on their page and by e-mail."""
        return Notices(self.store, now, self.settings.origin)

    @property
    def cases(self) -> CaseFiles:
        """The case files of reviews."""

        def pdf(case: Case) -> bytes:
            from humphrey.adapters.casefile_pdf import pdf

            return pdf(case)

        return CaseFiles(self.store, self.people, self.library.document, self.library.may_read, pdf, now)

    @cached_property
    def publishing(self) -> Publishing:
        """What signs the heads of the ledger and publishes them."""
        from humphrey.adapters.signing import Keys

        keys = Keys(data_folder(self.settings) / "keys", self.settings.record.key_file)
        return Publishing(self.store, keys, join_places(self.settings))

    @property
    def verifying(self) -> Verifying:
        """What checks the record."""
        from humphrey.adapters.signing import verify

        keys = self.publishing.keys
        return Verifying(self.store, keys.publics, verify, self.settings.record.publish_file, now)

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
            report = Sync(self.store, fetch, fetch.base, Kept(self._sources, fetch.base)).run(wanted, progress)
        return report, write_report(report, self._sources.with_name("sync"))

    def ready(self) -> list[str]:
        """Why humphrey cannot work just now, one sentence each; empty when it can."""
        return [trouble for trouble in map(_trouble, (self.people.everyone, self._looked_up)) if trouble]

    def warm(self) -> None:
        """Load what the first question would wait for; an endpoint is not asked anything before a person does."""
        if self.settings.model.base_url:
            self._looked_up()
        else:
            self.desk.compose(Commission("answer", "guidance", "humphrey", "web"))

    def _looked_up(self) -> None:
        self.library.search("guidance", 1)

    def close(self) -> None:
        """Let go of the index and the database."""
        self.curator.close()
        self.library.close()
        self.store.close()


def start(settings: Settings) -> Humphrey:
    """Join the parts. The index and the models are opened by whatever first needs them.

    Raises:
        StoreError: the data folder or the database cannot be used.
    """
    from humphrey.adapters.papers import load as load_papers

    store = Store.open(database_url(settings))
    store.begin_with(on_record(stated(settings), now))
    papers, highest = load_papers(), settings.highest_marking
    people = join_people(settings, store, papers)
    embed = Once(partial(embeddings, settings))
    scopes = Once(partial(join_scopes, settings, store, embed))
    library = join_library(settings, store, embed, scopes)
    attached = join_attached(settings, store, library, scopes)
    turn = join_turn(settings, store)
    drafter = join_drafter(settings, turn, attached.search, library.document, embed)
    revise = join_reviser(settings, turn, library.document, embed)
    claim = timedelta(minutes=settings.claim_minutes)
    held = library.search, drafter, store, papers, library.document, library.may_read, people
    desk = Desk(*held, highest=highest, claim=claim, revise=revise)
    library.heed(desk.recheck)
    curator = join_curator(settings, store, people, library)
    return Humphrey(settings, store, people, library, desk, curator, attached)


def database_url(settings: Settings) -> str:
    """Where the database is: as set, or a SQLite file in the data folder."""
    return settings.database_url or f"sqlite:///{settings.data_dir.expanduser().absolute() / 'humphrey.sqlite3'}"


def data_folder(settings: Settings) -> Path:
    """The data folder from the top."""
    return Path(os.path.abspath(settings.data_dir.expanduser()))


def fetched(settings: Settings) -> tuple[Path, ...]:
    """The folders of pages that `sync` fetched, one for each server."""
    return tuple(sorted(each for each in (data_folder(settings) / "sources").glob("*") if each.is_dir()))


def join_people(settings: Settings, store: Store, papers: Papers) -> People:
    """Who may use humphrey; demonstration people stand in only where nobody else can reach it."""
    from humphrey.adapters.passwords import Argon2Passwords

    lasting = Lasting(timedelta(hours=settings.session_hours), timedelta(minutes=settings.idle_minutes))
    return People(store, Argon2Passwords(), demonstration=loopback(settings.host), kinds=tuple(papers), lasting=lasting)


def join_places(settings: Settings) -> Mapping[str, Place]:
    """Where the heads of the ledger are published.

    Raises:
        SettingsError: they are to be mailed, and there is no mail server.
    """
    from humphrey.adapters.published import append_to, mail_to

    places: dict[str, Place] = {}
    if settings.record.publish_file is not None:
        places["file"] = append_to(settings.record.publish_file)
    if settings.record.publish_to:
        mail = join_mail(settings)
        if mail is None:
            raise SettingsError("HUMPHREY_RECORD__PUBLISH_TO: heads cannot be mailed yet; set HUMPHREY_SMTP__HOST too")
        places["email"] = mail_to(mail, settings.record.publish_to)
    return places


def join_scopes(settings: Settings, store: Store, embed: "Callable[[], Embeddings]") -> "Attachments":
    """What makes the files of conversations findable, with their vectors in the data folder."""
    from humphrey.adapters.beside import Attachments

    def read(ids: Sequence[str]) -> Iterable[Indexed]:
        return (indexed(title, passage) for title, passage in store.passages(ids))

    return Attachments(data_folder(settings) / "attached" / "vectors", embed, store.attached_standings, read)


def join_attached(settings: Settings, store: Store, library: Library, scopes: "Callable[[], Attachments]") -> Attached:
    """The files of conversations, kept in the data folder."""

    def read(name: str, content: bytes, document_id: str) -> tuple[Document, int]:
        from humphrey.adapters.corpus import read_one
        from humphrey.adapters.pdf import pages_of

        return read_one(name, content, document_id), pages_of(content) if name.lower().endswith(".pdf") else 0

    folder = data_folder(settings) / "attached" / "files"
    return Attached(library, store, folder, read, scopes, highest=settings.highest_marking)


def join_library(
    settings: Settings,
    store: Store,
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

    return Library(store, read, open_index)


def join_curator(settings: Settings, store: Store, people: People, library: Library) -> Curator:
    """What reviewers do with the guidance; the files they hand in are kept in the data folder."""
    uploads = Uploads(data_folder(settings) / "uploads")
    return Curator(library, people, store, uploads, lambda: (settings.corpus, *fetched(settings)))


def read_documents(paths: Sequence[Path]) -> tuple[list[Document], list[Refused]]:
    """The documents below some paths as they would be indexed, and what would be refused; nothing is stored.

    Raises:
        DocumentError: a path does not exist.
    """
    from humphrey.adapters.corpus import read

    items = list(read(paths, {}))
    documents = [item.document for item in items if isinstance(item, TakenIn)]
    return documents, [item for item in items if isinstance(item, Refused)]


def join_mail(settings: Settings) -> "Mailer | None":
    """What sends letters, None where no mail server is named; it is not asked anything before there is a letter."""
    if not settings.smtp.host:
        return None
    from humphrey.adapters.smtp import Mailer, MailServer

    asked = settings.smtp.model_dump(exclude={"password"})
    return Mailer(MailServer(**asked, password=settings.smtp.password.get_secret_value()), lambda: datetime.now(UTC))


def shown(release: Release) -> Receipt:
    """The outlet `web`: being on the pages of whoever asked is the delivery."""
    return Receipt(f"shown to {release.recipient}", digest_of(release.text.encode()))


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
