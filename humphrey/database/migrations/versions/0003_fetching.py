"""What is remembered of fetched pages between runs, and what checks found when they ran again on a stored draft."""


import sqlalchemy as sa
from alembic import op


revision: str = "0003"


down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "fetches",
        sa.Column("base", sa.String(length=300), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("modified", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=71), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("base", "path"),
    )
    op.create_table(
        "fetch_runs",
        sa.Column("base", sa.String(length=300), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("base", "began_at"),
    )
    op.create_table(
        "rechecks",
        sa.Column("review", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["review"], ["reviews.id"]),
        sa.PrimaryKeyConstraint("review", "n"),
    )
