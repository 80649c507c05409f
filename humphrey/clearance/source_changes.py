"""Changes of the guidance that a draft cites, since the draft was sent: what changed, when, and by whom.

They are read from the ledger, so a change by a person with the right to it is seen like any other. Who the readers of a
document are is never told: only that they changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from humphrey.clearance.model import Review
from humphrey.documents.audiences import file_of
from humphrey.documents.sources import in_its_words, source_name
from humphrey.ledger.model import LONGEST_SUBJECT, Act, Entry
from humphrey.papers.draft import Citation

ChangeKind = Literal["text", "readers", "details", "removed", "added_again"]
"""What changed of a document: its words, its readers, what is said about it, or whether it is stored."""


CHANGES: Mapping[ChangeKind, str] = {
    "text": "its text changed",
    "readers": "its readers changed",
    "details": "its title, state or other details changed",
    "removed": "it was removed",
    "added_again": "it was added again",
}
"""What is said of a change."""


_OF_GUIDANCE: frozenset[Act] = frozenset({"document:add", "document:remove"})


_OF_FILES: frozenset[Act] = frozenset({"file:attach", "file:remove"})


_REMOVALS: frozenset[Act] = frozenset({"document:remove", "file:remove"})


_OPENINGS: frozenset[Act] = frozenset({"review:open", "seed:plant"})


@dataclass(frozen=True)
class SourceChange:
    """One change of a cited document; `version` is the one that the draft cites, `source` its name in a sentence."""

    document: str
    title: str
    version: str
    what: tuple[ChangeKind, ...]
    at: datetime
    by: str
    source: str

    @property
    def sentence(self) -> str:
        """The change as a sentence, without its time."""
        return f"{self.source}: {' and '.join(CHANGES[each] for each in self.what)}, by {self.by}."


def subjects_of(review: Review) -> list[str]:
    """Return the ledger subjects that tell of changes: the review, and each document or attached file that it cites."""
    return [review.id, *(_subject(document) for document, _ in _cited(review))]


def source_changes(review: Review, entries: Mapping[str, Sequence[Entry]]) -> list[SourceChange]:
    """Return the changes of what a draft cites, oldest first; empty for a draft that was decided.

    Args:
        review: the review.
        entries: the entries about each of its subjects, in order.
    """
    if review.state not in {"open", "returned"}:
        return []
    sent = next((entry.n for entry in entries.get(review.id, ()) if entry.act in _OPENINGS), 0)
    found = [
        (entry.n, SourceChange(document, cited.title, version, what, entry.at, entry.actor, _named(cited)))
        for (document, version), cited in _cited(review).items()
        for entry, what in _changes(_about(document, entries), version, sent)
    ]
    return [change for _, change in sorted(found, key=lambda each: each[0])]


def _named(cited: Citation) -> str:
    return in_its_words(cited, source_name(cited))


def _cited(review: Review) -> dict[tuple[str, str], Citation]:
    """Return a citation of each version of a document that the current words cite."""
    return {(each.document, each.version): each for each in review.draft.citations}


def _subject(document_id: str) -> str:
    return (file_of(document_id) or document_id)[:LONGEST_SUBJECT]


def _about(document_id: str, entries: Mapping[str, Sequence[Entry]]) -> list[Entry]:
    """Return the entries about a document; a document of the guidance may have the id of a file as its own."""
    acts = _OF_FILES if file_of(document_id) else _OF_GUIDANCE
    return [entry for entry in entries.get(_subject(document_id), ()) if entry.act in acts]


def _changes(entries: Sequence[Entry], version: str, sent: int) -> list[tuple[Entry, tuple[ChangeKind, ...]]]:
    """Return the entries after the cited version was taken in, each with what it changed."""
    first = _start(entries, version, sent)
    before: Entry | None = entries[first] if first >= 0 else None
    found: list[tuple[Entry, tuple[ChangeKind, ...]]] = []
    for entry in entries[first + 1 :]:
        found.append((entry, _difference(before, entry, version)))
        before = entry
    return found


def _start(entries: Sequence[Entry], version: str, sent: int) -> int:
    """Return the position of the entry that took in the cited version; -1 if there is none, as in older records.

    It is the last one before the draft was sent. Words that the model changed later may cite a newer version.
    """
    places = [n for n, entry in enumerate(entries) if entry.detail.get("version") == version]
    return max((n for n in places if entries[n].n < sent), default=places[0] if places else -1)


def _difference(before: Entry | None, entry: Entry, version: str) -> tuple[ChangeKind, ...]:
    if entry.act in _REMOVALS:
        return ("removed",)
    again: tuple[ChangeKind, ...] = ("added_again",) if before is not None and before.act in _REMOVALS else ()
    known = before.detail if before is not None and before.act not in _REMOVALS else {"version": version}
    text: tuple[ChangeKind, ...] = ("text",) if entry.detail.get("version") != known.get("version") else ()
    audience = known.get("audience", entry.detail.get("audience"))
    readers: tuple[ChangeKind, ...] = ("readers",) if entry.detail.get("audience") != audience else ()
    return again + text + readers or ("details",)
