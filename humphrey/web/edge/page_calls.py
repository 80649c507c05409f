"""Calls of the pages to their handlers, checked before Gradio sees them.

A page sends plain values, as many as its handler takes. Anything else comes from a stranger's program; it gets an
answer that says so, and never reaches code that would fail on it or fetch a file that it names.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import HTTPException

_DEEPEST = 8
"""Levels of lists and objects in a call; a page sends three."""


_HASH = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""A session hash; a page sends a dozen letters and digits."""


_SCALARS = (str, int, float, bool, type(None))


@dataclass(frozen=True)
class PageCall:
    """A call.

    Attributes:
        session_hash: the session of the page; empty if the call is of none.
        handler: the number of the handler; None if the call is for none.
        body: the body for Gradio.
        fault: why the handler cannot be called so; told only to the person whose page it is.
    """

    session_hash: str
    handler: int | None = None
    body: bytes = b""
    fault: HTTPException | None = None


def session_hash(written: object) -> str:
    """Return a session hash.

    Raises:
        HTTPException: it is none.
    """
    if not isinstance(written, str) or not _HASH.fullmatch(written):
        raise _bad("the session hash of the call is none")
    return written


def read_call(body: bytes, inputs: Mapping[int, int] | None) -> PageCall:
    """Read the body of a call.

    Args:
        body: the body as it came.
        inputs: how many values each handler takes; None for a call that is for no handler.

    Raises:
        HTTPException: with status 400, it is not the call of any page.
    """
    said = _object(body)
    known = session_hash(said.get("session_hash"))
    if inputs is None:
        return PageCall(known, body=body)
    handler, data, trigger = said.get("fn_index"), said.get("data"), said.get("trigger_id")
    if not isinstance(handler, int) or isinstance(handler, bool) or handler not in inputs:
        return PageCall(known, fault=_bad("no handler of the pages has that number"))
    if not isinstance(data, list) or len(data) != inputs[handler] or not all(map(_is_plain, data)):
        return PageCall(known, fault=_bad(f"handler {handler} takes {inputs[handler]} plain values in a list"))
    passed = {
        "data": data,
        "event_data": said.get("event_data"),
        "fn_index": handler,
        "session_hash": known,
        "trigger_id": trigger if isinstance(trigger, int) else None,
    }
    return PageCall(known, handler, json.dumps(passed).encode())


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise _bad("the body of the call is not JSON that can be read") from None
    if not isinstance(said, dict) or _is_deeper(said, _DEEPEST):
        raise _bad(f"the body of the call is not one object of at most {_DEEPEST} levels")
    return said


def _is_deeper(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    parts = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(part, levels - 1) for part in parts)


def _is_plain(value: object) -> bool:
    """Return whether a value is text, a number or a choice, or a list of them."""
    return isinstance(value, _SCALARS) or (
        isinstance(value, list) and all(isinstance(part, _SCALARS) for part in value)
    )


def _bad(why: str) -> HTTPException:
    return HTTPException(HTTPStatus.BAD_REQUEST, f"{why}; reload this page and try again")
