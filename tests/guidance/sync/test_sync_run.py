"""A run over a list of sources: what is fetched, kept, remembered, let go and reported."""

import json
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep

import pytest

from humphrey.database.engine import open_database
from humphrey.errors import Unreachable
from humphrey.guidance.sync import store as sync_store
from humphrey.guidance.sync.govuk_api import ContentApi
from humphrey.guidance.sync.model import SourcePage, Sources, SyncReport, UnfetchedSource
from humphrey.guidance.sync.page_files import PageFiles
from humphrey.guidance.sync.report import markdown
from humphrey.guidance.sync.run import Sync, write_report
from tests.guidance.sync.content_server import ContentServer, hang, ok, page, raw, redirect, status
from tests.support.processes import Popen

A, B, C = "/guidance/a", "/guidance/b", "/government/publications/c"


NOW = datetime(2026, 11, 23, 18, 5, tzinfo=UTC)


class Runs:
    """Runs one after another on the same folder, as cron would start them."""

    def __init__(self, server: ContentServer, folder: Path, time) -> None:
        self.server = server
        self.time = time
        self.database = open_database(f"sqlite:///{folder / 'humphrey.db'}")
        self.kept = PageFiles(folder / "sources", server.base)
        self.at = NOW

    def __call__(self, *paths: str) -> SyncReport:
        wanted = tuple(SourcePage(f"G{n}", path.rsplit("/", 1)[-1], path) for n, path in enumerate(paths))
        with ContentApi(self.server.base, clock=self.time, sleep=self.time.sleep) as fetch:
            sync = Sync(self.database, fetch, fetch.base, self.kept, now=lambda: self.at)
            return sync.run(Sources(wanted), lambda *_: None)


@pytest.fixture
def runs(server, tmp_path, time):
    runs = Runs(server, tmp_path, time)
    yield runs
    runs.database.close()


def outcomes(report: SyncReport) -> dict[str, str]:
    return {each.path: each.outcome for each in report.pages}


def test_a_first_run_fetches_everything_and_a_second_nothing(server, runs):
    server.put(page(A), page(B))

    first, asked = runs(A, B), list(server.asked)
    server.forget()
    second = runs(A, B)

    assert outcomes(first) == {A: "added", B: "added"}
    assert asked == server.asked == [A, B]
    assert outcomes(second) == {A: "unchanged", B: "unchanged"}
    assert all("If-None-Match" in headers for headers in server.headers)
    assert runs.kept.read(A) == server.pages[A]


def test_what_changed_is_fetched_and_what_only_looks_changed_counts_as_unchanged(server, runs):
    server.put(page(A), page(B))
    runs(A, B)
    server.put(page(A, "Keep two records."), {**page(B), "updated_at": "2026-11-23T10:00:00Z"})

    report = runs(A, B)

    assert outcomes(report) == {A: "changed", B: "unchanged"}
    assert runs.kept.read(A)["details"]["body"].endswith("<p>Keep two records.</p>")


def test_a_page_whose_file_was_lost_is_fetched_again(server, runs):
    server.put(page(A))
    runs(A)
    runs.kept.remove(A)

    assert outcomes(runs(A)) == {A: "added"}
    assert runs.kept.read(A) == server.pages[A]


def test_a_withdrawn_page_is_kept_and_said_once(server, runs):
    server.put(page(A))
    runs(A)
    server.put(page(A, withdrawn_notice={"explanation": "<p>Old.</p>", "withdrawn_at": "2026-11-20T00:00:00Z"}))

    assert outcomes(runs(A)) == {A: "withdrawn"}
    assert outcomes(runs(A)) == {A: "unchanged"}
    assert runs.kept.read(A)["withdrawn_notice"]["withdrawn_at"].startswith("2026-11-20")


@pytest.mark.parametrize("how", ["status", "item"])
def test_a_moved_page_is_followed_and_the_old_one_says_where_to(server, runs, how):
    server.put(page(A, "Keep a record."))
    runs(A)
    del server.pages[A]
    server.put(page(B))
    moved = status(303, location=f"/api/content{B}") if how == "status" else ok(redirect(A, B))
    server.script[A] = [moved, moved]

    first, second = runs(A), runs(A)

    assert outcomes(first) == {A: "moved", B: "added"}
    assert outcomes(second) == {A: "moved", B: "unchanged"}
    assert runs.kept.read(A) == {**page(A), "redirects": [{"path": A, "type": "exact", "destination": B}]}


def test_a_page_that_moved_away_from_gov_uk_is_not_followed(server, runs):
    server.script[A] = [ok(redirect(A, "https://records.example.org/all"))]

    report = runs(A)

    assert [(each.outcome, each.detail) for each in report.pages] == [("moved", "https://records.example.org/all")]
    assert server.asked == [A]
    assert runs.kept.read(A) is None


def test_moves_that_go_in_a_ring_or_on_and_on_come_to_an_end(server, runs):
    server.put(redirect(A, B), redirect(B, A))
    for n in range(9):
        server.put(redirect(f"/x/{n}", f"/x/{n + 1}"))

    assert outcomes(runs(A)) == {A: "moved", B: "moved"}
    assert outcomes(runs("/x/0")) == dict.fromkeys(["/x/0", "/x/1", "/x/2", "/x/3"], "moved")


