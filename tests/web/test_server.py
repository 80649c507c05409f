"""The server without a browser: who gets in, whose posts count, what every answer says to the browser."""

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from humphrey.accounts.model import Person
from humphrey.errors import HumphreyError, SettingsError
from humphrey.papers.draft import Commission
from humphrey.web.app import serve
from humphrey.web.gradio_mount import COOKIE, GradioMount
from humphrey.web.services import Address, Services
from tests.web.running_site import NOTE, QUOTE, Site, running

PAGES = (
    "/sign-in",
    "/ask",
    "/papers",
    "/clear",
    "/guidance",
    "/documents/notes/time-limits",
    "/no-such-page",
    "/healthz",
    "/readyz",
)


@contextmanager
def visitor(site: Site, name: str = "") -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, headers={"Origin": site.url}, timeout=20) as client:
        if name:
            assert client.post("/sign-in", data={"name": name}).status_code == 303
        yield client


@pytest.fixture
def amina(site: Site) -> Iterator[httpx.Client]:
    with visitor(site, "amina") as client:
        yield client


@pytest.fixture
def tom(site: Site) -> Iterator[httpx.Client]:
    with visitor(site, "tom") as client:
        yield client


@pytest.fixture
def grace(site: Site) -> Iterator[httpx.Client]:
    with visitor(site, "grace") as client:
        yield client


def config_of(client: httpx.Client, page: str) -> dict:
    html = client.get(page).text
    found = re.search(r"window\.gradio_config = (.*?);\s*window\.gradio_api_info", html, re.DOTALL)
    assert found
    return json.loads(found[1])


def handler_of(config: dict, label: str) -> int:
    button = next(c["id"] for c in config["components"] if label in (c["props"].get("value"), c["props"].get("label")))
    return next(d["id"] for d in config["dependencies"] if any(target[0] == button for target in d["targets"]))


def call(client: httpx.Client, handler: int, data: list, session: str) -> str:
    """Call a handler as the page does, and give back everything it said."""
    body = {"data": data, "fn_index": handler, "session_hash": session, "event_data": None, "trigger_id": None}
    joined = client.post("/gradio_api/queue/join", json=body)
    assert joined.status_code == 200, joined.text
    said = ""
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as answer:
        for line in answer.iter_lines():
            said += line
            if "process_completed" in line:
                break
    return said


