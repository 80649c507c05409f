"""Deadlines for HTTP replies: one time limit from the connection to the last byte, however slowly the bytes arrive.

The time-out of httpx alone is not enough, because it begins anew with every byte: a server that sends one now and then
is never late. So the deadline is applied to every single read and write of the connection.
"""

import ssl
import time
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

_WRITTEN_AT_ONCE = 16_384
"""Bytes written under one look at the clock."""


_ENDS: ContextVar[float | None] = ContextVar("ends", default=None)
"""When the current reply has to be complete, on the monotonic clock, in seconds."""


def with_deadlines(client: httpx.Client) -> httpx.Client:
    """Return a client whose connections keep to the deadline that `begin_reply` sets."""
    for way in (client._transport, *client._mounts.values()):
        if isinstance(way, httpx.HTTPTransport):
            way._pool._network_backend = _Backend(way._pool._network_backend)
    return client


def begin_reply(limit_s: float) -> None:
    """Set the deadline of all reads and writes of this thread, in seconds from now."""
    _ENDS.set(time.monotonic() + limit_s)


def _left(timeout: float | None, late: type[Exception]) -> float | None:
    """Return the shorter of a time-out and the time to the deadline, in seconds; raise `late` after the deadline."""
    ends = _ENDS.get()
    if ends is None:
        return timeout
    left = ends - time.monotonic()
    if left <= 0:
        raise late
    return left if timeout is None else min(left, timeout)


class _Backend(httpcore.NetworkBackend):
    """Opens connections that keep to the deadline of the thread that uses them."""

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.connect_tcp(host, port, left, local_address, socket_options))

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(_left(seconds, httpcore.ConnectTimeout) or 0)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for at in range(0, len(buffer), _WRITTEN_AT_ONCE):
            self._inner.write(buffer[at : at + _WRITTEN_AT_ONCE], _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the library's signature
        return self._inner.get_extra_info(info)
