"""SQL of conversations. Every read names the owner: the id of another person's conversation is an unknown id."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, or_, select, update

from humphrey.conversations.model import UNTITLED, Conversation, Edit, Exchange, Feedback, title_of
from humphrey.database.engine import Database, rows
from humphrey.database.tables.conversations import conversations, exchanges, feedback
from humphrey.database.transaction import Transaction
from humphrey.digests import canonical
from humphrey.errors import AlreadyDecided, CommissionError, StoreError
from humphrey.papers.draft import from_json, to_json
from humphrey.text.sentences import folded

_SHOWN = (exchanges, feedback.c.good, feedback.c.reason, feedback.c.at.label("said_at"))


_WITH_FEEDBACK = exchanges.outerjoin(feedback, feedback.c.exchange == exchanges.c.id)


def list_conversations(database: Database, owner: str, words: Sequence[str] = ()) -> list[Conversation]:
    """Return the owner's conversations that contain all of some folded words, latest first."""
    latest_first = (
        select(conversations)
        .where(conversations.c.owner == owner, *(_holds(word) for word in words))
        .order_by(conversations.c.latest_at.desc(), conversations.c.id)
    )
    with database.reading() as connection:
        found = rows(connection, latest_first)
    return [Conversation(row.id, row.owner, row.title or UNTITLED, row.latest_at, row.pinned) for row in found]


def is_owner(database: Database, conversation_id: str, owner: str) -> bool:
    """Return whether a conversation exists and belongs to a person."""
    with database.reading() as connection:
        return connection.execute(_owned(conversation_id, owner)).first() is not None


def list_exchanges(database: Database, conversation_id: str, owner: str) -> list[Exchange]:
    """Return the exchanges of one of the owner's conversations, oldest first.

    Raises:
        CommissionError: the owner has no such conversation.
    """
    in_order = _exchanges(exchanges.c.conversation == conversation_id)
    with database.reading() as connection:
        require_owner(connection, conversation_id, owner)
        return [_exchange(row) for row in rows(connection, in_order)]


def edit(database: Database, exchange_id: str, owner: str) -> Edit:
    """Return one of the owner's exchanges, with the earlier ones that were not replaced.

    Raises:
        CommissionError: the owner has no such exchange.
    """
    with database.reading() as connection:
        row = _one(connection, exchange_id, owner)
        before = exchanges.c.conversation == row.conversation, exchanges.c.n < row.n, ~exchanges.c.replaced
        return Edit(_exchange(row), tuple(_exchange(each) for each in rows(connection, _exchanges(*before))))


def open_conversation(tx: Transaction, conversation_id: str, owner: str, title: str, at: datetime) -> None:
    """Add an empty conversation; with an empty title, its first question becomes the title."""
    tx.connection.execute(
        insert(conversations).values(
            id=conversation_id, owner=owner, title=title, folded=folded(title), opened_at=at, latest_at=at
        )
    )


def rename(tx: Transaction, conversation_id: str, owner: str, title: str) -> None:
    """Give one of the owner's conversations another title.

    Raises:
        CommissionError: the owner has no such conversation.
    """
    _change(tx, conversation_id, owner, title=title, folded=folded(title))


def pin(tx: Transaction, conversation_id: str, owner: str, pinned: bool) -> None:
    """Pin one of the owner's conversations to the top of their list, or let it go.

    Raises:
        CommissionError: the owner has no such conversation.
    """
    _change(tx, conversation_id, owner, pinned=pinned)


def add_exchange(tx: Transaction, exchange: Exchange, owner: str) -> None:
    """Add an exchange at the end of one of the owner's conversations.

    Raises:
        CommissionError: the owner has no such conversation.
    """
    require_owner(tx.connection, exchange.conversation, owner)
    here = exchanges.c.conversation == exchange.conversation
    last = tx.connection.execute(select(func.max(exchanges.c.n)).where(here)).scalar() or 0
    asked = exchange.draft.commission.text
    tx.connection.execute(
        insert(exchanges).values(
            id=exchange.id,
            conversation=exchange.conversation,
            n=last + 1,
            question=asked,
            draft=canonical(to_json(exchange.draft)),
            folded=folded(f"{asked} {exchange.draft.text}"),
            replaced=False,
            at=exchange.at,
        )
    )
    this = conversations.c.id == exchange.conversation
    tx.connection.execute(update(conversations).where(this).values(latest_at=exchange.at))
    title = title_of(asked)
    untitled = update(conversations).where(this, conversations.c.title == "")
    tx.connection.execute(untitled.values(title=title, folded=folded(title)))


