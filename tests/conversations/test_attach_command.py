"""`humphrey ask --attach`: answered from files, of which nothing is kept unless a conversation is named."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from humphrey.cli import cli
from tests.conversations.attachment_office import PLAN, Office, office_at

MOVE = "When does the press office move to Leeds?"


@pytest.fixture
def ask(office: Office, monkeypatch, tmp_path: Path):
    office.close()
    monkeypatch.setenv("HUMPHREY_DATA_DIR", str(office.data))
    monkeypatch.setenv("HUMPHREY_CORPUS", str(tmp_path / "corpus"))
    (tmp_path / "plan.md").write_text(PLAN, encoding="utf-8")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["ask", MOVE, *arguments])

    return run


def test_a_file_answers_one_question_and_nothing_of_it_is_kept(ask, office: Office, tmp_path: Path):
    done = ask("--attach", str(tmp_path / "plan.md"), "--json")
    answer = json.loads(done.stdout)

    assert (done.exit_code, answer["status"]) == (0, "answered")
    assert [each["title"] for each in answer["citations"]][:1] == ["plan.md"]
    assert (office.kept(), office.vectors()) == ([], [])


def test_a_file_stays_in_a_conversation_that_is_named(ask, office: Office, tmp_path: Path):
    given = ["--as", "amina", "--conversation", office.conversation]

    assert ask("--attach", str(tmp_path / "plan.md"), *given).exit_code == 0
    again = ask(*given)
    assert "3 March 2027" in again.stdout
    reopened = office_at(tmp_path, office.conversation)
    assert [each.name for each in reopened.humphrey.attachments.files(office.conversation, "amina")] == ["plan.md"]
    reopened.close()


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["--attach", "nowhere.md"], 2, "does not exist"),
        (["--attach", "{plan}", "--review", "--as", "amina"], 2, "needs --conversation"),
        (["--attach", "{plan}", "--as", "tom", "--conversation", "{amina's}"], 1, "you have no conversation"),
        (["--attach", "{broken}"], 1, "is binary"),
    ],
)
def test_what_cannot_be_attached_is_refused_with_the_next_step(
    ask, office: Office, tmp_path: Path, arguments, code, why
):
    (tmp_path / "broken.txt").write_bytes(b"a\x00b")
    said = {
        "{plan}": str(tmp_path / "plan.md"),
        "{broken}": str(tmp_path / "broken.txt"),
        "{amina's}": office.conversation,
    }
    done = ask(*(said.get(each, each) for each in arguments))

    assert (done.exit_code, office.kept()) == (code, [])
    assert why in (done.stderr or str(done.exception))