def sent_review(site: Site, name: str, text: str = "How long?") -> str:
    return site.desk.clearance.take(Commission("answer", text, name, "web")).id


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_forbids_to_load_from_send_to_or_frame_in_any_other_place(grace: httpx.Client, page: str) -> None:
    headers = grace.get(page).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == policy["base-uri"] == policy["form-action"] == "'self'"
    assert policy["object-src"] == policy["frame-ancestors"] == policy["frame-src"] == "'none'"
    assert policy["img-src"] == "'self' data: blob:"
    assert "unsafe" not in policy["script-src"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "x-powered-by" not in headers
    assert "server" not in headers


def test_a_gradio_page_runs_only_scripts_with_the_nonce_of_that_answer(amina: httpx.Client) -> None:
    nonces = set()
    for _ in range(2):
        answer = amina.get("/ask")
        nonce = re.search(r"'nonce-([\w-]+)'", answer.headers["content-security-policy"])
        assert nonce
        scripts = re.findall(r"<script\b[^>]*>", answer.text)
        assert scripts
        assert all(f'nonce="{nonce[1]}"' in script for script in scripts)
        nonces.add(nonce[1])
    assert len(nonces) == 2


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://127.0.0.1:1"])
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/gradio_api/queue/join"])
def test_a_post_from_a_page_of_another_person_is_refused(site: Site, origin: str, path: str) -> None:
    with visitor(site, "amina") as client:
        answer = client.post(path, data={"name": "tom"}, headers={"Origin": origin})
        assert answer.status_code == 403
        assert client.get("/ask").status_code == 200


def test_a_name_that_is_pointed_at_this_machine_is_not_answered(site: Site) -> None:
    answer = httpx.get(site.url + "/sign-in", headers={"Host": "evil.example"})
    assert answer.status_code == 421


def test_a_body_over_a_megabyte_is_not_taken_in(amina: httpx.Client) -> None:
    assert amina.post("/gradio_api/queue/join", content=b"x" * 1_000_001).status_code == 413


def test_nobody_sees_a_page_without_signing_in(site: Site) -> None:
    with visitor(site) as client:
        for page in ("/", "/ask", "/papers", "/clear", "/guidance", "/documents/notes/time-limits"):
            answer = client.get(page)
            assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in")
        assert client.post("/gradio_api/queue/join", json={"session_hash": "a"}).status_code == 401


def test_the_cookie_holds_a_random_token_that_no_script_can_read(site: Site) -> None:
    with visitor(site) as client:
        answer = client.post("/sign-in", data={"name": "amina"})
    said = answer.headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=lax" in said
    assert "amina" not in said
    assert len(answer.cookies[COOKIE]) >= 43


def test_signing_out_ends_the_session_even_for_a_copied_cookie(site: Site) -> None:
    with visitor(site, "amina") as client:
        copied = client.cookies[COOKIE]
        assert client.post("/sign-out").status_code == 303
    assert httpx.get(site.url + "/ask", cookies={COOKIE: copied}).status_code == 303


def test_after_signing_in_nobody_is_led_to_another_host(site: Site) -> None:
    with visitor(site) as client:
        for wanted in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
            answer = client.post("/sign-in", data={"name": "amina", "next": wanted})
            assert answer.headers["location"] == "/"


def test_an_official_gets_no_clear_page(amina: httpx.Client) -> None:
    answer = amina.get("/clear")
    assert answer.status_code == 403
    assert "reviewer role" in answer.text
    assert "gradio" not in answer.text


def test_an_official_who_calls_the_decision_directly_is_refused_and_it_is_on_the_record(
    site: Site, tom: httpx.Client, grace: httpx.Client
) -> None:
    review = sent_review(site, "amina")
    confirm = handler_of(config_of(grace, "/clear"), "Yes, do this")
    said = call(
        tom, confirm, [review, f"approve {site.desk.clearance.review(review).draft.digest}", [], "", []], "tomcalls"
    )
    assert "it takes the reviewer role" in said
    assert site.desk.clearance.review(review).state == "open"
    refused = [entry for entry in site.desk.clearance.history(review) if entry.act == "act:refused"]
    assert [(entry.actor, entry.detail["tried"]) for entry in refused] == [("tom", "review:approve")]


def test_an_official_who_opens_a_draft_directly_sees_nothing_of_it(
    site: Site, tom: httpx.Client, grace: httpx.Client
) -> None:
    review = sent_review(site, "amina", "A question nobody else may read")
    config = config_of(grace, "/clear")
    command = next(c for c in config["components"] if c["props"].get("elem_id") == "command")
    opens = next(
        d["id"] for d in config["dependencies"] if [command["id"], "change"] in [list(t) for t in d["targets"]]
    )
    said = call(tom, opens, [f"open {review} 1", ""], "tomlooks")
    assert "not a reviewer" in said
    assert "nobody else may read" not in said
    assert "nobody else may read" in call(grace, opens, [f"open {review} 1", ""], "gracelooks")


def test_a_reviewer_cannot_approve_what_they_asked_for_themselves(site: Site, grace: httpx.Client) -> None:
    review = sent_review(site, "grace")
    confirm = handler_of(config_of(grace, "/clear"), "Yes, do this")
    said = call(
        grace, confirm, [review, f"approve {site.desk.clearance.review(review).draft.digest}", [], "", []], "graceown"
    )
    assert "another person must decide" in said
    assert site.desk.clearance.review(review).state == "open"


@pytest.mark.parametrize("pending", ["", "approve", "release sha256:x", "approve sha256:x"])
def test_a_decision_that_was_not_shown_is_not_made(site: Site, grace: httpx.Client, pending: str) -> None:
    review = sent_review(site, "amina")
    confirm = handler_of(config_of(grace, "/clear"), "Yes, do this")
    said = call(grace, confirm, [review, pending, [], "", []], f"grace{len(pending)}")
    assert "changed since" in said or "confirm what is shown" in said
    assert site.desk.clearance.review(review).state == "open"


def test_anothers_conversation_looks_like_one_that_does_not_exist(
    site: Site, amina: httpx.Client, tom: httpx.Client
) -> None:
    kept = site.desk.conversations.save(
        site.desk.drafting.compose(Commission("answer", "Private to Amina", "amina", "web")), None
    )
    config = config_of(tom, "/ask")
    command = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "command")
    clicked = next(d["id"] for d in config["dependencies"] if [command, "change"] in [list(t) for t in d["targets"]])
    theirs = call(tom, clicked, [f"open {kept.conversation}", ""], "tomreads")
    unknown = call(tom, clicked, [f"open {'f' * len(kept.conversation)}", ""], "tomreads")
    assert "Private to Amina" not in theirs
    assert "you have no conversation" in theirs
    assert "you have no conversation" in unknown
    assert "Private to Amina" in call(amina, clicked, [f"open {kept.conversation}", ""], "aminareads")


def test_anothers_draft_cannot_be_sent(site: Site, tom: httpx.Client) -> None:
    kept = site.desk.conversations.save(
        site.desk.drafting.compose(Commission("answer", "Whose is it?", "amina", "web")), None
    )
    config = config_of(tom, "/ask")
    command = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "command")
    clicked = next(d["id"] for d in config["dependencies"] if [command, "change"] in [list(t) for t in d["targets"]])
    for verb in ("send", "edit", "again", "good", "bad"):
        assert "you have no exchange" in call(tom, clicked, [f"{verb} {kept.id} {{}} 1", ""], "tomsends"), verb


