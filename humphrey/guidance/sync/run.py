"""Bringing the published guidance up to date: what changed is fetched and kept as files, which indexing then takes in.

A run can be killed at any moment: a page is kept whole before it is remembered, and the next run goes on where the
stopped one was. The list of sources is whole: what it no longer leads to is let go at the end of a run.
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
"""Told how much is done, of how much, of what."""


_GOES_ON_FOR = timedelta(hours=6)
"""How long a stopped run is gone on with; after that, what it saw is too old and everything is asked again."""


_LONGEST_CHAIN = 3


_MOST_IN_A_ROW = 5


@dataclass(frozen=True)
class _Step:
    """A page to visit: how many moves led to it, and whether it was listed or belongs to one that was."""

    path: str
    title: str
    moves: int = 0
    listed: bool = True


def _now() -> datetime:
    return datetime.now(UTC)


class Sync:
    """Fetches what changed at one server.

    Args:
        database: where it is remembered what was fetched.
        fetch: asks the server.
        base: the server's address.
        kept: where its pages are kept.
        now: the clock.
    """

    def __init__(
        self, database: Database, fetch: Fetch, base: str, kept: PageFiles, *, now: Callable[[], datetime] = _now
    ) -> None:
        self._database = database
        self._fetch = fetch
        self._base = base
        self._kept = kept
        self._now = now

    def run(self, sources: Sources, progress: Progress) -> SyncReport:
        """Visit every page that is wanted, and those that belong to it.

        Raises:
            Unreachable: the server does not answer any more; what was fetched stays, and the next run goes on.
            SyncError: a page that is not wanted any more cannot be removed.
            StoreError: the database cannot be read or written.
        """
        stopped = sync_store.interrupted_run(self._database, self._base, self._now() - _GOES_ON_FOR)
        began = stopped or self._now()
        if stopped is None:
            with self._database.transaction() as tx:
                sync_store.begin_run(tx, self._base, began)
        before = sync_store.fetched_pages(self._database, self._base)
        done = {path for path, page in before.items() if stopped and _done_since(page, began)}
        round_ = _Round(before, frozenset(done))
        self._visit_all(sources, round_, progress)
        self._let_go(round_)
        with self._database.transaction() as tx:
            sync_store.finish_run(tx, self._base, self._now())
        report = SyncReport(
            self._base, began, stopped is not None, tuple(round_.pages), tuple(round_.attached), sources.elsewhere
        )
        _log.info("sync_finished", extra={"pages": len(report.pages), "failed": report.counts["failed"]})
        return report

    def _visit_all(self, sources: Sources, round_: "_Round", progress: Progress) -> None:
        steps = deque(_Step(each.path, each.title) for each in sources.wanted)
        unanswered = 0
        while steps:
            step = steps.popleft()
            if step.path in round_.seen:
                continue
            round_.seen.add(step.path)
            page, silent = self._visited(step, round_)
            unanswered = unanswered + 1 if silent else 0
            if unanswered == _MOST_IN_A_ROW:
                raise Unreachable(f"{page.detail}; {unanswered} pages in a row; what was fetched stays")
            round_.pages.append(page)
            steps.extendleft(reversed(self._next(step, page, round_)))
            progress(len(round_.seen), len(round_.seen | {each.path for each in steps}), "fetching")

    def _visited(self, step: _Step, round_: "_Round") -> tuple[PageState, bool]:
        """What became of a page, and whether that is because the server did not answer."""
        before = round_.before.get(step.path)
        if before and step.path in round_.done:
            return before, False
        held = self._kept.read(step.path) is not None
        silent = False
        try:
            fetched = self._fetch(step.path, before.validators if before and held else Validators())
            page = self._kept_as(step, fetched, before if held else None)
        except SyncError as error:
            silent = isinstance(error, Unreachable)
            page = self._page(step, "failed", str(error), before)
            _log.warning("page_failed", extra={"path": step.path, "why": type(error).__name__})
        with self._database.transaction() as tx:
            sync_store.save_page(tx, self._base, page)
        return page, silent

    def _kept_as(self, step: _Step, fetched: Fetched, before: PageState | None) -> PageState:
        """Keep what was fetched; the files first, so that nothing is remembered that is not there."""
        match fetched:
            case Unchanged():
                if before is None:
                    raise SyncError(f"{step.path} is said to be unchanged, but is not held; run again later")
                return self._page(step, "unchanged", "", before)
            case FetchedPage():
                self._kept.write(step.path, fetched.content)
                return self._page_sent(step, fetched, before)
            case Moved(to):
                self._kept.mark_moved(step.path, to)
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
        """Withdrawn for good, it goes; merely not found, it stays: a wrong address must not empty the shelves."""
        if for_good:
            self._kept.remove(step.path)
            return self._page(step, "gone", "its publisher took it away for good", None)
        stays = "; what was fetched before stays" if before else ""
        look = "check its path in the list of sources" if step.listed else "the page above it still names it"
        return self._page(step, "gone", f"not found{stays}; {look}", before)

    def _page(self, step: _Step, outcome: Outcome, detail: str, before: PageState | None) -> PageState:
        known = before or PageState(step.path, step.title, outcome, detail, Validators(), "", self._now())
        return replace(known, outcome=outcome, detail=detail, checked_at=self._now())

    def _next(self, step: _Step, page: PageState, round_: "_Round") -> list[_Step]:
        """Where to go from a page: on to where it moved, or to the pages that hold its text."""
        if page.outcome == "moved":
            on = page.detail.startswith("/") and step.moves < _LONGEST_CHAIN
            return [_Step(validate_path(page.detail), step.title, step.moves + 1, step.listed)] if on else []
        item = self._kept.read(step.path)
        if item is None:
            return []
        round_.attached.extend(offered_files(item))
        return [_Step(path, page.title, listed=False) for path in child_paths(item)] if step.listed else []

    def _let_go(self, round_: "_Round") -> None:
        """Keep no longer what the list of sources does not lead to any more.

        Nothing goes while a page could not be fetched: what else it leads to is not known.
        """
        if any(page.outcome == "failed" for page in round_.pages):
            return
        kept = set(self._kept.paths())
        for path in sorted({*kept, *round_.before} - round_.seen):
            self._kept.remove(path)
            with self._database.transaction() as tx:
                sync_store.forget_page(tx, self._base, path)
            if path in kept:
                held = round_.before.get(path)
                round_.pages.append(self._page(_Step(path, path), "removed", "not wanted any more", held))


class _Round:
    """One run under way: what was remembered, what of it a stopped run already saw, and what has been seen since."""

    def __init__(self, before: dict[str, PageState], done: frozenset[str]) -> None:
        self.before = before
        self.done = done
        self.seen: set[str] = set()
        self.pages: list[PageState] = []
        self.attached: list[OfferedFile] = []


def _done_since(page: PageState, began: datetime) -> bool:
    return page.checked_at >= began and page.outcome != "failed"


def write_report(report: SyncReport, folder: Path) -> Path:
    """Write a run's report below a folder, dated, and say where.

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
