"""Gradio behind our own pages: it renders inside our layout, and only the routes that the pages need are reachable.

Gradio answers many more routes (uploads, files, proxies, calls by name, editing its own source); any route outside the
list below returns 404. A Gradio session hash belongs to the person who used it first.
"""

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from typing import Protocol
from urllib.parse import parse_qs

from fastapi import FastAPI, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Message, Receive, Scope, Send

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may
from humphrey.web import layout
from humphrey.web.edge.page_calls import PageCall, read_call, session_hash
from humphrey.web.event_streams import CurrentPerson, SessionStream
from humphrey.web.request_guard import CountRefusal, error_location, gradio_policy, read, replay_body

COOKIE = "humphrey_session"
"""Session cookie; it holds only a random token."""


SECURE_PREFIX = "__Host-"
"""Prefix of cookies behind TLS: a browser takes them only over TLS, from this host alone and for all its paths."""


AUTOMATIC_HEADER = "x-humphrey-by-itself"
"""Header of a request that a script sends by itself; such a request does not extend the session."""


MAX_HASHES = 20_000
"""Number of Gradio session hashes remembered with their person; the oldest are forgotten."""


_PREFIX = "/gradio_api/"


_HEARTBEAT = "heartbeat/"


_SERVER = "app_id"
"""What a page asks for after its connection broke, until it is answered; then the page loads itself anew."""


logger = logging.getLogger(__name__)


class PersonOfSession(Protocol):
    """Returns the person of a session token; None if there is none."""

    def __call__(self, token: str, *, acting: bool = True) -> Person | None:
        """Return the person; `acting` is False for a request that a page sends by itself."""


