"""Commands of accounts: `users`, `sessions`."""

import getpass
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, get_args

import click

from humphrey.accounts.model import Person, Role
from humphrey.accounts.roles import roles_in_words
from humphrey.cli.json_shapes import person_shape, session_shape
from humphrey.cli.shared import FullHelp, as_json, emit, opened
from humphrey.errors import IdentityError
from humphrey.ledger.model import OPERATOR

_ROLE = click.Choice(get_args(Role))


as_administrator = click.option(
    "--as", "by", metavar="USER", default=OPERATOR, help="In which administrator's name; without it, the operator's."
)


@click.group(cls=FullHelp)
def users() -> None:
    """The people who may use humphrey."""


@users.command()
@click.argument("name")
@click.option(
    "--role", "roles", type=click.Choice(get_args(Role)), multiple=True, required=True, help="May be repeated."
)
@click.option("--group", "groups", multiple=True, help="A group the person is in; may be repeated.")
@click.option("--kind", "kinds", multiple=True, help="A kind they may clear; may be repeated. Default: every kind.")
@click.option("--marking", "markings", multiple=True, help="A classification they may clear. Default: OFFICIAL.")
@click.option("--email", default="", help="Where notices go.")
@click.option("--deputy", "deputies", multiple=True, help="Who stands in for them, by name; may be repeated.")
@click.option("--identity", default="", help="Who they are at the identity provider; then no password is asked for.")
@click.option("--own-name", default="", help="Their own name, which pages show beside NAME.")
@as_administrator
@as_json
def add(
    name: str,
    roles: tuple[Role, ...],
    groups: tuple[str, ...],
    kinds: tuple[str, ...],
    markings: tuple[str, ...],
    email: str,
    deputies: tuple[str, ...],
    identity: str,
    own_name: str,
    by: str,
    as_json: bool,
) -> None:
    """Add a person; the password is asked for twice, or read as two lines of standard input."""
    wanted = Person(name, roles, groups, False, kinds, markings or ("OFFICIAL",), email, deputies, identity, own_name)
    password = "" if identity else _password()
    with opened() as humphrey:
        person = humphrey.accounts.add(wanted, password, by)
        emit(person_shape(person), as_json, [f"{person.name}\t{roles_in_words(person)}"])


@users.command()
@click.argument("name")
@click.option("--role", "roles", type=_ROLE, multiple=True, help="Instead of those they have.")
@click.option("--group", "groups", multiple=True, help="Instead of those they are in.")
@click.option("--no-groups", is_flag=True, help="In no group any more.")
@click.option("--kind", "kinds", multiple=True, help="Instead of those they may clear.")
@click.option("--every-kind", is_flag=True, help="May clear every kind.")
@click.option("--marking", "markings", multiple=True, help="Instead of the classifications they may clear.")
@click.option("--email", default=None, help="Where notices go; empty: nowhere.")
@click.option("--deputy", "deputies", multiple=True, help="Instead of those who stand in for them.")
@click.option("--no-deputies", is_flag=True, help="Nobody stands in for them any more.")
@click.option("--own-name", default=None, help="Their own name; empty: none.")
@click.option("--identity", default=None, help="Who they are at the identity provider; empty: nobody.")
@as_administrator
@as_json
def change(
    name: str,
    no_groups: bool,
    every_kind: bool,
    no_deputies: bool,
    by: str,
    as_json: bool,
    **given: Any,  # noqa: ANN401 - the other options, named after the fields that they change
) -> None:
    """Change a person; what is not named stays. Nobody changes their own rights."""
    changes = {field: value for field, value in given.items() if value not in ((), None)}
    emptied = {"groups": no_groups, "kinds": every_kind, "deputies": no_deputies}
    if both := next((field for field, empty in emptied.items() if empty and field in changes), None):
        raise click.UsageError(f"{both} cannot be given and taken away at once")
    changes |= {field: () for field, empty in emptied.items() if empty}
    if not changes:
        raise click.UsageError("nothing to change; name a role, a group or another option")
    _done(lambda humphrey: humphrey.accounts.change(name, lambda person: replace(person, **changes), by), as_json)


@users.command()
@click.argument("name")
@as_administrator
@as_json
def disable(name: str, by: str, as_json: bool) -> None:
    """Disable a person and end their sessions; what they did stays on the record."""
    _done(lambda humphrey: humphrey.accounts.disable(name, by), as_json)


@users.command()
@click.argument("name")
@as_administrator
@as_json
def enable(name: str, by: str, as_json: bool) -> None:
    """Enable a disabled person again."""
    _done(lambda humphrey: humphrey.accounts.enable(name, by), as_json)


@users.command()
@click.argument("name")
@as_administrator
def password(name: str, by: str) -> None:
    """Give a person another password, asked for as in `add`; they are signed out everywhere."""
    given = _password()
    with opened() as humphrey:
        humphrey.accounts.set_password(name, given, by)
        click.echo(f"{name}\thas another password")


@users.command(name="list")
@as_json
def list_(as_json: bool) -> None:
    """List the people; demonstration people stand in while nobody is configured."""
    with opened() as humphrey:
        stand_in = humphrey.accounts.demonstration
        for person in humphrey.accounts.everyone():
            shape = {**person_shape(person), "demonstration": stand_in}
            columns = [*_columns(person), "demonstration" if stand_in else ""]
            emit(shape, as_json, ["\t".join(columns)])


@click.group(cls=FullHelp)
def sessions() -> None:
    """Who is signed in."""


@sessions.command(name="list")
@click.option("--person", default=None, help="Of one person only.")
@as_administrator
@as_json
def list_sessions(person: str | None, by: str, as_json: bool) -> None:
    """List the sessions that are in force, latest first."""
    with opened() as humphrey:
        if by != OPERATOR:
            humphrey.accounts.require_administrator(by)
        for session in humphrey.accounts.sessions(person):
            shape = session_shape(session)
            emit(shape, as_json, ["\t".join(shape[field] for field in ("id", "person", "opened", "seen", "until"))])


@sessions.command()
@click.argument("session_id", metavar="ID")
@as_administrator
@as_json
def revoke(session_id: str, by: str, as_json: bool) -> None:
    """End a session at once, on its pages and in everything that runs for it."""
    with opened() as humphrey:
        whose = humphrey.accounts.revoke(session_id, by)
        emit({"id": session_id, "person": whose, "ended": True}, as_json, [f"{session_id}\t{whose}\tended"])


COMMANDS = (users, sessions)


def _done(act: Callable[[Any], Person], machine: bool) -> None:
    with opened() as humphrey:
        person = act(humphrey)
        emit(person_shape(person), machine, ["\t".join(_columns(person))])


def _columns(person: Person) -> Sequence[str]:
    return [person.name, roles_in_words(person), "disabled" if person.disabled else ""]


def _password() -> str:
    if sys.stdin.isatty():
        first, second = getpass.getpass("Password: "), getpass.getpass("The same again: ")
    else:
        first, second = sys.stdin.readline().rstrip("\n"), sys.stdin.readline().rstrip("\n")
    if first != second:
        raise IdentityError("the two passwords differ; nothing was changed; give the same one twice")
    return first
