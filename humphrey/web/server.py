"""The server: sign-in, health and documents at once; the Gradio pages as soon as they are made.

Importing Gradio takes seconds, so it happens in a thread behind the sign-in page.
"""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from http import HTTPStatus
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from humphrey.attached import Attached
from humphrey.auditing import Auditing
from humphrey.casefile import CaseFiles
from humphrey.core.guidance import Lookup
from humphrey.core.people import Person
from humphrey.curator import Curator
from humphrey.desk import Desk
from humphrey.disclosing import Disclosing
from humphrey.errors import SettingsError, StoreError
from humphrey.exporting import Exports
from humphrey.library import Library
from humphrey.notices import Notices
from humphrey.people import People
from humphrey.reading import Readings
from humphrey.refusals import Refusals
from humphrey.vouching import Vouching
from humphrey.web import (
    attachments,
    case,
    desk_api,
    disclosure,
    exporting,
    figures,
    frame,
    guidance,
    record,
    review_pages,
    signing,
)
from humphrey.web import people as people_routes
from humphrey.web.guard import Guard, own_hosts, where
from humphrey.web.pages import Pages

Ready = Callable[[], list[str]]
"""Why the server is not ready, one sentence each; empty when it is."""

_STATIC = Path(__file__).with_name("static")

_COUNT_EVERY_S = 15

logger = logging.getLogger(__name__)


def serve(
    desk: Desk,
    library: Library,
    people: People,
    curator: Curator,
    attached: Attached,
    *,
    notices: Notices,
    cases: CaseFiles,
    disclosing: Disclosing,
    exports: Exports,
    auditing: Auditing,
    readings: Readings,
    host: str,
    port: int,
    origin: str,
    session_hours: int,
    refusals: Refusals,
    vouching: Vouching | None,
    ready: Ready,
) -> None:
    """Serve the pages until the process is told to stop.

    Raises:
        SettingsError: the address is in use or not this machine's.
    """
    with _listen(host, port) as listening:
        app = build(
            desk,
            library,
            people,
            curator,
            attached,
            notices=notices,
            cases=cases,
            disclosing=disclosing,
            exports=exports,
            auditing=auditing,
            readings=readings,
            host=host,
            port=listening.getsockname()[1],
            origin=origin,
            session_hours=session_hours,
            refusals=refusals,
            vouching=vouching,
            ready=ready,
        )
        uvicorn.Server(uvicorn_config(app, origin)).run(sockets=[listening])


def uvicorn_config(app: FastAPI, origin: str) -> uvicorn.Config:
    """How the application is run."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        # The other parser that may be installed keeps headers without end until the last one has come.
        http="h11",
        # A forwarded address is believed only where a proxy is said to stand in front.
        proxy_headers=bool(origin),
        timeout_graceful_shutdown=3,
    )


def build(
    desk: Desk,
    library: Library,
    people: People,
    curator: Curator,
    attached: Attached,
    *,
    notices: Notices,
    cases: CaseFiles,
    disclosing: Disclosing,
    exports: Exports,
    auditing: Auditing,
    readings: Readings,
    host: str,
    port: int,
    origin: str,
    session_hours: int,
    refusals: Refusals,
    vouching: Vouching | None,
    ready: Ready,
) -> FastAPI:
    """The server as an ASGI application; its lifespan makes the Gradio pages."""
    pages = Pages(partial(_gradio, desk, library.document, attached), partial(_visitor, people, notices), refusals.note)
    app = FastAPI(lifespan=partial(_lifespan, pages, refusals), docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(
        Guard,
        hosts=own_hosts(host, port, origin),
        origin=origin,
        refused=refusals.note,
        streamed={guidance.UPLOAD, attachments.ATTACH},
    )
    app.add_exception_handler(AnyHTTPException, _not_here)
    app.mount("/static", StaticFiles(directory=_STATIC))
    signing.add(app, pages, people, vouching, refusals, origin=origin, session_s=session_hours * 3600)
    people_routes.add(app, pages, people, desk.papers)
    _add_health(app, pages, ready, auditing.warnings)
    guidance.add(app, pages, library, curator, attached)
    attachments.add(app, pages, desk, attached)
    desk_api.add(app, pages, desk, notices, readings.note)
    figures.add(app, pages, readings, desk.papers)
    record.add(app, pages, auditing)
    exporting.add(app, pages, exports)
    review_pages.add(app, pages, desk, library.document, notices, cases)
    case.add(app, pages, cases)
    disclosure.add(app, pages, disclosing, desk.papers)
    app.mount("", pages)
    return app


def _visitor(people: People, notices: Notices, token: str, *, acting: bool = True) -> Person | None:
    """Who is behind a session, with what the header of every page tells them."""
    person = people.who(token, acting=acting)
    return frame.Visitor(**vars(person), unread=notices.unread(person.name)) if person else None


def _gradio(desk: Desk, lookup: Lookup, attached: Attached) -> FastAPI:
    from humphrey.web.blocks import mount

    async def mounted() -> FastAPI:
        return mount(desk, lookup, attached)

    # For every lock that Gradio makes where no event loop runs, it opens one and leaves it open.
    return asyncio.run(mounted())


@asynccontextmanager
async def _lifespan(pages: Pages, refusals: Refusals, _app: FastAPI) -> AsyncIterator[None]:
    running, counting = asyncio.create_task(pages.run()), asyncio.create_task(_count(refusals))
    yield
    pages.close()
    counting.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(running, counting)
    await asyncio.to_thread(refusals.flush, over=True)


async def _count(refusals: Refusals) -> None:
    """Enter what was refused at the door, a count a minute."""
    while True:
        await asyncio.sleep(_COUNT_EVERY_S)
        try:
            await asyncio.to_thread(refusals.flush)
        except StoreError as error:
            logger.error("refusals_not_entered", extra={"error": where(error)})


def _add_health(app: FastAPI, pages: Pages, ready: Ready, warned: Callable[[], list[str]]) -> None:
    @app.get("/healthz")
    async def alive() -> Response:
        return JSONResponse({"alive": True})

    @app.get("/readyz")
    def usable() -> Response:
        reasons = [*ready(), *([pages.trouble] if pages.trouble else [])]
        status = HTTPStatus.SERVICE_UNAVAILABLE if reasons else HTTPStatus.OK
        return JSONResponse({"ready": not reasons, "reasons": reasons, "warnings": warned()}, status)


async def _not_here(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, AnyHTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    if status == HTTPStatus.SEE_OTHER and isinstance(error, AnyHTTPException) and error.headers:
        return signing.go(error.headers["Location"])
    if request.url.path.startswith("/api/"):
        where = request.url.path[:200]
        return JSONResponse({"error": f"there is nothing at {where}; GET /api/openapi.json lists what is"}, status)
    if request.url.path.startswith("/gradio_api/"):
        return JSONResponse({"detail": getattr(error, "detail", "")}, status)
    said = "Humphrey has no such page, or no longer holds it." if status == HTTPStatus.NOT_FOUND else _reason(status)
    return HTMLResponse(frame.message("There is nothing here", said), status)


def _reason(status: int) -> str:
    return f"Humphrey does not do that here ({HTTPStatus(status).phrase.lower()})."


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SettingsError(
            f"cannot serve on {host}:{port}: {reason}; stop what uses it, or set HUMPHREY_HOST or HUMPHREY_PORT"
        ) from None
