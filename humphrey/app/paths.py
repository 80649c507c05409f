"""Paths of the data folder and the address of the database."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from humphrey.settings import Settings

if TYPE_CHECKING:
    pass


def database_url(settings: Settings) -> str:
    """Where the database is: as set, or a SQLite file in the data folder."""
    return settings.database_url or f"sqlite:///{settings.data_dir.expanduser().absolute() / 'humphrey.sqlite3'}"


def data_folder(settings: Settings) -> Path:
    """The data folder from the top."""
    return Path(os.path.abspath(settings.data_dir.expanduser()))


def fetched(settings: Settings) -> tuple[Path, ...]:
    """The folders of pages that `sync` fetched, one for each server."""
    return tuple(sorted(each for each in (data_folder(settings) / "sources").glob("*") if each.is_dir()))


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)
