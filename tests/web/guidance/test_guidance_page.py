"""The Guidance page over HTTP: who sees which document, who may change what, what a form may carry."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from humphrey.accounts.model import Person
from humphrey.documents.model import Document, Imprint
from humphrey.guidance.store import DocumentRow
from humphrey.ledger import store as ledger_store
from humphrey.web.guidance import document_view
from humphrey.web.guidance.list_view import ListQuery, _ages
from tests.support.indexing import library
from tests.support.own_passwords import add_with_own_passwords
from tests.web.running_site import Site, running

PASSWORD = "three plain words"


NOTE = """---
title: {title}
publisher: {publisher}
facts_as_of: {updated}
state: {state}
superseded_by: {by}
---
Rules about {title}, in short.

## Who

Staff of the department.
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("guidance")
    shelf = library(folder)
    notes = folder / "notes"
    notes.mkdir()
    for n in range(60):
        write(notes, f"note-{n:02}", f"Note {n:02}", "Office A" if n % 2 else "Office B")
    write(
        notes, "old", "Old rules", "Office C", updated=date(2001, 2, 3), state="superseded", by="https://new.example/"
    )
    shelf.index([notes])
    (folder / "hr").mkdir()
    write(folder / "hr", "pay", "Pay <script>alert(1)</script>", "Office H")
    shelf.index([folder / "hr"], audience=frozenset({"hr"}))
    with running(folder, demonstration=False, shelf=shelf) as site:
        people = (
            Person("grace", ("reviewer", "guidance_owner"), ("hr",)),
            Person("david", ("reviewer", "guidance_owner"), ("finance", "legal")),
            Person("amina", ("official",), ("hr",)),
            Person("tom", ("official",)),
        )
        add_with_own_passwords(site.people, site.database, people, PASSWORD)
        yield site


def write(
    folder: Path,
    name: str,
    title: str,
    publisher: str,
    *,
    updated: date | None = None,
    state: str = "current",
    by: str = "",
) -> None:
    said = NOTE.format(
        title=title, publisher=publisher, updated=updated or datetime.now(UTC).date(), state=state, by=by
    )
    (folder / f"{name}.md").write_text(said, encoding="utf-8")


@contextmanager
def visitor(site: Site, name: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, headers={"Origin": site.url}, timeout=20) as client:
        if name:
            assert client.post("/sign-in", data={"name": name, "password": PASSWORD}).status_code == 303
        yield client


def ended(client: httpx.Client, address: str) -> str:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        answer = client.get(f"{address}/progress")
        assert answer.status_code == 200, answer.text
        if answer.json()["over"]:
            return client.get(address).text
        time.sleep(0.02)
    raise AssertionError("the job never ended")


def upload(client: httpx.Client, *files: tuple[str, bytes], group: str = "") -> httpx.Response:
    return client.post("/guidance/upload", data={"group": group}, files=[("files", each) for each in files])


def test_the_list_shows_fifty_at_a_time_with_what_each_document_is(site):
    with visitor(site, "tom") as tom:
        first, second = tom.get("/guidance").text, tom.get("/guidance?page=2").text
    assert "61 documents" in first
    assert first.count('<th scope="row"') == 50
    assert second.count('<th scope="row"') == 11
    assert 'rel="next"' in first
    assert 'rel="next"' not in second
    assert '<td data-label="Passages">2</td>' in first
    assert '<td data-label="Who may read it">everyone</td>' in first


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("words=note+1", 15),
        ("publisher=Office+A", 30),
        ("state=superseded", 1),
        ("age=older", 1),
        ("age=year&publisher=Office+B", 30),
        ("words=nothing", 0),
        ("page=-1", 61),
        ("page=99999999999", 61),
        ("state=%3Cscript%3E", 0),
    ],
)
def test_the_list_is_narrowed_by_words_publisher_state_and_age(site, asked, count):
    with visitor(site, "tom") as tom:
        page = tom.get(f"/guidance?{asked}").text
    assert page.count('<th scope="row"') == min(count, 50)
    assert (f"{count} of 61 documents" if count != 61 else "61 documents") in page
    assert "<script>" not in page


