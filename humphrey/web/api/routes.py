"""The JSON routes below `/api/v1`: the queue in pages, and the same actions as the Clear page.

The session identifies the caller, as on a page; the clearance service decides about permission on each call. An error
is one sentence in `error`. A decision sent twice is made once: the second request gets status 409.
"""

from collections.abc import Callable, Sequence
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from fastapi import FastAPI, Query, Request
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

import humphrey
from humphrey.accounts.model import Person
from humphrey.clearance.assignment import Assignment
from humphrey.clearance.instructions import Instructions
from humphrey.clearance.model import Review, ReviewState
from humphrey.clearance.notifications.service import Notifications
from humphrey.clearance.queue import MOST_ROWS, QueueQuery
from humphrey.clearance.ratings.model import Rating
from humphrey.clearance.ratings.service import Ratings
from humphrey.clearance.service import ClearanceService
from humphrey.errors import NotPermitted, ReviewError
from humphrey.web.api import docs
from humphrey.web.api.errors import ErrorRoute, NotFound, NotSignedIn, error_response
from humphrey.web.api.schemas import (
    Amendment,
    DecisionBody,
    DeferralBody,
    HandOver,
    Instruction,
    RatingBody,
    ReadingNote,
    Remark,
    Shape,
    notice_shape,
    page_shape,
    rating_shape,
    ratings_shape,
    recorded_shape,
    review_shape,
    state_shape,
)
from humphrey.web.gradio_mount import GradioMount

T = TypeVar("T")


NoteReading = Callable[[str, str, int, float, Sequence[str]], object]
"""Records that a person read a review: the wording, the seconds, and the numbers of the opened passages."""


ROOT = "/api/v1"
"""Prefix of the routes; a change that breaks callers gets another number."""


_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"description": "What was sent will not do."},
    401: {"description": "Nobody is signed in."},
    403: {"description": "It is not for this person to do."},
    404: {"description": "There is no such review or notice."},
    409: {"description": "Another person was first, has it before them, or changed the words."},
    413: {"description": "More was sent than is taken at once."},
    421: {"description": "Humphrey does not answer to the name that was asked for."},
    429: {"description": "What the model may be used for today is used up."},
    431: {"description": "The headers are too long."},
    503: {"description": "It cannot be done just now; a later call may work."},
}


def add_routes(
    app: FastAPI,
    pages: GradioMount,
    clearance: ClearanceService,
    assignment: Assignment,
    instructions: Instructions,
    notices: Notifications,
    ratings: Ratings,
    note: NoteReading,
) -> None:
    """Add the routes to the server."""
    routes = _Routes(pages, clearance, assignment, instructions, notices, ratings, note)
    looks: dict[str, Callable[..., Any]] = {
        "/reviews": routes.queue,
        "/reviews/{review_id}": routes.review,
        "/reviews/{review_id}/standing": routes.standing,
        "/reviews/{review_id}/ratings": routes.ratings,
        "/notices": routes.notices,
    }
    acts: dict[str, Callable[..., Any]] = {
        "/reviews/{review_id}/claim": routes.claim,
        "/reviews/{review_id}/hand-back": routes.hand_back,
        "/reviews/{review_id}/hand-over": routes.hand_over,
        "/reviews/{review_id}/defer": routes.defer,
        "/reviews/{review_id}/comment": routes.comment,
        "/reviews/{review_id}/amend": routes.amend,
        "/reviews/{review_id}/instruct": routes.instruct,
        "/reviews/{review_id}/decide": routes.decide,
        "/reviews/{review_id}/undo": routes.undo,
        "/reviews/{review_id}/rate": routes.rate,
        "/reviews/{review_id}/reading": routes.read,
        "/notices/{notice_id}/read": routes.read_notice,
    }
    for method, named in (("GET", looks), ("POST", acts)):
        for path, act in named.items():
            app.router.add_api_route(
                ROOT + path,
                act,
                methods=[method],
                response_model=None,
                responses=_REFUSALS,
                route_class_override=ErrorRoute,
            )
    app.add_api_route("/api/openapi.json", routes.openapi(app), methods=["GET"], response_model=None)
    app.add_api_route("/api/docs", routes.docs(app), methods=["GET"], response_model=None)


