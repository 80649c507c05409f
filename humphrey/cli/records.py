"""What is taken out of the record: `case`."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from humphrey.cli.shared import as_json, as_user, emit, opened
from humphrey.errors import RecordError

if TYPE_CHECKING:
    from humphrey.casefile import Form

_FORMS: "dict[str, Form]" = {".html": "html", ".pdf": "pdf", ".json": "json"}
"""The form of a case file, by the ending of its name."""


@click.command()
@click.argument("review_id", metavar="ID", required=False)
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
    """Take out the case file of a review: everything about it, for reading, for paper or for verifying."""
    if verifier:
        from humphrey.app import case_verifier

        write(output, case_verifier().encode())
        emit({"file": str(output)}, as_json, [str(output)])
        return
    if not review_id or not user:
        raise click.UsageError("give the ID of a review, and --as USER: it is recorded who took it out")
    form = _FORMS.get(output.suffix)
    if form is None:
        raise click.UsageError(f"{output} must end in {', '.join(_FORMS)}")
    with opened() as humphrey:
        made = humphrey.cases.take_out(review_id, user, form)
    write(output, made)
    shape = {"review": review_id, "file": str(output), "digest": "sha256:" + hashlib.sha256(made).hexdigest()}
    emit(shape, as_json, [f"{shape['file']}\t{shape['digest']}"])


def write(path: Path, made: bytes) -> None:
    """Write a file that only its owner can read, for it may hold personal data.

    Raises:
        RecordError: it cannot be written.
    """
    try:
        path.touch(mode=0o600)
        path.write_bytes(made)
    except OSError as error:
        raise RecordError(f"{path} cannot be written ({error.strerror}); choose another place") from None


COMMANDS = (case,)
