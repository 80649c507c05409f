"""The commands of the record: case files, retention, holds and disclosure, from the outside."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from humphrey.cli import cli
from humphrey.errors import HumphreyError, SettingsError
from humphrey.ledger import store as ledger_store
from humphrey.records.retention.periods_file import load
from tests.support.records_office import Clock, Office

Run = Callable[..., Result]


@pytest.fixture
def at_hand(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office in the data folder that the commands use."""
    (tmp_path / "periods.yaml").write_text("answer: 100\n", encoding="utf-8")
    monkeypatch.setenv("HUMPHREY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("HUMPHREY_RETENTION__PERIODS", str(tmp_path / "periods.yaml"))
    monkeypatch.setenv("HUMPHREY_LOG_LEVEL", "error")
    office = Office(tmp_path, clock, f"sqlite:///{tmp_path / 'humphrey.sqlite3'}")
    yield office
    office.database.close()


@pytest.fixture
def run(at_hand: Office) -> Run:
    def run(*words: str) -> Result:
        return CliRunner().invoke(cli, [*words])

    return run


def test_a_case_file_is_written_in_the_form_that_its_name_says(at_hand, run, tmp_path):
    review = at_hand.delivered()
    for form, begins in (("html", b"<!doctype html>"), ("pdf", b"%PDF"), ("json", b"{")):
        file = tmp_path / f"case.{form}"
        done = json.loads(run("case", review.id, "--as", "iris", "-o", str(file), "--json").output)
        assert file.read_bytes().startswith(begins)
        assert file.stat().st_mode & 0o077 == 0
        last = list(ledger_store.entries(at_hand.database))[-1]
        assert (last.act, last.detail["digest"]) == ("case:export", done["digest"])


def test_the_verifier_is_written_and_verifies(at_hand, run, tmp_path):
    script = tmp_path / "verify_case.py"

    assert run("case", "--verifier", "-o", str(script)).exit_code == 0
    compile(script.read_text(encoding="utf-8"), str(script), "exec")


@pytest.mark.parametrize("words", [
    ("case", "r1", "-o", "x.html"), ("case", "r1", "--as", "iris", "-o", "x.txt"),
    ("case", "--as", "iris", "-o", "x.html"),
    ("retention", "due"), ("hold", "place", "planet", "x", "--as", "sam", "--reason", "y"),
    ("disclose", "redact", "p1", "--as", "iris"), ("disclose", "search", "--since", "soon", "--as", "iris"),
])  # fmt: skip
def test_a_command_that_is_misspelt_says_so(run, words):
    assert run(*words).exit_code == 2


@pytest.mark.parametrize("words", [
    ("case", "r9", "--as", "iris", "-o", "x.html"), ("retention", "due", "--as", "iris"),
    ("retention", "dispose", "--as", "amina"), ("hold", "list", "--as", "grace"), ("hold", "lift", "h9", "--as", "sam"),
    ("disclose", "list", "--as", "sam"), ("disclose", "search", "--as", "iris"),
    ("disclose", "show", "p9", "--as", "iris"), ("disclose", "send", "p9", "--as", "iris"),
])  # fmt: skip
def test_a_command_that_cannot_be_done_is_refused(run, words):
    assert isinstance(run(*words).exception, HumphreyError)


def test_what_falls_due_is_listed_held_and_let_go(at_hand, run):
    review = at_hand.delivered()

    [row] = [
        json.loads(line)
        for line in run("retention", "due", "--as", "sam", "--days", "900", "--json").stdout.splitlines()
    ]
    assert (row["id"], row["due"], row["announced"], row["kept_for"]) == (review.id, "2027-03-03", None, "")
    hold = json.loads(run("hold", "place", "kind", "answer", "--as", "sam", "--reason", "Inquiry.", "--json").stdout)
    assert "a legal hold" in run("retention", "due", "--as", "sam", "--days", "900").stdout
    assert run("hold", "lift", hold["id"], "--as", "sam").exit_code == 0
    assert "lifted by sam" in run("hold", "list", "--as", "sam").stdout
    assert run("retention", "dispose", "--as", "sam").stdout == "0 disposed of\n"


def test_a_disclosure_goes_from_the_search_to_clearance(at_hand, run):
    at_hand.delivered()

    found = run("disclose", "search", "--words", "blackthorn", "--as", "iris")
    assert "2 of 5 texts fit" in found.stderr
    opened = run(
        "disclose", "open", "--words", "blackthorn", "--for", "foi", "--reference", "F1", "--as", "iris", "--json"
    )
    assert "any other name is for you to find" in opened.stderr
    pack = json.loads(opened.stdout)["pack"]
    assert run("disclose", "redact", pack, "--add", "Read against", "--reason", "a test", "--as", "iris").exit_code == 0
    assert run("disclose", "redact", pack, "--confirm-all", "--as", "iris").exit_code == 0
    assert "'Read against'" in run("disclose", "show", pack, "--as", "iris").stdout
    sent = json.loads(run("disclose", "send", pack, "--as", "iris", "--json").stdout)
    text = at_hand.desk.clearance.review(sent["review"]).draft.text
    assert "[REDACTED: a test]" in text
    assert "Blackthorn" not in text
    assert f"sent as {sent['review']}" in run("disclose", "list", "--as", "iris").stdout


@pytest.mark.parametrize(("said", "complaint"), [
    ("letter: 10", "no kind 'letter'"), ("answer: 0", "from 1 to 36,500"), ("answer: soon", "write a number of days"),
    ("- answer", "write a number of days"), ("answer: {SECRET: 3}", "no classification"), ("{", "not YAML"),
])  # fmt: skip
def test_a_mistake_in_the_periods_is_named_with_the_file(tmp_path, said, complaint):
    file = tmp_path / "periods.yaml"
    file.write_text(said, encoding="utf-8")

    with pytest.raises(SettingsError, match=complaint) as refused:
        load(file, ("answer",), 30)
    assert str(file) in str(refused.value)


def test_periods_go_by_kind_and_classification(tmp_path):
    file = tmp_path / "periods.yaml"
    file.write_text("answer: {OFFICIAL: 5}\nconversations: 7\n", encoding="utf-8")
    periods = load(file, ("answer",), 30)

    assert periods.of("answer", "OFFICIAL - FOR PUBLIC RELEASE") == 5
    assert periods.of("answer", "OFFICIAL-SENSITIVE") is None
    assert periods.of("conversations", "") == 7
    assert periods.of("other", "OFFICIAL") is None
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path / "none.yaml", ("answer",), 30)
