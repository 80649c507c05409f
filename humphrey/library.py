"""The guidance: taken in from files, kept in the database, found through the index.

Taking in has two steps, so that being killed at any moment loses nothing: each file's document goes into the database
in a transaction of its own, then the index is brought level with the database. Opening the index does the second step
again, which costs nothing where nothing is missing.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Protocol

from humphrey.core.guidance import Document, Passage, split
from humphrey.core.intake import ReadCorpus, Refused, Source, TakenIn, Unchanged
from humphrey.core.search import Hit, Indexed, indexed
from humphrey.errors import HumphreyError
from humphrey.store import Store
from humphrey.store.documents import Held

_log = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]
"""Told how much is done, of how much, of what."""


class PassageIndex(Protocol):
    """An index over passages; see `humphrey.adapters.index.GuidanceIndex`."""

    def level(self, entries: Sequence[Indexed], progress: Progress) -> None:
        """Bring it level with exactly these passages."""

    def clear(self) -> None:
        """Make everything anew with the next `level`."""

    def search(self, query: str, limit: int) -> Sequence[tuple[Passage, float]]:
        """The best passages with their scores, best first."""

    def close(self) -> None:
        """Let another process have it."""


@dataclass(frozen=True)
class IndexReport:
    """What one indexing did: counts of documents, the passages held after it, and what was refused."""

    added: int
    updated: int
    unchanged: int
    removed: int
    passages: int
    refused: tuple[Refused, ...]
    seconds: float


def silent(_done: int, _total: int, _what: str) -> None:
    """Progress that nobody watches."""


class Library:
    """The guidance that humphrey holds. Nothing is opened or locked before the first search or indexing.

    Args:
        store: where documents are kept.
        read: reads files.
        open_index: opens the index; called once, when it is first needed.
    """

    def __init__(self, store: Store, read: ReadCorpus, open_index: Callable[[], PassageIndex]) -> None:
        self._store = store
        self._read = read
        self._open_index = open_index
        self._index: PassageIndex | None = None
        self._level = False
        self._busy = Lock()

    def index(self, paths: Iterable[Path], *, rebuild: bool = False, progress: Progress = silent) -> IndexReport:
        """Take in what changed below some paths, and bring the index level.

        What is gone from below a folder is removed; what can no longer be read stays as it was and is reported.

        Args:
            paths: folders or single files.
            rebuild: read every file again and make the whole index anew.
            progress: told of every file and of every block of passages.

        Raises:
            DocumentError: a path does not exist; nothing was changed.
            GuidanceIndexError: another process holds the index, or it cannot be written.
            StoreError: the database cannot be written; documents already taken in stay.
        """
        began = time.monotonic()
        roots = tuple(paths)
        held = self._store.held()
        reading = self._read(roots, {} if rebuild else {each.source.place: each.source.digest for each in held})
        with self._busy:
            index = self._opened()
            if rebuild:
                index.clear()
            intake = _Intake(self._store, held)
            for done, item in enumerate(reading, start=1):
                intake.take(item)
                progress(done, len(reading), "reading")
            intake.remove_gone(reading.roots)
            self._bring_level(index, progress)
        report = IndexReport(
            **intake.counts, passages=self._store.passage_count(), refused=tuple(intake.refused),
            seconds=time.monotonic() - began,
        )  # fmt: skip
        _log.info("guidance_indexed", extra={**intake.counts, "refused": len(report.refused)})
        return report

    def search(self, query: str, limit: int) -> Sequence[Hit]:
        """Best hits first, at most `limit` of them; empty for a blank query or an empty library.

        Raises:
            GuidanceIndexError: another process holds the index, or it is damaged.
        """
        # Half a character cannot be encoded, and no guidance holds one.
        query = query.encode("utf-8", "ignore").decode("utf-8")
        found = self._ready().search(query, limit)
        imprints = self._store.imprints({passage.document for passage, _ in found})
        return [
            Hit(passage, imprints[passage.document], score) for passage, score in found if passage.document in imprints
        ]

    def document(self, document_id: str, version: str = "") -> Document | None:
        """A document as it stood in a version, in today's when none is named; None when that is not held."""
        return self._store.document(document_id, version)

    def passages(self, document_id: str) -> int:
        """How many passages a document has; 0 when it is not held."""
        return self._store.passage_count(document_id)

    def close(self) -> None:
        """Let go of the index; another process may have it then."""
        with self._busy:
            if self._index is not None:
                self._index.close()
            self._index = None
            self._level = False

    def _ready(self) -> PassageIndex:
        """The index, level with the database at least once since it was opened."""
        index = self._index
        if index is not None and self._level:
            return index
        with self._busy:
            index = self._opened()
            if not self._level:
                self._bring_level(index, silent)
            return index

    def _opened(self) -> PassageIndex:
        if self._index is None:
            self._index = self._open_index()
        return self._index

    def _bring_level(self, index: PassageIndex, progress: Progress) -> None:
        try:
            index.level([indexed(title, passage) for title, passage in self._store.passages()], progress)
        except HumphreyError:
            self._level = False
            raise
        self._level = True


