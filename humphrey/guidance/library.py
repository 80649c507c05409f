"""The guidance: ingested from files, stored in the database, and searched through the index by those who may read it.

Ingestion has two steps, so that a killed process loses nothing. First, each file's document is stored in a transaction
of its own. Then the index is synchronised with the database. Opening the index repeats the second step, which costs
nothing if it is complete. Audiences are checked in the database after the search, so that a document restricted a
moment ago is not shown by an index that does not know it yet.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock
from typing import Protocol

from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.documents.audiences import Audience, readable
from humphrey.documents.ingest import FileNote, FileRejected, ReadCorpus
from humphrey.documents.model import Document, Passage
from humphrey.errors import DocumentError, HumphreyError, IndexingStopped
from humphrey.guidance import store as document_store
from humphrey.guidance.ingestion import Ingestion
from humphrey.guidance.store import DocumentRow
from humphrey.search.model import Hit, Indexed, IndexState, PassageLocation, indexed
from humphrey.search.queries import query_locales
from humphrey.search.ranking import discounted

_log = logging.getLogger(__name__)


Progress = Callable[[int, int, str], None]
"""Receives progress: units done, units in total, and the name of the step."""


class PassageIndex(Protocol):
    """A search index of passages; see `humphrey.search.index.GuidanceIndex`."""

    def synchronise(
        self, wanted: Sequence[IndexState], read: Callable[[Sequence[str]], Iterable[Indexed]], progress: Progress
    ) -> None:
        """Make the index contain exactly these documents."""

    def clear(self) -> None:
        """Delete the contents; the next `synchronise` builds them again."""

    def search(self, query: str, groups: Collection[str]) -> Sequence[tuple[PassageLocation, float]]:
        """Return the best passages that a member of some groups may read, with their scores, best first."""

    def close(self) -> None:
        """Release the index for other processes."""


@dataclass(frozen=True)
class IndexReport:
    """The result of one indexing run: counts of documents, passages stored after it, rejected files, and notes."""

    added: int
    updated: int
    unchanged: int
    removed: int
    passages: int
    refused: tuple[FileRejected, ...]
    seconds: float
    notes: tuple[FileNote, ...] = ()


def no_progress(_done: int, _total: int, _what: str) -> None:
    """Ignore progress."""


def _no_record(tx: Transaction) -> None:
    """Enter nothing."""


class Library:
    """The guidance. Nothing is opened or locked before the first search or indexing.

    Args:
        database: holds the documents.
        read: reads files.
        open_index: opens the index; called once, when first needed.
        highest: the highest marking that may be stored.
    """

    def __init__(
        self,
        database: Database,
        read: ReadCorpus,
        open_index: Callable[[], PassageIndex],
        *,
        highest: str = "OFFICIAL",
    ) -> None:
        self._database = database
        self._highest = highest
        self._read = read
        self._open_index = open_index
        self._index: PassageIndex | None = None
        self._synchronised = False
        self._changing = Lock()
        self._stop = Event()
        self._listeners: list[Callable[[], object]] = []

    def on_change(self, changed: Callable[[], object]) -> None:
        """Register a function that is called after every indexing run and removal."""
        self._listeners.append(changed)

    def index(
        self,
        paths: Iterable[Path],
        *,
        audience: Audience | None = None,
        rebuild: bool = False,
        progress: Progress = no_progress,
        by: str = "humphrey",
    ) -> IndexReport:
        """Ingest what changed below some paths, and synchronise the index.

        Documents whose file is gone from a folder are removed. A file that can no longer be read keeps its document
        and is reported.

        Args:
            paths: folders or single files.
            audience: who may read the documents. With None, known documents keep their audience, and a new one gets
                that of the other documents of its folder; in a new folder, everyone may read it.
            rebuild: read every file again and build the whole index again.
            progress: called after every file and every block of passages.
            by: the actor in the ledger.

        Raises:
            DocumentError: a path does not exist; nothing was changed.
            GuidanceIndexError: another process holds the index, or it cannot be written.
            IndexingStopped: `stop` was called; finished work stays, and the next run continues.
            StoreError: the database cannot be written; documents already stored stay.
        """
        began = time.monotonic()
        roots = tuple(paths)
        with self._changing:
            self._stop.clear()
            stored = document_store.list_stored(self._database)
            reading = self._read(roots, {} if rebuild else {each.source.place: each.source.digest for each in stored})
            index = self._open_index_once()
            if rebuild:
                index.clear()
            ingestion = Ingestion(self._database, stored, audience, by, self._highest)
            for done, item in enumerate(reading, start=1):
                self._raise_if_stopped()
                ingestion.ingest(item)
                progress(done, len(reading), "reading")
            ingestion.notes += reading.passed_over
            ingestion.finish(reading.roots, roots)
            self._synchronise(index, progress)
        self.notify_changed()
        report = IndexReport(
            **ingestion.counts, passages=document_store.passage_count(self._database), refused=tuple(ingestion.refused),
            seconds=time.monotonic() - began, notes=tuple(ingestion.notes),
        )  # fmt: skip
        _log.info("guidance_indexed", extra={**ingestion.counts, "refused": len(report.refused)})
        return report

    def open(self, paths: Iterable[Path]) -> None:
        """Open the index and check that paths exist, so that errors appear before a long indexing run.

        Raises:
            DocumentError: a path does not exist.
            GuidanceIndexError: another process holds the index, or it cannot be used.
        """
        with self._changing:
            self._read(tuple(paths), {})
            self._open_index_once()

    def stop(self) -> None:
        """Stop the current indexing run after its current block; do nothing if there is none."""
        self._stop.set()

    def remove(self, document_id: str, record: Callable[[Transaction], object] = _no_record) -> None:
        """Remove a document. Its file stays: an indexing run that reads it adds the document again.

        Args:
            document_id: the document.
            record: called in the same transaction; if it fails, the document stays.

        Raises:
            DocumentError: there is no such document.
            GuidanceIndexError: as for `index`.
        """
        with self._changing:
            if document_store.audience(self._database, document_id) is None:
                raise DocumentError(f"there is no document {document_id[:80]!r}; reload the list of documents")
            with self._database.transaction() as tx:
                document_store.remove(tx, document_id)
                record(tx)
            self._stop.clear()
            self._synchronise(self._open_index_once(), no_progress)
        self.notify_changed()
        _log.info("document_removed", extra={"document": document_id})

    def search(self, query: str, limit: int, groups: Collection[str] = ()) -> Sequence[Hit]:
        """Return the best hits, best first; empty for a blank query or if nothing may be read.

        Superseded, moved and withdrawn pages rank below current ones of about the same score. Pages in another
        language than English are found only by a query that asks for that language.

        Args:
            query: the query.
            limit: the most hits.
            groups: the groups of the person who searches.

        Raises:
            GuidanceIndexError: another process holds the index, or it is damaged.
        """
        # A lone surrogate cannot be encoded for the index, and no document contains one.
        query = query.encode("utf-8", "ignore").decode("utf-8")
        found = dict(reversed(self._ready().search(query, groups)))
        standings = document_store.standings(self._database, {place.document for place in found})
        spoken = query_locales(query)
        ranked: list[tuple[PassageLocation, float]] = []
        for place, score in found.items():
            at = standings.get(place.document)
            if at is None or not readable(at.audience, groups) or at.locale not in spoken:
                continue
            # An index that lags behind may find an earlier version, which may have other readers.
            if place.version == at.version or self.may_read(place.document, groups, place.version):
                ranked.append((place, discounted(score, at.state)))
        best = sorted(reversed(ranked), key=lambda each: -each[1])[:limit]
        imprints = document_store.imprints(self._database, {place.document for place, _ in best})
        texts = document_store.read_texts(self._database, [place for place, _ in best])
        return [
            Hit(_passage(place, text), imprints[place.document], score, standings[place.document].audience)
            for (place, score), text in zip(best, texts, strict=True)
            # A document may be removed between two looks at the database.
            if place.document in imprints
        ]

    def document(self, document_id: str, version: str = "") -> Document | None:
        """Return a document in a version, or its current one; None if that version is not stored."""
        return document_store.document(self._database, document_id, version)

    def may_read(self, document_id: str, groups: Collection[str], version: str = "") -> bool:
        """Return whether a member of some groups may read a version of a document, or its current one.

        An earlier version is read by those who may read both it and the document as it is today, while that is stored.
        Nobody may read a document that was never stored.
        """
        needed = document_store.audiences(self._database, document_id, version)
        return bool(needed) and all(readable(audience, groups) for audience in needed)

    def audience(self, document_id: str, version: str = "") -> Audience | None:
        """Return who may read a version of a document, or its current one; None if it is not stored."""
        return document_store.audience(self._database, document_id, version)

    def passages(self, document_id: str) -> int:
        """Return the number of passages of a document; 0 if it is not stored."""
        return document_store.passage_count(self._database, document_id)

    def list_documents(self, groups: Collection[str] = ()) -> Sequence[DocumentRow]:
        """Return the documents that a member of some groups may read, by title."""
        return [each for each in document_store.list_documents(self._database) if readable(each.audience, groups)]

    def refusals(self, groups: Collection[str] = ()) -> Sequence[FileRejected]:
        """Return the files rejected when they were last read, among those that a member of some groups may see."""
        return [
            refused for refused, audience in document_store.list_refusals(self._database) if readable(audience, groups)
        ]

    def close(self) -> None:
        """Close the index, so that another process can open it."""
        with self._changing:
            if self._index is not None:
                self._index.close()
            self._index = None
            self._synchronised = False

    def notify_changed(self) -> None:
        """Call the functions registered with `on_change`."""
        for changed in self._listeners:
            changed()

    def _ready(self) -> PassageIndex:
        """Return the index, synchronised with the database at least once since it was opened."""
        index = self._index
        if index is not None and self._synchronised:
            return index
        with self._changing:
            index = self._open_index_once()
            if not self._synchronised:
                self._stop.clear()
                self._synchronise(index, no_progress)
            return index

    def _open_index_once(self) -> PassageIndex:
        if self._index is None:
            self._index = self._open_index()
        return self._index

    def _synchronise(self, index: PassageIndex, progress: Progress) -> None:
        def report_progress(done: int, total: int, what: str) -> None:
            progress(done, total, what)
            if done < total:
                self._raise_if_stopped()

        try:
            index.synchronise(document_store.index_states(self._database), self._indexed, report_progress)
        except IndexingStopped:
            # What is done can be searched; a search must not continue a run that a person stopped.
            self._synchronised = True
            raise
        except HumphreyError:
            self._synchronised = False
            raise
        self._synchronised = True

    def _indexed(self, ids: Sequence[str]) -> Iterable[Indexed]:
        return (indexed(title, passage) for title, passage in document_store.read_passages(self._database, ids))

    def _raise_if_stopped(self) -> None:
        if self._stop.is_set():
            raise IndexingStopped("indexing was stopped; finished work is kept, so index again to continue")


def _passage(place: PassageLocation, text: str) -> Passage:
    return Passage(place.document, place.n, place.version, text, place.start, place.end, place.section)
