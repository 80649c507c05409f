"""Signatures of ledger entries: the entry that each follows, the key and the signature; empty until countersigned."""

import sqlalchemy as sa
from alembic import op

revision: str = "0010"


down_revision = "0009"


def upgrade() -> None:
    """Add the columns, empty; the first start signs what a published head vouches for."""
    for name, kind in (("follows", sa.String(length=71)), ("key", sa.String(length=71)), ("signature", sa.Text())):
        op.add_column("ledger", sa.Column(name, kind, nullable=False, server_default=""))
