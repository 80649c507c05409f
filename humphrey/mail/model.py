"""Letters by e-mail: their attachments, and the protocol that sends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Attachment:
    """A file attached to a letter: its name, its media type such as `application/pdf`, and its bytes."""

    name: str
    kind: str
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
