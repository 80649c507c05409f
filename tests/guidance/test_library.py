import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from humphrey.errors import DocumentError, GuidanceIndexError
from humphrey.guidance.library import Library
from tests.support.indexing import library
from tests.support.processes import Popen

LEAVE = "# Annual leave\n\nYou get 25 days of leave a year.\n\n## Carrying over\n\nYou can carry over 5 days.\n"


SICK = "# Sick pay\n\nYou get full pay for 5 months when you are ill.\n"


@pytest.fixture
def guidance(tmp_path: Path) -> Path:
    folder = tmp_path / "guidance"
    folder.mkdir()
    (folder / "leave.md").write_text(LEAVE, encoding="utf-8")
    (folder / "sick.md").write_text(SICK, encoding="utf-8")
    return folder


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Library]:
    opened = library(tmp_path / "data")
    yield opened
    opened.close()


def counts(report) -> tuple[int, int, int, int]:
    return (report.added, report.updated, report.unchanged, report.removed)


def test_what_was_indexed_is_found_with_its_place_to_the_character(shelf, guidance):
    report = shelf.index([guidance])

    hit = shelf.search("How many days can I carry over?", 1)[0]

    whole = shelf.document("leave")
    assert counts(report) == (2, 0, 0, 0)
    assert report.passages == 3
    assert (hit.passage.document, hit.passage.section) == ("leave", ("Carrying over",))
    assert whole.text[hit.passage.start : hit.passage.end] == hit.passage.text == "You can carry over 5 days."
    assert (hit.imprint, hit.passage.version) == (whole.imprint, whole.version)
    assert (shelf.passages("leave"), shelf.passages("nothing")) == (2, 0)


def test_indexing_again_changes_nothing(shelf, guidance):
    shelf.index([guidance])

    assert counts(shelf.index([guidance])) == (0, 0, 2, 0)


def test_a_changed_file_is_updated_and_its_old_words_are_found_no_more(shelf, guidance):
    shelf.index([guidance])
    (guidance / "leave.md").write_text(LEAVE.replace("25 days", "thirty days"), encoding="utf-8")

    assert counts(shelf.index([guidance])) == (0, 1, 1, 0)
    texts = [hit.passage.text for hit in shelf.search("days of leave a year", 10)]
    assert "You get thirty days of leave a year." in texts
    assert "You get 25 days of leave a year." not in texts


def test_the_text_of_an_older_version_can_still_be_looked_up(shelf, guidance):
    shelf.index([guidance])
    before = shelf.document("leave")
    (guidance / "leave.md").write_text(LEAVE.replace("25", "30"), encoding="utf-8")
    shelf.index([guidance])

    assert shelf.document("leave").version != before.version
    assert shelf.document("leave", before.version).text == before.text
    (guidance / "leave.md").unlink()
    shelf.index([guidance])
    assert shelf.document("leave") is None
    removed = shelf.document("leave", before.version)
    assert (removed.text, removed.imprint.state) == (before.text, "withdrawn")
    assert shelf.document("leave", "sha256:0") is None


def test_a_file_that_is_gone_is_removed_but_only_below_the_folder_that_was_asked_for(shelf, guidance, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "tickets.md").write_text("Buy train tickets early.", encoding="utf-8")
    shelf.index([guidance, other])
    (guidance / "sick.md").unlink()
    (other / "tickets.md").unlink()

    assert counts(shelf.index([guidance])) == (0, 0, 1, 1)
    assert {hit.passage.document for hit in shelf.search("pay, tickets, leave", 10)} == {"leave", "tickets"}


def test_naming_one_file_removes_nothing_else(shelf, guidance):
    shelf.index([guidance])

    assert counts(shelf.index([guidance / "leave.md"])) == (0, 0, 1, 0)
    assert shelf.document("sick") is not None


def test_a_file_that_can_no_longer_be_read_stays_as_it_was_and_is_reported(shelf, guidance):
    shelf.index([guidance])
    (guidance / "leave.md").write_bytes(b"\xff\xfe broken")

    report = shelf.index([guidance])

    assert [(refused.path, refused.reason[:12]) for refused in report.refused] == [
        (str(guidance / "leave.md"), "is not UTF-8")
    ]
    assert counts(report) == (0, 0, 1, 0)
    assert shelf.document("leave").text.startswith("You get 25 days")


