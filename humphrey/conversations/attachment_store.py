"""SQL of attached files, and the document of each. Every read for a person names the owner.

A file's document is deleted with it. Its text stays as long as a draft cites it.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, or_, select

from humphrey.conversations.model import AttachedFile
from humphrey.conversations.store import require_owner
from humphrey.database.engine import Database, rows
from humphrey.database.tables.clearance import reviews, versions
from humphrey.database.tables.conversations import attachments, conversations, exchanges
from humphrey.database.tables.guidance import documents, editions, texts
from humphrey.database.transaction import Transaction
from humphrey.digests import canonical
from humphrey.documents.audiences import audience_of
from humphrey.errors import CommissionError
from humphrey.search.model import IndexState


@dataclass(frozen=True)
class StoredFile:
    """A stored file: its conversation, its document's id and its own id."""

    conversation: str
    document: str
    id: str


def list_files(database: Database, conversation_id: str, owner: str) -> list[AttachedFile]:
    """Return the files of one of the owner's conversations, in the order they were attached.

    Raises:
        CommissionError: the owner has no such conversation.
    """
    with database.reading() as connection:
        require_owner(connection, conversation_id, owner)
        return [_file(row) for row in rows(connection, _of(conversation_id))]


def attached_documents(database: Database, conversation_id: str) -> dict[str, str]:
    """Return the ids of a conversation's documents, with the names of their files."""
    with database.reading() as connection:
        return {row.document: row.name for row in rows(connection, _of(conversation_id))}


def index_states(database: Database, conversation_id: str) -> list[IndexState]:
    """Return the state that the index of a conversation should have, by document id."""
    held = (
        select(documents.c.id, documents.c.taken_in, documents.c.passages)
        .join(attachments, attachments.c.document == documents.c.id)
        .where(attachments.c.conversation == conversation_id)
        .order_by(documents.c.id)
    )
    audience = audience_of(conversation_id)
    with database.reading() as connection:
        found = rows(connection, held)
    return [IndexState(row.id, row.taken_in.isoformat(), row.passages, audience) for row in found]


def file_ids(database: Database) -> set[str]:
    """Return the ids of the files of all conversations."""
    with database.reading() as connection:
        return {row.id for row in rows(connection, select(attachments.c.id))}


def conversations_with_files(database: Database) -> set[str]:
    """Return the ids of the conversations that have files."""
    with database.reading() as connection:
        return {row.conversation for row in rows(connection, select(attachments.c.conversation).distinct())}


def owner_of(database: Database, conversation_id: str) -> str | None:
    """Return the owner of a conversation; None if it does not exist."""
    owned = select(conversations.c.owner).where(conversations.c.id == conversation_id)
    with database.reading() as connection:
        return connection.execute(owned).scalar()


def is_cited(database: Database, document_id: str, asked_by: str) -> bool:
    """Return whether a review that a person asked for has a version that cites a document."""
    cited = citing(document_id, reviews.c.asked_by == asked_by).limit(1)
    with database.reading() as connection:
        return connection.execute(cited).first() is not None


def count_attachments(tx: Transaction, conversation_id: str, owner: str) -> int:
    """Return the number of files of one of the owner's conversations, read alone among writers.

    Raises:
        CommissionError: the owner has no such conversation.
    """
    require_owner(tx.connection, conversation_id, owner)
    count = select(func.count()).where(attachments.c.conversation == conversation_id)
    return int(tx.connection.execute(count).scalar_one())


def count_words_attached(tx: Transaction, conversation_id: str) -> int:
    """Return the number of words of all files of a conversation."""
    total = select(func.coalesce(func.sum(attachments.c.words), 0)).where(attachments.c.conversation == conversation_id)
    return int(tx.connection.execute(total).scalar_one())


def is_attached(tx: Transaction, conversation_id: str, digest: str) -> bool:
    """Return whether a conversation has a file of that content."""
    same = _of(conversation_id).where(attachments.c.digest == digest)
    return tx.connection.execute(same).first() is not None