def test_the_gradio_session_of_one_person_is_closed_to_another(
    site: Site, amina: httpx.Client, tom: httpx.Client
) -> None:
    load = config_of(amina, "/ask")["dependencies"][-1]["id"]
    call(amina, load, [""], "belongs-to-amina")
    body = {"data": [""], "fn_index": load, "session_hash": "belongs-to-amina"}
    assert tom.post("/gradio_api/queue/join", json=body).status_code == 403
    assert tom.get("/gradio_api/queue/data", params={"session_hash": "belongs-to-amina"}).status_code == 403
    assert tom.post("/gradio_api/cancel", json={"session_hash": "belongs-to-amina"}).status_code == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/file/etc/passwd"),
        ("GET", "/gradio_api/proxy=https://evil.example"),
        ("POST", "/gradio_api/call/ask"),
        ("POST", "/gradio_api/run/predict"),
        ("POST", "/gradio_api/vibe-edit/"),
        ("POST", "/gradio_api/component_server"),
        ("GET", "/gradio_api/info"),
        ("GET", "/gradio_api/openapi.json"),
        ("GET", "/config"),
        ("GET", "/monitoring"),
        ("POST", "/login"),
        ("GET", "/svelte/x"),
        ("GET", "/manifest.json"),
        ("GET", "/docs"),
        ("GET", "/openapi.json"),
        ("GET", "/static/../server.py"),
        ("GET", "/assets/../../index.html"),
    ],
)
def test_what_the_pages_do_not_need_does_not_exist(grace: httpx.Client, method: str, path: str) -> None:
    answer = grace.request(method, path, json={"data": []} if method == "POST" else None)
    assert answer.status_code in {404, 405}
    assert "root:" not in answer.text


def test_an_unknown_page_and_a_broken_request_get_a_plain_page_without_a_traceback(amina: httpx.Client) -> None:
    missing = amina.get("/no-such-page")
    assert missing.status_code == 404
    assert "no such page" in missing.text
    for answer in (
        missing,
        amina.get("/documents/notes/time-limits?start=x"),
        amina.post("/sign-in", content=b"\xff{"),
    ):
        assert "Traceback" not in answer.text
        assert answer.status_code < 500


def test_a_document_is_shown_with_the_quoted_span_marked_and_a_link_to_the_original(amina: httpx.Client) -> None:
    start = NOTE.text.index(QUOTE)
    span = {"version": NOTE.version, "start": start, "end": start + len(QUOTE)}
    html = amina.get("/documents/notes/time-limits", params=span).text
    assert f'<mark class="quote" id="quoted">{QUOTE}</mark>' in html
    assert 'href="https://guidance.example/limits"' in html
    assert "<script>" not in html
    assert amina.get("/documents/notes/other").status_code == 404


def test_health_is_told_to_the_person_who_asks(site: Site) -> None:
    assert httpx.get(site.url + "/healthz").json() == {"alive": True}
    assert httpx.get(site.url + "/readyz").json() == {"ready": True, "reasons": [], "warnings": []}


def test_while_the_pages_are_being_made_a_page_says_so_and_asks_again() -> None:
    made = threading.Event()

    def build() -> FastAPI:
        made.wait(10)
        raise HumphreyError("a secret the reader must not see")

    async def walk() -> None:
        def who(_token: str, *, acting: bool = True) -> Person:
            return Person("amina", ("official",))

        pages = GradioMount(build, who, who, lambda _address, _reason: None)
        running = asyncio.create_task(pages.run())
        transport = httpx.ASGITransport(pages)
        async with httpx.AsyncClient(transport=transport, base_url="http://x", cookies={COOKIE: "t"}) as client:
            waiting = await client.get("/ask")
            assert waiting.status_code == 503
            assert 'http-equiv="refresh"' in waiting.text
            made.set()
            await running
            assert "humphrey doctor" in pages.trouble
            assert "secret" not in pages.trouble

    # In another thread, because the loop of an open browser runs in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, walk()).result()


def test_with_people_configured_a_password_is_asked_for_and_guessing_is_limited(tmp_path: Path) -> None:
    with running(tmp_path, demonstration=False, gradio=False) as site, visitor(site) as client:
        site.people.add(Person("ada", ("official",)), "correct horse battery")
        assert "amina" not in client.get("/sign-in").text.lower()
        assert client.post("/sign-in", data={"name": "amina"}).status_code == 401
        for _ in range(5):
            wrong = client.post("/sign-in", data={"name": "ada", "password": "a wrong password"})
            assert wrong.status_code == 401
        right = client.post("/sign-in", data={"name": "ada", "password": "correct horse battery"})
        assert right.status_code == 429
        assert right.headers["retry-after"] == "1"
        assert "wait 1 second and" in right.text
        assert 'role="alert"' in right.text


def test_a_port_in_use_is_one_sentence(site: Site) -> None:
    port = int(site.url.rsplit(":", 1)[1])
    nothing = Services(**dict.fromkeys(field.name for field in fields(Services)))
    with pytest.raises(SettingsError, match=f"127.0.0.1:{port}.*HUMPHREY_PORT"):
        serve(nothing, Address("127.0.0.1", port, "", 8))
