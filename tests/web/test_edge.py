"""What strangers' programs send is answered with the right status, in a sentence, and without a traceback."""

import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from humphrey.accounts.model import Person
from humphrey.ledger import store as ledger_store
from humphrey.network_addresses import LOOPBACK
from humphrey.web.edge.proxies import TrustedProxies
from tests.web.running_site import Site, running
from tests.web.test_server import call, config_of, visitor

PAGES = ("/sign-in", "/ask", "/papers", "/clear", "/guidance", "/documents/notes/time-limits", "/record", "/api/docs")


@pytest.fixture
def client(site: Site) -> Iterator[httpx.Client]:
    with visitor(site, "grace") as client:
        yield client


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """No traceback is logged or printed, whatever is sent."""
    yield
    assert [record.msg for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR] == []
    assert "Traceback" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("page", PAGES)
def test_the_head_of_a_page_is_that_of_the_page_without_its_body(client: httpx.Client, page: str):
    whole, head = client.get(page), client.head(page)

    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]


@pytest.mark.parametrize("path", ["/ask", "/gradio_api/queue/data", "/", "/api/v1/reviews", "/nowhere"])
def test_a_web_socket_is_refused(site: Site, path: str):
    address = urlsplit(site.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as line:
        line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        assert line.recv(65_536).startswith(b"HTTP/1.1 400 ")


NUL_PATHS = (
    "/record?actor=a%00b", "/reviews/a%00b", "/documents/a%00b", "/api/v1/reviews?asked_by=a%00b",
    "/api/v1/reviews/a%00b", "/a%00b", "/ask?a%00b=c", "/sign-in?next=%00", "/static/a%00b",
    "/gradio_api/heartbeat/%00",
)  # fmt: skip


@pytest.mark.parametrize("path", NUL_PATHS)
def test_a_nul_in_an_address_is_no_text(client: httpx.Client, path: str):
    answer = client.get(path)

    assert answer.status_code == 400
    assert "U+0000, which is not text" in answer.text


def test_a_nul_in_a_form_is_no_text(client: httpx.Client):
    for content in (b"name=gra%00ce", b"name=gra\x00ce"):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = client.post("/sign-in", content=content, headers=headers)
        assert answer.status_code == 400
        assert "U+0000" in answer.text


@pytest.mark.parametrize("path", ["/sign-in", "/account/password", "/people/add"])
def test_a_nul_in_a_form_of_parts_is_no_text(client: httpx.Client, path: str):
    for name, value in (("name", b"gra\x00ce"), ("na\x00me", b"grace")):
        part = f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        headers = {"Content-Type": "Multipart/Form-Data; boundary=x"}
        answer = client.post(path, content=part + value + b"\r\n--x--\r\n", headers=headers)
        assert answer.status_code == 400
        assert "U+0000" in answer.text


@pytest.mark.parametrize("charset", ["charset=utf-7", 'Charset="UTF-7"', "charset*=us-ascii''utf-7", "charset=utf-16"])
def test_a_form_of_parts_in_another_encoding_cannot_hide_a_nul(client: httpx.Client, charset: str):
    part = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\ngra+AAA-ce\r\n--x--\r\n'
    kind = f"multipart/form-data; boundary=x; {charset}"
    answer = client.post("/sign-in", content=part, headers={"Content-Type": kind})

    assert answer.status_code == 400
    assert "send it as UTF-8" in answer.text


def test_a_form_of_parts_in_utf_8_is_taken(site: Site):
    for kind in ("multipart/form-data; boundary=x", 'multipart/form-data; boundary=x; charset="UTF-8"'):
        part = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\ngrace\r\n--x--\r\n'
        headers = {"Content-Type": kind, "Origin": site.url}
        assert httpx.post(site.url + "/sign-in", content=part, headers=headers).status_code == 303


@pytest.mark.parametrize("path", ["/api/v1/reviews/x/comment", "/api/v1/reviews/x/decide"])
@pytest.mark.parametrize(
    "body",
    ["[" * 100_000, '{"a":' * 100_000, "{", "", "null", "[]", '"a"', "1" * 10_000, '{"words": "\\ud800"}', "\xff"],
)
def test_a_body_that_is_none_is_refused_in_a_sentence(client: httpx.Client, path: str, body: str):
    answer = client.post(path, content=body.encode("latin-1"), headers={"Content-Type": "application/json"})

    assert answer.status_code == 400
    assert "openapi.json" in answer.json()["error"]


def test_a_body_of_another_kind_is_refused_in_a_sentence(client: httpx.Client):
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "a", ""):
        answer = client.post("/api/v1/reviews/x/comment", content=b"words=a", headers={"Content-Type": kind})
        assert answer.status_code == 400
        assert answer.json()["error"]


