"""The table of the ledger."""

from sqlalchemy import (
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from humphrey.database.tables.types import UtcTime, metadata

ledger = Table(
    "ledger",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("act", String(40), nullable=False),
    Column("subject", String(200), nullable=False, index=True),
    Column("detail", Text, nullable=False),
    Column("previous", String(71), nullable=False),
    Column("seal", String(71), nullable=False, unique=True),
    Column("follows", String(71), nullable=False),
    Column("key", String(71), nullable=False),
    Column("signature", Text, nullable=False),
    Index("ledger_acts", "act", "at"),
)