class GradioMount:
    """ASGI application of the Gradio pages.

    Args:
        build: builds the Gradio application; slow, since it imports Gradio.
        who: returns the person of a session token for a page, None if there is none.
        caller: the same for a call of a page, which shows no header and needs less.
        refused: counts a refused request, with its client address and the reason.
        secure: whether browsers come over TLS, so that the cookie is for this host alone.
    """

    def __init__(
        self,
        build: Callable[[], FastAPI],
        who: PersonOfSession,
        caller: PersonOfSession,
        refused: CountRefusal,
        *,
        secure: bool = False,
    ) -> None:
        self.cookie = f"{SECURE_PREFIX}{COOKIE}" if secure else COOKIE
        self._build = build
        self._who = who
        self._caller = caller
        self._refused = refused
        self._by_itself: frozenset[int] = frozenset()
        self._inputs: dict[int, int] = {}
        self._leave: Callable[[str], None] = _keep
        self._inner: FastAPI | None = None
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._closing = asyncio.Event()
        self.trouble = "the pages are still being made; wait a few seconds"

    async def run(self) -> None:
        """Build the pages in a thread and serve them until `close`."""
        try:
            inner = await asyncio.to_thread(self._build)
            async with inner.router.lifespan_context(inner):
                self._by_itself = getattr(inner.state, "by_itself", self._by_itself)
                self._inputs = getattr(inner.state, "inputs", self._inputs)
                self._leave = getattr(inner.state, "leave", self._leave)
                self._inner, self.trouble = inner, ""
                logger.info("pages_ready")
                await self._closing.wait()
        except Exception as error:
            self.trouble = (
                f"the pages could not be made ({error_location(error)}); `humphrey doctor` looks for the cause"
            )
            logger.exception("pages_failed")

    def close(self) -> None:
        """Stop serving the pages."""
        self._closing.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; 404 for any route that the pages do not need."""
        path, method = scope["path"], scope["method"]
        if path in layout.PAGES and method in {"GET", "HEAD"}:
            await self._page(scope, receive, send)
        elif path.startswith("/assets/") or path == "/theme.css":
            await self._asset(scope, receive, send)
        elif path.startswith(_PREFIX):
            await self._call(scope, receive, send)
        else:
            raise HTTPException(HTTPStatus.NOT_FOUND)

    def token(self, request: Request) -> str:
        """Return the session token of a request; empty if it has none."""
        return request.cookies.get(self.cookie, "")

    async def person(self, request: Request, *, acting: bool = True) -> Person | None:
        """Return the person of a request; a request with the header `BY_ITSELF` does not extend the session."""
        return await self._person(self._who, request, acting=acting)

    async def _person(self, who: PersonOfSession, request: Request, *, acting: bool) -> Person | None:
        token, by_itself = self.token(request), AUTOMATIC_HEADER in request.headers
        return await run_in_threadpool(who, token, acting=acting and not by_itself) if token else None

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        person = await self.person(Request(scope))
        answer: Response
        if person is None:
            answer = RedirectResponse(f"/sign-in?next={path}", HTTPStatus.SEE_OTHER)
        elif path == "/clear" and not may(person, "clear"):
            said = f"You are signed in as {person.name}. To clear drafts you need the reviewer role."
            answer = HTMLResponse(layout.forbidden_page(said), HTTPStatus.FORBIDDEN)
        elif self._inner is None:
            answer = HTMLResponse(layout.starting_page(), HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "1"})
        else:
            answer = await self._framed(self._inner, _request_for_gradio(scope, person, lambda: person), person)
        await answer(scope, receive, send)

    async def _framed(self, inner: FastAPI, scope: Scope, person: Person) -> Response:
        parts: list[bytes] = []

        async def collect(message: Message) -> None:
            parts.append(message.get("body", b""))

        await inner(scope, _nothing, collect)
        nonce = secrets.token_urlsafe(16)
        html = layout.gradio_page(b"".join(parts).decode(), person, scope["path"], nonce)
        return HTMLResponse(html, headers={"Content-Security-Policy": gradio_policy(nonce)})

    async def _asset(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._inner is None:
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE)
        inner = self._inner

        async def lasting(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
                # An asset's name or address contains a digest of its content, so a browser may keep it for a year.
                MutableHeaders(raw=message["headers"])["Cache-Control"] = "private, max-age=31536000, immutable"
            await send(message)

        await inner(scope, receive, lasting)

    async def _call(self, scope: Scope, receive: Receive, send: Send) -> None:
        rest, method = scope["path"].removeprefix(_PREFIX), scope["method"]
        body = (await read(receive) if method == "POST" else b"") or b""
        request = Request(scope)
        # Who is not signed in learns nothing of what a call must look like, so a bad one is refused below.
        call = self._read(method, rest, scope["query_string"], body)
        acting = method == "POST" and call.handler not in self._by_itself
        person = await self._person(self._caller, request, acting=acting)
        if self._inner is None or person is None:
            raise HTTPException(HTTPStatus.UNAUTHORIZED, "Your sign-in has ended. Reload this page and sign in again.")
        if call.session_hash and not self._owned(call.session_hash, person.name):
            await asyncio.to_thread(self._refused, request.client.host if request.client else "", "session")
            raise HTTPException(HTTPStatus.FORBIDDEN, "Another person signed in here meanwhile. Reload this page.")
        if call.fault:
            raise call.fault
        still = partial(self._caller, self.token(request), acting=False)
        inner = partial(self._inner, _request_for_gradio(scope, person, still))
        if method == "POST":
            await inner(replay_body(call.body, receive), send)
        else:
            await self._streamed(rest, call.session_hash, SessionStream(receive, send, still).run(inner))

    async def _streamed(self, rest: str, session_hash: str, stream: Awaitable[None]) -> None:
        """Answer with a stream. A window holds its heartbeat open until it is closed, and then its state is dropped."""
        try:
            await stream
        finally:
            if rest.startswith(_HEARTBEAT):
                self._leave(session_hash)

    def _read(self, method: str, rest: str, query: bytes, body: bytes) -> PageCall:
        """Read a call; one that no page makes has a fault."""
        try:
            if method == "POST" and rest in {"queue/join", "reset", "cancel"}:
                return read_call(body, self._inputs if rest == "queue/join" else None)
            if method == "GET" and rest == "queue/data":
                return PageCall(session_hash(parse_qs(query.decode("latin-1")).get("session_hash", [""])[0]))
            if method == "GET" and rest == "app_id":
                # After a gap in the network a page asks whether this is still the server that it came from.
                return PageCall("")
            if method == "GET" and rest.startswith(_HEARTBEAT):
                return PageCall(session_hash(rest.removeprefix(_HEARTBEAT)))
            if method == "GET" and rest == _SERVER:
                return PageCall("")
        except HTTPException as fault:
            return PageCall("", fault=fault)
        return PageCall("", fault=HTTPException(HTTPStatus.NOT_FOUND))

    def _owned(self, session_hash: str, name: str) -> bool:
        owner = self._owners.setdefault(session_hash, name)
        self._owners.move_to_end(session_hash)
        if len(self._owners) > MAX_HASHES:
            self._owners.popitem(last=False)
        return owner == name


def _request_for_gradio(scope: Scope, person: Person, still: CurrentPerson) -> Scope:
    """Return the request for Gradio, with its person, and without compression because we rewrite the answer."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": headers, "state": {**scope.get("state", {}), "person": person, "still": still}}


def _keep(_session_hash: str) -> None:
    """Drop nothing, before the pages are made."""


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}
