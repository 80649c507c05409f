"""Ask humphrey questions about the starter notes, as a person at the keyboard does: each with those before it."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from humphrey.app.build import start
from humphrey.app.container import Humphrey
from humphrey.ledger.model import NOBODY
from humphrey.papers.draft import Commission, Draft, EarlierTurn
from humphrey.settings import Settings


@contextmanager
def notes_indexed(notes: Path) -> Iterator[Humphrey]:
    """Index the notes in a data folder of their own, which is deleted afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        humphrey = start(Settings(data_dir=Path(folder)))
        humphrey.library.index([notes])
        try:
            yield humphrey
        finally:
            humphrey.library.close()


def asked_in_turn(humphrey: Humphrey, questions: Sequence[str]) -> list[Draft]:
    """Return the drafts of the questions of one conversation, each asked after the answers to those before it."""
    drafts: list[Draft] = []
    for question in questions:
        turns = zip(questions, drafts, strict=False)
        earlier = tuple(EarlierTurn(asked, draft.text, draft.given) for asked, draft in turns)
        drafts.append(humphrey.drafting.compose(Commission("answer", question, NOBODY, "file", earlier=earlier)))
    return drafts


def notes_cited(draft: Draft) -> list[str]:
    """Return the file names of the notes that a draft cites, in order, each once and without their ending."""
    return list(dict.fromkeys(Path(citation.document).stem for citation in draft.citations))
