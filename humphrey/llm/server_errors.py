"""What a server says went wrong: with an HTTP status, in an event of a stream that began well, or in place of a reply.

Servers that speak one protocol agree least on this. So an error is read from every shape that is in use, and its kind
is decided from its status and its words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

ErrorKind = Literal["filtered", "window", "quota", "key", "missing", "passing", "refused"]
"""`filtered`: withheld by a content filter. `window`: longer than the model reads. `quota`: the account's is used up.
`key`: not accepted. `missing`: no such model or address. `passing`: may work later. `refused`: anything else."""


_FILTERED = re.compile(
    r"content.?filter|content management policy|content.?policy|responsible.?ai|content.?moderation|prohibited.?content"
    r"|safety (?:system|filter|settings)|moderation_blocked|flagged (?:by|as|for)",
    re.IGNORECASE,
)


_OVERFLOW = re.compile(
    r"context.{0,20}(?:length|window|size)|exceed_context|too many tokens|prompt is too long|input is too long"
    r"|maximum.{0,30}input tokens",
    re.IGNORECASE,
)


_QUOTA = re.compile(
    r"insufficient.?(?:quota|balance|credit|funds)|quota|billing|credit balance|out of credit", re.IGNORECASE
)


# What a kind of error is called where no status is given, with the status that it stands for. The first that fits.
_STATUSES = (
    (400, _OVERFLOW),
    (400, _FILTERED),
    (429, re.compile(r"rate.?limit|too.?many.?requests|throttl|resource.?exhausted", re.IGNORECASE)),
    (402, _QUOTA),
    (401, re.compile(r"(?:invalid|incorrect|missing).{0,12}api.?key|authenticat|unauthori[sz]ed", re.IGNORECASE)),
    (404, re.compile(r"not.?found|does not exist", re.IGNORECASE)),
    (400, re.compile(r"invalid.?request|bad.?request|unsupported|validation", re.IGNORECASE)),
)


_FAILED = 500
"""The status of an error that says nothing by which it could be told from others."""


@dataclass(frozen=True)
class ServerError:
    """An error as a server told it: the HTTP status that it has or stands for, and its words.

    The words may repeat a key or a person's question, so they are read and never shown.
    """

    status: int
    words: str

    @property
    def kind(self) -> ErrorKind:
        """What went wrong."""
        if self.status in {400, 403, 422, 451} and _FILTERED.search(self.words):
            return "filtered"
        if self.status in {400, 413, 422} and _OVERFLOW.search(self.words):
            return "window"
        if self.status == 402 or (self.status in {403, 429} and _QUOTA.search(self.words)):
            return "quota"
        if self.status in {401, 403}:
            return "key"
        if self.status == 404:
            return "missing"
        return "passing" if self.status in {408, 409, 425, 429} or self.status >= 500 else "refused"


class ErrorInReply(Exception):
    """A server told an error inside a reply that began with status 200."""

    def __init__(self, told: ServerError) -> None:
        super().__init__(told.status)
        self.told = told


def told_in(body: object) -> ServerError | None:
    """Return the error that a body or an event of a stream tells; None if it tells none."""
    if not isinstance(body, Mapping):
        return None
    told = body.get("error") or _choice_error(body.get("choices"))
    if not told and "choices" not in body and any(isinstance(body.get(name), str | list) for name in _PLACES):
        told = body
    return _read(told) if told else None


_PLACES = ("detail", "message", "errors")
"""Where an error stands that has no envelope of its own."""


def _choice_error(choices: object) -> object:
    first = choices[0] if isinstance(choices, list) and choices else None
    return first.get("error") if isinstance(first, Mapping) else None


def _read(told: object) -> ServerError:
    if not isinstance(told, Mapping):
        return ServerError(_status({}, str(told)), str(told))
    words = " ".join(_words(told))
    return ServerError(_status(told, words), words)


def _words(told: Mapping[Any, Any]) -> list[str]:
    names = ("code", "type", "status", "message", "detail", "errors")
    return [str(told[name]) for name in names if told.get(name)]


def _status(told: Mapping[Any, Any], words: str) -> int:
    for name in ("code", "status_code", "http_status", "status"):
        given = str(told.get(name, ""))
        if given.isdecimal() and 400 <= int(given) < 600:
            return int(given)
    return next((status for status, kind in _STATUSES if kind.search(words)), _FAILED)