class _Intake:
    """One indexing's documents on their way into the database, and the counts of what became of them."""

    def __init__(self, store: Store, held: Sequence[Held]) -> None:
        self._store = store
        self._by_path = {each.source.path: each for each in held}
        self._by_id = {each.id: each for each in held}
        self._seen: set[str] = set()
        self.counts = {"added": 0, "updated": 0, "unchanged": 0, "removed": 0}
        self.refused: list[Refused] = []

    def take(self, item: TakenIn | Unchanged | Refused) -> None:
        if isinstance(item, Refused):
            self._refuse(item)
        elif isinstance(item, Unchanged):
            self._seen.add(item.source.path)
            self.counts["unchanged"] += 1
        else:
            self._seen.add(item.source.path)
            self._take_in(item.document, item.source)

    def remove_gone(self, roots: Iterable[Path]) -> None:
        """Drop what was read from below one of the folders and is not there any more."""
        folders = {root.as_posix() for root in roots}
        for path, each in list(self._by_path.items()):
            if each.source.root in folders and path not in self._seen:
                with self._store.transaction() as transaction:
                    transaction.drop(each.id)
                self.counts["removed"] += 1

    def _refuse(self, refused: Refused) -> None:
        self._seen.add(refused.path)
        self.refused.append(refused)
        _log.warning("document_refused", extra={"reason": refused.reason})

    def _take_in(self, document: Document, source: Source) -> None:
        free = self._free_id(document.id, source)
        if free is None:
            other = self._by_id[document.id].source.path
            self._refuse(Refused(source.path, f"has the id {document.id!r}, as {other} has; rename one of the two"))
            return
        document = replace(document, id=free)
        before = self._by_path.get(source.path)
        known = self._by_id.get(free)
        with self._store.transaction() as transaction:
            if before is not None and before.id != free:
                transaction.drop(before.id)
            transaction.take_in(document, split(document), source, datetime.now(UTC))
        self._remember(
            Held(free, document.version, document.imprint, source), [each for each in (before, known) if each]
        )

    def _remember(self, now: Held, replaced: Sequence[Held]) -> None:
        same = any((each.id, each.version, each.imprint) == (now.id, now.version, now.imprint) for each in replaced)
        self.counts["unchanged" if same else "updated" if replaced else "added"] += 1
        for each in replaced:
            self._by_path.pop(each.source.path, None)
            self._by_id.pop(each.id, None)
        self._by_path[now.source.path] = self._by_id[now.id] = now

    def _free_id(self, wanted: str, source: Source) -> str | None:
        """The id a document may have: its own, or where another folder has that, its own with its folder's name."""
        if self._may_have(wanted, source):
            return wanted
        if self._by_id[wanted].source.root == source.root:
            return None
        second = f"{wanted}@{Path(source.root).name}"
        return second if self._may_have(second, source) else None

    def _may_have(self, document_id: str, source: Source) -> bool:
        owner = self._by_id.get(document_id)
        return owner is None or owner.source.path == source.path or not Path(owner.source.path).exists()
