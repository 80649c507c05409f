"""Checks on every request and headers of every response: origin, size, and the browser's permissions.

A POST is accepted only from a page of this server, by its Origin header (against cross-site request forgery). A body
has a size limit. No response may load, send or be framed anywhere else.
"""

import asyncio
import logging
import traceback
from collections.abc import Callable, Collection
from dataclasses import dataclass
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


_HSTS = "max-age=31536000"
"""Strict-Transport-Security, in seconds: for a year, a browser that came over TLS does not come without it again."""


@dataclass(frozen=True)
class _Refusal:
    """Why a request is refused: its status, the reason in the ledger, and the sentence for the person."""

    status: HTTPStatus
    reason: str
    sentence: str


_ORIGIN = _Refusal(
    HTTPStatus.FORBIDDEN,
    "origin",
    "This did not come from a page of humphrey. Open humphrey in this browser and try again.",
)
_SIZE = _Refusal(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "size",
    "That is more than humphrey takes in at once. Shorten it and try again.",
)
_HEADER_SIZE = _Refusal(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "headers",
    "Your browser sent too much with this. Clear its cookies for humphrey.",
)
_HOST = _Refusal(
    HTTPStatus.MISDIRECTED_REQUEST,
    "host",
    "Humphrey does not answer to this name. Use the address it was started with.",
)
_NO_TEXT = _Refusal(
    HTTPStatus.BAD_REQUEST,
    "text",
    "The address or the form holds U+0000, which is not text. Remove it and try again.",
)
_ENCODING = _Refusal(
    HTTPStatus.BAD_REQUEST,
    "text",
    "The form names another encoding than UTF-8. To have it taken, send it as UTF-8.",
)
_SOCKET = _Refusal(
    HTTPStatus.BAD_REQUEST,
    "socket",
    "Humphrey opens no web sockets. Ask for the page itself.",
)
_FAILED = _Refusal(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "failure",
    "Something went wrong on our side. Nothing was released. Try again.",
)


CountRefusal = Callable[[str, str], None]
"""Counts a refused request, with its client address and the reason in a word."""


_FORM, _PARTS, _CALLS = "application/x-www-form-urlencoded", "multipart/form-data", "/gradio_api/"


_POLICY_VIOLATION = 1008
"""Close code of a web socket (RFC 6455, section 7.4.1)."""


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
        self._secure = origin.startswith("https://")
        self._streamed = frozenset(streamed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        answer = _Answer(send, secure=self._secure)
        refusal = self._refusal(scope["method"], headers) or _fault(scope, headers)
        if refusal:
            await self._refuse(refusal, scope, receive, answer)
            return
        await self._pass(scope, receive, answer)

    async def _refuse(self, refusal: _Refusal, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        address = scope["client"][0] if scope.get("client") else ""
        try:
            await asyncio.to_thread(self._refused, address, refusal.reason)
        except StoreError as error:
            # A refusal must not depend on the ledger; the failed entry is reported in the log.
            logger.error("refusal_not_entered", extra={"error": error_location(error)})
        await _error_response(refusal, scope)(scope, receive, answer)

    async def _pass(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            if scope["method"] not in _SAFE_METHODS and scope["path"] not in self._streamed:
                body = await read(receive)
                if body is None or _holds_nul(body, Headers(scope=scope)):
                    await self._refuse(_SIZE if body is None else _NO_TEXT, scope, receive, answer)
                    return
                receive = replay_body(body, receive)
            await self._app(_without_head(scope), receive, answer)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - the last door: nobody is shown a traceback, and the server goes on
            logger.error("request_failed", extra={"path": scope["path"], "error": error_location(error)})
            if not answer.started:
                await _error_response(_FAILED, scope)(scope, receive, answer)

    def _refusal(self, method: str, headers: Headers) -> _Refusal | None:
        if sum(len(name) + len(value) for name, value in headers.raw) > MAX_HEADER_BYTES:
            return _HEADER_SIZE
        host = headers.get("host", "")
        # DNS rebinding: a host name that an attacker points at this machine would make their page same-origin.
        if self._hosts and host not in self._hosts:
            return _HOST
        if method in _SAFE_METHODS or self._ours(headers.get("origin", ""), host):
            return None
        return _ORIGIN

    def _ours(self, origin: str, host: str) -> bool:
        if self._origin:
            return origin == self._origin
        return bool(host) and origin in {f"http://{host}", f"https://{host}"}


class _Answer:
    """Sends a response with the headers that all responses carry."""

    def __init__(self, send: Send, *, secure: bool) -> None:
        self._send = send
        self._secure = secure
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            message = {**message, "headers": list(message["headers"])}
            headers = MutableHeaders(raw=message["headers"])
            for name, value in _HEADERS.items():
                headers[name] = value
            if self._secure:
                headers["Strict-Transport-Security"] = _HSTS
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


def _fault(scope: Scope, headers: Headers) -> _Refusal | None:
    """Return why a request cannot be answered by any route, such as U+0000, which no database and no page can show."""
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        return _NO_TEXT
    if headers.get("upgrade", "").lower() == "websocket":
        return _SOCKET
    return _ENCODING if _names_other_encoding(headers) else None


def _holds_nul(body: bytes, headers: Headers) -> bool:
    """Return whether a form holds U+0000; JSON is looked at by the routes, which name the field."""
    kind = headers.get("content-type", "").lower()
    return (kind.startswith((_FORM, _PARTS)) and b"\0" in body) or (kind.startswith(_FORM) and b"%00" in body)


def _names_other_encoding(headers: Headers) -> bool:
    """Return whether a form of parts is to be read in an encoding in which U+0000 need not be a zero byte."""
    kind = headers.get("content-type", "").lower().replace('"', "")
    return kind.startswith(_PARTS) and "charset" in kind.replace("charset=utf-8", "")


def _without_head(scope: Scope) -> Scope:
    """Return a request for the head of a page as one for the page, whose body the server leaves out.

    The calls of the pages stay as they are: an event stream has no end.
    """
    if scope["method"] == "HEAD" and not scope["path"].startswith(_CALLS):
        return {**scope, "method": "GET"}
    return scope


def _error_response(refusal: _Refusal, scope: Scope) -> Response:
    if scope["path"].startswith("/api/"):
        return JSONResponse({"error": refusal.sentence}, refusal.status.value)
    page = layout.message_page("Humphrey could not do that", refusal.sentence)
    return HTMLResponse(page, refusal.status.value)
