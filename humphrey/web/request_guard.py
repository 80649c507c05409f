"""Checks on every request and headers of every response: origin, size, and the browser's permissions.

A POST is accepted only from a page of this server, by its Origin header (against cross-site request forgery). A body
has a size limit. No response may load, send or be framed anywhere else.
"""

import asyncio
import logging
import traceback
from collections.abc import Callable, Collection
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from humphrey.errors import StoreError
from humphrey.web import layout

MAX_BODY_BYTES = 1_000_000
"""Largest body, in bytes. The longest question is a fiftieth of it; uploads have a route and a limit of their own."""


MAX_HEADER_BYTES = 32_000
"""Largest headers, in bytes; a browser sends a twentieth of it."""


POLICY = (
    "default-src 'none'; script-src {scripts}; style-src {styles}; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; media-src 'none'; object-src 'none'; frame-src 'none'; worker-src 'none'; "
    "manifest-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)
"""Content-Security-Policy, with placeholders for the sources of scripts and styles."""


STRICT_POLICY = POLICY.format(scripts="'none'", styles="'self'")
"""Policy of all responses but the Gradio pages: no script at all."""


SCRIPT_POLICY = POLICY.format(scripts="'self'", styles="'self'")
"""Policy of our own pages that run one of our script files."""


_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # "no-referrer" would send "Origin: null" with our own forms; this value tells other hosts as little.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), display-capture=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


_REASONS = {
    HTTPStatus.FORBIDDEN: "origin",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "size",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "headers",
    HTTPStatus.MISDIRECTED_REQUEST: "host",
}
"""Reason of a refusal, as written in the ledger."""


CountRefusal = Callable[[str, str], None]
"""Counts a refused request, with its client address and the reason in a word."""


_SAFE_METHODS = frozenset({"GET", "HEAD"})


logger = logging.getLogger(__name__)


def gradio_policy(nonce: str) -> str:
    """Return the policy of a Gradio page: our scripts and inline scripts with the nonce, without `eval`.

    Inline styles are allowed, because Gradio sets style attributes, which a nonce cannot cover.
    """
    return POLICY.format(scripts=f"'self' 'nonce-{nonce}'", styles="'self' 'unsafe-inline'")


class RequestGuard:
    """ASGI middleware around the whole server.

    Args:
        app: the application to guard.
        hosts: accepted `Host` values; empty to accept any.
        origin: public address of the server; empty if it is the request's own host.
        refused: counts a refused request, with its client address and the reason.
        streamed: paths whose handlers read and limit the body themselves.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Collection[str],
        origin: str,
        refused: CountRefusal,
        streamed: Collection[str] = (),
    ) -> None:
        self._app = app
        self._refused = refused
        self._hosts = frozenset(hosts)
        self._origin = origin.rstrip("/")
        self._streamed = frozenset(streamed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        answer = _Answer(send)
        refusal = self._refusal(scope["method"], headers)
        if refusal:
            await self._refuse(refusal, scope, receive, answer)
            return
        await self._pass(scope, receive, answer)

    async def _refuse(self, status: HTTPStatus, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        address = scope["client"][0] if scope.get("client") else ""
        try:
            await asyncio.to_thread(self._refused, address, _REASONS[status])
        except StoreError as error:
            # A refusal must not depend on the ledger; the failed entry is reported in the log.
            logger.error("refusal_not_entered", extra={"error": error_location(error)})
        await _error_response(status, scope)(scope, receive, answer)

    async def _pass(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            if scope["method"] not in _SAFE_METHODS and scope["path"] not in self._streamed:
                body = await read(receive)
                if body is None:
                    await self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, scope, receive, answer)
                    return
                receive = replay_body(body, receive)
            await self._app(scope, receive, answer)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - the last door: nobody is shown a traceback, and the server goes on
            logger.error("request_failed", extra={"path": scope["path"], "error": error_location(error)})
            if not answer.started:
                await _error_response(HTTPStatus.INTERNAL_SERVER_ERROR, scope)(scope, receive, answer)

    def _refusal(self, method: str, headers: Headers) -> HTTPStatus | None:
        if sum(len(name) + len(value) for name, value in headers.raw) > MAX_HEADER_BYTES:
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        host = headers.get("host", "")
        # DNS rebinding: a host name that an attacker points at this machine would make their page same-origin.
        if self._hosts and host not in self._hosts:
            return HTTPStatus.MISDIRECTED_REQUEST
        if method in _SAFE_METHODS or self._ours(headers.get("origin", ""), host):
            return None
        return HTTPStatus.FORBIDDEN

    def _ours(self, origin: str, host: str) -> bool:
        if self._origin:
            return origin == self._origin
        return bool(host) and origin in {f"http://{host}", f"https://{host}"}


class _Answer:
    """Sends a response with the headers that all responses carry."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            message = {**message, "headers": list(message["headers"])}
            headers = MutableHeaders(raw=message["headers"])
            for name, value in _HEADERS.items():
                headers[name] = value
            headers.setdefault("Content-Security-Policy", STRICT_POLICY)
            # A response with an ETag is a static file, the same for everybody; any other may hold personal data.
            headers.setdefault("Cache-Control", "no-cache" if "etag" in headers else "no-store")
        await self._send(message)


def error_location(error: BaseException) -> str:
    """Return the class of an error and the line that raised it, without its message."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    return type(error).__name__ + "".join(f" at {frame.filename}:{frame.lineno}" for frame in last)


async def read(receive: Receive) -> bytes | None:
    """Return the whole body of a request; None if it is larger than `MAX_BODY_BYTES`.

    Raises:
        ClientDisconnect: the sender disconnected before the end.
    """
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY_BYTES:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def replay_body(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that yields a body read earlier, and then the messages that follow."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def accepted_hosts(host: str, port: int, origin: str) -> frozenset[str]:
    """Return the accepted `Host` values; empty if the server listens beyond loopback without an origin."""
    if origin:
        return frozenset({urlsplit(origin).netloc, f"127.0.0.1:{port}", f"localhost:{port}"})
    if host not in {"127.0.0.1", "localhost", "::1"}:
        return frozenset()
    return frozenset({f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"})


_SENTENCES = {
    HTTPStatus.FORBIDDEN: "This did not come from a page of humphrey. Open humphrey in this browser and try again.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "That is more than humphrey takes in at once. Shorten it and try again.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "Your browser sent too much with this. Clear its cookies for humphrey.",
    HTTPStatus.MISDIRECTED_REQUEST: "Humphrey does not answer to this name. Use the address it was started with.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong on our side. Nothing was released. Try again.",
}


def _error_response(status: HTTPStatus, scope: Scope) -> Response:
    if scope["path"].startswith("/api/"):
        return JSONResponse({"error": _SENTENCES[status]}, status.value)
    return HTMLResponse(layout.message_page("Humphrey could not do that", _SENTENCES[status]), status.value)
