import json
import os
from datetime import date
from pathlib import Path

import pytest

from humphrey.documents.ingest import FileRejected, IngestedFile, IngestResult, UnchangedFile
from humphrey.documents.left_out import left_out_notes
from humphrey.documents.model import Document, split
from humphrey.documents.readers.files import read_document, read_files
from humphrey.errors import DocumentError

NOTE = """---
title: "Annual leave"
publisher: Cabinet Office
source: https://www.example.gov.uk/leave
facts_as_of: 2026-11-23
licence: Open Government Licence v3.0
summary: true
---

You get 25 days.

## Carrying over

You can carry over 5 days.
"""


PAGE = {
    "title": "Sick pay",
    "base_path": "/guidance/sick-pay",
    "public_updated_at": "2024-10-14 10:44:25+00:00",
    "details": {"body": "You can get *sick pay*.\n\n## How much\n\n£116.75 a week."},
    "links": {"organisations": [{"title": "Department of Leave"}, {"title": "HMRC"}]},
}


def taken(path: Path) -> Document:
    [item] = read_files([path], {})
    assert isinstance(item, IngestedFile), item
    return item.document


def refusal(path: Path) -> str:
    [item] = read_files([path], {})
    assert isinstance(item, FileRejected), item
    assert item.path == str(path)
    return item.reason


