"""The guidance: taken in from files, kept in the database, found through the index by whoever may read it.

Taking in has two steps, so that being killed at any moment loses nothing: each file's document goes into the database
in a transaction of its own, then the index is brought level with the database. Opening the index does the second step
again, which costs nothing where nothing is missing. Who may read what is asked of the database last of all, so that a
document that was restricted a moment ago is not shown by an index that does not know it yet.
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
from humphrey.documents.ingest import FileRejected, ReadCorpus
from humphrey.documents.model import Document, Imprint, Passage
from humphrey.errors import DocumentError, HumphreyError, IndexingStopped
from humphrey.guidance import store as document_store
from humphrey.guidance.ingestion import Ingestion
from humphrey.guidance.store import DocumentRow
from humphrey.search.model import Hit, Indexed, IndexState, PassageLocation, indexed
from humphrey.search.queries import query_locales
from humphrey.search.ranking import discounted

_log = logging.getLogger(__name__)


Progress = Callable[[int, int, str], None]
"""Told how much is done, of how much, of what."""


class PassageIndex(Protocol):
    """An index over passages; see `humphrey.search.index.GuidanceIndex`."""

    def synchronise(
        self, wanted: Sequence[IndexState], read: Callable[[Sequence[str]], Iterable[Indexed]], progress: Progress
    ) -> None:
        """Bring it level with exactly these documents."""

    def clear(self) -> None:
        """Make everything anew with the next `level`."""

    def search(self, query: str, groups: Collection[str]) -> Sequence[tuple[PassageLocation, float]]:
        """The best passages for somebody in some groups with their scores, best first."""

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
    refused: tuple[FileRejected, ...]
    seconds: float


def no_progress(_done: int, _total: int, _what: str) -> None:
    """Progress that nobody watches."""


def _no_record(tx: Transaction) -> None:
    """Nothing is written down of it."""


class Library:
    """The guidance that humphrey holds. Nothing is opened or locked before the first search or indexing.

    Args:
        database: where documents are kept.
        read: reads files.
        open_index: opens the index; called once, when it is first needed.
    """

    def __init__(self, database: Database, read: ReadCorpus, open_index: Callable[[], PassageIndex]) -> None:
        self._database = database
        self._read = read
        self._open_index = open_index
        self._index: PassageIndex | None = None
        self._level = False
        self._busy = Lock()
        self._stop = Event()
        self._listeners: list[Callable[[], object]] = []

    def on_change(self, changed: Callable[[], object]) -> None:
        """Have something done after every indexing and removal."""
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
        """Take in what changed below some paths, and bring the index level.

        What is gone from below a folder is removed; what can no longer be read stays as it was and is reported.

        Args:
            paths: folders or single files.
            audience: who may read what is there. None leaves everything to whoever may read it now; what is new is
                for whoever may read the rest of its folder, and for everyone in a new folder.
            rebuild: read every file again and make the whole index anew.
            progress: told of every file and of every block of passages.
            by: who has it done, as the record calls them.

        Raises:
            DocumentError: a path does not exist; nothing was changed.
            GuidanceIndexError: another process holds the index, or it cannot be written.
            IndexingStopped: `stop` was called meanwhile; what was done stays, and the next indexing goes on from there.
            StoreError: the database cannot be written; documents already taken in stay.
        """
        began = time.monotonic()
        roots = tuple(paths)
        with self._busy:
            self._stop.clear()
            held = document_store.list_stored(self._database)
            reading = self._read(roots, {} if rebuild else {each.source.place: each.source.digest for each in held})
            index = self._opened()
            if rebuild:
                index.clear()
            intake = Ingestion(self._database, held, audience, by)
            for done, item in enumerate(reading, start=1):
                self._go_on()
                intake.take(item)
                progress(done, len(reading), "reading")
            intake.finish(reading.roots, roots)
            self._bring_level(index, progress)
        self.notify_changed()
        report = IndexReport(
            **intake.counts, passages=document_store.passage_count(self._database), refused=tuple(intake.refused),
            seconds=time.monotonic() - began,
        )  # fmt: skip
        _log.info("guidance_indexed", extra={**intake.counts, "refused": len(report.refused)})
        return report

    def take_in(self, path: Path, audience: Audience, progress: Progress = no_progress) -> IndexReport:
        """Take in one file, for an audience; as `index`."""
        return self.index([path], audience=audience, progress=progress)

    def open(self, paths: Iterable[Path]) -> None:
        """Take the index and look whether some paths are there, so that what would end an indexing is known at once.

        Raises:
            DocumentError: a path does not exist.
            GuidanceIndexError: another process holds the index, or it cannot be used.
        """
        with self._busy:
            self._read(tuple(paths), {})
            self._opened()

    def stop(self) -> None:
        """Stop the indexing that is going on, after the block it is at; nothing where none is."""
        self._stop.set()

    def remove(self, document_id: str, record: Callable[[Transaction], object] = _no_record) -> None:
        """Hold a document no longer. Its file stays where it is: an indexing that comes to it takes it in again.

        Args:
            document_id: the document.
            record: what is written down of it in the same transaction; when that fails, the document stays.

        Raises:
            DocumentError: no such document is held.
            GuidanceIndexError: as for `index`.
        """
        with self._busy:
            if document_store.audience(self._database, document_id) is None:
                raise DocumentError(f"no document {document_id[:80]!r} is held; reload the list of documents")
            with self._database.transaction() as tx:
                document_store.remove(tx, document_id)
                record(tx)
            self._stop.clear()
            self._bring_level(self._opened(), no_progress)
        self.notify_changed()
        _log.info("document_removed", extra={"document": document_id})

    def search(self, query: str, limit: int, groups: Collection[str] = ()) -> Sequence[Hit]:
        """Best hits first, at most `limit` of them; empty for a blank query or where nothing may be read.

        What is superseded, moved or withdrawn comes after what is as good and current, and pages in another language
        than English are found only by a query that asks for that language.

        Args:
            query: what is looked for.
            limit: the most hits.
            groups: those of the person who searches.

        Raises:
            GuidanceIndexError: another process holds the index, or it is damaged.
        """
        # Half a character cannot be encoded, and no guidance holds one.
        query = query.encode("utf-8", "ignore").decode("utf-8")
        found = dict(reversed(self._ready().search(query, groups)))
        imprints = document_store.imprints(self._database, {place.document for place in found})
        spoken = query_locales(query)
        ranked: list[tuple[PassageLocation, Imprint, float]] = []
        for place, score in found.items():
            imprint, audience = imprints.get(place.document, (None, frozenset()))
            if imprint is not None and readable(audience, groups) and imprint.locale in spoken:
                ranked.append((place, imprint, discounted(score, imprint)))
        best = sorted(reversed(ranked), key=lambda each: -each[2])[:limit]
        texts = document_store.read_texts(self._database, [place for place, _, _ in best])
        return [
            Hit(_passage(place, text), imprint, score)
            for (place, imprint, score), text in zip(best, texts, strict=True)
        ]

    def document(self, document_id: str, version: str = "") -> Document | None:
        """A document as it stood in a version, in today's when none is named; None when that is not held."""
        return document_store.document(self._database, document_id, version)

    def may_read(self, document_id: str, groups: Collection[str], version: str = "") -> bool:
        """Whether somebody in some groups may read a version of a document, today's when none is named.

        Of what is not held and never was, nobody may.
        """
        audience = self.audience(document_id, version)
        return audience is not None and readable(audience, groups)

    def audience(self, document_id: str, version: str = "") -> Audience | None:
        """Who may read a version of a document, today's when none is named; None where it is not held."""
        return document_store.audience(self._database, document_id, version)

    def passages(self, document_id: str) -> int:
        """How many passages a document has; 0 when it is not held."""
        return document_store.passage_count(self._database, document_id)

    def list_documents(self, groups: Collection[str] = ()) -> Sequence[DocumentRow]:
        """The documents that somebody in some groups may read, by title."""
        return [each for each in document_store.list_documents(self._database) if readable(each.audience, groups)]

    def refusals(self, groups: Collection[str] = ()) -> Sequence[FileRejected]:
        """The files that were refused when they were last come to, of those that were for these groups or everyone."""
        return [
            refused for refused, audience in document_store.list_refusals(self._database) if readable(audience, groups)
        ]

    def close(self) -> None:
        """Let go of the index; another process may have it then."""
        with self._busy:
            if self._index is not None:
                self._index.close()
            self._index = None
            self._level = False

    def notify_changed(self) -> None:
        """Have done what is to be done after a change of what is held."""
        for changed in self._listeners:
            changed()

    def _ready(self) -> PassageIndex:
        """The index, level with the database at least once since it was opened."""
        index = self._index
        if index is not None and self._level:
            return index
        with self._busy:
            index = self._opened()
            if not self._level:
                self._stop.clear()
                self._bring_level(index, no_progress)
            return index

    def _opened(self) -> PassageIndex:
        if self._index is None:
            self._index = self._open_index()
        return self._index

    def _bring_level(self, index: PassageIndex, progress: Progress) -> None:
        def tell(done: int, total: int, what: str) -> None:
            progress(done, total, what)
            if done < total:
                self._go_on()

        try:
            index.synchronise(document_store.index_states(self._database), self._indexed, tell)
        except IndexingStopped:
            # What is done can be searched; a search must not go on with what somebody stopped.
            self._level = True
            raise
        except HumphreyError:
            self._level = False
            raise
        self._level = True

    def _indexed(self, ids: Sequence[str]) -> Iterable[Indexed]:
        return (indexed(title, passage) for title, passage in document_store.read_passages(self._database, ids))

    def _go_on(self) -> None:
        if self._stop.is_set():
            raise IndexingStopped("the indexing was stopped; what was done stays, so index again to go on from there")


def _passage(place: PassageLocation, text: str) -> Passage:
    return Passage(place.document, place.n, place.version, text, place.start, place.end, place.section)
