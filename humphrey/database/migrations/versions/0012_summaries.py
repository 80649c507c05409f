"""What a document sums up, if it is a summary, and the date of that; empty until documents are read again."""

import sqlalchemy as sa
from alembic import op

revision: str = "0012"


down_revision = "0011"


def upgrade() -> None:
    """Add the columns. An empty column changes no digest of a document's row."""
    for name in ("original", "original_date"):
        op.add_column("documents", sa.Column(name, sa.Text(), nullable=False, server_default=""))
