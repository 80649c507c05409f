"""What is remembered of fetched pages between runs, and of a run that was stopped before its end."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from humphrey.database.engine import Database, rows
from humphrey.database.tables.guidance import fetch_runs, fetches
from humphrey.database.transaction import Transaction
from humphrey.guidance.sync.model import PageState, Validators


def fetched_pages(database: Database, base: str) -> dict[str, PageState]:
    """What is remembered of every page of a server, by its path."""
    with database.reading() as connection:
        found = rows(connection, select(fetches).where(fetches.c.base == base))
    return {row.path: _remembered(row) for row in found}


def interrupted_run(database: Database, base: str, since: datetime) -> datetime | None:
    """When the latest run began, if it began after `since` and never came to its end."""
    latest = select(fetch_runs).where(fetch_runs.c.base == base).order_by(fetch_runs.c.began_at.desc()).limit(1)
    with database.reading() as connection:
        found = rows(connection, latest)
    if not found or found[0].finished_at is not None or found[0].began_at < since:
        return None
    began: datetime = found[0].began_at
    return began


def last_fetched(database: Database) -> datetime | None:
    """When the latest run of any server came to its end; None where none did."""
    with database.reading() as connection:
        latest: datetime | None = connection.execute(select(func.max(fetch_runs.c.finished_at))).scalar()
    return latest


def begin_run(tx: Transaction, base: str, at: datetime) -> None:
    """A run begins; older ones are not gone on with any more."""
    tx.connection.execute(delete(fetch_runs).where(fetch_runs.c.base == base))
    tx.connection.execute(insert(fetch_runs).values(base=base, began_at=at))


def finish_run(tx: Transaction, base: str, at: datetime) -> None:
    """The run came to its end."""
    tx.connection.execute(update(fetch_runs).where(fetch_runs.c.base == base).values(finished_at=at))


def save_page(tx: Transaction, base: str, page: PageState) -> None:
    """Remember a page, instead of what was remembered of it."""
    forget_page(tx, base, page.path)
    given = page.validators
    tx.connection.execute(
        insert(fetches).values(
            base=base,
            path=page.path,
            title=page.title,
            outcome=page.outcome,
            detail=page.detail,
            etag=given.etag,
            modified=given.modified,
            digest=page.digest,
            checked_at=page.checked_at,
        )
    )


def forget_page(tx: Transaction, base: str, path: str) -> None:
    """Remember a page no longer."""
    tx.connection.execute(delete(fetches).where(fetches.c.base == base, fetches.c.path == path))


def _remembered(row: Row[Any]) -> PageState:
    given = Validators(row.etag, row.modified)
    return PageState(row.path, row.title, row.outcome, row.detail, given, row.digest, row.checked_at)
