"""The index of one audience: the passages its members may read, with a Chroma collection and a keyword ranking.

The key of a vector is the digest of its text. A document is indexed under the stamp that the database gave it.
Comparing stamps therefore finds unfinished work, and after a crash keys are compared too. Searches use a snapshot,
which is replaced as a whole whenever some documents are complete.
"""

import hashlib
import json
import logging
import secrets
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from humphrey.documents.model import Passage
from humphrey.search.keyword_ranking import WordCounts
from humphrey.search.model import Indexed, IndexState, PassageLocation, indexed
from humphrey.search.passage_table import PassageTable
from humphrey.search.ranking import POOL
from humphrey.search.vector_store import VectorStore, writable

_BLOCK = 128
"""Passages embedded and written at a time: the most that a crash loses, and how often progress is reported."""


_PORTION, _SHARE = 1000, 8
"""Passages after which searches see the progress: a fixed number, or a share of those indexed if that is more.

So the work of joining a few passages to many stays small compared with embedding them.
"""


_log = logging.getLogger(__name__)


Read = Callable[[Sequence[str]], Iterable[Indexed]]
"""Return the passages of some documents as they are stored now."""


class Embed(Protocol):
    """The embedding model; `digest` distinguishes models."""

    @property
    def digest(self) -> str:
        """The digest of the model; it changes whenever the vectors would."""

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector for each text, shape (texts, dimensions)."""


@dataclass(frozen=True)
class Snapshot:
    """The state that searches use: the passage table and the words of the passages."""

    places: PassageTable
    words: WordCounts


class AudienceIndex:
    """The index of one audience in its own folder. The caller holds the lock of the whole index.

    Args:
        folder: created if missing; damaged content, or that of another model, is discarded.
        embed: the model for passages and queries.

    Raises:
        GuidanceIndexError: the folder cannot be written.
    """

    def __init__(self, folder: Path, embed: Embed) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._embed = embed
        self._vectors = VectorStore(folder, embed.digest)
        self._changing, self._note = folder / "changing", folder / "passages.json"
        self._stray: set[str] = set()
        self._wanted_near = POOL
        saved = self._saved()
        self.now = saved or _NOTHING
        if saved is None:
            # Existing vectors may belong to passages about to be indexed again; the marker makes `lacking` look for
            # them.
            self._changing.touch()

    def near(self, now: Snapshot, vector: NDArray[np.float32], also: Sequence[int]) -> dict[int, float]:
        """Return the cosines of the nearest passages by their positions.

        Args:
            now: the snapshot to search.
            vector: the query vector.
            also: positions of passages to score in any case. Among many near copies, Chroma's graph may not reach a
                passage unlike all others; the keyword ranking still finds it.

        Raises:
            GuidanceIndexError: the vectors are damaged; the next start rebuilds them.
        """
        found = self._vectors.nearest(vector, self._wanted_near)
        missed = {now.places.key_at(at) for at in also} - found.keys() - {""}
        found |= self._vectors.cosines(vector, sorted(missed))
        positions = now.places.positions(found)
        return {at: cosine for key, cosine in found.items() for at in positions[key]}

    def lacking(self, wanted: Sequence[IndexState]) -> list[IndexState]:
        """Return the documents that are missing or outdated here."""
        if self._changing.exists():
            self._reconcile()
        stamps = self.now.places.stamps
        return [each for each in wanted if stamps.get(each.document) != each.stamp]

    def take_in(self, documents: Sequence[IndexState], read: Read, tell: Callable[[int], None]) -> None:
        """Index these documents as they are stored now, replacing their earlier state.

        Args:
            documents: those that `lacking` returned.
            read: returns their passages.
            tell: called repeatedly with the number of further passages done.
        """
        for portion in self._portions(documents):
            self._change()
            names = [each.document for each in portion]
            entries = list(read(names))
            texts = [entry.words for entry in entries]
            keys = [key_of(text) for text in texts]
            embedded = self._embed_missing(dict(zip(keys, texts, strict=True)), tell)
            found = [(key, place_of(entry.passage)) for key, entry in zip(keys, entries, strict=True)]
            places = PassageTable.of(found, [(each.document, each.stamp) for each in portion])
            self._replace(names, Snapshot(places, WordCounts.of(texts)))
            tell(len(entries) - embedded)

    def drop(self, wanted: Sequence[IndexState]) -> None:
        """Remove every document that is no longer wanted, and mark the index as complete."""
        gone = self.now.places.stamps.keys() - {each.document for each in wanted}
        if gone:
            self._change()
            self._replace(gone, _NOTHING)
        if self._changing.exists():
            self._vectors.forget(self.now.places.unplaced(self._stray))
            self._vectors.settle()
            self._stray, self._wanted_near = set(), POOL
            self._changing.unlink()

    def clear(self) -> None:
        """Delete the vectors, for `take_in` to rebuild; until then searches use words alone."""
        self._vectors.clear()
        self._stray = set()
        self.now = Snapshot(self.now.places.without(np.ones(len(self.now.places), dtype=bool)), self.now.words)

    def close(self) -> None:
        """Close the files."""
        self._vectors.close()

    def _change(self) -> None:
        self._changing.touch()
        # New vectors that the snapshot does not contain yet also take places among the nearest, so ask for twice as
        # many.
        self._wanted_near = 2 * POOL

    def _portions(self, documents: Sequence[IndexState]) -> Iterator[list[IndexState]]:
        portion: list[IndexState] = []
        for each in documents:
            portion.append(each)
            if sum(one.passages for one in portion) >= max(_PORTION, len(self.now.places) // _SHARE):
                yield portion
                portion = []
        if portion:
            yield portion

    def _embed_missing(self, words: Mapping[str, str], tell: Callable[[int], None]) -> int:
        """Embed in this thread while another writes: the model is slower and need not wait for the disk."""
        missing = self.now.places.unplaced([key for key in words if key not in self._stray])
        # Longest first: texts of similar length share a batch, and the remaining time is not underestimated.
        missing.sort(key=lambda key: -len(words[key]))
        written: Future[None] | None = None
        with ThreadPoolExecutor(1, "index-writer") as writer:
            for first in range(0, len(missing), _BLOCK):
                block = missing[first : first + _BLOCK]
                vectors = self._embed([words[key] for key in block])
                if written is not None:
                    written.result()
                written = writer.submit(self._vectors.add, block, vectors)
                self._stray.update(block)
                tell(len(block))
            if written is not None:
                written.result()
        return len(missing)

    def _replace(self, gone: Collection[str], more: Snapshot) -> None:
        """Show the change to searches, then save it, and only then delete vectors that are no longer needed."""
        before = self.now.places
        kept = before.outside(gone)
        places = before.joined(kept, gone, more.places)
        self.now = Snapshot(places, self.now.words.joined(kept, more.words))
        self._save()
        unused = {key.decode() for key in np.unique(before.keys[~kept])}
        self._vectors.forget(places.unplaced(unused - {""}))
        self._vectors.settle()

    def _reconcile(self) -> None:
        """Compare keys after an interrupted change: keep vectors without a passage, mark passages without a vector."""
        held = self._vectors.keys()
        places = self.now.places
        self._stray = set(places.unplaced(held))
        self.now = Snapshot(places.without(~np.isin(places.keys, [key.encode() for key in held])), self.now.words)

    def _saved(self) -> Snapshot | None:
        """Return the saved snapshot if it belongs to these vectors and is intact, else None."""
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            folder = self._folder / note["folder"]
            if (note["format"], note["vectors"]) != (_FORMAT, self._vectors.name) or note["sizes"] != _sizes(folder):
                return None
            return Snapshot(PassageTable.load(folder), WordCounts.load(folder))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("passages_discarded", extra={"reason": type(error).__name__, "folder": str(self._folder)})
            return None

    def _save(self) -> None:
        with writable(self._folder):
            folder = self._folder / f"passages-{secrets.token_hex(4)}"
            folder.mkdir()
            self.now.places.save(folder)
            self.now.words.save(folder)
            note = {"format": _FORMAT, "vectors": self._vectors.name, "folder": folder.name, "sizes": _sizes(folder)}
            waiting = self._note.with_suffix(".part")
            waiting.write_text(json.dumps(note), encoding="utf-8")
            # Renaming is atomic: after a crash the note names either the old folder or the new one, each of them whole.
            waiting.replace(self._note)
            for old in self._folder.glob("passages-*"):
                if old != folder:
                    shutil.rmtree(old)


def _sizes(folder: Path) -> dict[str, int]:
    return {each.name: each.stat().st_size for each in folder.iterdir()}


def place_of(passage: Passage) -> PassageLocation:
    """Return the location of a passage."""
    return PassageLocation(passage.document, passage.version, passage.n, passage.start, passage.end, passage.section)


def key_of(words: str) -> str:
    """Return the vector key of a text: 128 bits of its SHA-256."""
    return hashlib.sha256(words.encode()).hexdigest()[:32]


_NOTHING = Snapshot(PassageTable.of([], []), WordCounts.of([]))


_FORMAT = key_of("2 " + indexed("Title", Passage("document", 0, "version", "Text.", 0, 5, ("Section",))).words)
"""The format of saved snapshots; it changes with the number, or when the text made of a passage changes."""