def replace_from(tx: Transaction, exchange_id: str, conversation_id: str, owner: str) -> None:
    """Mark an exchange and all later ones as replaced; they stay stored.

    Raises:
        CommissionError: the owner has no such exchange in that conversation.
    """
    row = _one(tx.connection, exchange_id, owner)
    if row.conversation != conversation_id:
        raise _no_exchange(exchange_id)
    later = exchanges.c.conversation == row.conversation, exchanges.c.n >= row.n
    tx.connection.execute(update(exchanges).where(*later).values(replaced=True))


def save_feedback(tx: Transaction, exchange_id: str, owner: str, said: Feedback) -> None:
    """Save the owner's feedback on a draft, in place of any earlier feedback.

    Raises:
        CommissionError: the owner has no such exchange.
    """
    _one(tx.connection, exchange_id, owner)
    tx.connection.execute(delete(feedback).where(feedback.c.exchange == exchange_id))
    tx.connection.execute(insert(feedback).values(exchange=exchange_id, **vars(said)))


def delete_conversation(tx: Transaction, conversation_id: str, owner: str) -> None:
    """Delete a conversation; drafts that were sent for clearance stay with their reviews.

    Raises:
        CommissionError: the owner has no such conversation.
    """
    require_owner(tx.connection, conversation_id, owner)
    here = exchanges.c.conversation == conversation_id
    mine = select(exchanges.c.id).where(here)
    tx.connection.execute(delete(feedback).where(feedback.c.exchange.in_(mine)))
    tx.connection.execute(delete(exchanges).where(here))
    tx.connection.execute(delete(conversations).where(conversations.c.id == conversation_id))


def exchange(tx: Transaction, exchange_id: str, owner: str) -> Exchange:
    """Return one of the owner's exchanges, read alone among writers.

    Raises:
        CommissionError: the owner has no such exchange.
    """
    return _exchange(_one(tx.connection, exchange_id, owner))


def mark_sent(tx: Transaction, exchange: Exchange, review_id: str) -> None:
    """Write the id of the review to which an exchange was sent.

    Raises:
        AlreadyDecided: it was sent before.
    """
    sent = tx.connection.execute(
        update(exchanges).where(exchanges.c.id == exchange.id, exchanges.c.review.is_(None)).values(review=review_id)
    )
    if sent.rowcount != 1:
        raise AlreadyDecided(f"this draft was already sent for clearance, as review {exchange.review}")


def _change(tx: Transaction, conversation_id: str, owner: str, **changed: object) -> None:
    require_owner(tx.connection, conversation_id, owner)
    tx.connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(**changed))


def _holds(word: str) -> ColumnElement[bool]:
    """Return the condition that a conversation contains a folded word in its title, a question or an answer."""
    said = select(exchanges.c.id).where(
        exchanges.c.conversation == conversations.c.id, exchanges.c.folded.contains(word, autoescape=True)
    )
    return or_(conversations.c.folded.contains(word, autoescape=True), said.exists())


def _exchanges(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(*_SHOWN).select_from(_WITH_FEEDBACK).where(*conditions).order_by(exchanges.c.n)


def _one(connection: Connection, exchange_id: str, owner: str) -> Row[Any]:
    found = rows(
        connection,
        _exchanges(exchanges.c.id == exchange_id, conversations.c.owner == owner).join(
            conversations, conversations.c.id == exchanges.c.conversation
        ),
    )
    if not found:
        raise _no_exchange(exchange_id)
    return found[0]


def _no_exchange(exchange_id: str) -> CommissionError:
    return CommissionError(f"you have no exchange {exchange_id[:80]!r}; open the conversation again")


def _owned(conversation_id: str, owner: str) -> Select[Any]:
    return select(conversations.c.id).where(conversations.c.id == conversation_id, conversations.c.owner == owner)


def require_owner(connection: Connection, conversation_id: str, owner: str) -> None:
    """Require that a conversation belongs to a person.

    Raises:
        CommissionError: the owner has no such conversation.
    """
    if connection.execute(_owned(conversation_id, owner)).first() is None:
        raise CommissionError(
            f"you have no conversation {conversation_id[:80]!r}; choose one of yours or start another"
        )


def _exchange(row: Row[Any]) -> Exchange:
    try:
        draft = from_json(json.loads(row.draft))
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError(f"the stored draft of exchange {row.id} cannot be read; ask the question again") from error
    said = None if row.good is None else Feedback(row.good, row.reason, row.said_at)
    return Exchange(row.id, row.conversation, draft, row.review or "", row.at, row.replaced, said)