def test_a_page_taken_away_for_good_goes_and_one_not_found_stays(server, runs):
    server.put(page(A), page(B))
    runs(A, B)
    del server.pages[A], server.pages[B]
    server.script[A] = [status(410)]

    report = runs(A, B)

    assert outcomes(report) == {A: "gone", B: "gone"}
    assert report.pages[0].detail == "its publisher took it away for good"
    assert report.pages[1].detail == ("not found; what was fetched before stays; check its path in the list of sources")
    assert [runs.kept.read(path) is not None for path in (A, B)] == [False, True]
    server.put(page(A), page(B))
    assert outcomes(runs(A, B)) == {A: "added", B: "unchanged"}


def test_the_pages_that_hold_a_publications_text_come_with_it(server, runs):
    child, attached = f"{C}/text", f"{C}/annex"
    links = {"children": [{"base_path": child, "locale": "en"}, {"base_path": "/guidance/not-below"}]}
    files = [
        {"attachment_type": "html", "url": attached, "title": "Annex"},
        {"attachment_type": "html", "url": f"{C}/atodiad", "title": "Atodiad", "locale": "cy"},
        {"attachment_type": "html", "url": f"https://attacker.example{C}/other", "title": "Not GOV.UK's"},
        {"attachment_type": "file", "url": "https://assets.example.org/c.pdf", "title": "As PDF"},
    ]
    translations = [{"base_path": f"{C}.cy", "locale": "cy"}]
    server.put(
        page(C, links={**links, "available_translations": translations}, details={"attachments": files}),
        page(child, schema="html_publication", links={"children": [{"base_path": f"{child}/deeper"}]}),
        page(attached, schema="html_publication"),
    )

    report = runs(C)
    again = runs(C)

    assert outcomes(report) == {C: "added", child: "added", attached: "added"}
    assert outcomes(again) == {C: "unchanged", child: "unchanged", attached: "unchanged"}
    assert [(each.page, each.title, each.url) for each in report.attached] == [
        (C, "As PDF", "https://assets.example.org/c.pdf")
    ]
    assert set(server.asked) == {C, child, attached}


def test_what_the_list_leads_to_no_longer_is_let_go(server, runs):
    child = f"{C}/text"
    server.put(page(A), page(C, links={"children": [{"base_path": child}]}), page(child))
    runs(A, C)
    server.put(page(C))

    report = runs(C)

    assert outcomes(report) == {C: "unchanged", A: "removed", child: "removed"}
    assert list(runs.kept.paths()) == [C]
    assert outcomes(runs(C)) == {C: "unchanged"}


def test_nothing_is_let_go_while_a_page_could_not_be_fetched(server, runs):
    child = f"{C}/text"
    server.put(page(A), page(B), page(C, links={"children": [{"base_path": child}]}), page(child))
    runs(A, B, C)
    server.script[C] = [raw(b"<html>", "text/html")]

    report = runs(B, C)

    assert outcomes(report) == {B: "unchanged", C: "failed", child: "unchanged"}
    assert set(runs.kept.paths()) == {A, B, C, child}


def test_a_page_that_fails_is_reported_with_its_reason_and_keeps_what_was_fetched(server, runs):
    server.put(page(A), page(B))
    runs(A, B)
    server.script[A] = [raw(b"{")]

    failed, after = runs(A, B), runs(A, B)

    assert outcomes(failed) == {A: "failed", B: "unchanged"}
    assert failed.pages[0].detail == f"{A}: the answer is not valid JSON; run again later"
    assert runs.kept.read(A) == server.pages[A]
    assert outcomes(after) == {A: "unchanged", B: "unchanged"}


def test_a_page_that_is_said_to_be_unchanged_but_was_never_fetched_is_not_believed(server, runs):
    server.script[A] = [status(304)]

    [page_] = runs(A).pages

    assert (page_.outcome, page_.detail) == ("failed", f"{A} is reported unchanged, but is not stored; run again later")


def test_a_server_that_stops_answering_ends_the_run_and_the_next_one_goes_on(server, runs):
    paths = [f"/guidance/{n}" for n in range(9)]
    server.put(*(page(path) for path in paths))
    for path in paths[2:]:
        server.script[path] = [status(503)] * 5

    with pytest.raises(Unreachable, match="5 pages in a row; what was fetched stays"):
        runs(*paths)
    for path in paths:
        server.script[path] = []
    server.forget()
    report = runs(*paths)

    assert report.resumed
    assert server.asked == paths[2:]
    assert outcomes(report) == dict.fromkeys(paths, "added")
    assert not runs(*paths).resumed


def test_a_run_that_was_stopped_long_ago_is_begun_afresh(server, runs):
    server.put(page(A), page(B))
    server.script[B] = [status(503)] * 5
    with runs.database.transaction() as tx:
        sync_store.begin_run(tx, server.base, NOW)
    runs.at = NOW + timedelta(hours=7)

    report = runs(A)

    assert (report.resumed, report.began) == (False, runs.at)


