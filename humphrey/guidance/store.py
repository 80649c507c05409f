"""SQL of documents: their texts, passages and audiences. The index can be built from these at any time.

Texts are stored by digest and are not deleted with their document: a citation of an older version can be checked as
long as a record has it. The versions of a document are stored too, so that a text is found only by its own document.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, or_, select, update

from humphrey.database.engine import Database, rows
from humphrey.database.tables.conversations import attachments
from humphrey.database.tables.guidance import documents, editions, passages, refusals, texts
from humphrey.database.transaction import Transaction
from humphrey.digests import canonical, row_digest
from humphrey.documents.audiences import Audience, narrowed
from humphrey.documents.ingest import FileRejected, SourceFile
from humphrey.documents.model import Document, DocumentState, Heading, Imprint, Passage
from humphrey.errors import OtherReaders
from humphrey.guidance.reading_rights import update_readers_citing
from humphrey.ledger.model import LONGEST_SUBJECT
from humphrey.search.model import IndexState, PassageLocation

_MOST_NAMES = 500
"""Values in one SQL query; databases limit their number."""


_GUIDANCE = documents.c.id.not_in(select(attachments.c.document))
"""Excludes files attached to conversations."""


# Through the editions, because a text alone says nothing of the documents that had it.
_CUT = (
    select(func.substr(texts.c.text, bindparam("first"), bindparam("length")))
    .join(editions, editions.c.version == texts.c.version)
    .where(editions.c.document == bindparam("document"), editions.c.version == bindparam("version"))
)


@dataclass(frozen=True)
class StoredDocument:
    """A stored document: its version and imprint, the file it was read from, and who may read it."""

    id: str
    version: str
    imprint: Imprint
    source: SourceFile
    audience: Audience


@dataclass(frozen=True)
class DocumentRow:
    """A document in a list; `path` is the file it was read from."""

    id: str
    imprint: Imprint
    passages: int
    audience: Audience
    taken_in: datetime
    path: str


@dataclass(frozen=True)
class Standing:
    """What decides whether and where a hit of a document is shown: readers, current version, state and language."""

    audience: Audience
    version: str
    state: DocumentState
    locale: str


# Built once, because the checks of every draft read documents, and building a statement takes longer than running it.
_TODAY = select(documents).where(documents.c.id == bindparam("id"))


_STORED = (
    select(texts)
    .join(editions, editions.c.version == texts.c.version)
    .where(editions.c.document == bindparam("id"), editions.c.version == bindparam("version"))
)


def list_stored(database: Database) -> list[StoredDocument]:
    """Return every document, without its text."""
    with database.reading() as connection:
        found = rows(connection, select(documents).order_by(documents.c.id))
    return [
        StoredDocument(row.id, row.version, _imprint(row), SourceFile(row.path, row.file_digest), _audience(row))
        for row in found
    ]


def list_documents(database: Database) -> list[DocumentRow]:
    """Return every document of the guidance for a list, by title."""
    with database.reading() as connection:
        found = rows(connection, select(documents).where(_GUIDANCE).order_by(documents.c.title, documents.c.id))
    return [
        DocumentRow(
            row.id, _imprint(row), row.passages, _audience(row), row.taken_in, SourceFile(row.path, "").path
        )
        for row in found
    ]  # fmt: skip


def index_states(database: Database) -> list[IndexState]:
    """Return the state that the index should have for every document of the guidance, by id."""
    columns = (documents.c.id, documents.c.taken_in, documents.c.passages, documents.c.audience)
    with database.reading() as connection:
        found = rows(connection, select(*columns).where(_GUIDANCE).order_by(documents.c.id))
    return [IndexState(row.id, row.taken_in.isoformat(), row.passages, _audience(row)) for row in found]


def document(database: Database, document_id: str, version: str = "") -> Document | None:
    """Return a document in a version, or its current one; None if that version is not stored.

    An older version gets the current imprint; a removed document counts as withdrawn.
    """
    with database.reading() as connection:
        today = connection.execute(_TODAY, {"id": document_id}).first()
        wanted = version or (today.version if today else "")
        stored = connection.execute(_STORED, {"id": document_id, "version": wanted}).first()
    if stored is None:
        return None
    imprint = _imprint(today) if today else Imprint(title=document_id, url="", state="withdrawn")
    headings = tuple(Heading(**each) for each in json.loads(stored.headings))
    return Document(document_id, imprint, stored.text, headings)


def audiences(database: Database, document_id: str, version: str = "") -> list[Audience]:
    """Return the audiences that a reader of a version must be in, all of them; empty if it was never stored.

    They are that of the version, and today's of the document while it is stored.
    """
    today = select(documents.c.audience).where(documents.c.id == document_id)
    then = select(editions.c.audience).where(editions.c.document == document_id, editions.c.version == version)
    with database.reading() as connection:
        held, found = connection.execute(today).first(), connection.execute(then).first() if version else None
    needed = [found, held] if version else [held]
    return [_audience(row) for row in needed if row] if needed[0] else []


def audience(database: Database, document_id: str, version: str = "") -> Audience | None:
    """Return who may read a document in a version, or its current one; None if that was never stored."""
    today = select(documents.c.audience).where(documents.c.id == document_id)
    then = select(editions.c.audience).where(editions.c.document == document_id, editions.c.version == version)
    with database.reading() as connection:
        found = connection.execute(then if version else today).first()
    return _audience(found) if found else None


def standings(database: Database, ids: Collection[str]) -> dict[str, Standing]:
    """Return the standing of the stored documents among `ids`."""
    found = _listed(database, _STANDINGS, ids)
    return {row.id: Standing(_audience(row), row.version, row.state, row.locale) for row in found}


def imprints(database: Database, ids: Collection[str]) -> dict[str, Imprint]:
    """Return the imprints of the stored documents among `ids`."""
    return {row.id: _imprint(row) for row in _listed(database, _IMPRINTS, ids)}


def read_texts(database: Database, places: Sequence[PassageLocation]) -> list[str]:
    """Return the texts of passages in their own versions, current or not."""
    with database.reading() as connection:
        return [
            connection.execute(
                _CUT,
                {
                    "first": place.start + 1,
                    "length": place.end - place.start,
                    "document": place.document,
                    "version": place.version,
                },
            ).scalar_one()
            for place in places
        ]


def read_passages(database: Database, ids: Collection[str]) -> Iterator[tuple[str, Passage]]:
    """Yield the passages of documents with the documents' titles, in order; few texts are in memory at a time."""
    wanted = list(ids)
    with database.reading() as connection:
        for first in range(0, len(wanted), _MOST_NAMES):
            yield from _passages(connection, wanted[first : first + _MOST_NAMES])


