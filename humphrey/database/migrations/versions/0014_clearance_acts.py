"""Acts of the desk: wished days, deferrals, doors and moments of decisions, and ratings."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from humphrey.database.tables.types import UtcTime

revision: str = "0014"


down_revision = "0013"


def upgrade() -> None:
    """Add the columns and tables, empty: of older decisions no door, finding or moment is known."""
    for name in ("wished", "deferred_until"):
        op.add_column("reviews", sa.Column(name, sa.Date()))
    op.add_column("decisions", sa.Column("door", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("decisions", sa.Column("acknowledged", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("decisions", sa.Column("held_until", UtcTime()))
    _add("deferrals", sa.Column("reason", sa.Text(), nullable=False), sa.Column("until", sa.Date(), nullable=False))
    texts = [sa.Column(name, sa.Text(), nullable=False) for name in ("sentences", "citations")]
    _add("ratings", sa.Column("wording", sa.Integer(), nullable=False), *texts)


def _add(table: str, *columns: "sa.Column[Any]") -> None:
    """Add a table of what people did to a review, numbered in order."""
    op.create_table(
        table,
        sa.Column("review", sa.String(length=40), sa.ForeignKey("reviews.id"), primary_key=True),
        sa.Column("n", sa.Integer(), primary_key=True),
        sa.Column("by", sa.String(length=200), nullable=False),
        *columns,
        sa.Column("at", UtcTime(), nullable=False),
    )
