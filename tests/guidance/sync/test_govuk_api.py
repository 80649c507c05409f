"""Asking a Content API for one page: what each answer means, how often and how fast it is asked, and who is."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humphrey.errors import SyncError, Unreachable
from humphrey.guidance.sync.govuk_api import ContentApi, validate_base_url
from humphrey.guidance.sync.model import FetchedPage, Moved, PageMissing, Unchanged, Validators, validate_path
from tests.guidance.sync.content_server import hang, ok, page, raw, redirect, status, trickle

PATH = "/guidance/keeping-records"


@pytest.fixture
def fetch(server, time):
    with ContentApi(server.base, "guidance@example.org", clock=time, sleep=time.sleep, jitter=lambda: 1.0) as api:
        yield api


def test_a_page_comes_whole_with_what_to_ask_by_next_time(server, fetch):
    server.put(page(PATH))

    got = fetch(PATH, Validators())

    assert isinstance(got, FetchedPage)
    assert json.loads(got.content) == got.item == server.pages[PATH]
    assert got.validators.etag.startswith('W/"')
    assert got.validators.modified == "Mon, 02 Mar 2026 09:30:00 GMT"
    assert fetch(PATH, got.validators) == Unchanged()
    assert server.headers[1]["If-Modified-Since"] == "Mon, 02 Mar 2026 09:30:00 GMT"


def test_the_person_who_asks_says_who_they_are_and_asks_for_json(server, fetch):
    server.put(page(PATH))

    fetch(PATH, Validators())

    assert server.headers[0]["User-Agent"].startswith("humphrey/")
    assert "(guidance@example.org)" in server.headers[0]["User-Agent"]
    assert server.headers[0]["Accept"] == "application/json"
    assert "If-None-Match" not in server.headers[0]


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_of_the_server_is_told_and_not_followed(server, fetch, code):
    server.script[PATH] = [status(code, location=f"{server.base}/api/content/guidance/records")]

    assert fetch(PATH, Validators()) == Moved("/guidance/records")
    assert server.asked == [PATH]


@pytest.mark.parametrize(
    ("item", "to"),
    [
        (redirect(PATH, "/guidance/records"), "/guidance/records"),
        (redirect(PATH, "https://www.gov.uk/guidance/records?x=1#top"), "/guidance/records"),
        (redirect(PATH, "https://records.example.org/all"), "https://records.example.org/all"),
        (page("/guidance/records"), "/guidance/records"),
    ],
)
def test_a_page_that_is_another_or_leads_to_another_is_moved(server, fetch, item, to):
    server.script[PATH] = [ok(item)]

    assert fetch(PATH, Validators()) == Moved(to)


def test_a_page_that_is_gone_is_told_from_one_that_was_never_there(server, fetch):
    gone = {"base_path": PATH, "schema_name": "gone", "document_type": "gone", "details": {}}
    server.script[PATH] = [status(410), ok(gone), status(404)]

    assert [fetch(PATH, Validators()) for _ in range(3)] == [PageMissing(True), PageMissing(True), PageMissing(False)]


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (raw(b"<h1>Sign in</h1>", "text/html"), "is text/html, not JSON"),
        (raw(b'{"base_path": "/guid'), "not valid JSON"),
        (raw(b"[" * 100_000), "not valid JSON"),
        (raw(b"[]"), "not one JSON object"),
        (raw(b'{"title": "No path"}'), "'None' is not a path"),
        (raw(b'{"base_path": "/../../etc/passwd"}'), "is not a path"),
        (raw(b" " * (20 * 1024 * 1024 + 1)), "more than 20971520 bytes"),
        (status(403), "answered 403"),
        (status(303, location="https://attacker.example/api/content/guidance/records"), "which is not asked"),
        (status(303, location="//attacker.example/api/content/guidance/records"), "which is not asked"),
        (status(303, location="/login"), "which is not asked"),
        (status(303, location="/api/content/../../secrets"), "is not a path"),
        (status(303), "which is not asked"),
        (ok({"base_path": PATH, "schema_name": "redirect", "details": None}), "does not say where to"),
        (ok(redirect(PATH, "/guidance/../../../etc/passwd")), "is not a path"),
    ],
)
def test_an_answer_that_is_no_page_is_refused_with_a_reason_and_not_asked_again(server, fetch, reply, why):
    server.script[PATH] = [reply]

    with pytest.raises(SyncError, match=why) as refused:
        fetch(PATH, Validators())

    assert not isinstance(refused.value, Unreachable)
    assert server.asked == [PATH]


@pytest.mark.parametrize(
    "path",
    ["", "guidance", "/", "//attacker.example/a", "/a//b", "/a/../b", "/.ssh/id", "/a/./b", "/a?b", "/a#b", "/a b",
     "/a%2e%2e/b", "/a\\b", "/a\nb", "/a.json/b", "/a.json", "/" + "a" * 201, "/a" * 300, None, 3],
)  # fmt: skip
def test_only_a_plain_path_from_the_top_is_asked_for(server, fetch, path):
    with pytest.raises(SyncError, match="is not a path of GOV"):
        fetch(path, Validators())
    assert server.asked == []


def test_no_more_than_five_requests_are_made_in_a_second(server, fetch, time):
    server.put(page(PATH))
    began = time.now

    for _ in range(11):
        fetch(PATH, Validators())

    assert time.now - began == pytest.approx(2.0)
    assert all(wait <= 0.2 + 1e-9 for wait in time.waits)


def test_a_busy_server_is_asked_again_later_each_time_and_at_last_left_alone(server, fetch, time):
    server.script[PATH] = [status(503)] * 5

    with pytest.raises(Unreachable, match="answered 503; run again later"):
        fetch(PATH, Validators())

    assert len(server.asked) == 5
    assert [wait for wait in time.waits if wait > 0.2] == [1, 2, 4, 8]


def test_the_waits_differ_by_chance_so_that_not_everybody_comes_back_at_once(server, time):
    server.put(page(PATH))
    server.script[PATH] = [status(500), status(500)]

    with ContentApi(server.base, clock=time, sleep=time.sleep, jitter=lambda: 0.0) as fetch:
        fetch(PATH, Validators())

    assert time.waits == [0.5, 1.0]


def test_a_server_that_says_when_to_come_back_is_believed_up_to_a_minute(server, fetch, time):
    server.put(page(PATH))
    server.script[PATH] = [status(429, retry_after="7"), status(429, retry_after="61")]

    with pytest.raises(Unreachable, match="answered 429"):
        fetch(PATH, Validators())
    assert [wait for wait in time.waits if wait > 0.2] == [7]

    time.waits.clear()
    server.script[PATH] = [status(429, retry_after=format_datetime(datetime.now(UTC) + timedelta(seconds=30)))]
    assert isinstance(fetch(PATH, Validators()), FetchedPage)
    assert 25 < max(time.waits) <= 30

    server.script[PATH] = [status(429, retry_after="Wed, 21 Oct 2015 07:28:00 GMT"), status(503, retry_after="soon")]
    assert isinstance(fetch(PATH, Validators()), FetchedPage)


@pytest.mark.parametrize("slow", [hang(0.6), trickle(0.6)])
def test_a_page_that_takes_too_long_is_given_up_and_asked_for_again(server, slow):
    server.put(page(PATH))
    server.script[PATH] = [slow]
    waits = []

    with ContentApi(server.base, timeout_s=0.2, sleep=waits.append) as fetch:
        assert isinstance(fetch(PATH, Validators()), FetchedPage)

    assert server.asked == [PATH, PATH]


def test_a_server_that_is_not_there_is_named(time):
    nobody = ContentApi("http://127.0.0.1:9", clock=time, sleep=time.sleep)
    with nobody as fetch, pytest.raises(Unreachable, match=r"http://127.0.0.1:9 did not answer \(ConnectError\)"):
        fetch(PATH, Validators())


@pytest.mark.parametrize(
    "address",
    ["http://www.gov.uk", "ftp://www.gov.uk", "www.gov.uk", "https://", "https://user:key@www.gov.uk", "",
     "https://www.gov.uk?x", "https://www.gov.uk#x", "https://www.gov.uk:port", "http://127.0.0.1.attacker.example"],
)  # fmt: skip
def test_only_a_server_with_tls_or_on_this_machine_is_fetched_from(address):
    with pytest.raises(SyncError, match="is not a server to fetch from"):
        validate_base_url(address)


def test_a_slash_at_the_end_of_the_address_says_nothing():
    assert validate_base_url("https://www.gov.uk/") == "https://www.gov.uk"


@given(st.text(alphabet="/.~%\\?#:@ab-_\n0\x00", max_size=30).map(lambda text: f"/{text}"))
def test_no_path_that_may_be_asked_for_can_climb_or_change_host(path):
    try:
        validate_path(path)
    except SyncError:
        return

    address = urlsplit(f"https://www.gov.uk/api/content{path}")
    assert (address.netloc, address.path, address.query, address.fragment) == (
        "www.gov.uk", f"/api/content{path}", "", "",
    )  # fmt: skip
    folder = Path("/data/sources")
    assert folder in (folder / f"{path.lstrip('/')}.json").resolve().parents
