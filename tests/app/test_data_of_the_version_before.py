"""A data folder of an earlier version opens, verifies, delivers and exports, through commands alone.

humphrey wrote `data_before_layout.zip` before its packages were laid out by subject. The folder holds people, guidance,
conversations with files, reviews in every state, published heads and case files. It holds no index; humphrey makes it
again. `known.json` names the reviews and holds what that version printed of each. The key and the passwords are
made up for this test. The reviews are of November 2026, so their approvals ran out long ago by default.
"""

import io
import json
import os
import re
import runpy
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

PACKED = Path(__file__).with_name("data_before_layout.zip")

STATES = {
    "open": "open", "restricted": "open", "open_foi": "open", "commented": "open", "amended": "open",
    "instructed": "open", "handed_back": "open", "by_model": "open", "expired": "open", "claimed": "open",
    "seeded": "open", "with_files": "open", "own_text": "open", "pack_review": "open", "returned_amended": "open",
    "returned": "returned", "refused": "refused", "approved": "approved", "released": "released",
    "released_web": "released", "set_aside": "released", "failed": "released", "delivered": "delivered",
    "delivered_file": "delivered", "delivered_restricted": "delivered", "delivered_foi": "delivered",
    "delivered_email": "delivered", "with_files_delivered": "delivered", "disposed": "delivered",
    "closed_found": "closed", "closed_missed": "closed",
}  # fmt: skip
"""The state of each review."""

LONGEST_APPROVAL = timedelta(hours=8760)
"""The longest life of an approval that the settings allow."""


class Before:
    """The unpacked data folder, with the settings that open it."""

    def __init__(self, folder: Path) -> None:
        # A command that ran before in this process has left its own mask, under which nothing is open to others.
        mask = os.umask(0o022)
        try:
            with zipfile.ZipFile(PACKED) as packed:
                packed.extractall(folder)
        finally:
            os.umask(mask)
        # An archive keeps no rights; humphrey had kept the keys to itself.
        for path in (folder / "data" / "keys", *(folder / "data" / "keys").glob("*.pem")):
            path.chmod(0o700 if path.is_dir() else 0o600)
        self.folder = folder
        told = json.loads((folder / "known.json").read_text(encoding="utf-8"))
        self.known: dict[str, str] = told["known"]
        self.reviews: dict[str, dict[str, Any]] = told["reviews"]
        self.people: list[dict[str, Any]] = told["people"]
        self.passwords: dict[str, str] = told["passwords"]
        self.settings = {
            "HUMPHREY_DATA_DIR": str(folder / "data"),
            "HUMPHREY_CORPUS": str(folder / "corpus"),
            "HUMPHREY_RECORD__PUBLISH_FILE": str(folder / "heads.jsonl"),
        }

    def __getitem__(self, name: str) -> str:
        return self.known[name]


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Before:
    """The data folder for tests that change nothing but the record; its index is made once."""
    return Before(tmp_path_factory.mktemp("opened"))


