"""Replies of an identity provider, each within its time and size, from a server on loopback."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from humphrey.accounts.identity_provider import AuthenticationRequest
from humphrey.accounts.oidc.client import OpenIdProvider
from humphrey.errors import IdentityProviderError

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9000000\r\n\r\n"


@contextmanager
def sending(first: bytes, then: bytes, pause_s: float) -> Iterator[str]:
    """The address of a server that sends some bytes, and then others again and again until the client leaves."""

    def answer(listening: socket.socket) -> None:
        line, _ = listening.accept()
        ends = time.monotonic() + 10
        with line, suppress(OSError):
            line.sendall(first)
            while time.monotonic() < ends:
                line.sendall(then)
                time.sleep(pause_s)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = threading.Thread(target=answer, args=(listening,), daemon=True)
        serving.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        serving.join(5)


@pytest.mark.parametrize(
    ("first", "then", "pause_s"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n", 0.1),
        (b"HTTP/1.1 200 OK\r\n", b"X", 0.1),
        (HEAD, b" ", 0.1),
        (HEAD, b" " * 100_000, 0),
    ],
    ids=["headers one by one", "one header byte by byte", "a body byte by byte", "a body without end"],
)
def test_a_provider_whose_reply_never_ends_is_given_up_in_the_time_of_one_reply(first, then, pause_s):
    began = time.monotonic()
    asked = AuthenticationRequest("http://127.0.0.1/back", "state", "nonce", "v" * 43)

    with sending(first, then, pause_s) as issuer, pytest.raises(IdentityProviderError, match="does not answer"):
        OpenIdProvider(issuer, "client", "secret", timeout_s=0.5).address(asked)

    assert time.monotonic() - began < 3
