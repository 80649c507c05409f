"""Change bytes of the stored data one at a time: nothing altered is delivered, and a check or a delivery names it.

Each change is made in a copy of one database with reviews in every state, published heads, and a release in the outbox.
Then the record is verified, and the outbox is delivered. `python -m evals.proofs alter --changes 4000`.
"""

import argparse
import json
import random
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from evals.proofs.scene import FIRST_WORDING, LIFE, asking, furnish, joined, wall_clock
from humphrey.accounts.model import Person
from humphrey.app.container import Humphrey
from humphrey.clearance.gate import Release
from humphrey.delivery.model import Receipt
from humphrey.delivery.outbox import Outbox
from humphrey.digests import digest_of
from humphrey.errors import HumphreyError
from humphrey.ledger.entry_memory import MEMORY
from humphrey.settings import RecordSettings

TABLES = (
    *("versions", "decisions", "comments", "reviews", "review_sources", "readers", "outbox", "ledger", "heads"),
    *("deferrals", "ratings"),
    *("documents", "editions", "people"),
)


WORKING = frozenset(
    {
        ("outbox", "attempts"),
        ("outbox", "next_try"),
        ("outbox", "failure"),
        ("reviews", "revision"),
        ("documents", "path"),
        ("documents", "file_digest"),
        ("documents", "passages"),
        ("documents", "taken_in"),
        ("people", "added_at"),
    }
)
"""Columns that change without an entry.

They say when a delivery is tried again, how often a review changed, where a document lies, or when an account was
added.
"""


_PEOPLE = (
    Person("ada", ("official",)),
    Person("bea", ("reviewer",)),
    Person("cai", ("reviewer",)),
)


_PRINTABLE = range(0x20, 0x7F)


@dataclass(frozen=True)
class Place:
    """One value of one row."""

    table: str
    row: int
    column: str
    value: bytes | str | int | float


@dataclass
class Result:
    """The result of the changes: how many by table, what noticed them, what did not, and which altered texts left.

    `same` counts changes that leave a time equal: a database accepts any character between day and hour.
    """

    changes: Counter[str] = field(default_factory=Counter)
    noticed: Counter[str] = field(default_factory=Counter)
    working: Counter[str] = field(default_factory=Counter)
    same: int = 0
    unnoticed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def breaches(self) -> list[str]:
        """Return everything that should not have happened."""
        return [*self.unnoticed, *self.left]


def prove(folder: Path, changes: int, seed: int) -> Result:
    """Change random bytes, the same for the same seed, spread evenly over tables and columns."""
    humphrey = _scene(folder)
    database, result = folder / "humphrey.sqlite3", Result()
    try:
        with closing(sqlite3.connect(":memory:")) as pristine:
            _copy(database, pristine)
            memory = (folder / "keys" / MEMORY).read_bytes()
            due = _delivered(humphrey)
            for place, changed in _changes(pristine, changes, random.Random(seed)):  # noqa: S311 - a sample, no secret
                _restore(pristine, database)
                (folder / "keys" / MEMORY).write_bytes(memory)
                if _same_time(place.value, changed):
                    result.same += 1
                elif _put(database, place, changed):
                    _judge(humphrey, place, due, result)
    finally:
        humphrey.close()
    return result


def _scene(folder: Path) -> Humphrey:
    """Prepare reviews in every state, publish the head of their record, and leave one release in the outbox."""
    humphrey = joined(folder)
    record = RecordSettings(publish_file=folder / "heads.jsonl")
    humphrey = replace(humphrey, settings=humphrey.settings.model_copy(update={"record": record}))
    furnish(humphrey, _PEOPLE)
    clearance, assignment = humphrey.clearance, humphrey.assignment
    sent, returned, refused, claimed, amended, waits = (
        clearance.take(asking("ada", about=f"no. {n}")) for n in range(6)
    )
    assignment.claim(sent.id, "bea")
    assignment.comment(sent.id, "bea", "Is this the newest of our notes?")
    clearance.decide(sent.id, "approve", "bea", sent.draft.digest)
    Outbox(humphrey.database, LIFE, wall_clock).deliver("web", _receipt)
    clearance.decide(returned.id, "return", "cai", returned.draft.digest, "Say which law it is.", ("unclear",))
    clearance.decide(
        refused.id, "refuse", "bea", refused.draft.digest, "Another office answers.", ("not_ours", "other")
    )
    assignment.defer(claimed.id, "bea", wall_clock().date() + timedelta(days=3), "Counsel is asked.")
    humphrey.ratings.rate(claimed.id, "bea", claimed.draft.digest, {1: "partly"}, {"1": "good"})
    assignment.hand_over(claimed.id, "bea", "cai")
    other = clearance.amend(amended.id, f"{FIRST_WORDING} Ask early.", "bea")
    clearance.decide(amended.id, "approve", "cai", other.draft.digest)
    clearance.decide(waits.id, "approve", "cai", waits.draft.digest)
    humphrey.publisher.publish_now(assignment.claim(claimed.id, "cai").opened)
    return humphrey


