"""Connections have deadlines: who sends slowly, or opens many, is closed, and everybody else is answered meanwhile."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request
from starlette.requests import ClientDisconnect

from humphrey.network_addresses import Network, network
from humphrey.web.app import uvicorn_config
from humphrey.web.edge.connections import Limits

QUICK = Limits(headers_s=0.5, body_s=0.5, body_rate=1000, unread_s=0.5, of_one=20, in_all=30)


LATE_S = 5


@contextmanager
def serving(origin: str = "", proxies: tuple[Network, ...] = (), limits: Limits = QUICK) -> Iterator[int]:
    app = FastAPI()

    @app.get("/healthz")
    async def alive(request: Request) -> dict[str, str]:
        said = request.client.host if request.client else ""
        return {"address": said, "scheme": request.url.scheme, "host": request.headers["host"]}

    @app.post("/take")
    async def take(request: Request) -> int:
        try:
            return len(await request.body())
        except ClientDisconnect:
            # Humphrey's guard does the same.
            return 0

    @app.get("/much")
    async def much() -> str:
        return "x" * 20_000_000

    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn_config(app, origin, proxies, limits))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving() as port:
        yield port


def opened(port: int, said: bytes = b"") -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=LATE_S)
    line.sendall(said)
    return line


def rest(line: socket.socket) -> bytes:
    """Everything until the server closes; a time-out if it does not."""
    parts = []
    try:
        while some := line.recv(65536):
            parts.append(some)
    except ConnectionResetError:
        pass
    return b"".join(parts)


@pytest.mark.parametrize("said", [b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\n", b"G"])
def test_half_sent_headers_are_closed_in_time_and_others_are_answered_meanwhile(port, said):
    lines = [opened(port, said) for _ in range(15)]

    assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    for line in lines:
        answer = rest(line)
        assert answer.startswith(b"HTTP/1.1 408 ") == bool(said)
        line.close()


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ",
        b"POST /take HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n",
        b"POST /take HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nPOST /take HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n",
    ],
)
def test_who_sends_a_byte_now_and_then_does_not_hold_the_line(port, begun):
    line = opened(port, begun)
    line.settimeout(0.1)
    heard = _dripped(line)

    assert b"408 Request Timeout" in heard
    line.close()


def _dripped(line: socket.socket) -> bytes:
    """Send a byte now and then until the server closes, and give back what it said."""
    heard, since = b"", time.monotonic()
    with suppress(ConnectionError):
        while time.monotonic() - since < LATE_S:
            line.sendall(b"a")
            try:
                some = line.recv(65536)
            except TimeoutError:
                continue
            if not some:
                return heard
            heard += some
    return heard


def test_a_body_that_keeps_its_pace_is_taken_however_long_it_is(port):
    with opened(port, b"POST /take HTTP/1.1\r\nHost: x\r\nContent-Length: 3000\r\nConnection: close\r\n\r\n") as line:
        for _ in range(10):
            line.sendall(b"a" * 300)
            time.sleep(0.1)

        assert rest(line).endswith(b"3000")


def test_who_takes_nothing_of_an_answer_is_not_waited_for(port):
    with opened(port, b"GET /much HTTP/1.1\r\nHost: x\r\n\r\n") as line:
        time.sleep(1)

        assert len(rest(line)) < 20_000_000


def test_above_the_limit_half_sent_requests_give_way_to_whole_ones():
    patient = Limits(headers_s=30, of_one=10, in_all=30)
    with serving(limits=patient) as port:
        lines = [opened(port, b"GET / HTTP/1.1\r\n") for _ in range(25)]
        began = time.monotonic()

        assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
        assert time.monotonic() - began < 1
        assert sum(_is_closed(line) for line in lines) >= 15
        for line in lines:
            line.close()


def _is_closed(line: socket.socket) -> bool:
    line.settimeout(0.05)
    try:
        return not line.recv(1)
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def test_connections_that_are_all_at_work_leave_no_room_and_that_is_said():
    with serving(limits=Limits(of_one=3)) as port:
        begun = b"POST /take HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"
        lines = [opened(port, begun) for _ in range(3)]
        time.sleep(0.2)

        with opened(port, begun) as refused:
            assert rest(refused).startswith(b"HTTP/1.1 503 ")
        for line in lines:
            line.close()


def test_the_many_people_behind_a_trusted_proxy_share_no_limit():
    with serving("https://office.example", (network("127.0.0.1"),), Limits(of_one=3)) as port:
        begun = b"POST /take HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\n"
        lines = [opened(port, begun) for _ in range(6)]
        for line in lines:
            line.sendall(b"a")

        assert all(rest(line).startswith(b"HTTP/1.1 200 ") for line in lines)
        for line in lines:
            line.close()


@pytest.mark.parametrize(
    "said",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n",
        b"POST /take HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n\x00\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\nabc",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x00",
    ],
)
def test_what_is_no_http_is_answered_without_a_traceback(port, said, caplog):
    with caplog.at_level(logging.ERROR), opened(port, said) as line:
        assert rest(line).startswith(b"HTTP/1.1 ")
        assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200

    assert [record for record in caplog.records if record.exc_info] == []


def seen(port: int, **headers: str) -> list[str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    told = httpx.get(f"http://127.0.0.1:{port}/healthz", headers=named).json()
    return [told["address"], told["scheme"], told["host"].replace(str(port), "")]


HERE = ["127.0.0.1", "http", "127.0.0.1:"]


def test_a_trusted_proxy_is_believed_about_the_person_behind_it():
    with serving("https://office.example", (network("127.0.0.0/8"), network("10.0.0.0/24"))) as port:
        said = {"X_Forwarded_For": "203.0.113.7", "X_Forwarded_Proto": "https", "X_Forwarded_Host": "office.example"}
        assert seen(port, **said) == ["203.0.113.7", "https", "office.example"]
        assert seen(port, Forwarded='for="[2001:db8::7]:4711";proto=https;host=office.example') == [
            "2001:db8::7", "https", "office.example",
        ]  # fmt: skip
        assert seen(port) == HERE
        # Of several addresses, the nearest one that is no trusted proxy: what stands before it may be made up.
        assert seen(port, X_Forwarded_For="198.51.100.1, 203.0.113.7, 10.0.0.9")[0] == "203.0.113.7"
        assert seen(port, X_Forwarded_For="203.0.113.7:5123")[0] == "203.0.113.7"
        assert seen(port, X_Forwarded_For="::ffff:203.0.113.7")[0] == "203.0.113.7"
        # What is no address is nobody.
        for made_up in ("unknown", "203.0.113.7, _hidden", "<script>", "", "1.2.3", "203.0.113.7,"):
            assert seen(port, X_Forwarded_For=made_up)[0] == "127.0.0.1"
        # A proxy that writes one kind may pass on the other as a stranger wrote it.
        assert seen(port, X_Forwarded_For="203.0.113.7", Forwarded="for=198.51.100.1")[0] == "127.0.0.1"
        assert seen(port, X_Forwarded_For="203.0.113.7", Forwarded="for=203.0.113.7")[0] == "203.0.113.7"


def test_nobody_else_is_believed():
    said = {"X_Forwarded_For": "203.0.113.7", "X_Forwarded_Proto": "https", "X_Forwarded_Host": "office.example"}
    for origin, proxies in (("https://office.example", (network("10.0.0.0/24"),)), ("", (network("127.0.0.1"),))):
        with serving(origin, proxies) as port:
            assert seen(port, **said) == HERE
            assert seen(port, Forwarded="for=203.0.113.7;proto=https;host=office.example") == HERE
