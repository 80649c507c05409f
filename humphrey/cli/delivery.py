"""Commands of delivery: `deliver`, `outbox`, `export`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from humphrey.cli.records import write
from humphrey.cli.shared import REVIEW, FullHelp, as_json, as_user, emit, named, opened
from humphrey.delivery.outlets import OUTLETS
from humphrey.digests import digest_of
from humphrey.papers.destinations import Format

if TYPE_CHECKING:
    from humphrey.delivery.store import OutboxRow


@click.command()
@click.option("--outlet", type=click.Choice(tuple(OUTLETS)), default="file", show_default=True)
@as_json
def deliver(outlet: str, as_json: bool) -> None:
    """Deliver the approved texts that wait for an outlet, and store the receipts."""
    with opened() as humphrey:
        done = humphrey.delivery.deliver(outlet)
        shape = {
            "delivered": [release.review for release in done.delivered],
            "failed": [{"release": failure.review, "reason": failure.reason} for failure in done.failed],
        }
        sent = [f"delivered\t{release.review}" for release in done.delivered]
        emit(shape, as_json, sent + [f"failed\t{failure.review}\t{failure.reason}" for failure in done.failed])
        if done.failed:
            raise SystemExit(1)


@click.group(cls=FullHelp, invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="Delivered texts too, with their receipts.")
@as_json
@click.pass_context
def outbox(context: click.Context, everything: bool, as_json: bool) -> None:
    """List the approved texts that have not left: those that wait, failed, or were set aside, with the reason."""
    if context.invoked_subcommand:
        return
    with opened() as humphrey:
        for posting in humphrey.delivery.outbox_rows(everything=everything):
            emit(_shape(posting), as_json, [_line(posting)])


@outbox.command()
@click.argument("review_id", type=REVIEW, metavar="ID")
@as_user
@as_json
def retry(review_id: str, user: str | None, as_json: bool) -> None:
    """Try again to deliver a text that was set aside; for administrators, once its cause is put right."""
    with opened() as humphrey:
        humphrey.delivery.put_back(review_id, named(user))
        emit({"review": review_id, "state": "waiting"}, as_json, [f"{review_id}\twaiting"])


@click.command()
@click.argument("review_id", type=REVIEW, metavar="ID")
@click.option("--format", "form", type=click.Choice(get_args(Format)), required=True)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)
@as_user
@as_json
def export(review_id: str, form: Format, output: Path, user: str | None, as_json: bool) -> None:
    """Write a released text as a file; a text that was not released is refused."""
    with opened() as humphrey:
        made = humphrey.downloads.download(review_id, form, user or "")
    write(output, made)
    shape = {"review": review_id, "file": str(output), "format": form, "digest": digest_of(made)}
    emit(shape, as_json, [f"{output}\t{shape['digest']}"])


COMMANDS = (deliver, outbox, export)


def _shape(posting: "OutboxRow") -> dict[str, Any]:
    return {
        "review": posting.review,
        "outlet": posting.outlet,
        "state": _state(posting),
        "queued": posting.queued_at.isoformat(),
        "attempts": posting.attempts,
        "next_try": posting.next_try.isoformat() if _state(posting) == "waiting" else None,
        "reason": posting.failure,
        "set_aside": posting.set_aside_at.isoformat() if posting.set_aside_at else None,
        "delivered": posting.delivered_at.isoformat() if posting.delivered_at else None,
        "receipt": posting.receipt,
        "digest": posting.sent_digest,
    }


def _line(posting: "OutboxRow") -> str:
    said = posting.receipt or posting.failure
    return f"{posting.review}\t{posting.outlet}\t{_state(posting)}\t{posting.attempts}\t{said}"


def _state(posting: "OutboxRow") -> str:
    if posting.delivered_at:
        return "delivered"
    return "set aside" if posting.set_aside_at else "waiting"
