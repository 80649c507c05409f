"""SQL of sync: the states of fetched pages between runs, and interrupted runs."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from humphrey.database.engine import Database, rows
from humphrey.database.tables.guidance import fetch_runs, fetches
from humphrey.database.transaction import Transaction
from humphrey.guidance.sync.model import PageState, Validators


def fetched_pages(database: Database, base: str) -> dict[str, PageState]:
    """Return the state of every page of a server, by path."""
    with database.reading() as connection:
        found = rows(connection, select(fetches).where(fetches.c.base == base))
    return {row.path: _remembered(row) for row in found}


def interrupted_run(database: Database, base: str, since: datetime) -> datetime | None:
    """Return when the latest run began, if it began after `since` and did not finish."""
    latest = select(fetch_runs).where(fetch_runs.c.base == base).order_by(fetch_runs.c.began_at.desc()).limit(1)
    with database.reading() as connection:
        found = rows(connection, latest)
    if not found or found[0].finished_at is not None or found[0].began_at < since:
        return None
    began: datetime = found[0].began_at
    return began


def last_fetched(database: Database) -> datetime | None:
    """Return when the latest run of any server finished; None if none did."""
    with database.reading() as connection:
        latest: datetime | None = connection.execute(select(func.max(fetch_runs.c.finished_at))).scalar()
    return latest


def begin_run(tx: Transaction, base: str, at: datetime) -> None:
    """Start a run; earlier runs are not continued any more."""
    tx.connection.execute(delete(fetch_runs).where(fetch_runs.c.base == base))
    tx.connection.execute(insert(fetch_runs).values(base=base, began_at=at))


def finish_run(tx: Transaction, base: str, at: datetime) -> None:
    """Mark the run as finished."""
    tx.connection.execute(update(fetch_runs).where(fetch_runs.c.base == base).values(finished_at=at))


def save_page(tx: Transaction, base: str, page: PageState) -> None:
    """Save the state of a page, in place of an earlier one."""
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
    """Delete the state of a page."""
    tx.connection.execute(delete(fetches).where(fetches.c.base == base, fetches.c.path == path))


def _remembered(row: Row[Any]) -> PageState:
    given = Validators(row.etag, row.modified)
    return PageState(row.path, row.title, row.outcome, row.detail, given, row.digest, row.checked_at)
