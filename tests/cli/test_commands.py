"""The commands: what they print, how they end, and what they leave behind."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from humphrey import cli
from humphrey.errors import IndexHeld
from humphrey.guidance.library import Library

NOTE = """---
title: "Freedom of information: time limits"
publisher: Example publisher
source: https://www.example.org/foi
facts_as_of: 2026-11-23
licence: Open Government Licence v3.0
summary: true
---
## How long do we have to answer

A department must answer a freedom of information request within 20 working days after the day the request arrives.

## What counts as a working day

A bank holiday in any part of the United Kingdom is not a working day for freedom of information.
"""


QUESTION = "How long do we have to answer a freedom of information request received on 23 November 2026?"


FACTS = {
    "case_reference": "FOI2026/00123",
    "requester_name": "Jo Bloggs",
    "requester_address": "jo@example.org",
    "date_received": "2026-11-23",
    "request_text": "How many staff does the department employ?",
    "contact": "FOI team, foi@example.org",
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A data folder with one indexed note, made by the command itself."""
    folder = tmp_path_factory.mktemp("commands")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "foi-time-limits.md").write_text(NOTE, encoding="utf-8")
    (folder / "facts.yaml").write_text(yaml.safe_dump(FACTS), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUMPHREY_DATA_DIR", str(folder / "data"))
        patch.setenv("HUMPHREY_CORPUS", str(folder / "corpus"))
        yield folder


@pytest.fixture
def run(filled, monkeypatch, capsys):
    """Runs a command in this process: (exit code, the JSON it printed, standard error)."""

    def run(*words, stdin=""):
        import io

        monkeypatch.setattr(sys, "argv", ["humphrey", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        results = [json.loads(line) for line in said.out.splitlines() if line.startswith("{")]
        return code, results[0] if len(results) == 1 else results, said.err

    return run


@pytest.fixture(scope="module")
def indexed(filled):
    done = subprocess.run(
        [sys.executable, "-m", "humphrey", "index", "--json"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_indexing_says_what_became_of_every_document(indexed):
    assert {key: indexed[key] for key in ("added", "updated", "unchanged", "removed", "passages", "refused")} == {
        "added": 1, "updated": 0, "unchanged": 0, "removed": 0, "passages": 2, "refused": [],
    }  # fmt: skip


def test_a_hit_is_exactly_the_words_of_the_stored_document(indexed, run):
    _, found, _ = run("search", "how long to answer", "-k", "2", "--json")
    _, document, _ = run("document", "foi-time-limits", "--json")

    assert [hit["rank"] for hit in found["hits"]] == [1, 2]
    for hit in found["hits"]:
        assert hit["text"] == document["text"][hit["start"] : hit["end"]]
        assert hit["document"] == "foi-time-limits"
        assert hit["url"] == "https://www.example.org/foi"
        assert hit["state"] == "current"
        assert hit["updated"] == "2026-11-23"
        assert hit["section"]
    assert found["ms"] > 0


def test_an_answer_carries_its_date_and_quotes_that_are_in_the_stored_document(indexed, run):
    code, answer, _ = run("ask", QUESTION, "--json")
    _, document, _ = run("document", "foi-time-limits", "--json")

    assert code == 0
    assert answer["kind"] == "answer"
    assert answer["status"] == "answered"
    assert "22 December 2026" in answer["text"]
    assert answer["citations"]
    for citation in answer["citations"]:
        assert citation["quote"] == document["text"][citation["start"] : citation["end"]]
        assert citation["marker"] in answer["text"]
    assert (answer["model"]["provider"], answer["model"]["name"]) == ("embedded", "quoting-1")
    assert answer["digest"].startswith("sha256:")
    assert not [finding for finding in answer["findings"] if finding["level"] == "block"]


def test_questions_of_a_file_are_answered_in_order_and_open_no_review(indexed, run, tmp_path):
    lines = [{"id": "b", "text": QUESTION}, {"id": "a", "text": "What counts as a working day?"}]
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")

    _, answers, _ = run("ask", "--queries", tmp_path / "q.jsonl", "--json")
    _, hits, _ = run("search", "--queries", tmp_path / "q.jsonl", "-k", "1", "--json")
    _, listed, _ = run("reviews", "--all", "--json")

    assert [answer["id"] for answer in answers] == ["b", "a"]
    assert [found["id"] for found in hits] == ["b", "a"]
    assert listed == []


def test_a_paper_goes_from_its_facts_to_a_file_and_every_step_is_on_the_record(filled, indexed, run):
    _, draft, _ = run(
        "draft", "foi_acknowledgement", "--facts", filled / "facts.yaml", "--review", "--as", "amina", "--json"
    )
    own, _, said = run("decide", draft["id"], "approve", "--as", "amina", "--digest", draft["digest"])
    stale, _, why = run("decide", draft["id"], "approve", "--as", "grace", "--digest", "sha256:0")
    early, nothing, _ = run("deliver", "--json")
    code, decided, _ = run("decide", draft["id"], "approve", "--as", "grace", "--digest", draft["digest"], "--json")
    _, delivered, _ = run("deliver", "--outlet", "file", "--json")
    _, review, _ = run("review", draft["id"], "--json")
    _, ledger, _ = run("ledger", "verify", "--json")

    assert draft["due"] == "2026-12-22"
    assert "22 December 2026" in draft["text"]
    assert own == 1
    assert "amina" in said
    assert stale == 1
    assert "reload" in why
    assert (early, nothing) == (0, {"delivered": [], "failed": []})
    assert (code, decided["state"]) == (0, "released")
    assert delivered == {"delivered": [draft["id"]], "failed": []}
    assert draft["text"] in (filled / "data/released" / f"{draft['id']}.md").read_text(encoding="utf-8")
    assert review["state"] == "delivered"
    assert review["authors"] == ["amina"]
    assert [entry["act"] for entry in review["history"]] == [
        "question:ask", "draft:write", "draft:check", "review:open",
        "act:refused", "act:refused", "review:approve", "release:mint", "release:deliver",
    ]  # fmt: skip
    assert ledger["ok"] is True
    assert ledger["first_broken"] is None
    assert ledger["entries"] >= 6


def test_an_amendment_is_checked_again_and_its_author_cannot_approve_it(filled, indexed, run, tmp_path):
    facts = ("--facts", filled / "facts.yaml")
    _, draft, _ = run("draft", "foi_acknowledgement", *facts, "--review", "--as", "tom", "--json")
    (tmp_path / "words.txt").write_text(draft["text"].replace("22 December", "23 December"), encoding="utf-8")

    _, amended, _ = run("amend", draft["id"], "--as", "grace", "--text-file", tmp_path / "words.txt", "--json")
    code, _, said = run("decide", draft["id"], "approve", "--as", "grace", "--digest", amended["digest"])
    other, _, blocked = run("decide", draft["id"], "approve", "--as", "david", "--digest", amended["digest"])

    assert amended["authors"] == ["grace", "tom"]
    assert "due_date_stated" in [finding["check"] for finding in amended["findings"] if finding["level"] == "block"]
    assert (code, "another person must decide" in said) == (1, True)
    assert (other, "blocking finding" in blocked) == (1, True)


def test_a_changed_text_in_the_database_does_not_leave_and_is_named(filled, indexed, run):
    import sqlite3

    def replaced(old: str, new: str) -> int:
        stored = "UPDATE versions SET draft = replace(draft, ?, ?) WHERE review = ?"
        with contextlib.closing(sqlite3.connect(filled / "data/humphrey.sqlite3")) as database, database:
            return database.execute(stored, (old, new, draft["id"])).rowcount

    _, draft, _ = run("ask", QUESTION, "--review", "--as", "amina", "--json")
    run("decide", draft["id"], "approve", "--as", "grace", "--digest", draft["digest"])
    assert replaced("22 December", "23 December") == 1

    code, done, _ = run("deliver", "--json")
    broken, found, _ = run("ledger", "verify", "--json")

    assert code == 1
    assert done["delivered"] == []
    assert done["failed"][0]["release"] == draft["id"]
    assert (broken, [fault["subject"] for fault in found["faults"]]) == (1, [draft["id"]])
    replaced("23 December", "22 December")
    assert run("ledger", "verify", "--json")[0] == 0
    assert not (filled / "data/released" / f"{draft['id']}.md").exists()


def test_a_person_is_added_from_two_lines_of_standard_input_and_demonstration_ends(tmp_path, run, monkeypatch):
    monkeypatch.setenv("HUMPHREY_DATA_DIR", str(tmp_path / "people"))

    differ, _, said = run("users", "add", "sir", "--role", "official", stdin="one long password\nanother password\n")
    code, person, _ = run(
        "users", "add", "sir", "--role", "official", "--group", "policy", "--json",
        stdin="one long password\none long password\n",
    )  # fmt: skip
    _, listed, _ = run("users", "list", "--json")
    _, disabled, _ = run("users", "disable", "sir", "--json")

    assert (differ, "differ" in said) == (1, True)
    assert (code, person["name"], person["groups"]) == (0, "sir", ["policy"])
    assert (listed["name"], listed["demonstration"]) == ("sir", False)
    assert disabled["disabled"] is True
    assert "password" not in json.dumps(listed)


MISTAKES = [
    (("ask",), 2, "give one QUESTION"),
    (("ask", "x", "--review"), 2, "--review needs --as USER"),
    (("ask", "   "), 1, "question"),
    (("ask", "x" * 100_000), 1, "10,000"),
    (("ask", "​​"), 1, "question"),
    (("ask", "--queries", "nowhere.jsonl"), 1, "nowhere.jsonl"),
    (("draft", "poem", "--facts", "nowhere.yaml"), 1, "nowhere.yaml"),
    (("document", "nowhere"), 1, "no document 'nowhere'"),
    (("review", "nowhere"), 1, "nowhere"),
    (("decide", "nowhere", "approve", "--as", "grace", "--digest", "x"), 1, "nowhere"),
    (("decide", "nowhere", "approve", "--as", "nobody", "--digest", "x"), 1, "nobody"),
    (("decide", "nowhere", "bless", "--as", "grace", "--digest", "x"), 2, "bless"),
    (("index", "/nowhere/at/all"), 1, "/nowhere/at/all"),
    (("search", "x", "-k", "0"), 2, "0"),
    (("search", "x", "--as", "nobody"), 1, "nobody"),
    (("deliver", "--outlet", "pigeon"), 2, "pigeon"),
    (("users", "add", "x", "--role", "king"), 2, "king"),
    (("nonsense",), 2, "nonsense"),
]


@pytest.mark.parametrize(("words", "code", "named"), MISTAKES, ids=lambda value: str(value)[:40])
def test_a_mistake_gets_one_sentence_that_names_the_value_and_no_traceback(indexed, run, words, code, named):
    ended, _, said = run(*words)

    assert ended == code
    assert named in said
    assert "Traceback" not in said


def test_an_impossible_setting_is_named_and_its_value_is_not_shown(run, monkeypatch):
    monkeypatch.setenv("HUMPHREY_PORT", "a-secret-typed-here")

    code, _, said = run("kinds")

    assert code == 1
    assert "HUMPHREY_PORT" in said
    assert "a-secret-typed-here" not in said


def test_a_data_folder_that_cannot_be_made_is_named(run, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("HUMPHREY_DATA_DIR", str(tmp_path / "file" / "data"))

    code, _, said = run("reviews")

    assert code == 1
    assert str(tmp_path / "file") in said
    assert "Traceback" not in said


def test_the_doctor_says_what_is_well_and_what_to_do(indexed, run, monkeypatch):
    well, shape, _ = run("doctor", "--json")
    monkeypatch.setenv("HUMPHREY_CORPUS", "/nowhere/at/all")
    ill, unwell, _ = run("doctor", "--json")

    assert (well, shape["ok"]) == (0, True)
    assert {check["name"] for check in shape["checks"]} >= {"settings", "database", "ledger", "people", "index"}
    assert (ill, unwell["ok"]) == (1, False)
    assert "/nowhere/at/all" in next(check["message"] for check in unwell["checks"] if not check["ok"])


def test_the_doctor_is_content_while_another_process_has_the_index_open(indexed, run, monkeypatch):
    def held(*_: object) -> None:
        raise IndexHeld("the index in /x is held by process 7; stop that humphrey")

    monkeypatch.setattr(Library, "search", held)
    code, shape, _ = run("doctor", "--json")

    [index] = [check for check in shape["checks"] if check["name"] == "index"]
    assert (code, index["ok"]) == (0, True)
    assert index["message"] == "in use, so it was not opened: the index in /x is held by process 7"


def test_help_loads_no_framework():
    script = "import sys; sys.argv = ['humphrey', '--help']\nfrom humphrey.cli import main\nmain()"
    heavy = "print(sorted({'pydantic', 'sqlalchemy', 'chromadb', 'gradio', 'langchain', 'numpy'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", f"{script}\n{heavy}"], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )

    assert done.stdout.strip().endswith("[]")


def test_the_command_line_serves_beyond_this_machine_only_with_people(run, monkeypatch, tmp_path):
    monkeypatch.setenv("HUMPHREY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HUMPHREY_HOST", "0.0.0.0")  # noqa: S104 - that it is refused is the point

    code, _, said = run("serve")

    assert code == 1
    assert "humphrey users add" in said


def test_a_refused_question_ends_with_the_reason_and_for_scripts_with_a_status(indexed, run, tmp_path):
    code, printed, said = run("ask", "SECRET: the convoy leaves at nine")
    assert (code, printed) == (1, [])
    assert "bears a marking above OFFICIAL" in said
    assert "convoy" not in said

    code, draft, _ = run("ask", "Is AB123456C entitled to it?", "--json")
    assert (code, draft["status"], draft["citations"]) == (0, "refused", [])
    assert "AB123456C" not in json.dumps(draft)

    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"id": "a", "text": "ring 07700 900123"}\n{"id": "b", "text": "Hello"}\n', encoding="utf-8")
    code, drafts, _ = run("ask", "--queries", queries, "--json")
    assert (code, [(draft["id"], draft["status"]) for draft in drafts]) == (0, [("a", "refused"), ("b", "answered")])


def test_a_line_that_cannot_be_asked_has_its_own_row_and_the_others_are_answered(indexed, run, tmp_path):
    lines = ['{"id": "a", "text": "   "}', "not json", "[" * 3000, '{"id": "b", "text": "Hello"}']
    lines += [json.dumps({"id": "c", "text": "x" * 100_001})]
    queries = tmp_path / "queries.jsonl"
    queries.write_text("\n".join(lines), encoding="utf-8")

    code, drafts, _ = run("ask", "--queries", queries, "--json")
    _, hits, _ = run("search", "--queries", queries, "-k", "1", "--json")

    assert code == 0
    assert [(draft["id"], draft["status"]) for draft in drafts] == [
        ("a", "refused"), ("line 2", "refused"), ("line 3", "refused"), ("b", "answered"), ("c", "refused"),
    ]  # fmt: skip
    assert "line 2: is not" in drafts[1]["text"]
    assert [row["id"] for row in hits] == ["a", "line 2", "line 3", "b", "c"]
    assert "line 2: is not" in hits[1]["error"]
