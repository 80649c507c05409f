"""The door to Gradio: its pages inside our frame, and of its routes only the few that the pages need.

Gradio answers many more routes than these pages use (uploads, files, proxies, calls by name, editing its own source);
whatever is not on the list below does not exist here. Gradio's session hash, which a page's calls are tied to, belongs
to the person who first used it.
"""

import asyncio
import json
import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import parse_qs

from fastapi import FastAPI, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Message, Receive, Scope, Send

from humphrey.core.people import Person
from humphrey.core.rights import may
from humphrey.web import frame
from humphrey.web.guard import gradio_policy, read, replay, where

COOKIE = "humphrey_session"
"""The cookie that holds the session's random token, and nothing else."""

MAX_HASHES = 20_000
"""How many Gradio sessions are remembered with their person; the oldest are forgotten."""

_PREFIX = "/gradio_api/"

logger = logging.getLogger(__name__)


class Pages:
    """ASGI application of the Gradio pages.

    Args:
        build: makes the Gradio application; slow, since it imports Gradio.
        who: the person of a session token, None when there is none.
    """

    def __init__(self, build: Callable[[], FastAPI], who: Callable[[str], Person | None]) -> None:
        self._build = build
        self._who = who
        self._inner: FastAPI | None = None
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._closing = asyncio.Event()
        self.trouble = "the pages are still being made; wait a few seconds"

    async def run(self) -> None:
        """Make the pages in a thread and keep them until `close`."""
        try:
            inner = await asyncio.to_thread(self._build)
            async with inner.router.lifespan_context(inner):
                self._inner, self.trouble = inner, ""
                logger.info("pages_ready")
                await self._closing.wait()
        except Exception as error:
            self.trouble = f"the pages could not be made ({where(error)}); `humphrey doctor` looks for the cause"
            logger.exception("pages_failed")

    def close(self) -> None:
        """Let the pages go."""
        self._closing.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; 404 for whatever the pages do not need."""
        path, method = scope["path"], scope["method"]
        if path in frame.PAGES and method in {"GET", "HEAD"}:
            await self._page(scope, receive, send)
        elif path.startswith("/assets/") or path == "/theme.css":
            await self._asset(scope, receive, send)
        elif path.startswith(_PREFIX):
            await self._call(scope, receive, send)
        else:
            raise HTTPException(HTTPStatus.NOT_FOUND)

    async def person(self, request: Request) -> Person | None:
        """Who is signed in where this request comes from."""
        token = request.cookies.get(COOKIE)
        return await run_in_threadpool(self._who, token) if token else None

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        person = await self.person(Request(scope))
        answer: Response
        if person is None:
            answer = RedirectResponse(f"/sign-in?next={path}", HTTPStatus.SEE_OTHER)
        elif path == "/clear" and not may(person, "clear"):
            said = f"You are signed in as {person.name}. To clear drafts you need the reviewer role."
            answer = HTMLResponse(frame.message("You need the reviewer role", said), HTTPStatus.FORBIDDEN)
        elif self._inner is None:
            answer = HTMLResponse(frame.starting(), HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "1"})
        else:
            answer = await self._framed(self._inner, _bare(scope, person), person)
        await answer(scope, receive, send)

    async def _framed(self, inner: FastAPI, scope: Scope, person: Person) -> Response:
        parts: list[bytes] = []

        async def collect(message: Message) -> None:
            parts.append(message.get("body", b""))

        await inner(scope, _nothing, collect)
        nonce = secrets.token_urlsafe(16)
        html = frame.gradio(b"".join(parts).decode(), person, scope["path"], nonce)
        return HTMLResponse(html, headers={"Content-Security-Policy": gradio_policy(nonce)})

    async def _asset(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._inner is None:
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE)
        inner = self._inner

        async def lasting(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
                # The name of an asset contains a digest of it, and the style sheet's address does.
                MutableHeaders(raw=message["headers"])["Cache-Control"] = "private, max-age=31536000, immutable"
            await send(message)

        await inner(scope, receive, lasting)

    async def _call(self, scope: Scope, receive: Receive, send: Send) -> None:
        rest = scope["path"].removeprefix(_PREFIX)
        person = await self.person(Request(scope))
        if self._inner is None or person is None:
            raise HTTPException(HTTPStatus.UNAUTHORIZED, "Your sign-in has ended. Reload this page and sign in again.")
        body = await read(receive) if scope["method"] == "POST" else b""
        session_hash = _session_hash(scope["method"], rest, scope["query_string"].decode("latin-1"), body or b"")
        if not session_hash:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        if not self._owned(session_hash, person.name):
            raise HTTPException(HTTPStatus.FORBIDDEN, "Somebody else signed in here meanwhile. Reload this page.")
        await self._inner(_bare(scope, person), replay(body or b"", receive), send)

    def _owned(self, session_hash: str, name: str) -> bool:
        owner = self._owners.setdefault(session_hash, name)
        self._owners.move_to_end(session_hash)
        if len(self._owners) > MAX_HASHES:
            self._owners.popitem(last=False)
        return owner == name


def _session_hash(method: str, rest: str, query: str, body: bytes) -> str:
    """The Gradio session of a call the pages make; empty for any other call."""
    if (method, rest) == ("GET", "queue/data"):
        return parse_qs(query).get("session_hash", [""])[0]
    if method == "GET" and rest.startswith("heartbeat/"):
        return rest.removeprefix("heartbeat/")
    if method == "POST" and rest in {"queue/join", "reset", "cancel"}:
        return _field(body, "session_hash")
    return ""


def _field(body: bytes, name: str) -> str:
    try:
        said = json.loads(body)
    except ValueError:
        return ""
    value = said.get(name) if isinstance(said, dict) else None
    return value if isinstance(value, str) else ""


def _bare(scope: Scope, person: Person) -> Scope:
    """The request as Gradio gets it: with the person we found, and asking for no compression of what we rewrite."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": headers, "state": {**scope.get("state", {}), "person": person}}


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}
