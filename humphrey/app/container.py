"""The container: the services that commands, pages and evaluations use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from humphrey.accounts.oidc.sign_in import OidcSignIn
from humphrey.accounts.refused_requests import RefusedRequests
from humphrey.accounts.service import Accounts
from humphrey.app.accounts import build_oidc
from humphrey.app.delivery import build_exporter, build_mailer, build_outlets
from humphrey.app.ledger import build_countersigning, build_entry_keys, build_publisher, build_verification
from humphrey.app.paths import data_folder, fetched_folders, now
from humphrey.app.statement_vectors import StatementVectors
from humphrey.clearance.access import Access
from humphrey.clearance.assignment import Assignment
from humphrey.clearance.deadlines import ReminderSchedule
from humphrey.clearance.instructions import Instructions
from humphrey.clearance.notifications.service import Notifications
from humphrey.clearance.ratings.service import Ratings
from humphrey.clearance.reminders import Reminders
from humphrey.clearance.reviewer_statistics.service import ReviewerStatistics
from humphrey.clearance.service import ClearanceService
from humphrey.conversations.attachments import Attachments
from humphrey.conversations.service import ConversationService
from humphrey.database.engine import Database
from humphrey.delivery.downloads import Downloads
from humphrey.delivery.model import Outlet
from humphrey.delivery.service import DeliveryService
from humphrey.drafting.service import DraftingService
from humphrey.errors import HumphreyError, RecordError
from humphrey.guidance.curation import Curation
from humphrey.guidance.library import Library, Progress
from humphrey.guidance.sync.model import SyncReport
from humphrey.ledger.attempts import Attempts
from humphrey.ledger.countersigning import Countersigning
from humphrey.ledger.entry_keys import EntryKeys
from humphrey.ledger.publishing import Publisher
from humphrey.papers.draft import Commission
from humphrey.records.audit import Audit
from humphrey.records.case_files.model import CaseFile
from humphrey.records.case_files.service import CaseFiles
from humphrey.records.disclosure.service import Disclosure
from humphrey.records.retention.service import Retention
from humphrey.records.verification.service import Verification
from humphrey.settings import Settings


@dataclass(frozen=True)
class Humphrey:
    """All services, built from the settings."""

    settings: Settings
    database: Database
    accounts: Accounts
    library: Library
    drafting: DraftingService
    conversations: ConversationService
    clearance: ClearanceService
    assignment: Assignment
    instructions: Instructions
    access: Access
    ratings: Ratings
    curation: Curation
    attachments: Attachments
    statements: StatementVectors

    @cached_property
    def outlets(self) -> Mapping[str, Outlet]:
        """Return the outlets by name; an outlet whose settings are missing is not connected."""
        return build_outlets(self.settings, self.drafting.papers, data_folder(self.settings) / "released")

    @cached_property
    def delivery(self) -> DeliveryService:
        """Return the service that delivers approved texts; an expired approval goes back to the queue."""
        attempts = Attempts(self.database, now)
        return DeliveryService(
            self.database, self.accounts, attempts, self.outlets, self.reminders.expire, self._approval_life, now
        )

    @property
    def downloads(self) -> Downloads:
        """Return the service that gives released texts as files to people who may take them."""
        export = build_exporter(self.drafting.papers)
        return Downloads(self.database, self.accounts, export, self.access.reads, self._approval_life, now)

    @property
    def _approval_life(self) -> timedelta:
        return timedelta(hours=self.settings.approval_hours)

    @cached_property
    def reminders(self) -> Reminders:
        """Return the service that reminds reviewers and expires approvals, on the schedule of the settings."""
        chosen = self.settings
        pace = ReminderSchedule(chosen.reminders, chosen.escalate_at, chosen.undated_days, self._approval_life)
        return Reminders(self.database, self.accounts, self.library.may_read, pace, now)

    @property
    def statistics(self) -> ReviewerStatistics:
        """Return the service for figures on how drafts are read."""
        return ReviewerStatistics(self.database, self.accounts, self.clearance.review_to_clear, now)

    @cached_property
    def notifications(self) -> Notifications:
        """Return the notifications of people, shown on a page and sent by e-mail."""
        return Notifications(self.database, now, self.settings.origin)

    @property
    def case_files(self) -> CaseFiles:
        """Return the service that exports case files."""

        def pdf(case: CaseFile) -> bytes:
            from humphrey.records.case_files.pdf import render_pdf

            return render_pdf(case)

        return CaseFiles(self.database, self.accounts, self.library.document, self.library.may_read, pdf, now)

    @cached_property
    def disclosure(self) -> Disclosure:
        """Return the service that searches the record and makes disclosure packs."""
        found, opened = self.drafting.findings, self.clearance.open_review
        return Disclosure(self.database, self.accounts, self.library.may_read, found, opened, now)

    @cached_property
    def retention(self) -> Retention:
        """Return the service for retention periods, holds and disposal.

        Raises:
            SettingsError: the file of periods cannot be used.
        """
        from humphrey.records.retention.periods_file import load

        asked, kinds = self.settings.retention, self.drafting.papers
        periods = load(asked.periods, kinds, asked.warn_days) if asked.periods else None
        return Retention(self.database, self.accounts, periods, kinds, self.attachments.dispose_of, self._forget, now)

    def _forget(self, review: str) -> None:
        """Delete the files that outlets wrote for a review."""
        for path in (data_folder(self.settings) / "released").glob(f"{review}.*"):
            try:
                path.unlink()
            except FileNotFoundError:
                # Another run of the scheduler deleted it meanwhile.
                continue
            except OSError as error:
                raise RecordError(
                    f"{path} cannot be deleted ({error.strerror}); make its folder writable, and dispose again"
                ) from None

    @cached_property
    def publisher(self) -> Publisher:
        """Return the publisher, which signs and publishes the heads of the ledger."""
        mail = build_mailer(self.settings)
        return build_publisher(self.settings.record, data_folder(self.settings) / "keys", self.database, mail)

    @property
    def entry_keys(self) -> EntryKeys:
        """Return the keys that sign the entries of the ledger."""
        return build_entry_keys(self.settings.record, data_folder(self.settings) / "keys", now)

    @property
    def countersigning(self) -> Countersigning:
        """Return what signs the entries that were made before humphrey signed each."""
        folder = data_folder(self.settings) / "keys"
        return build_countersigning(self.settings.record, folder, self.database, self.entry_keys, now)

    @cached_property
    def refused_requests(self) -> RefusedRequests:
        """Return the counter and recorder of refused HTTP requests."""
        return RefusedRequests(self.database, now)

    @cached_property
    def oidc(self) -> OidcSignIn | None:
        """Return the OIDC sign-in; None if no identity provider is set."""
        return build_oidc(self.settings, self.accounts, self.database)

    @cached_property
    def audit(self) -> Audit:
        """Return the auditors' service."""
        return Audit(self.database, self.accounts, self.verification, self.publisher, now)

    @property
    def verification(self) -> Verification:
        """Return the verification of the record."""
        return build_verification(self.settings.record, self.database, self.publisher, self.entry_keys, now)

    @property
    def fetched(self) -> tuple[Path, ...]:
        """Return the folders of pages that `sync` fetched, one for each server."""
        return fetched_folders(self.settings)

    @property
    def guidance(self) -> tuple[Path, ...]:
        """Return the folders that are indexed by default: the corpus and the fetched pages."""
        return (self.settings.corpus, *self.fetched)

    @property
    def _sources(self) -> Path:
        return data_folder(self.settings) / "sources"

    def sync(self, sources: Path, base_url: str, progress: Progress) -> tuple[SyncReport, Path]:
        """Fetch changed pages of the listed sources; return the report and the path it was written to.

        Raises:
            Unreachable: the server does not answer; fetched pages stay, and the next run continues.
            SyncError: the list cannot be read, or a page or the report cannot be written.
        """
        from humphrey.guidance.sync.govuk_api import ContentApi
        from humphrey.guidance.sync.page_files import PageFiles
        from humphrey.guidance.sync.run import Sync, write_report
        from humphrey.guidance.sync.source_list import load as load_sources

        wanted = load_sources(sources)
        with ContentApi(base_url, self.settings.contact) as fetch:
            report = Sync(self.database, fetch, fetch.base, PageFiles(self._sources, fetch.base)).run(wanted, progress)
        return report, write_report(report, self._sources.with_name("sync"))

    def ready(self) -> list[str]:
        """Return the reasons why humphrey cannot work now, one sentence each; empty if it can."""
        return [trouble for trouble in map(_trouble, (self.accounts.everyone, self._looked_up)) if trouble]

    def warm(self) -> None:
        """Load the models and the index before the first question.

        A model at an endpoint is not called before a person asks; only the index is loaded then.
        """
        if self.settings.model.base_url:
            self._looked_up()
        else:
            self.drafting.compose(Commission("answer", "guidance", "humphrey", "web"))

    def _looked_up(self) -> None:
        self.library.search("guidance", 1)

    def close(self) -> None:
        """Close the index and the database."""
        self.curation.close()
        self.library.close()
        self.database.close()


def case_verifier() -> str:
    """Return the script that verifies a case file in JSON without humphrey."""
    from importlib.resources import files

    return files("humphrey.records.case_files").joinpath("verify_case.py").read_text(encoding="utf-8")


def _trouble(look: Callable[[], object]) -> str:
    try:
        look()
    except HumphreyError as error:
        return str(error)
    return ""
