"""Publication targets outside humphrey for a signed ledger head: an append-only file, and an e-mail."""

import os
from collections.abc import Callable
from pathlib import Path

from humphrey.errors import RecordError
from humphrey.ledger.heads import Head, to_line
from humphrey.mail.model import Mail


def append_to(path: Path) -> Callable[[Head], None]:
    """Return a function that appends heads to a file as lines; existing content is neither read nor changed."""

    def take(head: Head) -> None:
        line = (to_line(head) + "\n").encode()
        try:
            # Append-only, so that it also works where the account has no other right on the file.
            file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                if os.write(file, line) != len(line):
                    raise RecordError(f"the head could not be written whole to {path}; make room there")
                os.fsync(file)
            finally:
                os.close(file)
        except OSError as error:
            raise RecordError(
                f"the head cannot be added to {path} ({error.strerror}); see HUMPHREY_RECORD__PUBLISH_FILE"
            ) from None

    return take


def mail_to(mail: Mail, address: str) -> Callable[[Head], None]:
    """Return a function that e-mails heads to one address, each under a Message-ID of its own."""

    def take(head: Head) -> None:
        subject = f"Humphrey's record: entry {head.n}"
        text = (
            "This is the newest entry of humphrey's record, signed. Keep this letter where the humphrey administrator\n"
            "cannot change it. To check that the record still holds this entry and everything before it, save the\n"
            "line below in a file and run: humphrey ledger verify --heads FILE\n\n"
            f"{to_line(head)}\n"
        )
        mail.send(address, subject, text, f"head-{head.n}-{head.seal.removeprefix('sha256:')[:16]}")

    return take
