"""A chat-completions endpoint on loopback that says what a test has written for it. A real server, on a free port."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[["Answering"], None]


class Answering(BaseHTTPRequestHandler):
    """One request; its helpers write the shapes of the protocol."""

    server: "Endpoint"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.server.lock:
            self.server.asked.append(body)
            self.server.keys.append(self.headers.get("authorization", ""))
            reply = self.server.replies.pop(0) if self.server.replies else refuse(500)
        try:
            reply(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def begin(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self.close_connection = True
        self.send_response(status)
        self.send_header("content-type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def piece(self, delta: dict[str, Any], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "test", "choices": [choice]}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()


class Endpoint(ThreadingHTTPServer):
    """What was asked of it, and what it will still reply."""

    daemon_threads = True

    def __init__(self, *replies: Reply) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.replies = list(replies)
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


@contextmanager
def serving(*replies: Reply) -> Iterator[Endpoint]:
    endpoint = Endpoint(*replies)
    thread = threading.Thread(target=endpoint.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.shutdown()
        endpoint.server_close()
        thread.join()


def say(text: str, finish: str = "stop") -> Reply:
    """Words, streamed in small pieces."""

    def reply(to: Answering) -> None:
        to.begin()
        to.piece({"role": "assistant", "content": ""})
        for at in range(0, len(text), 7):
            to.piece({"content": text[at : at + 7]})
        to.piece({}, finish)
        to.wfile.write(b"data: [DONE]\n\n")

    return reply


def counted(text: str, prompt_tokens: object, completion_tokens: object) -> Reply:
    """Words, and then the server's count of tokens, as it says it."""

    def reply(to: Answering) -> None:
        to.begin()
        to.piece({"role": "assistant", "content": text})
        to.piece({}, "stop")
        usage = {"prompt_tokens": prompt_tokens, "completion_tokens": completion_tokens}
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "test", "choices": []}
        to.wfile.write(f"data: {json.dumps({**chunk, 'usage': usage})}\n\ndata: [DONE]\n\n".encode())

    return reply


def call(name: str, /, preamble: str = "", **arguments: object) -> Reply:
    """A tool call, its arguments streamed in pieces, after words that are not the answer."""

    def reply(to: Answering) -> None:
        to.begin()
        if preamble:
            to.piece({"role": "assistant", "content": preamble})
        written = json.dumps(arguments)
        head = {"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": written[:5]}}
        to.piece({"role": "assistant", "tool_calls": [head]})
        to.piece({"tool_calls": [{"index": 0, "function": {"arguments": written[5:]}}]})
        to.piece({}, "tool_calls")
        to.wfile.write(b"data: [DONE]\n\n")

    return reply


def mistaken(name: str, arguments: str) -> Reply:
    """A tool call whose arguments are whatever is given, JSON or not."""

    def reply(to: Answering) -> None:
        to.begin()
        head = {"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}
        to.piece({"role": "assistant", "tool_calls": [head]})
        to.piece({}, "tool_calls")
        to.wfile.write(b"data: [DONE]\n\n")

    return reply


def endless() -> Reply:
    """Words without an end."""

    def reply(to: Answering) -> None:
        to.begin()
        while True:
            to.piece({"role": "assistant", "content": "and so on " * 200})

    return reply


def refuse(status: int, message: str = "no", **headers: str) -> Reply:
    """An error of the protocol."""

    def reply(to: Answering) -> None:
        to.begin(status, "application/json", **headers)
        to.wfile.write(json.dumps({"error": {"message": message, "type": "error", "code": status}}).encode())

    return reply


def send(body: bytes, kind: str = "text/event-stream") -> Reply:
    """Bytes as they are, then the connection closes."""

    def reply(to: Answering) -> None:
        to.begin(200, kind)
        to.wfile.write(body)

    return reply


def drip(seconds: float) -> Reply:
    """A comment now and then: never silent for long, and never an answer."""

    def reply(to: Answering) -> None:
        to.begin()
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            to.wfile.write(b": still here\n\n")
            to.wfile.flush()
            time.sleep(0.05)

    return reply


def silence(seconds: float) -> Reply:
    """Nothing at all, for a while."""

    def reply(to: Answering) -> None:
        time.sleep(seconds)

    return reply


def half() -> Reply:
    """A reply whose connection is cut before it ends, though it promised more."""

    def reply(to: Answering) -> None:
        to.begin(content_length="100000")
        to.piece({"role": "assistant", "content": "STATUS: answered\nHalf of"})

    return reply