def ask(client: httpx.Client) -> dict:
    page = config_of(client, "/ask")
    handler = next(each for each in page["dependencies"] if len(each["inputs"]) > 1)
    return {"data": [None] * len(handler["inputs"]), "fn_index": handler["id"], "session_hash": "edge"}


def bad_calls(good: dict) -> dict[str, object]:
    number = len(good["data"])
    return {
        "unknown": {**good, "fn_index": 99_999},
        "negative": {**good, "fn_index": -1},
        "true": {**good, "fn_index": True},
        "text": {**good, "fn_index": "0"},
        "none": {**good, "fn_index": None},
        "too few": {**good, "data": good["data"][1:]},
        "too many": {**good, "data": [*good["data"], None]},
        "no list": {**good, "data": "x" * number},
        "a file": {**good, "data": [{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}] * number},
        "no hash": {**good, "session_hash": None},
        "a long hash": {**good, "session_hash": "a" * 65},
        "a list": [good],
        "null": None,
        "deep": {**good, "event_data": json.loads("[" * 20 + "]" * 20)},
    }


def test_a_call_that_no_page_makes_is_refused_before_gradio_sees_it(client: httpx.Client):
    good = ask(client)
    for name, bad in bad_calls(good).items():
        answer = client.post("/gradio_api/queue/join", json=bad)
        assert (name, answer.status_code) == (name, 400)
        assert "reload this page" in answer.json()["detail"]
    for content in (b"", b"{", b"[" * 100_000, b'{"a":' * 100_000, b"\xff"):
        assert client.post("/gradio_api/queue/join", content=content).status_code == 400
        assert client.post("/gradio_api/cancel", content=content).status_code == 400
        assert client.post("/gradio_api/reset", content=content).status_code == 400


def test_a_call_of_the_right_shape_with_odd_values_is_answered_on_its_stream(client: httpx.Client):
    for page in ("/ask", "/papers", "/clear"):
        for handler in config_of(client, page)["dependencies"]:
            for value in ("x", ["a", 1]):
                said = call(client, handler["id"], [value] * len(handler["inputs"]), f"odd-{handler['id']}")
                assert "process_completed" in said


def test_a_page_that_lost_its_connection_learns_that_the_server_is_back(client: httpx.Client):
    answer = client.get("/gradio_api/app_id")

    assert answer.status_code == 200
    assert list(answer.json()) == ["app_id"]
    assert client.post("/gradio_api/app_id", json={"session_hash": "a"}).status_code == 404
    with httpx.Client(base_url=client.base_url) as nobody:
        assert nobody.get("/gradio_api/app_id").status_code == 401


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize(
    "rest",
    [
        "upload", "file=/etc/passwd", "call/ask", "call/ask/1", "run/predict", "component_server", "queue/status",
        "info", "app_id/",
        "startup-events", "theme.css", "vibe-edit/", "stream/a/b/c/playlist.m3u8", "api/predict", "deep_link",
        "proxy=http://127.0.0.1:1/", "custom_component/a/client/component/b", "upload_progress", "process_recording",
        "queue/join/x", "heartbeat", "", "cancel/", "mcp/sse", "login_check", "token", "user", "config", "../config",
    ],
)  # fmt: skip
def test_what_the_pages_do_not_call_is_closed(client: httpx.Client, method: str, rest: str):
    answer = client.request(method, f"/gradio_api/{rest}", json={"session_hash": "a"} if method == "POST" else None)

    assert 400 <= answer.status_code < 500


