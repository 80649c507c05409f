"""SQL of verification: reads everything that is compared with the ledger, in one snapshot and in batches."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, func, select

from humphrey.accounts.store import person_digest
from humphrey.clearance.model import Review
from humphrey.clearance.store.reviews import _listed as listed_columns
from humphrey.clearance.store.reviews import _Parts as Parts
from humphrey.clearance.store.reviews import _review as review_of
from humphrey.clearance.store.reviews import _select as parts_of
from humphrey.database.engine import Database, rows
from humphrey.database.tables.accounts import people
from humphrey.database.tables.clearance import ratings as rating_rows
from humphrey.database.tables.clearance import readings as reading_rows
from humphrey.database.tables.clearance import review_sources, reviews, seeds
from humphrey.database.tables.conversations import attachments
from humphrey.database.tables.delivery import outbox
from humphrey.database.tables.guidance import documents, editions, readers, texts
from humphrey.database.tables.ledger import ledger
from humphrey.database.tables.records import disposals
from humphrey.digests import sha256
from humphrey.errors import StoreError
from humphrey.guidance.reading_rights import combinations
from humphrey.guidance.store import document_digest
from humphrey.ledger.heads import StoredHead
from humphrey.ledger.model import Entry, Fault
from humphrey.ledger.store import _entries as entries_about
from humphrey.ledger.store import read_heads
from humphrey.records.verification.holdings import Stored
from humphrey.records.verification.model import StoredReview
from humphrey.text.markings import classification

_BATCH_SIZE = 200
"""The number of reviews in memory at a time."""


_TEXTS_AT_ONCE = 20


class DatabaseSnapshot:
    """The database as of one moment."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def length(self) -> int:
        """Return the number of ledger entries."""
        return int(self._connection.execute(select(func.count()).select_from(ledger)).scalar_one())

    def entries(self) -> Iterator[Entry]:
        """Yield the ledger entries in order."""
        return entries_about(self._connection, None)

    def heads(self) -> list[StoredHead]:
        """Return the signed heads in order.

        Raises:
            StoreError: a head cannot be read.
        """
        return read_heads(self._connection)

    def reviews(self) -> Iterator[StoredReview | Fault]:
        """Yield every review with its related rows and entries; a fault for a review that cannot be read."""
        last = ""
        while True:
            following = select(reviews.c.id).where(reviews.c.id > last).order_by(reviews.c.id).limit(_BATCH_SIZE)
            ids = list(self._connection.execute(following).scalars())
            if not ids:
                return
            yield from self._some(ids)
            last = ids[-1]

    def misnamed(self) -> list[Fault]:
        """Return a fault for each combination of readers that does not match its digest."""
        found = rows(self._connection, select(readers))
        return [
            Fault(f"readers {row.key} do not match their digest") for row in found if sha256(row.audiences) != row.key
        ]

    def stored(self) -> Stored:
        """Return what is stored beside the reviews: documents, their versions, attached files and accounts."""
        held = {row.id: document_digest(row._mapping) for row in rows(self._connection, select(documents))}
        readers = {(row.document, row.version): row.audience for row in rows(self._connection, select(editions))}
        files = {row.id: (row.conversation, row.document) for row in rows(self._connection, select(attachments))}
        accounts = {row.name: person_digest(row._mapping) for row in rows(self._connection, select(people))}
        every = self._connection.execute(select(texts).execution_options(yield_per=_TEXTS_AT_ONCE))
        damaged = [row.version for row in every if sha256(row.text) != row.version]
        return Stored(held, readers, files, accounts, damaged)

    def unkept(self) -> list[Fault]:
        """Return a fault for each review that the ledger records as opened and that is not stored."""
        stored = select(reviews.c.id)
        opened = select(ledger.c.n, ledger.c.subject).where(
            ledger.c.act.in_(("review:open", "seed:plant")), ledger.c.subject.not_in(stored)
        )
        found = self._connection.execute(opened.order_by(ledger.c.n))
        return [
            Fault(f"entry {row.n} records review {row.subject}, which is not stored", row.n, row.subject)
            for row in found
        ]

    def _some(self, ids: Sequence[str]) -> Iterator[StoredReview | Fault]:
        try:
            yield from self._read(ids)
        except StoreError:
            # One invalid value fails the whole query, so each review is read alone to find the damaged one.
            for each in ids:
                try:
                    yield from list(self._read([each]))
                except StoreError as error:
                    yield Fault(f"review {each} cannot be read: {error}", subject=each)

    def _read(self, ids: Sequence[str]) -> Iterator[StoredReview]:
        parts = parts_of(self._connection, reviews.c.id.in_(ids))
        parcels = self._rows_by_review(outbox, ids, outbox.c.queued_at, outbox.c.key)
        sources = self._rows_by_review(review_sources, ids)
        planted, read = self._rows_by_review(seeds, ids), self._rows_by_review(reading_rows, ids)
        rated = self._rows_by_review(rating_rows, ids, rating_rows.c.n)
        gone: Mapping[str, dict[str, str]] = defaultdict(dict)
        for row in rows(self._connection, select(disposals).where(disposals.c.subject.in_(ids))):
            gone[row.subject][row.part] = row.digest
        readers_as = combinations(self._connection, reviews.c.id.in_(ids))
        entries: Mapping[str, list[Entry]] = defaultdict(list)
        for entry in entries_about(self._connection, ids):
            entries[entry.subject].append(entry)
        for each in parts:
            name = each.row.id
            should = sha256(readers_as[name][1])
            stored = _stored(each, parcels[name], sources[name], gone[name], entries[name], should)
            seeded, readings, ratings = (_plain_rows(found[name]) for found in (planted, read, rated))
            yield replace(stored, seeds=seeded, readings=readings, ratings=ratings)

    def _rows_by_review(
        self, table: Table, ids: Sequence[str], *order: ColumnElement[Any]
    ) -> Mapping[str, list[Row[Any]]]:
        found: Mapping[str, list[Row[Any]]] = defaultdict(list)
        for row in rows(self._connection, select(table).where(table.c.review.in_(ids)).order_by(*order)):
            found[row.review].append(row)
        return found