def test_a_groups_document_is_listed_and_opened_for_that_group_alone(site):
    for name, status in (("amina", 200), ("grace", 200), ("david", 404), ("tom", 404)):
        with visitor(site, name) as client:
            assert ("group hr" in client.get("/guidance?words=pay").text) is (status == 200)
            assert client.get("/documents/pay").status_code == status
            assert client.get("/documents/pay?passages=1").status_code == status
            opened = client.get("/documents/pay").text
            assert ("for group hr" in opened) is (status == 200)
            assert "<script>alert" not in opened


def test_only_reviewers_see_the_forms_and_the_refused_files(site):
    with visitor(site, "amina") as amina, visitor(site, "grace") as grace:
        ended(grace, upload(grace, ("broken.md", b"\xff\xfe\x00")).headers["location"])
        assert "broken.md" in grace.get("/guidance").text
        assert "Add documents" in grace.get("/guidance").text
        assert "broken.md" not in amina.get("/guidance").text
        assert "Add documents" not in amina.get("/guidance").text


def test_an_official_who_sends_the_forms_is_refused_and_it_is_on_the_record(site):
    with visitor(site, "amina") as amina:
        sent = (
            upload(amina, ("mine.md", b"My own rules.")),
            amina.post("/guidance/index"),
            amina.post("/guidance/remove", data={"document": "note-00"}),
            amina.get("/guidance/remove?document=note-00"),
            amina.post("/guidance/jobs/x/stop"),
            amina.get("/guidance/jobs/x"),
        )
        assert [answer.status_code for answer in sent] == [403] * 6
        assert amina.get("/documents/mine").status_code == 404
        assert amina.get("/documents/note-00").status_code == 200
    tried = {entry.detail.get("tried") for entry in ledger_store.entries(site.database) if entry.actor == "amina"}
    assert {"document:add", "document:remove", "guidance:index"} <= tried


def test_nobody_without_a_sign_in_reaches_any_of_it(site):
    with visitor(site, "") as nobody:
        for answer in (
            nobody.get("/guidance"),
            nobody.get("/guidance/jobs/x/progress"),
            upload(nobody, ("a.md", b"a")),
            nobody.post("/guidance/index"),
            nobody.post("/guidance/remove", data={"document": "note-00"}),
        ):
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/sign-in")


def test_a_form_from_a_page_of_another_person_is_refused(site):
    with visitor(site, "grace") as grace:
        for path in ("/guidance/upload", "/guidance/index", "/guidance/remove"):
            assert grace.post(path, headers={"Origin": "https://evil.example"}).status_code == 403


def test_a_document_goes_to_a_group_of_the_reviewer_alone(site):
    with visitor(site, "david") as david, visitor(site, "grace") as grace:
        refused = upload(david, ("x.md", b"Rules."), group="hr")
        assert refused.status_code == 403
        assert "own groups" in refused.text
        where = upload(david, ("cases.md", b"# Cases\n\nOpen cases."), group="legal").headers["location"]
        assert "for group legal" in ended(david, where)
        assert david.get("/documents/cases").status_code == 200
        for path in (where, f"{where}/progress", "/documents/cases", "/guidance/remove?document=cases"):
            assert grace.get(path).status_code == 404
        assert "cases" not in grace.get("/guidance").text.lower()


