"""Conversations that their owner pinned; a title could be kept before, and now its owner can change it."""

import sqlalchemy as sa
from alembic import op

revision: str = "0013"


down_revision = "0012"


def upgrade() -> None:
    """Add the column. No conversation is pinned at first."""
    op.add_column("conversations", sa.Column("pinned", sa.Boolean(), nullable=False, server_default=sa.false()))
