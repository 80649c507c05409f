"""Version of the tables, and the migrations to the newest one.

Alembic is imported only if a migration is missing: opening a database that is up to date costs one query.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from humphrey.database.tables import (  # noqa: F401 - importing them adds their tables to the metadata
    accounts,
    clearance,
    conversations,
    delivery,
    guidance,
    ledger,
    records,
    usage,
)

HEAD = "0015"
"""The newest migration in `humphrey/migrations/versions`; they are numbered, so that newer compares greater."""


_MIGRATIONS = Path(__file__).parent / "migrations"


def schema_version(connection: Connection) -> str:
    """Return the newest migration applied to a database; empty for a database without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def migrate(connection: Connection) -> None:
    """Run the missing migrations inside the transaction of `connection`, which must be alone."""
    from alembic import command
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    settings.attributes["connection"] = connection
    command.upgrade(settings, HEAD)
