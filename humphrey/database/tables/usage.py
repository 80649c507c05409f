"""The table of model usage."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Float,
    Integer,
    String,
    Table,
)

from humphrey.database.tables.types import metadata

usage = Table(
    "usage",
    metadata,
    Column("day", Date, primary_key=True),
    Column("person", String(200), primary_key=True),
    Column("model", String(200), primary_key=True),
    Column("calls", Integer, nullable=False),
    Column("tokens_in", BigInteger, nullable=False),
    Column("tokens_out", BigInteger, nullable=False),
    Column("cost", Float, nullable=False),
)
