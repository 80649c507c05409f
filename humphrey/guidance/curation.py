"""What reviewers do with the guidance: add files, remove documents, index again. One job at a time, each on the record.

Rule: whoever acts must be a reviewer, and gives documents only to everyone or to a group they are in themselves. A job
goes on in a thread of its own; a batch of files that is not done yet when humphrey stops is gone on with by `resume`.
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
from humphrey.documents.ingest import FileRejected
from humphrey.errors import CommissionError, DocumentError, HumphreyError, IndexingStopped, NotPermitted
from humphrey.guidance.library import IndexReport, Library, Progress
from humphrey.guidance.store import DocumentRow
from humphrey.guidance.sync import store as sync_store
from humphrey.guidance.uploads import Batch, Uploads
from humphrey.ledger import store as ledger_store
from humphrey.ledger.attempts import Attempts
from humphrey.ledger.model import Act

JobKind = Literal["add", "remove", "index"]
"""What a job does: take in files, remove a document, index everything again."""


JobState = Literal["waiting", "running", "done", "stopped", "failed"]
"""How far a job is."""


Work = Callable[[str], None]
"""What a job does, told its id."""


Folders = Callable[[], Sequence[Path]]
"""The folders that are indexed beside the uploads."""


_MOST_JOBS = 100
"""How many jobs are remembered; of older ones only the record tells."""


_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CurationJob:
    """One job; `names` are the files it takes in or the document it removes, `audience` is who may read those.

    `done` of `total` is how much of `what` is done, `left_s` an estimate of the seconds that is still going to take.
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
    trouble: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in {"done", "stopped", "failed"}


