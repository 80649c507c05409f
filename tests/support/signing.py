"""The signing of entries as the app sets it up, with keys in a folder beside the database."""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from humphrey.database.engine import Database
from humphrey.ledger import store as ledger_store
from humphrey.ledger.entry_keys import EntryKeys
from humphrey.ledger.signing import Ed25519Keys, verify


def wall_clock() -> datetime:
    return datetime.now(UTC)


def sign_entries(database: Database, folder: Path | None = None, now: Callable[[], datetime] = wall_clock) -> EntryKeys:
    """Have a database sign its entries from now on, unless it does already; return its keys."""
    if isinstance(database.signatures, EntryKeys):
        return database.signatures
    place = folder or _beside(database.where)
    keys = EntryKeys(Ed25519Keys(place, None), place, verify, now)
    if not keys.signers():
        with database.transaction_without_first_act() as tx:
            end = ledger_store.end_of_ledger(tx)
            keys.begin(end[0] + 1 if end else 1)
    database.signatures = keys
    return keys


@cache
def _beside(where: str) -> Path:
    if Path(where).is_absolute():
        return Path(where).parent / "keys"
    return Path(tempfile.mkdtemp(prefix="humphrey-keys-"))