def test_what_was_fetched_of_one_server_says_nothing_about_another(server, runs, tmp_path, time):
    server.put(page(A))
    runs(A)
    other = PageFiles(tmp_path / "sources", "http://127.0.0.1:1")
    with ContentApi(server.base, clock=time, sleep=time.sleep) as fetch:
        report = Sync(runs.database, fetch, "http://127.0.0.1:1", other).run(
            Sources((SourcePage("G1", "A", A),)), lambda *_: None
        )

    assert outcomes(report) == {A: "added"}
    assert runs.kept.folder != other.folder
    assert "If-None-Match" not in server.headers[-1]


KILLED = """
import sys
from pathlib import Path
from humphrey.guidance.sync.govuk_api import ContentApi
from humphrey.guidance.sync.model import Sources, SourcePage
from humphrey.guidance.sync.page_files import PageFiles
from humphrey.database.engine import open_database
from humphrey.guidance.sync.run import Sync
folder, base, paths = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
database = open_database(f"sqlite:///{folder / 'humphrey.db'}")
with ContentApi(base) as fetch:
    sync = Sync(database, fetch, base, PageFiles(folder / "sources", base))
    sync.run(Sources(tuple(SourcePage(p, p, p) for p in paths)), lambda *_: None)
"""


def test_after_being_killed_a_run_goes_on_where_it_was(server, runs, tmp_path):
    paths = [f"/guidance/{n}" for n in range(6)]
    server.put(*(page(path) for path in paths))
    server.script[paths[3]] = [hang(5)]
    process = Popen([sys.executable, "-c", KILLED, str(tmp_path), server.base, *paths])
    while paths[3] not in server.asked:
        assert process.poll() is None
        sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    server.forget()
    runs.at = datetime.now(UTC)

    report = runs(*paths)

    assert report.resumed
    assert server.asked == paths[3:]
    assert outcomes(report) == dict.fromkeys(paths, "added")


def test_half_a_file_of_a_killed_run_is_never_taken_for_a_page(server, runs):
    server.put(page(A))
    runs(A)
    (runs.kept.folder / "guidance" / ".b.json.part").write_text('{"base_path": "/gui', encoding="utf-8")

    assert list(runs.kept.paths()) == [A]
    assert runs.kept.read(B) is None


def test_the_person_who_reads_a_page_while_it_is_replaced_reads_the_old_one_to_its_end(server, runs):
    server.put(page(A))
    runs(A)
    file = runs.kept.folder / "guidance" / "a.json"
    old = file.read_bytes()
    with file.open("rb") as reading:
        server.put(page(A, "Keep two records."))
        runs(A)

        assert reading.read() == old
    assert file.read_bytes() != old


def test_a_page_that_cannot_be_written_is_reported_with_the_file_and_what_to_do(server, runs):
    server.put(page(A))
    (runs.kept.folder).mkdir(parents=True)
    (runs.kept.folder / "guidance").write_text("in the way", encoding="utf-8")

    report = runs(A)

    assert outcomes(report) == {A: "failed"}
    assert "guidance/a.json cannot be written (" in report.pages[0].detail
    assert "free some space or make it writable, then run again" in report.pages[0].detail


def test_a_page_below_another_that_is_not_found_blames_the_page_above(server, runs):
    server.put(page(C, links={"children": [{"base_path": f"{C}/text"}]}))

    report = runs(C)

    assert report.pages[1].detail == "not found; the page above it still names it"


def test_a_report_says_first_what_needs_a_person_and_escapes_what_came_from_outside(server, runs, tmp_path):
    server.put(page(A, title="Records [click](https://attacker.example) <script>"), page(B))
    server.script[C] = [raw(b"{")]
    report = runs(A, B, C)

    file = write_report(report, tmp_path / "sync")
    second = write_report(report, tmp_path / "sync")

    assert file.name == "report-2026-11-23-1805.md"
    assert second.name == "report-2026-11-23-1805-2.md"
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# Guidance fetched on 23 November 2026, 18:05 GMT\n")
    assert f"3 pages of {server.base}: 2 added, 1 failed." in text
    assert text.index("## Failed") < text.index("## Added")
    assert f"- c <{server.base}{C}>: {C}: the answer is not valid JSON; run again later" in text
    assert "Records \\[click\\](https://attacker.example) \\<script\\>" in text


def test_a_report_lists_what_a_person_has_to_look_at():
    elsewhere = (UnfetchedSource("G1", "Time limits", "https://example.org/limits", "not on the Content API"),)

    text = markdown(SyncReport("https://www.gov.uk", NOW, True, (), (), elsewhere))

    assert "0 pages of https://www.gov.uk: none. It continued an interrupted run." in text
    assert "- Time limits: <https://example.org/limits> (not on the Content API)" in text


def test_a_kept_page_is_what_was_sent_to_the_byte(server, runs):
    body = json.dumps(page(A), indent=3, ensure_ascii=False).encode()
    server.script[A] = [raw(body)]

    runs(A)

    assert (runs.kept.folder / "guidance" / "a.json").read_bytes() == body
