"""Routes of a person's conversations: the list and its search, another title, a pin, the removal, and files.

The services check the owner at every call: another person's conversation is reported as missing.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from humphrey.accounts.model import Person
from humphrey.conversations.attachments import Attachments
from humphrey.conversations.model import Conversation
from humphrey.conversations.service import ConversationService
from humphrey.errors import CommissionError, HumphreyError
from humphrey.text.dates import today
from humphrey.web.ask import history_view
from humphrey.web.ask.history_export import FORMS, file_name
from humphrey.web.gradio_mount import GradioMount

HISTORY = "/ask/history"


_MOST = 10_000
"""Most conversations of one list."""


def add_routes(app: FastAPI, pages: GradioMount, conversations: ConversationService, attached: Attachments) -> None:
    """Add the routes to the server."""
    routes = _Routes(pages, conversations, attached)
    app.add_api_route(HISTORY, routes.listing, methods=["GET"], response_model=None)
    one = f"{HISTORY}/{{conversation}}"
    app.add_api_route(f"{one}/export.{{form}}", routes.export, methods=["GET"], response_model=None)
    for name, act in {"title": routes.rename, "pin": routes.pin, "remove": routes.remove}.items():
        app.add_api_route(f"{one}/{name}", act, methods=["POST"], response_model=None)


class _Routes:
    """Route handlers of the list of conversations."""

    def __init__(self, pages: GradioMount, conversations: ConversationService, attached: Attachments) -> None:
        self._pages = pages
        self._conversations = conversations
        self._attached = attached

    async def listing(self, request: Request, words: str = "", shown: int = history_view.STEP) -> Response:
        def found(person: Person) -> Response:
            kept = self._conversations.find_conversations(person.name, words)
            many = min(max(shown, 1), _MOST)
            html = history_view.listed(kept, " ".join(words.split()), many, today())
            return HTMLResponse(html, headers={"Cache-Control": "private, no-store"})

        return await self._answered(request, found)

    async def rename(self, request: Request, conversation: str, title: Annotated[str, Form()] = "") -> Response:
        return await self._done(request, lambda person: self._conversations.rename(conversation, person.name, title))

    async def pin(self, request: Request, conversation: str, pinned: Annotated[str, Form()] = "") -> Response:
        wished = pinned == "yes"
        return await self._done(request, lambda person: self._conversations.pin(conversation, person.name, wished))

    async def remove(self, request: Request, conversation: str) -> Response:
        return await self._done(request, lambda person: self._attached.remove_conversation(conversation, person.name))

    async def export(self, request: Request, conversation: str, form: str) -> Response:
        if form not in FORMS:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        media, written = FORMS[form]

        def made(person: Person) -> Response:
            exchanges = self._conversations.exchanges(conversation, person.name)
            kept = self._one(conversation, person)
            headers = {
                "Content-Disposition": f'attachment; filename="{file_name(kept, form)}"',
                "Cache-Control": "private, no-store",
            }
            return Response(written(kept, exchanges), media_type=media, headers=headers)

        return await self._answered(request, made)

    def _one(self, conversation: str, person: Person) -> Conversation:
        kept = (each for each in self._conversations.conversations(person.name) if each.id == conversation)
        if found := next(kept, None):
            return found
        raise CommissionError("this conversation was removed; choose another")

    async def _done(self, request: Request, act: Callable[[Person], object]) -> Response:
        def done(person: Person) -> Response:
            act(person)
            return JSONResponse({})

        return await self._answered(request, done)

    async def _answered(self, request: Request, answer: Callable[[Person], Response]) -> Response:
        person = await self._pages.person(request)
        if person is None:
            said = "Your sign-in has ended. Reload this page and sign in again."
            return JSONResponse({"detail": said}, HTTPStatus.UNAUTHORIZED)
        try:
            return await asyncio.to_thread(answer, person)
        except HumphreyError as error:
            missing = isinstance(error, CommissionError)
            status = HTTPStatus.BAD_REQUEST if missing else HTTPStatus.SERVICE_UNAVAILABLE
            return JSONResponse({"detail": str(error)}, status)
