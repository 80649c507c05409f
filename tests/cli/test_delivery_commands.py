"""The commands of delivery, from a question to a letter and to files of every form."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from humphrey import cli
from humphrey.documents.readers.files import read_document
from tests.support.mail_server import Postbox, postbox

NOTE = """---
title: "Freedom of information: time limits"
source: https://www.example.org/foi
---
## How long do we have to answer

A department must answer a freedom of information request within 20 working days after the day the request arrives.
"""


QUESTION = "How long do we have to answer a freedom of information request?"


TO = "jo.bloggs@example.org"


Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture(scope="module")
def box() -> Iterator[Postbox]:
    with postbox() as box:
        yield box


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, box: Postbox) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("delivery")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "foi.md").write_text(NOTE, encoding="utf-8")
    named = {
        "DATA_DIR": folder / "data",
        "CORPUS": folder / "corpus",
        "SMTP__HOST": "127.0.0.1",
        "SMTP__PORT": box.port,
        "SMTP__FROM": "humphrey@department.example",
        "SMTP__TLS": "none",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in named.items():
            patch.setenv(f"HUMPHREY_{name}", str(value))
        patch.setattr(sys, "argv", ["humphrey", "index"])
        cli.main()
        yield folder


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process: exit code, the JSON it printed, and standard error."""

    def run(*words: object) -> tuple[int, Any, str]:
        monkeypatch.setattr(sys, "argv", ["humphrey", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        results = [json.loads(line) for line in said.out.splitlines() if line.startswith("{")]
        return code, results[0] if len(results) == 1 else results, said.err

    return run


def test_a_question_becomes_a_letter_and_a_refused_address_waits_for_an_administrator(
    folder: Path, box: Postbox, run: Run
) -> None:
    asked = ("ask", QUESTION, "--review", "--as", "amina", "--outlet", "email", "--json", "--to")
    misspelt = run(*asked, "jo")
    _, draft, _ = run(*asked, TO)
    early = run("export", draft["id"], "--format", "md", "-o", folder / "early.md")
    run("decide", draft["id"], "approve", "--as", "grace", "--digest", draft["digest"])
    box.refused[TO] = "550 No such user here"
    code, failed, _ = run("deliver", "--outlet", "email", "--json")
    _, listed, _ = run("outbox", "--json")
    stranger = run("outbox", "retry", draft["id"], "--as", "grace")
    box.refused.clear()
    run("outbox", "retry", draft["id"], "--as", "sam")
    _, done, _ = run("deliver", "--outlet", "email", "--json")
    _, left, _ = run("outbox", "--json")
    _, gone, _ = run("outbox", "--all", "--json")

    assert (misspelt[0], "no e-mail address" in misspelt[2]) == (1, True)
    assert (early[0], "only an approved one can leave" in early[2]) == (1, True)
    assert not (folder / "early.md").exists()
    assert (code, [each["release"] for each in failed["failed"]]) == (1, [draft["id"]])
    assert (listed["review"], listed["state"], listed["outlet"]) == (draft["id"], "set aside", "email")
    assert "No such user" in listed["reason"]
    assert (stranger[0], "administrator role" in stranger[2]) == (1, True)
    assert done == {"delivered": [draft["id"]], "failed": []}
    assert [letter.to for letter in box.letters] == [TO]
    assert left == []
    assert (gone["state"], gone["digest"][:7], "at least once" in gone["receipt"]) == ("delivered", "sha256:", True)
    assert run("ledger", "verify", "--json")[1]["ok"] is True


def test_a_released_text_is_written_in_any_form(folder: Path, run: Run) -> None:
    asked = ("ask", QUESTION, "--review", "--as", "amina", "--outlet", "file", "--to", "docx", "--json")
    _, draft, _ = run(*asked)
    run("decide", draft["id"], "approve", "--as", "grace", "--digest", draft["digest"])
    run("deliver")

    assert [path.name for path in (folder / "data/released").iterdir()] == [f"{draft['id']}.docx"]
    for form in ("odt", "docx", "pdf", "html", "md"):
        path = folder / f"out.{form}"
        code, _, said = run("export", draft["id"], "--format", form, "-o", path, "--as", "amina")
        assert code == 0, said
        assert "20 working days" in " ".join(read_document(path.name, path.read_bytes(), "paper").text.split())
    code, _, said = run("export", draft["id"], "--format", "md", "-o", folder / "no.md", "--as", "tom")
    assert (code, "ask one of them" in said) == (1, True)
    assert not (folder / "no.md").exists()


def test_without_a_mail_server_nothing_is_taken_for_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUMPHREY_SMTP__HOST")

    code, _, said = run("ask", QUESTION, "--review", "--as", "amina", "--outlet", "email", "--to", TO)
    stuck, _, told = run("deliver", "--outlet", "email")

    assert (code, "HUMPHREY_SMTP__HOST" in said) == (1, True)
    assert (stuck, "HUMPHREY_SMTP__HOST" in told) == (1, True)
