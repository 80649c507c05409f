"""Short references in addresses: /reviews/H26-00142 leads where the review's id does."""

import re
from collections.abc import Callable
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

_IN_PATH = re.compile(r"(?<=/reviews/)[Hh]\d\d-\d{1,9}(?=/|$)")


_IN_QUERY = re.compile(rb"(?<![^&])(?P<name>review|subject)=(?P<named>[Hh]\d\d-\d{1,9})(?=&|$)")


class References:
    """Replaces the short reference of a review in an address by its id; a reference that nobody has stays.

    Args:
        app: the application behind it.
        id_of: returns the id of the review with a reference, or the reference.
    """

    def __init__(self, app: ASGIApp, id_of: Callable[[str], str]) -> None:
        self._app = app
        self._id_of = id_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "http" and (_IN_PATH.search(scope["path"]) or _IN_QUERY.search(scope["query_string"])):
            scope = await run_in_threadpool(self._by_id, scope)
        await self._app(scope, receive, send)

    def _by_id(self, scope: Scope) -> Scope:
        path = _IN_PATH.sub(lambda found: self._id_of(found[0]), scope["path"])
        query = _IN_QUERY.sub(
            lambda found: found["name"] + b"=" + self._id_of(found["named"].decode()).encode(), scope["query_string"]
        )
        return {**scope, "path": path, "raw_path": quote(path).encode(), "query_string": query}
