"""What people asked and were given, in the database. Every read names the owner: another's id is an unknown id."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from humphrey.core.conversations import Conversation, Exchange
from humphrey.core.drafts import canonical, from_json, to_json
from humphrey.errors import AlreadyDecided, CommissionError, StoreError
from humphrey.store.engine import Database, rows
from humphrey.store.tables import conversations, exchanges


class ConversationReads(Database):
    """Reading one person's conversations."""

    def conversations(self, owner: str) -> list[Conversation]:
        """The owner's conversations, latest first."""
        latest_first = (
            select(conversations)
            .where(conversations.c.owner == owner)
            .order_by(conversations.c.latest_at.desc(), conversations.c.id)
        )
        with self.reading() as connection:
            return [Conversation(r.id, r.owner, r.title, r.latest_at) for r in rows(connection, latest_first)]

    def exchanges(self, conversation_id: str, owner: str) -> list[Exchange]:
        """The exchanges of one of the owner's conversations, oldest first.

        Raises:
            CommissionError: the owner has no such conversation.
        """
        in_order = select(exchanges).where(exchanges.c.conversation == conversation_id).order_by(exchanges.c.n)
        with self.reading() as connection:
            _own(connection, conversation_id, owner)
            return [_exchange(row) for row in rows(connection, in_order)]


class ConversationWrites:
    """Changing one person's conversations inside one transaction."""

    connection: Connection

    def open_conversation(self, conversation_id: str, owner: str, title: str, at: datetime) -> None:
        """A new conversation without exchanges."""
        self.connection.execute(
            insert(conversations).values(id=conversation_id, owner=owner, title=title, opened_at=at, latest_at=at)
        )

    def add_exchange(self, exchange: Exchange, owner: str) -> None:
        """Add an exchange at the end of one of the owner's conversations.

        Raises:
            CommissionError: the owner has no such conversation.
        """
        _own(self.connection, exchange.conversation, owner)
        here = exchanges.c.conversation == exchange.conversation
        last = self.connection.execute(select(func.max(exchanges.c.n)).where(here)).scalar() or 0
        self.connection.execute(
            insert(exchanges).values(
                id=exchange.id,
                conversation=exchange.conversation,
                n=last + 1,
                question=exchange.draft.commission.text,
                draft=canonical(to_json(exchange.draft)),
                at=exchange.at,
            )
        )
        self.connection.execute(
            update(conversations).where(conversations.c.id == exchange.conversation).values(latest_at=exchange.at)
        )

    def exchange(self, exchange_id: str, owner: str) -> Exchange:
        """One of the owner's exchanges, read alone among writers.

        Raises:
            CommissionError: the owner has no such exchange.
        """
        own = (
            select(exchanges)
            .join(conversations, conversations.c.id == exchanges.c.conversation)
            .where(exchanges.c.id == exchange_id, conversations.c.owner == owner)
        )
        found = rows(self.connection, own)
        if not found:
            raise CommissionError(f"you have no exchange {exchange_id[:80]!r}; open the conversation again")
        return _exchange(found[0])

    def mark_sent(self, exchange: Exchange, review_id: str) -> None:
        """Note the review that an exchange was sent to.

        Raises:
            AlreadyDecided: it was sent before.
        """
        sent = self.connection.execute(
            update(exchanges)
            .where(exchanges.c.id == exchange.id, exchanges.c.review.is_(None))
            .values(review=review_id)
        )
        if sent.rowcount != 1:
            raise AlreadyDecided(f"this draft was already sent for clearance, as review {exchange.review}")


def _own(connection: Connection, conversation_id: str, owner: str) -> None:
    own = select(conversations.c.id).where(conversations.c.id == conversation_id, conversations.c.owner == owner)
    if connection.execute(own).first() is None:
        raise CommissionError(
            f"you have no conversation {conversation_id[:80]!r}; choose one of yours or start another"
        )


def _exchange(row: Row[Any]) -> Exchange:
    try:
        draft = from_json(json.loads(row.draft))
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError(f"the stored draft of exchange {row.id} cannot be read; ask the question again") from error
    return Exchange(row.id, row.conversation, draft, row.review or "", row.at)
