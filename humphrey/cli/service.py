"""Commands of the installation: `serve`, `doctor`."""

from dataclasses import asdict
from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING

import click

from humphrey.cli.jobs import going_round
from humphrey.cli.shared import as_json, complain, emit, opened
from humphrey.errors import HumphreyError, SettingsError

if TYPE_CHECKING:
    from humphrey.app.container import Humphrey
    from humphrey.web.services import Services


_FOLLOW_S = 20
"""Seconds between two looks for newly fetched pages; the docs promise that they are taken in within half a minute."""


_SETTLED_S = 4
"""Seconds that statements wait to be embedded, so that a start, its first questions and a quick stop go first."""


@click.command()
def serve() -> None:
    """Index what changed in the corpus, the fetched pages and the uploads, and serve the pages."""
    from humphrey.app import file_modes, paths
    from humphrey.app.memory import limit_heaps
    from humphrey.guidance import store as document_store
    from humphrey.web import app
    from humphrey.web.services import Address

    limit_heaps()
    with opened(serving=True) as humphrey:
        settings = humphrey.settings
        humphrey.database.keep_address_private()
        file_modes.close_to_others(paths.data_folder(settings))
        _require_people(humphrey)
        # Build the OIDC sign-in first, so that a wrong setting stops the start before anything else runs.
        _ = humphrey.oidc
        humphrey.library.open(humphrey.guidance)
        # The first indexing takes seconds to hours, so it runs in a thread while the first page is already served. A
        # later one finds little to do and is done before the server starts.
        first = not document_store.list_stored(humphrey.database)
        if not first:
            _index(humphrey)
        address = Address(
            settings.host, settings.port, settings.origin, settings.session_hours, settings.trusted_proxies
        )
        preparing = Thread(target=_prepare, args=(humphrey, first))
        preparing.start()
        over = Event()
        following = Thread(target=_follow, args=(humphrey, over))
        following.start()
        changed = Event()
        humphrey.library.on_change(changed.set)
        embedding = Thread(target=_embed_statements, args=(humphrey, preparing, changed, over))
        embedding.start()
        rounds = going_round(humphrey, over)
        rounds.start()
        complain(f"humphrey is at {settings.origin or f'http://{settings.host}:{settings.port}'}")
        try:
            app.serve(_services(humphrey, preparing), address)
        finally:
            over.set()
            changed.set()
            humphrey.library.stop()
            preparing.join()
            embedding.join()
            following.join()
            rounds.join()


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


COMMANDS = (serve, doctor)


def _services(humphrey: "Humphrey", preparing: Thread) -> "Services":
    """Return the services that the pages use."""
    from humphrey.web.services import Services

    return Services(
        drafting=humphrey.drafting,
        conversations=humphrey.conversations,
        clearance=humphrey.clearance,
        assignment=humphrey.assignment,
        instructions=humphrey.instructions,
        access=humphrey.access,
        ratings=humphrey.ratings,
        delivery=humphrey.delivery,
        library=humphrey.library,
        accounts=humphrey.accounts,
        curation=humphrey.curation,
        attachments=humphrey.attachments,
        notifications=humphrey.notifications,
        case_files=humphrey.case_files,
        disclosure=humphrey.disclosure,
        downloads=humphrey.downloads,
        audit=humphrey.audit,
        statistics=humphrey.statistics,
        refused_requests=humphrey.refused_requests,
        oidc=humphrey.oidc,
        ready=partial(_unready, humphrey, preparing),
    )


def _require_people(humphrey: "Humphrey") -> None:
    from humphrey.app.accounts import loopback

    known = humphrey.accounts.everyone() or humphrey.settings.oidc.roles
    if not loopback(humphrey.settings.host) and not known:
        raise SettingsError(
            f"HUMPHREY_HOST is {humphrey.settings.host}, which others can reach, and nobody has a password yet; "
            "add people with `humphrey users add NAME --role ROLE`, or serve on 127.0.0.1"
        )


def _index(humphrey: "Humphrey") -> None:
    from humphrey.cli.progress import bar

    with bar() as progress:
        done = humphrey.library.index(humphrey.guidance, progress=progress)
        refused = [*done.refused, *humphrey.curation.resume(progress)]
    for refusal in refused:
        complain(f"not indexed: {refusal.path}: {refusal.reason}")
    complain(f"{done.passages} passages are indexed")


def _prepare(humphrey: "Humphrey", first: bool) -> None:
    try:
        if first:
            _index(humphrey)
        humphrey.attachments.remove_leftovers()
        humphrey.warm()
    except HumphreyError as error:
        complain(f"not everything is ready: {error}")


def _follow(humphrey: "Humphrey", over: Event) -> None:
    """Index what another process fetches with `humphrey sync`, until `over` is set."""
    while True:
        try:
            humphrey.curation.index_after_sync()
        except HumphreyError as error:
            complain(f"what was fetched meanwhile is not known: {error}")
        if over.wait(_FOLLOW_S):
            return


def _embed_statements(humphrey: "Humphrey", preparing: Thread, changed: Event, over: Event) -> None:
    """Compute the vectors of the guidance's statements whenever it has changed, until `over` is set."""
    from humphrey.app.statement_vectors import give_way

    give_way()
    preparing.join()
    while True:
        # `over` is set before `changed`, so a look at it after clearing misses neither.
        changed.clear()
        # A model at an endpoint chooses statements itself.
        if humphrey.settings.model.base_url or over.wait(_SETTLED_S):
            return
        try:
            humphrey.statements.update(over)
        except HumphreyError as error:
            complain(f"the statements of the guidance are not embedded beforehand: {error}")
        changed.wait()


def _unready(humphrey: "Humphrey", preparing: Thread) -> list[str]:
    # A trial search would wait until the first indexing is done, but a readiness probe needs its answer at once.
    if preparing.is_alive():
        return ["humphrey is still getting ready: it indexes the guidance or loads its models"]
    return humphrey.ready()
