"""Endpoints that try to exhaust humphrey: each question ends in its time with one sentence, and the pages stay quick.

Each endpoint answers on loopback and misbehaves in one way: it drips, never ends, floods, breaks the protocol, or calls
thousands of tools. Several people ask it at once through the page's own calls, while `/healthz` is asked all the time.
`python -m evals.proofs exhaustion-models --people 4`.
"""

import argparse
import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from evals.bench.question import centile
from evals.proofs.ending import exit_code
from evals.proofs.endpoints.askers import Asked, Asker
from evals.proofs.scene import add_with_own_passwords, furnish, joined
from evals.proofs.serving import PASSWORD, Caller, serving
from humphrey.accounts.model import Person

HEALTH_MS = 200
"""Target for the 95th percentile of `/healthz`, in milliseconds."""


REPLY_S, DRAFT_S = 2.0, 4.0
"""The limits that the server is given, in seconds: for one reply, and for one draft."""


GRACE_S = 4.0
"""Longest time, in seconds, that a question may take beyond the limit of its draft."""


_LONGEST_S = 30.0
"""When an endpoint gives up by itself, in seconds: much later than anybody should wait for it."""


_QUESTION = "How long do we have to answer a request for information?"


class Misbehaving(BaseHTTPRequestHandler):
    """One request to the endpoint, answered as its server misbehaves."""

    server: "HostileEndpoint"

    def do_POST(self) -> None:
        """Answer a request."""
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.requests += 1
        self.close_connection = True
        try:
            self.server.misbehave(self, asked)
        except OSError:
            # The caller hung up, as it should.
            return

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def begin(self, status: int = 200, **headers: str) -> None:
        """Send the status line and the headers."""
        self.send_response(status)
        self.send_header("content-type", "text/event-stream")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def event(self, delta: Mapping[str, object], ended: str | None = None) -> None:
        """Send one event of a streamed chat completion."""
        choice = {"index": 0, "delta": delta, "finish_reason": ended}
        told = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "x", "choices": [choice]}
        self.wfile.write(b"data: " + json.dumps(told).encode() + b"\n\n")

    def drip(self, piece: bytes, every_s: float = 0.05) -> None:
        """Send the same bytes again and again."""
        until = time.monotonic() + _LONGEST_S
        while time.monotonic() < until:
            self.wfile.write(piece)
            self.wfile.flush()
            time.sleep(every_s)


Misbehaviour = Callable[[Misbehaving, Mapping[str, Any]], None]
"""Answers one request; it is given the request's JSON."""


