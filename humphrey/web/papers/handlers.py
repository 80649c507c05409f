"""Routes of the Papers page: the form of a kind, a day in words, the text of a file, drafting and sending.

Each takes the caller from the session; the services check what belongs to the caller.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from humphrey.accounts.model import Person
from humphrey.conversations.attachments import MAX_FILE_BYTES
from humphrey.delivery.outlets import OUTLETS
from humphrey.errors import CommissionError, DocumentError, HumphreyError, IdentityError, StoreError
from humphrey.papers.draft import Commission
from humphrey.papers.facts import faults_of, missing_facts
from humphrey.papers.kind import Paper
from humphrey.text.dates import local_date, parse_date, say_day
from humphrey.text.markings import CLASSIFICATIONS
from humphrey.web import draft_view
from humphrey.web.gradio_mount import GradioMount
from humphrey.web.papers import form_view, kinds_view, paper_view
from humphrey.web.services import Services

FILE = "/papers/files"
"""Path of the upload; the handler reads the body as it arrives, so the request guard does not."""


_SIGNED_OUT = "Your sign-in has ended. Reload this page and sign in again; what you typed is kept in this browser."


def add_routes(app: FastAPI, pages: GradioMount, services: Services) -> None:
    """Add the routes to the server."""
    routes = _Routes(pages, services)
    for path, look in {"/papers/form": routes.form, "/papers/day": routes.day}.items():
        app.add_api_route(path, look, methods=["GET"], response_model=None)
    for path, act in {"/papers/drafts": routes.draft, "/papers/send": routes.send, FILE: routes.file}.items():
        app.add_api_route(path, act, methods=["POST"], response_model=None)


class _Routes:
    """Route handlers. What goes wrong is answered as JSON, with a sentence for the person."""

    def __init__(self, pages: GradioMount, services: Services) -> None:
        self._pages = pages
        self._drafting = services.drafting
        self._conversations = services.conversations
        self._clearance = services.clearance
        self._attached = services.attachments
        self._lookup = services.access.lookup

    async def form(self, request: Request, kind: str = "") -> Response:
        if await self._pages.person(request) is None:
            return _refused(_SIGNED_OUT, HTTPStatus.UNAUTHORIZED)
        papers = self._drafting.papers
        if not kind:
            return JSONResponse({"html": kinds_view.kinds(papers), "title": ""})
        try:
            paper = self._form_of(kind)
        except CommissionError as error:
            return JSONResponse({"html": draft_view.alert(error) + kinds_view.kinds(papers), "title": ""})
        drawn = form_view.form(paper, local_date(datetime.now(UTC)))
        marking = paper_view.markings(paper, self._higher(paper))
        sending = paper_view.sending(self._drafting.destinations)
        return JSONResponse({"html": drawn, "title": paper.title, "marking": marking, "sending": sending})

    async def day(self, request: Request, said: str = "") -> Response:
        if await self._pages.person(request) is None:
            return _refused(_SIGNED_OUT, HTTPStatus.UNAUTHORIZED)
        try:
            day = parse_date(said[:100])
        except CommissionError:
            return JSONResponse({"day": "", "said": "No date yet"})
        return JSONResponse({"day": day.isoformat(), "said": say_day(day)})

    async def draft(self, request: Request) -> Response:
        person = await self._pages.person(request)
        if person is None:
            return _refused(_SIGNED_OUT, HTTPStatus.UNAUTHORIZED)
        try:
            asked = _object(await _json(request))
            return await run_in_threadpool(self._draft, asked, person)
        except HumphreyError as error:
            return _failed(error)

    async def send(self, request: Request) -> Response:
        person = await self._pages.person(request)
        if person is None:
            return _refused(_SIGNED_OUT, HTTPStatus.UNAUTHORIZED)
        try:
            asked = _object(await _json(request))
            return await run_in_threadpool(self._send, asked, person)
        except HumphreyError as error:
            return _failed(error)

    async def file(self, request: Request, name: str = "") -> Response:
        person = await self._pages.person(request)
        if person is None:
            return _refused(_SIGNED_OUT, HTTPStatus.UNAUTHORIZED)
        try:
            data = await _body(request)
            text, notes = await asyncio.to_thread(self._attached.text_of, person.name, name, data)
        except ClientDisconnect:
            return _refused("The file did not arrive whole. Choose it again.", HTTPStatus.BAD_REQUEST)
        except DocumentError as error:
            return _refused(f"{name[:200]}: {error}", HTTPStatus.BAD_REQUEST)
        except HumphreyError as error:
            return _failed(error)
        return JSONResponse({"text": text, "notes": list(notes)})

    def _draft(self, asked: Mapping[str, object], person: Person) -> Response:
        paper = self._form_of(_text(asked, "kind"))
        facts = {name: value for name, value in _object(asked.get("facts")).items() if isinstance(value, str)}
        if faults := _faults(paper, facts):
            return JSONResponse({"faults": faults, "html": form_view.faults(faults)})
        facts = {name: value for name, value in facts.items() if value.strip()}
        marking = _text(asked, "marking") or paper.marking
        written = self._drafting.compose(Commission(paper.kind, "", person.name, "web", facts, marking=marking))
        if written.status == "refused":
            return JSONResponse({"html": draft_view.refusal(written)})
        kept = self._conversations.save(written, None)
        drawn = paper_view.draft(kept.draft, paper, f"x{kept.id}", self._lookup(person))
        whole = not missing_facts(paper, kept.draft.commission.facts)
        return JSONResponse({"exchange": kept.id, "html": drawn, "whole": whole})

    def _send(self, asked: Mapping[str, object], person: Person) -> Response:
        outlet = _text(asked, "outlet") or "web"
        # An address typed before another outlet was chosen must not be used.
        to = _text(asked, "address") if outlet in OUTLETS and OUTLETS[outlet].address_label else ""
        review = self._clearance.send(_text(asked, "exchange"), person.name, outlet, to)
        note = draft_view.notice(f"Sent for clearance as review {review.name}. What becomes of it is said below.")
        return JSONResponse({"html": note})

    def _form_of(self, kind: str) -> Paper:
        paper = self._drafting.kind(kind)
        if not paper.fields:
            raise CommissionError(f"{paper.title} has no form; ask for it on the Ask page")
        return paper

    def _higher(self, paper: Paper) -> tuple[str, ...]:
        """Return the classifications above that of a kind which may be held here."""
        known = CLASSIFICATIONS
        if paper.marking not in known:
            return ()
        return known[known.index(paper.marking) + 1 : known.index(self._drafting.highest) + 1]


def _faults(paper: Paper, facts: Mapping[str, str]) -> dict[str, str]:
    if not any(value.strip() for value in facts.values()):
        return {_first(paper): "Give at least one fact. What is still missing will stand in the draft."}
    return faults_of(paper, facts)


def _first(paper: Paper) -> str:
    return paper.fields[0].id


async def _json(request: Request) -> object:
    try:
        return await request.json()
    except (ValueError, RecursionError):
        raise CommissionError("what the page sent did not arrive whole; try again") from None


def _object(given: object) -> dict[str, object]:
    if not isinstance(given, dict):
        raise CommissionError("what the page sent did not arrive whole; try again")
    return {str(name): value for name, value in given.items()}


def _text(asked: Mapping[str, object], name: str) -> str:
    value = asked.get(name)
    return value if isinstance(value, str) else ""


async def _body(request: Request) -> bytes:
    """Return the file.

    Raises:
        DocumentError: it is too large.
    """
    parts, size = [], 0
    async for some in request.stream():
        size += len(some)
        if size > MAX_FILE_BYTES:
            raise DocumentError(f"has more than {MAX_FILE_BYTES // 1_000_000} MB; split it")
        parts.append(some)
    return b"".join(parts)


def _failed(error: HumphreyError) -> Response:
    status = HTTPStatus.SERVICE_UNAVAILABLE if isinstance(error, StoreError) else HTTPStatus.BAD_REQUEST
    return _refused(str(error), HTTPStatus.FORBIDDEN if isinstance(error, IdentityError) else status)


def _refused(said: str, status: HTTPStatus) -> Response:
    return JSONResponse({"html": draft_view.alert(said)}, status)