@pytest.fixture
def fresh(tmp_path: Path) -> Before:
    """A fresh copy of the data folder."""
    return Before(tmp_path)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command and returns its exit code, its output and its messages."""
    monkeypatch.chdir(tmp_path)

    def run(before: Before, *words: str, stdin: str = "", **settings: str) -> tuple[int, str, str]:
        for name, value in {**before.settings, **settings}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["humphrey", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        code = 0
        try:
            runpy.run_module("humphrey", run_name="__main__")
        except SystemExit as end:
            code = int(end.code or 0)
        for name in settings:
            monkeypatch.delenv(name)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return run


@pytest.fixture
def told(run: Run) -> Callable[..., Any]:
    """Return a function that runs a command, requires success, and returns the JSON object that it prints."""

    def told(before: Before, *words: str, **more: str) -> Any:
        code, out, err = run(before, *words, "--json", **more)
        assert code == 0, err or out
        return json.loads(out)

    return told


@pytest.fixture
def listed(run: Run) -> Callable[..., list[Any]]:
    """Return a function that runs a command, requires success, and returns the JSON objects that it prints."""

    def listed(before: Before, *words: str, **more: str) -> list[Any]:
        code, out, err = run(before, *words, "--json", **more)
        assert code == 0, err or out
        return [json.loads(line) for line in out.splitlines()]

    return listed


# Opening.


def test_doctor_complains_only_of_the_age_of_the_last_head_and_of_files_that_others_may_read(opened: Before, run: Run):
    _code, out, _err = run(opened, "doctor", "--json")

    checks = {check["name"]: check for check in json.loads(out)["checks"]}
    assert {name for name, check in checks.items() if not check["ok"]} == {"published heads", "file modes"}
    assert re.findall(r"\d+", checks["database"]["message"]) == ["11", "11"], "people and documents"
    assert "2026-11-20" in checks["published heads"]["message"]


def test_every_review_has_its_state(opened: Before, listed):
    rows = {row["id"]: row for row in listed(opened, "reviews", "--all")}

    assert {name: rows[opened[name]]["state"] for name in STATES} == STATES
    assert len(rows) == len(STATES) == 31
    assert rows[opened["claimed"]]["claimed_by"] == "rosa"
    assert rows[opened["commented"]]["handed_to"] == "rune"


@pytest.mark.parametrize("name", STATES)
def test_a_review_has_its_text_decisions_and_history(opened: Before, told, name: str):
    said, before = told(opened, "review", opened[name]), opened.reviews[opened[name]]
    said["cited"] = [each["document"] for each in said["citations"]]
    said["found"] = [[each["check"], each["level"]] for each in said["findings"]]
    # Other tests add entries, such as those of case files.
    said["history"] = said["history"][: len(before["history"])]
    # Decisions say more since: by which door, and what was acknowledged.
    pairs = zip(said["decisions"], before["decisions"], strict=True)
    said["decisions"] = [{field: now[field] for field in then} for now, then in pairs]

    assert {field: said[field] for field in before} == before


def test_people_keep_their_roles_and_groups(opened: Before, listed):
    people = listed(opened, "users", "list")

    assert [{field: person[field] for field in opened.people[0]} for person in people] == opened.people
    assert not any(person["demonstration"] for person in people)


def test_the_outbox_holds_what_waits_and_what_was_sent(opened: Before, listed):
    waiting = {row["review"]: row for row in listed(opened, "outbox")}

    assert {name for name in STATES if opened[name] in waiting} == {"released", "released_web", "set_aside", "failed"}
    assert waiting[opened["set_aside"]]["state"] == "set aside"
    assert "nobody@post.example" in waiting[opened["set_aside"]]["reason"]
    assert (waiting[opened["failed"]]["state"], waiting[opened["failed"]]["attempts"]) == ("waiting", 1)
    receipts = {row["review"]: row["receipt"] for row in listed(opened, "outbox", "--all") if row["receipt"]}
    assert receipts[opened["delivered_email"]] == "taken for mp@post.example"
    for name in ("delivered_file", "delivered_restricted"):
        assert (opened.folder / "data" / "released" / receipts[opened[name]]).is_file()


def test_holds_and_packs_are_kept(opened: Before, listed, told):
    held, lifted = listed(opened, "hold", "list", "--as", "ada")
    packs = {pack["pack"]: pack for pack in listed(opened, "disclose", "list", "--as", "axel")}
    shown = told(opened, "disclose", "show", opened["pack_open"], "--as", "axel")

    assert (held["id"], held["subject"], held["lifted_at"]) == (opened["hold"], opened["delivered"], None)
    assert (lifted["what"], lifted["subject"], lifted["lifted_by"]) == ("person", "olga", "ada")
    assert packs[opened["pack_sent"]]["review"] == opened["pack_review"]
    assert packs[opened["pack_dropped"]]["items"] == []
    assert packs[opened["pack_undecided"]]["undecided"] > 0
    assert len(shown["texts"]) == len(shown["items"]) > 2
    assert "It is about children." in {mark["reason"] for mark in shown["redactions"]}
    assert [item["n"] for item in shown["items"] if item["left_out"]] == [2]


def test_the_figures_of_reviewers_are_kept(opened: Before, told):
    of_november = [each for each in told(opened, "figures", "--as", "rosa")["own"] if each["month"] == "2026-11"]
    everything = next(each for each in of_november if each["kind"] is None)

    assert everything["ruled"] >= 10
    assert everything["seconds"] > 0
    assert (everything["found"], everything["missed"]) == (1, 1)


# The record.


def test_the_ledger_is_whole_and_fits_the_published_heads(opened: Before, told):
    found = told(opened, "ledger", "verify")

    assert found["ok"], found["faults"]
    assert (found["heads"], found["reviews"]) == (6, 31)
    assert found["entries"] >= 272


def test_the_key_that_signed_first_still_vouches_for_the_heads(opened: Before, told):
    (first,) = (opened.folder / "data" / "keys").glob("*.pub")

    found = told(opened, "ledger", "verify", "--heads", str(opened.folder / "heads.jsonl"), "--key", str(first))

    assert found["ok"], found["faults"]


def test_an_auditor_reads_the_entries(opened: Before, listed):
    entries = listed(opened, "ledger", "list", "--as", "axel")

    assert [entry["n"] for entry in entries] == list(range(1, len(entries) + 1))
    assert {entry["act"] for entry in entries} >= {
        "person:add", "document:add", "question:ask", "draft:write", "draft:check", "review:open", "review:approve",
        "release:mint", "release:deliver", "release:expire", "release:set_aside", "seed:plant", "seed:reveal",
        "head:publish", "key:renew", "hold:place", "content:dispose", "disclosure:redact", "settings:change",
    }  # fmt: skip


def test_a_new_head_is_signed_and_published(fresh: Before, told):
    head = told(fresh, "ledger", "publish")

    assert head["places"] == ["file"]
    found = told(fresh, "ledger", "verify")
    assert found["ok"], found["faults"]
    assert found["heads"] == 7


def test_verify_names_a_text_that_was_changed(fresh: Before, run: Run):
    database = sqlite3.connect(fresh.folder / "data" / "humphrey.sqlite3")
    database.execute("UPDATE versions SET draft = replace(draft, '12 people', '13 people')")
    database.commit()
    database.close()

    code, out, _err = run(fresh, "ledger", "verify", "--json")

    assert code == 1
    assert fresh["delivered"] in {fault["subject"] for fault in json.loads(out)["faults"]}


# Delivery.


@pytest.mark.skipif(
    datetime.now(UTC) - datetime(2026, 11, 20, 10, tzinfo=UTC) > LONGEST_APPROVAL,
    reason="the settings allow no life of an approval that is as long as the age of those in the data folder",
)
def test_a_recent_approval_is_delivered(fresh: Before, told, listed):
    longest = {"HUMPHREY_APPROVAL_HOURS": "8760"}

    file, web = (told(fresh, "deliver", "--outlet", outlet, **longest) for outlet in ("file", "web"))

    assert file == {"delivered": [fresh["released"]], "failed": []}
    assert web == {"delivered": [fresh["released_web"]], "failed": []}
    receipt = next(row["receipt"] for row in listed(fresh, "outbox", "--all") if row["review"] == fresh["released"])
    assert (fresh.folder / "data" / "released" / receipt).is_file()
    assert told(fresh, "review", fresh["released"])["state"] == "delivered"
    assert told(fresh, "ledger", "verify")["ok"]


@pytest.mark.skipif(
    datetime.now(UTC) - datetime(2026, 11, 20, 10, tzinfo=UTC) > LONGEST_APPROVAL,
    reason="as above",
)
def test_without_a_published_head_an_approval_waits_until_the_operator_countersigns_it(
    fresh: Before, run: Run, told, listed
):
    forget_the_heads(fresh)
    longest = {"HUMPHREY_APPROVAL_HOURS": "8760"}

    _code, refused, _err = run(fresh, "deliver", "--outlet", "file", "--json", **longest)
    waiting = listed(fresh, "ledger", "countersign")
    done = told(fresh, "ledger", "countersign", "--yes")

    assert json.loads(refused)["delivered"] == []
    assert "is not signed by humphrey's key" in refused
    assert fresh["released"] in {entry["subject"] for entry in waiting if entry["act"] == "review:approve"}
    assert (done["signed"], done["waiting"]) == (len(waiting), 0)
    assert told(fresh, "deliver", "--outlet", "web", **longest)["delivered"] == [fresh["released_web"]]


def forget_the_heads(before: Before) -> None:
    """Make it the data folder of a department that never published heads, as far as the gate can see."""
    database = sqlite3.connect(before.folder / "data" / "humphrey.sqlite3")
    database.execute("DELETE FROM heads")
    database.commit()
    database.close()
    (before.folder / "heads.jsonl").unlink()


def test_a_lost_key_is_named_by_doctor_and_another_is_accepted(fresh: Before, run: Run, told):
    told(fresh, "ledger", "publish")
    (fresh.folder / "data" / "keys" / "record.pem").unlink()

    _code, out, _err = run(fresh, "doctor", "--json")
    checks = {check["name"]: check for check in json.loads(out)["checks"]}
    told(fresh, "ledger", "key", "--accept")

    assert "is not the one that signs this record" in checks["signing keys"]["message"]
    assert checks["integrity"]["ok"]
    assert told(fresh, "ledger", "verify")["ok"], "the lost key's public half is in the list"


def test_an_approval_that_ran_out_goes_back_and_a_new_one_is_delivered(fresh: Before, told):
    assert told(fresh, "deliver", "--outlet", "file") == {"delivered": [], "failed": []}
    back = told(fresh, "review", fresh["released"])
    assert back["state"] == "open"

    again = told(fresh, "decide", fresh["released"], "approve", "--as", "rosa", "--digest", back["digest"])
    assert again["state"] == "released"

    assert told(fresh, "deliver", "--outlet", "file") == {"delivered": [fresh["released"]], "failed": []}
    assert told(fresh, "ledger", "verify")["ok"]


def test_nothing_else_is_delivered(fresh: Before, told):
    longest = {"HUMPHREY_APPROVAL_HOURS": "8760"}

    sent = {
        review
        for outlet in ("file", "web")
        for review in told(fresh, "deliver", "--outlet", outlet, **longest)["delivered"]
    }

    assert {name for name in STATES if fresh[name] in sent} <= {"released", "released_web"}


def test_nobody_approves_a_draft_of_their_own(fresh: Before, run: Run, told):
    digest = fresh.reviews[fresh["amended"]]["digest"]

    code, _out, _err = run(fresh, "decide", fresh["amended"], "approve", "--as", "rune", "--digest", digest)

    assert code == 1
    assert told(fresh, "review", fresh["amended"])["state"] == "open"


def test_a_claimed_draft_is_decided_by_its_claimant(fresh: Before, run: Run, told):
    digest = fresh.reviews[fresh["claimed"]]["digest"]
    words = ("decide", fresh["claimed"], "approve", "--digest", digest)

    code, _out, _err = run(fresh, *words, "--as", "rune")

    assert code == 1
    assert told(fresh, *words, "--as", "rosa")["state"] == "released"


@pytest.mark.parametrize("form", ["md", "html", "docx", "odt", "pdf"])
def test_a_delivered_text_is_exported_after_its_approval_ran_out(opened: Before, told, tmp_path: Path, form: str):
    for name in ("delivered", "with_files_delivered"):
        file = tmp_path / f"{name}.{form}"
        told(opened, "export", opened[name], "--format", form, "-o", str(file), "--as", "axel")
        made = file.read_bytes()
        begins = {"md": b"", "html": b"<!doctype html>", "docx": b"PK", "odt": b"PK", "pdf": b"%PDF-"}[form]
        assert made.lower().startswith(begins.lower())
        if form == "md":
            first = re.split(r"(?<=\.) ", opened.reviews[opened[name]]["text"])[0]
            assert first in made.decode()


@pytest.mark.parametrize("name", ["open", "returned", "refused", "closed_missed", "seeded", "disposed"])
def test_an_unreleased_text_is_not_exported(opened: Before, run: Run, tmp_path: Path, name: str):
    code, _out, _err = run(opened, "export", opened[name], "--format", "md", "-o", str(tmp_path / "text.md"))

    assert code == 1
    assert not (tmp_path / "text.md").exists()


# Case files.


@pytest.fixture
def verifier(opened: Before, told, tmp_path: Path) -> Callable[[Path], subprocess.CompletedProcess[str]]:
    """Return a function that verifies a case file with the script that humphrey writes today."""
    script = tmp_path / "verify_case.py"
    told(opened, "case", "--verifier", "-o", str(script))

    def verify(case: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, script, case], capture_output=True, text=True, check=False, timeout=60)

    return verify


@pytest.mark.parametrize(
    "name",
    ["closed_missed", "delivered", "delivered_restricted", "disposed", "returned_amended", "with_files_delivered"],
)
def test_a_case_file_of_that_version_is_whole(opened: Before, verifier, name: str):
    done = verifier(opened.folder / "cases" / f"{name}.json")

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "name",
    ["delivered_email", "closed_found", "commented", "released", "expired", "set_aside", "claimed"],
)
def test_a_new_case_file_under_a_published_head_is_whole(opened: Before, told, verifier, tmp_path: Path, name: str):
    file = tmp_path / "case.json"

    told(opened, "case", opened[name], "--as", "axel", "-o", str(file))

    assert len(json.loads(file.read_text(encoding="utf-8"))["heads"]) == 1
    done = verifier(file)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "name", ["delivered", "with_files_delivered", "delivered_file", "disposed", "refused", "amended"]
)
def test_a_new_case_file_is_whole(opened: Before, told, verifier, tmp_path: Path, name: str):
    file = tmp_path / "case.json"

    # No head covers the entry of the first export, so the second case file has none.
    for _ in range(2):
        told(opened, "case", opened[name], "--as", "axel", "-o", str(file))

    assert json.loads(file.read_text(encoding="utf-8"))["heads"] == []
    done = verifier(file)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_verifier_notices_a_changed_word(opened: Before, told, verifier, tmp_path: Path):
    file = tmp_path / "case.json"
    for _ in range(2):
        told(opened, "case", opened["delivered"], "--as", "axel", "-o", str(file))
    file.write_text(file.read_text(encoding="utf-8").replace("12 people", "13 people"), encoding="utf-8")

    done = verifier(file)

    assert done.returncode == 1, done.stdout + done.stderr


def test_a_case_file_is_made_as_a_page_and_as_pdf(opened: Before, told, tmp_path: Path):
    for ending, begins in ((".html", b"<!doctype html>"), (".pdf", b"%PDF-")):
        file = tmp_path / f"case{ending}"
        told(opened, "case", opened["with_files_delivered"], "--as", "axel", "-o", str(file))
        assert file.read_bytes().lower().startswith(begins.lower())


# Guidance and conversations; the first search makes the index.


QUERIES = {
    "letters": "How long is there to answer a letter?",
    "logs": "lamp log",
    "tides": "high water",
    "guidance/buoys": "inspection of buoys",
    "old-lamps": "How is an oil lamp filled?",
    "painting": "How often is a tower painted?",
    "tower-keys": "Where are tower keys kept?",
}
"""A query for each document; only a group may read the last two."""

Hits = Mapping[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def queries(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of the file of queries."""
    file = tmp_path_factory.mktemp("queries") / "queries.jsonl"
    lines = [json.dumps({"id": name, "text": text}) for name, text in QUERIES.items()]
    file.write_text("\n".join(lines), encoding="utf-8")
    return str(file)