class Curation:
    """Adds, removes and indexes for reviewers.

    Args:
        library: the guidance.
        people: who may act.
        database: where the record is kept.
        uploads: the files that were handed in.
        folders: what is indexed beside them.
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
        """The person of that name, who must be a guidance owner; the attempt of anybody else goes on the record.

        Raises:
            IdentityError: there is nobody of that name, or they are disabled.
            NotPermitted: they are not a guidance owner.
        """
        person = self._people.person(name)
        with self._attempts.trying(tried, subject, name):
            if not may(person, "curate"):
                raise NotPermitted(f"{name} is not a guidance owner; ask one to change the guidance")
        return person

    def receive(self, name: str) -> Path:
        """A folder for files that a reviewer is about to hand in; `add` or `discard` it afterwards.

        Raises:
            DocumentError: it cannot be made.
            NotPermitted: they are not a guidance owner.
        """
        self.require_guidance_owner(name, "document:add", "documents")
        return self._uploads.receive()

    def discard(self, folder: Path) -> None:
        """Throw away what came in."""
        self._uploads.discard(folder)

    def add(
        self, name: str, folder: Path, group: str, names: Sequence[str], refused: Sequence[FileRejected] = ()
    ) -> CurationJob:
        """Take in files for everyone or a group, as soon as what is going on is done.

        Args:
            name: the reviewer who hands them in.
            folder: what `receive` gave, with the files in it.
            group: one of the reviewer's own; empty for everyone.
            names: what the files are called.
            refused: files that did not even come in whole, to be shown with the others.

        Raises:
            CommissionError: there is no file.
            DocumentError: the batch cannot be kept.
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
        return self._queue(job, partial(self._take_in, batch), partial(self._undo, batch))

    def index_again(self, name: str) -> CurationJob:
        """Read what changed in every folder, and bring the index level.

        Raises:
            NotPermitted: they are not a guidance owner.
        """
        self.require_guidance_owner(name, "guidance:index", "guidance")
        return self._queue(CurationJob(secrets.token_hex(8), "index", name), self._index)

    def index_after_sync(self) -> None:
        """Index again when pages were fetched since this was last asked; the first time, only note when they were.

        To be called now and then while this process has the index, since whoever fetches beside it has not.
        """
        latest, known = sync_store.last_fetched(self._database), self._fetched
        self._fetched = (latest,)
        if known is not None and known != (latest,):
            self._queue(CurationJob(secrets.token_hex(8), "index", "humphrey"), self._index)

    def resume(self, progress: Progress) -> list[FileRejected]:
        """Bring the index level with the files that were handed in, and go on with the batches that were not done.

        Gives back what was refused meanwhile; raises what `Library.index` raises.
        """
        waiting, folders = self._uploads.pending(), self._uploads.folders()
        # What a batch had put in place before humphrey was stopped is taken in by whoever handed it in.
        reports = [self._index_placed(batch) for batch in waiting]
        reports += [self._library.index([folder], audience=readers, progress=progress) for folder, readers in folders]
        for batch in waiting:
            if batch.id not in self._jobs:
                job = CurationJob(batch.id, "add", batch.by, batch.audience, batch.names)
                self._queue(job, partial(self._take_in, batch), partial(self._undo, batch))
        return [each for report in reports for each in report.refused]

    def removable(self, document_id: str, person: Person) -> bool:
        """Whether a person may remove a document: a reviewer who may read it."""
        return may(person, "curate") and self._library.may_read(document_id, person.groups)

    def reappears_after_removal(self, path: str) -> bool:
        """Whether a document comes back after it was removed: its file is not one that was handed in."""
        return not self._uploads.contains(path)

    def remove(self, name: str, document_id: str) -> CurationJob:
        """Hold a document no longer, and delete its file where it was handed in here.

        Raises:
            DocumentError: no such document is held, or the reviewer may not read it.
            NotPermitted: they are not a guidance owner.
        """
        person = self.require_guidance_owner(name, "document:remove", document_id)
        held = next((each for each in self._library.list_documents(person.groups) if each.id == document_id), None)
        if held is None:
            raise DocumentError(f"no document {document_id[:80]!r} is held; reload the list of documents")
        job = CurationJob(secrets.token_hex(8), "remove", name, held.audience, (held.imprint.title,))
        return self._queue(job, partial(self._remove, held))

    def jobs(self, groups: Collection[str]) -> Sequence[CurationJob]:
        """The jobs that somebody in some groups may know of, latest first."""
        with self._changing:
            known = list(self._jobs.values())
        return [job for job in reversed(known) if readable(job.audience, groups)]

    def job(self, job_id: str, groups: Collection[str]) -> CurationJob | None:
        """One of them; None where there is none that they may know of."""
        return next((job for job in self.jobs(groups) if job.id == job_id), None)

    def stop(self, name: str, job_id: str) -> None:
        """Stop a job. Of files that were being taken in, none stays; indexing again keeps what it has done.

        Raises:
            NotPermitted: they are not a guidance owner, or may not know of the job.
        """
        person = self.require_guidance_owner(name, "guidance:index", job_id)
        if self.job(job_id, person.groups) is None:
            raise NotPermitted(f"there is no job {job_id[:40]!r} that you may stop; reload the page")
        with self._changing:
            self._stopping.add(job_id)

    def close(self) -> None:
        """Stop what is going on where it is; `resume` goes on with it."""
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
            # Whoever waits for the job is told, and the next job is done.
            _log.exception("guidance_job_failed", extra={"job": job_id})
            self._change(job_id, state="failed", trouble="something went wrong on our side; tell whoever runs humphrey")

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

    def _take_in(self, batch: Batch, job_id: str) -> None:
        paths = self._uploads.install(batch)
        progress = self._progress(job_id)
        report = self._library.index(paths, audience=batch.audience, progress=progress, by=batch.by)
        refused = {Path(each.path) for each in report.refused}
        self._uploads.finish(batch, refused)
        there = set(paths) - refused
        taken = tuple(each.id for each in self._library.list_documents(batch.audience) if Path(each.path) in there)
        with self._changing:
            job = self._jobs[job_id]
        self._change(job_id, taken_in=taken, refused=(*job.refused, *_named(report.refused)))

    def _index_placed(self, batch: Batch) -> IndexReport:
        placed = [path for path in self._uploads.paths(batch) if path.exists()]
        return self._library.index(placed, audience=batch.audience, by=batch.by)

    def _undo(self, batch: Batch, _job_id: str) -> None:
        """Leave nothing of a batch."""
        self._uploads.finish(batch, set(self._uploads.paths(batch)))
        folder = self._uploads.folder(batch.group)
        if folder is not None:
            self._library.index([folder], audience=batch.audience, by=batch.by)

    def _remove(self, held: DocumentRow, job_id: str) -> None:
        with self._changing:
            by = self._jobs[job_id].by

        def record(tx: Transaction) -> None:
            ledger_store.enter(tx, by, "document:remove", held.id, {"audience": _said(held.audience)}, self._now())
            # Last, so that a file that cannot be deleted leaves everything as it was.
            if self._uploads.contains(held.path):
                self._uploads.delete(held.path)

        self._library.remove(held.id, record)

    def _index(self, job_id: str) -> None:
        tell, refused = self._progress(job_id), list[FileRejected]()
        with self._changing:
            by = self._jobs[job_id].by
        self._enter(by, "guidance:index", "guidance", {})
        refused += self._library.index(self._folders(), progress=tell, by=by).refused
        for folder, audience in self._uploads.folders():
            refused += self._library.index([folder], audience=audience, progress=tell, by=by).refused
        # Every reviewer may see this job, but not which files of a group were refused.
        open_to_all = {each.path for each in self._library.refusals()}
        self._change(job_id, refused=_named([each for each in refused if each.path in open_to_all]))

    def _progress(self, job_id: str) -> Callable[[int, int, str], None]:
        began: dict[str, tuple[float, int]] = {}

        def tell(done: int, total: int, what: str) -> None:
            if self._closing or self._is_stopping(job_id):
                self._library.stop()
            # The first block counts for nothing: when it was begun is not known.
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


def _said(audience: Audience) -> str:
    return canonical(sorted(audience))


def _named(refused: Sequence[FileRejected]) -> tuple[FileRejected, ...]:
    """The refusals with the names of their files alone: where a server keeps them is not for its pages."""
    return tuple(FileRejected(Path(each.path).name, each.reason) for each in refused)
