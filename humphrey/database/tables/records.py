"""Tables of the records: published heads, disposals, holds and disclosure packs."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from humphrey.database.tables.types import UtcTime, metadata

heads = Table(
    "heads",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("seal", String(71), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("key", String(71), nullable=False),
    Column("signature", Text, nullable=False),
    Column("published", Text, nullable=False),
)


holds = Table(
    "holds",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("what", String(20), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", String(200), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("lifted_by", String(200), nullable=False),
    Column("lifted_at", UtcTime),
)


disposals = Table(
    "disposals",
    metadata,
    Column("subject", String(200), primary_key=True),
    Column("part", String(60), primary_key=True),
    Column("digest", String(71), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("scrubbed_at", UtcTime),
)


disclosures = Table(
    "disclosures",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("by", String(200), nullable=False),
    Column("criteria", Text, nullable=False),
    Column("items", Text, nullable=False),
    Column("redactions", Text, nullable=False),
    Column("review", ForeignKey("reviews.id")),
    Column("at", UtcTime, nullable=False),
)
