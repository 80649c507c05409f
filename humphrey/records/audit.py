"""Audit: the ledger's entries, its published heads, and a check of the whole record, for auditors.

The auditor's role is checked on every call. One check runs at a time, in its own thread; every auditor sees its result
until the next check starts.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from humphrey.accounts.roles import require
from humphrey.accounts.service import Accounts
from humphrey.database.engine import Database
from humphrey.errors import HumphreyError
from humphrey.ledger import store as ledger_store
from humphrey.ledger.heads import StoredHead
from humphrey.ledger.model import Entry, EntryFilter
from humphrey.ledger.publishing import Publisher
from humphrey.records.verification.service import Verdict, Verification

PAGE_SIZE = 100
"""The number of entries on one page."""


logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class LedgerPage:
    """A page of entries, newest first; `older` is the `before` of the next page, None on the last one."""

    entries: Sequence[Entry]
    total: int
    older: int | None


@dataclass(frozen=True)
class RecordCheck:
    """A check of the whole record: who started it and when, its progress, and its verdict or the reason it failed."""

    by: str
    began: datetime
    done: int = 0
    total: int = 0
    verdict: Verdict | None = None
    trouble: str = ""

    @property
    def over(self) -> bool:
        """Whether the check has ended."""
        return self.verdict is not None or bool(self.trouble)


class Audit:
    """The auditors' service.

    Args:
        database: the database of the record.
        people: the accounts, for the auditor's role.
        verifying: the verification of the record.
        publishing: the publisher of the head.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        people: Accounts,
        verifying: Verification,
        publishing: Publisher,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._people = people
        self._verifying = verifying
        self._publishing = publishing
        self._now = now
        self._check: RecordCheck | None = None
        self._changing = threading.Lock()

    def page(self, auditor: str, sought: EntryFilter, before: int | None = None) -> LedgerPage:
        """Return the newest entries that match, or those before number `before`.

        Raises:
            IdentityError: the auditor is unknown or disabled.
            NotPermitted: the user is not an auditor.
        """
        self._require(auditor)
        found = ledger_store.find_entries(self._database, sought, PAGE_SIZE + 1, before)
        shown = found[:PAGE_SIZE]
        return LedgerPage(
            shown, ledger_store.count_entries(self._database, sought), shown[-1].n if len(found) > PAGE_SIZE else None
        )

    def all_entries(self, auditor: str, sought: EntryFilter) -> Iterator[Entry]:
        """Return every entry that matches, oldest first. Raises as `page`, before the first entry is read."""
        self._require(auditor)
        return ledger_store.all_entries(self._database, sought)

    def published(self, auditor: str) -> StoredHead | None:
        """Return the head that was signed last, with the places it was published to; raises as `page`."""
        self._require(auditor)
        return ledger_store.latest_head(self._database)

    @property
    def places(self) -> tuple[str, ...]:
        """Return the names of the places where heads are published."""
        return self._publishing.targets

    def warnings(self) -> list[str]:
        """Return faults in publishing that do not stop humphrey but need a person, one sentence each."""
        try:
            said = self._publishing.problem(self._now())
        except HumphreyError as error:
            said = str(error)
        return [said] if said else []

    def check(self, auditor: str) -> RecordCheck | None:
        """Return the check that was started last; None if none since the start of humphrey. Raises as `page`."""
        self._require(auditor)
        return self._check

    def start_check(self, auditor: str) -> RecordCheck:
        """Start a check, or return the one that is running; raises as `page`."""
        self._require(auditor)
        with self._changing:
            if self._check is None or self._check.over:
                self._check = RecordCheck(
                    auditor, self._now(), total=ledger_store.count_entries(self._database, EntryFilter())
                )
                threading.Thread(target=self._run, args=(self._check,), name="record-check", daemon=True).start()
            return self._check

    def _run(self, check: RecordCheck) -> None:
        try:
            self._check = replace(check, verdict=self._verifying.verify(progress=self._report_progress))
        except HumphreyError as error:
            self._check = replace(check, trouble=str(error))
        except Exception:
            logger.exception("record_check_failed")
            self._check = replace(check, trouble="something went wrong on our side; tell the humphrey administrator")

    def _report_progress(self, done: int, total: int) -> None:
        if self._check is not None:
            self._check = replace(self._check, done=done, total=total)

    def _require(self, name: str) -> None:
        require(self._people.person(name), "audit")
