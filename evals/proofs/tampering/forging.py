"""The hand of a person who can write the database: rows and entries added, changed and removed on either database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from humphrey.app.container import Humphrey
from humphrey.clearance.model import Review
from humphrey.digests import canonical
from humphrey.ledger import store as ledger_store
from humphrey.ledger.entry_keys import EntryKeys
from humphrey.ledger.entry_memory import MEMORY
from humphrey.ledger.model import START, Act, Entry, seal

TABLES = (
    "seeds",
    "rechecks",
    "decisions",
    "comments",
    "versions",
    "review_sources",
    "outbox",
    "notices",
    "reviews",
    "ledger",
    "heads",
)
"""What is put back after each forgery, rows that refer to others first."""


Signing = Literal["none", "copied", "stranger", "named", "earlier"]
"""How a forged entry is signed.

`none`: not at all. `copied`: with the key and signature of a genuine entry. `stranger`: correctly, with a key of the
forger's own. `named`: so too, under the name of the server's key. `earlier`: with the signature of the entry before.
"""


SIGNINGS: tuple[Signing, ...] = ("none", "copied", "stranger", "named", "earlier")


class Hand:
    """Writes past humphrey, and puts everything back.

    Args:
        humphrey: the humphrey whose database is written.
        folder: its folder of keys, which the forger cannot reach; only the memory is put back with the database.
        stranger: a key of the forger's own.
    """

    def __init__(self, humphrey: Humphrey, folder: Path, stranger: EntryKeys) -> None:
        self._database = humphrey.database
        self._folder = folder
        self._stranger = stranger
        self._sqlite = humphrey.database.engine.dialect.name == "sqlite"
        self._rows = {table: self._all(table) for table in TABLES}
        self._memory = (folder / MEMORY).read_bytes()

    def run(self, statement: str, *values: object) -> int:
        """Run one statement; return how many rows it changed."""
        return self._many(statement, [values])

    def read(self, statement: str, *values: object) -> list[Any]:
        """Return the rows of a query."""
        with self._database.reading() as connection:
            return list(connection.exec_driver_sql(self._marked(statement), values))

    def put_back(self) -> None:
        """Put every row back as it was, and what humphrey remembers of its entries."""
        with self._database.writing() as connection:
            for table in TABLES:
                connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - the names above
            for table in reversed(TABLES):
                names, rows = self._rows[table]
                if rows:
                    marks = self._marked(", ".join("?" * len(names)))
                    columns = ", ".join(f'"{name}"' for name in names)
                    connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608
        (self._folder / MEMORY).write_bytes(self._memory)

    def moment(self, at: datetime) -> object:
        """Return a time as the database stores it."""
        return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" if self._sqlite else at

    def entries(self, subject: str | None = None) -> list[Entry]:
        """Return the entries, of one subject or all."""
        return list(ledger_store.entries(self._database, subject))

    def append(self, act: Act, actor: str, subject: str, detail: dict[str, str], signing: Signing) -> Entry:
        """Add an entry whose seal and place in the chain are right."""
        every = self.entries()
        last = every[-1]
        at = last.at + timedelta(milliseconds=1)
        entry = seal(Entry(last.n + 1, at, actor, act, subject, detail, last.seal))
        about = [each for each in every if each.subject == subject]
        follows = about[-1].seal if about else START
        key, signature = self._signature(entry, follows, last, signing)
        signed = replace(entry, follows=follows, key=key, signature=signature)
        values = {**vars(signed), "at": self.moment(at), "detail": canonical(dict(detail))}
        columns = ", ".join(f'"{name}"' for name in values)
        self.run(f"INSERT INTO ledger ({columns}) VALUES ({', '.join('?' * len(values))})", *values.values())  # noqa: S608
        return signed

    def reseal(self) -> None:
        """Write the chain anew: every seal fits its entry and the one before it. No signature is made."""
        values, before = [], START
        for n, entry in enumerate(self.entries(), start=1):
            fits = seal(replace(entry, n=n, previous=before))
            values.append((n, before, fits.seal, entry.n))
            before = fits.seal
        # Out of the way first: no two entries may have one seal.
        self.run("UPDATE ledger SET seal = 'old ' || n")
        self._many("UPDATE ledger SET n = ?, previous = ?, seal = ? WHERE n = ?", values)

    def approve(self, review: Review, reviewer: str, signing: Signing) -> None:
        """Approve a review in every table that says so, and queue it."""
        digest, number = review.draft.digest, len(review.decisions) + 1
        entry = self.append("review:approve", reviewer, review.id, {"digest": digest}, signing)
        self.append("release:mint", "humphrey", review.id, {"digest": digest, "outlet": "web"}, signing)
        at = self.moment(entry.at)
        self.run(
            "INSERT INTO decisions (review, n, verdict, reviewer, digest, reason, at, reasons) "
            "VALUES (?, ?, 'approve', ?, ?, '', ?, '[]')",
            *(review.id, number, reviewer, digest, at),
        )
        self.queue(review, at)

    def queue(self, review: Review, at: object) -> None:
        """Say that a review is released, and put it in the outbox."""
        self.run("UPDATE reviews SET state = 'released', decided_at = ?, blocking = 0 WHERE id = ?", at, review.id)
        self.run("DELETE FROM outbox WHERE review = ?", review.id)
        self.run(
            "INSERT INTO outbox (key, review, outlet, queued_at, attempts, next_try, failure, receipt, sent_digest) "
            "VALUES (?, ?, 'web', ?, 0, ?, '', '', '')",
            *(f"{review.id}:{review.draft.digest}", review.id, at, at),
        )

    def _signature(self, entry: Entry, follows: str, last: Entry, signing: Signing) -> tuple[str, str]:
        if signing == "none":
            return "", ""
        if signing in {"copied", "earlier"}:
            genuine = self.entries()[0] if signing == "copied" else last
            return genuine.key, genuine.signature
        key, signature = self._stranger.sign(entry.n, entry.seal, follows)
        return key if signing == "stranger" else last.key, signature

    def _many(self, statement: str, values: Sequence[tuple[object, ...]]) -> int:
        changed = 0
        with self._database.writing() as connection:
            for each in values:
                changed += connection.exec_driver_sql(self._marked(statement), each).rowcount
        return changed

    def _all(self, table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        with self._database.reading() as connection:
            found = connection.exec_driver_sql(f"SELECT * FROM {table}")  # noqa: S608 - the names above
            return list(found.keys()), [tuple(row) for row in found]

    def _marked(self, statement: str) -> str:
        return statement if self._sqlite else statement.replace("?", "%s")
