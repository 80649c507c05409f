"""Disposal by real processes: killed anywhere it is gone on with, and two at once do no harm. On PostgreSQL too."""

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from humphrey.records.retention import store as retention_store
from humphrey.records.retention.model import Periods
from humphrey.records.retention.service import Retention
from humphrey.records.verification import store as verification_store
from humphrey.records.verification.model import faults_of
from tests.support.processes import Popen
from tests.support.records_office import Clock, Office

ROOT = Path(__file__).parents[2]


SECRET = "Zanzibar quotas for pilchards"


REVIEWS = 12


def filled(office: Office, clock: Clock, reviews: int) -> list[str]:
    """So many delivered reviews whose time is over today, and which were announced long ago."""
    clock.now = datetime.now(UTC) - timedelta(days=140)
    ids = [office.delivered(f"What is said of {SECRET} in {n}?", "file").id for n in range(reviews)]
    clock.now += timedelta(days=100)
    assert retaining(office).warn(clock()) == reviews
    clock.now = datetime.now(UTC)
    return ids


def retaining(office: Office) -> Retention:
    periods = Periods({"answer": {"": 100}}, warn_days=30)
    return Retention(office.database, office.people, periods, ("answer",), office.drop, lambda _id: None, office.now)


def whole(office: Office, ids: list[str]) -> None:
    """Every review is disposed of once, and the record fits."""
    assert all(office.desk.clearance.review(each).draft.text.startswith("Words disposed of") for each in ids)
    entries = list(ledger_store.entries(office.database))
    assert first_broken(entries) is None
    assert sorted(entry.subject for entry in entries if entry.act == "content:dispose") == sorted(ids)
    assert retention_store.unscrubbed_parts(office.database) == []
    with verification_store.snapshot(office.database) as moment:
        assert [fault for each in moment.reviews() for fault in faults_of(each, office.now())] == []


def disposing() -> Popen:
    words = [sys.executable, "-m", "humphrey", "retention", "dispose", "--as", "sam"]
    return Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def entries_in(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "humphrey.sqlite3", timeout=30)) as connection:
        return int(connection.execute("SELECT count(*) FROM ledger").fetchone()[0])


@pytest.fixture
def office_in_a_folder(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    periods = tmp_path / "periods.yaml"
    periods.write_text("answer: 100\n", encoding="utf-8")
    monkeypatch.setenv("HUMPHREY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("HUMPHREY_RETENTION__PERIODS", str(periods))
    office = Office(tmp_path, clock, f"sqlite:///{tmp_path / 'humphrey.sqlite3'}")
    yield office
    office.database.close()


def test_a_disposal_that_is_killed_anywhere_is_gone_on_with(office_in_a_folder, clock, tmp_path):
    office = office_in_a_folder
    ids = filled(office, clock, REVIEWS)
    released = tmp_path / "released"
    released.mkdir()
    for each in ids:
        (released / f"{each}.md").write_text(SECRET, encoding="utf-8")
    begun = entries_in(tmp_path)
    # Soon after the first, and just before the last.
    for goal in (1, REVIEWS - 1):
        process = disposing()
        while process.poll() is None and entries_in(tmp_path) < begun + goal:
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.communicate()

    output, errors = disposing().communicate(timeout=60)

    assert b"disposed of" in output, errors
    whole(office, ids)
    assert list(released.iterdir()) == []
    assert SECRET.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("humphrey.sqlite3*"))


def test_two_processes_at_once_dispose_of_each_text_once(office_in_a_folder, clock, tmp_path):
    office = office_in_a_folder
    ids = filled(office, clock, REVIEWS)

    both = [disposing(), disposing()]
    done = [process.communicate(timeout=60) for process in both]

    assert sum(int(output.split()[0]) for output, _ in done) == REVIEWS, done
    whole(office, ids)


def test_postgresql_forgets_as_sqlite_does(tmp_path, clock, postgres):
    office = Office(tmp_path, clock, postgres())
    ids = filled(office, clock, 3)
    held = retaining(office).place("sam", "person", "david", "For the inquiry.")

    assert retaining(office).dispose_due(clock()) == 3
    assert retaining(office).holds("sam") == [held]
    whole(office, ids)
    office.database.close()
