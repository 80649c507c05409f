"""SQL of reviews. Wordings, decisions, rechecks and comments are added, never rewritten."""

import json
import logging
import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    insert,
    select,
    true,
    update,
)

from humphrey.clearance.gate import Release
from humphrey.clearance.model import Claim, Comment, Decision, Deferral, Recheck, Review, ReviewState, Version
from humphrey.conversations.attachment_store import citing
from humphrey.database.engine import Database, rows
from humphrey.database.tables.clearance import (
    comments,
    decisions,
    deferrals,
    rechecks,
    review_sources,
    reviews,
    versions,
)
from humphrey.database.tables.clearance import reference_counters as counters
from humphrey.database.tables.delivery import outbox
from humphrey.database.transaction import Transaction
from humphrey.digests import canonical
from humphrey.errors import AlreadyDecided, ReviewError, StoreError
from humphrey.guidance.reading_rights import update_readers_of
from humphrey.papers.draft import Finding, from_json, title_of, to_json
from humphrey.text.dates import local_date
from humphrey.text.markings import classification


def reviews_citing(database: Database, document_id: str, asked_by: str | None) -> list[Review]:
    """Return the reviews of one asker, or of all, that have a wording that cites a document; oldest first.

    Unreadable ones are left out.
    """
    whose = true() if asked_by is None else reviews.c.asked_by == asked_by
    with database.reading() as connection:
        return readable_reviews(connection, reviews.c.id.in_(citing(document_id, whose)))


def enqueue(tx: Transaction, release: Release, at: datetime, not_before: datetime | None = None) -> None:
    """Put a release in its outlet's outbox; it is not delivered before a moment, if there is one."""
    tx.connection.execute(
        insert(outbox).values(
            key=release.key,
            review=release.review,
            outlet=release.outlet,
            queued_at=at,
            attempts=0,
            next_try=not_before or at,
            failure="",
            receipt="",
            sent_digest="",
        )
    )


_REFERENCE = re.compile(r"\s*[Hh]\d\d-\d{1,9}\s*")
"""The form of a short reference."""


logger = logging.getLogger(__name__)


def load(database: Database, review_id: str) -> Review:
    """Return a review.

    Raises:
        ReviewError: no review has that id.
        StoreError: it was changed from outside and cannot be read.
    """
    with database.reading() as connection:
        return _one(connection, review_id)[1]


def find(
    database: Database,
    states: Collection[ReviewState] | None = None,
    asked_by: str | None = None,
    ids: Collection[str] | None = None,
) -> list[Review]:
    """Return the reviews in any of `states` and among `ids`, oldest first; unreadable ones are left out.

    With `asked_by`, return only those of this asker. A spot check names an asker too, but they did not ask for it.
    """
    with database.reading() as connection:
        return readable_reviews(
            connection,
            and_(
                true() if states is None else reviews.c.state.in_(states),
                true() if ids is None else reviews.c.id.in_(ids),
                true() if asked_by is None else _asked_for_by(asked_by),
            ),
        )


def delivered_to(database: Database, recipient: str, outlets: Collection[str]) -> list[Review]:
    """Return the reviews that any of the outlets has delivered to a person, oldest first.

    Unreadable ones, and those whose words were disposed of, are left out.
    """
    with database.reading() as connection:
        return readable_reviews(
            connection,
            and_(
                reviews.c.state == "delivered",
                reviews.c.outlet.in_(outlets),
                reviews.c.recipient == recipient,
                reviews.c.disposed_at.is_(None),
            ),
        )


@dataclass(frozen=True)
class _Stored:
    """The stored revision of a review when it was read, and the numbers of its parts."""

    revision: int
    versions: int
    decisions: int
    rechecks: int
    comments: int
    deferrals: int


def load_for_update(tx: Transaction, review_id: str) -> Review:
    """Return a review for a change; no other transaction writes meanwhile.

    Raises:
        ReviewError: no review has that id.
        StoreError: it was changed from outside and cannot be read.
    """
    row, review = _one(tx.connection, review_id)
    parts = (review.versions, review.decisions, review.rechecks, review.comments, review.deferrals)
    tx.loaded[review_id] = _Stored(row.revision, *map(len, parts))
    return review


