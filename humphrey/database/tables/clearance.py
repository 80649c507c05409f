"""Tables of clearance: reviews and their parts, deferrals, ratings, spot checks and notifications."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from humphrey.database.tables.types import UtcTime, metadata

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
    Column("wished", Date),
    Column("deferred_until", Date),
    Column("reference", String(20), nullable=False, server_default=""),
    Index("reviews_reference", "reference", unique=True),
    Index("reviews_queue", "state", "due", "opened_at"),
    # All that the queue counts by, in the order it groups by, so that counting touches no table.
    Index(
        *("reviews_counted", "state", "kind", "readers", "classification", "due", "claimed_until"),
        *("claimed_by", "asked_by", "id", "outlet", "opened_at"),
    ),
)


reference_counters = Table(
    "reference_counters",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
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
    Column("door", String(20), nullable=False),
    Column("acknowledged", Text, nullable=False),
    Column("held_until", UtcTime),
)


deferrals = Table(
    "deferrals",
    metadata,
    Column("review", ForeignKey("reviews.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("until", Date, nullable=False),
    Column("at", UtcTime, nullable=False),
)


ratings = Table(
    "ratings",
    metadata,
    Column("review", ForeignKey("reviews.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("by", String(200), nullable=False),
    Column("wording", Integer, nullable=False),
    Column("sentences", Text, nullable=False),
    Column("citations", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
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
