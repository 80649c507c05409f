"""Commands of the ledger: `ledger verify`, `list`, `publish`, `key`, `countersign`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from humphrey.accounts.roles import require
from humphrey.cli.json_shapes import entry_shape
from humphrey.cli.shared import FullHelp, as_json, as_user, complain, emit, opened
from humphrey.errors import RecordError
from humphrey.ledger.heads import to_line
from humphrey.ledger.model import Act, EntryFilter
from humphrey.text.dates import start_of

if TYPE_CHECKING:
    from humphrey.records.verification.service import Progress, Verdict


@click.group(cls=FullHelp)
def ledger() -> None:
    """The record of every act."""


@ledger.command()
@click.option(
    "--heads",
    "files",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file of published heads, or a saved letter; the file that humphrey publishes to where none is named.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    help="A public key that is trusted, or a file with one; humphrey's own where none is named.",
)
@as_json
def verify(files: tuple[Path, ...], keys: tuple[str, ...], as_json: bool) -> None:
    """Check the chain, the published heads, and everything stored against its entries; name what does not fit."""
    with opened() as humphrey, _telling() as progress:
        found = humphrey.verification.verify(files, [_key(each) for each in keys], progress)
    emit(_shape(found), as_json, _lines(found))
    if not found.ok:
        raise SystemExit(1)


@ledger.command(name="list")
@click.option("--act", type=click.Choice(get_args(Act)), default=None, metavar="ACT", help="Such as review:approve.")
@click.option("--actor", default="", help="Who did it.")
@click.option("--subject", default="", help="What it was done to: the id of a review, a person, a document.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="From this day on (London).")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="To this day, with it (London).")
@as_user
@as_json
def list_(
    act: str | None,
    actor: str,
    subject: str,
    since: datetime | None,
    until: datetime | None,
    user: str | None,
    as_json: bool,
) -> None:
    """List entries, oldest first, for an auditor."""
    from humphrey.ledger import store as ledger_store

    if not user:
        raise click.UsageError("--as USER is needed: the record is read in an auditor's name")
    first = start_of(since.date()) if since else None
    over = start_of(until.date() + timedelta(days=1)) if until else None
    with opened() as humphrey:
        require(humphrey.accounts.person(user), "audit")
        for entry in ledger_store.all_entries(humphrey.database, EntryFilter(act or "", actor, subject, first, over)):
            shape = entry_shape(entry)
            said = " ".join(f"{name}={value}" for name, value in entry.detail.items())
            emit(shape, as_json, [f"{entry.n}\t{shape['at']}\t{entry.actor}\t{entry.act}\t{entry.subject}\t{said}"])


@ledger.command()
@as_json
def publish(as_json: bool) -> None:
    """Sign the newest entry now, publish it where the settings say, and print it."""
    with opened() as humphrey:
        head = humphrey.publisher.publish_now(datetime.now(UTC))
        line, places = to_line(head), humphrey.publisher.targets
        emit({"n": head.n, "seal": head.seal, "places": list(places), "line": line}, as_json, [line])
        if not places:
            complain("nothing is set that it would be published to; keep this line where humphrey cannot change it")


@ledger.command()
@click.option(
    "--new", is_flag=True, help="Sign with a new key from now on; trust in the present key carries over to it."
)
@click.option(
    "--accept",
    is_flag=True,
    help="Go on with the key that is there now, in place of one that is lost, or after a backup was put back.",
)
@as_json
def key(new: bool, accept: bool, as_json: bool) -> None:
    """Print the public key that heads and entries are signed with; give it to the people who will check them."""
    if new and accept:
        raise click.UsageError("--new makes a key and --accept takes the one that is there; give one of the two")
    with opened() as humphrey:
        if accept:
            humphrey.countersigning.accept()
        if new:
            humphrey.publisher.renew(datetime.now(UTC))
        public = humphrey.publisher.keys.public_key()
        emit({"key": public, "earlier": humphrey.publisher.keys.public_keys()[1:]}, as_json, [public])


@ledger.command()
@click.option("--yes", is_flag=True, help="Sign them; without it, they are only listed.")
@as_json
def countersign(yes: bool, as_json: bool) -> None:
    """List the entries from before humphrey signed each that no published head vouches for; sign them with --yes."""
    with opened() as humphrey:
        if yes:
            done = humphrey.countersigning.sign_waiting()
            shape = {"signed": done.signed, "waiting": done.waiting}
            emit(shape, as_json, [f"{done.signed} entries signed\t{done.waiting} wait"])
            return
        for entry in humphrey.countersigning.waiting():
            shape = entry_shape(entry)
            emit(shape, as_json, [f"{entry.n}\t{shape['at']}\t{entry.actor}\t{entry.act}\t{entry.subject}"])


COMMANDS = (ledger,)


def _key(named: str) -> str:
    """Return a public key from an option: the key itself, or the text of a file with one."""
    if named.startswith("ed25519:"):
        return named
    try:
        return Path(named).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise RecordError(
            f"{named[:80]!r} is neither a public key (ed25519:…) nor a file with one; `humphrey ledger key` prints it"
        ) from None


@contextmanager
def _telling() -> Iterator["Progress"]:
    """Yield a progress callback that draws a bar on a terminal, and nothing elsewhere."""
    from humphrey.cli.progress import bar

    with bar() as progress:
        yield lambda done, total: progress(done, total, "checking")


def _shape(found: "Verdict") -> dict[str, object]:
    return {
        "entries": found.entries,
        "head": found.head,
        "ok": found.ok,
        "first_broken": found.first_broken,
        "heads": found.heads,
        "reviews": found.reviews,
        "faults": [{"entry": each.n, "subject": each.subject, "message": each.message} for each in found.faults],
    }


def _lines(found: "Verdict") -> list[str]:
    if found.ok:
        verdict = "the ledger is whole"
    elif found.first_broken is not None:
        verdict = f"the ledger is broken at entry {found.first_broken}"
    else:
        verdict = "the chain holds, and something does not fit it"
    checked = f"{found.entries} entries\t{found.heads} published heads\t{found.reviews} reviews"
    return [f"{verdict}\t{checked}\t{found.head or ''}", *(each.message for each in found.faults)]
