"""Files that are made to use up the one who reads them: nesting, bombs, long lines, huge tables, many words."""

import io
import zipfile
from collections.abc import Mapping

from evals.proofs.files.seeds import SEEDS, docx, odt, pdf

_LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n + 1} '&a{n};&a{n};'>" for n in range(30)) + "]>"


def good() -> Mapping[str, bytes]:
    """Return a small file of each format that must be read."""
    return {f"good{suffix}": content for suffix, content in SEEDS.items()}


def quick() -> Mapping[str, bytes]:
    """Return files that are refused or read within seconds."""
    return {
        "nested-div.html": b"<div>" * 19_400 + b"x",
        "nested-tables.html": b"<table><tr><td>" * 20_000 + b"words",
        "wide-row.html": b"<table><tr>" + b'<td colspan="50">words</td>' * 20_000,
        "attributes.html": b"<div " + b" ".join(b"a%d=1" % n for n in range(10_000)) + b">x</div>",
        "quotes.md": b"> " * 30_000 + b"x",
        "brackets.md": b"x[" * 100_000,
        "front-matter.md": b"---\ntitle: " + b"[" * 20_000 + b"\n---\nx",
        "wide-table.md": b"|" * 1000 + b"\n" + b"|-" * 1000 + b"\n" + (b"|x" * 1000 + b"\n") * 500,
        "deep.json": b'{"title": "t", "details": {"body": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        "deep.eml": b"From: a\nContent-Type: multipart/mixed; boundary=x0\n\n" + b"".join(
            b"--x%d\nContent-Type: multipart/mixed; boundary=x%d\n\n" % (n, n + 1) for n in range(3000)
        ),
        "recipients.eml": b"From: " + b"a@b, " * 20_000 + b"\nSubject: x\n\nhello",
        "laughs.docx": _archive("word/document.xml", f"{_LAUGHS}<x>&a30;</x>".encode()),
        "bomb.docx": _archive("word/document.xml", b"<x>" + b" " * 60_000_000 + b"</x>"),
        "steep.odt": _archive("content.xml", b"<x>" + b" " * 8_000_000 + b"</x>"),
        "deep.odt": odt("<text:section>" * 5000 + "x" + "</text:section>" * 5000),
        "deep.docx": docx("<w:tbl><w:tr><w:tc>" * 400 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 400),
        "pages.pdf": pdf(3_001),
        "one-word.txt": b"w" * 19_000_000,
        "words.txt": b"Some words, and more. " * 860_000,
    }  # fmt: skip


def slow() -> Mapping[str, bytes]:
    """Return files that reach the limit of time or memory."""
    return {
        "nested-div-1-mb.html": b"<div>" * 200_000 + b"x",
        "nested-list.html": b"<ul><li>" * 100_000 + b"x",
        "encoded-words.eml": b"From: a\nSubject: " + b"=?utf-8?q?a?= " * 40_000 + b"\n\nhello",
        "parameters.eml": b"From: x\nContent-Type: text/plain; " + b"a*0=x; " * 60_000 + b"\n\nhello",
        "aliases.md": _aliases(12),
        "rows.docx": docx(
            "<w:tbl>" + "<w:tr><w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr>" * 150_000 + "</w:tbl>"
        ),
        "pages.pdf": pdf(3_000, "words " * 600),
        "blank-lines.txt": b"x\n \n" * 4_500_000,
        "cells.html": b"<table>" + b"<tr><td>a<td>b<td>c" * 200_000,
    }


def _archive(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def _aliases(levels: int) -> bytes:
    """Return Markdown whose front matter grows eightfold with each level."""
    lines = ["a0: &a0 [x]", *(f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 8)}]" for n in range(levels))]
    return ("---\n" + "\n".join(lines) + f"\ntitle: *a{levels}\n---\nx\n").encode()
