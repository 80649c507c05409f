"""Places outside humphrey that take a signed head of the ledger: a file that only grows, and a letter."""

import os
from collections.abc import Callable
from pathlib import Path

from humphrey.core.heads import Head, to_line
from humphrey.core.letters import Mail
from humphrey.errors import RecordError


def append_to(path: Path) -> Callable[[Head], None]:
    """Takes heads as lines at the end of a file; nothing that stands in it is touched or read."""

    def take(head: Head) -> None:
        line = (to_line(head) + "\n").encode()
        try:
            # Opened for nothing but adding, so that it also works where that is all humphrey's account may do.
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
    """Takes heads as letters to one address, each under a name of its own."""

    def take(head: Head) -> None:
        subject = f"Humphrey's record: entry {head.n}"
        text = (
            "This is the newest entry of humphrey's record, signed. Keep this letter where whoever runs humphrey\n"
            "cannot change it. To check that the record still holds this entry and everything before it, save the\n"
            "line below in a file and run: humphrey ledger verify --heads FILE\n\n"
            f"{to_line(head)}\n"
        )
        mail.send(address, subject, text, f"head-{head.n}-{head.seal.removeprefix('sha256:')[:16]}")

    return take
