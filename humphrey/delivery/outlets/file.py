"""The outlet `file`: writes a released text as a file that a person can send on.

The file's name is made of the review's id and the file format, never of words from outside. So a second delivery of
the same release writes the same file again. The file gets that name only after its bytes were read back from the disk
and found to show the approved text.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _opened(self._folder) as folder:
                held = self._placed(folder, name, content, release, form)
        except OSError as error:
            raise DeliveryError(
                f"{self._folder} cannot be written to ({error.strerror}); make room or mend it"
            ) from None
        return Receipt(name, digest_of(held))

    def _placed(self, folder: int, name: str, content: bytes, release: Release, form: Format) -> bytes:
        """Write a file under its name in an open folder, and return its bytes as the disk returns them."""
        waiting = f".{name}.part"
        for each in (name, waiting):
            self._require_no_link(folder, each)
        try:
            _write(folder, waiting, content)
            held = _read(folder, waiting)
            self._require_approved(held, release, form)
            os.replace(waiting, name, src_dir_fd=folder, dst_dir_fd=folder)
            # Flushed, so that a power cut cannot take away the name of a delivered file.
            os.fsync(folder)
        finally:
            # Without its final name the file is removed with its words; a delivered file is no longer under this name.
            with suppress(OSError):
                os.unlink(waiting, dir_fd=folder)
        return held

    def _require_no_link(self, folder: int, name: str) -> None:
        try:
            found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return
        if stat.S_ISLNK(found.st_mode):
            raise DeliveryError(
                f"{self._folder / name} is a link, which would lead the text elsewhere; find out who put it there, and "
                "remove it"
            )

    def _require_approved(self, held: bytes, release: Release, form: Format) -> None:
        try:
            self._export.check(held, release, form)
        except Undeliverable:
            raise
        except Exception as error:
            raise Undeliverable(
                f"the file of review {release.name} cannot be read back ({type(error).__name__}); check the disk"
            ) from error


def _form(recipient: str) -> Format | None:
    return next((form for form in get_args(Format) if form == recipient), None)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """Open a folder, so that every name is looked up in this very folder, wherever its path leads meanwhile."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield opened
    finally:
        os.close(opened)


def _write(folder: int, name: str, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    with open(os.open(name, flags, 0o600, dir_fd=folder), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _read(folder: int, name: str) -> bytes:
    with open(os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=folder), "rb") as file:
        return file.read()


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
