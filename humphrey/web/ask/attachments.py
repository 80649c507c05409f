"""Attached files of a conversation: the upload route, which takes one file a request, and their HTML on the Ask page.

The service checks the owner of the conversation. This module limits the size; a file's name is never used as a path.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from http import HTTPStatus

from fastapi import FastAPI, Request
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from humphrey.conversations.attachments import MAX_FILE_BYTES, MAX_FILE_WORDS, MAX_FILES, MAX_WORDS, Attachments
from humphrey.conversations.model import AttachedFile
from humphrey.conversations.service import ConversationService
from humphrey.errors import HumphreyError, IdentityError, StoreError
from humphrey.papers.draft import Task
from humphrey.web.escaping import safe
from humphrey.web.gradio_mount import GradioMount
from humphrey.web.guidance.change_view import FORMATS
from humphrey.web.guidance.document_view import address
from humphrey.web.provenance_view import count_of

ATTACH = "/ask/files"
"""Path of the upload; the handler reads the body as it arrives, so the request guard does not."""


TASKS: Mapping[Task, tuple[str, str]] = {
    "summary": ("Summary", "Summarise {}."),
    "key_points": ("Key points", "List the key points of {}."),
    "actions": ("Actions", "List the actions in {}, with owners and dates."),
    "people": ("People", "List the people who are mentioned in {}."),
    "dates": ("Dates", "List the dates in {}."),
}
"""Tasks on whole files: the label of the button, and the question that it asks."""


CHOOSER = (
    '<details id="attach"><summary>Attach files</summary>'
    '<p><label for="attach-files">Attach files to this conversation</label> '
    f'<span class="hint">PDF, Word, OpenDocument, Markdown, HTML, text or e-mail; up to {MAX_FILES} files of '
    f"{MAX_FILE_BYTES // 1_000_000} MB and {MAX_FILE_WORDS:,} words, {MAX_WORDS:,} words together. "
    "Only you can read them, and the reviewer of a draft that cites them.</span> "
    f'<input type="file" id="attach-files" multiple accept="{FORMATS}"></p></details>'
)
"""HTML of the file chooser; `static/ask.js` sends the files, also those that are dropped onto the page."""


def add_routes(app: FastAPI, pages: GradioMount, conversations: ConversationService, attached: Attachments) -> None:
    """Add the route to the server."""

    async def attach(request: Request, conversation: str = "", name: str = "") -> Response:
        person = await pages.person(request)
        if person is None:
            return _error_response(
                HTTPStatus.UNAUTHORIZED, "Your sign-in has ended. Reload this page and sign in again."
            )
        try:
            data = await _body(request)
            if data is None:
                return _error_response(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"It has more than {MAX_FILE_BYTES // 1_000_000} MB."
                )
            held = await asyncio.to_thread(_attach, conversations, attached, person.name, conversation, name, data)
        except ClientDisconnect:
            return _error_response(HTTPStatus.BAD_REQUEST, "The file did not arrive whole. Choose it again.")
        except HumphreyError as error:
            return _error_response(_status(error), str(error))
        return JSONResponse(held)

    app.add_api_route(ATTACH, attach, methods=["POST"], response_model=None)


def file_list(held: Sequence[AttachedFile]) -> str:
    """Return the list of a conversation's files, each with its size and a Remove button."""
    if not held:
        return ""
    items = "".join(f"<li>{_file(each)}</li>" for each in held)
    return f'<section class="files"><h2>Files of this conversation</h2><ul class="plain">{items}</ul></section>'


def task_question(task: Task, count: int) -> str:
    """Return the question that a task's button asks about `count` files."""
    return TASKS[task][1].format("the attached file" if count == 1 else "the attached files")


def _attach(
    conversations: ConversationService, attached: Attachments, owner: str, conversation: str, name: str, data: bytes
) -> dict[str, object]:
    where = conversation or conversations.new_conversation(owner).id
    held = attached.attach(owner, where, name, data)
    return {**asdict(held), "conversation": where}


async def _body(request: Request) -> bytes | None:
    """Return the file; None if it is too large."""
    parts, size = [], 0
    async for some in request.stream():
        size += len(some)
        if size > MAX_FILE_BYTES:
            return None
        parts.append(some)
    return b"".join(parts)


def _error_response(status: HTTPStatus, said: str) -> Response:
    return JSONResponse({"detail": said}, status)


def _status(error: HumphreyError) -> HTTPStatus:
    if isinstance(error, IdentityError):
        return HTTPStatus.FORBIDDEN
    return HTTPStatus.SERVICE_UNAVAILABLE if isinstance(error, StoreError) else HTTPStatus.BAD_REQUEST


def _file(each: AttachedFile) -> str:
    size = [count_of(each.pages, "page")] if each.pages else []
    notes = "".join(f'<p class="warning">{safe(note)}</p>' for note in each.notes)
    remove = f'Remove<span class="unseen"> {safe(each.name)}</span>'
    return (
        f'<p><a href="{address(each.document)}" target="_blank" rel="noopener" dir="auto">{safe(each.name)}</a> '
        f'<span class="hint">{", ".join([*size, count_of(each.words, "word")])}</span> '
        f'<button type="button" class="go quiet" id="remove-{safe(each.id)}">{remove}</button></p>{notes}'
    )
