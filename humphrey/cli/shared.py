"""Helpers of all commands: open humphrey, and print results for people or as JSON."""

import json
import logging
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from humphrey.app.container import Humphrey


as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object, or one a line where many.")


as_user = click.option("--as", "user", metavar="USER", help="In whose name.")


class _ReviewName(click.ParamType[str]):
    """The id of a review, or its short reference such as H26-00142, which is looked up."""

    name = "id"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's signature
        """Return the id; what is no reference stays as it was given, and the command says what is wrong with it."""
        if value[:1] not in {"H", "h"}:
            return value
        with opened() as humphrey:
            return humphrey.clearance.id_of(value)


REVIEW = _ReviewName()
"""The type of an argument that names a review."""


def named(user: str | None) -> str:
    """Return the person who acts, as named by --as.

    Raises:
        UsageError: nobody is named.
    """
    if not user:
        raise click.UsageError("--as USER is needed: every act is in a person's name")
    return user


class FullHelp(click.Group):
    """A group whose help gives each command's sentence whole; click itself cuts it at the end of the line."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands and what each does."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, each.get_short_help_str(_WHOLE)) for name, each in commands if each])


_WHOLE = 1_000
"""More characters than the sentence of any command has."""


@contextmanager
def opened(*, serving: bool = False) -> Iterator["Humphrey"]:
    """Open humphrey with the settings of the environment, and close it afterwards.

    A command logs warnings alone, so that the sentence of an error stands by itself; one that serves, or whose operator
    set a level, logs from that level up.
    """
    from humphrey import settings
    from humphrey.app import build

    knobs = settings.load()
    wished = serving or "log_level" in knobs.model_fields_set
    log_to_stderr(knobs.log_level if wished else "WARNING")
    humphrey = build.start(knobs)
    try:
        yield humphrey
    finally:
        humphrey.close()


@contextmanager
def stoppable() -> Iterator[None]:
    """Treat SIGTERM like Ctrl and C: what is open is closed, and the command says that it stopped."""

    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def log_to_stderr(level: str) -> None:
    """Log messages of humphrey from `level` up, and of libraries from warnings up.

    Lower levels of libraries stay off, because they may show what people wrote.
    """
    handler = logging.StreamHandler()
    handler.addFilter(lambda record: record.name.startswith("humphrey") or record.levelno >= logging.WARNING)
    logging.basicConfig(
        level=logging.WARNING, handlers=[handler], format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    logging.getLogger("humphrey").setLevel(level.upper())


def emit(value: Mapping[str, Any], machine: bool, lines: Iterable[str]) -> None:
    """Print one result: as a line of JSON, or as lines in which a person sees what cannot be seen by its name."""
    from humphrey.text.hidden_characters import made_visible

    if machine:
        click.echo(json.dumps(value, ensure_ascii=False))
    else:
        for line in lines:
            click.echo(made_visible(line))


def complain(sentence: str) -> None:
    """Print a sentence for a person on standard error."""
    click.echo(f"humphrey: {sentence}", file=sys.stderr)


def note_lines(note: str) -> list[str]:
    """Return the lines of the part of a paper that stays in the department; none without it."""
    return ["STAYS IN THE DEPARTMENT", "", note, ""] if note else []