@pytest.fixture
def found(opened: Before, listed, queries: str) -> Callable[..., Hits]:
    """Return a function that searches in the name of a person and returns the hits by query."""

    def found(*who: str) -> Hits:
        return {row["id"]: row["hits"] for row in listed(opened, "search", "--queries", queries, *who)}

    return found


def documents(hits: Hits) -> set[str]:
    return {hit["document"] for found in hits.values() for hit in found}


def test_guidance_is_found_in_its_latest_version(opened: Before, told, found):
    hits = found("--as", "otto")

    assert {name: hits[name][0]["document"] for name in QUERIES if name != "old-lamps"} == {
        name: name for name in QUERIES if name != "old-lamps"
    }
    assert "within 18 working days" in hits["letters"][0]["text"]
    assert {hit["state"] for hit in hits["old-lamps"] if hit["document"] == "old-lamps"} == {"superseded"}
    assert "fog-bells" not in documents(hits), "it was removed"
    assert told(opened, "document", "painting", "--as", "otto")["passages"] >= 1


def test_restricted_guidance_is_found_only_by_its_group(opened: Before, run: Run, found):
    for who in (("--as", "olga"), ()):
        assert "letters" in documents(found(*who))
        assert not documents(found(*who)) & {"tower-keys", "painting"}
        assert run(opened, "document", "tower-keys", *who)[0] == 1
    assert not any(name.startswith("attached/") for name in documents(found("--as", "olga")))


