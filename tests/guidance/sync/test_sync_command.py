"""`humphrey sync` as cron runs it: fetched, indexed, reported, and drafts in clearance checked again."""

import json
import os
import signal
import subprocess
import sys
from time import sleep

import pytest
import yaml

from humphrey import cli
from humphrey.search.folder_lock import FolderLock
from tests.guidance.sync.content_server import hang, page, raw
from tests.support.processes import Popen

PATH, OTHER = "/guidance/records", "/guidance/letters"


QUESTION = "How long must a record of a decision be kept?"


@pytest.fixture
def sources(tmp_path):
    """A list of two pages, and one that is elsewhere."""
    listed = [
        {"id": "G1", "title": "Records", "base_path": PATH},
        {"id": "G2", "title": "Letters", "base_path": OTHER},
        {"id": "G3", "title": "Act", "url": "https://example.org/act", "fetch": False, "why": "an API of its own"},
    ]
    file = tmp_path / "corpus" / "sources.yaml"
    file.parent.mkdir()
    file.write_text(yaml.safe_dump({"documents": listed}), encoding="utf-8")
    return file


@pytest.fixture
def run(sources, tmp_path, monkeypatch, capsys):
    """Runs a command in this process: (exit code, the JSON it printed, standard error)."""
    monkeypatch.setenv("HUMPHREY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HUMPHREY_CORPUS", str(sources.parent))

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["humphrey", *words, "--json"])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        found = [json.loads(line) for line in said.out.splitlines() if line.startswith("{")]
        return code, found[0] if len(found) == 1 else found, said.err

    return run


def test_what_was_fetched_is_found_and_a_later_change_reaches_the_draft_in_clearance(server, run, tmp_path):
    server.put(page(PATH, "A record of a decision must be kept for seven years."), page(OTHER, "Reply within a week."))
    code, first, told = run("sync", "--base-url", server.base)
    assert (code, first["added"], first["failed"], first["refused"]) == (0, 2, 0, [])
    assert [each["outcome"] for each in first["pages"]] == ["added", "added"]
    report = (tmp_path / "data" / "sync").glob("report-*.md")
    assert "Act: <https://example.org/act> (an API of its own)" in next(report).read_text(encoding="utf-8")
    assert "the report is " in told
    _, draft, _ = run("ask", QUESTION, "--review", "--as", "amina")
    assert "guidance/records" in {each["document"] for each in draft["citations"]}
    assert not [each for each in draft["findings"] if each["check"] == "source_changed"]

    server.put(page(PATH, "A record of a decision must be kept for ten years."))
    code, second, _ = run("sync", "--base-url", server.base)

    assert (code, second["changed"], second["unchanged"]) == (0, 1, 1)
    _, review, _ = run("review", draft["id"])
    [changed] = [each for each in review["findings"] if each["check"] == "source_changed"]
    assert changed["message"].startswith("the source changed since it was cited: Records has a new text")
    assert review["digest"] == draft["digest"]
    assert [entry["act"] for entry in review["history"]][3:] == ["review:open", "review:recheck"]
    _, index, _ = run("index")
    assert (index["unchanged"], index["removed"], index["refused"]) == (2, 0, [])


def test_a_page_that_failed_is_reported_and_ends_with_one(server, run):
    server.put(page(PATH))
    server.script[OTHER] = [raw(b"<html>", "text/html")]

    code, done, _ = run("sync", "--base-url", server.base)

    assert (code, done["added"], done["failed"]) == (1, 1, 1)
    assert done["pages"][1]["detail"] == (
        f"{OTHER}: the answer is text/html, not JSON; check the address {server.base}"
    )


def test_a_run_that_is_told_to_end_says_so_and_the_next_one_goes_on(server, run):
    server.put(page(PATH), page(OTHER))
    server.script[OTHER] = [hang(30)]
    command = [sys.executable, "-m", "humphrey", "sync", "--base-url", server.base]
    process = Popen(command, stderr=subprocess.PIPE, text=True)
    while OTHER not in server.asked:
        assert process.poll() is None
        sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=30)
    server.forget()

    code, done, _ = run("sync", "--base-url", server.base)

    assert process.returncode == 1
    assert "humphrey: stopped" in told
    assert (code, done["resumed"], done["added"]) == (0, True, 2)
    assert server.asked == [OTHER]


def test_what_is_fetched_while_another_process_holds_the_index_is_taken_in_afterwards(server, run, tmp_path):
    server.put(page(PATH), page(OTHER))
    held = FolderLock(tmp_path / "data" / "index")

    code, done, told = run("sync", "--base-url", server.base)
    held.release()
    _, index, _ = run("index")

    assert (code, done["added"]) == (0, 2)
    assert f"is held by process {os.getpid()}; a server takes in what was fetched" in told
    assert (index["added"], index["refused"]) == (2, [])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("documents: [", "cannot be read"),
        ("- G1", "has no list `documents`"),
        ("documents: []", "lists nothing to fetch"),
        ("documents:\n- id: G1", "entry 1 needs an `id` and a `title`"),
        ("documents:\n- {id: G1, title: A}", "G1: 'None' is not a path of GOV.UK"),
        ("documents:\n- {id: G1, title: A, base_path: /../etc}", "G1: '/../etc' is not a path of GOV.UK"),
        ("documents:\n- {id: G1, title: A, base_path: /a}\n- {id: G1, title: B, base_path: /b}", "'G1' is given twice"),
        ("documents:\n- {id: G1, title: A, fetch: false}", "G1 is not fetched; give its `url` and `why`"),
    ],
)
def test_a_list_that_makes_no_sense_is_refused_before_anything_is_asked(server, run, sources, text, why):
    sources.write_text(text, encoding="utf-8")

    code, _, told = run("sync", "--base-url", server.base)

    assert code == 1
    assert why in told
    assert server.asked == []


def test_a_server_that_may_not_be_asked_is_named(run):
    code, _, told = run("sync", "--base-url", "http://www.gov.uk")

    assert code == 1
    assert "'http://www.gov.uk' is not a server to fetch from; give one like https://www.gov.uk" in told
