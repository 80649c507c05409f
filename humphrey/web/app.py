"""The HTTP server: it answers sign-in, health and document requests at once, and the Gradio pages when they are built.

Importing Gradio takes seconds, so a thread builds the Gradio pages while sign-in already works.
"""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from humphrey.accounts.model import Person
from humphrey.accounts.refused_requests import RefusedRequests
from humphrey.accounts.service import Accounts
from humphrey.clearance.notifications.service import Notifications
from humphrey.errors import PasswordToChange, SettingsError, StoreError
from humphrey.network_addresses import LOOPBACK, Network
from humphrey.web import layout
from humphrey.web.accounts import people_routes, sign_in
from humphrey.web.accounts.people_routes import CHANGE_PASSWORD
from humphrey.web.api import routes as api_routes
from humphrey.web.ask import attachments, history, suggestions
from humphrey.web.clearance import outbox_page
from humphrey.web.clearance import routes as clearance_routes
from humphrey.web.edge.connections import Limits, connection_class
from humphrey.web.edge.proxies import TrustedProxies
from humphrey.web.edge.references import References
from humphrey.web.gradio_mount import GradioMount
from humphrey.web.guidance import routes as guidance_routes
from humphrey.web.home import routes as home_routes
from humphrey.web.papers import handlers as paper_routes
from humphrey.web.records import case_file_routes, disclosure_routes, download_routes, record_routes, statistics_page
from humphrey.web.request_guard import RequestGuard, accepted_hosts, error_location
from humphrey.web.services import Address, Ready, Services

_STATIC = Path(__file__).with_name("static")


_LIMITS = Limits()


# A quarter of a minute: the service closes a count each minute, so an entry is at most 15 seconds late.
_FLUSH_EVERY_S = 15


logger = logging.getLogger(__name__)


def serve(services: Services, address: Address) -> None:
    """Serve the pages until the process is stopped.

    Raises:
        SettingsError: the address is in use or does not belong to this machine.
    """
    with _listen(address.host, address.port) as listening:
        app = build(services, replace(address, port=listening.getsockname()[1]))
        uvicorn.Server(uvicorn_config(app, address.origin, address.trusted_proxies)).run(sockets=[listening])


def uvicorn_config(
    app: FastAPI, origin: str, proxies: Collection[Network] = LOOPBACK, limits: Limits = _LIMITS
) -> uvicorn.Config:
    """Return the uvicorn configuration of the application.

    Args:
        app: the application.
        origin: the address behind a proxy; without one there is no proxy, and none is believed.
        proxies: addresses of the trusted proxies.
        limits: deadlines and limits of connections.
    """
    return uvicorn.Config(
        TrustedProxies(app, proxies if origin else ()),
        log_config=None,
        access_log=False,
        server_header=False,
        # The alternative parser (httptools) stores headers without limit until the last one has arrived.
        http=connection_class(limits, proxies),
        # No page uses web sockets, and uvicorn would log a traceback for strangers who open one.
        ws="none",
        # uvicorn's own reading of forwarded headers would follow a variable of its own instead of our setting.
        proxy_headers=False,
        timeout_graceful_shutdown=3,
    )