def passage_count(database: Database, document_id: str | None = None) -> int:
    """Return the number of passages of a document, or of the whole guidance."""
    count = select(func.coalesce(func.sum(documents.c.passages), 0))
    count = count.where(_GUIDANCE if document_id is None else documents.c.id == document_id)
    with database.reading() as connection:
        return int(connection.execute(count).scalar_one())


def document_digest(row: Mapping[Any, Any]) -> str:
    """Return the digest of a document's row that its entry holds: its version, its readers, what is said about it."""
    return row_digest(row, ("version", "audience", *_IMPRINT))


def entry_detail(tx: Transaction, document_id: str) -> dict[str, str]:
    """Return the detail of the entry that a stored document was added or changed: all that is checked against it."""
    row = tx.connection.execute(_TODAY, {"id": document_id}).one()
    kept = document_digest(row._mapping)
    return {"audience": row.audience, "version": row.version, "kept": kept, **long_id(document_id)}


def long_id(document_id: str) -> dict[str, str]:
    """Return the detail that names a document whose id is longer than the subject of an entry; empty for others."""
    return {"document": document_id} if len(document_id) > LONGEST_SUBJECT else {}


def list_refusals(database: Database) -> list[tuple[FileRejected, Audience]]:
    """Return the files rejected when they were last read, with their audiences, by path."""
    with database.reading() as connection:
        found = rows(connection, select(refusals).order_by(refusals.c.path))
    return [(FileRejected(row.path, row.reason), _audience(row)) for row in found]


def save(
    tx: Transaction, document: Document, cut: Sequence[Passage], source: SourceFile, audience: Audience, at: datetime
) -> None:
    """Save a document with its passages, in place of the stored version, which must have the same readers.

    Earlier versions keep their readers. To give a document to others, call `set_audience` first.

    Args:
        tx: the transaction.
        document: the document.
        cut: its passages.
        source: the file it was read from.
        audience: who may read it.
        at: the time; a new value makes the index read the passages again.

    Raises:
        OtherReaders: a document of that id is for other readers, or this version was when it was last stored.
    """
    if has_other_readers(tx, document.id, document.version, audience):
        raise OtherReaders(
            f"the document {document.id[:80]!r} is for other readers; nothing was stored, so give this one another name"
        )
    _keep_text(tx, document)
    _delete(tx, document.id)
    edition = editions.c.document == document.id, editions.c.version == document.version
    tx.connection.execute(delete(editions).where(*edition))
    tx.connection.execute(
        insert(editions).values(document=document.id, version=document.version, audience=_kept(audience))
    )
    # The database has its own empty value for what most documents do not have.
    imprint = {name: value for name, value in vars(document.imprint).items() if value or name not in _OF_SUMMARIES}
    tx.connection.execute(
        insert(documents).values(
            id=document.id,
            version=document.version,
            **imprint,
            audience=_kept(audience),
            path=source.place,
            file_digest=source.digest,
            passages=len(cut),
            taken_in=at,
        )
    )
    if cut:
        tx.connection.execute(insert(passages), [_row(passage) for passage in cut])
    update_readers_citing(tx.connection, document.id)


def has_other_readers(database: Database | Transaction, document_id: str, version: str, audience: Audience) -> bool:
    """Return whether a stored document has other readers; a removed one if this version had."""
    today = select(documents.c.audience).where(documents.c.id == document_id)
    then = select(editions.c.audience).where(editions.c.document == document_id, editions.c.version == version)
    with database.reading() as connection:
        found = connection.execute(today).first() or connection.execute(then).first()
    return found is not None and _audience(found) != audience


