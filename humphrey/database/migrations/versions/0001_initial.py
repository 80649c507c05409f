"""The first tables: guidance, reviews with their wordings and rulings, outbox, ledger, people, conversations.

Times are plain here and aware in `humphrey.database.tables.types`; a migration says what was, so it imports no table of today.
"""


import sqlalchemy as sa
from alembic import op


revision: str = "0001"


down_revision = None


def upgrade() -> None:
    """Make the tables."""
    _guidance()
    _reviews()
    _record()
    _people()
    _conversations()


def _guidance() -> None:
    """What is known."""
    op.create_table(
        "texts",
        sa.Column("version", sa.String(length=71), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("headings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.String(length=500), nullable=False),
        sa.Column("version", sa.String(length=71), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("updated", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("replaced_by", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.String(length=71), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.Column("taken_in", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["texts.version"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_documents_path", "documents", ["path"], unique=False)
    op.create_table(
        "passages",
        sa.Column("document", sa.String(length=500), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=71), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document", "n"),
    )


def _reviews() -> None:
    """What is cleared."""
    op.create_table(
        "reviews",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("outlet", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("marking", sa.String(length=200), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_reviews_asked_by", "reviews", ["asked_by"], unique=False)
    op.create_index("ix_reviews_opened_at", "reviews", ["opened_at"], unique=False)
    op.create_index("ix_reviews_recipient", "reviews", ["recipient"], unique=False)
    op.create_index("ix_reviews_state", "reviews", ["state"], unique=False)
    op.create_table(
        "versions",
        sa.Column("review", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("editor", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["review"], ["reviews.id"]),
        sa.PrimaryKeyConstraint("review", "n"),
    )
    op.create_table(
        "decisions",
        sa.Column("review", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("reviewer", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=71), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["review"], ["reviews.id"]),
        sa.PrimaryKeyConstraint("review", "n"),
    )


def _record() -> None:
    """What leaves, and what was done."""
    op.create_table(
        "outbox",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("review", sa.String(length=40), nullable=False),
        sa.Column("outlet", sa.String(length=40), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["review"], ["reviews.id"]),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_outbox_review", "outbox", ["review"], unique=False)
    op.create_index("outbox_waiting", "outbox", ["outlet", "delivered_at", "next_try"], unique=False)
    op.create_table(
        "ledger",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=71), nullable=False),
        sa.Column("seal", sa.String(length=71), nullable=False),
        sa.PrimaryKeyConstraint("n"),
        sa.UniqueConstraint("seal"),
    )
    op.create_index("ix_ledger_subject", "ledger", ["subject"], unique=False)


def _people() -> None:
    """Who there is."""
    op.create_table(
        "people",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_digest", sa.String(length=71), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("token_digest"),
    )
    op.create_index("ix_sessions_person", "sessions", ["person"], unique=False)
    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sign_in_failures_at", "sign_in_failures", ["at"], unique=False)


def _conversations() -> None:
    """What was asked."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latest_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_conversations_owner", "conversations", ["owner"], unique=False)
    op.create_table(
        "exchanges",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("conversation", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("review", sa.String(length=40), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"]),
        sa.ForeignKeyConstraint(["review"], ["reviews.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_exchanges_conversation", "exchanges", ["conversation"], unique=False)
