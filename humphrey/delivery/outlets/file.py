"""The outlet `file`: writes a released text as a file that a person can send on.

The file's name is made of the review's id and the file format, never of words from outside. So a second delivery of
the same release writes the same file again. The file gets that name only after its bytes were read back from the disk
and found to show the approved text.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import get_args

from humphrey.clearance.gate import Release
from humphrey.delivery.model import Export, Outlet, OutletParts, Receipt, Send
from humphrey.digests import digest_of
from humphrey.errors import DeliveryError, Undeliverable
from humphrey.papers.destinations import Format


class FileOutlet:
    """Writes releases into one folder.

    Args:
        folder: where the files go.
        export: makes the files.
        form: the format of a file for which the commission names none.
    """

    def __init__(self, folder: Path, export: Export, form: Format) -> None:
        self._folder = folder
        self._export = export
        self._form = form

    def __call__(self, release: Release) -> Receipt:
        """Write the release, whole or not at all; return the file's name and the digest of its bytes as the receipt.

        Raises:
            DeliveryError: the folder cannot be written to.
            Undeliverable: the format cannot show the text, or the disk returns other bytes.
        """
        form = _form(release.recipient) or self._form
        content, name = self._export(release, form), f"{release.review}.{form}"
        waiting = self._folder / f".{name}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(waiting, content)
            held = waiting.read_bytes()
            self._require_approved(held, release, form)
            waiting.replace(self._folder / name)
            _settle(self._folder)
        except OSError as error:
            raise DeliveryError(
                f"{self._folder} cannot be written to ({error.strerror}); make room or mend it"
            ) from None
        finally:
            # Without its final name the file is removed with its words; a delivered file is no longer under this name.
            with suppress(OSError):
                waiting.unlink()
        return Receipt(name, digest_of(held))

    def _require_approved(self, held: bytes, release: Release, form: Format) -> None:
        try:
            self._export.check(held, release, form)
        except Undeliverable:
            raise
        except Exception as error:
            raise Undeliverable(
                f"the file of review {release.review} cannot be read back ({type(error).__name__}); check the disk"
            ) from error


def _form(recipient: str) -> Format | None:
    return next((form for form in get_args(Format) if form == recipient), None)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Flush the folder to the disk, so that a power cut cannot take away the name of a delivered file."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _address_fault(to: str) -> str:
    formats = get_args(Format)
    return f"no file of form {to[:40]!r}; it may be {', '.join(formats)}" if to and to not in formats else ""


def _connect(parts: OutletParts) -> Send:
    def send(release: Release) -> Receipt:
        # The exporter is built at the first delivery, because the libraries that write files are slow to import.
        return FileOutlet(parts.folder, parts.exporter(), parts.form)(release)

    return send


OUTLET = Outlet(
    name="file",
    label="Write it to a file",
    words="as a file",
    address_fault=_address_fault,
    connect=_connect,
)
