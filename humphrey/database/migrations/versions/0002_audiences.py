"""Who may read a document, which versions there were of it, what was refused, and what else its publisher says of it.

What was held before stays everyone's. Of the versions before today's nobody noted whose they were, so only today's are
known by their documents.
"""


import sqlalchemy as sa
from alembic import op


revision: str = "0002"


down_revision = "0001"


def upgrade() -> None:
    """Add columns and tables."""
    for name in ("reason", "history"):
        op.add_column("documents", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("documents", sa.Column("audience", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("documents", sa.Column("locale", sa.String(length=20), nullable=False, server_default="en"))
    op.add_column("documents", sa.Column("withdrawn_at", sa.Date(), nullable=True))
    op.create_table(
        "editions",
        sa.Column("document", sa.String(length=500), nullable=False),
        sa.Column("version", sa.String(length=71), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["texts.version"]),
        sa.PrimaryKeyConstraint("document", "version"),
    )
    op.execute("INSERT INTO editions (document, version, audience) SELECT id, version, '[]' FROM documents")
    op.create_table(
        "refusals",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("path"),
    )