def add(tx: Transaction, review: Review) -> Review:
    """Add a new review; return it with its reference, the next one of its year."""
    review = replace(review, reference=_next_reference(tx, local_date(review.opened).year))
    asked = review.draft.commission
    tx.connection.execute(
        insert(reviews).values(
            id=review.id,
            state=review.state,
            kind=asked.kind,
            asked_by=asked.asked_by,
            outlet=asked.outlet,
            recipient=asked.recipient,
            marking=asked.marking,
            classification=classification(asked.marking),
            readers="",
            files_of=asked.conversation if asked.attached else "",
            due=review.due,
            wished=review.wished,
            opened_at=review.opened,
            revision=1,
            reminded=0,
            seeded=False,
            reference=review.reference,
            **_listed(review),
        )
    )
    _append(tx, review, _Stored(1, 0, 0, 0, 0, 0))
    return review


def id_of(database: Database, named: str) -> str:
    """Return the id of the review with a short reference, however it is typed; what is no such reference stays."""
    if not _REFERENCE.fullmatch(named):
        return named
    with database.reading() as connection:
        found = connection.execute(select(reviews.c.id).where(reviews.c.reference == named.strip().upper()))
        return found.scalar() or named


def _next_reference(tx: Transaction, year: int) -> str:
    """Count up the year's counter, in the transaction that opens the review, and return its number as a reference.

    Writers are alone, so no number is given twice; the counter outlives the reviews, so none is given again.
    """
    mine = counters.c.year == year
    if not tx.connection.execute(update(counters).where(mine).values(last=counters.c.last + 1)).rowcount:
        tx.connection.execute(insert(counters).values(year=year, last=1))
    last = tx.connection.execute(select(counters.c.last).where(mine)).scalar_one()
    return f"H{year % 100:02}-{last:05}"


def save(tx: Transaction, review: Review) -> None:
    """Save a changed review; `load_for_update` must have read it in this transaction.

    Raises:
        AlreadyDecided: it changed since it was read here.
    """
    stored = tx.loaded[review.id]
    changed = tx.connection.execute(
        update(reviews)
        .where(reviews.c.id == review.id, reviews.c.revision == stored.revision)
        .values(state=review.state, revision=stored.revision + 1, **_listed(review))
    )
    if changed.rowcount != 1:
        raise AlreadyDecided(f"another person changed review {review.name} meanwhile; reload it")
    _append(tx, review, stored)


def _append(tx: Transaction, review: Review, stored: _Stored) -> None:
    for n, version in enumerate(review.versions[stored.versions :], start=stored.versions + 1):
        values = {**vars(version), "draft": canonical(to_json(version.draft))}
        tx.connection.execute(insert(versions).values(review=review.id, n=n, **values))
    if len(review.versions) > stored.versions:
        _keep_sources(tx, review)
    for n, ruling in enumerate(review.decisions[stored.decisions :], start=stored.decisions + 1):
        lists = {"reasons": canonical(ruling.reasons), "acknowledged": canonical(ruling.acknowledged)}
        values = {**vars(ruling), **lists}
        tx.connection.execute(insert(decisions).values(review=review.id, n=n, **values))
    for n, comment in enumerate(review.comments[stored.comments :], start=stored.comments + 1):
        tx.connection.execute(insert(comments).values(review=review.id, n=n, **vars(comment)))
    for n, deferral in enumerate(review.deferrals[stored.deferrals :], start=stored.deferrals + 1):
        tx.connection.execute(insert(deferrals).values(review=review.id, n=n, **vars(deferral)))
    for n, again in enumerate(review.rechecks[stored.rechecks :], start=stored.rechecks + 1):
        found = canonical([asdict(finding) for finding in again.findings])
        values = {"wording": again.wording, "findings": found, "at": again.at}
        tx.connection.execute(insert(rechecks).values(review=review.id, n=n, **values))


def _keep_sources(tx: Transaction, review: Review) -> None:
    """Record which versions of which documents the wordings rest on; a source of an earlier wording stays one."""
    held = rows(tx.connection, select(review_sources).where(review_sources.c.review == review.id))
    for document, version in review.sources - {(row.document, row.version) for row in held}:
        values = {"review": review.id, "document": document, "version": version}
        tx.connection.execute(insert(review_sources).values(values))
    update_readers_of(tx.connection, review.id)


