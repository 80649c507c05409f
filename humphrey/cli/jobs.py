"""Regular work: `rounds`, and the thread of `serve` that does it."""

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
    """Do once what `serve` does regularly: remind, deliver, let approvals run out, send letters."""
    from humphrey.app import jobs

    with opened() as humphrey:
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
    """A thread that does the regular work of a server until it is over; to be started and joined."""
    from humphrey.app import jobs

    work, every_s = jobs.build_scheduler(humphrey), humphrey.settings.rounds_seconds
    return Thread(target=work.until, args=(over, every_s, complain), name="rounds")


COMMANDS = (rounds,)
