"""The check that redacted words stay out of a disclosure pack."""

from collections.abc import Iterator, Sequence

from humphrey.calculations.workings import Working
from humphrey.documents.model import DocumentLookup
from humphrey.papers.draft import Draft, Finding
from humphrey.papers.kind import Paper
from humphrey.text.redaction import find_redacted


def redactions_kept(draft: Draft, _paper: Paper, _lookup: DocumentLookup) -> Iterator[Finding]:
    """Block words in a disclosure that were marked to be redacted."""
    for start, end in withheld_in(draft.text, draft.workings):
        message = "these words were marked to be redacted, and must not be given out; take them out again"
        yield Finding("redactions_kept", "block", message, start, end)


def withheld_in(text: str, workings: Sequence[Working]) -> list[tuple[int, int]]:
    """Return the positions of words that were marked to be redacted and are still in a text."""
    found = []
    for working in workings:
        if working.tool == "redaction":
            prints = {value for name, value in working.inputs.items() if name != "pack"}
            found += find_redacted(text, working.inputs["pack"], prints)
    return found
