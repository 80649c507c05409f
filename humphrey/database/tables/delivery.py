"""The table of the outbox."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from humphrey.database.tables.types import UtcTime, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("review", ForeignKey("reviews.id"), nullable=False, index=True),
    Column("outlet", String(40), nullable=False),
    Column("queued_at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try", UtcTime, nullable=False),
    Column("failure", Text, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("delivered_at", UtcTime),
    Column("set_aside_at", UtcTime),
    Column("sent_digest", String(71), nullable=False),
    Index("outbox_waiting", "outlet", "delivered_at", "next_try"),
)
