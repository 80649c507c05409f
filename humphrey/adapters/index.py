"""The index: rankings by meaning and by words, fused; made from the stored passages and never their truth.

A vector's key is the digest of the words it stands for. So the index is level with the database when it holds exactly
the digests of the database's passages, and whatever a crash left undone is found by comparing the two.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from humphrey.adapters.lock import FolderLock
from humphrey.adapters.vectors import Vectors
from humphrey.adapters.words import Words
from humphrey.core.guidance import Passage
from humphrey.core.search import POOL, Indexed, fuse

_BLOCK = 128
"""Passages embedded and written at a time: the most that a crash loses, and how often progress is told."""

Progress = Callable[[int, int, str], None]


class Embed(Protocol):
    """The embedding model; `digest` tells two models apart."""

    @property
    def digest(self) -> str:
        """Another one for other vectors."""

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text."""


@dataclass(frozen=True)
class _Snapshot:
    """What searches see; replaced as a whole, so that none ever sees half of a changed document."""

    passages: tuple[Passage, ...]
    places: Mapping[str, Sequence[int]]
    words: Words


class GuidanceIndex:
    """The index in one folder, held by this process alone. May be searched by several threads, also while it changes.

    Args:
        folder: where it is kept; made where it does not exist, and made anew where it is damaged or another model's.
        embed: the model of passages and queries.

    Raises:
        GuidanceIndexError: another process holds the folder, or it cannot be written.
    """

    def __init__(self, folder: Path, embed: Embed) -> None:
        self._embed = embed
        self._now = _snapshot([], [])
        self._lock = FolderLock(folder)
        try:
            self._vectors = Vectors(folder, embed.digest)
        except BaseException:
            self._lock.release()
            raise

    def level(self, entries: Sequence[Indexed], progress: Progress) -> None:
        """Bring the index level with exactly these passages; searches see all the changes at once, at the end.

        Raises:
            GuidanceIndexError: the folder is full or damaged; what was written is found again the next time.
        """
        keys = [_key(entry.words) for entry in entries]
        held = self._vectors.keys()
        self._add({key: entry.words for key, entry in zip(keys, entries, strict=True) if key not in held}, progress)
        self._now = _snapshot(keys, entries)
        self._vectors.forget(sorted(held.difference(keys)))
        self._vectors.settle()

    def clear(self) -> None:
        """Throw the vectors away, for `level` to make again; until then a search finds by words alone."""
        self._vectors.clear()

    def search(self, query: str, limit: int) -> list[tuple[Passage, float]]:
        """The best passages with their scores, best first, at most `limit`; none for a blank query.

        Raises:
            GuidanceIndexError: the folder is damaged; the next start makes it anew.
        """
        now = self._now
        if not query.strip() or not now.passages:
            return []
        near = self._vectors.nearest(self._embed([query])[0], POOL)
        dense = {at: cosine for key, cosine in near.items() for at in now.places.get(key, ())}
        ranked = fuse(dense, now.words.best(query, POOL), lambda at: now.passages[at].document)
        return [(now.passages[at], score) for at, score in ranked[:limit]]

    def close(self) -> None:
        """Let another process have the folder."""
        self._vectors.close()
        self._lock.release()

    def _add(self, missing: Mapping[str, str], progress: Progress) -> None:
        """Embed here while another thread writes: the model is the slower, and need not wait for the disk."""
        # The longest first: texts of one length share a batch, and the time left is not promised too short.
        order = sorted(missing, key=lambda key: -len(missing[key]))
        written: Future[None] | None = None
        with ThreadPoolExecutor(1, "index-writer") as writer:
            for first in range(0, len(order), _BLOCK):
                block = order[first : first + _BLOCK]
                vectors = self._embed([missing[key] for key in block])
                if written is not None:
                    written.result()
                written = writer.submit(self._vectors.add, block, vectors)
                progress(first + len(block), len(order), "indexing")
            if written is not None:
                written.result()


def _snapshot(keys: Sequence[str], entries: Sequence[Indexed]) -> _Snapshot:
    places: dict[str, list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        places[key].append(at)
    return _Snapshot(tuple(entry.passage for entry in entries), places, Words([entry.words for entry in entries]))


def _key(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:32]
