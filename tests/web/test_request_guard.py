"""Headers without end, and headers that are too large, cost nothing but the line they came on."""

import socket
from urllib.parse import urlsplit

from humphrey.ledger import store as ledger_store
from tests.web.running_site import Site


def test_headers_that_are_too_large_are_refused_and_recorded(site: Site):
    address = urlsplit(site.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as line:
        head = f"GET /sign-in HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n"
        line.sendall((head + f"X-Much: {'a' * 40_000}\r\n\r\n").encode())
        answer = line.recv(65_536)

    assert answer.startswith(b"HTTP/1.1 431 ")
    refused = [entry.detail["reason"] for entry in ledger_store.entries(site.database) if entry.act == "request:refuse"]
    assert "headers" in refused


def test_headers_without_end_are_not_kept_until_their_end(site: Site):
    address, sent = urlsplit(site.url), 0
    with socket.create_connection((address.hostname, address.port), timeout=10) as line:
        line.sendall(f"GET /sign-in HTTP/1.1\r\nHost: {address.netloc}\r\n".encode())
        try:
            for n in range(2_000):
                sent += line.send(f"X-{n}: {'a' * 10_000}\r\n".encode())
            hung_up = line.recv(65_536).startswith(b"HTTP/1.1 400")
        except OSError:
            hung_up = True

    assert hung_up
    assert sent < 20_000_000
