"""The tables. Nothing here that PostgreSQL or SQLite could not do; times are UTC, JSON is canonical text."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept and given back in UTC; SQLite would otherwise drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Refuse a time without a zone; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as above
        """Give back an aware time."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()

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

reviews = Table(
    "reviews",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("state", String(20), nullable=False, index=True),
    Column("kind", String(60), nullable=False),
    Column("asked_by", String(200), nullable=False, index=True),
    Column("outlet", String(40), nullable=False),
    Column("recipient", Text, nullable=False, index=True),
    Column("marking", String(200), nullable=False),
    Column("classification", String(200), nullable=False),
    Column("readers", String(71), nullable=False),
    Column("files_of", String(40), nullable=False),
    Column("due", Date),
    Column("opened_at", UtcTime, nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("blocking", Integer, nullable=False),
    Column("warnings", Integer, nullable=False),
    Column("claimed_by", String(200), nullable=False),
    Column("claimed_until", UtcTime),
    Column("handed_to", String(200), nullable=False),
    Column("reminded", Integer, nullable=False),
    Column("escalated_at", UtcTime),
    Column("decided_at", UtcTime),
    Column("seeded", Boolean, nullable=False),
    Column("disposed_at", UtcTime),
    Index("reviews_queue", "state", "due", "opened_at"),
    # All that the queue counts by, in the order it groups by, so that counting touches no table.
    Index(
        *("reviews_counted", "state", "kind", "readers", "classification", "due", "claimed_until"),
        *("claimed_by", "asked_by", "id", "outlet", "opened_at"),
    ),
)

readers = Table(
    "readers",
    metadata,
    Column("key", String(71), primary_key=True),
    Column("audiences", Text, nullable=False),
)

review_sources = Table(
    "review_sources",
    metadata,
    Column("review", ForeignKey("reviews.id"), primary_key=True),
    Column("document", String(500), primary_key=True),
    Column("version", String(71), primary_key=True),
    Index("review_sources_document", "document", "version"),
)

comments = Table(
    "comments",
    metadata,
    Column("review", ForeignKey("reviews.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("by", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

readings = Table(
    "readings",
    metadata,
    Column("review", ForeignKey("reviews.id"), primary_key=True),
    Column("reviewer", String(200), primary_key=True),
    Column("wording", Integer, primary_key=True),
    Column("noted_at", UtcTime, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("opened", Text, nullable=False),
    Column("cited", Integer, nullable=False),
)

seeds = Table(
    "seeds",
    metadata,
    Column("review", ForeignKey("reviews.id"), primary_key=True),
    Column("source", ForeignKey("reviews.id"), nullable=False),
    Column("error", String(40), nullable=False),
    Column("change", Text, nullable=False),
    Column("planted_at", UtcTime, nullable=False),
    Column("found_by", String(200), nullable=False),
    Column("missed_by", String(200), nullable=False),
    Column("revealed_at", UtcTime),
)

notices = Table(
    "notices",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("person", String(200), nullable=False),
    Column("event", String(40), nullable=False),
    Column("review", String(40), nullable=False),
    Column("detail", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("read_at", UtcTime),
    Column("mailed_at", UtcTime),
    Column("attempts", Integer, nullable=False),
    Column("next_try", UtcTime),
    Column("failure", Text, nullable=False),
    Index("notices_of_person", "person", "read_at", "at"),
    Index("notices_to_mail", "mailed_at", "next_try"),
)

versions = Table(
    "versions",
    metadata,
    Column("review", ForeignKey("reviews.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("draft", Text, nullable=False),
    Column("editor", String(200), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("origin", String(20), nullable=False),
    Column("instruction", Text, nullable=False),
    Index("versions_editor", "editor", "review"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("review", ForeignKey("reviews.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("verdict", String(20), nullable=False),
    Column("reviewer", String(200), nullable=False),
    Column("digest", String(71), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("reasons", Text, nullable=False),
)

rechecks = Table(
    "rechecks",
    metadata,
    Column("review", ForeignKey("reviews.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("wording", Integer, nullable=False),
    Column("findings", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

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
)

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
    Index("people_identity", "identity", unique=True),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("owner", String(200), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("folded", Text, nullable=False),
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
