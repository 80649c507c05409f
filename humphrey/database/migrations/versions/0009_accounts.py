"""Accounts: who gave a password, the browsers that signed in, turns of strangers, and an index of acts."""

import sqlalchemy as sa
from alembic import op

revision: str = "0009"


down_revision = "0008"


_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns and tables. Passwords of before count as their owners' own."""
    given = sa.Column("password_given_by", sa.String(length=200), nullable=False, server_default="")
    op.add_column("people", given)
    op.create_table(
        "known_browsers",
        sa.Column("secret_digest", sa.String(length=71), primary_key=True),
        sa.Column("person", sa.String(length=200), primary_key=True),
        sa.Column("seen_at", _TIME, nullable=False),
    )
    op.create_index("ix_known_browsers_person", "known_browsers", ["person"])
    op.create_table(
        "sign_in_turns",
        sa.Column("name", sa.String(length=200), primary_key=True),
        sa.Column("address", sa.String(length=100), primary_key=True),
        sa.Column("due_at", _TIME, nullable=False),
    )
    op.create_index("ledger_acts", "ledger", ["act", "at"])