@pytest.mark.parametrize("closed", ["team/pay", "team", ""])
def test_what_lies_in_a_folder_that_cannot_be_opened_stays_as_it_was(shelf, guidance, monkeypatch, closed):
    (guidance / "team" / "pay").mkdir(parents=True)
    (guidance / "sick.md").rename(guidance / "team" / "pay" / "sick.md")
    (guidance / "team" / "payroll.md").write_text("You are paid on the 28th.", encoding="utf-8")
    shelf.index([guidance])
    (guidance / "team" / "payroll.md").unlink()
    look = os.scandir

    def scandir(path):
        if path == str(guidance / closed):
            raise PermissionError(13, "Permission denied", str(path))
        return look(path)

    monkeypatch.setattr(os, "scandir", scandir)

    report = shelf.index([guidance])

    assert [refused.path for refused in report.refused] == [str(guidance / closed)]
    assert report.removed == (1 if closed == "team/pay" else 0)
    assert shelf.document("leave") is not None
    assert shelf.document("team/pay/sick").text.startswith("You get full pay")


def test_what_lay_in_a_folder_that_became_a_file_is_removed(shelf, guidance):
    (guidance / "pay").mkdir()
    (guidance / "sick.md").rename(guidance / "pay" / "sick.md")
    shelf.index([guidance])
    (guidance / "pay" / "sick.md").unlink()
    (guidance / "pay").rmdir()
    (guidance / "pay").write_bytes(b"\xff")

    report = shelf.index([guidance])

    assert (report.removed, [refused.path for refused in report.refused]) == (1, [str(guidance / "pay")])


def test_of_two_files_with_one_id_in_a_folder_the_second_is_refused(shelf, guidance):
    (guidance / "leave.txt").write_text("Another text on leave.", encoding="utf-8")

    report = shelf.index([guidance])

    assert [refused.reason for refused in report.refused] == [
        f"has the id 'leave', as {guidance / 'leave.md'} has; rename one of the two"
    ]
    assert counts(shelf.index([guidance])) == (0, 0, 2, 0)


def test_two_folders_may_hold_a_document_of_one_id(shelf, guidance, tmp_path):
    older = tmp_path / "older"
    older.mkdir()
    (older / "leave.md").write_text("# Annual leave\n\nYou got 20 days then.", encoding="utf-8")

    assert counts(shelf.index([guidance, older])) == (3, 0, 0, 0)
    assert counts(shelf.index([older, guidance])) == (0, 0, 3, 0)
    assert shelf.document("leave@older").text == "You got 20 days then."
    assert shelf.document("leave").text.startswith("You get 25 days")


def test_a_folder_that_was_moved_keeps_its_ids(shelf, guidance, tmp_path):
    shelf.index([guidance])
    guidance.rename(tmp_path / "elsewhere")

    assert counts(shelf.index([tmp_path / "elsewhere"])) == (0, 0, 2, 0)
    assert shelf.document("leave") is not None
    assert shelf.index([tmp_path / "elsewhere"]).passages == 3


def test_a_page_that_moves_to_another_address_is_held_once(shelf, guidance):
    page = '<link rel="canonical" href="https://www.gov.uk/{}"><main><p>Buy train tickets early.</p></main>'
    (guidance / "saved.html").write_text(page.format("tickets"), encoding="utf-8")
    shelf.index([guidance])
    (guidance / "saved.html").write_text(page.format("rail"), encoding="utf-8")

    assert counts(shelf.index([guidance])) == (0, 1, 2, 0)
    assert shelf.document("tickets") is None
    assert [hit.passage.document for hit in shelf.search("train tickets", 1)] == ["rail"]


def test_a_title_that_changes_is_searched_for_by_its_new_words(shelf, guidance):
    shelf.index([guidance])
    (guidance / "sick.md").write_text(SICK.replace("Sick pay", "Zebra"), encoding="utf-8")

    assert counts(shelf.index([guidance])) == (0, 1, 1, 0)
    assert shelf.search("zebra", 1)[0].imprint.title == "Zebra"


