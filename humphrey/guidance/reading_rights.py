"""Who may read everything that a draft under review cites, kept beside the review so that a queue is listed at once.

Drafts under review share few combinations of audiences, and each combination is kept once: `readers.audiences` is
canonical JSON, the audiences, each a sorted list of groups, of which a reader must be in every one; empty is everybody,
null among them nobody. `reviews.readers` names its combination by digest; one that is not kept is nobody's. It follows
from `review_sources` and `editions`, and is worked out again with whatever changes either, in the same transaction. It
says what a list shows; opening a draft asks the documents themselves.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from humphrey.database.engine import rows
from humphrey.database.tables.clearance import review_sources, reviews
from humphrey.database.tables.guidance import editions, readers
from humphrey.digests import canonical, sha256
from humphrey.documents.audiences import group_of, readable

_MOST_NAMES = 500
"""How many values one statement may list; databases bound it."""


def update_readers_of(connection: Connection, review_id: str) -> None:
    """Work out anew who may read all that one review cites."""
    _update(connection, combinations(connection, reviews.c.id == review_id))


def update_readers_citing(connection: Connection, document_id: str) -> None:
    """The same for every review that cites a document, whose audience may have changed."""
    citing = select(review_sources.c.review).where(review_sources.c.document == document_id)
    _update(connection, combinations(connection, reviews.c.id.in_(citing)))


def readable_keys(connection: Connection, keys: Collection[str], groups: Collection[str]) -> set[str]:
    """Those of some combinations of which somebody in some groups may read everything."""
    kept = rows(connection, select(readers).where(readers.c.key.in_(keys)))
    return {row.key for row in kept if _may_read_all(json.loads(row.audiences), groups)}


def _may_read_all(audiences: Iterable[Collection[str] | None], groups: Collection[str]) -> bool:
    return all(audience is not None and readable(audience, groups) for audience in audiences)


def combinations(connection: Connection, which: ColumnElement[bool]) -> dict[str, tuple[str, str]]:
    """By review, the combination that is kept of it, and the one that should be, written out."""
    edition = and_(editions.c.document == review_sources.c.document, editions.c.version == review_sources.c.version)
    cited = (
        select(reviews.c.id, reviews.c.files_of, reviews.c.readers, review_sources.c.document, editions.c.audience)
        .select_from(reviews.outerjoin(review_sources).outerjoin(editions, edition))
        .where(which)
    )
    audiences: dict[tuple[str, str, str], list[str | None]] = defaultdict(list)
    for row in rows(connection, cited):
        of_review = audiences[row.id, row.files_of, row.readers]
        if row.document is not None:
            of_review.append(row.audience)
    return {review: (kept, _readers(of, held)) for (review, of, kept), held in audiences.items()}


def _readers(files_of: str, audiences: Iterable[str | None]) -> str:
    """The readers of a review from the stored audiences of what it cites, None being of what was never held.

    Whoever may clear drafts may read what a draft cites of the files that were given with its question.
    """
    groups = [None if each is None else json.loads(each) for each in set(audiences)]
    if None in groups:
        return canonical([None])
    given = group_of(files_of) if files_of else ""
    return canonical(sorted(each for each in groups if each and given not in each))


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
    """The key of a combination, kept from now on."""
    key = sha256(audiences)
    if connection.execute(select(readers.c.key).where(readers.c.key == key)).first() is None:
        connection.execute(insert(readers).values(key=key, audiences=audiences))
    return key
