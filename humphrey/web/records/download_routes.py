"""Route that downloads a released text as a file; the service checks permission on each request."""

import asyncio
from http import HTTPStatus
from typing import get_args
from urllib.parse import quote

from fastapi import FastAPI, HTTPException, Request
from starlette.responses import HTMLResponse, Response

from humphrey.delivery.downloads import Downloads
from humphrey.delivery.export.sheet import MEDIA
from humphrey.errors import HumphreyError, IdentityError, NotPermitted, ReviewError
from humphrey.papers.destinations import Format
from humphrey.web import layout
from humphrey.web.gradio_mount import GradioMount


def disposition(kept: str, name: str) -> str:
    """Return the header that names a file: in ASCII for old browsers, and as it is (RFC 6266)."""
    plain = name.encode("ascii", "ignore").decode()
    return f"{kept}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"


def add_routes(app: FastAPI, pages: GradioMount, exports: Downloads) -> None:
    """Add the route to the server."""

    async def take(request: Request, review_id: str, form: str) -> Response:
        person = await pages.person(request)
        if person is None:
            raise HTTPException(HTTPStatus.SEE_OTHER, headers={"Location": "/sign-in"})
        wanted = next((each for each in get_args(Format) if each == form), None)
        if wanted is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        try:
            content = await asyncio.to_thread(exports.download, review_id, wanted, person.name)
            name = await asyncio.to_thread(exports.file_name, review_id, wanted)
        except HumphreyError as error:
            return _refused(error)
        return _file(content, name, wanted)

    app.add_api_route("/reviews/{review_id}/export.{form}", take, methods=["GET"], response_model=None)


def _file(content: bytes, name: str, form: Format) -> Response:
    headers = {
        "Content-Disposition": disposition("attachment", name),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=MEDIA[form], headers=headers)


def _refused(error: HumphreyError) -> Response:
    """Return the page that says why there is no file."""
    if isinstance(error, NotPermitted | IdentityError):
        return HTMLResponse(layout.forbidden_page(error), HTTPStatus.FORBIDDEN)
    status = HTTPStatus.CONFLICT if isinstance(error, ReviewError) else HTTPStatus.SERVICE_UNAVAILABLE
    said = str(error)
    return HTMLResponse(layout.message_page("There is no such file for you", said[:1].upper() + said[1:] + "."), status)