def build(services: Services, address: Address) -> FastAPI:
    """Return the server as an ASGI application; its lifespan builds the Gradio pages."""
    people, notices, refusals, cases = (
        services.accounts,
        services.notifications,
        services.refused_requests,
        services.case_files,
    )
    papers, attached, origin = services.drafting.papers, services.attachments, address.origin
    pages = GradioMount(
        partial(_gradio, services),
        partial(_visitor, people, notices),
        people.visitor,
        refusals.record,
        secure=origin.startswith("https://"),
    )
    app = FastAPI(lifespan=partial(_lifespan, pages, refusals), docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(References, id_of=services.clearance.id_of)
    app.add_middleware(
        RequestGuard,
        hosts=accepted_hosts(address.host, address.port, origin),
        origin=origin,
        refused=refusals.record,
        streamed={guidance_routes.UPLOAD, attachments.ATTACH, paper_routes.FILE},
    )
    app.add_exception_handler(AnyHTTPException, _not_here)
    app.add_exception_handler(PasswordToChange, _password_first)
    # Our own files hold nothing personal, so compressing them tells an eavesdropper nothing by their length.
    app.mount("/static", GZipMiddleware(StaticFiles(directory=_STATIC)))
    session_s = address.session_hours * 3600
    sign_in.add_routes(app, pages, people, services.oidc, refusals, origin=origin, session_s=session_s)
    people_routes.add_routes(app, pages, people, papers)
    home_routes.add_routes(app, pages, services)
    _add_health(app, pages, services.ready, services.audit.warnings)
    guidance_routes.add_routes(app, pages, services.library, services.curation, services.access)
    attachments.add_routes(app, pages, services.conversations, attached)
    paper_routes.add_routes(app, pages, services)
    history.add_routes(app, pages, services.conversations, attached)
    offered = suggestions.Suggestions(services.library, services.access, services.conversations)
    suggestions.add_routes(app, pages, offered)
    acting = services.clearance, services.assignment, services.instructions
    api_routes.add_routes(app, pages, *acting, notices, services.ratings, services.statistics.note)
    statistics_page.add_routes(app, pages, services.statistics, papers)
    record_routes.add_routes(app, pages, services.audit)
    download_routes.add_routes(app, pages, services.downloads)
    clearance_routes.add_routes(app, pages, services)
    outbox_page.add_routes(app, pages, services.delivery, services.access.clears)
    case_file_routes.add_routes(app, pages, cases, lambda held: services.clearance.review(held).name)
    disclosure_routes.add_routes(app, pages, services.disclosure, papers)
    app.mount("", pages)
    return app


def _visitor(people: Accounts, notices: Notifications, token: str, *, acting: bool = True) -> Person | None:
    """Return the person of a session, with the number of unread notices for the page header.

    Raises:
        PasswordToChange: they must first change the password that another person gave them.
    """
    person = people.visitor(token, acting=acting)
    return layout.Visitor(**vars(person), unread=notices.unread(person.name)) if person else None


def _gradio(services: Services) -> FastAPI:
    from humphrey.web.gradio_app import mount

    async def mounted() -> FastAPI:
        return mount(services)

    # Outside a running event loop, Gradio opens a new loop for each lock and never closes it.
    return asyncio.run(mounted())


@asynccontextmanager
async def _lifespan(pages: GradioMount, refusals: RefusedRequests, _app: FastAPI) -> AsyncIterator[None]:
    running, counting = asyncio.create_task(pages.run()), asyncio.create_task(_count(refusals))
    yield
    pages.close()
    counting.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(running, counting)
    await asyncio.to_thread(refusals.flush, over=True)


async def _count(refusals: RefusedRequests) -> None:
    """Write the counts of refused requests to the ledger at intervals."""
    while True:
        await asyncio.sleep(_FLUSH_EVERY_S)
        try:
            await asyncio.to_thread(refusals.flush)
        except StoreError as error:
            logger.error("refusals_not_entered", extra={"error": error_location(error)})


def _add_health(app: FastAPI, pages: GradioMount, ready: Ready, warned: Callable[[], list[str]]) -> None:
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
        return sign_in.redirect(error.headers["Location"])
    if request.url.path.startswith("/api/"):
        where = request.url.path[:200]
        wrong = "there is nothing" if status == HTTPStatus.NOT_FOUND else f"{request.method} is not answered"
        return JSONResponse({"error": f"{wrong} at {where}; GET /api/openapi.json lists what is"}, status)
    if request.url.path.startswith("/gradio_api/"):
        return JSONResponse({"detail": getattr(error, "detail", "")}, status)
    if status == HTTPStatus.FORBIDDEN:
        return HTMLResponse(layout.forbidden_page(), status)
    said = "Humphrey has no such page, or no longer holds it." if status == HTTPStatus.NOT_FOUND else _reason(status)
    return HTMLResponse(layout.message_page("There is nothing here", said), status)


async def _password_first(request: Request, error: Exception) -> Response:
    path = request.url.path
    if path.startswith(("/api/", "/gradio_api/")):
        return JSONResponse({"error" if path.startswith("/api/") else "detail": str(error)}, HTTPStatus.FORBIDDEN)
    return sign_in.redirect(CHANGE_PASSWORD)


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