def _asked_for_by(person: str) -> ColumnElement[bool]:
    return and_(reviews.c.asked_by == person, reviews.c.seeded.is_(False))


def _listed(review: Review) -> dict[str, Any]:
    """Return the columns by which the queue is listed, filtered and counted."""
    draft, claim = review.draft, review.claim
    levels = [finding.level for finding in draft.findings]
    return {
        "title": title_of(draft),
        "blocking": levels.count("block"),
        "warnings": levels.count("warn"),
        "claimed_by": claim.reviewer if claim else "",
        "claimed_until": claim.until if claim else None,
        "handed_to": review.handed_to,
        "deferred_until": review.deferred_until,
        "decided_at": review.decisions[-1].at if review.decisions else None,
    }


def _one(connection: Connection, review_id: str) -> tuple[Row[Any], Review]:
    found = _select(connection, reviews.c.id == review_id)
    if not found:
        raise ReviewError(f"no review {review_id[:80]!r}; `humphrey reviews --all` lists them")
    return found[0].row, _review(found[0])


def readable_reviews(connection: Connection, condition: ColumnElement[bool]) -> list[Review]:
    """Return the reviews that fit a condition, oldest first; an unreadable one is left out and logged."""
    found = []
    for parts in _select(connection, condition):
        try:
            found.append(_review(parts))
        except StoreError:
            logger.error("review_unreadable", extra={"review": parts.row.id})
    return found


@dataclass(frozen=True)
class _Parts:
    """A row of `reviews` with the rows of each of its parts, in order."""

    row: Row[Any]
    wordings: list[Row[Any]]
    rulings: list[Row[Any]]
    rechecks: list[Row[Any]]
    comments: list[Row[Any]]
    sources: list[Row[Any]]
    deferrals: list[Row[Any]]


def _select(connection: Connection, condition: ColumnElement[bool]) -> list[_Parts]:
    oldest_first = select(reviews).where(condition).order_by(reviews.c.opened_at, reviews.c.id)
    tables = (versions, decisions, rechecks, comments, review_sources, deferrals)
    parts = [_by_review(connection, table, condition) for table in tables]
    return [_Parts(row, *(each[row.id] for each in parts)) for row in rows(connection, oldest_first)]


def _by_review(connection: Connection, table: Table, condition: ColumnElement[bool]) -> Mapping[str, list[Row[Any]]]:
    chosen = select(reviews.c.id).where(condition)
    parts: Mapping[str, list[Row[Any]]] = defaultdict(list)
    # The second column of each of these tables, behind the review, orders its rows.
    for row in rows(connection, select(table).where(table.c.review.in_(chosen)).order_by(*list(table.c)[:2])):
        parts[row.review].append(row)
    return parts


def _review(parts: _Parts) -> Review:
    row = parts.row
    try:
        read = tuple(_version(part) for part in parts.wordings)
        checked = tuple(Recheck(part.wording, _findings(part.findings), part.at) for part in parts.rechecks)
        ruled = tuple(_decision(part) for part in parts.rulings)
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError(
            f"the stored draft of review {row.id} was damaged or changed and cannot be read; put back a copy"
        ) from error
    if not read:
        raise StoreError(f"review {row.id} has lost its draft; put back a copy of the database")
    claim = Claim(row.claimed_by, row.claimed_until) if row.claimed_until else None
    said = tuple(Comment(part.by, part.text, part.at) for part in parts.comments)
    noted = frozenset((part.document, part.version) for part in parts.sources)
    put_off = tuple(Deferral(part.by, part.reason, part.until, part.at) for part in parts.deferrals)
    days = row.wished, put_off, row.deferred_until
    return Review(row.id, read, row.state, ruled, checked, claim, row.handed_to, said, noted, *days, row.reference)


def _version(part: Row[Any]) -> Version:
    return Version(from_json(json.loads(part.draft)), part.editor, part.at, part.origin, part.instruction)


def _decision(part: Row[Any]) -> Decision:
    reasons, seen_to = tuple(json.loads(part.reasons)), tuple(json.loads(part.acknowledged))
    how = part.door, seen_to, part.held_until
    return Decision(part.verdict, part.reviewer, part.digest, part.reason, part.at, reasons, *how)


def _findings(stored: str) -> tuple[Finding, ...]:
    return tuple(Finding(**each) for each in json.loads(stored))
