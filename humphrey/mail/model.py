"""Letters by e-mail: their attachments, and the protocols that compose and send them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from email.message import EmailMessage


@dataclass(frozen=True)
class Attachment:
    """A file attached to a letter: its name, its media type such as `application/pdf`, and its bytes."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class ComposedEmail:
    """A composed e-mail: the recipient's address and the bytes to be sent."""

    to: str
    content: bytes


class Mail(Protocol):
    """Sends letters."""

    def send(self, to: str, subject: str, text: str, message_id: str, attachments: Sequence[Attachment] = ()) -> str:
        """Send one letter to one address and return a receipt with the server's name and answer.

        Args:
            to: the address.
            subject: one line.
            text: the body.
            message_id: the letter's permanent id, of letters, digits, `.`, `-` and `_`. A letter sent again has the
                same one, so that a mail program recognises the duplicate.
            attachments: files to attach.

        Raises:
            Undeliverable: the server will never accept it; the message gives the reason.
            DeliveryError: the server did not accept it now.
        """


class MailTransport(Protocol):
    """Composes letters and sends them in two steps, so that the bytes can be checked in between."""

    def write(self, to: str, subject: str, text: str, message_id: str) -> ComposedEmail:
        """Compose a letter as it will be sent.

        Raises:
            Undeliverable: the address is invalid.
        """

    def post(self, written: ComposedEmail) -> str:
        """Send a composed letter and return the receipt, as `Mail.send` does."""


def body_of(content: bytes) -> str:
    """Return the text of an e-mail, read back from its bytes; empty if it has none."""
    body = _read(content).get_body(("plain",))
    return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""


def address_of(content: bytes) -> str:
    """Return the recipient's address of an e-mail, read back from its bytes."""
    return str(_read(content)["To"])


def _read(content: bytes) -> "EmailMessage":
    # Imported here, because every command imports this module and few read an e-mail.
    from email.parser import BytesParser
    from email.policy import SMTP

    return BytesParser(policy=SMTP).parsebytes(content)
