"""Curation of the guidance by its owners: adding files, removing documents, indexing. One job at a time, each recorded.

Rule: the person must be a guidance owner, and gives documents only to everyone or to a group of their own. A job runs
in a thread. A batch of files that is unfinished when humphrey stops is continued by `resume`.
"""

import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may
from humphrey.accounts.service import Accounts
from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.digests import canonical
from humphrey.documents.audiences import EVERYONE, Audience, readable
from humphrey.documents.ingest import FileNote, FileRejected
from humphrey.documents.sources import source_name
from humphrey.errors import CommissionError, DocumentError, HumphreyError, IndexingStopped, NotPermitted
from humphrey.guidance import store as document_store
from humphrey.guidance.library import IndexReport, Library, Progress
from humphrey.guidance.store import DocumentRow
from humphrey.guidance.sync import store as sync_store
from humphrey.guidance.uploads import Batch, Uploads
from humphrey.ledger import store as ledger_store
from humphrey.ledger.attempts import Attempts
from humphrey.ledger.model import Act

JobKind = Literal["add", "remove", "index"]
"""The kind of a job: add files, remove a document, or index everything again."""


JobState = Literal["waiting", "running", "done", "stopped", "failed"]
"""The state of a job."""


Work = Callable[[str], None]
"""Does the work of a job, given its id."""


Folders = Callable[[], Sequence[Path]]
"""Returns the folders that are indexed in addition to the uploads."""


_MOST_JOBS = 100
"""Jobs kept in memory; older ones are in the ledger only."""


_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CurationJob:
    """One job; `names` are the files to add or the document to remove, and `audience` is who may read those.

    `done` of `total` is the progress of the step `what`; `left_s` is an estimate of its remaining seconds.
    """

    id: str
    kind: JobKind
    by: str
    audience: Audience = EVERYONE
    names: tuple[str, ...] = ()
    state: JobState = "waiting"
    done: int = 0
    total: int = 0
    what: str = ""
    left_s: float | None = None
    rate: float = 0.0
    taken_in: tuple[str, ...] = ()
    refused: tuple[FileRejected, ...] = ()
    notes: tuple[FileNote, ...] = ()
    trouble: str = ""

    @property
    def is_over(self) -> bool:
        """Whether the job has ended."""
        return self.state in {"done", "stopped", "failed"}


