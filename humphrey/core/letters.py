"""Letters by e-mail: what goes with one, and who sends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a letter: its name, its media type such as `application/pdf`, and its bytes."""

    name: str
    kind: str
    content: bytes


class Mail(Protocol):
    """Sends letters."""

    def send(self, to: str, subject: str, text: str, message_id: str, attachments: Sequence[Attachment] = ()) -> str:
        """Send one letter to one address; the receipt says which server took it and what it answered.

        Args:
            to: the address.
            subject: one line.
            text: the words.
            message_id: names the letter for good, letters, digits, `.`, `-` and `_`. The same letter sent again bears
                the same one, by which a mail program knows that it has it already.
            attachments: what goes with it.

        Raises:
            Undeliverable: the server will never take it, for the reason that is named.
            DeliveryError: it did not take it now.
        """
