"""Routes of the Record page, for auditors: list, filter and download ledger entries, and check the whole record."""

import asyncio
import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from http import HTTPStatus
from typing import get_args

from fastapi import FastAPI, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from humphrey.accounts.model import Person
from humphrey.errors import HumphreyError, IdentityError, ReviewError
from humphrey.ledger.model import Act, Entry, EntryFilter, stated
from humphrey.records.audit import Audit
from humphrey.text.dates import start_of
from humphrey.web import layout
from humphrey.web.gradio_mount import GradioMount
from humphrey.web.records.record_view import LedgerQuery, record_page

_MOST_DIGITS = 12


_LONGEST = 200


EntryWriter = Callable[[Iterator[Entry]], Iterator[str]]
"""Writes entries as the chunks of a file."""


_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet treat a cell as a formula (CSV injection)."""


def add_routes(app: FastAPI, pages: GradioMount, auditing: Audit) -> None:
    """Add the routes to the server."""
    routes = _Routes(pages, auditing)
    app.add_api_route("/record", routes.listing, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route("/record/entries.csv", routes.as_csv, methods=["GET"], response_model=None)
    app.add_api_route("/record/entries.json", routes.as_json, methods=["GET"], response_model=None)
    app.add_api_route("/record/check", routes.check, methods=["POST"], response_model=None)


class _Routes:
    """Route handlers of the Record page."""

    def __init__(self, pages: GradioMount, auditing: Audit) -> None:
        self._pages = pages
        self._auditing = auditing

    async def listing(
        self,
        request: Request,
        act: str = "",
        actor: str = "",
        subject: str = "",
        since: str = "",
        until: str = "",
        before: str = "",
    ) -> Response:
        person = await self._person(request)
        wanted = LedgerQuery(act[:_LONGEST], actor[:_LONGEST], subject[:_LONGEST], _day(since), _day(until))
        return await self._answered(lambda: HTMLResponse(self._listed(person, wanted, _number(before))))

    async def as_csv(
        self, request: Request, act: str = "", actor: str = "", subject: str = "", since: str = "", until: str = ""
    ) -> Response:
        chosen = _entry_filter(LedgerQuery(act, actor, subject, _day(since), _day(until)))
        return await self._download(request, chosen, "csv", "text/csv; charset=utf-8", _csv)

    async def as_json(
        self, request: Request, act: str = "", actor: str = "", subject: str = "", since: str = "", until: str = ""
    ) -> Response:
        chosen = _entry_filter(LedgerQuery(act, actor, subject, _day(since), _day(until)))
        return await self._download(request, chosen, "json", "application/json", _json)

    async def check(self, request: Request) -> Response:
        person = await self._person(request)

        def begin() -> Response:
            self._auditing.start_check(person.name)
            return RedirectResponse("/record", HTTPStatus.SEE_OTHER)

        return await self._answered(begin)

    def _listed(self, person: Person, wanted: LedgerQuery, before: int | None) -> str:
        page = self._auditing.page(person.name, _entry_filter(wanted), before)
        check, head = self._auditing.check(person.name), self._auditing.published(person.name)
        return record_page(person, wanted, page, check, head, self._auditing.places, self._auditing.warnings())

    async def _download(
        self, request: Request, chosen: EntryFilter, ending: str, kind: str, written: EntryWriter
    ) -> Response:
        person = await self._person(request)
        named = {"Content-Disposition": f'attachment; filename="record.{ending}"'}
        return await self._answered(
            lambda: StreamingResponse(
                written(self._auditing.all_entries(person.name, chosen)), media_type=kind, headers=named
            )
        )

    async def _answered(self, answer: Callable[[], Response]) -> Response:
        try:
            return await asyncio.to_thread(answer)
        except (ReviewError, IdentityError) as error:
            return HTMLResponse(layout.forbidden_page(error), HTTPStatus.FORBIDDEN)
        except HumphreyError as error:
            return _refused("The record cannot be read", error, HTTPStatus.SERVICE_UNAVAILABLE)

    async def _person(self, request: Request) -> Person:
        person = await self._pages.person(request)
        if person is None:
            raise HTTPException(HTTPStatus.SEE_OTHER, headers={"Location": "/sign-in?next=/record"})
        return person


def _refused(title: str, error: HumphreyError, status: HTTPStatus) -> Response:
    said = str(error)
    return HTMLResponse(layout.message_page(title, said[:1].upper() + said[1:] + "."), status)


def _entry_filter(wanted: LedgerQuery) -> EntryFilter:
    act = wanted.act if wanted.act in get_args(Act) else ""
    over = start_of(wanted.until + timedelta(days=1)) if wanted.until else None
    return EntryFilter(act, wanted.actor, wanted.subject, start_of(wanted.since) if wanted.since else None, over)


def _day(said: str) -> date | None:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    # Python has no date after `date.max`, and the end of the filter is the day after.
    return day if day < date.max else None


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) <= _MOST_DIGITS else None


def _csv(entries: Iterator[Entry]) -> Iterator[str]:
    def line(cells: list[str]) -> str:
        written = io.StringIO()
        csv.writer(written).writerow(cells)
        return written.getvalue()

    yield line(["n", "at", "actor", "act", "subject", "detail", "previous", "seal"])
    for entry in entries:
        plain = _plain(entry)
        cells = [str(plain["n"]), plain["at"], *(_cell(plain[name]) for name in ("actor", "act", "subject"))]
        yield line([*cells, json.dumps(plain["detail"], ensure_ascii=False), entry.previous, entry.seal])


def _json(entries: Iterator[Entry]) -> Iterator[str]:
    before = "["
    for entry in entries:
        yield before + json.dumps(_plain(entry), ensure_ascii=False)
        before = ",\n"
    yield "]\n" if before != "[" else "[]\n"


def _plain(entry: Entry) -> dict[str, str]:
    return stated(entry)


def _cell(words: str) -> str:
    return f"'{words}" if words.startswith(_FORMULA) else words