def set_audience(tx: Transaction, document_id: str, audience: Audience, version: str = "") -> None:
    """Change the audience of a document as a person asked; do nothing if it is the same.

    Earlier versions are never shown to more people: they are read by those who may read both them and the document as
    it is today. If the document is closed, they are closed with it.

    Args:
        tx: the transaction.
        document_id: the document.
        audience: who may read it from now on.
        version: the version that the change is made with; empty for the stored one.
    """
    mine = documents.c.id == document_id
    new = version or tx.connection.execute(select(documents.c.version).where(mine)).scalar()
    other = update(documents).where(mine, documents.c.audience != _kept(audience))
    if tx.connection.execute(other.values(audience=_kept(audience))).rowcount:
        for row in rows(tx.connection, select(editions).where(editions.c.document == document_id)):
            then = audience if row.version == new else narrowed(_audience(row), audience)
            edition = editions.c.document == document_id, editions.c.version == row.version
            tx.connection.execute(update(editions).where(*edition).values(audience=_kept(then)))
        update_readers_citing(tx.connection, document_id)


def remove(tx: Transaction, document_id: str, of: Audience | None = None) -> None:
    """Delete a document; its texts stay. With `of`, do nothing if the document has another audience."""
    this = documents.c.id == document_id, *([documents.c.audience == _kept(of)] if of is not None else [])
    if tx.connection.execute(select(documents.c.id).where(*this)).first() is not None:
        _delete(tx, document_id)
        update_readers_citing(tx.connection, document_id)


def _delete(tx: Transaction, document_id: str) -> None:
    tx.connection.execute(delete(passages).where(passages.c.document == document_id))
    tx.connection.execute(delete(documents).where(documents.c.id == document_id))


def save_refusals(tx: Transaction, asked: Sequence[str], refused: Sequence[tuple[FileRejected, Audience]]) -> None:
    """Save the files rejected at or below some paths, in place of those saved for these paths."""
    for path in asked:
        below = refusals.c.path.startswith(path.rstrip("/") + "/", autoescape=True)
        tx.connection.execute(delete(refusals).where(or_(refusals.c.path == path, below)))
    for each, audience in dict((one.path, (one, audience)) for one, audience in refused).values():
        tx.connection.execute(delete(refusals).where(refusals.c.path == each.path))
        tx.connection.execute(insert(refusals).values(path=each.path, reason=each.reason, audience=_kept(audience)))


def _keep_text(tx: Transaction, document: Document) -> None:
    known = select(texts.c.version).where(texts.c.version == document.version)
    if tx.connection.execute(known).first() is None:
        headings = canonical([asdict(heading) for heading in document.headings])
        tx.connection.execute(insert(texts).values(version=document.version, text=document.text, headings=headings))


def _passages(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[str, Passage]]:
    whole = select(documents.c.id, documents.c.title, texts.c.text).where(documents.c.id.in_(ids))
    whole = whole.join(texts, texts.c.version == documents.c.version).order_by(documents.c.id)
    cuts: dict[str, list[Row[Any]]] = defaultdict(list)
    every: Select[Any] = select(passages).where(passages.c.document.in_(ids))
    for cut in connection.execute(every.order_by(passages.c.document, passages.c.n)):
        cuts[cut.document].append(cut)
    for row in connection.execute(whole.execution_options(yield_per=20)):
        for cut in cuts[row.id]:
            yield row.title, _passage(cut, row.text)


def _row(passage: Passage) -> dict[str, Any]:
    return {
        "document": passage.document,
        "n": passage.n,
        "version": passage.version,
        "start": passage.start,
        "end": passage.end,
        "section": canonical(passage.section),
    }


def _passage(cut: Row[Any], text: str) -> Passage:
    section = tuple(json.loads(cut.section))
    return Passage(cut.document, cut.n, cut.version, text[cut.start : cut.end], cut.start, cut.end, section)


def _listed(database: Database, statement: Select[Any], ids: Collection[str]) -> Iterator[Row[Any]]:
    wanted = list(ids)
    with database.reading() as connection:
        for first in range(0, len(wanted), _MOST_NAMES):
            yield from rows(connection, statement.where(documents.c.id.in_(wanted[first : first + _MOST_NAMES])))


def _kept(audience: Audience) -> str:
    return canonical(sorted(audience))


def _audience(row: Row[Any]) -> Audience:
    return _read_audience(row.audience)


# Every hit of a search has one, and a department has few.
@lru_cache(maxsize=1024)
def _read_audience(kept: str) -> Audience:
    return frozenset(json.loads(kept))


_OF_SUMMARIES = frozenset({"original", "original_date"})


_IMPRINT = tuple(Imprint.__dataclass_fields__)
"""The fields of an imprint, which are also the names of its columns."""


_IMPRINTS = select(documents.c.id, *(documents.c[name] for name in _IMPRINT))


_STANDINGS = select(documents.c.id, documents.c.audience, documents.c.version, documents.c.state, documents.c.locale)


def _imprint(row: Row[Any]) -> Imprint:
    return Imprint(**{name: getattr(row, name) for name in _IMPRINT})
