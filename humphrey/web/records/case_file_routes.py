"""Route that downloads the case file of a review; the service checks permission on each request."""

import asyncio
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import get_args

from fastapi import FastAPI, HTTPException, Request
from starlette.responses import HTMLResponse, Response

from humphrey.errors import HumphreyError, IdentityError, NotPermitted, ReviewError
from humphrey.records.case_files.service import CaseFiles, Form
from humphrey.records.case_files.web_page import STYLE_DIGEST
from humphrey.web import layout
from humphrey.web.gradio_mount import GradioMount

_MEDIA: Mapping[Form, str] = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "json": "application/json",
}


_POLICY = f"sandbox; default-src 'none'; style-src 'sha256-{STYLE_DIGEST}'"
"""Content-Security-Policy of a case file: its own style sheet, and nothing else."""


def add_routes(app: FastAPI, pages: GradioMount, cases: CaseFiles, named: Callable[[str], str]) -> None:
    """Add the route to the server; `named` returns what people call the review with an id."""

    async def take(request: Request, review_id: str, form: str) -> Response:
        person = await pages.person(request)
        if person is None:
            raise HTTPException(HTTPStatus.SEE_OTHER, headers={"Location": "/sign-in"})
        wanted = next((each for each in get_args(Form) if each == form), None)
        if wanted is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        try:
            made = await asyncio.to_thread(cases.export, review_id, person.name, wanted)
        except HumphreyError as error:
            return _refused(error)
        return _file(made, await asyncio.to_thread(named, review_id), wanted)

    app.add_api_route("/reviews/{review_id}/case.{form}", take, methods=["GET"], response_model=None)


def _file(made: bytes, name: str, form: Form) -> Response:
    # HTML opens in the browser, other formats are saved. The name is a reference, which is safe in a header.
    kept = "inline" if form == "html" else "attachment"
    headers = {
        "Content-Disposition": f'{kept}; filename="{name} case file.{form}"',
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "private, no-store",
    }
    return Response(made, media_type=_MEDIA[form], headers=headers)


def _refused(error: HumphreyError) -> Response:
    """Return the page that says why there is no case file."""
    if isinstance(error, NotPermitted | IdentityError):
        return HTMLResponse(layout.forbidden_page(error), HTTPStatus.FORBIDDEN)
    status = HTTPStatus.NOT_FOUND if isinstance(error, ReviewError) else HTTPStatus.SERVICE_UNAVAILABLE
    said = str(error)
    return HTMLResponse(
        layout.message_page("There is no such case file for you", said[:1].upper() + said[1:] + "."), status
    )
