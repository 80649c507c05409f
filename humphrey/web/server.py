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
from typing import Annotated

import uvicorn
from fastapi import FastAPI, Form, Request
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from humphrey.attached import Attached
from humphrey.core.guidance import Lookup
from humphrey.core.people import Person
from humphrey.curator import Curator
from humphrey.desk import Desk
from humphrey.errors import IdentityError, SettingsError
from humphrey.library import Library
from humphrey.people import People
from humphrey.web import attachments, frame, guidance
from humphrey.web.guard import Guard, own_hosts
from humphrey.web.pages import COOKIE, Pages

Ready = Callable[[], list[str]]
"""Why the server is not ready, one sentence each; empty when it is."""

_STATIC = Path(__file__).with_name("static")

logger = logging.getLogger(__name__)


def serve(
    desk: Desk,
    library: Library,
    people: People,
    curator: Curator,
    attached: Attached,
    *,
    host: str,
    port: int,
    origin: str,
    session_hours: int,
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
            host=host,
            port=listening.getsockname()[1],
            origin=origin,
            session_hours=session_hours,
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
    host: str,
    port: int,
    origin: str,
    session_hours: int,
    ready: Ready,
) -> FastAPI:
    """The server as an ASGI application; its lifespan makes the Gradio pages."""
    pages = Pages(partial(_gradio, desk, library.document, attached), people.who)
    app = FastAPI(lifespan=partial(_lifespan, pages), docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(
        Guard, hosts=own_hosts(host, port, origin), origin=origin, streamed={guidance.UPLOAD, attachments.ATTACH}
    )
    app.add_exception_handler(AnyHTTPException, _not_here)
    app.mount("/static", StaticFiles(directory=_STATIC))
    _add_sign_in(app, pages, people, secure=origin.startswith("https://"), session_s=session_hours * 3600)
    _add_health(app, pages, ready)
    guidance.add(app, pages, library, curator, attached)
    attachments.add(app, pages, desk, attached)
    app.mount("", pages)
    return app


def _gradio(desk: Desk, lookup: Lookup, attached: Attached) -> FastAPI:
    from humphrey.web.blocks import mount

    async def mounted() -> FastAPI:
        return mount(desk, lookup, attached)

    # For every lock that Gradio makes where no event loop runs, it opens one and leaves it open.
    return asyncio.run(mounted())


@asynccontextmanager
async def _lifespan(pages: Pages, _app: FastAPI) -> AsyncIterator[None]:
    running = asyncio.create_task(pages.run())
    yield
    pages.close()
    with suppress(asyncio.CancelledError):
        await running


def _add_sign_in(app: FastAPI, pages: Pages, people: People, *, secure: bool, session_s: int) -> None:
    @app.get("/")
    async def home(request: Request) -> Response:
        return _go("/ask" if await pages.person(request) else "/sign-in")

    @app.get("/sign-in")
    def sign_in_page(next: str = "/ask") -> Response:
        return HTMLResponse(frame.sign_in(_stand_ins(people), _onwards(next)))

    @app.post("/sign-in")
    def sign_in(
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "/ask",
    ) -> Response:
        address = request.client.host if request.client else ""
        try:
            token = (
                people.sign_in_demonstration(name, address)
                if people.demonstration
                else people.sign_in(name, password, address)
            )
        except IdentityError as error:
            page = frame.sign_in(_stand_ins(people), _onwards(next), str(error), name)
            return HTMLResponse(page, HTTPStatus.UNAUTHORIZED)
        answer = _go(_onwards(next))
        answer.set_cookie(COOKIE, token, max_age=session_s, httponly=True, samesite="lax", secure=secure, path="/")
        return answer

    @app.post("/sign-out")
    def sign_out(request: Request) -> Response:
        if token := request.cookies.get(COOKIE):
            people.sign_out(token)
        answer = _go("/sign-in")
        answer.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=secure, path="/")
        return answer


def _add_health(app: FastAPI, pages: Pages, ready: Ready) -> None:
    @app.get("/healthz")
    async def alive() -> Response:
        return JSONResponse({"alive": True})

    @app.get("/readyz")
    def usable() -> Response:
        reasons = [*ready(), *([pages.trouble] if pages.trouble else [])]
        status = HTTPStatus.SERVICE_UNAVAILABLE if reasons else HTTPStatus.OK
        return JSONResponse({"ready": not reasons, "reasons": reasons}, status)


async def _not_here(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, AnyHTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    if status == HTTPStatus.SEE_OTHER and isinstance(error, AnyHTTPException) and error.headers:
        return _go(error.headers["Location"])
    if request.url.path.startswith("/gradio_api/"):
        return JSONResponse({"detail": getattr(error, "detail", "")}, status)
    said = "Humphrey has no such page, or no longer holds it." if status == HTTPStatus.NOT_FOUND else _reason(status)
    return HTMLResponse(frame.message("There is nothing here", said), status)


def _reason(status: int) -> str:
    return f"Humphrey does not do that here ({HTTPStatus(status).phrase.lower()})."


def _stand_ins(people: People) -> list[Person]:
    return people.everyone() if people.demonstration else []


def _onwards(wanted: str) -> str:
    # Only to a page of ours: an address of somebody else's must not follow a sign-in.
    return wanted if wanted in frame.PAGES else "/ask"


def _go(where: str) -> Response:
    return RedirectResponse(where, HTTPStatus.SEE_OTHER)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SettingsError(
            f"cannot serve on {host}:{port}: {reason}; stop what uses it, or set HUMPHREY_HOST or HUMPHREY_PORT"
        ) from None
