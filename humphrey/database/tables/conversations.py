"""Tables of conversations: exchanges, feedback and attached files."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    false,
)

from humphrey.database.tables.types import UtcTime, metadata

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("owner", String(200), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("pinned", Boolean, nullable=False, server_default=false()),
    Column("opened_at", UtcTime, nullable=False),
    Column("latest_at", UtcTime, nullable=False),
)


exchanges = Table(
    "exchanges",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("conversation", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("n", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("draft", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("review", ForeignKey("reviews.id")),
    Column("replaced", Boolean, nullable=False),
    Column("at", UtcTime, nullable=False),
)


feedback = Table(
    "feedback",
    metadata,
    Column("exchange", ForeignKey("exchanges.id"), primary_key=True),
    Column("good", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)


attachments = Table(
    "attachments",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("conversation", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("document", ForeignKey("documents.id"), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("digest", String(71), nullable=False),
    Column("words", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("notes", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)
