"""Guidance that may not be held here is not indexed, whoever hands it in; the reason is told with the file."""

from pathlib import Path

import pytest

from humphrey.database.engine import open_database
from humphrey.guidance import store as document_store
from tests.support.indexing import library

RULES = "# Rules\n\nStaff have 25 days of leave.\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("ships.md", "SECRET\n\nThe ship programme costs 4 million.\n", "above OFFICIAL"),
        ("ships.html", f"<header>OFFICIAL-SENSITIVE</header><main><p>{RULES}</p></main>", "HUMPHREY_HIGHEST_MARKING"),
        ("ships - TOP SECRET.md", RULES, "above OFFICIAL"),
        ("r\u0435port.md", RULES, "has a name that holds “r\u0435port”, which looks like another word"),
        ("r\u200breport.md", RULES, r"has a name that holds [U+200B zero width space], which cannot be seen"),
        (
            "sums-up.md",
            f"---\ntitle: Leave\nsummary: true\noriginal: L\u0435ave rules\n---\n{RULES}",
            "names an original that holds “L\u0435ave”",
        ),
        (
            "dated.md",
            f"---\ntitle: Leave\nsummary: true\noriginal_date: M\u0430y\n---\n{RULES}",
            "names an original that holds “M\u0430y”",
        ),
        ("title.md", f"---\ntitle: L\u0435ave\n---\n{RULES}", "has a title that holds “L\u0435ave”"),
    ],
)
def test_a_file_that_may_not_be_guidance_is_refused_and_the_others_are_taken(tmp_path, name, text, said):
    shelf, notes = library(tmp_path), tmp_path / "notes"
    notes.mkdir()
    (notes / "leave.md").write_text(RULES, encoding="utf-8")
    (notes / name).write_text(text, encoding="utf-8")

    done = shelf.index([notes])

    assert [each.path.endswith(name) for each in done.refused] == [True]
    assert said in done.refused[0].reason
    assert (done.added, [each.id for each in shelf.list_documents()]) == (1, ["leave"])


def test_a_document_that_was_taken_before_and_bears_a_marking_now_goes(tmp_path):
    shelf, notes = library(tmp_path), tmp_path / "notes"
    notes.mkdir()
    (notes / "leave.md").write_text(RULES, encoding="utf-8")
    shelf.index([notes])
    (notes / "leave.md").write_text(f"SECRET\n\n{RULES}", encoding="utf-8")

    done = shelf.index([notes])

    assert (done.removed, len(done.refused), shelf.list_documents()) == (1, 1, [])
    database = open_database(f"sqlite:///{tmp_path / 'humphrey.db'}")
    assert document_store.list_stored(database) == []


def test_what_was_left_out_of_a_file_is_noted(tmp_path):
    shelf, notes = library(tmp_path), tmp_path / "notes"
    notes.mkdir()
    (notes / "leave.md").write_text("# Leave\n\nStaff have 25\u200b days of an\u00adnual leave.\n", encoding="utf-8")

    page = "<main><h1>Pay</h1><p>It is <s>£3</s> £4.</p><p hidden>Ask for £9.</p><p hidden>Now.</p></main>"
    (notes / "pay.html").write_text(page, encoding="utf-8")

    said = shelf.index([notes]).notes

    assert [(Path(note.path).name, note.note) for note in said] == [
        ("leave.md", "2 invisible characters were left out"),
        ("pay.html", "2 hidden parts were left out: “Ask for £9.”, “Now.”"),
        ("pay.html", "1 struck-out part was left out: “£3”"),
    ]
