"""Paths of the data folder, the address of the database, and the clock."""

import os
from datetime import UTC, datetime
from pathlib import Path

from humphrey.settings import Settings


def database_url(settings: Settings) -> str:
    """Return the address of the database: the setting, or a SQLite file in the data folder."""
    return settings.database_url or f"sqlite:///{settings.data_dir.expanduser().absolute() / 'humphrey.sqlite3'}"


def data_folder(settings: Settings) -> Path:
    """Return the absolute path of the data folder."""
    return Path(os.path.abspath(settings.data_dir.expanduser()))


def models_folder(settings: Settings) -> Path:
    """Return the folder of the models that were fetched, each in a folder by its name."""
    return data_folder(settings) / "models"


def fetched_folders(settings: Settings) -> tuple[Path, ...]:
    """Return the folders of pages that `sync` fetched, one for each server."""
    return tuple(sorted(each for each in (data_folder(settings) / "sources").glob("*") if each.is_dir()))


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)
