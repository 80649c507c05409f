"""Sync of the published guidance: fetches what changed and stores it as files, which indexing then reads.

A run can be killed at any moment: a page's file is written before its state, and the next run continues from there. The
list of sources is complete: pages that it no longer leads to are removed at the end of a run.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain, count
from pathlib import Path

from humphrey.database.engine import Database
from humphrey.errors import SyncError, Unreachable
from humphrey.guidance.sync import store as sync_store
from humphrey.guidance.sync.model import (
    Fetch,
    Fetched,
    FetchedPage,
    Moved,
    OfferedFile,
    Outcome,
    PageMissing,
    PageState,
    Sources,
    SyncReport,
    Unchanged,
    Validators,
    child_paths,
    content_digest,
    is_withdrawn,
    offered_files,
    validate_path,
)
from humphrey.guidance.sync.page_files import PageFiles
from humphrey.guidance.sync.report import markdown

_log = logging.getLogger(__name__)


Progress = Callable[[int, int, str], None]
"""Receives progress: units done, units in total, and the name of the step."""


_GOES_ON_FOR = timedelta(hours=6)
"""Age up to which an interrupted run is continued; an older one is too old, and every page is asked again."""


# Moves that are followed for one page, so that a circle of redirects ends.
_LONGEST_CHAIN = 3


# Pages without an answer in a row after which the server counts as unreachable.
_MOST_IN_A_ROW = 5


@dataclass(frozen=True)
class _Step:
    """A page to visit: the number of moves that led to it, and whether it is in the list of sources itself."""

    path: str
    title: str
    moves: int = 0
    listed: bool = True


def _now() -> datetime:
    return datetime.now(UTC)


class Sync:
    """Fetches what changed on one server.

    Args:
        database: holds the states of pages.
        fetch: fetches a page.
        base: the server's address.
        kept: the files of its pages.
        now: the clock.
    """

    def __init__(
        self, database: Database, fetch: Fetch, base: str, kept: PageFiles, *, now: Callable[[], datetime] = _now
    ) -> None:
        self._database = database
        self._fetch = fetch
        self._base = base
        self._files = kept
        self._now = now

    def run(self, sources: Sources, progress: Progress) -> SyncReport:
        """Visit every page of the list of sources, and the pages that belong to them.

        Raises:
            Unreachable: the server stopped answering; what was fetched stays, and the next run continues.
            SyncError: a page that is no longer listed cannot be removed.
            StoreError: the database cannot be read or written.
        """
        stopped = sync_store.interrupted_run(self._database, self._base, self._now() - _GOES_ON_FOR)
        began = stopped or self._now()
        if stopped is None:
            with self._database.transaction() as tx:
                sync_store.begin_run(tx, self._base, began)
        before = sync_store.fetched_pages(self._database, self._base)
        done = {path for path, page in before.items() if stopped and _done_since(page, began)}
        run = _Run(before, frozenset(done))
        self._visit_all(sources, run, progress)
        self._remove_unlisted(run)
        with self._database.transaction() as tx:
            sync_store.finish_run(tx, self._base, self._now())
        report = SyncReport(
            self._base, began, stopped is not None, tuple(run.pages), tuple(run.attached), sources.elsewhere
        )
        _log.info("sync_finished", extra={"pages": len(report.pages), "failed": report.counts["failed"]})
        return report

    def _visit_all(self, sources: Sources, run: "_Run", progress: Progress) -> None:
        steps = deque(_Step(each.path, each.title) for each in sources.wanted)
        unanswered = 0
        while steps:
            step = steps.popleft()
            if step.path in run.seen:
                continue
            run.seen.add(step.path)
            page, silent = self._visit(step, run)
            unanswered = unanswered + 1 if silent else 0
            if unanswered == _MOST_IN_A_ROW:
                raise Unreachable(f"{page.detail}; {unanswered} pages in a row; what was fetched stays")
            run.pages.append(page)
            steps.extendleft(reversed(self._next(step, page, run)))
            progress(len(run.seen), len(run.seen | {each.path for each in steps}), "fetching")

    def _visit(self, step: _Step, run: "_Run") -> tuple[PageState, bool]:
        """Visit a page; return its state, and whether the server did not answer."""
        before = run.before.get(step.path)
        if before and step.path in run.done:
            return before, False
        held = self._files.read(step.path) is not None
        silent = False
        try:
            fetched = self._fetch(step.path, before.validators if before and held else Validators())
            page = self._store_page(step, fetched, before if held else None)
        except SyncError as error:
            silent = isinstance(error, Unreachable)
            page = self._page(step, "failed", str(error), before)
            _log.warning("page_failed", extra={"path": step.path, "why": type(error).__name__})
        with self._database.transaction() as tx:
            sync_store.save_page(tx, self._base, page)
        return page, silent

    def _store_page(self, step: _Step, fetched: Fetched, before: PageState | None) -> PageState:
        """Store a fetched page; the file first, so that no state is saved without its file."""
        match fetched:
            case Unchanged():
                if before is None:
                    raise SyncError(f"{step.path} is reported unchanged, but is not stored; run again later")
                return self._page(step, "unchanged", "", before)
            case FetchedPage():
                self._files.write(step.path, fetched.content)
                return self._page_sent(step, fetched, before)
            case Moved(to):
                self._files.mark_moved(step.path, to)
                return self._page(step, "moved", to, None)
            case PageMissing(for_good):
                return self._missing(step, for_good, before)

    def _page_sent(self, step: _Step, fetched: FetchedPage, before: PageState | None) -> PageState:
        digest = content_digest(fetched.item)
        outcome: Outcome = "added" if before is None or not before.digest else "changed"
        if before is not None and before.digest == digest:
            outcome = "unchanged"
        elif is_withdrawn(fetched.item):
            outcome = "withdrawn"
        title = str(fetched.item.get("title") or step.title)
        return PageState(step.path, title, outcome, "", fetched.validators, digest, self._now())

    def _missing(self, step: _Step, for_good: bool, before: PageState | None) -> PageState:
        """Remove a page that its publisher removed; keep one that is only not found, as its address may be wrong."""
        if for_good:
            self._files.remove(step.path)
            return self._page(step, "gone", "its publisher took it away for good", None)
        stays = "; what was fetched before stays" if before else ""
        look = "check its path in the list of sources" if step.listed else "the page above it still names it"
        return self._page(step, "gone", f"not found{stays}; {look}", before)

    def _page(self, step: _Step, outcome: Outcome, detail: str, before: PageState | None) -> PageState:
        known = before or PageState(step.path, step.title, outcome, detail, Validators(), "", self._now())
        return replace(known, outcome=outcome, detail=detail, checked_at=self._now())

    def _next(self, step: _Step, page: PageState, run: "_Run") -> list[_Step]:
        """Return the next pages to visit: where the page moved to, or the pages with its text."""
        if page.outcome == "moved":
            on = page.detail.startswith("/") and step.moves < _LONGEST_CHAIN
            return [_Step(validate_path(page.detail), step.title, step.moves + 1, step.listed)] if on else []
        item = self._files.read(step.path)
        if item is None:
            return []
        run.attached.extend(offered_files(item))
        return [_Step(path, page.title, listed=False) for path in child_paths(item)] if step.listed else []

    def _remove_unlisted(self, run: "_Run") -> None:
        """Remove pages to which the list of sources no longer leads.

        Nothing is removed if a page could not be fetched, because the pages below it are then unknown.
        """
        if any(page.outcome == "failed" for page in run.pages):
            return
        kept = set(self._files.paths())
        for path in sorted({*kept, *run.before} - run.seen):
            self._files.remove(path)
            with self._database.transaction() as tx:
                sync_store.forget_page(tx, self._base, path)
            if path in kept:
                held = run.before.get(path)
                run.pages.append(self._page(_Step(path, path), "removed", "no longer in the list of sources", held))


class _Run:
    """A run in progress: the states before it, the pages an interrupted run had done, and the pages seen since."""

    def __init__(self, before: dict[str, PageState], done: frozenset[str]) -> None:
        self.before = before
        self.done = done
        self.seen: set[str] = set()
        self.pages: list[PageState] = []
        self.attached: list[OfferedFile] = []


def _done_since(page: PageState, began: datetime) -> bool:
    return page.checked_at >= began and page.outcome != "failed"


def write_report(report: SyncReport, folder: Path) -> Path:
    """Write the report of a run to a folder, with the date in its name, and return its path.

    Raises:
        SyncError: it cannot be written.
    """
    name = f"report-{report.began:%Y-%m-%d-%H%M}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        again = (folder / f"{name}-{n}.md" for n in count(2))
        file = next(each for each in chain((folder / f"{name}.md",), again) if not each.exists())
        file.write_text(markdown(report), encoding="utf-8")
    except OSError as error:
        raise SyncError(f"the report cannot be written to {folder} ({error.strerror}); make it writable") from error
    return file
