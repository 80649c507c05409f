"""The outlet `file`: a released text as a Markdown file that a person can send on.

The file's name is made of the review's id alone, never of words from outside, so a second delivery of the same release
writes the same file again.
"""

import os
from pathlib import Path

from humphrey.core.delivery import Receipt, digest_of
from humphrey.core.review import Release
from humphrey.errors import DeliveryError


class FileOutlet:
    """Writes releases into one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, release: Release) -> Receipt:
        """Write the release, whole or not at all; the receipt is the file's name.

        Raises:
            DeliveryError: the folder cannot be written to.
        """
        name = f"{release.review}.md"
        waiting = self._folder / f".{name}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with waiting.open("wb") as file:
                file.write(page(release).encode())
                file.flush()
                os.fsync(file.fileno())
            digest = digest_of(waiting.read_bytes())
            waiting.replace(self._folder / name)
        except OSError as error:
            raise DeliveryError(
                f"{self._folder} cannot be written to ({error.strerror}); make room or mend it"
            ) from None
        return Receipt(name, digest)


def page(release: Release) -> str:
    """The approved text first, unchanged; below it what it cites and who cleared it."""
    sources = [f"[{each.marker}] {each.title}, {each.url}: “{each.quote}”" for each in release.citations]
    cleared = f"Cleared by {release.approved_by} on {release.approved_at:%d %B %Y}. {release.digest}"
    parts = [release.text, *(["## What it cites", *sources] if sources else []), f"{release.marking}. {cleared}"]
    return "\n\n".join(parts) + "\n"
