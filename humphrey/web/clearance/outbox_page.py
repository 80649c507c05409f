"""The Outbox page: approved texts that have not left, why, and when they are tried again; administrators retry."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from humphrey.accounts.model import Person
from humphrey.clearance.model import Review
from humphrey.delivery.listing import ListedRelease, OutboxListing, TakenBack
from humphrey.delivery.service import DeliveryService
from humphrey.delivery.store import OutboxRow
from humphrey.errors import IdentityError, NotPermitted, ReviewError
from humphrey.text.dates import LONDON
from humphrey.web import layout
from humphrey.web.clearance.review_view import address
from humphrey.web.draft_view import format_time
from humphrey.web.escaping import safe
from humphrey.web.gradio_mount import GradioMount

PATH = "/outbox"
"""Where the page is."""


_HEADS = ("Draft", "Outlet", "Approved", "State", "Attempts", "Reason", "Retry")


def add_routes(
    app: FastAPI, pages: GradioMount, delivery: DeliveryService, clears: Callable[[Review, Person], bool]
) -> None:
    """Add the routes to the server."""

    async def signed_in(request: Request) -> Person:
        person = await pages.person(request)
        if person is None:
            raise HTTPException(HTTPStatus.SEE_OTHER, headers={"Location": f"/sign-in?next={PATH}"})
        return person

    def shown(person: Person, trouble: str = "", status: HTTPStatus = HTTPStatus.OK) -> Response:
        try:
            return HTMLResponse(page(delivery.listing(person.name, clears), person, trouble, datetime.now(UTC)), status)
        except (NotPermitted, IdentityError) as error:
            refused = layout.message_page("The outbox is not for you", _sentence(error))
            return HTMLResponse(refused, HTTPStatus.FORBIDDEN)

    async def listing(request: Request) -> Response:
        return await run_in_threadpool(shown, await signed_in(request))

    async def retry(request: Request, review: Annotated[str, Form()] = "") -> Response:
        person = await signed_in(request)
        try:
            await run_in_threadpool(delivery.put_back, review, person.name)
        except (ReviewError, IdentityError) as error:
            status = HTTPStatus.FORBIDDEN if isinstance(error, NotPermitted | IdentityError) else HTTPStatus.CONFLICT
            return await run_in_threadpool(shown, person, _sentence(error), status)
        return RedirectResponse(PATH, HTTPStatus.SEE_OTHER)

    app.add_api_route(PATH, listing, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route(f"{PATH}/retry", retry, methods=["POST"], response_model=None)


def page(listing: OutboxListing, person: Person, trouble: str, now: datetime) -> str:
    """Return the page as HTML.

    Args:
        listing: what the person sees of the outbox.
        person: the signed-in person.
        trouble: why their last retry was refused, as a sentence; empty if it was not.
        now: the moment, to tell what waits for its own.
    """
    alert = f'<div class="alert" role="alert"><p>{safe(trouble)}</p></div>' if trouble else ""
    whose = "" if listing.retries else " You see those of the drafts that you may clear."
    about = f"<p>Approved texts that have not left yet, the one that waits longest first.{whose}</p>"
    rows = [_row(each, now, retries=listing.retries) for each in listing.waiting]
    waiting = _table("Approved texts that have not left", _HEADS, rows) if rows else "<p>Nothing waits.</p>"
    body = f"<h1>Outbox</h1>{alert}{about}{waiting}{_taken_back(listing.taken_back)}"
    return layout.page("Outbox", body, person=person, path=PATH, wide=True)


def _row(listed: ListedRelease, now: datetime, *, retries: bool) -> str:
    row, first = listed.row, _name(listed.row.review, readable=listed.readable)
    again = _retry(row) if retries and (row.set_aside_at or row.failure) else ""
    cells = (
        safe(row.outlet),
        format_time(row.queued_at),
        _state(row, now),
        str(row.attempts),
        safe(row.failure),
        again,
    )
    return _cells(first, zip(_HEADS[1:], cells, strict=True))


def _state(row: OutboxRow, now: datetime) -> str:
    """Return what becomes of a text next, as HTML."""
    if row.set_aside_at:
        return f"Set aside {format_time(row.set_aside_at)}: it is not tried again by itself"
    if row.held_until and now < row.held_until:
        moment = f"{row.held_until.astimezone(LONDON):%H:%M:%S}"
        return f"Can be taken back at leisure until {moment} (London time), then it leaves"
    if row.failure:
        return f"Failed; tried again {format_time(row.next_try)}"
    return "Being sent" if row.attempts else "Waits for its outlet"


def _retry(row: OutboxRow) -> str:
    return (
        f'<form method="post" action="{PATH}/retry"><input type="hidden" name="review" value="{safe(row.review)}">'
        f'<button class="go quiet">Try again<span class="unseen">: {safe(row.review)}</span></button></form>'
    )


def _taken_back(undone: Iterable[TakenBack]) -> str:
    heads = ("Draft", "By", "When")
    rows = [
        _cells(_name(each.review, readable=each.readable), (("By", safe(each.by)), ("When", format_time(each.at))))
        for each in undone
    ]
    return f"<h2>Taken back in the last week</h2>{_table('Approvals taken back', heads, rows)}" if rows else ""


def _name(review: str, *, readable: bool) -> str:
    return f'<a href="{address(review)}">{safe(review)}</a>' if readable else safe(review)


def _table(caption: str, heads: Iterable[str], rows: Iterable[str]) -> str:
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    return (
        f'<table class="held"><caption class="unseen">{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _cells(first: str, rest: Iterable[tuple[str, str]]) -> str:
    cells = "".join(f'<td data-label="{label}">{value}</td>' for label, value in rest)
    return f'<tr><th scope="row">{first}</th>{cells}</tr>'


def _sentence(error: Exception) -> str:
    said = str(error)
    return f"{said[:1].upper()}{said[1:]}."