def add_attachment(tx: Transaction, file: AttachedFile, conversation_id: str, digest: str, at: datetime) -> None:
    """Add a file to a conversation; its document must be stored first."""
    tx.connection.execute(
        insert(attachments).values(
            id=file.id,
            conversation=conversation_id,
            document=file.document,
            name=file.name,
            digest=digest,
            words=file.words,
            pages=file.pages,
            notes=canonical(file.notes),
            at=at,
        )
    )


def owned_file(tx: Transaction, file_id: str, owner: str) -> StoredFile:
    """Return one of the owner's files.

    Raises:
        CommissionError: the owner has no such file.
    """
    own = (
        select(attachments)
        .join(conversations, conversations.c.id == attachments.c.conversation)
        .where(attachments.c.id == file_id, conversations.c.owner == owner)
    )
    found = rows(tx.connection, own)
    if not found:
        raise CommissionError(f"you have no file {file_id[:80]!r}; open the conversation again")
    return StoredFile(found[0].conversation, found[0].document, found[0].id)


def stored_files(tx: Transaction, conversation_id: str) -> list[StoredFile]:
    """Return the files of a conversation."""
    found = rows(tx.connection, _of(conversation_id))
    return [StoredFile(row.conversation, row.document, row.id) for row in found]


def remove_attachment(tx: Transaction, file: StoredFile) -> None:
    """Delete a file; its document has to be deleted afterwards."""
    tx.connection.execute(delete(attachments).where(attachments.c.id == file.id))


def delete_uncited_texts(tx: Transaction, conversation_id: str, owner: str) -> None:
    """Delete the texts of removed files of a conversation that no stored draft cites."""
    wanted = canonical(sorted(audience_of(conversation_id)))
    for row in rows(tx.connection, select(editions).where(editions.c.audience == wanted)):
        if not _needed(tx, row.document, conversation_id, owner):
            edition = editions.c.document == row.document, editions.c.version == row.version
            tx.connection.execute(delete(editions).where(*edition))
            _forget_text(tx, row.version)


def _needed(tx: Transaction, document_id: str, conversation_id: str, owner: str) -> bool:
    said = _cites(exchanges.c.draft, document_id), exchanges.c.conversation == conversation_id
    needing: tuple[Select[Any], ...] = (
        select(documents.c.id).where(documents.c.id == document_id),
        select(exchanges.c.id).where(*said).limit(1),
        citing(document_id, reviews.c.asked_by == owner).limit(1),
    )
    return any(tx.connection.execute(each).first() is not None for each in needing)


def _forget_text(tx: Transaction, version: str) -> None:
    """Delete a text, unless another document has the same."""
    held = select(documents.c.id).where(documents.c.version == version)
    known = select(editions.c.document).where(editions.c.version == version)
    unused = texts.c.version == version, ~or_(held.exists(), known.exists())
    tx.connection.execute(delete(texts).where(*unused))


def _of(conversation_id: str) -> Select[Any]:
    here = attachments.c.conversation == conversation_id
    return select(attachments).where(here).order_by(attachments.c.at, attachments.c.id)


def citing(document_id: str, whose: ColumnElement[bool]) -> Select[Any]:
    """Return the query for reviews with a version that cites a document, among some reviews."""
    wordings = select(versions.c.review).join(reviews, reviews.c.id == versions.c.review)
    return wordings.where(whose, _cites(versions.c.draft, document_id))


def _cites(draft: ColumnElement[str], document_id: str) -> ColumnElement[bool]:
    """Return the condition that a stored draft cites a document. File ids contain nothing that JSON escapes."""
    return draft.contains(f'"document":"{document_id}"', autoescape=True)


def _file(row: Row[Any]) -> AttachedFile:
    return AttachedFile(row.id, row.name, row.document, row.words, row.pages, tuple(json.loads(row.notes)))
