"""The reading of one input."""

from dataclasses import dataclass
from pathlib import Path

from humphrey.app.guidance import read_documents


@dataclass(frozen=True)
class Found:
    """One reading: title and text, headings and the list of omissions; or the reason of the refusal."""

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
