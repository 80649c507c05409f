"""Tables of the guidance: documents, their texts and passages, their readers, and fetched pages."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
)

from humphrey.database.tables.types import UtcTime, metadata

documents = Table(
    "documents",
    metadata,
    Column("id", String(500), primary_key=True),
    Column("version", ForeignKey("texts.version"), nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("updated", Date),
    Column("state", String(20), nullable=False),
    Column("replaced_by", Text, nullable=False),
    Column("licence", Text, nullable=False),
    Column("withdrawn_at", Date),
    Column("reason", Text, nullable=False),
    Column("locale", String(20), nullable=False),
    Column("history", Text, nullable=False),
    Column("original", Text, nullable=False, server_default=""),
    Column("original_date", Text, nullable=False, server_default=""),
    Column("audience", Text, nullable=False),
    Column("path", Text, nullable=False, index=True),
    Column("file_digest", String(71), nullable=False),
    Column("passages", Integer, nullable=False),
    Column("taken_in", UtcTime, nullable=False),
)


editions = Table(
    "editions",
    metadata,
    Column("document", String(500), primary_key=True),
    Column("version", ForeignKey("texts.version"), primary_key=True),
    Column("audience", Text, nullable=False),
)


refusals = Table(
    "refusals",
    metadata,
    Column("path", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("audience", Text, nullable=False),
)


texts = Table(
    "texts",
    metadata,
    Column("version", String(71), primary_key=True),
    Column("text", Text, nullable=False),
    Column("headings", Text, nullable=False),
)


passages = Table(
    "passages",
    metadata,
    Column("document", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("version", String(71), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("section", Text, nullable=False),
)


readers = Table(
    "readers",
    metadata,
    Column("key", String(71), primary_key=True),
    Column("audiences", Text, nullable=False),
)


fetches = Table(
    "fetches",
    metadata,
    Column("base", String(300), primary_key=True),
    Column("path", String(500), primary_key=True),
    Column("title", Text, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("detail", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("modified", Text, nullable=False),
    Column("digest", String(71), nullable=False),
    Column("checked_at", UtcTime, nullable=False),
)


fetch_runs = Table(
    "fetch_runs",
    metadata,
    Column("base", String(300), primary_key=True),
    Column("began_at", UtcTime, primary_key=True),
    Column("finished_at", UtcTime),
)
