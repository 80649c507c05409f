"""Errors of the JSON routes: one sentence, and an HTTP status that says whether a retry can help."""

from collections.abc import Callable, Coroutine, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import JSONResponse, Response

from humphrey.errors import (
    AlreadyDecided,
    Blocked,
    Claimed,
    CommissionError,
    Held,
    HumphreyError,
    IdentityError,
    LimitReached,
    NotPermitted,
    NotYetRead,
    ReviewError,
    StaleDigest,
    UnstorableText,
)


class NotFound(HumphreyError):
    """The caller has no such review or notice."""


class NotSignedIn(HumphreyError):
    """The request has no valid session."""

    def __init__(self) -> None:
        super().__init__("you are not signed in, or no longer; sign in on the page and try again")


# The first class that matches wins, so a subclass must come before its base class; any other error is a 503.
_STATUS: Sequence[tuple[type[HumphreyError], HTTPStatus]] = (
    (NotSignedIn, HTTPStatus.UNAUTHORIZED),
    (NotFound, HTTPStatus.NOT_FOUND),
    (StaleDigest, HTTPStatus.CONFLICT),
    (AlreadyDecided, HTTPStatus.CONFLICT),
    (Claimed, HTTPStatus.CONFLICT),
    (Blocked, HTTPStatus.CONFLICT),
    (Held, HTTPStatus.CONFLICT),
    (NotYetRead, HTTPStatus.CONFLICT),
    (NotPermitted, HTTPStatus.FORBIDDEN),
    (IdentityError, HTTPStatus.FORBIDDEN),
    (ReviewError, HTTPStatus.BAD_REQUEST),
    (UnstorableText, HTTPStatus.BAD_REQUEST),
    (CommissionError, HTTPStatus.BAD_REQUEST),
    (LimitReached, HTTPStatus.TOO_MANY_REQUESTS),
)


_SEE = "GET /api/openapi.json says what is taken"


def error_response(status: int, sentence: str) -> Response:
    """Return an error as JSON: `{"error": sentence}`."""
    return JSONResponse({"error": sentence}, status)


class ErrorRoute(APIRoute):
    """FastAPI route that turns exceptions into JSON errors."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of the route, with exceptions turned into JSON errors."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await inner(request)
            except RequestValidationError as error:
                return error_response(HTTPStatus.BAD_REQUEST, _validation_message(error))
            except HTTPException as error:
                if error.status_code != HTTPStatus.BAD_REQUEST:
                    raise
                return error_response(HTTPStatus.BAD_REQUEST, f"the body cannot be read as JSON; {_SEE}")
            except HumphreyError as error:
                return error_response(_status(error), str(error))

        return handler


def _validation_message(error: RequestValidationError) -> str:
    """Return the first validation error and its field, never the value sent: it may hold a person's words."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part not in {"body", "query", "path"}) or "the body"
    return f"{where}: {first['msg'].lower()}; {_SEE}"


def _status(error: HumphreyError) -> HTTPStatus:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), HTTPStatus.SERVICE_UNAVAILABLE)
