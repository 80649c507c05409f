"""Files that are broken, or made to do harm: each is refused with its reason, and the rest is read."""

import io
import json
import os
import re
import time
import zipfile
from pathlib import Path

import pytest

from humphrey.documents.ingest import FileRejected, IngestedFile
from humphrey.documents.readers import files
from tests.support.office_files import ODF, W, docx, odt, paragraph, zipped

SAVED = docx(paragraph("This note explains leave."))


LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")


LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY a{n} '&a;&a;'>" for n in range(30)) + "]>"
IN_UTF_16 = f'<?xml version="1.0" encoding="utf-16"?>{LAUGHS}<x>&a1;</x>'.encode("utf-16")


def bomb(name: str, root: str, size: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, root + " " * size + "</x>")
    return packed.getvalue()


def refusal(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    began = time.monotonic()
    [item] = files.read_files([path], {})
    assert time.monotonic() - began < 10
    assert isinstance(item, FileRejected), item
    return item.reason


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.docx", SAVED[: len(SAVED) // 2], "is not a Word file, or is broken"),
        ("a.docx", b"plain words", "is not a Word file, or is broken"),
        ("a.docx", zipped(other_xml="<x/>"), "is not a Word file, or is broken"),
        ("a.docx", zipped(word__document_xml="<w:document"), "holds XML that is broken"),
        ("a.docx", zipped(word__document_xml=f"{LAUGHS}<x>&a29;</x>"), "declares entities of its own"),
        ("a.docx", zipped(word__document_xml=IN_UTF_16), "declares entities of its own"),
        ("a.docx", bomb("word/document.xml", "<x>", 30_000_000), "unpacks to 30000007 bytes of text"),
        ("a.docx", LOCKED, "is locked with a password; save it without one"),
        ("a.docx", LOCKED[:8] + b"old", "is an old Office file, not a Word file; open it in Word"),
        ("a.docx", docx(paragraph("")), "has no text that can be read"),
        ("a.docx", zipped(word__document_xml=f'<w:document xmlns:w="{W}"/>'), "is broken (ValueError)"),
        ("a.odt", odt("<text:p/>"), "has no text that can be read"),
        (
            "a.odt",
            zipped(content_xml=f'<o:d xmlns:o="{ODF}:office:1.0"><o:body/></o:d>'),
            "is an OpenDocument file but",
        ),
        ("a.odt", odt("<text:section>" * 5000 + "x" + "</text:section>" * 5000), "is nested more than 200 deep"),
        ("a.md", b"---\nfacts_as_of: 2026-13-45\n---\nx", "has front matter that is not YAML (line 2); mend it"),
        ("a.docx", SAVED[:60] + b"\xff\xff" + SAVED[62:], "is not a Word file, or is broken"),
        ("a.doc", b"old", "is in the format .doc, which cannot be read; open it in Word or LibreOffice"),
        ("a.msg", b"old", "is in the format .msg, which cannot be read; save it from Outlook as .eml"),
        ("a.eml", b"", "is empty; there is nothing to index"),
        (
            "a.docx",
            docx("<w:tbl><w:tr><w:tc>" * 400 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 400),
            "is nested more",
        ),
    ],
)
def test_what_is_broken_or_hostile_is_refused_soon_and_with_its_reason(tmp_path, name, content, reason):
    assert refusal(tmp_path / name, content).startswith(reason)


def test_an_archive_of_moderate_size_that_hardly_packs_anything_is_refused(tmp_path):
    reason = refusal(tmp_path / "a.odt", bomb("content.xml", "<x>", 8_000_000))

    assert re.fullmatch(r"unpacks to \d{3,} times its size; leave it out", reason)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", "<table><tr><td>" * 20_000 + "words"),
        ("a.html", "<table><tr>" + '<td colspan="50">words</td>' * 20_000),
        ("a.html", "<table>" + '<tr><td rowspan="50">words</td><td>more</td>' * 5_000),
        ("a.md", "x[" * 100_000 + " words"),
        ("a.json", json.dumps({"title": "t", "details": {"body": "x[" * 100_000 + " words " + "$CTA " * 50_000}})),
        ("a.txt", "words" * 1_000_000),
    ],
)
def test_what_is_made_to_take_for_ever_is_read_soon(tmp_path, name, content):
    (tmp_path / name).write_text(content, encoding="utf-8")
    began = time.monotonic()

    [item] = files.read_files([tmp_path / name], {})

    assert isinstance(item, IngestedFile), item
    assert "words" in item.document.text
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", b'<link rel="canonical" href="https://[guidance.example/a"><main><h1>Leave</h1><p>words</main>'),
        ("a.eml", b"From: .<*0*=<\nTo: @:>\nSubject: Leave\n\nwords\n"),
        ("a.eml", b'From: a\nSubject: Leave\nContent-Type: text/plain; charset="utf\0-8"\n\nwords\n'),
    ],
)
def test_what_only_the_frame_of_a_file_gets_wrong_is_passed_over(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)

    [item] = files.read_files([tmp_path / name], {})

    assert isinstance(item, IngestedFile), item
    assert "words" in item.document.text
    assert item.document.imprint.url == ""


def test_one_broken_file_does_not_keep_the_others_out(tmp_path):
    (tmp_path / "a.docx").write_bytes(SAVED[:100])
    (tmp_path / "b.docx").write_bytes(SAVED)
    (tmp_path / "~$b.docx").write_bytes(b"kept by Word beside a file that is open")

    kinds = [type(item).__name__ for item in files.read_files([tmp_path], {})]

    assert kinds == ["FileRejected", "IngestedFile"]


def changing(monkeypatch: pytest.MonkeyPatch, path: Path, contents: list[str]) -> None:
    """A person writes to the file each time after it was looked at and before it is read, until nothing is left."""
    fstat = os.fstat

    def looked_at(descriptor: int) -> os.stat_result:
        seen = fstat(descriptor)
        if contents:
            path.write_text(contents.pop(), encoding="utf-8")
        return seen

    monkeypatch.setattr(files.os, "fstat", looked_at)


def test_a_file_that_goes_on_changing_while_it_is_read_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("Before.", encoding="utf-8")
    changing(monkeypatch, path, ["Third..", "Second."])

    outcomes = [next(iter(files.read_files([path], {}))) for _ in range(2)]

    reason = "changed while it was read; index it again when nobody is writing it"
    assert outcomes[0] == FileRejected(str(path), reason)
    assert isinstance(outcomes[1], IngestedFile)


def test_a_file_that_changed_once_while_it_was_read_is_read_again(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("Before.", encoding="utf-8")
    changing(monkeypatch, path, ["After.."])

    [item] = files.read_files([path], {})

    assert isinstance(item, IngestedFile)
    assert item.document.text == "After.."
