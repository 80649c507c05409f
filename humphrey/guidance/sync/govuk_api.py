"""GOV.UK's Content API through httpx: one page at a time, at half the rate that GOV.UK allows.

Only the configured server is asked. Redirects are reported, not followed, and nothing in a page leads elsewhere.
"""

import json
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import httpx

from humphrey import __version__
from humphrey.errors import SyncError, Unreachable
from humphrey.guidance.sync.model import (
    Fetched,
    FetchedPage,
    Moved,
    PageMissing,
    Unchanged,
    Validators,
    destination,
    is_gone,
    validate_path,
)
from humphrey.http_deadlines import begin_reply, with_deadlines

REQUESTS_PER_SECOND = 5
"""Requests a second; GOV.UK's limit is ten."""


_API = "/api/content"


# A busy server is asked again after about 1, 2, 4 and 8 seconds, or after the wait it asks for, up to a minute.
_TRIES = 5


_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0


# A larger page is refused (docs/sync.md).
_MOST_BYTES = 20 * 1024 * 1024


_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class ContentApi:
    """Asks one server for pages; see `humphrey.guidance.sync.model.Fetch`.

    Args:
        base_url: the server, such as https://www.gov.uk; without TLS only on this machine.
        contact: how the publisher can reach the operator; sent with every request.
        timeout_s: longest wait for a whole page, in seconds.
        clock: returns the time in seconds, and never goes back.
        sleep: waits a number of seconds.
        jitter: returns a random number from 0.0 to 1.0, so that clients do not all return at the same moment.

    Raises:
        SyncError: the address is not allowed.
    """

    def __init__(
        self,
        base_url: str,
        contact: str = "",
        *,
        timeout_s: float = 30,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,  # noqa: S311 - spreads waits, guards nothing
    ) -> None:
        self.base = validate_base_url(base_url)
        self._host = urlsplit(self.base).netloc
        self._timeout_s = timeout_s
        self._clock, self._sleep, self._jitter = clock, sleep, jitter
        self._next = clock()
        agent = f"humphrey/{__version__}" + (f" ({contact})" if contact else "")
        self._client = with_deadlines(
            httpx.Client(
                headers={"User-Agent": agent, "Accept": "application/json"},
                timeout=timeout_s,
                follow_redirects=False,
                # A proxy from the environment serves requests to other machines, never those to this one.
                trust_env=urlsplit(self.base).hostname not in _LOOPBACK,
            )
        )

    def __enter__(self) -> "ContentApi":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def __call__(self, path: str, known: Validators) -> Fetched:
        """Return the page at a path, or its absence; ask a busy server five times in all, later each time.

        Raises:
            Unreachable: the server did not answer, or was too busy each time.
            SyncError: the path is not valid, or the answer is not a page.
        """
        url = f"{self.base}{_API}{validate_path(path)}"
        for waits in range(_TRIES):
            self._keep_pace()
            try:
                return self._asked(path, url, known)
            except _Busy as busy:
                if waits == _TRIES - 1 or busy.wait_s > _LONGEST_WAIT_S:
                    raise Unreachable(f"{path}: {busy}; run again later") from busy
                # Half to all of the doubled wait.
                grown = _FIRST_WAIT_S * 2**waits * (0.5 + self._jitter() / 2)
                self._sleep(busy.wait_s or grown)
        raise AssertionError("the last try either answers or raises")

    def _keep_pace(self) -> None:
        now = self._clock()
        if self._next > now:
            self._sleep(self._next - now)
        self._next = max(now, self._next) + 1 / REQUESTS_PER_SECOND

    def _asked(self, path: str, url: str, known: Validators) -> Fetched:
        given = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
        begin_reply(self._timeout_s)
        try:
            with self._client.stream(
                "GET", url, headers={name: each for name, each in given.items() if each}
            ) as answer:
                return self._understood(path, answer)
        except httpx.TransportError as error:
            raise _Busy(f"{self.base} did not answer ({type(error).__name__})") from error
        except httpx.HTTPError as error:
            raise SyncError(f"{path}: the answer cannot be read ({type(error).__name__}); look at {url}") from error

    def _understood(self, path: str, answer: httpx.Response) -> Fetched:
        status = answer.status_code
        if status == 429 or status >= 500:
            raise _Busy(f"{self.base} answered {status}", _seconds(answer.headers.get("retry-after", "")))
        if status == 304:
            return Unchanged()
        if status in {404, 410}:
            return PageMissing(for_good=status == 410)
        if status in _REDIRECTS:
            return Moved(self._led_to(path, answer.headers.get("location", "")))
        if status != 200:
            raise SyncError(f"{path}: {self.base} answered {status}; look at it with a browser")
        return self._page(path, answer)

    def _led_to(self, path: str, location: str) -> str:
        parts, start = urlsplit(location), urlsplit(self.base).path + _API
        if parts.netloc not in {"", self._host} or not parts.path.startswith(start + "/"):
            raise SyncError(f"{path} leads to {location[:120]!r}, which is not asked; look at it with a browser")
        return validate_path(parts.path.removeprefix(start))

    def _page(self, path: str, answer: httpx.Response) -> Fetched:
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise SyncError(
                f"{path}: the answer is {kind[:60] or 'of no kind'}, not JSON; check the address {self.base}"
            )
        content = self._whole(path, answer)
        item = _item(path, content)
        if is_gone(item):
            return PageMissing(for_good=True)
        own = validate_path(item.get("base_path"))
        to = destination(item) or (own if own != path else None)
        if to:
            return Moved(to)
        headers = answer.headers
        return FetchedPage(content, item, Validators(headers.get("etag", ""), headers.get("last-modified", "")))

    def _whole(self, path: str, answer: httpx.Response) -> bytes:
        """Return the body, bounded in bytes."""
        content = bytearray()
        for piece in answer.iter_bytes():
            content += piece
            if len(content) > _MOST_BYTES:
                raise SyncError(f"{path}: the page has more than {_MOST_BYTES} bytes; it is not fetched")
        return bytes(content)


class _Busy(Exception):
    """A failure worth another try; `wait_s` is the wait in seconds that the server asks for, 0 if it asks for none."""

    def __init__(self, why: str, wait_s: float = 0) -> None:
        super().__init__(why)
        self.wait_s = wait_s


def validate_base_url(address: str) -> str:
    """Return the address of a server to fetch from, without a slash at its end.

    Raises:
        SyncError: the address is neither HTTPS nor on this machine, or holds more than a host and a path.
    """
    try:
        parts = urlsplit(address)
        fit = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        fit = fit and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        fit = False
    if not fit or parts.username or parts.query or parts.fragment:
        raise SyncError(f"{address[:120]!r} is not a server to fetch from; give one like https://www.gov.uk")
    return address.rstrip("/")


def _item(path: str, content: bytes) -> dict[str, Any]:
    try:
        item = json.loads(content)
    except (ValueError, RecursionError):
        raise SyncError(f"{path}: the answer is not valid JSON; run again later") from None
    if not isinstance(item, dict):
        raise SyncError(f"{path}: the answer is not one JSON object; look at it with a browser")
    return item


def _seconds(after: str) -> float:
    """Return the seconds to wait that a server gives, as a number or a date; 0 if it gives neither."""
    if after.strip().isdigit():
        return float(after)
    try:
        return max(0.0, (parsedate_to_datetime(after) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0
