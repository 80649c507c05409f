"""The words that conversations are found by, folded again: "Łukasz" is also found as "Lukasz"."""


import sqlalchemy as sa
from alembic import op
from humphrey.text.sentences import folded


revision: str = "0011"


down_revision = "0010"


def upgrade() -> None:
    """Fold the stored words again; what is folded already stays as it is."""
    connection = op.get_bind()
    for name in ("conversations", "exchanges"):
        table = sa.table(name, sa.column("id"), sa.column("folded"))
        # One at a time: answers are long, and there may be many.
        for (row,) in connection.execute(sa.select(table.c.id)).all():
            there = table.c.id == row
            before = connection.execute(sa.select(table.c.folded).where(there)).scalar_one()
            if (now := folded(before)) != before:
                connection.execute(table.update().where(there).values(folded=now))


def downgrade() -> None:
    """Leave the words as they are: earlier versions find them by the same letters of a keyboard."""
