"""The `humphrey` command. Results go to standard output, everything else to standard error; it exits with 0, 1 or 2.

Each command imports slow libraries in its own body, so that `humphrey --help` answers at once.
"""

import os
import sys
import traceback

import click

from humphrey import __version__
from humphrey.cli import (
    accounts,
    clearance,
    delivery,
    disclosure,
    drafting,
    guidance,
    jobs,
    ledger,
    models,
    records,
    reviewer_statistics,
    service,
)
from humphrey.cli.shared import FullHelp, complain
from humphrey.errors import HumphreyError


@click.group(cls=FullHelp, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="humphrey")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def cli(debug: bool) -> None:
    """Cited answers and routine papers, cleared by a second person before they leave."""


_MODULES = (
    service,
    accounts,
    guidance,
    drafting,
    clearance,
    delivery,
    ledger,
    records,
    disclosure,
    jobs,
    reviewer_statistics,
    models,
)


for command in (command for module in _MODULES for command in module.COMMANDS):
    cli.add_command(command)


def main() -> None:
    """Run a command; exit with 0 if it succeeds, 1 if it fails, 2 if its arguments are wrong.

    Every file and folder that it makes is readable by its own account alone.
    """
    os.umask(0o077)
    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        complain("stopped")
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(1)
    except (HumphreyError, OSError) as error:
        if "--debug" in sys.argv:
            traceback.print_exc()
        complain(str(error))
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the outermost handler: a person gets a sentence, `--debug` prints the traceback
        if "--debug" in sys.argv:
            traceback.print_exc()
        complain(f"something went wrong inside humphrey ({type(error).__name__}); run again with --debug to see where")
        sys.exit(1)
