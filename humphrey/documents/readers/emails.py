"""E-mails become documents: sender, recipients, date, subject, body and the names of the attachments."""

import email
from datetime import date
from email.headerregistry import DateHeader
from email.message import EmailMessage
from email.policy import default

from humphrey.documents.model import Document, Imprint
from humphrey.documents.readers.base import RawFile, build_document
from humphrey.documents.readers.markup import from_html
from humphrey.documents.readers.plain_text import PlainText, PlainTextWriter, clean, counting, from_text
from humphrey.errors import DocumentError

_HEADERS = ("From", "To", "Cc", "Date", "Subject")


def read_email(raw: RawFile) -> Document:
    """Return an e-mail as a document titled with its subject; the body is its plain text, else its HTML.

    Raises:
        DocumentError: the content is no e-mail, or has neither text nor attachments.
    """
    message = email.message_from_bytes(raw.content, policy=default)
    if not isinstance(message, EmailMessage) or not any(name in message for name in ("From", "Date", "Subject")):
        raise DocumentError("is not an e-mail: it has neither sender, date nor subject; save it from the mail program")
    with counting(None):
        title = _header(message, "Subject") or raw.title
    body = _body(message)
    attached = [_name(part) for part in message.iter_attachments()]
    if not body.text and not attached:
        raise DocumentError("is an e-mail without words; leave it out")
    writer = PlainTextWriter(title)
    for name in _HEADERS:
        value = _header(message, name)
        writer.block(f"{name}: {value}" if value else "", item=True)
    writer.copy(body)
    if attached:
        writer.block("Attachments: " + "; ".join(attached), item=False)
    return build_document(raw.id, Imprint(title, "", updated=_sent(message)), writer.plain(body.short), body.margins)


def _header(message: EmailMessage, name: str) -> str:
    try:
        value = str(message.get(name, ""))
    except (AttributeError, IndexError):
        # Python's own reader of addresses fails on some malformed ones, which are shown as they are written.
        value = next((str(raw) for key, raw in message.raw_items() if key.lower() == name.lower()), "")
    return " ".join(clean(value).split())


def _sent(message: EmailMessage) -> date | None:
    found = message.get("Date")
    moment = found.datetime if isinstance(found, DateHeader) else None
    return moment.date() if moment is not None else None


def _body(message: EmailMessage) -> PlainText:
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        text = _text(part) if isinstance(part, EmailMessage) else ""
        plain = from_text(text) if kind == "plain" else from_html(text, _header(message, "Subject"))
        if plain.text:
            return plain
    return PlainText("", "")


def _text(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):
        # Some mail programs name a character set that does not exist, or none that could.
        return content.decode("utf-8", "replace")


def _name(part: EmailMessage) -> str:
    return " ".join(clean(part.get_filename() or part.get_content_type()).split())
