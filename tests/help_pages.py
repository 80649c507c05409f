"""Writes docs/cli.md from the commands' own help: `make docs`. The test of the docs compares the two."""

from collections.abc import Iterator
from pathlib import Path

import click

from humphrey.cli import cli

PAGE = Path(__file__).parents[1] / "docs" / "cli.md"


INTRODUCTION = """\
# Commands

Results go to standard output (`--json`: one JSON object, or one a line where many), everything else to standard error.
Exit 0: done. 1: it could not be done, and the message names the value and the next step. 2: misspelt.
`make docs` writes this page from the commands' own help.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *(_section(name, command) for name, command in commands("humphrey", cli))])


def commands(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, groups before what is in them."""
    yield name, command
    if isinstance(command, click.Group):
        for each, sub in sorted(command.commands.items()):
            yield from commands(f"{name} {each}", sub)


def _section(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name, terminal_width=100, **cli.context_settings)
    return f"## {name}\n\n```text\n{command.get_help(context)}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
