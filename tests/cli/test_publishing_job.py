"""The daily head, as `humphrey rounds` signs it: in the file, in a letter through a real mail server, or seen."""

import json
import sys
from pathlib import Path

import pytest

from humphrey import cli
from humphrey.ledger import store as ledger_store
from humphrey.ledger.heads import from_line
from tests.support.ledger_books import Books
from tests.support.mail_server import postbox


@pytest.fixture
def settings(books: Books, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    chosen = {
        "DATA_DIR": str(books.folder),
        "DATABASE_URL": f"sqlite:///{books.path}",
        "RECORD__PUBLISH_FILE": str(books.file),
        "RECORD__PUBLISH_TO": "audit@office.example",
        "LOG_LEVEL": "error",
    }
    for name, value in chosen.items():
        monkeypatch.setenv(f"HUMPHREY_{name}", value)
    return monkeypatch


def ran(settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict, str]:
    settings.setattr(sys, "argv", ["humphrey", *words, "--json"])
    code = 0
    try:
        cli.main()
    except SystemExit as end:
        code = int(end.code or 0)
    said = capsys.readouterr()
    return code, json.loads(said.out) if said.out else {}, said.err


def by_mail(settings: pytest.MonkeyPatch, port: int) -> None:
    for name, value in {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "TLS": "none",
        "FROM": "humphrey@office.example",
    }.items():
        settings.setenv(f"HUMPHREY_SMTP__{name}", value)


def test_a_round_publishes_the_head_to_the_file_and_by_letter_once_a_day(books, settings, capsys, tmp_path: Path):
    books.take()
    with postbox() as box:
        by_mail(settings, box.port)
        code, first, _ = ran(settings, capsys, "rounds")
        _, second, _ = ran(settings, capsys, "rounds")

    placed = {entry.detail["place"] for entry in ledger_store.entries(books.database) if entry.act == "head:publish"}
    assert placed == {"file", "email"}
    counts = [
        {piece["name"]: piece["count"] for piece in each["pieces"]}["publish the head of the record"]
        for each in (first, second)
    ]
    assert (code, counts, len(box.letters)) == (0, [2, 0], 1)
    (line,) = books.file.read_text().splitlines()
    head = from_line(line)
    letter = box.letters[0]
    assert letter.to == "audit@office.example"
    assert letter.read["Subject"] == f"Humphrey's record: entry {head.n}"
    assert head.seal[7:23] in letter.read["Message-ID"]
    saved = tmp_path / "letter.eml"
    saved.write_bytes(letter.content)
    assert line not in saved.read_text(), "a mail program may break a long line"
    found = books.verify([saved], [head.key])
    assert (found.ok, found.heads) == (True, 1)
    books.change("DELETE FROM heads")
    books.change("DELETE FROM ledger WHERE n >= ?", head.n)
    assert "is no longer there" in books.verify([saved]).faults[0].message


def test_a_letter_that_cannot_be_sent_is_seen_and_the_file_has_the_head(books, settings, capsys):
    books.take()
    with postbox() as box:
        box.refused["audit@office.example"] = "550 no such person"
        by_mail(settings, box.port)
        ran(settings, capsys, "rounds")
        code, _, said = ran(settings, capsys, "ledger", "publish")

    assert len(books.file.read_text().splitlines()) == 2
    assert (code, "audit@office.example" in said) == (1, True)
    assert books.heads()[-1].published.keys() == {"file"}


def test_an_address_without_a_mail_server_is_one_sentence(books, settings, capsys):
    code, _, said = ran(settings, capsys, "ledger", "publish")

    assert code == 1
    assert said.count("\n") == 1
    assert "HUMPHREY_SMTP__HOST" in said
