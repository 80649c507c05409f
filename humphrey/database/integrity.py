"""The integrity check of a database: what it can check of itself, and what else can be asked without special rights."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from humphrey.database.engine import Database
from humphrey.database.tables.types import metadata

_MOST = 20
"""The most faults that are reported."""


_AMCHECK = """
SELECT count(*) FROM pg_proc WHERE proname = 'bt_index_check' AND pronargs = 1
AND pg_function_is_visible(oid) AND has_function_privilege(oid, 'execute')
"""


_INDEXES = """
SELECT c.oid::regclass::text AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_am a ON a.oid = c.relam
WHERE a.amname = 'btree' AND c.relnamespace = current_schema()::regnamespace AND i.indisvalid AND i.indisready
ORDER BY 1
"""


@dataclass(frozen=True)
class Integrity:
    """The result: what was run, in words, and a sentence for each fault."""

    ran: str
    faults: tuple[str, ...]


def check_integrity(database: Database) -> Integrity:
    """Check a database for damage, in one snapshot; it reads everything once.

    Raises:
        StoreError: the database cannot be read; that is damage too, or it is not there.
    """
    with database.reading() as connection:
        if connection.dialect.name == "sqlite":
            return _of_sqlite(connection)
        return _of_postgresql(connection)


def _of_sqlite(connection: Connection) -> Integrity:
    found = [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST})")]
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_MOST)
    faults = [each for each in found if each != "ok"]
    faults += [f"row {row[1]} of {row[0]} refers to a row of {row[2]} that is not there" for row in orphans]
    return Integrity("integrity_check and foreign_key_check", tuple(faults))


def _of_postgresql(connection: Connection) -> Integrity:
    faults = list(_orphans(connection))
    for table in metadata.sorted_tables:
        # The whole row as text: long values are stored elsewhere and would not be read otherwise.
        connection.execute(text(f'SELECT sum(length(t::text)) FROM "{table.name}" t'))  # noqa: S608 - our own tables
    checksums = connection.execute(text("SHOW data_checksums")).scalar_one()
    ran = f"every row read (data checksums {checksums}), every reference followed"
    if not connection.execute(text(_AMCHECK)).scalar_one():
        return Integrity(
            f"{ran}; the indexes were not checked, as amcheck is not there for this account", tuple(faults)
        )
    names = list(connection.execute(text(_INDEXES)).scalars())
    for name in names:
        # A damaged index ends the transaction, so the first one ends the check, as a StoreError.
        connection.execute(text("SELECT bt_index_check(CAST(:name AS regclass))"), {"name": name})
    return Integrity(f"{ran}, {len(names)} indexes checked with amcheck", tuple(faults))


def _orphans(connection: Connection) -> Iterator[str]:
    """Yield a sentence for each reference whose rows refer to rows that are not there."""
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            own, other = key.parent, key.column
            missing = connection.execute(
                text(
                    f'SELECT count(*) FROM "{table.name}" a LEFT JOIN "{other.table.name}" b '  # noqa: S608 - ours
                    f'ON a."{own.name}" = b."{other.name}" '
                    f'WHERE a."{own.name}" IS NOT NULL AND b."{other.name}" IS NULL'
                )
            ).scalar_one()
            if missing:
                yield f"{missing} rows of {table.name} refer to rows of {other.table.name} that are not there"
