"""The real server in a process of its own, and callers that behave like a browser: with a cookie and an Origin."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from evals.bench.startup import answers, free_port

COOKIE = "humphrey_session"


BROWSER = "humphrey_browser"


PASSWORD = "three random words"  # noqa: S105 - of people who are made up for a proof


_IDLE_S = 3.0
"""Seconds after which an idle connection is not used again: the server closes it after five seconds."""


@contextmanager
def serving(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Serve a data folder; yield the process and its port. Its messages go to `log.txt`."""
    port = free_port()
    (folder / "corpus").mkdir(exist_ok=True)
    given = {"DATA_DIR": str(folder), "PORT": str(port), "CORPUS": str(folder / "corpus"), **(settings or {})}
    environment = {**os.environ, **{f"HUMPHREY_{name}": value for name, value in given.items()}}  # noqa: TID251 - a child process inherits the environment
    with (
        (folder / "log.txt").open("ab") as log,
        subprocess.Popen([sys.executable, "-m", "humphrey", "serve"], env=environment, stderr=log) as process,
    ):
        try:
            answers(process, f"http://127.0.0.1:{port}/readyz")
            yield process, port
        finally:
            process.terminate()
            process.wait(30)


@dataclass
class Answer:
    """An answer: the status, the headers, the body, and how long it took, in seconds."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def plain(self) -> Any:  # noqa: ANN401 - whatever JSON holds
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Caller:
    """A caller of the server.

    Args:
        port: the server's port on loopback.
        token: the token in their cookie; empty before they sign in.
        browser: the secret of a browser in which they signed in before; empty if there is none.
        source: the address they call from.
        keeps_line: whether their connection stays open between two calls, as a browser's does.
        patience_s: how long they wait for an answer, in seconds.
    """

    port: int
    token: str = ""
    browser: str = ""
    source: str = "127.0.0.1"
    keeps_line: bool = False
    patience_s: float = 60
    _connection: HTTPConnection | None = field(default=None, repr=False)
    _used: float = field(default=0.0, repr=False)

    @property
    def origin(self) -> str:
        """The address of the server, as its pages have it."""
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Send a GET request."""
        return self.call("GET", path, None, headers)

    def post(self, path: str, given: object, headers: Mapping[str, str] | None = None) -> Answer:
        """Send JSON."""
        return self.call(
            "POST", path, json.dumps(given).encode(), {"Content-Type": "application/json", **(headers or {})}
        )

    def form(self, path: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer:
        """Send a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.call("POST", path, urlencode(fields).encode(), {**kind, **(headers or {})})

    def sign_in(self, name: str, password: str = PASSWORD) -> Answer:
        """Sign in, and keep the cookies."""
        known = {"Cookie": f"{COOKIE}={self.token}; {BROWSER}={self.browser}"} if self.browser else {}
        answer = self.form("/sign-in", {"name": name, "password": password}, known)
        cookies = answer.headers.get("set-cookie", "")
        self.token = cookies.partition(f"{COOKIE}=")[2].partition(";")[0]
        self.browser = cookies.partition(f"{BROWSER}=")[2].partition(";")[0] or self.browser
        return answer

    def call(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str] | None = None) -> Answer:
        """Send one request and read the whole answer, on a new connection if the server closed the old one."""
        own = {"Origin": self.origin} | ({"Cookie": f"{COOKIE}={self.token}"} if self.token else {})
        wanted = (method, path, body, {**own, **(headers or {})})
        if time.perf_counter() - self._used > _IDLE_S:
            self.close()
        reused = self._connection is not None
        try:
            return self._asked(*wanted)
        except (BrokenPipeError, ConnectionResetError, RemoteDisconnected):
            self.close()
            if not reused:
                raise
            return self._asked(*wanted)
        finally:
            if not self.keeps_line:
                self.close()

    def _asked(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        began = time.perf_counter()
        if self._connection is None:
            self._connection = HTTPConnection(
                "127.0.0.1", self.port, timeout=self.patience_s, source_address=(self.source, 0)
            )
        self._connection.request(method, path, body, dict(headers))
        response = self._connection.getresponse()
        content = response.read()
        self._used = time.perf_counter()
        said: dict[str, str] = {}
        for name, value in response.getheaders():
            said[name.lower()] = f"{said[name.lower()]}, {value}" if name.lower() in said else value
        return Answer(response.status, said, content, self._used - began)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None
