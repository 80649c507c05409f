"""Documents, their texts and their passages. The index is made from these, and can always be made again.

Texts are kept by their digest and never dropped: a citation of an older version can be checked for as long as there is
a record that holds it.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from humphrey.core.drafts import canonical
from humphrey.core.guidance import Document, Heading, Imprint, Passage
from humphrey.core.intake import Source
from humphrey.store.engine import Database, rows
from humphrey.store.tables import documents, passages, texts

_MOST_NAMES = 500
"""How many values one query may list; databases bound it."""


@dataclass(frozen=True)
class Held:
    """A document that is held: which version, with which imprint, and where it was read from."""

    id: str
    version: str
    imprint: Imprint
    source: Source


class DocumentReads(Database):
    """Reading the guidance."""

    def held(self) -> list[Held]:
        """Every document, without its text."""
        with self.reading() as connection:
            found = rows(connection, select(documents).order_by(documents.c.id))
        return [Held(row.id, row.version, _imprint(row), Source(row.path, row.file_digest)) for row in found]

    def document(self, document_id: str, version: str = "") -> Document | None:
        """A document as it stood in a version, in today's when none is named; None when that is not held.

        An older version has today's imprint; a document that was removed since counts as withdrawn.
        """
        with self.reading() as connection:
            today = connection.execute(select(documents).where(documents.c.id == document_id)).first()
            wanted = version or (today.version if today else "")
            stored = connection.execute(select(texts).where(texts.c.version == wanted)).first()
        if stored is None:
            return None
        imprint = _imprint(today) if today else Imprint(title=document_id, url="", state="withdrawn")
        headings = tuple(Heading(**each) for each in json.loads(stored.headings))
        return Document(document_id, imprint, stored.text, headings)

    def imprints(self, ids: Collection[str]) -> dict[str, Imprint]:
        """The imprints of the documents among `ids` that are held."""
        wanted = list(ids)
        found: list[Row[Any]] = []
        with self.reading() as connection:
            for first in range(0, len(wanted), _MOST_NAMES):
                some = documents.c.id.in_(wanted[first : first + _MOST_NAMES])
                found.extend(rows(connection, select(documents).where(some)))
        return {row.id: _imprint(row) for row in found}

    def passages(self) -> Iterator[tuple[str, Passage]]:
        """Every passage with its document's title, by document and number; few texts are in memory at a time."""
        whole = select(documents.c.id, documents.c.title, texts.c.version, texts.c.text)
        whole = whole.join(texts, texts.c.version == documents.c.version).order_by(documents.c.id)
        cuts: dict[str, list[Row[Any]]] = defaultdict(list)
        with self.reading() as connection:
            for cut in connection.execute(select(passages).order_by(passages.c.document, passages.c.n)):
                cuts[cut.document].append(cut)
            for row in connection.execute(whole.execution_options(yield_per=20)):
                for cut in cuts[row.id]:
                    yield row.title, _passage(cut, row.text)

    def passage_count(self, document_id: str | None = None) -> int:
        """How many passages a document has, or all of them together."""
        count = select(func.coalesce(func.sum(documents.c.passages), 0))
        if document_id is not None:
            count = count.where(documents.c.id == document_id)
        with self.reading() as connection:
            return int(connection.execute(count).scalar_one())


class DocumentWrites:
    """Changing the guidance inside one transaction."""

    connection: Connection

    def take_in(self, document: Document, cut: Sequence[Passage], source: Source, at: datetime) -> None:
        """Hold a document with its passages, instead of the version that is held."""
        imprint = document.imprint
        known = select(texts.c.version).where(texts.c.version == document.version)
        if self.connection.execute(known).first() is None:
            headings = canonical([asdict(heading) for heading in document.headings])
            self.connection.execute(
                insert(texts).values(version=document.version, text=document.text, headings=headings)
            )
        self.drop(document.id)
        self.connection.execute(
            insert(documents).values(
                id=document.id,
                version=document.version,
                title=imprint.title,
                url=imprint.url,
                publisher=imprint.publisher,
                updated=imprint.updated,
                state=imprint.state,
                replaced_by=imprint.replaced_by,
                licence=imprint.licence,
                path=source.place,
                file_digest=source.digest,
                passages=len(cut),
                taken_in=at,
            )
        )
        if cut:
            self.connection.execute(insert(passages), [_row(passage) for passage in cut])

    def drop(self, document_id: str) -> None:
        """Hold a document no longer; its texts stay."""
        self.connection.execute(delete(passages).where(passages.c.document == document_id))
        self.connection.execute(delete(documents).where(documents.c.id == document_id))


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


def _imprint(row: Row[Any]) -> Imprint:
    return Imprint(
        title=row.title,
        url=row.url,
        publisher=row.publisher,
        updated=row.updated,
        state=row.state,
        replaced_by=row.replaced_by,
        licence=row.licence,
    )
