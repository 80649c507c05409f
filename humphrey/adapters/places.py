"""Where the passages of an index stand, as columns: little memory for many, and opened at once from the disk."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from humphrey.core.search import Place

KEY = "S32"
"""How the key of a vector is kept: 32 letters that are all ASCII."""

_DOCUMENT, _N, _START, _END, _SECTION = range(5)


@dataclass(frozen=True)
class Stamped:
    """A document whose passages are here, in which version, and by which stamp it is known."""

    id: str
    version: str
    stamp: str


@dataclass(frozen=True)
class Places:
    """The places of passages, which are known by their positions.

    Args:
        documents: the documents they are in.
        sections: the heading paths they are below.
        rows: for each passage the position of its document, its number, start, end, and the position of its section.
        keys: for each passage the key of its vector; passages of the same words share one.
    """

    documents: tuple[Stamped, ...]
    sections: tuple[tuple[str, ...], ...]
    rows: NDArray[np.int32]
    keys: NDArray[np.bytes_]

    @classmethod
    def of(cls, found: Sequence[tuple[str, Place]], stamps: Iterable[tuple[str, str]]) -> "Places":
        """Places with their keys.

        Args:
            found: the key and the place of each passage.
            stamps: (id, stamp) of their documents, also of those without a passage.
        """
        versions = {place.document: place.version for _, place in found}
        documents = tuple(Stamped(name, versions.get(name, ""), stamp) for name, stamp in stamps)
        at = {document.id: position for position, document in enumerate(documents)}
        sections: dict[tuple[str, ...], int] = {}
        rows = [(at[p.document], p.n, p.start, p.end, sections.setdefault(p.section, len(sections))) for _, p in found]
        keys = np.array([key.encode() for key, _ in found], dtype=KEY)
        return cls(documents, tuple(sections), np.array(rows, dtype=np.int32).reshape(-1, 5), keys)

    @classmethod
    def load(cls, folder: Path) -> "Places":
        """The places that `save` wrote.

        Raises:
            OSError: a file is missing.
            ValueError: a file is not what it was.
        """
        names = json.loads((folder / "documents.json").read_text(encoding="utf-8"))
        documents = tuple(Stamped(*each) for each in names["documents"])
        sections = tuple(tuple(each) for each in names["sections"])
        rows, keys = (np.asarray(np.load(folder / name, mmap_mode="r")) for name in ("rows.npy", "keys.npy"))
        return cls(documents, sections, rows, keys)

    def save(self, folder: Path) -> None:
        """Write everything into an existing folder."""
        documents = [(each.id, each.version, each.stamp) for each in self.documents]
        names = {"documents": documents, "sections": self.sections}
        (folder / "documents.json").write_text(json.dumps(names), encoding="utf-8")
        np.save(folder / "rows.npy", self.rows)
        np.save(folder / "keys.npy", self.keys)

    def __len__(self) -> int:
        """How many passages there are."""
        return len(self.rows)

    def __getitem__(self, at: int) -> Place:
        """The place of one passage."""
        document, n, start, end, section = (int(each) for each in self.rows[at])
        of = self.documents[document]
        return Place(of.id, of.version, n, start, end, self.sections[section])

    @cached_property
    def stamps(self) -> dict[str, str]:
        """The stamp of each document."""
        return {each.id: each.stamp for each in self.documents}

    def document_at(self, at: int) -> str:
        """The document of one passage."""
        return self.documents[int(self.rows[at, _DOCUMENT])].id

    def key_at(self, at: int) -> str:
        """The key of one passage's vector; empty where it has none."""
        return bytes(self.keys[at]).decode()

    def having(self, key: str) -> list[int]:
        """The positions of the passages whose vector has this key."""
        first, last = (np.searchsorted(self._sorted_keys, key.encode(), side) for side in ("left", "right"))
        return [int(at) for at in self._by_key[first:last]]

    def outside(self, documents: Collection[str]) -> NDArray[np.bool_]:
        """For each passage, whether its document is none of these."""
        within = np.array([each.id in documents for each in self.documents], dtype=bool)
        return ~within[self.rows[:, _DOCUMENT]] if len(within) else np.zeros(0, dtype=bool)

    def joined(self, kept: NDArray[np.bool_], gone: Collection[str], more: "Places") -> "Places":
        """The places that are kept, in their order, and after them those of `more`.

        Args:
            kept: for each passage here, whether it stays; all or none of a document.
            gone: the documents that do not stay.
            more: places of other documents.
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
        return Places(
            documents, tuple(sections), np.concatenate([rows, added]), np.concatenate([self.keys[kept], more.keys])
        )

    def without(self, lost: NDArray[np.bool_]) -> "Places":
        """The same places, some without their vectors: those have no key, and their documents no stamp.

        Args:
            lost: for each passage, whether its vector is gone.
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
