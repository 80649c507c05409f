"""Ingestion of documents into the database: their ids, their audiences, and the result of each file.

Rule: a document is never shown to more people than before unless a person says so. Changes are entered in the ledger
in their own transaction; reading an unchanged file again is not entered.
"""

import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from humphrey.database.engine import Database
from humphrey.database.transaction import Transaction
from humphrey.digests import canonical
from humphrey.documents.audiences import EVERYONE, Audience, is_attached_id
from humphrey.documents.ingest import (
    FileNote,
    FileRejected,
    IngestedFile,
    IngestResult,
    SourceFile,
    UnchangedFile,
)
from humphrey.documents.left_out import left_out_notes
from humphrey.documents.markings import marking_fault
from humphrey.documents.model import Document, split
from humphrey.documents.sources import original_of
from humphrey.errors import OtherReaders
from humphrey.guidance import store as document_store
from humphrey.guidance.store import StoredDocument
from humphrey.ledger import store as ledger_store
from humphrey.text.validation import disguise_fault

_log = logging.getLogger(__name__)


class Ingestion:
    """The documents of one indexing run.

    Args:
        database: holds the documents.
        stored: the documents stored before the run.
        audience: who may read the documents; None keeps the audience of each.
        by: the actor in the ledger.
        highest: the highest marking that may be stored.
    """

    def __init__(
        self, database: Database, stored: Sequence[StoredDocument], audience: Audience | None, by: str, highest: str
    ) -> None:
        self._database = database
        self._highest = highest
        self._audience = audience
        self._by = by
        self._by_path = {each.source.path: each for each in stored}
        self._by_id = {each.id: each for each in stored}
        self._of_root: dict[str, set[Audience]] = {}
        for each in stored:
            self._of_root.setdefault(each.source.root, set()).add(each.audience)
        self._seen: set[str] = set()
        self.counts = {"added": 0, "updated": 0, "unchanged": 0, "removed": 0}
        self.refused: list[FileRejected] = []
        self.notes: list[FileNote] = []

    def ingest(self, item: IngestResult) -> None:
        """Store the result of reading one file."""
        if isinstance(item, FileRejected):
            self._refuse(item)
        elif isinstance(item, UnchangedFile):
            self._seen.add(item.source.path)
            self._keep_unchanged(item.source)
        else:
            self._seen.add(item.source.path)
            self._ingest_document(item)

    def finish(self, folders: Iterable[Path], asked: Iterable[Path]) -> None:
        """Remove documents whose file is gone from one of the folders; save the rejected files of this run."""
        roots = {root.as_posix() for root in folders}
        for path, each in list(self._by_path.items()):
            if each.source.root in roots and path not in self._seen and not self._is_closed(path):
                with self._database.transaction() as tx:
                    self._drop(tx, each)
                self.counts["removed"] += 1
        noted = [(each, self._rejection_audience(each.path)) for each in self.refused]
        with self._database.transaction() as tx:
            document_store.save_refusals(tx, [str(path.absolute()) for path in asked], noted)

    def _is_closed(self, path: str) -> bool:
        """Return whether a file lies below a folder that could not be looked into; it may still be there."""
        # A refused file is no folder: what lay below its name is gone.
        above = (each.path for each in self.refused if path.startswith(each.path.rstrip("/") + "/"))
        return any(not os.path.isfile(each) for each in above)

    def _keep_unchanged(self, source: SourceFile) -> None:
        """Keep an unchanged file's document; change its audience if a new one is given."""
        each = self._by_path[source.path]
        if self._audience is None or self._audience == each.audience:
            self.counts["unchanged"] += 1
            return
        with self._database.transaction() as tx:
            document_store.set_audience(tx, each.id, self._audience, each.version)
            self._enter(tx, each.id)
        self.counts["updated"] += 1

    def _refuse(self, refused: FileRejected) -> None:
        self._seen.add(refused.path)
        self.refused.append(refused)
        _log.warning("document_refused", extra={"reason": refused.reason})

    def _ingest_document(self, item: IngestedFile) -> None:
        source, before = item.source, self._by_path.get(item.source.path)
        if fault := marking_fault(item.document, Path(source.path).name, self._highest):
            self._refuse_marked(FileRejected(source.path, fault))
            return
        if fault := _disguise(item.document, source):
            self._refuse(FileRejected(source.path, fault))
            return
        audience = self._readers(source, before)
        if audience is None:
            reason = f"is in {source.root}, where documents are for different groups; index it by itself, with --group"
            self._refuse(FileRejected(source.path, f"{reason} GROUP or --everyone"))
            return
        free = self._free_id(item, audience)
        if free is None:
            owner = self._by_id.get(item.document.id)
            other = owner.source.path if owner else "a removed document for other readers"
            self._refuse(
                FileRejected(source.path, f"has the id {item.document.id!r}, as {other} has; rename one of the two")
            )
            return
        document = replace(item.document, id=free)
        try:
            self._store(StoredDocument(free, document.version, document.imprint, source, audience), document, before)
        except OtherReaders as error:
            self._refuse(FileRejected(source.path, f"cannot be stored: {error}"))

    def _store(self, now: StoredDocument, document: Document, before: StoredDocument | None) -> None:
        """Store a document in place of the one of its file, and of the one of its id."""
        replaced = [each for each in (before, self._by_id.get(now.id)) if each]
        same = any(replace(now, source=each.source) == each for each in replaced)
        with self._database.transaction() as tx:
            if before is not None and before.id != now.id:
                self._drop(tx, before)
            elif before is not None:
                document_store.set_audience(tx, now.id, now.audience, now.version)
            document_store.save(tx, document, split(document), now.source, now.audience, datetime.now(UTC))
            if not same:
                self._enter(tx, now.id)
        self.counts["unchanged" if same else "updated" if replaced else "added"] += 1
        self._remember(now, replaced)
        self.notes += [FileNote(now.source.path, note) for note in left_out_notes(document)]

    def _refuse_marked(self, refused: FileRejected) -> None:
        """Refuse a file for its marking; what was stored of it goes, because it may not be held."""
        self._refuse(refused)
        before = self._by_path.pop(refused.path, None)
        if before is not None:
            with self._database.transaction() as tx:
                self._drop(tx, before)
            self._by_id.pop(before.id, None)
            self.counts["removed"] += 1

    def _drop(self, tx: Transaction, gone: StoredDocument) -> None:
        document_store.remove(tx, gone.id)
        said = {"audience": canonical(sorted(gone.audience)), **document_store.long_id(gone.id)}
        ledger_store.enter(tx, self._by, "document:remove", gone.id, said, datetime.now(UTC))

    def _enter(self, tx: Transaction, document_id: str) -> None:
        said = document_store.entry_detail(tx, document_id)
        ledger_store.enter(tx, self._by, "document:add", document_id, said, datetime.now(UTC))

    def _readers(self, source: SourceFile, before: StoredDocument | None) -> Audience | None:
        """Return the audience of a document; None if its folder has several."""
        if self._audience is not None:
            return self._audience
        if before is not None:
            return before.audience
        around = self._of_root.get(source.root, {EVERYONE})
        return next(iter(around)) if len(around) == 1 else None

    def _rejection_audience(self, path: str) -> Audience:
        """Return who may see that a file was rejected: those who could have read it."""
        if self._audience is not None:
            return self._audience
        before = self._by_path.get(path)
        if before is not None:
            return before.audience
        above = [audience for root, found in self._of_root.items() if path.startswith(root + "/") for audience in found]
        return frozenset().union(*above)

    def _remember(self, now: StoredDocument, replaced: Sequence[StoredDocument]) -> None:
        for each in replaced:
            self._by_path.pop(each.source.path, None)
            self._by_id.pop(each.id, None)
        self._by_path[now.source.path] = self._by_id[now.id] = now

    def _free_id(self, item: IngestedFile, audience: Audience) -> str | None:
        """Return the id for a document, with the folder's name added if another has it; None if it is taken."""
        wanted, source = item.document.id, item.source
        before = self._by_path.get(source.path)
        if item.by_path and before is not None and not is_attached_id(before.id):
            # Citations name it so, whatever gave it this id.
            return before.id
        if self._may_have(wanted, item, audience):
            return wanted
        owner = self._by_id.get(wanted)
        if owner is not None and owner.source.root == source.root:
            return None
        second = f"{wanted}@{Path(source.root).name}"
        return second if self._may_have(second, item, audience) else None

    def _may_have(self, document_id: str, item: IngestedFile, audience: Audience) -> bool:
        """Return whether a file may have an id: its own, a free one, or that of a lost file for the same readers."""
        owner = self._by_id.get(document_id)
        if owner is None:
            return not document_store.has_other_readers(self._database, document_id, item.document.version, audience)
        same = owner.source.path == item.source.path
        return same or (owner.audience == audience and not Path(owner.source.path).exists())


def _disguise(document: Document, source: SourceFile) -> str:
    """Return what in the names of a file is not what it seems, continuing from its own; empty if nothing is."""
    named = (
        (Path(source.path).name, "has a name that"),
        (document.imprint.title, "has a title that"),
        (original_of(document.imprint), "names an original that"),
    )
    fault = next(filter(None, (disguise_fault(*each) for each in named)), "")
    return fault.replace("type it afresh", "write it afresh, and index it again")