def _receipt(release: Release) -> Receipt:
    return Receipt(f"shown to {release.recipient}", digest_of(release.text.encode()))


def _copy(database: Path, pristine: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(database)) as source:
        source.backup(pristine)


def _restore(pristine: sqlite3.Connection, database: Path) -> None:
    with closing(sqlite3.connect(database, timeout=30)) as target:
        target.execute("PRAGMA synchronous = OFF")
        pristine.backup(target)


def _changes(pristine: sqlite3.Connection, count: int, chance: random.Random) -> Iterator[tuple[Place, object]]:
    """Yield changed values: every column in turn, with a random row and a random byte of it."""
    columns: dict[tuple[str, str], list[Place]] = {}
    for place in _places(pristine):
        columns.setdefault((place.table, place.column), []).append(place)
    for n in range(count):
        places = columns[sorted(columns)[n % len(columns)]]
        place = chance.choice(places)
        yield place, _altered(place.value, chance)


def _places(pristine: sqlite3.Connection) -> Iterator[Place]:
    for table in TABLES:
        found = pristine.execute(f'SELECT rowid, * FROM "{table}"')  # noqa: S608 - the names above
        names = [column[0] for column in found.description]
        for row in found:
            for name, value in zip(names[1:], row[1:], strict=True):
                if value not in {None, ""}:
                    yield Place(table, row[0], name, value)


def _altered(value: bytes | str | int | float, chance: random.Random) -> object:
    """Return the value with one byte changed: a letter into another letter, a digit into another digit."""
    if isinstance(value, int | float):
        return int(value) ^ (1 << chance.randrange(8))
    written = bytearray(value.encode() if isinstance(value, str) else value)
    at = chance.randrange(len(written))
    written[at] = chance.choice([byte for byte in _PRINTABLE if byte != written[at]])
    return bytes(written)


def _same_time(value: object, changed: object) -> bool:
    if not isinstance(value, str) or not isinstance(changed, bytes):
        return False
    try:
        return datetime.fromisoformat(value) == datetime.fromisoformat(changed.decode())
    except ValueError:
        return False


def _put(database: Path, place: Place, changed: object) -> bool:
    """Write a value past humphrey; return False if another row has it already and the database refuses it."""
    value = "CAST(? AS TEXT)" if isinstance(changed, bytes) else "?"
    with closing(sqlite3.connect(database, timeout=30)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        statement = f'UPDATE OR IGNORE "{place.table}" SET "{place.column}" = {value} WHERE rowid = ?'  # noqa: S608
        return connection.execute(statement, (changed, place.row)).rowcount == 1


def _judge(humphrey: Humphrey, place: Place, due: Mapping[str, tuple[str, str]], result: Result) -> None:
    where = f"{place.table}.{place.column} of row {place.row} ({str(place.value)[:40]!r})"
    result.changes[place.table] += 1
    named = _named(humphrey)
    for key, what in _delivered(humphrey).items():
        if due.get(key) != what:
            result.left.append(f"{where}: {key} left as nobody approved it")
    if named:
        result.noticed["check"] += 1
    elif (place.table, place.column) in WORKING:
        result.working[f"{place.table}.{place.column}"] += 1
    elif _withheld(humphrey):
        result.noticed["delivery"] += 1
    else:
        result.unnoticed.append(f"{where} was changed, and nothing noticed")


def _named(humphrey: Humphrey) -> bool:
    """Return whether verification names a fault, or reports that it cannot read the stored data."""
    try:
        return not humphrey.verification.verify().ok
    except HumphreyError:
        return True


def _delivered(humphrey: Humphrey) -> dict[str, tuple[str, str]]:
    """Return what leaves now, by its key: the words, and the recipient."""
    left: dict[str, tuple[str, str]] = {}

    def send(release: Release) -> Receipt:
        left[release.key] = (release.text, release.recipient)
        return _receipt(release)

    with _readable():
        for outlet in ("web", "file", "email"):
            Outbox(humphrey.database, LIFE, wall_clock).deliver(outlet, send)
    return left


def _withheld(humphrey: Humphrey) -> bool:
    with humphrey.database.reading() as connection:
        waiting = "SELECT count(*) FROM outbox WHERE set_aside_at IS NOT NULL OR failure <> ''"
        return bool(connection.exec_driver_sql(waiting).scalar())


@contextmanager
def _readable() -> Iterator[None]:
    """Deliver nothing from a database that cannot be read, and say so."""
    try:
        yield
    except HumphreyError:
        return


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--changes", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the counts; exit with 1 if anything did not hold."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        result = prove(Path(folder), asked.changes, asked.seed)
    shown = {
        "changes": result.changes.total(),
        "by_table": dict(result.changes),
        "noticed": dict(result.noticed),
        "only_working_columns": dict(result.working),
        "read_the_same": result.same,
        "unnoticed": len(result.unnoticed),
        "left_altered": len(result.left),
        "breaches": result.breaches[:20],
        "seconds": round(time.monotonic() - began, 1),
    }
    print(json.dumps(shown, indent=2))
    return 1 if result.breaches else 0
