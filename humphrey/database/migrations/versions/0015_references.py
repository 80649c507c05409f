"""Short references of reviews (H26-00142), and people's own names; reviews held get theirs in order of opening."""

from collections import Counter
from datetime import UTC
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op
from humphrey.database.tables.types import UtcTime

revision: str = "0015"


down_revision = "0014"


_LONDON = ZoneInfo("Europe/London")


def upgrade() -> None:
    """Add the columns and the counters, and number what is held."""
    op.add_column("people", sa.Column("own_name", sa.String(200), nullable=False, server_default=""))
    op.add_column("reviews", sa.Column("reference", sa.String(20), nullable=False, server_default=""))
    counters = op.create_table(
        "reference_counters",
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
    )
    connection, last = op.get_bind(), Counter[int]()
    reviews = sa.table("reviews", sa.column("id"), sa.column("opened_at", UtcTime), sa.column("reference"))
    held = sa.select(reviews.c.id, reviews.c.opened_at).order_by(reviews.c.opened_at, reviews.c.id)
    for review, opened in connection.execute(held).all():
        year = opened.replace(tzinfo=opened.tzinfo or UTC).astimezone(_LONDON).year
        last[year] += 1
        given = reviews.update().where(reviews.c.id == review)
        connection.execute(given.values(reference=f"H{year % 100:02}-{last[year]:05}"))
    if last:
        op.bulk_insert(counters, [{"year": year, "last": n} for year, n in last.items()])
    op.create_index("reviews_reference", "reviews", ["reference"], unique=True)
