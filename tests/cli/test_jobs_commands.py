"""The commands of regular work and of figures, as the command line gives them, and the server that goes round."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from humphrey import cli
from tests.support.mail_server import free_port
from tests.support.processes import Popen


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs a command in this process: (exit code, standard output, standard error)."""
    monkeypatch.setenv("HUMPHREY_DATA_DIR", str(tmp_path / "data"))

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["humphrey", *words])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_round_says_piece_by_piece_what_was_done(run):
    code, out, _ = run("rounds", "--json")
    shape = json.loads(out)

    assert (code, shape["ok"]) == (0, True)
    names = [piece["name"] for piece in shape["pieces"]]
    assert names[:5] == [
        "remind reviewers",
        "tell deputies",
        "end approvals that ran out",
        "deliver what was approved",
        "seed drafts",
    ]
    assert {(piece["count"], piece["failure"]) for piece in shape["pieces"]} == {(0, "")}


def test_a_piece_that_fails_is_named_with_its_reason_and_the_others_are_done(run, tmp_path, monkeypatch):
    run("rounds")
    monkeypatch.setenv("HUMPHREY_SEEDED_SHARE", "0.1")
    database = sqlite3.connect(tmp_path / "data" / "humphrey.sqlite3")
    database.execute("DROP TABLE seeds")
    database.close()
    code, out, _ = run("rounds")

    assert code == 1
    assert "seed drafts\tFAILED: the database" in out
    assert "deliver what was approved\t0" in out


def test_a_share_that_is_none_and_a_reminder_that_is_no_share_are_refused_by_name(run, monkeypatch):
    monkeypatch.setenv("HUMPHREY_REMINDERS", "50,80")
    code, _, err = run("rounds")

    assert code == 1
    assert "HUMPHREY_REMINDERS" in err
    assert "0.5,0.8" in err


@pytest.mark.parametrize(("name", "said"), [("amina", "it takes the analyst"), ("zoe", "there is no account 'zoe'")])
def test_figures_are_refused_to_the_person_who_may_not_see_any(run, name, said):
    code, _, err = run("figures", "--as", name)

    assert code == 1
    assert said in err


def test_figures_are_in_a_persons_name(run):
    assert run("figures")[0] == 2
    assert json.loads(run("figures", "--as", "grace", "--json")[1]) == {"person": "grace", "own": [], "sums": []}


def test_the_doctor_tells_of_letters(run):
    _, out, _ = run("doctor", "--json")

    [check] = [check for check in json.loads(out)["checks"] if check["name"] == "notices"]
    assert check["ok"]
    assert "HUMPHREY_SMTP__HOST" in check["message"]


def _alive(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def test_a_server_goes_round_and_stops_at_once_in_the_pause_between_two_rounds(tmp_path, monkeypatch):
    port = free_port()
    (tmp_path / "corpus").mkdir()
    settings = {"DATA_DIR": tmp_path / "data", "CORPUS": tmp_path / "corpus", "PORT": port, "ROUNDS_SECONDS": 3600}
    # A place in which a head can be published shows that a round was made.
    settings["RECORD__PUBLISH_FILE"] = published = tmp_path / "heads.jsonl"
    for name, value in settings.items():
        monkeypatch.setenv(f"HUMPHREY_{name}", str(value))
    server = Popen([sys.executable, "-m", "humphrey", "serve"], stderr=subprocess.PIPE, cwd=_project())
    until = time.monotonic() + 60
    while not (_alive(port) and published.exists()) and time.monotonic() < until:
        time.sleep(0.1)
    assert published.exists()
    began = time.monotonic()
    server.send_signal(signal.SIGTERM)
    server.communicate(timeout=60)

    assert time.monotonic() - began < 20


def _project() -> Path:
    return Path(cli.__file__).parent.parent.parent
