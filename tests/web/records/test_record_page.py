"""The Record page over HTTP: for auditors alone, narrowed and paged, downloaded, and checked from it."""

import csv
import io
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
import pytest

from humphrey.ledger import store as ledger_store
from humphrey.ledger.model import seal
from tests.web.running_site import Site, auditing, running

PATHS = ("/record", "/record/entries.csv", "/record/entries.json")


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    with running(tmp_path, gradio=False) as site:
        with site.database.transaction() as tx:
            for n in range(250):
                ledger_store.enter(
                    tx, "grace", "act:refused", f"r{n % 7}", {"tried": "review:approve", "why": "StaleDigest"}, NOON
                )
        yield site


@contextmanager
def visitor(site: Site, name: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, headers={"Origin": site.url}, timeout=20) as client:
        if name:
            assert client.post("/sign-in", data={"name": name}).status_code == 303
        yield client


def checked(client: httpx.Client) -> str:
    assert client.post("/record/check").headers["location"] == "/record"
    for _ in range(200):
        html = client.get("/record").text
        if 'http-equiv="refresh"' not in html:
            return html
        time.sleep(0.05)
    raise AssertionError("the check did not end")


def test_a_search_by_day_means_the_day_of_london_and_times_name_their_zone(site: Site):
    with site.database.transaction() as tx:
        for said, hour, minute in (("before", 22, 59), ("after", 23, 1)):
            at = datetime(2026, 8, 4, hour, minute, tzinfo=UTC)
            ledger_store.enter(tx, "tom", "act:refused", said, {"tried": "x", "why": "y"}, at)
    with visitor(site, "iris") as client:
        of_fourth = client.get("/record", params={"since": "2026-08-04", "until": "2026-08-04"}).text
        of_fifth = client.get("/record", params={"since": "2026-08-05", "until": "2026-08-05"}).text

    assert "4 August 2026, 23:59:00 BST" in of_fourth
    assert "5 August 2026, 00:01:00 BST" in of_fifth
    assert [">before<" in of_fourth, ">after<" in of_fourth] == [True, False]
    assert [">before<" in of_fifth, ">after<" in of_fifth] == [False, True]


@pytest.mark.parametrize("name", ["amina", "grace", "priya", "sam", ""])
def test_nobody_but_an_auditor_reads_checks_or_downloads_the_record(site: Site, name: str):
    with visitor(site, name) as client:
        answers = [client.get(path) for path in PATHS] + [client.post("/record/check")]

        for answer in answers:
            if name:
                assert (answer.status_code, "auditor role" in answer.text) == (403, True)
            else:
                assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/record")
            assert "StaleDigest" not in answer.text
        assert 'href="/record"' not in client.get("/guidance").text


def test_an_auditor_pages_through_the_entries_and_narrows_them(site: Site):
    with visitor(site, "iris") as client:
        assert 'href="/record"' in client.get("/guidance").text
        first = client.get("/record").text
        total = len(list(ledger_store.entries(site.database)))
        assert f"{total} entries" in first
        assert first.count("<tr>") == 101
        assert f'<th scope="row">{total}</th>' in first

        before = first.split("before=")[1].split('"')[0]
        assert before == str(total - 99)
        second = client.get("/record", params={"before": before}).text
        assert f'<th scope="row">{total - 100}</th>' in second

        narrowed = client.get("/record", params={"subject": "r3", "act": "act:refused", "actor": "grace"}).text
        assert "36 entries" in narrowed
        assert "No entry is like that" in client.get("/record", params={"since": "2030-01-01"}).text
        that_day = {"since": "2026-11-23", "until": "2026-11-23", "actor": "grace"}
        assert "250 entries" in client.get("/record", params=that_day).text


def test_what_is_asked_amiss_is_no_error_and_nothing_of_it_is_markup(site: Site):
    with visitor(site, "iris") as client:
        for params in (
            {"before": "-1"},
            {"before": "9" * 40},
            {"since": "9999-12-31", "until": "9999-12-31"},
            {"act": "<b>"},
            {"subject": "<script>alert(1)</script>"},
            {"actor": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")},
        ):
            answer = client.get("/record", params=params)
            assert answer.status_code == 200
            assert "<script>alert" not in answer.text
            assert "<b>" not in answer.text


SIGNED = {"follows", "key", "signature"}
"""What the server checks and does not export."""


def test_the_download_holds_the_entries_whole_and_runs_nothing_in_a_spreadsheet(site: Site):
    with site.database.transaction() as tx:
        ledger_store.enter(tx, "=HYPERLINK(1)", "act:refused", "@SUM(1)", {"tried": "+1"}, NOON)
    with visitor(site, "iris") as client:
        plain = client.get("/record/entries.json", params={"act": "act:refused"})
        rows = list(csv.DictReader(io.StringIO(client.get("/record/entries.csv", params={"act": "act:refused"}).text)))
        empty = client.get("/record/entries.json", params={"since": "2031-01-01"})

    assert plain.headers["content-disposition"] == 'attachment; filename="record.json"'
    assert (len(plain.json()), len(rows), empty.json()) == (251, 251, [])
    stored = {entry.n: entry for entry in ledger_store.entries(site.database)}
    for each in plain.json():
        kept = {name: value for name, value in vars(stored[each["n"]]).items() if name not in SIGNED}
        assert {**each, "at": datetime.fromisoformat(each["at"])} == kept
        assert seal(stored[each["n"]]).seal == each["seal"]
    assert (rows[-1]["actor"], rows[-1]["subject"]) == ("'=HYPERLINK(1)", "'@SUM(1)")


def test_a_check_from_the_page_says_that_the_record_is_whole_and_who_began_it(site: Site):
    with visitor(site, "iris") as client:
        assert "Not checked since humphrey was started" in client.get("/record").text
        html = checked(client)

    assert "The record is whole" in html
    assert "Begun by iris" in html


def test_a_chain_broken_by_hand_is_found_from_the_page(site: Site):
    connection = sqlite3.connect(site.folder / "humphrey.db")
    with connection:
        connection.execute("UPDATE ledger SET actor = 'tom' WHERE n = 40")
    connection.close()

    with visitor(site, "iris") as client:
        html = checked(client)

    assert "The record is not whole" in html
    assert "The chain breaks at entry 40" in html


def test_the_page_shows_the_last_head_and_where_it_was_published(site: Site):
    with visitor(site, "iris") as client:
        assert "None yet: one is signed every day" in client.get("/record").text
        publishing = auditing(site.folder, site.database, site.people)._publishing
        head = publishing.publish_now(datetime.now(UTC))
        html = client.get("/record").text

    assert f"covers entry {head.n} and everything before it" in html
    assert head.seal in html
    assert "<li>a file: " in html


def test_what_is_wrong_with_publishing_is_a_warning_and_no_reason_not_to_serve(site: Site):
    publishing = auditing(site.folder, site.database, site.people)._publishing
    publishing.publish_now(datetime(2026, 11, 1, tzinfo=UTC))

    ready = httpx.get(f"{site.url}/readyz").json()
    with visitor(site, "iris") as client:
        html = client.get("/record").text

    assert "the last head was signed on 2026-11-01" in ready["warnings"][0]
    assert "The last head was signed on 2026-11-01" in html
