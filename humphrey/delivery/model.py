"""Values of delivery: outlets, receipts, and the waits between attempts."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from humphrey.clearance.gate import Release
from humphrey.mail.model import MailTransport
from humphrey.papers.destinations import Destination, Format

ATTEMPTS = 20
"""Attempts before a release is set aside for an administrator; with the waits between them, about fourteen hours."""


_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


_SPREAD = 0.25
"""The largest share of a wait that is taken off."""


@dataclass(frozen=True)
class Receipt:
    """An outlet's proof of delivery: a sentence, and the digest of the bytes that it sent."""

    text: str
    digest: str


Send = Callable[[Release], Receipt]
"""Sends a release.

Raises:
    Undeliverable: the outlet will never accept it; it is set aside at once.
    DeliveryError: the outlet did not accept it now.
"""


class Export(Protocol):
    """Makes files of releases."""

    def __call__(self, release: Release, form: Format) -> bytes:
        """Return the bytes of the file, after `check` has passed them.

        Raises:
            Undeliverable: the format cannot show the text as it was approved.
        """

    def check(self, content: bytes, release: Release, form: Format) -> str:
        """Return the digest of the approved text as found in a file's bytes.

        Raises:
            Undeliverable: the bytes show any other text.
        """


@dataclass(frozen=True)
class OutletParts:
    """What outlets may need to send; `mail` is None without a mail server.

    Args:
        folder: the folder for released files.
        form: the file format if the commission names none.
        titles: the title of each kind of paper.
        exporter: builds what makes files.
        mail: composes and sends e-mails.
    """

    folder: Path
    form: Format
    titles: Mapping[str, str]
    exporter: Callable[[], Export]
    mail: MailTransport | None


@dataclass(frozen=True)
class Outlet:
    """A way for released texts to leave. Commands, pages, commissions and delivery ask it for all they need to know.

    Args:
        name: its name in commands, commissions and the database; it never changes.
        label: the choice that the asker is offered.
        words: how a text leaves by it, after "to NAME,".
        address_fault: returns the fault of an address as a sentence; empty if a text may go to it.
        connect: makes `send` from the parts; None if a setting is missing.
        address_label: the label of the field for the address; empty if the asker is not asked for one.
        settings: the settings that `connect` needs, for messages; empty if it needs none.
        on_pages: whether humphrey's own pages show the text, so that it is delivered the moment it is approved.
        send: sends a release; None until connected, or if a setting is missing.
    """

    name: str
    label: str
    words: str
    address_fault: Callable[[str], str]
    connect: Callable[[OutletParts], Send | None]
    address_label: str = ""
    settings: str = ""
    on_pages: bool = False
    send: Send | None = None

    @property
    def unavailable(self) -> str:
        """Return the sentence for an outlet that is not set up."""
        return f"nothing leaves {self.words} here yet; the administrator must set {self.settings}"

    def connected(self, parts: OutletParts) -> "Outlet":
        """Return the outlet with its `send`."""
        return replace(self, send=self.connect(parts))

    def destination(self, *, available: bool) -> Destination:
        """Return the outlet as a commission knows it."""
        return Destination(self.address_fault, "" if available else self.unavailable)


def wait_after(key: str, attempts: int) -> timedelta:
    """Return the wait after a failed delivery: twice as long each time, at most an hour.

    Up to a quarter is taken off. The share differs by release and attempt, so that releases that failed together, while
    their outlet was away, are not all tried again at once.

    Args:
        key: the key of the release.
        attempts: the number of earlier attempts since it was last put back.
    """
    longest = min(_FIRST_WAIT * (1 << min(attempts, 10)), _LONGEST_WAIT)
    share = hashlib.sha256(f"{key} {attempts}".encode()).digest()[0] / 255
    return longest * (1 - _SPREAD * share)


def out_of_attempts(attempts: int) -> bool:
    """Return whether to set a release aside after so many attempts; once put back, it has `ATTEMPTS` more."""
    return attempts % ATTEMPTS == 0