def test_a_folder_that_does_not_exist_changes_nothing(shelf, guidance, tmp_path):
    shelf.index([guidance])

    with pytest.raises(DocumentError, match="nowhere does not exist"):
        shelf.index([guidance, tmp_path / "nowhere"])

    assert shelf.document("leave") is not None


def test_rebuilding_reads_every_file_again_and_finds_the_same(shelf, guidance):
    shelf.index([guidance])
    before = [hit.passage for hit in shelf.search("leave", 10)]

    assert counts(shelf.index([guidance], rebuild=True)) == (0, 0, 2, 0)
    assert [hit.passage for hit in shelf.search("leave", 10)] == before


def test_an_empty_library_finds_nothing(shelf):
    assert shelf.search("leave", 5) == []


def test_half_a_character_in_a_query_does_no_harm(shelf, guidance):
    shelf.index([guidance])

    assert shelf.search("annual \ud800leave", 1)[0].passage.document == "leave"


def test_nothing_is_opened_before_it_is_needed(shelf, tmp_path):
    assert shelf.document("leave") is None
    assert not (tmp_path / "data" / "index").exists()


def test_searches_at_once_on_a_library_just_opened_all_find(guidance, tmp_path):
    first = library(tmp_path / "data")
    first.index([guidance])
    first.close()
    shelf = library(tmp_path / "data")
    together = Barrier(8)

    def search(_n: int) -> list[str]:
        together.wait()
        return [hit.passage.id for hit in shelf.search("annual leave", 2)]

    with ThreadPoolExecutor(8) as people:
        results = list(people.map(search, range(8)))
    shelf.close()

    assert results == [["leave#0", "leave#1"]] * 8


def test_a_second_process_gets_a_message_and_the_first_goes_on(shelf, guidance, tmp_path):
    shelf.index([guidance])
    second = library(tmp_path / "data")

    with pytest.raises(GuidanceIndexError, match=rf"is held by process {os.getpid()}; stop that humphrey or ask it"):
        second.search("leave", 1)
    with pytest.raises(GuidanceIndexError, match="is held by process"):
        second.index([guidance])

    assert shelf.search("annual leave", 1)[0].passage.document == "leave"
    shelf.close()
    assert second.search("annual leave", 1)[0].passage.document == "leave"
    second.close()


COLOURS = ("red", "blue", "green", "white", "black", "yellow", "brown", "silver")


THINGS = ("bicycles", "umbrellas", "telephones", "mushrooms", "curtains")


@pytest.fixture
def forty(guidance: Path) -> Path:
    for thing in THINGS:
        for colour in COLOURS:
            rules = "".join(f"## Rule {n}\n\nKeep rule {n} about {colour} {thing}.\n\n" for n in range(8))
            (guidance / f"{colour}-{thing}.md").write_text(f"# {colour} {thing}\n\n{rules}", encoding="utf-8")
    return guidance


@pytest.mark.parametrize(
    ("moment", "groups"), [("reading 20", ()), ("indexing 128", ()), ("indexing 128", ("hr",)), ("indexing 256", ())]
)
def test_killed_while_indexing_the_next_start_completes(tmp_path, forty, moment, groups):
    data = tmp_path / "data"
    command = [sys.executable, "-m", "tests.support.indexing", data, forty, *groups]
    with Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as indexing:
        while indexing.stdout.readline().strip() != moment:
            assert indexing.poll() is None
        indexing.send_signal(signal.SIGKILL)
    assert indexing.returncode == -signal.SIGKILL

    shelf = library(data)
    if moment.startswith("indexing"):
        assert shelf.search("yellow umbrellas", 1, groups)[0].passage.document == "yellow-umbrellas"
        assert bool(shelf.search("yellow umbrellas", 1)) is (not groups)
    report = shelf.index([forty])

    assert report.added + report.unchanged == 42
    assert (report.passages, report.refused) == (323, ())
    for thing in THINGS:
        assert shelf.search(f"silver {thing}", 1, groups)[0].passage.document == f"silver-{thing}"
    shelf.close()
