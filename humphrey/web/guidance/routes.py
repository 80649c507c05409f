"""Routes of the Guidance page: documents for everybody; upload, removal and indexing for people who may change them.

Every route looks up the caller, and `Curation` checks permission. To anybody outside its group, a document or a job is
a 404, so that its existence stays unknown.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may
from humphrey.clearance.access import Access
from humphrey.errors import CommissionError, DocumentError, HumphreyError, IdentityError, ReviewError
from humphrey.guidance.curation import Curation, CurationJob
from humphrey.guidance.library import Library
from humphrey.guidance.store import DocumentRow
from humphrey.text.dates import today
from humphrey.web import layout, multipart
from humphrey.web.escaping import MarkedSpan
from humphrey.web.gradio_mount import GradioMount
from humphrey.web.guidance import change_view, document_view, list_view
from humphrey.web.request_guard import SCRIPT_POLICY

UPLOAD = "/guidance/upload"
"""Path of the upload; the handler reads the body as it arrives, so the request guard does not."""


_LONGEST_FILTER = 300


_MOST_DIGITS = 6


def add_routes(app: FastAPI, pages: GradioMount, library: Library, curator: Curation, access: Access) -> None:
    """Add the routes to the server."""
    routes = _Routes(pages, library, curator, access)
    looks: dict[str, Callable[..., object]] = {
        "/guidance": routes.listing,
        "/guidance/remove": routes.confirm,
        "/guidance/jobs/{job_id}": routes.job,
        "/guidance/jobs/{job_id}/progress": routes.progress,
        "/documents/{document_id:path}": routes.document,
    }
    acts: dict[str, Callable[..., object]] = {
        UPLOAD: routes.upload,
        "/guidance/index": routes.index,
        "/guidance/remove": routes.remove,
        "/guidance/jobs/{job_id}/stop": routes.stop,
    }
    for path, look in looks.items():
        app.add_api_route(path, look, methods=["GET", "HEAD"], response_model=None)
    for path, act in acts.items():
        app.add_api_route(path, act, methods=["POST"], response_model=None)


class _Routes:
    """Route handlers of the Guidance page."""

    def __init__(self, pages: GradioMount, library: Library, curator: Curation, access: Access) -> None:
        self._pages = pages
        self._library = library
        self._curator = curator
        self._access = access

    async def listing(
        self,
        request: Request,
        words: str = "",
        publisher: str = "",
        state: str = "",
        age: str = "",
        page: str = "1",
    ) -> Response:
        person = await self._person(request)
        at = int(page) if page.isascii() and page.isdigit() and len(page) <= _MOST_DIGITS else 1
        wanted = list_view.ListQuery(words[:_LONGEST_FILTER], publisher, state, age, at)
        return _page(await asyncio.to_thread(self._listed, person, wanted))

    async def document(
        self, request: Request, document_id: str, version: str = "", start: int = 0, end: int = 0, passages: int = 0
    ) -> Response:
        person = await self._person(request)
        # A document outside the caller's groups is a 404, not a 403, which would reveal that it exists.
        audience = await asyncio.to_thread(self._library.audience, document_id, version)
        may_read = await asyncio.to_thread(self._access.may_read, document_id, person, version)
        held = await asyncio.to_thread(self._library.document, document_id, version) if may_read else None
        if held is None or audience is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        quoted = MarkedSpan(start, end, "quote", "quoted") if 0 <= start < end <= len(held.text) else None
        removable = await asyncio.to_thread(self._curator.removable, document_id, person)
        html = document_view.document_page(
            held, quoted, person, audience, version=version, passages=bool(passages),
            removable=removable and not version,
        )  # fmt: skip
        return HTMLResponse(html)

    async def upload(self, request: Request) -> Response:
        person = await self._person(request)
        try:
            folder = await asyncio.to_thread(self._curator.receive, person.name)
            try:
                form = multipart.UploadForm(request.headers.get("content-type", ""), folder)
                await form.read(request.stream())
                group = form.words.get("group", "")
                job = await asyncio.to_thread(self._curator.add, person.name, folder, group, form.names, form.refused)
            except BaseException:
                # Also on cancellation: the server stops, or the sender disconnects.
                self._curator.discard(folder)
                raise
        except HumphreyError as error:
            return _refused(error)
        return _redirect(_address(job))

    async def index(self, request: Request) -> Response:
        person = await self._person(request)
        return await self._queued(lambda: self._curator.index_again(person.name))

    async def confirm(self, request: Request, document: str = "") -> Response:
        person = await self._reviewer(request)
        held = await asyncio.to_thread(self._held, document, person)
        if held is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return HTMLResponse(change_view.removal_page(held, person, self._curator.reappears_after_removal(held.path)))

    async def remove(self, request: Request, document: Annotated[str, Form()] = "") -> Response:
        person = await self._person(request)
        return await self._queued(lambda: self._curator.remove(person.name, document))

    async def job(self, request: Request, job_id: str) -> Response:
        person = await self._reviewer(request)
        return _page(change_view.job_page(self._job(job_id, person), person))

    async def progress(self, request: Request, job_id: str) -> Response:
        person = await self._reviewer(request)
        job = self._job(job_id, person)
        return JSONResponse(
            {"done": job.done, "total": job.total, "over": job.is_over, "said": change_view.progress_sentence(job)}
        )

    async def stop(self, request: Request, job_id: str) -> Response:
        person = await self._person(request)
        try:
            await asyncio.to_thread(self._curator.stop, person.name, job_id)
        except HumphreyError as error:
            return _refused(error)
        return _redirect(f"/guidance/jobs/{job_id}")

    async def _person(self, request: Request) -> Person:
        person = await self._pages.person(request)
        if person is None:
            onwards = "?next=/guidance" if request.url.path == "/guidance" else ""
            raise HTTPException(HTTPStatus.SEE_OTHER, headers={"Location": f"/sign-in{onwards}"})
        return person

    async def _reviewer(self, request: Request) -> Person:
        person = await self._person(request)
        if not may(person, "curate"):
            raise HTTPException(HTTPStatus.FORBIDDEN)
        return person

    async def _queued(self, act: Callable[[], CurationJob]) -> Response:
        try:
            return _redirect(_address(await asyncio.to_thread(act)))
        except HumphreyError as error:
            return _refused(error)

    def _listed(self, person: Person, wanted: list_view.ListQuery) -> str:
        held = self._library.list_documents(person.groups)
        day = today()
        if not may(person, "curate"):
            return list_view.guidance_page(held, wanted, person, day, (), ())
        refused, jobs = self._library.refusals(person.groups), self._curator.jobs(person.groups)
        return list_view.guidance_page(held, wanted, person, day, refused, jobs)

    def _held(self, document_id: str, person: Person) -> DocumentRow | None:
        return next((each for each in self._library.list_documents(person.groups) if each.id == document_id), None)

    def _job(self, job_id: str, person: Person) -> CurationJob:
        job = self._curator.job(job_id, person.groups)
        if job is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return job


def _page(html: str) -> Response:
    return HTMLResponse(html, headers={"Content-Security-Policy": SCRIPT_POLICY})


def _redirect(where: str) -> Response:
    return RedirectResponse(where, HTTPStatus.SEE_OTHER)


def _address(job: CurationJob) -> str:
    return f"/guidance/jobs/{job.id}"


def _refused(error: HumphreyError) -> Response:
    """Return the page that says why nothing was changed."""
    if isinstance(error, ReviewError | IdentityError):
        status = HTTPStatus.FORBIDDEN
    elif isinstance(error, CommissionError | DocumentError):
        status = HTTPStatus.BAD_REQUEST
    else:
        status = HTTPStatus.SERVICE_UNAVAILABLE
    said = str(error)
    return HTMLResponse(layout.message_page("Nothing was changed", said[:1].upper() + said[1:] + "."), status)