def test_strangers_learn_nothing_of_the_calls(site: Site):
    with visitor(site) as nobody:
        for body in ({}, [], {"fn_index": 0, "data": [], "session_hash": "a"}):
            assert nobody.post("/gradio_api/queue/join", json=body).status_code == 401


def test_behind_tls_cookies_are_for_this_host_alone_and_browsers_stay_with_tls(tmp_path: Path):
    origin = "https://office.example"
    with running(tmp_path, gradio=False, origin=origin) as site:
        answer = httpx.post(site.url + "/sign-in", data={"name": "grace"}, headers={"Origin": origin})
        name, _, token = answer.headers["set-cookie"].partition(";")[0].partition("=")
        signed_in = httpx.get(site.url + "/guidance", headers={"Cookie": f"{name}={token}"})
        # A name that another host of the domain can set is not believed; who signed in before it changed does so again.
        before = httpx.get(site.url + "/guidance", headers={"Cookie": f"humphrey_session={token}"})

    assert name == "__Host-humphrey_session"
    kept = answer.headers["set-cookie"].split("; ")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(kept)
    assert not any(each.startswith("Domain") for each in kept)
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert (signed_in.status_code, before.status_code) == (200, 303)


def test_behind_tls_the_cookie_of_a_known_browser_is_for_this_host_alone_too(tmp_path: Path):
    origin, words = "https://office.example", "three random words"
    with running(tmp_path, gradio=False, demonstration=False, origin=origin) as site:
        site.people.add(Person("ann", ("official",)), words)
        given = {"data": {"name": "ann", "password": words}, "headers": {"Origin": origin}}
        first = httpx.post(site.url + "/sign-in", **given)
        name, secret, attributes = browser_cookie(first)
        given["headers"] |= {"Cookie": f"{name}={secret}"}
        again = httpx.post(site.url + "/sign-in", **given)
        with site.database.reading() as connection:
            browsers = connection.exec_driver_sql("SELECT count(*) FROM known_browsers").scalar_one()

    assert name == "__Host-humphrey_browser"
    assert again.status_code == 303
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(attributes)
    assert browsers == 1, "the browser is known again by this cookie"


def browser_cookie(answer: httpx.Response) -> tuple[str, str, list[str]]:
    """The name, the value and the attributes of the cookie of a known browser that an answer sets."""
    [said] = [each for each in answer.headers.get_list("set-cookie") if "browser" in each]
    pair, *attributes = said.split("; ")
    name, _, value = pair.partition("=")
    return name, value, attributes


def test_on_this_machine_without_tls_cookies_stay_as_they_are(site: Site):
    answer = httpx.post(site.url + "/sign-in", data={"name": "grace"}, headers={"Origin": site.url})

    assert answer.headers["set-cookie"].startswith("humphrey_session=")
    assert "strict-transport-security" not in answer.headers


def test_tries_are_counted_by_the_address_of_the_person_behind_a_proxy(site: Site):
    app = TrustedProxies(site.app, LOOPBACK)
    here = {"Origin": site.url, "Host": urlsplit(site.url).netloc}
    proxy = TestClient(app, base_url=site.url, client=("127.0.0.2", 1), follow_redirects=False)
    for number in range(31):
        said = {**here, "X-Forwarded-For": f"203.0.113.{number}"}
        assert proxy.post("/sign-in", data={"name": f"nobody-{number}"}, headers=said).status_code == 401

    said = {**here, "X-Forwarded-For": "203.0.113.99"}
    assert proxy.post("/sign-in", data={"name": "grace"}, headers=said).status_code == 303


def test_a_refusal_bears_the_address_of_the_person(site: Site):
    proxy = TestClient(TrustedProxies(site.app, LOOPBACK), base_url=site.url, client=("127.0.0.2", 1))
    proxy.post("/sign-out", headers={"Origin": "https://evil.example", "X-Forwarded-For": "203.0.113.200"})

    refused = [entry.subject for entry in ledger_store.entries(site.database) if entry.act == "request:refuse"]
    assert "203.0.113.200" in refused