def written(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_note_s_front_matter_becomes_its_imprint(tmp_path):
    document = taken(written(tmp_path / "annual-leave.md", NOTE))

    imprint = document.imprint
    assert document.id == "annual-leave"
    assert (imprint.title, imprint.publisher) == ("Annual leave", "Cabinet Office")
    assert (imprint.url, imprint.updated) == ("https://www.example.gov.uk/leave", date(2026, 11, 23))
    assert (imprint.state, imprint.licence) == ("current", "Open Government Licence v3.0")
    assert document.text == "You get 25 days.\n\nCarrying over\n\nYou can carry over 5 days."


def test_only_a_file_of_the_corpus_may_call_itself_a_summary(tmp_path):
    claimed = NOTE.replace("summary: true", "summary: true\noriginal: Leave rules\noriginal_date: July 2021")
    path = written(tmp_path / "uploads" / "leave.md", claimed)
    [upload] = read_files([path], {}, by_path=tmp_path / "uploads")

    assert (taken(path).imprint.original, taken(path).imprint.original_date) == ("Leave rules", "July 2021")
    for document in (upload.document, read_document("leave.md", claimed.encode(), "attached/1/leave")):
        assert (document.imprint.summary, document.imprint.original_date) == (False, "")
        assert document.imprint.updated == date(2026, 11, 23)
        assert any("calls itself humphrey's summary" in note for note in left_out_notes(document))
    assert list(left_out_notes(taken(path))) == []


def test_a_note_that_names_its_successor_is_superseded(tmp_path):
    document = taken(written(tmp_path / "old.md", NOTE.replace("summary: true", "superseded_by: new-note")))

    assert (document.imprint.state, document.imprint.replaced_by) == ("superseded", "new-note")


def test_a_note_without_front_matter_is_called_by_its_heading_or_its_file(tmp_path):
    assert taken(written(tmp_path / "a.md", "# Leave\n\nText.")).imprint.title == "Leave"
    assert taken(written(tmp_path / "annual-leave.md", "Text.")).imprint.title == "Annual leave"
    assert taken(written(tmp_path / "sick_pay.txt", "Text.")).imprint.title == "Sick pay"


def test_a_gov_uk_page_is_known_by_its_path(tmp_path):
    document = taken(written(tmp_path / "anything.json", json.dumps(PAGE)))

    assert (document.id, document.imprint.url) == ("guidance/sick-pay", "https://www.gov.uk/guidance/sick-pay")
    assert (document.imprint.updated, document.imprint.state) == (date(2024, 10, 14), "current")
    assert document.imprint.publisher == "Department of Leave, HMRC"
    assert [passage.section for passage in split(document)] == [(), ("How much",)]


def test_a_gov_uk_page_in_parts_keeps_them(tmp_path):
    parts = [{"title": "Overview", "body": "<p>In short.</p>"}, {"title": "Claim", "body": "<h2>How</h2><p>Ask.</p>"}]
    page = {
        **PAGE,
        "details": {"body": "In short. How. Ask.", "parts": parts},
        "withdrawn_notice": {"explanation": "x"},
    }

    document = taken(written(tmp_path / "p.json", json.dumps(page)))

    assert [(passage.section, passage.text) for passage in split(document)] == [
        (("Overview",), "In short."),
        (("Claim", "How"), "Ask."),
    ]
    assert document.imprint.state == "withdrawn"


def test_a_withdrawn_html_page_says_when_and_why(tmp_path):
    html = (
        '<html><head><title>Leave - GOV.UK</title><meta name="govuk:withdrawn" content="withdrawn"></head><body><main>'
        '<section class="gem-c-notice"><h2>This was withdrawn on <time datetime="2020-03-31T10:00:00+01:00">then</time>'
        '</h2><div class="gem-c-govspeak"><p>The scheme has ended.</p></div></section>'
        "<p>You get 25 days.</p></main></body></html>"
    )

    imprint = taken(written(tmp_path / "leave.html", html)).imprint

    assert (imprint.state, imprint.withdrawn_at, imprint.reason) == (
        "withdrawn", date(2020, 3, 31), "The scheme has ended."
    )  # fmt: skip


def test_an_html_page_is_known_by_its_canonical_address(tmp_path):
    html = (
        '<html><head><title>Leave - GOV.UK</title><link rel="canonical" href="https://www.gov.uk/leave"></head>'
        "<body><main><p>You get 25 days.</p></main></body></html>"
    )
    document = taken(written(tmp_path / "saved page.html", html))

    assert (document.id, document.imprint.title, document.imprint.url) == ("leave", "Leave", "https://www.gov.uk/leave")


def test_what_has_no_address_is_known_by_its_path_below_the_folder(tmp_path):
    written(tmp_path / "pay" / "sick.html", "<p>Text</p>")
    written(tmp_path / "pay" / "sick-note.md", "Text")

    assert [item.document.id for item in read_files([tmp_path], {})] == ["pay/sick-note", "pay/sick"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.md", b"caf\x81", "is not UTF-8 (byte 3); save it as UTF-8"),
        ("a.txt", b"text\0more", "is binary, not text; export it as text"),
        ("a.md", b"", "is empty; there is nothing to index"),
        ("a.md", b"---\ntitle: x\n---\n", "has no text that can be read; check what it contains"),
        ("a.html", b"<main><script>x()</script></main>", "has no text that can be read; check what it contains"),
        ("a.md", b"---\ntitle: 'x\n---\ntext", "has front matter that is not YAML"),
        ("a.md", b"---\n- x\n---\ntext", "has front matter that is not a list of `name: value` lines; mend it"),
        ("a.md", b"---\nfacts_as_of: soon\n---\ntext", "has facts_as_of 'soon', which is no date"),
        ("a.md", b"---\nstate: odd\n---\ntext", "has the unknown state 'odd'; it may be current, superseded"),
        ("a.json", b"{", "is not valid JSON; fetch it again"),
        ("a.json", b"[" * 100_000, "is not valid JSON; fetch it again"),
        ("a.json", b"[1]", "is not a GOV.UK page: it is not one JSON object"),
        ("a.json", b'{"title": "x"}', "is not a GOV.UK page: it needs a `title` and `details`"),
        ("a.json", b'{"title": "x", "details": {"body": 3}}', "has no text that can be read"),
        ("a.png", b"\x89PNG", "has the unknown format '.png'; save it as one of"),
        ("a.pdf", b"%PDF", "is not a PDF, or is broken; open it, save it afresh and try again"),
        ("x" * 200 + ".txt", b"", "is empty"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(tmp_path, name, content, reason):
    assert refusal(written(tmp_path / name, content)).startswith(reason)


def test_a_file_of_more_than_20_mb_is_refused_without_being_read(tmp_path):
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)

    assert refusal(path) == "has 20971521 bytes, more than 20971520; split it"


def test_what_cannot_be_opened_is_refused(tmp_path):
    link = tmp_path / "gone.md"
    link.symlink_to(tmp_path / "nowhere")
    pipe = tmp_path / "pipe.md"
    os.mkfifo(pipe)

    assert refusal(link).startswith("cannot be read (No such file or directory)")
    assert refusal(pipe).startswith("is not an ordinary file")


def test_a_path_that_does_not_exist_stops_before_anything_is_read(tmp_path):
    with pytest.raises(DocumentError, match=r"nowhere does not exist; name a folder of guidance or a file"):
        read_files([tmp_path, tmp_path / "nowhere"], {})


def test_a_folder_gives_each_of_its_files_once_and_says_why_one_is_not_read(tmp_path):
    for name in ["b.md", "a/c.html", "README.md", "sources.yaml", "logo.png", "data.tsv", ".hidden.md", ".git/x.md",
                 ".git/y/z.md", "~$b.docx", "old.ZIP", "a/LICENCE"]:  # fmt: skip
        written(tmp_path / name, "<p>Text</p>")
    written(tmp_path / "scan.pdf", b"%PDF")
    (tmp_path / "elsewhere").symlink_to(tmp_path / "a", target_is_directory=True)

    reading = read_files([tmp_path, tmp_path / "b.md"], {})

    outcomes: list[IngestResult] = list(reading)
    refused = {Path(each.path).name for each in outcomes if isinstance(each, FileRejected)}
    assert [each.document.id for each in outcomes if isinstance(each, IngestedFile)] == ["a/c", "b"]
    assert refused == {"logo.png", "data.tsv", "old.ZIP", "LICENCE", "scan.pdf", "elsewhere"}
    assert [Path(each.path).name for each in reading.passed_over] == [
        ".git", ".hidden.md", "README.md", "sources.yaml", "~$b.docx"
    ]  # fmt: skip
    assert len(reading) == len(outcomes) == 8
    assert reading.roots == (tmp_path,)


def test_an_archive_is_refused_with_the_way_out(tmp_path):
    assert refusal(written(tmp_path / "papers.zip", b"PK")) == (
        "is in the format .zip, which cannot be read; unpack it, and give the files inside"
    )


def test_a_folder_that_may_not_be_opened_is_refused(tmp_path, monkeypatch):
    written(tmp_path / "closed" / "a.md", NOTE)
    scandir = os.scandir

    def refusing(path: str):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)

    [item] = read_files([tmp_path], {})

    assert item == FileRejected(
        str(tmp_path / "closed"), "cannot be opened (Permission denied); let humphrey read this folder"
    )


def test_a_file_that_is_as_it_was_is_not_read_again(tmp_path):
    path = written(tmp_path / "a.md", NOTE)
    [first] = read_files([tmp_path], {})
    assert isinstance(first, IngestedFile)
    known = {first.source.place: first.source.digest}

    assert list(read_files([tmp_path], known)) == [UnchangedFile(first.source)]
    written(path, NOTE + "More.")
    assert isinstance(next(iter(read_files([tmp_path], known))), IngestedFile)


def test_a_place_names_the_folder_and_the_file(tmp_path):
    [item] = read_files([written(tmp_path / "x" / "a.md", NOTE).parent.parent / "x" / ".." / "x"], {})

    assert isinstance(item, IngestedFile)
    assert (item.source.root, item.source.path) == (str(tmp_path / "x"), str(tmp_path / "x" / "a.md"))
