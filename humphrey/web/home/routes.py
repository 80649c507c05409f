"""Routes of the home page and of the address without a path."""

import asyncio
from http import HTTPStatus

from fastapi import FastAPI, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from humphrey.errors import HumphreyError
from humphrey.web import layout
from humphrey.web.gradio_mount import GradioMount
from humphrey.web.home.needs import gather, landing
from humphrey.web.home.view import home_page
from humphrey.web.services import Services


def add_routes(app: FastAPI, pages: GradioMount, services: Services) -> None:
    """Add the routes to the server."""

    async def home(request: Request) -> Response:
        person = await pages.person(request)
        if person is None:
            raise HTTPException(HTTPStatus.SEE_OTHER, headers={"Location": "/sign-in?next=/home"})
        try:
            needs = await asyncio.to_thread(gather, services, person)
        except HumphreyError as error:
            said = str(error)
            page = layout.message_page("This page cannot be shown now", f"{said[:1].upper()}{said[1:]}.")
            return HTMLResponse(page, HTTPStatus.SERVICE_UNAVAILABLE)
        return HTMLResponse(home_page(needs, person))

    async def start(request: Request) -> Response:
        person = await pages.person(request)
        return RedirectResponse(landing(person) if person else "/sign-in", HTTPStatus.SEE_OTHER)

    app.add_api_route("/home", home, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route("/", start, methods=["GET"], response_model=None)
