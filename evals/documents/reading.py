"""The reading of one input."""

from dataclasses import dataclass
from pathlib import Path

from humphrey.app.guidance import read_documents


@dataclass(frozen=True)
class Found:
    """What was read: the title and text, the headings, and what was listed as left out; or why it was refused."""

    text: str = ""
    headings: tuple[str, ...] = ()
    listed: str = ""
    refused: str = ""


def read(path: Path) -> Found:
    """Return what is read of a file."""
    documents, refused = read_documents([path])
    if refused:
        return Found(refused=refused[0].reason)
    [document] = documents
    listed = "\n".join(f"{part.kind}: {part.words}" for part in document.omissions)
    text = f"{document.imprint.title}\n\n{document.text}"
    return Found(text, tuple(heading.title for heading in document.headings), listed)
