"""Who finds, is answered from and reads what, by the commands and over HTTP."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import fields
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from humphrey.accounts.model import Person
from humphrey.app.build import start
from humphrey.app.container import Humphrey
from humphrey.clearance.queue import QueueQuery
from humphrey.settings import Settings
from humphrey.web.app import build
from humphrey.web.services import Address, Services
from tests.support import processes
from tests.support.own_passwords import add_with_own_passwords
from tests.support.processes import Popen, environment

PASSWORD = "three random words"


PEOPLE = {"none": ("official", ()), "one": ("reviewer", ("hr",)), "two": ("reviewer", ("hr", "finance"))}


NOTES = {
    "travel": (None, "Everyone may claim train travel within 20 working days."),
    "bonus": ("hr", "People in human resources claim a hotel bonus within 30 working days."),
    "audit": ("finance", "People in finance claim an audit meal within 40 working days."),
}


QUESTION = "Within how many working days do people claim a hotel bonus?"


MAY_READ = {"none": {"travel"}, "one": {"travel", "bonus"}, "two": {"travel", "bonus", "audit"}}


HUMPHREY = (sys.executable, "-m", "humphrey")


def humphrey(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return processes.run([*HUMPHREY, *words], env=environment(HUMPHREY_DATA_DIR=data))


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("audiences")
    for name, (group, text) in NOTES.items():
        (folder / name).mkdir()
        (folder / name / f"{name}.md").write_text(f"# {name}\n\n{text}\n", encoding="utf-8")
        done = humphrey(folder / "data", "index", str(folder / name), *(("--group", group) if group else ()))
        assert done.returncode == 0, done.stderr
    return folder / "data"


@pytest.fixture(scope="module")
def joined(data) -> Iterator[Humphrey]:
    opened = start(Settings(data_dir=data))
    people = [Person(name, (role,), groups) for name, (role, groups) in PEOPLE.items()]
    add_with_own_passwords(opened.accounts, opened.database, people, PASSWORD)
    yield opened
    opened.close()


@pytest.fixture
def run(joined, monkeypatch, capsys, data):
    """Runs a command on the data that is open here: the JSON it printed, or what it complained of."""

    @contextmanager
    def opened():
        yield joined

    def run(*words: str):
        from humphrey import cli

        for module in ("guidance", "drafting"):
            monkeypatch.setattr(f"humphrey.cli.{module}.opened", opened)
        monkeypatch.setattr(sys, "argv", ["humphrey", *words])
        with suppress(SystemExit):
            cli.main()
        said = capsys.readouterr()
        return json.loads(said.out) if said.out else said.err

    return run


@pytest.mark.parametrize("name", PEOPLE)
def test_search_finds_what_the_person_who_it_is_for_may_read(run, name):
    found = run("search", "claim within working days", "--as", name, "--json")

    assert {hit["document"] for hit in found["hits"]} == MAY_READ[name]


def test_search_for_nobody_finds_what_is_everyones(run):
    assert {hit["document"] for hit in run("search", QUESTION, "--json")["hits"]} == {"travel"}


@pytest.mark.parametrize("name", PEOPLE)
def test_an_answer_cites_and_has_looked_at_only_what_its_asker_may_read(run, name):
    answer = run("ask", QUESTION, "--as", name, "--json")

    assert {each["document"] for each in answer["looked_at"]} <= MAY_READ[name]
    assert {each["document"] for each in answer["citations"]} <= MAY_READ[name]
    assert ("30 working days" in answer["text"]) is ("bonus" in MAY_READ[name])


@pytest.mark.parametrize("name", [*PEOPLE, ""])
def test_a_document_is_shown_to_those_who_may_read_it_and_unknown_to_others(run, name):
    for document in NOTES:
        shown = run("document", document, "--json", *(("--as", name) if name else ()))
        if document in MAY_READ[name or "none"]:
            assert shown["document"] == document
        else:
            assert f"no document '{document}' that {name or 'everyone'} may read" in shown


@pytest.fixture
def client(joined) -> TestClient:
    parts = {field.name: getattr(joined, field.name) for field in fields(Services)}
    served = build(Services(**parts), Address("127.0.0.1", 7860, "", 1))
    return TestClient(served, base_url="http://127.0.0.1:7860", follow_redirects=False)


@pytest.mark.parametrize("name", PEOPLE)
def test_the_address_of_a_document_is_not_there_for_the_person_who_may_not_read_it(joined, client, name):
    client.cookies.set("humphrey_session", joined.accounts.sign_in(name, PASSWORD, "127.0.0.1"))

    for document, (_, text) in NOTES.items():
        version = joined.library.document(document).version
        for address in (f"/documents/{document}", f"/documents/{document}?version={version}&start=0&end=9"):
            answer = client.get(address)
            assert answer.status_code == (200 if document in MAY_READ[name] else 404)
            assert (text[9:] in answer.text) is (document in MAY_READ[name])


def test_the_address_of_a_document_with_the_version_of_another_gives_nothing_away(joined, client):
    client.cookies.set("humphrey_session", joined.accounts.sign_in("none", PASSWORD, "127.0.0.1"))
    secret = joined.library.document("bonus").version

    assert client.get(f"/documents/travel?version={secret}").status_code == 404


def test_a_draft_is_listed_and_opened_for_reviewers_who_may_read_what_it_cites(run, joined):
    answer = run("ask", "Within how many working days is an audit meal claimed?", "--as", "two", "--review", "--json")

    assert "audit" in {each["document"] for each in answer["citations"]}
    assert answer["id"] in [row.id for row in joined.assignment.queue("two", QueueQuery(own=True)).rows]
    assert answer["id"] not in [row.id for row in joined.assignment.queue("one", QueueQuery()).rows]


def test_a_group_and_everyone_at_once_is_a_mistake(data):
    done = humphrey(data.parent / "other", "index", str(data.parent / "travel"), "--group", "hr", "--everyone")

    assert (done.returncode, "not both" in done.stderr) == (2, True)


def test_an_indexing_that_is_told_to_end_says_so_and_keeps_what_was_done(tmp_path):
    notes = tmp_path / "notes"
    notes.mkdir()
    for n in range(2000):
        (notes / f"note-{n}.md").write_text(f"# Note {n}\n\nRule {n} about travel.\n", encoding="utf-8")
    words, given = [*HUMPHREY, "index", str(notes)], environment(HUMPHREY_DATA_DIR=tmp_path / "data")
    with Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=given) as indexing:
        while held(tmp_path / "data") < 20:
            assert indexing.poll() is None
            time.sleep(0.05)
        indexing.send_signal(signal.SIGTERM)
        said = indexing.communicate(timeout=60)[1]

    assert indexing.returncode == 1
    assert "stopped" in said
    assert "Traceback" not in said
    assert 20 <= held(tmp_path / "data") < 2000


def held(data: Path) -> int:
    """How many documents there are, looked at from outside."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(data / "humphrey.sqlite3")) as database:
        return database.execute("SELECT count(*) FROM documents").fetchone()[0]
    return 0
