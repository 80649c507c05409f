"""The sources of stored drafts: what every wording and the conversation before it cite, not the latest wording alone."""


import hashlib
import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op


revision: str = "0008"


down_revision = "0007"


Pair = tuple[str, str]
"""A document and its version."""


def upgrade() -> None:
    """Note the sources of every review, and compute its readers again."""
    connection = op.get_bind()
    held = sa.text("SELECT id, files_of FROM reviews WHERE disposed_at IS NULL")
    for row in connection.execute(held).all():
        found = set(_sources(connection, row.id))
        for document, version in found - set(_noted(connection, row.id)):
            _note(connection, row.id, document, version)
        _set_readers(connection, row.id, row.files_of)


def _noted(connection: sa.Connection, review: str) -> list[Pair]:
    stored = sa.text("SELECT document, version FROM review_sources WHERE review = :review")
    return [(row.document, row.version) for row in connection.execute(stored, {"review": review})]


def _note(connection: sa.Connection, review: str, document: str, version: str) -> None:
    values = {"review": review, "document": document, "version": version}
    connection.execute(
        sa.text("INSERT INTO review_sources (review, document, version) VALUES (:review, :document, :version)"), values
    )


def _sources(connection: sa.Connection, review: str) -> Iterator[Pair]:
    wordings = sa.text("SELECT draft FROM versions WHERE review = :review ORDER BY n")
    for row in connection.execute(wordings, {"review": review}).all():
        try:
            draft = json.loads(row.draft)
            yield from _cited(draft)
            yield from _before(connection, draft)
        except (ValueError, TypeError, KeyError):
            # One that was damaged stays as it is: reading it says so.
            continue


def _cited(draft: dict[str, Any]) -> list[Pair]:
    return [(each["document"], each["version"]) for each in draft["citations"]]


def _before(connection: sa.Connection, draft: dict[str, Any]) -> Iterator[Pair]:
    """Yield what the earlier answers that went along with a draft cite, where their exchanges are still stored."""
    commission = draft["commission"]
    turns = {(turn["question"], turn["answer"]) for turn in commission["earlier"]}
    if not turns:
        return
    said = sa.text("SELECT draft FROM exchanges WHERE conversation = :conversation")
    for row in connection.execute(said, {"conversation": commission.get("conversation", "")}).all():
        earlier = json.loads(row.draft)
        if (earlier["commission"]["text"], earlier["text"]) in turns:
            files = earlier["commission"].get("attached", ())
            yield from (pair for pair in _cited(earlier) if pair[0] not in files)


def _set_readers(connection: sa.Connection, review: str, files_of: str) -> None:
    key = _readers(connection, _noted(connection, review), files_of)
    connection.execute(sa.text("UPDATE reviews SET readers = :key WHERE id = :id"), {"key": key, "id": review})


def _readers(connection: sa.Connection, sources: list[Pair], files_of: str) -> str:
    """Return the key of the audiences of which a reader must be in every one; null is nobody."""
    audiences = [audience for source in sources for audience in _audiences(connection, *source)]
    closed = {json.dumps(each) for each in audiences if each and f"attached:{files_of}" not in each}
    kept: list[Any] = [None] if None in audiences else sorted(map(json.loads, closed))
    said = json.dumps(kept, separators=(",", ":"), ensure_ascii=False)
    key = "sha256:" + hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()
    if connection.execute(sa.text("SELECT key FROM readers WHERE key = :key"), {"key": key}).first() is None:
        keep = sa.text("INSERT INTO readers (key, audiences) VALUES (:key, :audiences)")
        connection.execute(keep, {"key": key, "audiences": said})
    return key


def _audiences(connection: sa.Connection, document: str, version: str) -> Iterator[Any]:
    """Yield the audience of a version, None if it is unknown, and that of the document as it is today, if stored."""
    of_version = sa.text("SELECT audience FROM editions WHERE document = :document AND version = :version")
    row = connection.execute(of_version, {"document": document, "version": version}).first()
    yield None if row is None else json.loads(row.audience)
    today = connection.execute(sa.text("SELECT audience FROM documents WHERE id = :id"), {"id": document}).first()
    if today is not None:
        yield json.loads(today.audience)
