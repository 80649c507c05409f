"""Signing in and out: with a name and a password, as a demonstration person, or through the identity provider.

Rule: a browser keeps a random value and nothing else, another one after each sign-in; and it is sent to no address but
a page of ours, or the provider's own.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Literal, TypedDict

from fastapi import FastAPI, Form, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from humphrey.accounts.model import Person
from humphrey.accounts.oidc.sign_in import OidcSignIn
from humphrey.accounts.refused_requests import RefusedRequests
from humphrey.accounts.service import Accounts
from humphrey.errors import IdentityError, NotVouched, TooManyTries
from humphrey.web import layout
from humphrey.web.gradio_mount import COOKIE, GradioMount

CALLBACK = "/sign-in/callback"
"""Where the provider sends a browser back to; whoever runs the provider is told this address."""


BEGUN = "humphrey_sign_in"
"""The cookie of a browser that is on its way to the provider and back: a random value, for ten minutes."""


_TEN_MINUTES_S = 600


def add(
    app: FastAPI,
    pages: GradioMount,
    people: Accounts,
    vouching: OidcSignIn | None,
    refusals: RefusedRequests,
    *,
    origin: str,
    session_s: int,
) -> None:
    """Add the routes to the server."""
    routes = _Routes(pages, people, vouching, refusals, origin.rstrip("/"), session_s)
    looks: dict[str, Callable[..., object]] = {"/": routes.home, "/sign-in": routes.page}
    acts: dict[str, Callable[..., object]] = {"/sign-in": routes.sign_in, "/sign-out": routes.sign_out}
    if vouching:
        looks |= {"/sign-in/provider": routes.begin, CALLBACK: routes.finish}
    for method, named in (("GET", looks), ("POST", acts)):
        for path, route in named.items():
            app.add_api_route(path, route, methods=[method], response_model=None)


def go(where: str) -> Response:
    """Send the browser on."""
    return RedirectResponse(where, HTTPStatus.SEE_OTHER)


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


class _Routes:
    """The handlers."""

    def __init__(
        self,
        pages: GradioMount,
        people: Accounts,
        vouching: OidcSignIn | None,
        refusals: RefusedRequests,
        origin: str,
        session_s: int,
    ) -> None:
        self._pages = pages
        self._people = people
        self._vouching = vouching
        self._refusals = refusals
        self._origin = origin
        self._secure = origin.startswith("https://")
        self._session_s = session_s

    async def home(self, request: Request) -> Response:
        return go("/ask" if await self._pages.person(request) else "/sign-in")

    def page(self, next: str = "/ask") -> Response:
        return self._page(_onwards(next))

    def sign_in(
        self,
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "/ask",
    ) -> Response:
        address, before = address_of(request), request.cookies.get(COOKIE, "")
        try:
            token = (
                self._people.sign_in_demonstration(name, address, before)
                if self._people.demonstration
                else self._people.sign_in(name, password, address, before)
            )
        except IdentityError as error:
            self._counted(error, request)
            return self._page(_onwards(next), str(error), name, HTTPStatus.UNAUTHORIZED)
        return self._signed_in(_onwards(next), token)

    def sign_out(self, request: Request) -> Response:
        if token := request.cookies.get(COOKIE):
            self._people.sign_out(token)
        answer = go("/sign-in")
        answer.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=self._secure, path="/")
        return answer

    def begin(self, request: Request, next: str = "/ask") -> Response:
        """Send the browser to the provider."""
        # A page of another site could otherwise begin sign-ins in somebody's browser, over and over.
        if request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
            raise HTTPException(HTTPStatus.FORBIDDEN)
        try:
            onwards = self._asked().begin(self._callback(request), _onwards(next), address_of(request))
        except IdentityError as error:
            self._counted(error, request)
            return self._page(_onwards(next), str(error), status=HTTPStatus.SERVICE_UNAVAILABLE)
        answer = go(onwards.address)
        answer.set_cookie(BEGUN, onwards.secret, max_age=_TEN_MINUTES_S, path="/sign-in", **self._kept())
        return answer

    def finish(self, request: Request, state: str = "", code: str = "", error: str = "") -> Response:
        """Sign in whoever comes back from the provider."""
        browser, before = request.cookies.get(BEGUN, ""), request.cookies.get(COOKIE, "")
        try:
            if not code:
                self._asked().declined(state, browser, error)
            onwards = self._asked().finish(self._callback(request), state, code, browser, before)
        except IdentityError as refused:
            self._counted(refused, request)
            answer = self._page("/ask", str(refused), status=HTTPStatus.UNAUTHORIZED)
        else:
            answer = self._signed_in(onwards.address, onwards.secret)
        answer.delete_cookie(BEGUN, path="/sign-in", **self._kept())
        return answer

    def _asked(self) -> OidcSignIn:
        if self._vouching is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return self._vouching

    def _callback(self, request: Request) -> str:
        return (self._origin or str(request.base_url).rstrip("/")) + CALLBACK

    def _counted(self, error: IdentityError, request: Request) -> None:
        """Take down what the record would otherwise not show, or show without bounds."""
        if isinstance(error, TooManyTries):
            self._refusals.record(address_of(request), "sign-in")
        elif isinstance(error, NotVouched) and error.why == "state":
            self._refusals.record(address_of(request), "state")

    def _signed_in(self, where: str, token: str) -> Response:
        answer = go(where)
        answer.set_cookie(COOKIE, token, max_age=self._session_s, path="/", **self._kept())
        return answer

    def _page(self, onwards: str, error: str = "", name: str = "", status: HTTPStatus = HTTPStatus.OK) -> Response:
        stand_ins: list[Person] = self._people.everyone() if self._people.demonstration else []
        provider = self._vouching.title if self._vouching else ""
        return HTMLResponse(layout.sign_in(stand_ins, onwards, error, name, provider), status)

    def _kept(self) -> "_Kept":
        return {"httponly": True, "samesite": "lax", "secure": self._secure}


class _Kept(TypedDict):
    """How every cookie of ours is kept: out of reach of scripts, and sent by our own pages."""

    httponly: bool
    samesite: Literal["lax"]
    secure: bool


def _onwards(wanted: str) -> str:
    # Only to a page of ours: an address of somebody else's must not follow a sign-in.
    return wanted if wanted in layout.PAGES else "/ask"
