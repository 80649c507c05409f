"""Files given to conversations, what people think of drafts, questions asked again, and words to find them all by."""


import json
import sqlalchemy as sa
from alembic import op
from humphrey.text.sentences import folded


revision: str = "0004"


down_revision = "0003"


def upgrade() -> None:
    """Add columns and tables, and fold the words of what is there."""
    for table in ("conversations", "exchanges"):
        op.add_column(table, sa.Column("folded", sa.Text(), nullable=False, server_default=""))
    op.add_column("exchanges", sa.Column("replaced", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "feedback",
        sa.Column("exchange", sa.String(length=40), nullable=False),
        sa.Column("good", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["exchange"], ["exchanges.id"]),
        sa.PrimaryKeyConstraint("exchange"),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("conversation", sa.String(length=40), nullable=False),
        sa.Column("document", sa.String(length=500), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=71), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"]),
        sa.ForeignKeyConstraint(["document"], ["documents.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document"),
    )
    op.create_index("ix_attachments_conversation", "attachments", ["conversation"])
    _fold()


def _fold() -> None:
    connection = op.get_bind()
    conversations = sa.table("conversations", sa.column("id"), sa.column("title"), sa.column("folded"))
    exchanges = sa.table(
        "exchanges", sa.column("id"), sa.column("question"), sa.column("draft"), sa.column("folded")
    )
    for row in connection.execute(sa.select(conversations.c.id, conversations.c.title)).all():
        there = conversations.c.id == row.id
        connection.execute(conversations.update().where(there).values(folded=folded(row.title)))
    # One at a time: drafts are long, and there may be many.
    for (exchange,) in connection.execute(sa.select(exchanges.c.id)).all():
        there = exchanges.c.id == exchange
        row = connection.execute(sa.select(exchanges.c.question, exchanges.c.draft).where(there)).one()
        words = folded(f"{row.question} {_answer(row.draft)}")
        connection.execute(exchanges.update().where(there).values(folded=words))


def _answer(draft: str) -> str:
    """The words of a stored draft; none of one that was damaged, which a migration cannot mend."""
    try:
        return str(json.loads(draft)["text"])
    except (ValueError, KeyError, TypeError):
        return ""
