"""HTTP client for an endpoint. A reply has one deadline, from the connection to its last byte, and a largest size."""

from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from humphrey import http_deadlines
from humphrey.errors import ModelError
from humphrey.http_deadlines import with_deadlines
from humphrey.llm.bounds import allowance
from humphrey.llm.server_errors import ErrorInReply
from humphrey.llm.server_events import ReplyReader

LARGEST_BYTES, LONGEST_LINE, MOST_LINES = 20_000_000, 1_000_000, 400_000
"""The most bytes of a reply, and of one line of it, and its most lines; more than any reply that becomes a draft."""


FAILURES = (httpx.HTTPError,)
"""The errors that the connection may raise."""


def client(base_url: str, timeout_s: float) -> httpx.Client:
    """Build the client for one endpoint; `timeout_s` is the longest wait for a connection and for one byte."""
    made = httpx.Client(timeout=timeout_s, event_hooks={"response": [_Sizes(host(base_url)).bound]})
    return with_deadlines(made)


def begin_reply(limit_s: float) -> None:
    """Set the deadline of all reads and writes of this thread: the limit, or the end of the draft's time if earlier."""
    draft = allowance()
    http_deadlines.begin_reply(min(limit_s, draft.remaining_s) if draft else limit_s)
    _CURRENT.set(_Current(ReplyReader()))


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


class _Sizes:
    """Limits on the size of the responses of one host."""

    def __init__(self, host: str) -> None:
        self._host = host

    def bound(self, response: httpx.Response) -> None:
        """Wrap each response before its body is read; an httpx event hook."""
        if isinstance(response.stream, httpx.SyncByteStream):
            sized = _Sized(response.stream, self._host)
            response.stream = _Read(sized) if response.status_code == 200 else sized


class _Sized(httpx.SyncByteStream):
    def __init__(self, inner: httpx.SyncByteStream, host: str) -> None:
        self._inner = inner
        self._host = host

    def __iter__(self) -> Iterator[bytes]:
        size = line = lines = 0
        for piece in self._inner:
            size += len(piece)
            lines += piece.count(b"\n")
            end = piece.rfind(b"\n")
            line = len(piece) - end - 1 if end >= 0 else line + len(piece)
            if most := _too_much(size, line, lines):
                raise ModelError(f"{self._host} sent more than {most}; use another model")
            yield piece

    def close(self) -> None:
        self._inner.close()


@dataclass
class _Current:
    """The reader of the current reply; each request of the same reply has its own."""

    reader: ReplyReader


_CURRENT: ContextVar[_Current | None] = ContextVar("current", default=None)


def current_reply() -> ReplyReader:
    """Return what the reader of the current reply noted of it."""
    current = _CURRENT.get()
    return current.reader if current else ReplyReader()


class _Read(httpx.SyncByteStream):
    """A reply in the one shape that is read."""

    def __init__(self, inner: httpx.SyncByteStream) -> None:
        self._inner = inner
        self._reader = ReplyReader()
        if current := _CURRENT.get():
            current.reader = self._reader

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._inner:
            yield from self._checked(self._reader.read(piece))
        yield from self._checked(self._reader.rest())

    def _checked(self, read: bytes) -> Iterator[bytes]:
        """Yield the events before an error, so that words that arrived count as arrived; then raise the error."""
        if read:
            yield read
        if self._reader.told is not None:
            raise ErrorInReply(self._reader.told)

    def close(self) -> None:
        self._inner.close()


def _too_much(size: int, line: int, lines: int) -> str:
    """Return the limit that a reply exceeds, in words; empty if it exceeds none."""
    if size > LARGEST_BYTES:
        return f"{LARGEST_BYTES:,} bytes"
    if line > LONGEST_LINE:
        return f"{LONGEST_LINE:,} bytes in one line"
    return f"{MOST_LINES:,} lines" if lines > MOST_LINES else ""
