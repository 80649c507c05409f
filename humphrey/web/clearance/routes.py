"""Routes of one review, for its author, and of the caller's notices."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from humphrey.accounts.model import Person
from humphrey.clearance.model import Review
from humphrey.errors import CommissionError, HumphreyError, IdentityError, NotPermitted, ReviewError
from humphrey.text.dates import parse_date
from humphrey.web import layout
from humphrey.web.clearance import notifications_page, recorded_page, review_page
from humphrey.web.clearance.review_page import ReviewView
from humphrey.web.clearance.review_view import address
from humphrey.web.gradio_mount import GradioMount
from humphrey.web.request_guard import SCRIPT_POLICY
from humphrey.web.services import Services

_NOTHING = "none"
"""Digest for a form that sends none; an empty digest would mean "whatever is stored now"."""


def add_routes(app: FastAPI, pages: GradioMount, services: Services) -> None:
    """Add the routes to the server."""
    routes = _Routes(pages, services)
    looks: dict[str, Callable[..., object]] = {"/reviews/{review_id}": routes.review, "/notices": routes.notices}
    acts: dict[str, Callable[..., object]] = {
        "/reviews/{review_id}/amend": routes.amend,
        "/reviews/{review_id}/comment": routes.comment,
        "/reviews/{review_id}/undo": routes.undo,
        "/reviews/{review_id}/defer": routes.defer,
        "/notices/read": routes.read,
    }
    for path, look in looks.items():
        app.add_api_route(path, look, methods=["GET", "HEAD"], response_model=None)
    for path, act in acts.items():
        app.add_api_route(path, act, methods=["POST"], response_model=None)


class _Routes:
    """Route handlers; each takes the caller from the session, and the services check permission."""

    def __init__(self, pages: GradioMount, services: Services) -> None:
        self._pages = pages
        self._clearance = services.clearance
        self._assignment = services.assignment
        self._delivery = services.delivery
        self._lookup = services.access.lookup
        self._access = services.access
        self._notices = services.notifications
        self._cases = services.case_files

    async def review(
        self, request: Request, review_id: str, earlier: str = "", later: str = "", done: str = ""
    ) -> Response:
        person = await self._person(request)
        compare = tuple(int(each) for each in (earlier, later) if each.isascii() and each.isdigit() and len(each) < 5)
        shown = ReviewView(compare, said=review_page.DONE.get(done, ""))
        return await run_in_threadpool(self._page, review_id, person, shown)

    async def amend(
        self,
        request: Request,
        review_id: str,
        text: Annotated[str, Form()] = "",
        digest: Annotated[str, Form()] = "",
    ) -> Response:
        person = await self._person(request)
        # A browser sends each line end of a form as CR LF.
        words = text.replace("\r\n", "\n")
        try:
            await run_in_threadpool(self._clearance.amend, review_id, words, person.name, digest or _NOTHING)
        except (CommissionError, ReviewError) as error:
            refused = ReviewView(trouble=str(error), text=words)
            return await run_in_threadpool(self._page, review_id, person, refused, _status(error))
        return _redirect(f"{address(review_id)}?done=amended")

    async def comment(self, request: Request, review_id: str, text: Annotated[str, Form()] = "") -> Response:
        person = await self._person(request)
        said = text.replace("\r\n", "\n")
        try:
            commented = await run_in_threadpool(self._assignment.comment, review_id, person.name, said)
        except (CommissionError, ReviewError) as error:
            refused = ReviewView(trouble=str(error))
            return await run_in_threadpool(self._page, review_id, person, refused, _status(error))
        named = await run_in_threadpool(self._assignment.mentions, commented, said)
        return _redirect(f"{address(review_id)}?done={'nobody' if named.untold else 'commented'}")

    async def undo(self, request: Request, review_id: str) -> Response:
        person = await self._person(request)
        act = partial(self._clearance.undo, review_id, person.name)
        return await self._done(act, review_id, person, "undone")

    async def defer(
        self, request: Request, review_id: str, until: Annotated[str, Form()] = "", reason: Annotated[str, Form()] = ""
    ) -> Response:
        person = await self._person(request)

        def act() -> Review:
            return self._assignment.defer(review_id, person.name, parse_date(until), reason)

        return await self._done(act, review_id, person, "deferred")

    async def _done(self, act: Callable[[], Review], review_id: str, person: Person, done: str) -> Response:
        """Do an act and lead back to its page; an act that is refused shows why on it."""
        try:
            await run_in_threadpool(act)
        except (CommissionError, ReviewError) as error:
            refused = ReviewView(trouble=str(error))
            return await run_in_threadpool(self._page, review_id, person, refused, _status(error))
        return _redirect(f"{address(review_id)}?done={done}")

    async def notices(self, request: Request) -> Response:
        person = await self._person(request)
        held = await run_in_threadpool(self._notices.of, person.name, notifications_page.MOST)
        return HTMLResponse(notifications_page.page(held, person))

    async def read(self, request: Request, notice: Annotated[str, Form()] = "") -> Response:
        person = await self._person(request)
        await run_in_threadpool(self._read, person.name, notice)
        return _redirect("/notices")

    async def _person(self, request: Request) -> Person:
        person = await self._pages.person(request)
        if person is None:
            raise HTTPException(HTTPStatus.SEE_OTHER, headers={"Location": "/sign-in"})
        return person

    def _page(self, review_id: str, person: Person, shown: ReviewView, status: HTTPStatus = HTTPStatus.OK) -> Response:
        try:
            held = self._clearance.seen(review_id, person.name)
        except NotPermitted as error:
            return self._recorded(review_id, person, error)
        except HumphreyError as error:
            return _refused(error)
        left = held.state in {"released", "delivered"}
        released = self._delivery.released_to(person.name) if left else ()
        case = self._cases.may_take(held, person)
        permit = next((each for each in released if each.review == held.id), None)
        changes = self._clearance.source_changes(held)
        clears = person.name not in held.authors and self._access.clears(held, person)
        texts = shown.compare, shown.said, shown.trouble, shown.text
        beside = ReviewView(*texts, permit, case, case and left, changes, clears)
        html = review_page.page(held, person, self._lookup(person), datetime.now(UTC), beside)
        return HTMLResponse(html, status, {"Content-Security-Policy": SCRIPT_POLICY})

    def _recorded(self, review_id: str, person: Person, why: NotPermitted) -> Response:
        """Return the page of a review without its words for an auditor; the error page for any other person."""
        record = self._clearance.recorded(review_id, person.name)
        if record is None:
            return _refused(why)
        case = self._cases.may_take(self._clearance.review(review_id), person)
        return HTMLResponse(recorded_page.page(record, person, str(why), case=case))

    def _read(self, name: str, notice: str) -> None:
        unread = [each.id for each in self._notices.of(name, notifications_page.MOST) if each.read_at is None]
        for each in [notice] if notice else unread:
            self._notices.read(name, each)


def _redirect(where: str) -> Response:
    return RedirectResponse(where, HTTPStatus.SEE_OTHER)


def _status(error: HumphreyError) -> HTTPStatus:
    return HTTPStatus.FORBIDDEN if isinstance(error, NotPermitted) else HTTPStatus.CONFLICT


def _refused(error: HumphreyError) -> Response:
    """Return the error page: not permitted, not found, or not available."""
    if isinstance(error, NotPermitted | IdentityError):
        return HTMLResponse(layout.forbidden_page(error), HTTPStatus.FORBIDDEN)
    if isinstance(error, ReviewError):
        status, title = HTTPStatus.NOT_FOUND, "There is no such draft"
    else:
        status, title = HTTPStatus.SERVICE_UNAVAILABLE, "Humphrey cannot show it just now"
    said = str(error)
    return HTMLResponse(layout.message_page(title, said[:1].upper() + said[1:] + "."), status)
