"""Commands of the record: `case`, `retention`, `hold`."""

import hashlib
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from humphrey.cli.shared import REVIEW, FullHelp, as_json, as_user, complain, emit, named, opened
from humphrey.errors import RecordError
from humphrey.records.retention.model import HeldBy, Hold
from humphrey.text.dates import today

if TYPE_CHECKING:
    from humphrey.records.case_files.service import Form


_FORMS: "dict[str, Form]" = {".html": "html", ".pdf": "pdf", ".json": "json"}
"""The form of a case file, by the extension of its file name."""


@click.command()
@click.argument("review_id", type=REVIEW, metavar="ID", required=False)
@as_user
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file to write; its ending says the form: .html, .pdf or .json.",
)
@click.option("--verifier", is_flag=True, help="Write the script that verifies a case file in JSON, and nothing else.")
@as_json
def case(review_id: str | None, user: str | None, output: Path, verifier: bool, as_json: bool) -> None:
    """Write the case file of a review: everything about it, to read, to print or to verify."""
    if verifier:
        from humphrey.app.container import case_verifier

        write(output, case_verifier().encode())
        emit({"file": str(output)}, as_json, [str(output)])
        return
    if not review_id or not user:
        raise click.UsageError("give the ID of a review, and --as USER: it is recorded who took it out")
    form = _FORMS.get(output.suffix)
    if form is None:
        raise click.UsageError(f"{output} must end in {', '.join(_FORMS)}")
    with opened() as humphrey:
        made = humphrey.case_files.export(review_id, user, form)
    write(output, made)
    shape = {"review": review_id, "file": str(output), "digest": "sha256:" + hashlib.sha256(made).hexdigest()}
    emit(shape, as_json, [f"{shape['file']}\t{shape['digest']}"])


@click.group(cls=FullHelp)
def retention() -> None:
    """How long texts are kept, and their disposal."""


@retention.command()
@as_user
@click.option(
    "--days", type=click.IntRange(0, 36_500), help="How far ahead to look; as far as warnings do if left out."
)
@as_json
def due(user: str | None, days: int | None, as_json: bool) -> None:
    """List the texts that fall due for disposal, and what protects them from it."""
    with opened() as humphrey:
        until = None if days is None else today() + timedelta(days=days)
        found = humphrey.retention.due(named(user), until)
        if humphrey.retention.periods is None:
            complain("no periods are set (HUMPHREY_RETENTION__PERIODS), so everything is kept for ever")
        for each in found:
            announced = each.warned.isoformat() if each.warned else ""
            shape = {
                "id": each.what.id,
                "kind": each.what.kind,
                "since": each.what.since.isoformat(),
                "due": each.due.isoformat(),
                "announced": announced or None,
                "kept_for": each.what.kept_for,
            }
            row = (each.what.id, each.what.kind, each.due.isoformat(), announced, each.what.kept_for)
            emit(shape, as_json, ["\t".join(row)])


@retention.command()
@as_user
@as_json
def dispose(user: str | None, as_json: bool) -> None:
    """Dispose of every text that is due and was announced long enough ago; digests stay."""
    with opened() as humphrey:
        done = humphrey.retention.dispose(named(user))
        emit({"disposed": done}, as_json, [f"{done} disposed of"])


@click.group(cls=FullHelp)
def hold() -> None:
    """Legal holds: what is on hold is not disposed of."""


@hold.command()
@click.argument("what", type=click.Choice(get_args(HeldBy)))
@click.argument("subject")
@as_user
@click.option("--reason", required=True, help="Why, in your words; they stay out of the ledger.")
@as_json
def place(what: HeldBy, subject: str, user: str | None, reason: str, as_json: bool) -> None:
    """Hold one review, all that a person had a part in, or a kind of paper."""
    with opened() as humphrey:
        placed = humphrey.retention.place(named(user), what, subject, reason)
        emit(_hold(placed), as_json, [f"{placed.id}\t{placed.what}\t{placed.subject}"])


@hold.command()
@click.argument("hold_id", metavar="ID")
@as_user
@as_json
def lift(hold_id: str, user: str | None, as_json: bool) -> None:
    """Lift a hold."""
    with opened() as humphrey:
        humphrey.retention.lift(named(user), hold_id)
        emit({"id": hold_id, "lifted": True}, as_json, [f"{hold_id}\tlifted"])


@hold.command(name="list")
@as_user
@as_json
def list_(user: str | None, as_json: bool) -> None:
    """List every hold, lifted ones too."""
    with opened() as humphrey:
        for each in humphrey.retention.holds(named(user)):
            state = f"lifted by {each.lifted_by}" if each.lifted_at else "in force"
            emit(_hold(each), as_json, ["\t".join((each.id, each.what, each.subject, each.by, state, each.reason))])


def write(path: Path, made: bytes) -> None:
    """Write a file that only its owner can read, because it may hold personal data.

    Raises:
        RecordError: the file cannot be written.
    """
    try:
        path.touch(mode=0o600)
        path.write_bytes(made)
    except OSError as error:
        raise RecordError(f"{path} cannot be written ({error.strerror}); choose another place") from None


def _hold(each: Hold) -> dict[str, object]:
    times = {"at": each.at.isoformat(), "lifted_at": each.lifted_at.isoformat() if each.lifted_at else None}
    return {**asdict(each), **times}


COMMANDS = (case, retention, hold)
