"""Changes of settings, entered in the ledger before the first write of a process.

A process that only reads enters nothing. For a secret the entry says whether it is set, for any other setting it has a
digest.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from humphrey.database.transaction import Transaction
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import OPERATOR

_SUBJECT, _GONE = "settings", "gone"


def record_changes(settings: Mapping[str, str], now: Callable[[], datetime]) -> Callable[[Transaction], None]:
    """Return a function that enters the settings that differ from the last entries; for `Database.before_first_write`.

    Args:
        settings: the settings by name, as `settings.stated` returns them.
        now: the clock.
    """

    def enter(tx: Transaction) -> None:
        known: dict[str, str] = {}
        for entry in ledger_store.entries_about(tx, _SUBJECT):
            if entry.act == "settings:change":
                known.update(entry.detail)
        gone = {name: _GONE for name, said in known.items() if name not in settings and said != _GONE}
        changed = {name: said for name, said in settings.items() if known.get(name) != said}
        if changed or gone:
            ledger_store.enter(tx, OPERATOR, "settings:change", _SUBJECT, {**changed, **gone}, now())

    return enter
