"""The commands of the record: what they print, whom they let, and how they end."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from humphrey import cli
from humphrey.ledger import store as ledger_store
from humphrey.ledger.heads import from_line, signed_text
from humphrey.ledger.signing import verify
from tests.support.ledger_books import Books

Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def run(books: Books, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on the books: (exit code, the JSON it printed or its lines, standard error)."""
    monkeypatch.setenv("HUMPHREY_DATA_DIR", str(books.folder))
    monkeypatch.setenv("HUMPHREY_DATABASE_URL", f"sqlite:///{books.path}")
    monkeypatch.setenv("HUMPHREY_RECORD__PUBLISH_FILE", str(books.file))
    monkeypatch.setenv("HUMPHREY_LOG_LEVEL", "error")

    def run(*words: object) -> tuple[int, Any, str]:
        monkeypatch.setattr(sys, "argv", ["humphrey", "ledger", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        if "--json" not in words:
            return code, said.out.splitlines(), said.err
        results: Sequence[Any] = [json.loads(line) for line in said.out.splitlines()]
        return code, results if words[0] == "list" else results[0] if results else None, said.err

    return run


def test_verify_tells_the_entries_the_head_and_that_all_is_whole(books: Books, run: Run):
    books.everything()
    entries = list(ledger_store.entries(books.database))

    code, shape, _ = run("verify", "--json")
    _, lines, _ = run("verify")

    assert code == 0
    assert shape == {
        "entries": len(entries),
        "head": entries[-1].seal,
        "ok": True,
        "first_broken": None,
        "heads": 0,
        "reviews": 5,
        "faults": [],
    }
    assert lines == [f"the ledger is whole\t{len(entries)} entries\t0 published heads\t5 reviews\t{entries[-1].seal}"]
    assert [entry.seal for entry in ledger_store.entries(books.database)] == [entry.seal for entry in entries], (
        "reading writes nothing"
    )


def test_verify_names_the_first_broken_entry_and_ends_with_1(books: Books, run: Run):
    books.everything()
    books.change("UPDATE ledger SET subject = 'x' WHERE n = 5")

    code, shape, _ = run("verify", "--json")
    _, lines, _ = run("verify")

    assert (code, shape["ok"], shape["first_broken"]) == (1, False, 5)
    assert shape["faults"][0]["entry"] == 5
    assert lines[0].startswith("the ledger is broken at entry 5\t")
    assert lines[1].startswith("the chain breaks at entry 5")


def test_a_cut_tail_is_named_against_the_head_that_was_published_by_hand(books: Books, run: Run, tmp_path: Path):
    books.everything()
    code, told, _ = run("publish", "--json")
    head = from_line(told["line"])
    assert (code, told["places"], told["n"]) == (0, ["file"], head.n)
    assert verify(head.key, signed_text(head), head.signature)
    assert books.file.read_text() == told["line"] + "\n"
    kept = tmp_path / "kept-elsewhere"
    kept.write_text(told["line"] + "\n")
    assert run("verify", "--heads", kept, "--key", head.key)[0] == 0

    books.change("DELETE FROM ledger WHERE n > 6")
    books.change("DELETE FROM heads")
    code, shape, _ = run("verify", "--heads", kept, "--json")

    assert (code, shape["first_broken"]) == (1, 7)
    assert f"entry {head.n} was published on" in shape["faults"][0]["message"]


def test_a_head_signed_by_anybody_else_is_told(books: Books, run: Run, tmp_path: Path):
    books.take()
    run("publish")
    other = tmp_path / "other.pub"
    other.write_text("ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")

    code, lines, _ = run("verify", "--key", other)
    wrong, _, said = run("verify", "--key", "nonsense")

    assert (code, lines[0].split("\t")[0]) == (1, "the chain holds, and something does not fit it")
    assert "a key that is not trusted" in lines[1]
    assert (wrong, "`humphrey ledger key` prints it" in said) == (1, True)


def test_the_key_is_printed_and_may_be_renewed(books: Books, run: Run):
    books.take()
    _, (first,), _ = run("key")
    _, shape, _ = run("key", "--new", "--json")

    assert first.startswith("ed25519:")
    assert shape["earlier"] == [first]
    assert shape["key"] not in {first, ""}
    assert run("verify")[0] == 0
    assert (
        next(entry for entry in ledger_store.entries(books.database) if entry.act == "key:renew").subject
        == shape["key"]
    )


def test_entries_are_listed_for_auditors_alone_and_narrowed(books: Books, run: Run):
    released = books.everything()[0]

    code, rows, _ = run("list", "--as", "iris", "--subject", released, "--act", "review:approve", "--json")
    assert (code, [(row["actor"], row["act"]) for row in rows]) == (0, [("grace", "review:approve")])
    _, days, _ = run("list", "--as", "iris", "--since", "2026-11-23", "--until", "2026-11-23", "--json")
    assert len(days) == len(list(ledger_store.entries(books.database)))
    assert run("list", "--as", "iris", "--since", "2026-11-24", "--json")[1] == []
    assert run("list", "--as", "iris", "--actor", "david")[1][0].split("\t")[2] == "david"

    for person in ("amina", "grace", "sam", "nobody"):
        code, lines, said = run("list", "--as", person)
        assert (code, lines) == (1, [])
        assert person in said
    assert run("list")[0] == 2
    assert run("list", "--as", "iris", "--act", "nonsense")[0] == 2
