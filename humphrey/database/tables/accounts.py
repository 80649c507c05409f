"""Tables of accounts: people, sessions, known browsers, failed sign-ins, turns and pending sign-ins."""

from sqlalchemy import (
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from humphrey.database.tables.types import UtcTime, metadata

people = Table(
    "people",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("roles", Text, nullable=False),
    Column("groups", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("added_at", UtcTime, nullable=False),
    Column("disabled_at", UtcTime),
    Column("kinds", Text, nullable=False),
    Column("markings", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("deputies", Text, nullable=False),
    Column("identity", String(500)),
    Column("password_given_by", String(200), nullable=False, server_default=""),
    Column("own_name", String(200), nullable=False, server_default=""),
    Index("people_identity", "identity", unique=True),
)


sessions = Table(
    "sessions",
    metadata,
    Column("token_digest", String(71), primary_key=True),
    Column("person", String(200), nullable=False, index=True),
    Column("opened_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    Column("seen_at", UtcTime, nullable=False),
    Column("way_in", String(40), nullable=False),
)


sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(200), nullable=False),
    Column("address", String(100), nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
)


known_browsers = Table(
    "known_browsers",
    metadata,
    Column("secret_digest", String(71), primary_key=True),
    Column("person", String(200), primary_key=True, index=True),
    Column("seen_at", UtcTime, nullable=False),
)


sign_in_turns = Table(
    "sign_in_turns",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("address", String(100), primary_key=True),
    Column("due_at", UtcTime, nullable=False),
)


sign_ins = Table(
    "sign_ins",
    metadata,
    Column("state_digest", String(71), primary_key=True),
    Column("browser", String(71), nullable=False),
    Column("nonce", String(100), nullable=False),
    Column("verifier", String(200), nullable=False),
    Column("onwards", Text, nullable=False),
    Column("address", String(100), nullable=False, index=True),
    Column("at", UtcTime, nullable=False, index=True),
)
