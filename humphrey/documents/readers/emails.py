"""E-mails become documents: sender, recipients, date and subject, every text in its order, and the names of the rest.

An e-mail that was forwarded as an attachment is read like the one around it.
"""

import email
from datetime import date
from email.headerregistry import DateHeader
from email.message import EmailMessage
from email.policy import default

from humphrey.documents.model import Document, Imprint
from humphrey.documents.readers.base import RawFile, build_document
from humphrey.documents.readers.encodings import decoded
from humphrey.documents.readers.mail.parts import Attached, Forwarded, MailText, parts_of
from humphrey.documents.readers.plain_text import PlainTextWriter, clean, counting, omit
from humphrey.errors import DocumentError

_HEADERS = ("From", "To", "Cc", "Date", "Subject")


_DEEPEST = 10
"""The most e-mails inside one another that are read; deeper ones are named."""


def read_email(raw: RawFile) -> Document:
    """Return an e-mail as a document titled with its subject.

    Raises:
        DocumentError: the content is no e-mail, or has neither text nor attachments.
    """
    message = email.message_from_bytes(raw.content, policy=default)
    if not isinstance(message, EmailMessage) or not any(name in message for name in ("From", "Date", "Subject")):
        raise DocumentError("is not an e-mail: it has neither sender, date nor subject; save it from the mail program")
    with counting(None):
        title = _header(message, "Subject") or raw.title
    writing = _Writing(title)
    if not writing.add(message, 0):
        raise DocumentError("is an e-mail without words; leave it out")
    plain = writing.writer.plain(writing.short)
    return build_document(raw.id, Imprint(title, "", updated=_sent(message)), plain, "\n".join(writing.margins))


class _Writing:
    """The text of an e-mail as it is written, with what its pages hide and have around them."""

    def __init__(self, title: str) -> None:
        self.writer = PlainTextWriter(title)
        self.short: dict[str, str] = {}
        self.margins: list[str] = []

    def add(self, message: EmailMessage, depth: int) -> bool:
        """Add an e-mail, its texts in their order and the names of what was attached; return whether it has any."""
        for name in _HEADERS:
            value = _header(message, name)
            self.writer.block(f"{name}: {value}" if value else "", item=True)
        parts = list(parts_of(message))
        attached = [part.name for part in parts if isinstance(part, Attached)]
        for part in parts:
            if isinstance(part, MailText):
                self.writer.copy(part.plain)
                self.short |= part.plain.short
                self.margins.append(part.plain.margins)
            elif isinstance(part, Forwarded) and depth < _DEEPEST:
                self.writer.block("Forwarded e-mail:", item=False)
                self.add(part.message, depth + 1)
            elif isinstance(part, Forwarded):
                attached.append(_header(part.message, "Subject") or "message/rfc822")
        for each in attached:
            omit("attachment", each)
        if attached:
            self.writer.block("Attachments: " + "; ".join(attached), item=False)
        return bool(parts)


def _header(message: EmailMessage, name: str) -> str:
    written = next((str(raw) for key, raw in message.raw_items() if key.lower() == name.lower()), "")
    try:
        # Letters beyond ASCII may stand in a header as they are, in no encoding that it could name.
        said = decoded(written.encode("utf-8", "surrogateescape"))
        value = str(default.header_factory(name, " ".join(said.splitlines())))
    except (AttributeError, IndexError):
        # Python's own reader of addresses fails on some malformed ones, which are shown as they are written.
        value = written
    return " ".join(clean(value).split())


def _sent(message: EmailMessage) -> date | None:
    found = message.get("Date")
    moment = found.datetime if isinstance(found, DateHeader) else None
    return moment.date() if moment is not None else None
