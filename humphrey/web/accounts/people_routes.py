"""Routes of the People page, for administrators, and of each person's own account page.

Every route looks up the caller; `Accounts` decides whether the caller may act and records each refusal.
"""

from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from humphrey.accounts.model import Person
from humphrey.accounts.roles import may
from humphrey.accounts.service import Accounts
from humphrey.errors import HumphreyError, IdentityError, ReviewError, TooManyTries
from humphrey.web.accounts import account_view, people_view
from humphrey.web.accounts.people_view import EnteredPerson, Wrong
from humphrey.web.accounts.sign_in import START, redirect
from humphrey.web.gradio_mount import GradioMount

CHANGE_PASSWORD = "/account/password"  # noqa: S105 - a path
"""Page on which a person changes the password that another person gave them, before anything else."""


Words = Annotated[str, Form()]


Several = Annotated[list[str], Form()]


def add_routes(app: FastAPI, pages: GradioMount, people: Accounts, kinds: Collection[str]) -> None:
    """Add the routes to the server; `kinds` are the kinds of paper that can be granted."""
    routes = _Routes(pages, people, kinds)
    looks: dict[str, Callable[..., object]] = {
        "/people": routes.listing,
        "/people/new": routes.new,
        "/people/one": routes.one,
        "/account": routes.account,
        CHANGE_PASSWORD: routes.password_page,
    }
    acts: dict[str, Callable[..., object]] = {
        "/people/add": routes.add,
        "/people/change": routes.change,
        "/people/disable": routes.disable,
        "/people/enable": routes.enable,
        "/people/password": routes.password,
        "/people/revoke": routes.revoke,
        "/account/revoke": routes.revoke_own,
        "/account/elsewhere": routes.elsewhere,
        CHANGE_PASSWORD: routes.change_password,
    }
    for method, named in (("GET", looks), ("POST", acts)):
        for path, route in named.items():
            app.add_api_route(path, route, methods=[method], response_model=None)


