"""The parts of an e-mail in their order: what is read, what was forwarded in it, and what is only named."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from humphrey.documents.readers.encodings import declared_encoding, decoded
from humphrey.documents.readers.mail.flowed import unflowed
from humphrey.documents.readers.markup import from_html
from humphrey.documents.readers.plain_text import PlainText, clean, counting, from_text, omit
from humphrey.text.sentences import words

_DEEPEST = 10
"""The deepest level of parts in parts, or of e-mails in e-mails, that is read; deeper ones are named."""


_STUB = 30
"""Words that a version must have more than another, and three times as many, for the other to be a mere stub."""


@dataclass(frozen=True)
class MailText:
    """Words of the e-mail itself; `rich` if they were a page."""

    plain: PlainText
    rich: bool


@dataclass(frozen=True)
class Forwarded:
    """An e-mail in the e-mail."""

    message: EmailMessage


@dataclass(frozen=True)
class Attached:
    """A part that is not read, by its name, or by its kind if it has none."""

    name: str


MailPart = MailText | Forwarded | Attached


def parts_of(message: EmailMessage, depth: int = 0) -> Iterator[MailPart]:
    """Yield the parts of an e-mail, or of a part of one, in their order; of several versions of a text only one."""
    kind = message.get_content_type()
    inside = (
        [part for part in message.get_payload() if isinstance(part, EmailMessage)] if message.is_multipart() else []
    )
    if kind == "message/rfc822" and inside and depth < _DEEPEST:
        yield Forwarded(inside[0])
    elif message.is_attachment() or (inside and (depth >= _DEEPEST or message.get_content_maintype() != "multipart")):
        yield Attached(_name(message))
    elif kind == "multipart/alternative":
        yield from _one_version([list(parts_of(part, depth + 1)) for part in inside])
    elif inside:
        for part in inside:
            yield from parts_of(part, depth + 1)
    # A message whose parts cannot be told apart is one text.
    elif kind in {"text/plain", "text/html"} or message.get_content_maintype() == "multipart":
        yield from _text(message, rich=kind == "text/html")
    else:
        yield Attached(_name(message))


def _text(part: EmailMessage, *, rich: bool) -> Iterator[MailPart]:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        content = str(part.get_payload()).encode("utf-8", "surrogateescape")
    named = part.get_content_charset("")
    if rich:
        plain = from_html(decoded(content, named or declared_encoding(content)), "-")
    else:
        text = decoded(content, named)
        flowed = str(part.get_param("format", "")).lower() == "flowed"
        plain = from_text(
            unflowed(text, delete_blank=str(part.get_param("delsp", "")).lower() == "yes") if flowed else text
        )
    if plain.text:
        yield MailText(plain, rich)
    if part.get_filename():
        yield Attached(_name(part))


def _one_version(versions: Sequence[Sequence[MailPart]]) -> Iterator[MailPart]:
    """Yield the parts of the version that is read, and what it does not hold of the others: files and further texts."""
    read = _chosen(versions)
    yield from read
    taken = [part.plain.text for part in read if isinstance(part, MailText)]
    for version in versions:
        if version is read:
            continue
        # The first text of a version is the same text once more; what follows it is not.
        first = next((part for part in version if isinstance(part, MailText)), None)
        for part in version:
            if not isinstance(part, MailText):
                yield part
            elif not _holds(taken, part.plain.text):
                if part is first:
                    omit("version", part.plain.text)
                else:
                    yield part


def _chosen(versions: Sequence[Sequence[MailPart]]) -> Sequence[MailPart]:
    """Return the version in plain text, unless it is empty or a mere stub of another; else the last, the richest."""
    with_words = [version for version in versions if _count(version)]
    plain = [each for each in with_words if not any(part.rich for part in each if isinstance(part, MailText))]
    longest = max(with_words, key=_count, default=())
    if plain and _count(longest) < max(_count(plain[0]) + _STUB, 3 * _count(plain[0])):
        return plain[0]
    return longest if plain else (with_words or versions or [()])[-1]


def _count(version: Sequence[MailPart]) -> int:
    return sum(len(part.plain.text.split()) for part in version if isinstance(part, MailText))


def _holds(taken: Sequence[str], text: str) -> bool:
    return not Counter(words(text)) - Counter(word for each in taken for word in words(each))


def _name(part: EmailMessage) -> str:
    with counting(None):
        return " ".join(clean(part.get_filename() or part.get_content_type()).split())
