"""The passage table of an index, stored as columns: little memory for many passages, and opened at once from disk."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from humphrey.search.model import PassageLocation

KEY = "S32"
"""The NumPy type of a vector key: 32 ASCII characters."""


# Columns of `Places.rows`.
_DOCUMENT, _N, _START, _END, _SECTION = range(5)


@dataclass(frozen=True)
class IndexedDocument:
    """A document with passages in the table, its version, and the stamp it was indexed under; empty if incomplete."""

    id: str
    version: str
    stamp: str


@dataclass(frozen=True)
class PassageTable:
    """The locations of passages, which are identified by their position in the table.

    Args:
        documents: the documents that contain the passages.
        sections: the heading paths above them.
        rows: shape (passages, 5): position of the document, passage number, start, end, position of the section.
        keys: shape (passages,): the key of each passage's vector; passages of equal text share one.
    """

    documents: tuple[IndexedDocument, ...]
    sections: tuple[tuple[str, ...], ...]
    rows: NDArray[np.int32]
    keys: NDArray[np.bytes_]

    @classmethod
    def of(cls, found: Sequence[tuple[str, PassageLocation]], stamps: Iterable[tuple[str, str]]) -> "PassageTable":
        """Build the table of some passages.

        Args:
            found: the vector key and the location of each passage.
            stamps: (id, stamp) of their documents, including documents without passages.
        """
        versions = {place.document: place.version for _, place in found}
        documents = tuple(IndexedDocument(name, versions.get(name, ""), stamp) for name, stamp in stamps)
        at = {document.id: position for position, document in enumerate(documents)}
        sections: dict[tuple[str, ...], int] = {}
        rows = [(at[p.document], p.n, p.start, p.end, sections.setdefault(p.section, len(sections))) for _, p in found]
        keys = np.array([key.encode() for key, _ in found], dtype=KEY)
        return cls(documents, tuple(sections), np.array(rows, dtype=np.int32).reshape(-1, 5), keys)

    @classmethod
    def load(cls, folder: Path) -> "PassageTable":
        """Load the table that `save` wrote; the arrays are mapped from disk.

        Raises:
            OSError: a file is missing.
            ValueError: a file is damaged.
        """
        names = json.loads((folder / "documents.json").read_text(encoding="utf-8"))
        documents = tuple(IndexedDocument(*each) for each in names["documents"])
        sections = tuple(tuple(each) for each in names["sections"])
        rows, keys = (np.asarray(np.load(folder / name, mmap_mode="r")) for name in ("rows.npy", "keys.npy"))
        return cls(documents, sections, rows, keys)

    def save(self, folder: Path) -> None:
        """Write the table into an existing folder."""
        documents = [(each.id, each.version, each.stamp) for each in self.documents]
        names = {"documents": documents, "sections": self.sections}
        (folder / "documents.json").write_text(json.dumps(names), encoding="utf-8")
        np.save(folder / "rows.npy", self.rows)
        np.save(folder / "keys.npy", self.keys)

    def __len__(self) -> int:
        """Return the number of passages."""
        return len(self.rows)

    def __getitem__(self, at: int) -> PassageLocation:
        """Return the location of one passage."""
        document, n, start, end, section = (int(each) for each in self.rows[at])
        of = self.documents[document]
        return PassageLocation(of.id, of.version, n, start, end, self.sections[section])

    @cached_property
    def stamps(self) -> dict[str, str]:
        """The stamp of each document, by its id."""
        return {each.id: each.stamp for each in self.documents}

    def document_at(self, at: int) -> str:
        """Return the document id of one passage."""
        return self.documents[int(self.rows[at, _DOCUMENT])].id

    def key_at(self, at: int) -> str:
        """Return the vector key of one passage; empty if its vector is missing."""
        return bytes(self.keys[at]).decode()

    def positions(self, keys: Collection[str]) -> dict[str, list[int]]:
        """Return the positions of the passages with each vector key, looked up together."""
        wanted = np.array([key.encode() for key in keys], dtype=KEY)
        first, last = (np.searchsorted(self._sorted_keys, wanted, side).tolist() for side in ("left", "right"))
        return {key: self._by_key[a:b].tolist() for key, a, b in zip(keys, first, last, strict=True)}

    def unplaced(self, keys: Collection[str]) -> list[str]:
        """Return the vector keys that no passage has."""
        return [key for key, places in self.positions(keys).items() if not places]

    def outside(self, documents: Collection[str]) -> NDArray[np.bool_]:
        """Return a mask of the passages, shape (passages,): True if their document is not in `documents`."""
        within = np.array([each.id in documents for each in self.documents], dtype=bool)
        return ~within[self.rows[:, _DOCUMENT]] if len(within) else np.zeros(0, dtype=bool)

    def joined(self, kept: NDArray[np.bool_], gone: Collection[str], more: "PassageTable") -> "PassageTable":
        """Return the kept passages in their order, followed by those of `more`.

        Args:
            kept: mask of the passages to keep, shape (passages,); a document is kept whole or not at all.
            gone: the ids of the documents to drop.
            more: the table of other documents.
        """
        staying = [at for at, each in enumerate(self.documents) if each.id not in gone]
        moved = np.zeros(len(self.documents), dtype=np.int32)
        moved[staying] = np.arange(len(staying), dtype=np.int32)
        rows, added = self.rows[kept], more.rows.copy()
        if len(rows):
            rows[:, _DOCUMENT] = moved[rows[:, _DOCUMENT]]
        sections = {section: at for at, section in enumerate(self.sections)}
        renumbered = [sections.setdefault(section, len(sections)) for section in more.sections]
        added[:, _DOCUMENT] += len(staying)
        added[:, _SECTION] = np.array(renumbered, dtype=np.int32)[added[:, _SECTION]] if len(added) else 0
        documents = (*(self.documents[at] for at in staying), *more.documents)
        return PassageTable(
            documents, tuple(sections), np.concatenate([rows, added]), np.concatenate([self.keys[kept], more.keys])
        )

    def without(self, lost: NDArray[np.bool_]) -> "PassageTable":
        """Return the same table without some vectors: their passages lose the key, their documents the stamp.

        A document without a stamp counts as not indexed, so the next indexing embeds it again.

        Args:
            lost: mask of the passages whose vector is missing, shape (passages,).
        """
        poor = {self.document_at(int(at)) for at in np.flatnonzero(lost)}
        documents = tuple(replace(each, stamp="") if each.id in poor else each for each in self.documents)
        return replace(self, documents=documents, keys=np.where(lost, np.array(b"", dtype=KEY), self.keys))

    @cached_property
    def _by_key(self) -> NDArray[np.int64]:
        return np.argsort(self.keys, kind="stable")

    @cached_property
    def _sorted_keys(self) -> NDArray[np.bytes_]:
        return self.keys[self._by_key]