class HostileEndpoint(ThreadingHTTPServer):
    """An endpoint that misbehaves in one way at a time; `requests` counts those that it got."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, misbehave: "Misbehaviour") -> None:
        super().__init__(("127.0.0.1", 0), Misbehaving)
        self.misbehave = misbehave
        self.requests = 0

    @property
    def base_url(self) -> str:
        """The endpoint's address."""
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of callers that hung up."""


@contextmanager
def hostile(misbehave: Misbehaviour | None = None) -> Iterator[HostileEndpoint]:
    """Run an endpoint while it is needed; without a misbehaviour it says nothing."""
    server = HostileEndpoint(misbehave or _is_silent)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _drips_headers(to: Misbehaving, _asked: Mapping[str, Any]) -> None:
    to.wfile.write(b"HTTP/1.1 200 OK\r\n")
    to.drip(b"x: y\r\n")


def _drips_one_header(to: Misbehaving, _asked: Mapping[str, Any]) -> None:
    to.wfile.write(b"HTTP/1.1 200 OK\r\nx: ")
    to.drip(b"y")


def _says_wait(to: Misbehaving, _asked: Mapping[str, Any]) -> None:
    to.drip(b"HTTP/1.1 100 Continue\r\n\r\n")


def _drips(piece: bytes, to: Misbehaving, _asked: Mapping[str, Any]) -> None:
    to.begin()
    to.drip(piece)


def _drips_chunk_sizes(to: Misbehaving, _asked: Mapping[str, Any]) -> None:
    to.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n1;")
    to.drip(b"x")


def _drips_words(to: Misbehaving, _asked: Mapping[str, Any]) -> None:
    to.begin()
    until = time.monotonic() + _LONGEST_S
    while time.monotonic() < until:
        to.event({"content": "and "})
        time.sleep(0.05)


def _is_silent(_to: Misbehaving, _asked: Mapping[str, Any]) -> None:
    time.sleep(DRAFT_S + GRACE_S)


def _floods(piece: bytes, to: Misbehaving, _asked: Mapping[str, Any]) -> None:
    to.begin()
    for _ in range(60_000_000 // len(piece)):
        to.wfile.write(piece)


def _floods_words(to: Misbehaving, _asked: Mapping[str, Any]) -> None:
    to.begin()
    for _ in range(200_000):
        to.event({"content": "and so on "})
    to.event({}, "stop")


def _refuses_at_length(to: Misbehaving, _asked: Mapping[str, Any]) -> None:
    to.begin(400)
    for _ in range(60):
        to.wfile.write(b"no " * 300_000 + b"\n")


def _redirects(to: Misbehaving, _asked: Mapping[str, Any]) -> None:
    time.sleep(0.5)
    to.begin(307, location=f"http://127.0.0.1:{to.server.server_port}/v1/chat/completions", **{"content-length": "0"})


def _breaks_the_protocol(to: Misbehaving, _asked: Mapping[str, Any]) -> None:
    to.begin()
    for line in (b"data: {\n\n", b"event: \xff\xfe\n", b"data: [[[[\n", b"id: 7\n\n", b"data: [DONE\n\n"):
        to.wfile.write(line)


def _nests(to: Misbehaving, _asked: Mapping[str, Any]) -> None:
    to.begin()
    to.wfile.write(b"data: " + b"[" * 400_000 + b"\n\n")


def _calls_tools(number: int, arguments: str, to: Misbehaving, _asked: Mapping[str, Any]) -> None:
    """Call a tool so many times in one reply; called again, do the same."""
    to.begin()
    for n in range(number):
        function = {"name": "search_guidance", "arguments": arguments}
        to.event({"tool_calls": [{"index": n, "id": f"call{n}", "type": "function", "function": function}]})
    to.event({}, "tool_calls")
    to.wfile.write(b"data: [DONE]\n\n")


def _calls_at_once(to: Misbehaving, _asked: Mapping[str, Any]) -> None:
    """Call two thousand tools in one event."""
    function = {"name": "search_guidance", "arguments": '{"query": "time limits"}'}
    calls = [{"index": n, "id": f"call{n}", "type": "function", "function": function} for n in range(2000)]
    to.begin()
    to.event({"tool_calls": calls})
    to.event({}, "tool_calls")


_SEARCH = '{"query": "time limits for requests"}'


MISBEHAVIOURS: Mapping[str, Misbehaviour] = {
    "drips headers": _drips_headers,
    "drips one header": _drips_one_header,
    "says 100 Continue for ever": _says_wait,
    "drips bytes": partial(_drips, b"d"),
    "drips comments": partial(_drips, b": still here\n\n"),
    "drips empty events": partial(_drips, b"data:\n\n"),
    "drips the size of a chunk": _drips_chunk_sizes,
    "drips words": _drips_words,
    "says nothing": _is_silent,
    "redirects in a circle": _redirects,
    "floods empty lines": partial(_floods, b"\n\n" * 8000),
    "floods comments": partial(_floods, b": x\n\n" * 4000),
    "floods one line": partial(_floods, b"x" * 16_000),
    "floods words": _floods_words,
    "refuses at great length": _refuses_at_length,
    "breaks the protocol": _breaks_the_protocol,
    "nests 400,000 deep": _nests,
    "calls 2,000 tools in one reply": partial(_calls_tools, 2000, _SEARCH),
    "calls 2,000 tools in one event": _calls_at_once,
    "calls tools in every reply": partial(_calls_tools, 12, _SEARCH),
    "calls a tool with 50,000 characters": partial(_calls_tools, 1, json.dumps({"query": "limit " * 8000})),
}
"""What the endpoints do, by name."""


@dataclass
class Row:
    """One misbehaviour: the questions, the longest wait in seconds, and a sentence for each breach."""

    name: str
    asked: int = 0
    requests: int = 0
    longest_s: float = 0.0
    health_ms: float = 0.0
    breaches: list[str] = field(default_factory=list)

    def note(self, asked: Asked) -> None:
        """Record an answer: it must come in its time, and say in words why there is no draft."""
        self.asked += 1
        self.longest_s = max(self.longest_s, asked.seconds)
        if asked.seconds > DRAFT_S + GRACE_S:
            self.breaches.append(f"a question took {asked.seconds:.1f} s")
        if not asked.ended or not (asked.alert or asked.shown):
            self.breaches.append("a question ended without a word")
        if "our side" in asked.alert or "Traceback" in asked.alert:
            self.breaches.append(f"an error was not expected: {asked.alert[:200]}")


def prove(folder: Path, people: int, names: Iterable[str] = MISBEHAVIOURS) -> list[Row]:
    """Let some people ask an endpoint at once, which misbehaves in one way after another; return what came of it."""
    humphrey = joined(folder)
    furnish(humphrey)
    add_with_own_passwords(humphrey, (Person(f"asker {n}", ("official",)) for n in range(people)), PASSWORD)
    humphrey.close()
    limits = {"MODEL__NAME": "hostile", "MODEL__TIMEOUT_S": f"{REPLY_S}", "LIMITS__SECONDS_PER_DRAFT": f"{DRAFT_S}"}
    with (
        hostile() as endpoint,
        serving(folder, {"MODEL__BASE_URL": endpoint.base_url, "MODEL__RETRIES": "1", **limits}) as (_process, port),
    ):
        crowd = [Asker(f"asker {n}", port) for n in range(people)]
        for each in crowd:
            each.open()
        # The first question loads the libraries and opens the index, which takes longer than a draft may.
        crowd[0].ask(_QUESTION)
        rows = [_tried(endpoint, crowd, port, name) for name in names]
        for each in crowd:
            each.leave()
    rows[-1].breaches += _logged(folder)
    return rows


def _tried(endpoint: HostileEndpoint, crowd: Sequence[Asker], port: int, name: str) -> Row:
    row, before = Row(name), endpoint.requests
    endpoint.misbehave = MISBEHAVIOURS[name]
    with _health(port) as waits:
        _all_ask(crowd, row)
    row.requests = endpoint.requests - before
    row.health_ms = centile([each * 1000 for each in waits], 95)
    if row.health_ms > HEALTH_MS:
        row.breaches.append(f"/healthz took {row.health_ms:.0f} ms")
    return row


def _logged(folder: Path) -> Iterator[str]:
    log = (folder / "log.txt").read_text(encoding="utf-8", errors="replace")
    if "Traceback" in log:
        yield f"the log holds a traceback: {log[log.index('Traceback') :][:1500]}"


def _all_ask(crowd: Sequence[Asker], row: Row) -> None:
    """Let everybody ask at the same moment."""
    threads = [threading.Thread(target=lambda each=each: row.note(each.ask(_QUESTION))) for each in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextmanager
def _health(port: int) -> Iterator[list[float]]:
    """Ask for the server's health ten times a second; yield how long each answer took, in seconds."""
    waits, ended = list[float](), threading.Event()

    def look() -> None:
        caller = Caller(port)
        while not ended.wait(0.1):
            answer = caller.get("/healthz")
            waits.append(answer.seconds)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield waits
    finally:
        ended.set()
        thread.join()


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--people", type=int, default=4, help="How many ask each endpoint at once.")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the table; exit with 1 if anything took too long or ended without a word."""
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        rows = prove(Path(folder), asked.people)
    for row in rows:
        waits = f"longest {row.longest_s:.1f} s\thealth p95 {row.health_ms:.0f} ms"
        print(f"{row.name}\tasked {row.asked}\trequests {row.requests}\t{waits}\tbreaches {len(row.breaches)}")
    breaches = [f"{row.name}: {said}" for row in rows for said in row.breaches]
    return exit_code(breaches)
