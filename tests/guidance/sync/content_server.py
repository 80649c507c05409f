"""A Content API on loopback: it serves the pages a test has written, in the shapes that GOV.UK documents."""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[["Answering"], None]


PREFIX = "/api/content"


class Answering(BaseHTTPRequestHandler):
    server: "ContentServer"

    def do_GET(self) -> None:
        path = self.path.removeprefix(PREFIX)
        with self.server.lock:
            self.server.asked.append(path)
            self.server.headers.append(dict(self.headers.items()))
            script = self.server.script.get(path, [])
            reply = script.pop(0) if script else self.server.standing(path)
        try:
            reply(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def send(self, status: int, body: bytes = b"", kind: str = "application/json; charset=utf-8", **headers: str):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


class ContentServer(ThreadingHTTPServer):
    """What it serves (`pages`, and `script` for answers given once, first), and what was asked of it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.pages: dict[str, dict[str, Any]] = {}
        self.script: dict[str, list[Reply]] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.lock = threading.Lock()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def put(self, *pages: dict[str, Any]) -> None:
        for each in pages:
            self.pages[each["base_path"]] = each

    def standing(self, path: str) -> Reply:
        return ok(self.pages[path]) if path in self.pages else status(404)

    def forget(self) -> None:
        """What was asked so far."""
        self.asked.clear()
        self.headers.clear()


@contextmanager
def serving() -> Iterator[ContentServer]:
    server = ContentServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def page(path: str, text: str = "Keep a record.", schema: str = "detailed_guide", **more: Any) -> dict[str, Any]:
    """A page of our own in the shape of GOV.UK's."""
    title = path.rsplit("/", 1)[-1].replace("-", " ").capitalize()
    details = {"body": f"<h2>{title}</h2><p>{text}</p>", **more.pop("details", {})}
    return {
        "base_path": path,
        "content_id": hashlib.md5(path.encode(), usedforsecurity=False).hexdigest(),
        "title": title,
        "schema_name": schema,
        "document_type": schema,
        "locale": "en",
        "phase": "live",
        "public_updated_at": "2026-03-02T09:30:00Z",
        "withdrawn_notice": {},
        "links": {"organisations": [{"title": "Example Office"}], **more.pop("links", {})},
        "details": details,
        **more,
    }


def ok(item: dict[str, Any]) -> Reply:
    """A page, or 304 where it is what the asker has."""
    body = json.dumps(item).encode()
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'

    def reply(to: Answering) -> None:
        if to.headers.get("if-none-match") == etag:
            to.send(304, etag=etag)
        else:
            to.send(200, body, etag=etag, last_modified="Mon, 02 Mar 2026 09:30:00 GMT")

    return reply


def status(code: int, **headers: str) -> Reply:
    return lambda to: to.send(code, **headers)


def raw(body: bytes, kind: str = "application/json") -> Reply:
    return lambda to: to.send(200, body, kind)


def trickle(seconds: float) -> Reply:
    """A page that comes in small pieces for so long, each before anybody would give up on the next."""

    def reply(to: Answering) -> None:
        to.send_response(200)
        to.send_header("content-type", "application/json")
        to.end_headers()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            to.wfile.write(b" ")
            to.wfile.flush()
            time.sleep(0.01)
        to.close_connection = True

    return reply


def hang(seconds: float) -> Reply:
    return lambda _to: time.sleep(seconds)


def redirect(path: str, to: str) -> dict[str, Any]:
    """A redirect item, which has neither a title nor details."""
    redirects = [{"path": path, "type": "exact", "destination": to}]
    return {
        "base_path": path,
        "content_id": None,
        "schema_name": "redirect",
        "document_type": "redirect",
        "details": None,
        "redirects": redirects,
    }
