"""Who may call which route and which handler of a page: each of them, as everybody, with the right answer for each.

The routes and handlers are taken from the built application, so that one that is not in the table fails the test.
Whoever is refused must have changed nothing: the whole database is compared, but for the record of the refusal.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.routing import Mount

from humphrey.accounts.model import Person
from humphrey.database.tables.types import metadata
from humphrey.delivery.outlets.web import show as delivered
from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import first_broken
from humphrey.papers.draft import Commission
from tests.support.own_passwords import add_with_own_passwords
from tests.support.roles import (
    ADMINISTRATOR,
    ALL,
    AUDITOR,
    BOTH,
    CLEARS,
    FIGURES,
    HAS_TO_DO,
    OWNER,
    PEOPLE,
    QUEUE,
    TAKES,
    WORDS,
)
from tests.web.running_site import NOTE, Site, running, wait_until_ready

OPEN = frozenset({"act:refused", "request:refuse"})
"""What a refused call may leave in the record."""


class Scene:
    """A server with a person of every role signed in, and drafts to act upon."""

    def __init__(self, site: Site, clients: Mapping[str, httpx.Client]) -> None:
        self.site = site
        self.clients = clients
        self._n = count(1)
        index = clients["guidance_owner"].post("/guidance/index")
        self.job = index.headers["location"].rsplit("/", 1)[1]
        self.review = self.draft()
        self.released = self.draft()
        self.conversation = site.desk.conversations.new_conversation("asker", "Of the asker").id
        digest = site.desk.clearance.review(self.released).draft.digest
        site.desk.clearance.decide(self.released, "approve", "reviewer", digest)
        site.desk.deliver("web", delivered)

    def draft(self) -> str:
        return self.site.desk.clearance.take(Commission("answer", f"How long? {next(self._n)}", "asker", "web")).id

    def open_again(self, owner: str) -> None:
        self.conversation = self.site.desk.conversations.new_conversation(owner, "Of the asker").id

    def name(self) -> str:
        return f"newcomer {next(self._n)}"

    def approve(self, review: str, reviewer: str) -> None:
        self.site.desk.clearance.decide(review, "approve", reviewer, self.digest(review))

    def digest(self, review: str) -> str:
        return self.site.desk.clearance.review(review).draft.digest

    def sign_in_of_target(self) -> str:
        self.site.people.sign_in("target", WORDS, "10.0.0.1")
        return self.site.people.sessions("target")[0].id

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """The whole database, without when a person was last seen and without the record of what was refused."""
        with self.site.database.reading() as connection:
            held = {
                table.name: [tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')]  # noqa: S608 - names of our own tables
                for table in metadata.sorted_tables
            }
        seen = [column.name for column in metadata.tables["sessions"].columns].index("seen_at")
        held["sessions"] = [row[:seen] + row[seen + 1 :] for row in held["sessions"]]
        acts = [column.name for column in metadata.tables["ledger"].columns].index("act")
        held["ledger"] = [row[acts] for row in held["ledger"] if row[acts] not in OPEN]
        return held


Sent = Callable[[Scene, str], dict[str, Any]]


def nothing(_scene: Scene, _review: str) -> dict[str, Any]:
    return {}


def form(**given: Any) -> Sent:
    return lambda _scene, _review: {"data": given}


def body(**given: Any) -> Sent:
    return lambda _scene, _review: {"json": given}


@dataclass(frozen=True)
class Row:
    """The right answers of one route.

    Args:
        may: who may call it.
        fine: what they are answered.
        sent: what is sent.
        no: what everybody else is answered.
        nobody: what the person who is not signed in is answered: sent to sign in, or told so.
        path: what stands for the parts of the address.
        before: what is done before, for the person who may.
    """

    may: frozenset[str]
    fine: int = 200
    sent: Sent = nothing
    no: int = 403
    nobody: int = 303
    path: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[Scene, str, str], object] = lambda _scene, _review, _name: None


def api(may: frozenset[str], fine: int = 200, sent: Sent = nothing, **more: Any) -> Row:
    return Row(may, fine, sent, nobody=401, **more)


def digest_and(**given: Any) -> Sent:
    return lambda scene, review: {"json": {**given, "digest": scene.digest(review)}}


def posted_digest_and(**given: Any) -> Sent:
    return lambda scene, review: {"data": {**given, "digest": scene.digest(review)}}


ASKER = frozenset({"asker"})


PUBLIC = {"GET /", "GET /sign-in", "POST /sign-in", "POST /sign-out", "GET /healthz", "GET /readyz"}
"""What anybody may call: it says nothing of anybody, and changes nothing but a sign-in."""


NEW = {"roles": "official", "markings": "OFFICIAL", "password": WORDS}


TABLE: dict[str, Row] = {
    "GET /people": Row(ADMINISTRATOR),
    "GET /people/new": Row(ADMINISTRATOR),
    "GET /people/one": Row(ADMINISTRATOR, sent=lambda _s, _r: {"params": {"name": "target"}}),
    "POST /people/add": Row(ADMINISTRATOR, 303, lambda s, _r: {"data": {"name": s.name(), **NEW}}),
    "POST /people/change": Row(ADMINISTRATOR, 303, form(name="target", roles="official", markings="OFFICIAL")),
    "POST /people/disable": Row(ADMINISTRATOR, 303, form(name="target")),
    "POST /people/enable": Row(ADMINISTRATOR, 303, form(name="target")),
    "POST /people/password": Row(ADMINISTRATOR, 303, form(name="target", password=WORDS)),
    "POST /people/revoke": Row(
        ADMINISTRATOR, 303, lambda s, _r: {"data": {"name": "target", "session": s.sign_in_of_target()}}
    ),
    "GET /home": Row(ALL),
    "GET /account": Row(ALL),
    "POST /account/revoke": Row(ADMINISTRATOR, 303, lambda s, _r: {"data": {"session": s.sign_in_of_target()}}),
    "POST /account/elsewhere": Row(ALL, 303),
    "GET /account/password": Row(ALL, 303),
    "POST /account/password": Row(ALL, 400, form(old="no password of theirs", new=WORDS)),
    "GET /guidance": Row(ALL),
    "GET /guidance/remove": Row(OWNER, sent=lambda _s, _r: {"params": {"document": NOTE.id}}),
    "GET /guidance/jobs/{job_id}": Row(OWNER),
    "GET /guidance/jobs/{job_id}/progress": Row(OWNER),
    "GET /documents/{document_id:path}": Row(ALL, path={"document_id:path": NOTE.id}),
    "POST /guidance/upload": Row(OWNER, 400, lambda _s, _r: {"files": {"group": (None, "")}}),
    "POST /guidance/index": Row(OWNER, 303),
    "POST /guidance/remove": Row(OWNER, 400, form(document="no such document")),
    "POST /guidance/jobs/{job_id}/stop": Row(OWNER, 303),
    "POST /ask/files": Row(ALL, 200, lambda _s, _r: {"files": {"conversation": (None, "")}}, nobody=401),
    "GET /papers/form": api(ALL, sent=lambda _s, _r: {"params": {"kind": "receipt"}}),
    "GET /papers/day": api(ALL, sent=lambda _s, _r: {"params": {"said": "23 November 2026"}}),
    "POST /papers/drafts": api(ALL, sent=body(kind="receipt", facts={"name": "Ms Jo Bloggs"})),
    "POST /papers/send": api(ALL, 400, body(exchange="none", outlet="web")),
    "POST /papers/files": api(ALL, sent=lambda _s, _r: {"params": {"name": "a.txt"}, "content": b"Words."}),
    "GET /ask/history": api(ALL),
    "GET /ask/suggestions": api(ALL),
    "GET /ask/history/{conversation}/export.{form}": api(ASKER, no=400, path={"form": "md"}),
    "POST /ask/history/{conversation}/title": api(ASKER, sent=form(title="Another title"), no=400),
    "POST /ask/history/{conversation}/pin": api(ASKER, sent=form(pinned="yes"), no=400),
    "POST /ask/history/{conversation}/remove": api(ASKER, no=400, before=lambda s, _review, name: s.open_again(name)),
    "GET /api/v1/reviews": api(QUEUE),
    "GET /api/v1/reviews/{review_id}": api(TAKES),
    "GET /api/v1/reviews/{review_id}/standing": api(TAKES),
    "GET /api/v1/notices": api(ALL),
    "POST /api/v1/reviews/{review_id}/claim": api(CLEARS),
    "POST /api/v1/reviews/{review_id}/hand-back": api(
        CLEARS, no=400, before=lambda s, review, name: s.site.desk.assignment.claim(review, name)
    ),
    "GET /api/v1/reviews/{review_id}/ratings": api(CLEARS),
    "POST /api/v1/reviews/{review_id}/defer": api(CLEARS, sent=body(until="2026-12-31", reason="Counsel is asked.")),
    "POST /api/v1/reviews/{review_id}/undo": api(CLEARS, before=lambda s, review, name: s.approve(review, name)),
    "POST /api/v1/reviews/{review_id}/rate": api(CLEARS, sent=digest_and(sentences={"1": "right"})),
    "POST /api/v1/reviews/{review_id}/hand-over": api(CLEARS, sent=body(deputy="deputy")),
    "POST /api/v1/reviews/{review_id}/comment": api(HAS_TO_DO, sent=body(text="A remark.")),
    "POST /api/v1/reviews/{review_id}/amend": api(HAS_TO_DO, sent=digest_and(text="Other words [1].")),
    "POST /api/v1/reviews/{review_id}/instruct": api(HAS_TO_DO, sent=digest_and(instruction="Make it shorter.")),
    "POST /api/v1/reviews/{review_id}/decide": api(CLEARS, sent=digest_and(verdict="approve")),
    "POST /api/v1/reviews/{review_id}/reading": api(CLEARS, sent=body(wording=1, seconds=1.0)),
    "POST /api/v1/notices/{notice_id}/read": api(ALL, 404, path={"notice_id": "none"}),
    "GET /api/openapi.json": api(ALL),
    "GET /api/docs": Row(ALL),
    "GET /figures": Row(FIGURES),
    "GET /outbox": Row(QUEUE | ADMINISTRATOR),
    "POST /outbox/retry": Row(ADMINISTRATOR, 409, form(review="no such review")),
    "GET /record": Row(AUDITOR),
    "GET /record/entries.csv": Row(AUDITOR),
    "GET /record/entries.json": Row(AUDITOR),
    "POST /record/check": Row(AUDITOR, 303),
    "GET /reviews/{review_id}/export.{form}": Row(TAKES, path={"form": "md"}),
    "GET /reviews/{review_id}/case.{form}": Row(TAKES, path={"form": "json"}),
    "GET /reviews/{review_id}": Row(TAKES),
    "POST /reviews/{review_id}/amend": Row(HAS_TO_DO, 303, posted_digest_and(text="Other words [1].")),
    "POST /reviews/{review_id}/comment": Row(HAS_TO_DO, 303, form(text="A remark.")),
    "POST /reviews/{review_id}/undo": Row(CLEARS, 303, before=lambda s, review, name: s.approve(review, name)),
    "POST /reviews/{review_id}/defer": Row(CLEARS, 303, form(until="2026-12-31", reason="Counsel is asked.")),
    "GET /notices": Row(ALL),
    "POST /notices/read": Row(ALL, 303),
    "GET /disclosures": Row(AUDITOR),
    "GET /disclosures/{pack_id}": Row(AUDITOR, 400, path={"pack_id": "none"}),
    "POST /disclosures": Row(AUDITOR, 303, form(words="How long", regime="foi", reference="F1")),
    "POST /disclosures/search": Row(AUDITOR, sent=form(words="How long")),
    "POST /disclosures/{pack_id}/decide": Row(AUDITOR, 400, path={"pack_id": "none"}),
    "POST /disclosures/{pack_id}/add": Row(AUDITOR, 400, form(words="x", reason="y"), path={"pack_id": "none"}),
    "POST /disclosures/{pack_id}/leave-out": Row(AUDITOR, 400, form(item=1, why="x"), path={"pack_id": "none"}),
    "POST /disclosures/{pack_id}/send": Row(AUDITOR, 400, path={"pack_id": "none"}),
    "POST /disclosures/{pack_id}/drop": Row(AUDITOR, 400, path={"pack_id": "none"}),
    "GET /ask": Row(ALL),
    "GET /papers": Row(ALL),
    "GET /clear": Row(QUEUE),
}


MOUNTED = {"/static", ""}
"""What is mounted beside the routes: files that are the same for everybody, and the pages, which are in the table."""


PAGES = {"GET /ask", "GET /papers", "GET /clear"}


@contextmanager
def signed_in(site: Site, name: str = "") -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, headers={"Origin": site.url}, timeout=30) as client:
        if name:
            assert client.post("/sign-in", data={"name": name, "password": WORDS}).status_code == 303
        yield client


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with running(tmp_path_factory.mktemp("matrix"), demonstration=False) as site:
        further = Person("deputy", ("reviewer",), markings=BOTH), Person("target", ("official",))
        add_with_own_passwords(site.people, site.database, (*PEOPLE.values(), *further), WORDS)
        site.people.change("reviewer", lambda person: replace(person, deputies=("deputy",)))
        wait_until_ready(site.url)
        clients = {name: httpx.Client(base_url=site.url, headers={"Origin": site.url}, timeout=30) for name in PEOPLE}
        for name, client in clients.items():
            assert client.post("/sign-in", data={"name": name, "password": WORDS}).status_code == 303
        yield Scene(site, clients)
        for client in clients.values():
            client.close()
        assert first_broken(ledger_store.entries(site.database)) is None


def test_every_route_of_the_application_is_in_the_table_and_nothing_else_is(scene: Scene):
    routes = scene.site.app.routes
    built = {f"{method} {route.path}" for route in routes if isinstance(route, APIRoute) for method in route.methods}
    built -= {each for each in built if each.startswith("HEAD ") and each.replace("HEAD", "GET") in built}

    assert built == (set(TABLE) | PUBLIC) - PAGES
    assert {route.path for route in routes if isinstance(route, Mount)} == MOUNTED
    assert all(isinstance(route, APIRoute | Mount) for route in routes)


def call(scene: Scene, client: httpx.Client, name: str, *, review: str = "") -> httpx.Response:
    row, (method, path) = TABLE[name], name.split(" ", 1)
    wanted = review or (scene.released if "export" in path or "case" in path else scene.review)
    for part, value in {
        "review_id": wanted,
        "job_id": scene.job,
        "conversation": scene.conversation,
        **row.path,
    }.items():
        path = path.replace("{" + part + "}", value)
    return client.request(method, path, **row.sent(scene, wanted))


@pytest.mark.parametrize("name", TABLE)
def test_the_person_who_may_not_call_a_route_is_refused_and_changes_nothing(scene: Scene, name: str):
    row = TABLE[name]
    if "revoke" in name:
        scene.sign_in_of_target()
    answers: dict[str, int] = {}
    before = scene.everything()
    with signed_in(scene.site) as nobody:
        answer = call(scene, nobody, name)
        answers["nobody"] = answer.status_code
        if answer.status_code == 303:
            assert answer.headers["location"].startswith("/sign-in")
    for person in sorted(ALL - row.may):
        answers[person] = call(scene, scene.clients[person], name).status_code

    assert answers == {"nobody": row.nobody, **dict.fromkeys(sorted(ALL - row.may), row.no)}
    after = scene.everything()
    if "revoke" in name:
        # Each call looks for a sign-in of another person, and makes one.
        before["sessions"], before["ledger"], after["sessions"], after["ledger"] = [], [], [], []
    assert {table for table in before if before[table] != after[table]} == set()


@pytest.mark.parametrize("name", TABLE)
def test_the_person_who_may_call_a_route_is_answered(scene: Scene, name: str):
    row = TABLE[name]
    answers: dict[str, int] = {}
    for person in sorted(row.may):
        acts = name.startswith("POST") and "{review_id}" in name
        review = scene.draft() if acts else ""
        row.before(scene, review, person)
        answer = call(scene, scene.clients[person], name, review=review)
        answers[person] = answer.status_code
        assert not answer.headers.get("location", "").startswith("/sign-in")

    assert answers == dict.fromkeys(sorted(row.may), row.fine)


Given = Callable[[Scene, str], list[Any]]


def blank(n: int) -> Given:
    return lambda _scene, _review: [""] * n


def of_review(*more: Any) -> Given:
    return lambda _scene, review: [review, *more]


def shown(*more: Any) -> Given:
    return lambda scene, review: [review, scene.digest(review), *more]


HANDLERS: dict[str, tuple[frozenset[str], Given]] = {
    "ask: click Ask": (ALL, blank(3)),
    "ask: click Summary": (ALL, blank(1)),
    "ask: click Key points": (ALL, blank(1)),
    "ask: click Actions": (ALL, blank(1)),
    "ask: click People": (ALL, blank(1)),
    "ask: click Dates": (ALL, blank(1)),
    "ask: click Stop": (ALL, blank(1)),
    "ask: click Leave it as it is": (ALL, blank(0)),
    "ask: click New conversation": (ALL, blank(1)),
    "ask: change Command": (ALL, blank(2)),
    "ask: tick 15": (ALL, blank(0)),
    "ask: load": (ALL, blank(1)),
    "papers: load": (ALL, blank(0)),
    "papers: change Command": (ALL, blank(1)),
    "clear: click Approve and release": (CLEARS, shown()),
    "clear: click Return to its author": (CLEARS, shown()),
    "clear: click Refuse for good": (CLEARS, shown()),
    "clear: click Yes, do this": (CLEARS, lambda s, r: [r, f"approve {s.digest(r)}", [], "", []]),
    "clear: click No, go back": (CLEARS, of_review()),
    "clear: change Command": (CLEARS, lambda _s, r: [f"open {r}", ""]),
    "clear: click Claim it": (CLEARS, of_review()),
    "clear: click Hand it back": (CLEARS, of_review()),
    "clear: click Save the new words": (HAS_TO_DO, shown("Other words [1].")),
    "clear: click Say it": (HAS_TO_DO, of_review("A remark.")),
    "clear: click Hand it over": (CLEARS, of_review("deputy")),
    "clear: click Ask for it": (HAS_TO_DO, shown("Make it shorter.")),
    "clear: load": (QUEUE, blank(0)),
}
"""Who may set off which handler of the pages, and what it is given. Everybody asks, and sees what is their own."""


REFUSED = re.compile("not a reviewer|may not clear|may not do that|reviewer role|has not claimed|neither|not for you")


def handlers(site: Site) -> dict[str, int]:
    """Every handler of every page, by its page and what sets it off, with its number."""
    pages = next(route.app for route in site.app.routes if isinstance(route, Mount) and route.path == "")
    mounted = next(route.app for route in pages._inner.routes if isinstance(route, Mount) and route.path == "")
    blocks = mounted.get_blocks()
    found: dict[str, int] = {}
    for number, fn in blocks.fns.items():
        block, event = fn.targets[0]
        of = blocks.blocks.get(block)
        what = next((str(v) for v in (getattr(of, "label", ""), getattr(of, "value", "")) if v), "")
        key = f"{fn.page}: {event} {what}".strip() + ("" if fn.fn else " (script)")
        assert key not in found, f"two handlers are called {key}, and cannot be told apart in the table"
        found[key] = number
    return found


def test_every_handler_of_the_pages_is_in_the_table_and_nothing_else_is(scene: Scene):
    assert set(handlers(scene.site)) == set(HANDLERS)


def set_off(client: httpx.Client, number: int, data: list[Any], session: str) -> httpx.Response | str:
    """Call a handler as its page does; everything it said."""
    sent = {"data": data, "fn_index": number, "session_hash": session, "event_data": None, "trigger_id": None}
    joined = client.post("/gradio_api/queue/join", json=sent)
    if joined.status_code != 200:
        return joined
    said = ""
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as answer:
        for line in answer.iter_lines():
            said += line
            if "process_completed" in line:
                break
    return said


@pytest.mark.parametrize("name", HANDLERS)
def test_the_person_who_may_not_set_off_a_handler_is_refused_and_changes_nothing(scene: Scene, name: str):
    may, given = HANDLERS[name]
    number = handlers(scene.site)[name]
    before = scene.everything()
    with signed_in(scene.site) as nobody:
        answer = set_off(nobody, number, given(scene, scene.review), "nobody")
    assert isinstance(answer, httpx.Response)
    assert answer.status_code == 401
    for person in sorted(ALL - may):
        said = set_off(scene.clients[person], number, given(scene, scene.review), f"{person}-{number}")
        assert isinstance(said, str)
        assert REFUSED.search(said), f"{person} was told {said[-600:]}"
        assert "You asked" not in said, "nothing of the draft is told"
    assert scene.everything() == before


@pytest.mark.parametrize("name", HANDLERS)
def test_the_person_who_may_set_off_a_handler_is_not_refused(scene: Scene, name: str):
    may, given = HANDLERS[name]
    number = handlers(scene.site)[name]
    for person in sorted(may):
        review = scene.draft() if name.startswith("clear") else ""
        if "Hand it back" in name:
            scene.site.desk.assignment.claim(review, person)
        said = set_off(scene.clients[person], number, given(scene, review), f"may-{person}-{number}")
        assert isinstance(said, str)
        assert '"success":true' in said
        assert not REFUSED.search(said), f"{person} was told {said[-600:]}"


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_what_anybody_may_call_says_nothing_of_anybody(scene: Scene, name: str):
    method, path = name.split(" ", 1)
    with signed_in(scene.site) as nobody:
        answer = nobody.request(method, path)

    assert answer.status_code in {200, 303, 401}
    # "Ask the humphrey administrator" names a role, and the account of that name is not meant.
    assert not any(person in answer.text for person in PEOPLE if person != "administrator")


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/upload",
        "/gradio_api/run/predict",
        "/gradio_api/call/ask",
        "/gradio_api/proxy=http://127.0.0.1/",
        "/gradio_api/info",
        "/config",
        "/monitoring/x",
        "/login_check",
        "/file/humphrey.db",
        "/static/../server.py",
        "/static/%2e%2e/server.py",
        "/assets/../../humphrey.db",
    ],
)
def test_no_file_and_no_function_is_served_but_by_our_own_routes(scene: Scene, path: str):
    for client in (scene.clients["administrator"], scene.clients["auditor"]):
        for method in ("GET", "POST"):
            assert client.request(method, path).status_code in {401, 404, 405}
