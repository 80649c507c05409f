"""Routes of the Disclosure page, for auditors: searching the record, deciding on redactions, sending for clearance.

Search terms are posted and never part of an address: names must not enter browser histories and logs.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import FastAPI, Form, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from humphrey.accounts.model import Person
from humphrey.errors import CommissionError, HumphreyError, RecordError, StoreError
from humphrey.papers.kind import Papers
from humphrey.records.disclosure.model import REGIMES, SearchCriteria
from humphrey.records.disclosure.service import Disclosure
from humphrey.web import layout
from humphrey.web.gradio_mount import GradioMount
from humphrey.web.records.disclosure_view import listing, pack_page, results

_MOST_MARKS = 20_000


_MARK = re.compile(r"mark-(\d{1,9})")


_Text = Annotated[str, Form()]


def add_routes(app: FastAPI, pages: GradioMount, disclosing: Disclosure, papers: Papers) -> None:
    """Add the routes to the server."""
    routes = _Routes(pages, disclosing, {kind: paper.title for kind, paper in papers.items()})
    looks: dict[str, Callable[..., object]] = {"": routes.listing, "/{pack_id}": routes.pack}
    acts: dict[str, Callable[..., object]] = {
        "": routes.open,
        "/search": routes.search,
        "/{pack_id}/decide": routes.decide,
        "/{pack_id}/add": routes.add,
        "/{pack_id}/leave-out": routes.leave_out,
        "/{pack_id}/send": routes.send,
        "/{pack_id}/drop": routes.drop,
    }
    for path, look in looks.items():
        app.add_api_route(f"/disclosures{path}", look, methods=["GET", "HEAD"], response_model=None)
    for path, act in acts.items():
        app.add_api_route(f"/disclosures{path}", act, methods=["POST"], response_model=None)


class _Routes:
    """Route handlers of the Disclosure page."""

    def __init__(self, pages: GradioMount, disclosing: Disclosure, kinds: Mapping[str, str]) -> None:
        self._kinds = kinds
        self._pages = pages
        self._disclosing = disclosing

    async def listing(self, request: Request) -> Response:
        person = await self._person(request)
        return await _answered(lambda: HTMLResponse(listing(person, self._disclosing.packs(person.name), self._kinds)))

    async def pack(self, request: Request, pack_id: str) -> Response:
        person = await self._person(request)
        return await _answered(lambda: HTMLResponse(pack_page(person, self._disclosing.pack(person.name, pack_id))))

    async def search(
        self,
        request: Request,
        person: _Text = "",
        words: _Text = "",
        kind: _Text = "",
        since: _Text = "",
        until: _Text = "",
    ) -> Response:
        caller = await self._person(request)

        def found() -> Response:
            criteria = _criteria(person, words, kind, since, until)
            return HTMLResponse(results(caller, criteria, self._disclosing.search(caller.name, criteria), self._kinds))

        return await _answered(found)

    async def open(
        self,
        request: Request,
        person: _Text = "",
        words: _Text = "",
        kind: _Text = "",
        since: _Text = "",
        until: _Text = "",
        regime: _Text = "",
        reference: _Text = "",
    ) -> Response:
        caller = await self._person(request)

        def opened() -> Response:
            wanted = next((each for each in REGIMES if each == regime), None)
            if wanted is None:
                raise CommissionError("say what the pack is for")
            criteria = _criteria(person, words, kind, since, until)
            return _redirect(self._disclosing.open(caller.name, criteria, wanted, reference).id)

        return await _answered(opened)

    async def decide(self, request: Request, pack_id: str) -> Response:
        person = await self._person(request)
        form = await request.form(max_fields=_MOST_MARKS)

        def decided() -> Response:
            held = {mark.n: mark.standing for mark in self._disclosing.pack(person.name, pack_id).pack.marks}
            for standing in _DECISIONS:
                said = [int(found[1]) for name in form if (found := _MARK.fullmatch(name)) and form[name] == standing]
                # An unchanged mark was decided earlier, perhaps by another person, so it is no new decision.
                if changed := [n for n in said if held.get(n) != standing]:
                    self._disclosing.decide(person.name, pack_id, changed, standing)
            return _redirect(pack_id)

        return await _answered(decided)

    async def add(self, request: Request, pack_id: str, words: _Text = "", reason: _Text = "") -> Response:
        person = await self._person(request)
        return await _answered(lambda: _redirect(self._disclosing.add(person.name, pack_id, words, reason).id))

    async def leave_out(
        self, request: Request, pack_id: str, item: Annotated[int, Form()] = 0, why: _Text = ""
    ) -> Response:
        person = await self._person(request)
        return await _answered(lambda: _redirect(self._disclosing.leave_out(person.name, pack_id, item, why).id))

    async def send(self, request: Request, pack_id: str) -> Response:
        person = await self._person(request)

        def sent() -> Response:
            self._disclosing.send(person.name, pack_id)
            return _redirect(pack_id)

        return await _answered(sent)

    async def drop(self, request: Request, pack_id: str) -> Response:
        person = await self._person(request)

        def dropped() -> Response:
            self._disclosing.drop(person.name, pack_id)
            return RedirectResponse("/disclosures", HTTPStatus.SEE_OTHER)

        return await _answered(dropped)

    async def _person(self, request: Request) -> Person:
        person = await self._pages.person(request)
        if person is None:
            raise HTTPException(HTTPStatus.SEE_OTHER, headers={"Location": "/sign-in?next=/disclosures"})
        return person


_DECISIONS: tuple[Literal["confirmed", "removed"], ...] = ("confirmed", "removed")


def _criteria(person: str, words: str, kind: str, since: str, until: str) -> SearchCriteria:
    return SearchCriteria(person.strip(), words.strip(), kind.strip(), _day(since), _day(until))


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise CommissionError(f"{said[:20]!r} is no day; write it like 2026-11-23") from None


def _redirect(pack_id: str) -> Response:
    return RedirectResponse(f"/disclosures/{pack_id}", HTTPStatus.SEE_OTHER)


async def _answered(answer: Callable[[], Response]) -> Response:
    """Return the answer, or a page that says why nothing was done."""
    try:
        return await asyncio.to_thread(answer)
    except HumphreyError as error:
        if isinstance(error, CommissionError | RecordError):
            status = HTTPStatus.BAD_REQUEST
        else:
            status = HTTPStatus.SERVICE_UNAVAILABLE if isinstance(error, StoreError) else HTTPStatus.FORBIDDEN
        said = str(error)
        return HTMLResponse(layout.message_page("Nothing was changed", said[:1].upper() + said[1:] + "."), status)