def test_a_question_is_answered_from_it(opened: Before, told):
    answer = told(opened, "ask", "How many people may visit a lighthouse at once?", "--as", "olga")

    assert answer["status"] == "answered"
    assert {citation["document"] for citation in answer["citations"]} == {"visits"}


def test_a_conversation_goes_on_with_its_files(opened: Before, told):
    asked = ("ask", "When was the lamp mended?", "--as", "olga")

    answer = told(opened, *asked, "--conversation", opened["conversation"])
    elsewhere = told(opened, *asked)

    assert opened["file_txt"] in {citation["document"] for citation in answer["citations"]}
    assert "22:05" in answer["text"]
    assert opened["file_txt"] not in {citation["document"] for citation in elsewhere["citations"]}


def test_a_conversation_is_its_owners(opened: Before, run: Run):
    code, _out, err = run(opened, "ask", "And then?", "--as", "otto", "--conversation", opened["conversation"])

    assert code == 1
    assert opened["conversation"] in err


def test_feedback_is_found_in_the_record(opened: Before, listed):
    found = listed(opened, "disclose", "search", "--words", "named the hour", "--as", "axel")

    assert [(piece["by"], piece["text"]) for piece in found] == [("olga", "It named the hour.")]


def test_the_index_is_made_again_from_files_that_lie_elsewhere(fresh: Before, told):
    done = told(fresh, "index", str(fresh.folder / "corpus"), "--rebuild")

    assert (done["refused"], done["added"], done["removed"]) == ([], 0, 0)
    assert done["passages"] == 11
    assert told(fresh, "search", "How long is there to answer a letter?")["hits"][0]["document"] == "letters"


