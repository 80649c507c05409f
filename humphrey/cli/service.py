"""The installation: `serve`, `users`, `doctor`."""

import getpass
import sys
from dataclasses import asdict
from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING, get_args

import click

from humphrey.cli.shapes import person_shape
from humphrey.cli.shared import as_json, complain, emit, opened
from humphrey.core.people import Role
from humphrey.core.rights import called
from humphrey.errors import HumphreyError, IdentityError, SettingsError

if TYPE_CHECKING:
    from humphrey.app import Humphrey


_FOLLOW_S = 20
"""How long it takes at most until a server notices that pages were fetched, in seconds."""


@click.command()
def serve() -> None:
    """Index what changed in the corpus, the fetched pages and the uploads, and serve the pages."""
    from humphrey.web import server

    with opened() as humphrey:
        settings = humphrey.settings
        _require_people(humphrey)
        humphrey.library.open(humphrey.guidance)
        # Nobody should wait for a first indexing to see the first page; a later one finds next to nothing to do.
        first = not humphrey.store.held()
        if not first:
            _index(humphrey)
        preparing = Thread(target=_prepare, args=(humphrey, first))
        preparing.start()
        over = Event()
        following = Thread(target=_follow, args=(humphrey, over))
        following.start()
        complain(f"humphrey is at {settings.origin or f'http://{settings.host}:{settings.port}'}")
        try:
            server.serve(
                humphrey.desk,
                humphrey.library,
                humphrey.people,
                humphrey.curator,
                humphrey.attached,
                host=settings.host,
                port=settings.port,
                origin=settings.origin,
                session_hours=settings.session_hours,
                ready=partial(_unready, humphrey, preparing),
            )
        finally:
            over.set()
            humphrey.library.stop()
            preparing.join()
            following.join()


@click.group()
def users() -> None:
    """The people who may use humphrey."""


@users.command()
@click.argument("name")
@click.option("--role", type=click.Choice(get_args(Role)), required=True)
@click.option("--group", "groups", multiple=True, help="A group the person is in; may be given again.")
@as_json
def add(name: str, role: Role, groups: tuple[str, ...], as_json: bool) -> None:
    """Add a person; the password is asked for twice, or read as two lines of standard input."""
    password = _password()
    with opened() as humphrey:
        person = humphrey.people.add(name, role, groups, password)
        emit(person_shape(person), as_json, [f"{person.name}\t{called(person)}"])


@users.command(name="list")
@as_json
def list_(as_json: bool) -> None:
    """List the people; demonstration people stand in while nobody is configured."""
    with opened() as humphrey:
        stand_in = humphrey.people.demonstration
        for person in humphrey.people.everyone():
            shape = {**person_shape(person), "demonstration": stand_in}
            columns = [
                person.name,
                called(person),
                "disabled" if person.disabled else "",
                "demonstration" if stand_in else "",
            ]
            emit(shape, as_json, ["\t".join(columns)])


@users.command()
@click.argument("name")
@as_json
def disable(name: str, as_json: bool) -> None:
    """Let a person act no more, and end their sessions; what they did stays on the record."""
    with opened() as humphrey:
        person = humphrey.people.disable(name)
        emit(person_shape(person), as_json, [f"{person.name}\tdisabled"])


@click.command()
@as_json
def doctor(as_json: bool) -> None:
    """Check the installation and say what to do."""
    from humphrey.cli.doctor import examine

    checks = examine()
    shape = {"ok": all(check.ok for check in checks), "checks": [asdict(check) for check in checks]}
    lines = [f"{'ok' if check.ok else 'TO DO'}\t{check.name}\t{check.message}" for check in checks]
    emit(shape, as_json, lines)
    if not shape["ok"]:
        raise SystemExit(1)


COMMANDS = (serve, users, doctor)


def _password() -> str:
    if sys.stdin.isatty():
        first, second = getpass.getpass("Password: "), getpass.getpass("The same again: ")
    else:
        first, second = sys.stdin.readline().rstrip("\n"), sys.stdin.readline().rstrip("\n")
    if first != second:
        raise IdentityError("the two passwords differ; nothing was added; give the same one twice")
    return first


def _require_people(humphrey: "Humphrey") -> None:
    from humphrey.app import loopback

    if not loopback(humphrey.settings.host) and not humphrey.people.everyone():
        raise SettingsError(
            f"HUMPHREY_HOST is {humphrey.settings.host}, which others can reach, and nobody has a password yet; "
            "add people with `humphrey users add NAME --role ROLE`, or serve on 127.0.0.1"
        )


def _index(humphrey: "Humphrey") -> None:
    from humphrey.cli.progress import bar

    with bar() as progress:
        done = humphrey.library.index(humphrey.guidance, progress=progress)
        refused = [*done.refused, *humphrey.curator.resume(progress)]
    for refusal in refused:
        complain(f"not indexed: {refusal.path}: {refusal.reason}")
    complain(f"{done.passages} passages are indexed")


def _prepare(humphrey: "Humphrey", first: bool) -> None:
    try:
        if first:
            _index(humphrey)
        humphrey.attached.tidy()
        humphrey.warm()
    except HumphreyError as error:
        complain(f"not everything is ready: {error}")


def _follow(humphrey: "Humphrey", over: Event) -> None:
    """Take in what `humphrey sync` fetches beside this process, until it is over."""
    while True:
        try:
            humphrey.curator.follow()
        except HumphreyError as error:
            complain(f"what was fetched meanwhile is not known: {error}")
        if over.wait(_FOLLOW_S):
            return


def _unready(humphrey: "Humphrey", preparing: Thread) -> list[str]:
    # A search would wait until the first indexing is done; whoever asks for readiness wants to know now.
    if preparing.is_alive():
        return ["humphrey is still getting ready: it indexes the guidance or loads its models"]
    return humphrey.ready()
