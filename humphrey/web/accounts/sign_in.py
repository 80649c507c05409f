"""Routes for signing in and out: with name and password, as a demonstration person, or through the identity provider.

A browser stores only a random token, which changes at each sign-in. After sign-in the browser is redirected only to a
page of humphrey or to the address of the identity provider.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Literal, TypedDict

from fastapi import FastAPI, Form, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from humphrey.accounts.model import Person
from humphrey.accounts.oidc.sign_in import OidcSignIn
from humphrey.accounts.refused_requests import RefusedRequests
from humphrey.accounts.service import Accounts
from humphrey.errors import IdentityError, IdentityProviderError, TooManyTries, WrongPassword
from humphrey.web import layout
from humphrey.web.gradio_mount import SECURE_PREFIX, GradioMount

CALLBACK = "/sign-in/callback"
"""Path that the identity provider redirects to; it must be registered with the provider."""


PROVIDER_COOKIE = "humphrey_sign_in"
"""Name of the cookie of a browser on its way to the provider and back; it holds a random value for ten minutes."""


BROWSER_COOKIE = "humphrey_browser"
"""Name of the cookie of a browser in which a person signed in with a password; it holds only a random value."""


_TEN_MINUTES_S = 600


_HALF_A_YEAR_S = 180 * 24 * 3600


# Checks of passwords at once, and those that may wait. They wait in the event loop, which costs no thread.
_CHECKS_AT_ONCE, _CHECKS_WAITING = 4, 200


START = "/"
"""Where a person goes after sign-in who wished for no page: it leads to the page where their role begins."""


def add_routes(
    app: FastAPI,
    pages: GradioMount,
    people: Accounts,
    provider: OidcSignIn | None,
    refusals: RefusedRequests,
    *,
    origin: str,
    session_s: int,
) -> None:
    """Add the routes to the server."""
    routes = _Routes(pages, people, provider, refusals, origin.rstrip("/"), session_s)
    looks: dict[str, Callable[..., object]] = {"/sign-in": routes.page}
    acts: dict[str, Callable[..., object]] = {"/sign-in": routes.sign_in, "/sign-out": routes.sign_out}
    if provider:
        looks |= {"/sign-in/provider": routes.begin, CALLBACK: routes.finish}
    for method, named in (("GET", looks), ("POST", acts)):
        for path, route in named.items():
            app.add_api_route(path, route, methods=[method], response_model=None)


def redirect(where: str) -> Response:
    """Redirect the browser to a path, with status 303."""
    return RedirectResponse(where, HTTPStatus.SEE_OTHER)


def client_address(request: Request) -> str:
    """Return the address of the client of a request; empty if unknown."""
    return request.client.host if request.client else ""


class _Routes:
    """Route handlers of signing in and out."""

    def __init__(
        self,
        pages: GradioMount,
        people: Accounts,
        provider: OidcSignIn | None,
        refusals: RefusedRequests,
        origin: str,
        session_s: int,
    ) -> None:
        self._pages = pages
        self._people = people
        self._provider = provider
        self._refusals = refusals
        self._origin = origin
        self._secure = origin.startswith("https://")
        self._provider_cookie = _name_and_path(PROVIDER_COOKIE, secure=self._secure)
        self._browser_cookie = _name_and_path(BROWSER_COOKIE, secure=self._secure)
        self._session_s = session_s
        self._checks = asyncio.Semaphore(_CHECKS_AT_ONCE)
        self._waiting = 0

    def page(self, next: str = START) -> Response:
        return self._page(_known_page(next))

    async def sign_in(
        self,
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = START,
    ) -> Response:
        if self._waiting >= _CHECKS_WAITING:
            busy = TooManyTries("many people are signing in at this moment; wait 5 seconds and try again", 5)
            return self._refused(busy, _known_page(next), name)
        self._waiting += 1
        try:
            async with self._checks:
                return await run_in_threadpool(self._checked, request, name, password, _known_page(next))
        finally:
            self._waiting -= 1

    def _checked(self, request: Request, name: str, password: str, onwards: str) -> Response:
        address, before = client_address(request), self._pages.token(request)
        cookie, path = self._browser_cookie
        browser = request.cookies.get(cookie, "")
        try:
            if self._people.demonstration:
                return self._signed_in(onwards, self._people.sign_in_demonstration(name, address, before))
            token = self._people.sign_in(name, password, address, before, browser)
        except IdentityError as error:
            self._counted(error, request)
            return self._refused(error, onwards, name)
        answer, known = self._signed_in(onwards, token), self._people.remember_browser(token, browser)
        answer.set_cookie(cookie, known, max_age=_HALF_A_YEAR_S, path=path, **self._kept())
        return answer

    def _refused(self, error: IdentityError, onwards: str, name: str) -> Response:
        if not isinstance(error, TooManyTries):
            return self._page(onwards, str(error), name, HTTPStatus.UNAUTHORIZED)
        answer = self._page(onwards, str(error), name, HTTPStatus.TOO_MANY_REQUESTS)
        answer.headers["Retry-After"] = str(error.wait_s)
        return answer

    def sign_out(self, request: Request) -> Response:
        if token := self._pages.token(request):
            self._people.sign_out(token)
        answer = redirect("/sign-in")
        answer.delete_cookie(self._pages.cookie, httponly=True, samesite="lax", secure=self._secure, path="/")
        return answer

    def begin(self, request: Request, next: str = START) -> Response:
        """Redirect the browser to the identity provider."""
        # Only our own pages may start a sign-in: another site could start them in a visitor's browser over and over.
        if request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
            raise HTTPException(HTTPStatus.FORBIDDEN)
        try:
            onwards = self._asked().begin(self._callback(request), _known_page(next), client_address(request))
        except IdentityError as error:
            self._counted(error, request)
            return self._page(_known_page(next), str(error), status=HTTPStatus.SERVICE_UNAVAILABLE)
        answer = redirect(onwards.address)
        name, path = self._provider_cookie
        answer.set_cookie(name, onwards.secret, max_age=_TEN_MINUTES_S, path=path, **self._kept())
        return answer

    def finish(self, request: Request, state: str = "", code: str = "", error: str = "") -> Response:
        """Sign in the person who returns from the identity provider."""
        cookie, path = self._provider_cookie
        browser, before = request.cookies.get(cookie, ""), self._pages.token(request)
        try:
            if not code:
                self._asked().declined(state, browser, error)
            onwards = self._asked().finish(self._callback(request), state, code, browser, before)
        except IdentityError as refused:
            self._counted(refused, request)
            answer = self._page(START, str(refused), status=HTTPStatus.UNAUTHORIZED)
        else:
            answer = self._signed_in(onwards.address, onwards.secret)
        answer.delete_cookie(cookie, path=path, **self._kept())
        return answer

    def _asked(self) -> OidcSignIn:
        if self._provider is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return self._provider

    def _callback(self, request: Request) -> str:
        return (self._origin or str(request.base_url).rstrip("/")) + CALLBACK

    def _counted(self, error: IdentityError, request: Request) -> None:
        """Count the refusals that are not ledger entries of their own: too many tries, and an unknown OIDC state."""
        if isinstance(error, TooManyTries) or (isinstance(error, WrongPassword) and not error.entered):
            self._refusals.record(client_address(request), "sign-in")
        elif isinstance(error, IdentityProviderError) and error.why == "state":
            self._refusals.record(client_address(request), "state")

    def _signed_in(self, where: str, token: str) -> Response:
        answer = redirect(where)
        answer.set_cookie(self._pages.cookie, token, max_age=self._session_s, path="/", **self._kept())
        return answer

    def _page(self, onwards: str, error: str = "", name: str = "", status: HTTPStatus = HTTPStatus.OK) -> Response:
        stand_ins: list[Person] = self._people.everyone() if self._people.demonstration else []
        provider = self._provider.title if self._provider else ""
        return HTMLResponse(layout.sign_in_page(stand_ins, onwards, error, name, provider), status)

    def _kept(self) -> "_CookieAttributes":
        return {"httponly": True, "samesite": "lax", "secure": self._secure}


class _CookieAttributes(TypedDict):
    """Attributes of every cookie we set: hidden from scripts, and sent only by our own pages."""

    httponly: bool
    samesite: Literal["lax"]
    secure: bool


def _name_and_path(cookie: str, *, secure: bool) -> tuple[str, str]:
    """Return the name and the path of a cookie of signing in; behind TLS the prefix asks for the whole host's path."""
    return (f"{SECURE_PREFIX}{cookie}", "/") if secure else (cookie, "/sign-in")


def _known_page(wanted: str) -> str:
    # Redirect only to known pages: an address from the query could lead to another site (open redirect).
    return wanted if wanted in layout.PAGES else START
