"""Our own inputs as files: text as it is written, and Word and OpenDocument files around their body."""

import io
import zipfile

from evals.documents.comparing import Expected

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


_WORD_SPACES = " ".join(
    f'xmlns:{name}="{address}"'
    for name, address in {
        "w": _W,
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)


_NAMES = {"svg": "svg-compatible", "fo": "xsl-fo-compatible", "draw": "drawing"}


_ODF_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{_NAMES.get(name, name)}:1.0"'
    for name in ("office", "text", "table", "style", "draw", "fo", "svg", "form")
)


def made(suffix: str, wanted: Expected) -> bytes:
    """Return the content of an input of our own."""
    if suffix == ".docx":
        return _word(wanted)
    if suffix == ".odt":
        return _opendocument(wanted)
    return wanted.content.encode()


def _word(wanted: Expected) -> bytes:
    parts = {
        "word/document.xml": f"<w:document {_WORD_SPACES}><w:body>{wanted.content}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {_WORD_SPACES}>{wanted.styles}</w:styles>",
    }
    if wanted.comments:
        parts["word/comments.xml"] = f"<w:comments {_WORD_SPACES}>{wanted.comments}</w:comments>"
    return _zipped(parts)


def _opendocument(wanted: Expected) -> bytes:
    body = f"<office:body><office:text>{wanted.content}</office:text></office:body>"
    styles = f"<office:automatic-styles>{wanted.styles}</office:automatic-styles>"
    content = f"<office:document-content {_ODF_SPACES}>{styles}{body}</office:document-content>"
    return _zipped({"content.xml": content, "META-INF/manifest.xml": "<m/>"})


def _zipped(parts: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts.items():
            archive.writestr(name, xml)
    return packed.getvalue()