@contextmanager
def snapshot(database: Database) -> Iterator[DatabaseSnapshot]:
    """Open a snapshot of the database that later writes do not change."""
    with database.reading() as connection:
        yield DatabaseSnapshot(connection)


def _stored(
    parts: Parts,
    parcels: Sequence[Row[Any]],
    sources: Sequence[Row[Any]],
    gone: Mapping[str, str],
    entries: Sequence[Entry],
    readers: str,
) -> StoredReview:
    review = _review_or_none(lambda: review_of(parts))
    older = any('"given":[' not in part.draft for part in parts.wordings)
    return StoredReview(
        row=dict(parts.row._mapping),
        columns={**_columns(review), "readers": readers} if review else None,
        wordings=_plain_rows(parts.wordings),
        rulings=_plain_rows(parts.rulings),
        rechecks=_plain_rows(parts.rechecks),
        comments=_plain_rows(parts.comments),
        deferrals=_plain_rows(parts.deferrals),
        parcels=_plain_rows(parcels),
        sources=frozenset((each.document, each.version) for each in sources),
        named=review.derived_sources if review else frozenset(),
        older=older,
        disposed=gone,
        entries=entries,
    )


def _plain_rows(found: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in found]


def _review_or_none(read: Callable[[], Review]) -> Review | None:
    try:
        return read()
    except (StoreError, AttributeError):
        return None


def _columns(review: Review) -> dict[str, Any]:
    """Return the columns derived from a review; they match `reviews.add` and `reviews.save`."""
    asked = review.draft.commission
    listed = listed_columns(review)
    return {
        **{name: listed[name] for name in ("title", "blocking", "warnings", "decided_at")},
        "kind": asked.kind,
        "asked_by": asked.asked_by,
        "outlet": asked.outlet,
        "recipient": asked.recipient,
        "marking": asked.marking,
        "classification": classification(asked.marking),
        "files_of": asked.conversation if asked.attached else "",
        "due": review.versions[0].draft.due or review.wished,
        "opened_at": review.opened,
    }
