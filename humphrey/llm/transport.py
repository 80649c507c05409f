"""The HTTP client for an endpoint; its replies are bounded in time and in size."""

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx

from humphrey.errors import ModelError, ModelUnavailable

LARGEST_BYTES = 20_000_000
"""More than any reply that could become a draft."""


FAILURES = (httpx.HTTPError,)
"""The errors that the connection may raise."""


def client(base_url: str, timeout_s: float, setting: str) -> httpx.Client:
    """Build the client for one endpoint; `setting` is the prefix of the setting that extends the time limit."""
    limits = _Limits(host(base_url), timeout_s, setting)
    return httpx.Client(timeout=timeout_s, event_hooks={"response": [limits.bound]})


def host(base_url: str) -> str:
    """Return host and port, without the name and password that an address may contain."""
    parts = urlsplit(base_url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def is_address(base_url: str) -> bool:
    """Return whether a text is an HTTP address with a host."""
    parts = urlsplit(base_url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def slow(timeout_s: float, setting: str) -> str:
    """Return the message for an endpoint that took too long."""
    return f"did not finish its reply within {timeout_s:g} seconds; try again, or raise {setting}__TIMEOUT_S"


def timed_out(error: BaseException) -> bool:
    """Return whether an error was caused by a time-out."""
    return any(isinstance(cause, httpx.TimeoutException) for cause in causes(error))


def broke_off(error: BaseException) -> bool:
    """Return whether an error was caused by a connection that broke during a reply."""
    return any(isinstance(cause, httpx.RemoteProtocolError | httpx.ReadError) for cause in causes(error))


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and the errors that led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


class _Limits:
    """Limits on the time and size of one response. A time-out alone is not enough: a byte now and then satisfies it."""

    def __init__(self, host: str, timeout_s: float, setting: str) -> None:
        self._host = host
        self._timeout_s = timeout_s
        self._setting = setting

    def bound(self, response: httpx.Response) -> None:
        """Wrap each response before its body is read; an httpx event hook."""
        if isinstance(response.stream, httpx.SyncByteStream):
            response.stream = _Bounded(response.stream, self._host, self._timeout_s, self._setting)


class _Bounded(httpx.SyncByteStream):
    def __init__(self, inner: httpx.SyncByteStream, host: str, timeout_s: float, setting: str) -> None:
        self._inner = inner
        self._host = host
        self._timeout_s = timeout_s
        self._setting = setting

    def __iter__(self) -> Iterator[bytes]:
        ends, size = time.monotonic() + self._timeout_s, 0
        for piece in self._inner:
            size += len(piece)
            if time.monotonic() > ends:
                raise ModelUnavailable(f"{self._host} {slow(self._timeout_s, self._setting)}", slow=True)
            if size > LARGEST_BYTES:
                raise ModelError(f"{self._host} sent more than {LARGEST_BYTES:,} bytes; use another model")
            yield piece

    def close(self) -> None:
        self._inner.close()
