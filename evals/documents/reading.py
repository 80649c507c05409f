"""The reading of one input, and of the files that its text is exported as."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from humphrey.app.delivery import build_exporter
from humphrey.app.guidance import read_documents
from humphrey.clearance.gate import Release
from humphrey.papers.destinations import Format


@dataclass(frozen=True)
class Found:
    """What was read: the title and text, the headings, and what was listed as left out; or why it was refused."""

    text: str = ""
    headings: tuple[str, ...] = ()
    listed: str = ""
    refused: str = ""


def read(path: Path, exported: Sequence[str] = ()) -> Iterator[tuple[str, Found]]:
    """Yield what is read of a file; if its text is exported, the name of each format with what is read of that."""
    if not exported:
        yield "", _found(path)
        return
    text = path.read_text(encoding="utf-8")
    with TemporaryDirectory() as folder:
        for form in exported:
            made = Path(folder) / f"{path.stem}.{form}"
            made.write_bytes(build_exporter({})(_release(text), cast("Format", form)))
            yield form, _found(made)


def _found(path: Path) -> Found:
    documents, refused = read_documents([path])
    if refused:
        return Found(refused=refused[0].reason)
    [document] = documents
    listed = "\n".join(f"{part.kind}: {part.words}" for part in document.omissions)
    text = f"{document.imprint.title}\n\n{document.text}"
    return Found(text, tuple(heading.title for heading in document.headings), listed)


def _release(text: str) -> Release:
    """Return a release that has no more than what an export needs."""
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    return Release("r1", "answer", text, (), "OFFICIAL", "file", "a", "sha256:" + "ab" * 32, "b", at)
