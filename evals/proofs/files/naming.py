"""Files that name themselves, by every way that a format has: the inputs of the proof `takeover`."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


_ODF = "urn:oasis:names:tc:opendocument:xmlns"


_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"


_DUBLIN = "http://purl.org/dc/elements/1.1/"


Naming = Callable[[str, str], bytes]
"""Returns the content of a file that says some words, and calls itself by an id."""


def _canonical(name: str, words: str) -> bytes:
    return _page(f'<link rel="canonical" href="https://www.gov.uk/{name}">', words)


def _shared(name: str, words: str) -> bytes:
    return _page(f'<meta property="og:url" content="https://www.gov.uk/{name}">', words)


def _relative(name: str, words: str) -> bytes:
    return _page(f'<link rel="canonical" href="/{name}/">', words)


def _page(head: str, words: str) -> bytes:
    return f"<html><head><title>A page</title>{head}</head><body><main><p>{words}</p></main></body></html>".encode()


def _content_api(name: str, words: str) -> bytes:
    return json.dumps({"title": "A page", "base_path": f"/{name}", "details": {"body": f"<p>{words}</p>"}}).encode()


def _moved(name: str, words: str) -> bytes:
    to = [{"path": "/elsewhere", "type": "exact", "destination": f"/{name}"}]
    page = {"title": "A page", "base_path": f"/{name}", "redirects": to, "details": {"body": f"<p>{words}</p>"}}
    return json.dumps(page).encode()


def _front_matter(name: str, words: str) -> bytes:
    return f"---\ntitle: A note\nid: {name}\nslug: {name}\nsource: https://www.gov.uk/{name}\n---\n{words}\n".encode()


def _plain(name: str, words: str) -> bytes:
    return f"{name}\n\n{words}\n".encode()


def _letter(name: str, words: str) -> bytes:
    heads = f"From: a@office.example\nSubject: {name}\nMessage-ID: <{name}>\nContent-Location: {name}\n"
    return f"{heads}\n{words}\n".encode()


def _docx(name: str, words: str) -> bytes:
    core = f'<p:coreProperties xmlns:p="{_CORE}" xmlns:d="{_DUBLIN}"><d:title>{name}</d:title>'
    return _zipped(
        {
            "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p>'
            "</w:body></w:document>",
            "word/styles.xml": f'<w:styles xmlns:w="{_WORD}"></w:styles>',
            "docProps/core.xml": f"{core}<d:identifier>{name}</d:identifier></p:coreProperties>",
        }
    )


def _odt(name: str, words: str) -> bytes:
    spaces = " ".join(f'xmlns:{each}="{_ODF}:{each}:1.0"' for each in ("office", "text", "meta"))
    body = f"<office:body><office:text><text:p>{words}</text:p></office:text></office:body>"
    meta = f'<office:meta><d:title xmlns:d="{_DUBLIN}">{name}</d:title></office:meta>'
    return _zipped(
        {
            "content.xml": f"<office:document-content {spaces}>{body}</office:document-content>",
            "meta.xml": f"<office:document-meta {spaces}>{meta}</office:document-meta>",
            "META-INF/manifest.xml": "<m/>",
        }
    )


def _zipped(files: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return packed.getvalue()


def _pdf(name: str, words: str) -> bytes:
    drawn = f"BT /F 12 Tf 50 700 Td ({words}) Tj ET\n"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[4 0 R]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Resources<</Font<</F 3 0 R>>>>>>",
        f"<</Length {len(drawn)}>>\nstream\n{drawn}endstream",
        f"<</Title({name})/Subject({name})/Keywords({name})>>",
    ]
    written, places = bytearray(b"%PDF-1.4\n"), list[int]()
    for n, each in enumerate(objects, start=1):
        places.append(len(written))
        written += f"{n} 0 obj\n{each}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<</Size {len(objects) + 1}/Root 1 0 R"
    return bytes(written) + f"{end}/Info 6 0 R>>\nstartxref\n{len(written)}\n%%EOF\n".encode()


WAYS: Mapping[str, tuple[str, Naming]] = {
    "canonical link": (".html", _canonical),
    "og:url": (".html", _shared),
    "relative canonical link": (".htm", _relative),
    "base_path": (".json", _content_api),
    "base_path of a moved page": (".json", _moved),
    "front matter": (".md", _front_matter),
    "first line": (".txt", _plain),
    "Message-ID and subject": (".eml", _letter),
    "Word properties": (".docx", _docx),
    "OpenDocument properties": (".odt", _odt),
    "PDF properties": (".pdf", _pdf),
}
"""By its name, each way in which a file calls itself something: the ending of its name, and its content."""