# New work in the data folder.


def test_a_new_draft_goes_from_question_to_delivery(fresh: Before, told):
    asked = told(fresh, "ask", "When are lighthouses open to visitors?", "--review", "--as", "olga", "--to", "odt")
    told(fresh, "claim", asked["id"], "--as", "rosa")
    told(fresh, "comment", asked["id"], "Well put.", "--as", "rosa")
    told(fresh, "decide", asked["id"], "approve", "--as", "rosa", "--digest", asked["digest"])

    assert asked["id"] in told(fresh, "deliver")["delivered"]
    assert told(fresh, "ledger", "verify")["ok"]


def test_the_regular_jobs_run(fresh: Before, told):
    done = told(fresh, "rounds")

    assert done["ok"], done["pieces"]
    assert told(fresh, "ledger", "verify")["ok"]


def test_texts_fall_due_unless_they_are_held(fresh: Before, listed):
    periods = {"HUMPHREY_RETENTION__PERIODS": str(fresh.folder / "periods.yaml")}
    (fresh.folder / "periods.yaml").write_text(
        "answer: 1\nfoi_acknowledgement: 1\nconversations: 1\n", encoding="utf-8"
    )

    due = {row["id"]: row for row in listed(fresh, "retention", "due", "--as", "ada", **periods)}

    assert due[fresh["delivered"]]["kept_for"] == "a legal hold"
    assert due[fresh["delivered_foi"]]["kept_for"] == ""
    assert fresh["disposed"] not in due


