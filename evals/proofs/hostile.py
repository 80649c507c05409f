"""Hostile requests against the real server on loopback: they are refused, recorded where that matters, and limited.

They come from other sites, repeat forms, use ended sessions and made-up names, send bodies and headers that are too
large and paths that lead out, and guess a thousand passwords. All of it is bounded: a few thousand requests to this
machine's own address. `python -m evals.proofs hostile --tries 1000`.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from evals.proofs.attacks import (
    Row,
    Scene,
    alive,
    cross_site,
    forged,
    guessed,
    replayed,
    session_hash,
    stolen,
    too_large,
    untouched,
    ways_out,
    wrong_host,
)
from evals.proofs.audit import audit
from evals.proofs.ending import exit_code
from evals.proofs.scene import BOTH, add_with_own_passwords, asking, furnish, joined
from evals.proofs.serving import PASSWORD, Caller, serving
from humphrey.accounts.model import Person
from humphrey.app.container import Humphrey
from humphrey.ledger import store as ledger_store

MOST_ENTRIES = 400
"""How many entries all of this may leave at most: an attacker must not be able to fill the record."""


_PEOPLE = (
    Person("amina", ("official",)),
    Person("mallory", ("official",)),
    Person("grace", ("reviewer",), markings=BOTH),
    Person("david", ("reviewer",), markings=BOTH),
    Person("sam", ("administrator",)),
)


def prove(folder: Path, tries: int) -> list[Row]:
    """Attack a server, and check the result."""
    humphrey = joined(folder)
    furnish(humphrey)
    add_with_own_passwords(humphrey, _PEOPLE, PASSWORD)
    review = humphrey.clearance.take(asking("amina"))
    before = sum(1 for _ in ledger_store.entries(humphrey.database))
    humphrey.close()
    with serving(folder) as (_process, port):
        callers = {person.name: Caller(port) for person in _PEOPLE}
        for name, caller in callers.items():
            caller.sign_in(name)
        scene = Scene(port, review.id, review.draft.digest, callers)
        rows = [attack(scene) for attack in (cross_site, wrong_host, forged, session_hash, ways_out, too_large)]
        rows += [untouched(scene), replayed(scene), stolen(scene), guessed(scene, tries), alive(scene)]
    humphrey = joined(folder)
    rows.append(_recorded(humphrey, folder, before, rows))
    humphrey.close()
    return rows


def _recorded(humphrey: Humphrey, folder: Path, before: int, rows: list[Row]) -> Row:
    """Check the record: the expected entries are there, and no more than a person can read."""
    row, entries = Row("on the record"), list(ledger_store.entries(humphrey.database))
    acts = Counter(f"{entry.act}" for entry in entries[before:])
    row.tries = len(entries) - before
    row.breaches += [f"there is no {act} on the record" for act in _WANTED if not acts[act]]
    if row.tries > MOST_ENTRIES:
        row.breaches.append(f"{sum(each.tries for each in rows)} requests left {row.tries} entries")
    row.breaches += [*audit(humphrey), *(str(fault) for fault in humphrey.verification.verify().faults)]
    row.breaches += _logged(folder)
    row.name += f" ({', '.join(f'{act} {count}' for act, count in sorted(acts.items()))})"
    return row


_WANTED = ("act:refused", "session:refused", "request:refuse", "review:approve")


def _logged(folder: Path) -> Iterator[str]:
    said = (folder / "log.txt").read_text(encoding="utf-8", errors="replace")
    if "Traceback" in said:
        yield f"the log holds a traceback: {said[said.index('Traceback') :][:2000]}"
    if PASSWORD in said or "guess number" in said:
        yield "the log holds what somebody typed as a password"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--tries", type=int, default=1000, help="How many guesses at passwords.")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the table; exit with 1 if any attack succeeded."""
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        rows = prove(Path(folder), asked.tries)
    for row in rows:
        told = ", ".join(f"{status or 'hung up'}: {count}" for status, count in sorted(row.statuses.items()))
        print(f"{row.name}\ttries {row.tries}\t{told}\tbreaches {len(row.breaches)}")
    breaches = [f"{row.name}: {said}" for row in rows for said in row.breaches]
    return exit_code(breaches)
