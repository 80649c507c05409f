"""The command of the regular jobs, `rounds`, and the thread of `serve` that runs them."""

from dataclasses import asdict
from threading import Event, Thread
from typing import TYPE_CHECKING

import click

from humphrey.cli.shared import as_json, complain, emit, opened

if TYPE_CHECKING:
    from humphrey.app.container import Humphrey


@click.command()
@as_json
def rounds(as_json: bool) -> None:
    """Run once the jobs that `serve` runs regularly: reminders, deliveries, expired approvals, e-mails."""
    from humphrey.app import jobs

    with opened(serving=True) as humphrey:
        done = jobs.build_scheduler(humphrey).once()
        shape = {"ok": not any(each.failure for each in done), "pieces": [asdict(each) for each in done]}
        emit(
            shape,
            as_json,
            [f"{each.name}\t{f'FAILED: {each.failure}' if each.failure else each.count}" for each in done],
        )
        if not shape["ok"]:
            raise SystemExit(1)


def going_round(humphrey: "Humphrey", over: Event) -> Thread:
    """Return a thread that runs the regular jobs until `over` is set; the caller starts and joins it."""
    from humphrey.app import jobs

    work, every_s = jobs.build_scheduler(humphrey), humphrey.settings.rounds_seconds
    return Thread(target=work.until, args=(over, every_s, complain), name="rounds")


COMMANDS = (rounds,)
