"""How a JSON route refuses: one sentence, and a status that says whether asking again can help."""

from collections.abc import Callable, Coroutine, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import JSONResponse, Response

from humphrey.errors import (
    AlreadyDecided,
    Blocked,
    Claimed,
    CommissionError,
    HumphreyError,
    IdentityError,
    LimitReached,
    NotPermitted,
    ReviewError,
    StaleDigest,
)


class NotThere(HumphreyError):
    """There is no such review or notice for whoever asks."""


class NobodyThere(HumphreyError):
    """Nobody is signed in."""

    def __init__(self) -> None:
        super().__init__("you are not signed in, or no longer; sign in on the page and try again")


_STATUS: Sequence[tuple[type[HumphreyError], HTTPStatus]] = (
    (NobodyThere, HTTPStatus.UNAUTHORIZED),
    (NotThere, HTTPStatus.NOT_FOUND),
    (StaleDigest, HTTPStatus.CONFLICT),
    (AlreadyDecided, HTTPStatus.CONFLICT),
    (Claimed, HTTPStatus.CONFLICT),
    (Blocked, HTTPStatus.CONFLICT),
    (NotPermitted, HTTPStatus.FORBIDDEN),
    (IdentityError, HTTPStatus.FORBIDDEN),
    (ReviewError, HTTPStatus.BAD_REQUEST),
    (CommissionError, HTTPStatus.BAD_REQUEST),
    (LimitReached, HTTPStatus.TOO_MANY_REQUESTS),
)


def said(status: int, sentence: str) -> Response:
    """A refusal: one sentence."""
    return JSONResponse({"error": sentence}, status)


class ErrorRoute(APIRoute):
    """A route whose refusals are one sentence each."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request, or refuses it."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await inner(request)
            except RequestValidationError as error:
                return said(HTTPStatus.BAD_REQUEST, _fault(error))
            except HumphreyError as error:
                return said(_status(error), str(error))

        return handler


def _fault(error: RequestValidationError) -> str:
    """The first thing that will not do, with where it stands; never what was sent, which may be a person's words."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part not in {"body", "query", "path"}) or "the body"
    return f"{where}: {first['msg'].lower()}; GET /api/openapi.json says what is taken"


def _status(error: HumphreyError) -> HTTPStatus:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), HTTPStatus.SERVICE_UNAVAILABLE)