class _Routes:
    """Route handlers of the People and account pages."""

    def __init__(self, pages: GradioMount, people: Accounts, kinds: Collection[str]) -> None:
        self._pages = pages
        self._people = people
        self._kinds = tuple(kinds)

    async def listing(self, request: Request) -> Response:
        person = await self._administrator(request)
        everyone = await run_in_threadpool(self._people.everyone)
        return HTMLResponse(people_view.people_page(everyone, person, demonstration=self._people.demonstration))

    async def new(self, request: Request) -> Response:
        person = await self._administrator(request)
        given = EnteredPerson(roles=("administrator",)) if self._people.demonstration else EnteredPerson()
        return HTMLResponse(people_view.new_person_page(given, person, self._kinds))

    async def one(self, request: Request, name: str = "", said: str = "") -> Response:
        person = await self._administrator(request)
        return await self._shown(name, person, said=said)

    async def add(
        self,
        request: Request,
        name: Words = "",
        password: Words = "",
        roles: Several = [],  # noqa: B006 - read, never changed
        groups: Words = "",
        kinds: Several = [],  # noqa: B006 - the same
        markings: Several = [],  # noqa: B006 - the same
        email: Words = "",
        deputies: Words = "",
        identity: Words = "",
        own_name: Words = "",
    ) -> Response:
        person = await self._person(request)
        grants = tuple(roles), groups, tuple(kinds), tuple(markings)
        given = EnteredPerson(name, *grants, email, deputies, identity, own_name)
        try:
            added = await run_in_threadpool(self._people.add, given.made_of(), password, person.name)
        except HumphreyError as error:
            page = people_view.new_person_page(given, person, self._kinds, _wrong(error))
            return HTMLResponse(page, _status(error))
        return redirect(people_view.address(added.name, "added"))

    async def change(
        self,
        request: Request,
        name: Words = "",
        roles: Several = [],  # noqa: B006 - read, never changed
        groups: Words = "",
        kinds: Several = [],  # noqa: B006 - the same
        markings: Several = [],  # noqa: B006 - the same
        email: Words = "",
        deputies: Words = "",
        identity: Words = "",
        own_name: Words = "",
    ) -> Response:
        grants = tuple(roles), groups, tuple(kinds), tuple(markings)
        given = EnteredPerson(name, *grants, email, deputies, identity, own_name)
        return await self._done(
            request, name, lambda by: self._people.change(name, given.changed, by), "changed", given
        )

    async def disable(self, request: Request, name: Words = "") -> Response:
        return await self._done(request, name, lambda by: self._people.disable(name, by), "disabled")

    async def enable(self, request: Request, name: Words = "") -> Response:
        return await self._done(request, name, lambda by: self._people.enable(name, by), "enabled")

    async def password(self, request: Request, name: Words = "", password: Words = "") -> Response:
        return await self._done(request, name, lambda by: self._people.set_password(name, password, by), "password")

    async def revoke(self, request: Request, name: Words = "", session: Words = "") -> Response:
        return await self._done(request, name, lambda by: self._people.revoke(session, by), "revoked")

    async def account(self, request: Request, said: str = "") -> Response:
        return await self._own(await self._person(request), request, said=said)

    async def revoke_own(self, request: Request, session: Words = "") -> Response:
        person = await self._person(request)
        return await self._done_own(request, person, lambda: self._people.revoke(session, person.name), "revoked")

    async def elsewhere(self, request: Request) -> Response:
        person, token = await self._person(request), self._pages.token(request)
        return await self._done_own(request, person, lambda: self._people.sign_out_elsewhere(token), "elsewhere")

    async def password_page(self, request: Request) -> Response:
        """Show the page of a person who must change their password; redirect everybody else to their account."""
        if await run_in_threadpool(self._people.must_change_password, self._pages.token(request)):
            return HTMLResponse(account_view.password_page())
        await self._person(request)
        return redirect("/account")

    async def change_password(self, request: Request, old: Words = "", new: Words = "") -> Response:
        token = self._pages.token(request)
        if not await run_in_threadpool(self._people.must_change_password, token):
            person = await self._person(request)
            return await self._done_own(
                request, person, lambda: self._people.change_password(token, old, new), "password"
            )
        try:
            await run_in_threadpool(self._people.change_password, token, old, new)
        except HumphreyError as error:
            return HTMLResponse(account_view.password_page(str(error)), _status(error))
        return redirect(START)

    async def _person(self, request: Request) -> Person:
        person = await self._pages.person(request)
        if person is None:
            raise HTTPException(HTTPStatus.SEE_OTHER, headers={"Location": "/sign-in"})
        return person

    async def _administrator(self, request: Request) -> Person:
        person = await self._person(request)
        if not may(person, "administer"):
            raise HTTPException(HTTPStatus.FORBIDDEN)
        return person

    async def _done(
        self,
        request: Request,
        name: str,
        act: Callable[[str], object],
        said: str,
        given: EnteredPerson | None = None,
    ) -> Response:
        person = await self._person(request)
        try:
            await run_in_threadpool(act, person.name)
        except HumphreyError as error:
            if not may(person, "administer"):
                raise HTTPException(HTTPStatus.FORBIDDEN) from None
            return await self._shown(name, person, error=error, given=given)
        return redirect(people_view.address(name, said))

    async def _shown(
        self,
        name: str,
        person: Person,
        *,
        said: str = "",
        error: HumphreyError | None = None,
        given: EnteredPerson | None = None,
    ) -> Response:
        everyone = await run_in_threadpool(self._people.everyone)
        found = next((each for each in everyone if each.name == name), None)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        sessions = await run_in_threadpool(self._people.sessions, name)
        held = found, person, self._kinds, sessions
        page = people_view.person_page(*held, said=said, wrong=_wrong(error) if error else None, given=given)
        return HTMLResponse(page, _status(error) if error else HTTPStatus.OK)

    async def _done_own(self, request: Request, person: Person, act: Callable[[], object], said: str) -> Response:
        try:
            await run_in_threadpool(act)
        except HumphreyError as error:
            return await self._own(person, request, error=error)
        return redirect(f"/account?said={said}")

    async def _own(
        self, person: Person, request: Request, *, said: str = "", error: HumphreyError | None = None
    ) -> Response:
        sessions = await run_in_threadpool(self._people.sessions, person.name)
        page = account_view.page(
            person,
            sessions,
            self._pages.token(request),
            said=said,
            error=str(error or ""),
            password=not self._people.demonstration,
        )
        return HTMLResponse(page, _status(error) if error else HTTPStatus.OK)


def _wrong(error: HumphreyError) -> Wrong:
    return Wrong(str(error), error.field if isinstance(error, IdentityError) else "")


def _status(error: HumphreyError) -> HTTPStatus:
    if isinstance(error, TooManyTries):
        return HTTPStatus.TOO_MANY_REQUESTS
    return HTTPStatus.FORBIDDEN if isinstance(error, ReviewError) else HTTPStatus.BAD_REQUEST