class _Routes:
    """Route handlers; their docstrings are the descriptions in the OpenAPI document."""

    def __init__(
        self,
        pages: GradioMount,
        clearance: ClearanceService,
        assignment: Assignment,
        instructions: Instructions,
        notices: Notifications,
        ratings: Ratings,
        note: NoteReading,
    ) -> None:
        self._pages = pages
        self._ratings = ratings
        self._clearance = clearance
        self._assignment = assignment
        self._instructions = instructions
        self._notices = notices
        self._note = note

    async def queue(
        self,
        request: Request,
        state: Annotated[list[ReviewState], Query()] = ["open"],  # noqa: B006 - read, never changed
        kind: Annotated[list[str], Query()] = [],  # noqa: B006 - the same
        outlet: Annotated[list[str], Query()] = [],  # noqa: B006 - the same
        marking: Annotated[list[str], Query()] = [],  # noqa: B006 - the same
        asked_by: str = "",
        overdue: bool = False,
        due_within: int | None = None,
        due_before: date | None = None,
        days_old: int = 0,
        claimed_by: str = "",
        unclaimed: bool = False,
        own: bool = False,
        limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 50,
        offset: int = 0,
    ) -> Shape:
        """Return one page of the drafts that the caller may clear, most urgent first, with counts at that moment."""
        person = await self._person(request)
        query = QueueQuery(
            tuple(state), tuple(kind), tuple(outlet), tuple(marking), asked_by, overdue, due_within, due_before,
            days_old, claimed_by, unclaimed, own, limit, offset,
        )  # fmt: skip
        return page_shape(await run_in_threadpool(self._assignment.queue, person.name, query))

    async def review(self, request: Request, review_id: str) -> Shape:
        """Return a review with its draft and evidence, to its authors and to reviewers who may clear it.

        An auditor who may not read all that it rests on gets what the record says: `withheld` says why, and its words
        are not there.
        """
        try:
            return await self._shape(request, await self._seen(request, review_id))
        except NotPermitted as error:
            record = await self._doing(request, review_id, lambda name: self._clearance.recorded(review_id, name))
            if record is None:
                raise
            return recorded_shape(record, str(error))

    async def standing(self, request: Request, review_id: str) -> Shape:
        """Return the state of a review without its text, to the people who may see it and to auditors."""
        review = await self._doing(request, review_id, lambda name: self._clearance.watched(review_id, name))
        return state_shape(review)

    async def claim(self, request: Request, review_id: str) -> Shape:
        """Claim a draft, so that nobody else reviews it; a second call extends the claim."""
        return await self._act(request, review_id, lambda name: self._assignment.claim(review_id, name))

    async def hand_back(self, request: Request, review_id: str) -> Shape:
        """Give up a claim; the draft itself is in the answer only if the caller may still clear it."""
        given_up = await self._doing(request, review_id, lambda name: self._assignment.hand_back(review_id, name))
        try:
            return await self._shape(request, await self._seen(request, review_id)) | {"revealed": ""}
        except NotPermitted:
            return state_shape(given_up) | {"revealed": ""}

    async def hand_over(self, request: Request, review_id: str, given: HandOver) -> Shape:
        """Give a draft to a named deputy and notify them."""
        return await self._act(
            request, review_id, lambda name: self._assignment.hand_over(review_id, name, given.deputy)
        )

    async def defer(self, request: Request, review_id: str, given: DeferralBody) -> Shape:
        """Put a draft off until a day; the queue lists it last until then."""

        def act(name: str) -> Review:
            return self._assignment.defer(review_id, name, given.until, given.reason)

        return await self._act(request, review_id, act)

    async def comment(self, request: Request, review_id: str, given: Remark) -> Shape:
        """Comment on a draft; its authors and reviewers see the comment, and people named with @ are notified.

        `mentioned` are those who may read the draft and were told; `not_told` are names of nobody who may.
        """
        text = given.text
        done = await self._act(request, review_id, lambda name: self._assignment.comment(review_id, name, text))
        review = await run_in_threadpool(self._clearance.review, review_id)
        named = await run_in_threadpool(self._assignment.mentions, review, text)
        return done | {"mentioned": list(named.told), "not_told": list(named.untold)}

    async def amend(self, request: Request, review_id: str, given: Amendment) -> Shape:
        """Change the text of a draft; the checks run again, and another person must approve it."""

        def act(name: str) -> Review:
            return self._clearance.amend(review_id, given.text, name, given.digest)

        return await self._act(request, review_id, act)

    async def instruct(self, request: Request, review_id: str, given: Instruction) -> Shape:
        """Let the model change a draft; the checks run again, and another person must approve it."""

        def act(name: str) -> Review:
            return self._instructions.instruct(review_id, given.instruction, name, digest=given.digest)

        return await self._act(request, review_id, act)

    async def decide(self, request: Request, review_id: str, given: DecisionBody) -> Shape:
        """Approve, return or refuse an exact text, and claim it in the same act.

        An approved text goes to the outbox of its outlet at once.
        """
        said = given.digest, given.reason, given.reasons

        def act(name: str) -> Review:
            acknowledged = given.acknowledge
            return self._clearance.decide(review_id, given.verdict, name, *said, door="api", acknowledged=acknowledged)

        return await self._act(request, review_id, act)

    async def undo(self, request: Request, review_id: str) -> Shape:
        """Take back the caller's approval while the text waits to be delivered; the draft waits for clearance again."""
        return await self._act(request, review_id, lambda name: self._clearance.undo(review_id, name))

    async def rate(self, request: Request, review_id: str, given: RatingBody) -> Shape:
        """Keep the caller's rating of the sentences and citations of an exact text; a later one replaces it."""

        def act(name: str) -> Rating:
            return self._ratings.rate(review_id, name, given.digest, given.sentences, given.citations)

        return rating_shape(await self._doing(request, review_id, act))

    async def ratings(self, request: Request, review_id: str) -> Shape:
        """Return the latest rating of the present wording by each reviewer, and the sentences that can be rated."""
        found = await self._doing(request, review_id, lambda name: self._ratings.of(review_id, name))
        review = await run_in_threadpool(self._clearance.review, review_id)
        return ratings_shape(review, list(found.values()))

    async def read(self, request: Request, review_id: str, given: ReadingNote) -> Shape:
        """Record how long a draft was read, and which of its passages were opened."""

        def note(name: str) -> None:
            self._clearance.review_to_clear(review_id, name)
            self._note(review_id, name, given.wording, given.seconds, given.opened)

        await self._doing(request, review_id, note)
        return {"noted": True}

    async def notices(self, request: Request) -> Shape:
        """Return the caller's notices, latest first, and the number of unread ones."""
        person = await self._person(request)
        held = await run_in_threadpool(self._notices.of, person.name)
        unread = await run_in_threadpool(self._notices.unread, person.name)
        return {"unread": unread, "notices": [notice_shape(each, self._notices.sentence(each)) for each in held]}

    async def read_notice(self, request: Request, notice_id: str) -> Shape:
        """Mark a notice of the caller as read."""
        person = await self._person(request)
        held = await run_in_threadpool(self._notices.of, person.name)
        if notice_id not in {each.id for each in held}:
            raise NotFound(f"no notice {notice_id[:80]!r} of yours; GET {ROOT}/notices lists them")
        await run_in_threadpool(self._notices.read, person.name, notice_id)
        return {"unread": await run_in_threadpool(self._notices.unread, person.name)}

    def openapi(self, app: FastAPI) -> Callable[..., Any]:
        """Return the route of the OpenAPI document."""

        async def described(request: Request) -> Response:
            """Return the OpenAPI document."""
            if await self._pages.person(request) is None:
                return error_response(HTTPStatus.UNAUTHORIZED, str(NotSignedIn()))
            return JSONResponse(_described(app))

        return described

    def docs(self, app: FastAPI) -> Callable[..., Any]:
        """Return the route of the documentation page."""

        async def page(request: Request) -> Response:
            """Return the documentation page."""
            person = await self._pages.person(request)
            if person is None:
                return RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
            return HTMLResponse(docs.page(_described(app), person))

        return page

    async def _person(self, request: Request) -> Person:
        person = await self._pages.person(request)
        if person is None:
            raise NotSignedIn()
        return person

    async def _seen(self, request: Request, review_id: str) -> Review:
        return await self._doing(request, review_id, lambda name: self._clearance.seen(review_id, name))

    async def _act(self, request: Request, review_id: str, act: Callable[[str], Review]) -> Shape:
        acted = await self._doing(request, review_id, act)
        return await self._shape(request, acted) | {
            "revealed": await run_in_threadpool(self._clearance.revealed, review_id)
        }

    async def _shape(self, request: Request, review: Review) -> Shape:
        person = await self._person(request)
        changes = await run_in_threadpool(self._clearance.source_changes, review)
        accounts = await run_in_threadpool(self._clearance.independence, review, person.name)
        return review_shape(review, changes) | {
            "not_independent": accounts.against,
            "account_changes": accounts.named,
        }

    async def _doing(self, request: Request, review_id: str, act: Callable[[str], T]) -> T:
        person = await self._person(request)
        try:
            return await run_in_threadpool(act, person.name)
        except ReviewError as error:
            if type(error) is ReviewError and not await run_in_threadpool(self._exists, review_id):
                raise NotFound(str(error)) from error
            raise

    def _exists(self, review_id: str) -> bool:
        try:
            self._clearance.review(review_id)
        except ReviewError:
            return False
        return True


def _described(app: FastAPI) -> Shape:
    ours = [route for route in app.routes if isinstance(route, APIRoute) and route.path.startswith(ROOT)]
    about = "The desk. The cookie of a signed-in page says who calls; a POST must come from a page of humphrey's own."
    return get_openapi(title="humphrey", version=humphrey.__version__, description=about, routes=ours)