class Curation:
    """Adds, removes and indexes documents for guidance owners.

    Args:
        library: the guidance.
        people: the accounts.
        database: holds the ledger.
        uploads: the uploaded files.
        folders: returns the folders that are indexed in addition to the uploads.
        now: the clock.
    """

    def __init__(
        self,
        library: Library,
        people: Accounts,
        database: Database,
        uploads: Uploads,
        folders: Folders,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._library = library
        self._people = people
        self._database = database
        self._uploads = uploads
        self._folders = folders
        self._now = now
        self._attempts = Attempts(database, now)
        self._jobs: OrderedDict[str, CurationJob] = OrderedDict()
        self._stopping: set[str] = set()
        self._closing = False
        self._fetched: tuple[datetime | None] | None = None
        self._changing = threading.Lock()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="curator")

    def require_guidance_owner(self, name: str, tried: Act, subject: str) -> Person:
        """Return a person who must be a guidance owner; enter a refusal in the ledger.

        Raises:
            IdentityError: there is no such person, or they are disabled.
            NotPermitted: they are not a guidance owner.
        """
        person = self._people.person(name)
        with self._attempts.trying(tried, subject, name):
            if not may(person, "curate"):
                raise NotPermitted(f"{name} is not a guidance owner; ask one to change the guidance")
        return person

    def receive(self, name: str) -> Path:
        """Create a folder for files that a person uploads; pass it to `add` or `discard` afterwards.

        Raises:
            DocumentError: it cannot be created.
            NotPermitted: they are not a guidance owner.
        """
        self.require_guidance_owner(name, "document:add", "documents")
        return self._uploads.receive()

    def discard(self, folder: Path) -> None:
        """Delete an upload folder with its files."""
        self._uploads.discard(folder)

    def add(
        self, name: str, folder: Path, group: str, names: Sequence[str], refused: Sequence[FileRejected] = ()
    ) -> CurationJob:
        """Queue uploaded files to be added for everyone or for a group.

        Args:
            name: the person who uploads them.
            folder: the folder from `receive`, with the files in it.
            group: one of the person's own groups; empty for everyone.
            names: the names of the files.
            refused: files that were not received completely, to be listed with the other rejected ones.

        Raises:
            CommissionError: there is no file.
            DocumentError: the batch cannot be stored.
            NotPermitted: they are not a guidance owner, or not in that group.
        """
        person = self.require_guidance_owner(name, "document:add", "documents")
        with self._attempts.trying("document:add", "documents", name):
            if group and group not in person.groups:
                raise NotPermitted(
                    f"{name} is not in the group {group[:80]!r}; choose everyone or one of your own groups"
                )
        if not names and not refused:
            raise CommissionError("no file was chosen; choose one or several")
        batch = self._uploads.save(folder, name, group, names)
        job = CurationJob(batch.id, "add", name, batch.audience, batch.names, refused=tuple(refused))
        return self._queue(job, partial(self._add, batch), partial(self._undo, batch))

    def index_again(self, name: str) -> CurationJob:
        """Queue a job that reads the changed files of every folder and synchronises the index.

        Raises:
            NotPermitted: they are not a guidance owner.
        """
        self.require_guidance_owner(name, "guidance:index", "guidance")
        return self._queue(CurationJob(secrets.token_hex(8), "index", name), self._index)

    def index_after_sync(self) -> None:
        """Queue indexing if a sync run has ended since the last call; the first call only notes the time.

        Called regularly by the process that holds the index, because a sync in another process cannot index.
        """
        latest, known = sync_store.last_fetched(self._database), self._fetched
        self._fetched = (latest,)
        if known is not None and known != (latest,):
            self._queue(CurationJob(secrets.token_hex(8), "index", "humphrey"), self._index)

    def resume(self, progress: Progress) -> list[FileRejected]:
        """Index the uploaded files and queue the unfinished batches; called at the start.

        Returns:
            The files rejected meanwhile.

        Raises:
            As `Library.index`.
        """
        waiting, folders = self._uploads.pending(), self._uploads.folders()
        # Files that a batch had already installed are indexed first, so that the ledger names who added them.
        reports = [self._index_placed(batch) for batch in waiting]
        reports += [self._library.index([folder], audience=readers, progress=progress) for folder, readers in folders]
        for batch in waiting:
            if batch.id not in self._jobs:
                job = CurationJob(batch.id, "add", batch.by, batch.audience, batch.names)
                self._queue(job, partial(self._add, batch), partial(self._undo, batch))
        return [each for report in reports for each in report.refused]

    def removable(self, document_id: str, person: Person) -> bool:
        """Return whether a person may remove a document: a guidance owner who may read it."""
        return may(person, "curate") and self._library.may_read(document_id, person.groups)

    def reappears_after_removal(self, path: str) -> bool:
        """Return whether the next indexing adds a removed document again, because its file is not an upload."""
        return not self._uploads.contains(path)

    def remove(self, name: str, document_id: str) -> CurationJob:
        """Queue the removal of a document; its file is deleted if it was uploaded.

        Raises:
            DocumentError: there is no such document, or the person may not read it.
            NotPermitted: they are not a guidance owner.
        """
        person = self.require_guidance_owner(name, "document:remove", document_id)
        stored = next((each for each in self._library.list_documents(person.groups) if each.id == document_id), None)
        if stored is None:
            raise DocumentError(f"there is no document {document_id[:80]!r}; reload the list of documents")
        job = CurationJob(secrets.token_hex(8), "remove", name, stored.audience, (source_name(stored.imprint),))
        return self._queue(job, partial(self._remove, stored))

    def jobs(self, groups: Collection[str]) -> Sequence[CurationJob]:
        """Return the jobs that a member of some groups may see, latest first."""
        with self._changing:
            known = list(self._jobs.values())
        return [job for job in reversed(known) if readable(job.audience, groups)]

    def job(self, job_id: str, groups: Collection[str]) -> CurationJob | None:
        """Return one of the jobs that a member of some groups may see; None if there is no such job."""
        return next((job for job in self.jobs(groups) if job.id == job_id), None)

    def stop(self, name: str, job_id: str) -> None:
        """Stop a job. Files that were being added are all removed again; indexing keeps what it has done.

        Raises:
            NotPermitted: they are not a guidance owner, or may not see the job.
        """
        person = self.require_guidance_owner(name, "guidance:index", job_id)
        if self.job(job_id, person.groups) is None:
            raise NotPermitted(f"there is no job {job_id[:40]!r} that you may stop; reload the page")
        with self._changing:
            self._stopping.add(job_id)

    def close(self) -> None:
        """Stop the current job at once; `resume` continues it."""
        self._closing = True
        self._library.stop()
        self._worker.shutdown(cancel_futures=True)

    def _queue(self, job: CurationJob, work: Work, undo: Work | None = None) -> CurationJob:
        with self._changing:
            self._jobs[job.id] = job
            while len(self._jobs) > _MOST_JOBS and next(iter(self._jobs.values())).is_over:
                self._jobs.popitem(last=False)
        self._worker.submit(self._run, job.id, work, undo)
        return job

    def _run(self, job_id: str, work: Work, undo: Work | None) -> None:
        try:
            self._do(job_id, work, undo)
        except HumphreyError as error:
            self._change(job_id, state="failed", trouble=str(error))
        except Exception:  # noqa: BLE001 - the last door of a thread
            # The job is shown as failed, and the next job still runs.
            _log.exception("guidance_job_failed", extra={"job": job_id})
            self._change(
                job_id, state="failed", trouble="something went wrong on our side; tell the humphrey administrator"
            )

    def _do(self, job_id: str, work: Work, undo: Work | None) -> None:
        try:
            if not self._is_stopping(job_id):
                self._change(job_id, state="running")
                work(job_id)
                self._change(job_id, state="done", left_s=None)
                return
        except IndexingStopped:
            # When humphrey itself stops, the batch is left for the next start.
            if self._closing:
                return
        self._change(job_id, what="undoing", done=0, total=0, left_s=None)
        if undo:
            undo(job_id)
        self._change(job_id, state="stopped")

    def _add(self, batch: Batch, job_id: str) -> None:
        paths = self._uploads.install(batch)
        progress = self._progress(job_id)
        report = self._library.index(paths, audience=batch.audience, progress=progress, by=batch.by)
        refused = {Path(each.path) for each in report.refused}
        self._uploads.finish(batch, refused)
        there = set(paths) - refused
        taken = tuple(each.id for each in self._library.list_documents(batch.audience) if Path(each.path) in there)
        with self._changing:
            job = self._jobs[job_id]
        self._change(
            job_id, taken_in=taken, refused=(*job.refused, *_named(report.refused)), notes=_noted(report.notes)
        )

    def _index_placed(self, batch: Batch) -> IndexReport:
        placed = [path for path in self._uploads.paths(batch) if path.exists()]
        return self._library.index(placed, audience=batch.audience, by=batch.by)

    def _undo(self, batch: Batch, _job_id: str) -> None:
        """Remove all files of a batch."""
        self._uploads.finish(batch, set(self._uploads.paths(batch)))
        folder = self._uploads.folder(batch.group)
        if folder is not None:
            self._library.index([folder], audience=batch.audience, by=batch.by)

    def _remove(self, stored: DocumentRow, job_id: str) -> None:
        with self._changing:
            by = self._jobs[job_id].by

        def record(tx: Transaction) -> None:
            said = {"audience": canonical(sorted(stored.audience)), **document_store.long_id(stored.id)}
            ledger_store.enter(tx, by, "document:remove", stored.id, said, self._now())
            # Last in the transaction: if the file cannot be deleted, everything is rolled back.
            if self._uploads.contains(stored.path):
                self._uploads.delete(stored.path)

        self._library.remove(stored.id, record)

    def _index(self, job_id: str) -> None:
        tell, refused = self._progress(job_id), list[FileRejected]()
        with self._changing:
            by = self._jobs[job_id].by
        self._enter(by, "guidance:index", "guidance", {})
        refused += self._library.index(self._folders(), progress=tell, by=by).refused
        for folder, audience in self._uploads.folders():
            refused += self._library.index([folder], audience=audience, progress=tell, by=by).refused
        # Every guidance owner may see this job, but not the rejected files of a group.
        open_to_all = {each.path for each in self._library.refusals()}
        self._change(job_id, refused=_named([each for each in refused if each.path in open_to_all]))

    def _progress(self, job_id: str) -> Callable[[int, int, str], None]:
        began: dict[str, tuple[float, int]] = {}

        def tell(done: int, total: int, what: str) -> None:
            if self._closing or self._is_stopping(job_id):
                self._library.stop()
            # The rate is measured from the end of the first block, because its start is not known.
            since, first = began.setdefault(what, (time.monotonic(), done))
            passed = time.monotonic() - since
            rate = (done - first) / passed if passed > 0 else 0.0
            left_s = (total - done) / rate if rate else None
            self._change(job_id, done=done, total=total, what=what, rate=rate, left_s=left_s)

        return tell

    def _is_stopping(self, job_id: str) -> bool:
        with self._changing:
            return job_id in self._stopping

    def _change(self, job_id: str, **changed: object) -> None:
        with self._changing:
            self._jobs[job_id] = replace(self._jobs[job_id], **changed)  # type: ignore[arg-type]  # names of fields

    def _enter(self, actor: str, act: Act, subject: str, detail: dict[str, str]) -> None:
        with self._database.transaction() as tx:
            ledger_store.enter(tx, actor, act, subject, detail, self._now())


def _noted(notes: Sequence[FileNote]) -> tuple[FileNote, ...]:
    """Return notes on files by name only, for the same reason as `_named`."""
    return tuple(FileNote(Path(each.path).name, each.note) for each in notes)


def _named(refused: Sequence[FileRejected]) -> tuple[FileRejected, ...]:
    """Return rejected files by name only, because pages must not show the server's paths."""
    return tuple(FileRejected(Path(each.path).name, each.reason) for each in refused)
