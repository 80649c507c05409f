"""Reading rights of reviews: who may read all that a draft rests on, stored with the review to list a queue fast.

A version of a document is read by those who may read both it and the document as it is today, while that is stored.
Drafts share few combinations of audiences, and each combination is stored once. `readers.audiences` is canonical JSON:
a list of audiences, each a sorted list of groups, of which a reader must be in every one. An empty list means everyone;
null in it means nobody. `reviews.readers` is the digest of the combination; an unknown digest means nobody. The value
follows from `review_sources`, `editions` and `documents`, and is computed again in the transaction that changes one of
them. It decides what lists show; opening a draft checks the documents themselves.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from humphrey.database.engine import rows
from humphrey.database.tables.clearance import review_sources, reviews
from humphrey.database.tables.guidance import documents, editions, readers
from humphrey.digests import canonical, sha256
from humphrey.documents.audiences import group_of, readable

_MOST_NAMES = 500
"""Values in one SQL statement; databases limit their number."""


def update_readers_of(connection: Connection, review_id: str) -> None:
    """Compute the readers of a review again."""
    _update(connection, combinations(connection, reviews.c.id == review_id))


def update_readers_citing(connection: Connection, document_id: str) -> None:
    """Compute the readers of every review that rests on a document, whose audience may have changed."""
    citing = select(review_sources.c.review).where(review_sources.c.document == document_id)
    _update(connection, combinations(connection, reviews.c.id.in_(citing)))


def readable_keys(connection: Connection, keys: Collection[str], groups: Collection[str]) -> set[str]:
    """Return those of some combinations whose documents a member of some groups may all read."""
    kept = rows(connection, select(readers).where(readers.c.key.in_(keys)))
    return {row.key for row in kept if _may_read_all(json.loads(row.audiences), groups)}


def _may_read_all(audiences: Iterable[Collection[str] | None], groups: Collection[str]) -> bool:
    return all(audience is not None and readable(audience, groups) for audience in audiences)


def combinations(connection: Connection, which: ColumnElement[bool]) -> dict[str, tuple[str, str]]:
    """Return for each review the stored digest of its combination, and the combination that it should have."""
    edition = and_(editions.c.document == review_sources.c.document, editions.c.version == review_sources.c.version)
    stored = documents.c.id == review_sources.c.document
    cited = (
        select(
            *(reviews.c.id, reviews.c.files_of, reviews.c.readers, review_sources.c.document, editions.c.audience),
            documents.c.audience.label("today"),
        )
        .select_from(reviews.outerjoin(review_sources).outerjoin(editions, edition).outerjoin(documents, stored))
        .where(which)
    )
    audiences: dict[tuple[str, str, str], list[str | None]] = defaultdict(list)
    for row in rows(connection, cited):
        of_review = audiences[row.id, row.files_of, row.readers]
        if row.document is not None:
            of_review.append(row.audience)
            of_review += [row.today] if row.today is not None else []
    return {review: (kept, _readers(of, held)) for (review, of, kept), held in audiences.items()}


def _readers(files_of: str, audiences: Iterable[str | None]) -> str:
    """Return the combination for the stored audiences of a review's sources; None stands for an unknown document.

    Reviewers may read the files attached to the question of a draft, so their audience is left out.
    """
    groups = [_groups(each) for each in set(audiences)]
    if None in groups:
        return canonical([None])
    given = group_of(files_of) if files_of else ""
    return canonical(sorted(each for each in groups if each and given not in each))


def _groups(audience: str | None) -> list[str] | None:
    """Return the groups of a stored audience; None, which is nobody, if it is unknown or was damaged."""
    try:
        groups = json.loads(audience or "")
    except ValueError:
        return None
    return groups if isinstance(groups, list) and all(isinstance(each, str) for each in groups) else None


def _update(connection: Connection, found: Mapping[str, tuple[str, str]]) -> None:
    changed: dict[str, list[str]] = defaultdict(list)
    for review, (before, audiences) in found.items():
        if before != sha256(audiences):
            changed[audiences].append(review)
    for audiences, ids in changed.items():
        key = _kept(connection, audiences)
        for first in range(0, len(ids), _MOST_NAMES):
            some = reviews.c.id.in_(ids[first : first + _MOST_NAMES])
            connection.execute(update(reviews).where(some).values(readers=key))


def _kept(connection: Connection, audiences: str) -> str:
    """Return the key of a combination; store it if it is new."""
    key = sha256(audiences)
    if connection.execute(select(readers.c.key).where(readers.c.key == key)).first() is None:
        connection.execute(insert(readers).values(key=key, audiences=audiences))
    return key
