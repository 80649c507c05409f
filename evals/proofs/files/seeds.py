"""Small files of every format, made here: the fuzzer's seeds, and the good files among hostile ones."""

import io
import zipfile

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


_ODF = "urn:oasis:names:tc:opendocument:xmlns"


_WORDS = "Each request is answered within twenty working days."


def packed(**files: str | bytes) -> bytes:
    """Return a zip archive; two underscores in a name stand for a slash, one for a full stop."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in files.items():
            written.writestr(name.replace("__", "/").replace("_", "."), content)
    return archive.getvalue()


def docx(body: str) -> bytes:
    """Return a Word file with this body."""
    return packed(word__document_xml=f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>')


def odt(body: str) -> bytes:
    """Return an OpenDocument text with this body."""
    spaces = " ".join(f'xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "text", "table", "style"))
    return packed(
        content_xml=f"<office:document-content {spaces}><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )


def pdf(pages: int, words: str = _WORDS) -> bytes:
    """Return a PDF with the same words on each page."""
    drawn = f"BT /F1 12 Tf 72 700 Td ({words}) Tj ET"
    kids = " ".join(f"{n + 5} 0 R" for n in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
    ]
    page = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
    )
    objects += [page] * pages
    out, places = bytearray(b"%PDF-1.4\n"), []
    for n, each in enumerate(objects, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n{each}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    tail = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    )
    return bytes(out) + f"{tail}startxref\n{len(out)}\n%%EOF\n".encode()


_PARAGRAPH = (
    '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    f"<w:r><w:t>{_WORDS}</w:t></w:r></w:p>"
    f"<w:tbl><w:tr><w:tc><w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Day</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)


SEEDS: dict[str, bytes] = {
    ".md": f"---\ntitle: Limits\nfacts_as_of: 2026-01-05\n---\n# Limits\n\n- {_WORDS} [^1]\n\n"
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n*[FOI]: Freedom of Information\n\n"
    "> [a link](https://guidance.example) `code` **bold**\n".encode(),
    ".html": '<html lang="en"><head><title>T</title><link rel="canonical" href="https://guidance.example/a"></head>'
    f"<body><main><h1>Limits</h1><p hidden>x</p><ul><li>{_WORDS}<ol><li>a</ol></ul><table><tr><th colspan=2>A"
    '<td rowspan=2>1<tr><td>2</table><a href="#fn:1">1</a><abbr title="Freedom">F</abbr></main></body></html>'.encode(),
    ".json": b'{"title": "Limits", "base_path": "/limits", "schema_name": "guide",'
    b' "public_updated_at": "2026-01-05T10:00:00Z",'
    b' "details": {"parts": [{"title": "One", "body": "<p>Words</p>"}], "body": "$CTA\\nwords\\n$CTA"},'
    b' "links": {"organisations": [{"title": "Office"}]}, "withdrawn_notice": {"explanation": "<p>Old</p>"}}',
    ".txt": f"Limits\n\n{_WORDS}\n".encode(),
    ".eml": f"From: a@example.org\nTo: b@example.org\nDate: Mon, 5 Jan 2026 10:00:00 +0000\nSubject: Limits\n"
    f'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/html; charset=utf-8\n'
    f"Content-Transfer-Encoding: quoted-printable\n\n<p>{_WORDS}=20</p>\n--x\n"
    "Content-Type: application/pdf; name=a.pdf\n"
    f"Content-Disposition: attachment; filename=a.pdf\n\nx\n--x--\n".encode(),
    ".docx": docx(_PARAGRAPH),
    ".odt": odt(f'<text:h text:outline-level="1">Limits</text:h><text:list><text:list-item><text:p>{_WORDS}<text:note>'
    "<text:note-body><text:p>n</text:p></text:note-body></text:note></text:p></text:list-item></text:list>"),
    ".pdf": pdf(2),
}  # fmt: skip
"""One file of each format, with what its reader looks for."""