# Signing in.


class Stay(urllib.request.HTTPRedirectHandler):
    """A handler that follows no redirect."""

    def redirect_request(self, *_told: object) -> None:
        return None


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Before, str]]:
    """The data folder, and the address of a server that serves it."""
    before = Before(tmp_path_factory.mktemp("served"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, **before.settings, "HUMPHREY_PORT": str(port)}  # noqa: TID251 - a child process inherits the environment
    url, log = f"http://127.0.0.1:{port}", before.folder / "log.txt"
    with log.open("w", encoding="utf-8") as said:
        serving = subprocess.Popen([sys.executable, "-m", "humphrey", "serve"], env=environment, stderr=said)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{url}/healthz", timeout=5).close()  # noqa: S310 - our own loopback address
                break
            except OSError:
                assert serving.poll() is None, log.read_text(encoding="utf-8")
                time.sleep(0.1)
        yield before, url
    finally:
        serving.terminate()
        serving.wait(60)
    assert "Traceback" not in log.read_text(encoding="utf-8")


def called(url: str, cookie: str = "", **form: str) -> tuple[int, Message, bytes]:
    """Return the status, headers and body of an answer."""
    data = urllib.parse.urlencode(form).encode() if form else None
    request = urllib.request.Request(url, data, {"Cookie": cookie, "Origin": url.rsplit("/", 1)[0]})  # noqa: S310 - the same
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def signed_in(url: str, name: str, password: str) -> tuple[int, str]:
    """Return the status of a sign-in and its cookie."""
    status, headers, _body = called(f"{url}/sign-in", name=name, password=password)
    return status, (headers["set-cookie"] or "").partition(";")[0]


def test_people_sign_in_with_their_password_and_with_no_other(site: tuple[Before, str]):
    before, url = site

    answers = {name: signed_in(url, name, before.passwords[name])[0] for name in ("olga", "remy", "dora")}

    assert answers == {"olga": 303, "remy": 303, "dora": 401}, "remy was given another password, and dora is disabled"
    assert signed_in(url, "olga", before.passwords["otto"]) == (401, "")


def test_a_reviewer_has_their_queue_and_notices(site: tuple[Before, str]):
    before, url = site
    _status, cookie = signed_in(url, "rosa", before.passwords["rosa"])

    queue = json.loads(called(f"{url}/api/v1/reviews", cookie)[2])
    notices = json.loads(called(f"{url}/api/v1/notices", cookie)[2])
    opened = json.loads(called(f"{url}/api/v1/reviews/{before['with_files']}", cookie)[2])

    assert before["claimed"] in json.dumps(queue)
    assert before["commented"] in json.dumps(notices)
    assert opened["digest"] == before.reviews[before["with_files"]]["digest"]
    assert called(f"{url}/api/v1/reviews")[0] == 401