def test_a_file_over_twenty_megabytes_is_refused_by_itself_and_its_neighbours_are_taken_in(site):
    with visitor(site, "grace") as grace:
        where = upload(grace, ("big.txt", b"x" * 20_000_001), ("small.txt", b"A small rule.")).headers["location"]
        page = ended(grace, where)
        assert "<strong>big.txt</strong> has more than 20 MB" in page
        assert grace.get("/documents/small").status_code == 200


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=b", b"no form at all"),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.md"\r\n\r\nhalf',
        ),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="group"\r\n\r\n\r\n--b--\r\n',
        ),
    ],
)
def test_what_is_no_whole_form_with_files_changes_nothing(site, kind, body):
    with visitor(site, "grace") as grace:
        answer = grace.post("/guidance/upload", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 400
    assert "Nothing was changed" in answer.text
    assert not [each for each in (site.folder / "uploads" / ".waiting").glob("*") if not (each / "batch.json").exists()]


def test_a_name_that_points_elsewhere_is_a_name_and_nothing_is_written_there(site):
    with visitor(site, "grace") as grace:
        ended(grace, upload(grace, ("../../../escaped.md", b"# Escaped\n\nRules.")).headers["location"])
    assert [each.relative_to(site.folder).as_posix() for each in site.folder.parent.rglob("escaped.md")] == [
        "uploads/everyone/escaped.md"
    ]


def test_a_document_that_was_replaced_says_by_what(site):
    with visitor(site, "tom") as tom:
        page = tom.get("/documents/old").text
    assert 'has been replaced by <a href="https://new.example/"' in page


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({}, ""),
        ({"state": "moved", "replaced_by": "https://x.example/"}, 'has moved to <a href="https://x.example/"'),
        ({"state": "superseded", "replaced_by": "javascript:x"}, "has been replaced by javascript:x."),
        (
            {"state": "withdrawn", "withdrawn_at": date(2024, 5, 6), "reason": "It <b> is out of date."},
            "was withdrawn on 6 May 2024. It &lt;b&gt; is out of date.",
        ),
        ({"state": "withdrawn"}, "This guidance was withdrawn.<"),
        (
            {"history": "2010 to 2015 Coalition government"},
            "was published under the 2010 to 2015 Coalition government.",
        ),
    ],
)
def test_a_document_says_whether_its_publisher_still_stands_by_it(about, said):
    held = Document("a", Imprint(title="A", url="", **about), "Some words.")
    html = document_view.document_page(
        held, None, Person("tom", ("official",)), (), version="", passages=False, removable=False
    )
    assert said in html
    assert ('class="warning"' in html) is bool(said)


def test_a_document_is_shown_as_its_numbered_passages_with_their_sections(site):
    with visitor(site, "tom") as tom:
        page = tom.get("/documents/note-00?passages=1").text
        assert "Its 2 passages" in page
        assert 'id="passage-1"' in page
        assert '<p class="section">Who</p>' in page
        there = page.split("in the document")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
        assert '<mark class="quote" id="quoted">' in tom.get(there).text


def test_pages_with_a_script_run_only_our_own_file_and_document_pages_none(site):
    with visitor(site, "grace") as grace:
        assert "script-src 'self';" in grace.get("/guidance").headers["content-security-policy"]
        assert "script-src 'none';" in grace.get("/documents/note-00").headers["content-security-policy"]
        assert "javascript" in grace.get("/static/guidance.js").headers["content-type"]


def test_the_age_of_a_document_is_counted_from_today():
    today = date(2026, 11, 23)
    assert _ages(today - timedelta(days=365), today) == {"year", "three"}
    assert _ages(today - timedelta(days=366), today) == {"three"}
    assert _ages(date(2020, 1, 1), today) == {"older"}
    assert _ages(None, today) == {"undated"}
    assert ListQuery(words="a&b", page=2).at(3) == "/guidance?words=a%26b&amp;page=3"


@pytest.mark.parametrize(("words", "title"), [("lodz cafe", "The Café in Łódź"), ("Łódź", "Lodz")])
def test_a_title_is_found_by_the_letters_of_a_keyboard_and_the_other_way_about(words, title):
    row = DocumentRow("lodz", Imprint(title, ""), 1, frozenset(), datetime(2026, 11, 23, tzinfo=UTC), "/notes/lodz.md")

    assert ListQuery(words=words).shows(row, date(2026, 11, 23))
