"""Vectors stored by Chroma in a folder. Damaged, truncated or foreign ones are discarded, never trusted.

A truncated vector file can kill the process inside Chroma. So a marker file records that opening has begun. If it still
exists at the next start, the vectors are rebuilt instead of opened again.
"""

import json
import logging
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict, cast

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.config import Settings
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from humphrey.errors import GuidanceIndexError

_FORMAT = 1
"""Increased when earlier vectors can no longer be used."""


_NAME = "passages"


# Twice Chroma's defaults (100, 100 and 16). The tests require more than 95% of the true neighbours to be found.
_SHAPE: CreateCollectionConfiguration = {
    "hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}
}


# Chroma bounds how many keys one call may take.
_FORGET_AT_ONCE = 1000


_BAD = (ChromaError, ValueError, TypeError, RuntimeError)
"""The errors that Chroma raises if its files are damaged."""


_OTHER_MODEL = (
    "the index in %s was made with another embedding model than HUMPHREY_EMBEDDING_MODEL names now; every passage is "
    "embedded again, which `humphrey index` shows the progress of"
)


_log = logging.getLogger(__name__)


class _Note(TypedDict):
    """The note next to the vectors: their folder, their model, and the file sizes when all was well."""

    format: int
    model: str
    vectors: str
    sizes: dict[str, int]


class VectorStore:
    """Unit vectors by their keys. The caller holds the lock of the folder.

    Args:
        folder: an existing folder of its own.
        model: the digest of the embedding model; vectors of another model are discarded.

    Raises:
        GuidanceIndexError: the folder cannot be written.
    """

    def __init__(self, folder: Path, model: str) -> None:
        self._folder = folder
        self._model = model
        self._note = folder / "index.json"
        self._opening = folder / "opening"
        self._client: Client | None = None
        with self._usable():
            vectors = self._trusted()
            if vectors is None or not self._opened(vectors):
                self.clear()

    @property
    def name(self) -> str:
        """The name of the current vector folder; it changes whenever the vectors are rebuilt."""
        with self._usable():
            return self._read_note()["vectors"]

    def keys(self) -> set[str]:
        """Return the keys of all vectors."""
        with self._usable():
            return set(self._collection.get(include=[])["ids"])

    def add(self, keys: list[str], vectors: NDArray[np.float32]) -> None:
        """Store a row for each key, replacing an earlier one; `vectors` has the shape (keys, dimensions)."""
        with self._usable():
            self._collection.upsert(ids=keys, embeddings=vectors)

    def forget(self, keys: Sequence[str]) -> None:
        """Delete the vectors of these keys."""
        with self._usable():
            for first in range(0, len(keys), _FORGET_AT_ONCE):
                self._collection.delete(ids=list(keys[first : first + _FORGET_AT_ONCE]))

    def nearest(self, vector: NDArray[np.float32], limit: int) -> dict[str, float]:
        """Return the cosines of the nearest vectors by their keys, at most `limit`."""
        with self._usable():
            found = self._collection.query(query_embeddings=vector[None], n_results=limit, include=["distances"])
        distances = found["distances"] or [[]]
        return {key: 1.0 - distance for key, distance in zip(found["ids"][0], distances[0], strict=True)}

    def cosines(self, vector: NDArray[np.float32], keys: list[str]) -> dict[str, float]:
        """Return exact cosines for those of the keys that exist."""
        if not keys:
            return {}
        with self._usable():
            found = self._collection.get(ids=keys, include=["embeddings"])
            # Another thread may have deleted all of them meanwhile; an empty result has no width, so it is reshaped.
            rows = np.asarray(found["embeddings"], dtype=np.float32).reshape(len(found["ids"]), vector.size)
            return dict(zip(found["ids"], (rows @ vector).tolist(), strict=True))

    def settle(self) -> None:
        """Record the current file sizes. Files only grow, so a smaller one later was truncated."""
        with self._usable():
            self._write_note(self._read_note()["vectors"])

    def clear(self) -> None:
        """Start empty in a folder with a new name: Chroma remembers the folders it has opened."""
        self.close()
        with self._usable():
            for old in self._folder.glob("vectors-*"):
                shutil.rmtree(old)
            vectors = f"vectors-{secrets.token_hex(4)}"
            self._client = _client(self._folder / vectors)
            self._collection = self._client.create_collection(_NAME, embedding_function=None, configuration=_SHAPE)
            self._write_note(vectors)
            self._opening.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the files."""
        if self._client is not None:
            self._client.close()
            self._client = None

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """Turn errors of Chroma and the disk into messages; what may be damaged is rebuilt at the next start."""
        try:
            with writable(self._folder):
                yield
        except _BAD as error:
            said = str(error).splitlines()[0] if str(error) else type(error).__name__
            # A full or read-only disk does not damage the vectors, so they need no rebuilding.
            if "disk is full" not in said and "readonly" not in said:
                self._opening.touch()
            raise GuidanceIndexError(
                f"the index in {self._folder} cannot be used ({said}); make room if the disk is full, then start "
                "humphrey again: a damaged index is made anew"
            ) from error

    def _trusted(self) -> str | None:
        """Return the name of the vector folder; None if no usable one exists."""
        if not self._note.exists():
            return None
        reason = ""
        try:
            note = self._read_note()
            if note["model"] != self._model:
                _log.warning(_OTHER_MODEL, self._folder)
                return None
            if note["format"] != _FORMAT:
                reason = "other_format"
            elif self._opening.exists():
                reason = "opening_did_not_end"
            elif any(self._sizes(note["vectors"]).get(name, 0) < size for name, size in note["sizes"].items()):
                reason = "cut"
        except (ValueError, KeyError, TypeError, AttributeError):
            reason = "note_unreadable"
        if reason:
            _log.warning("index_discarded", extra={"reason": reason, "folder": str(self._folder)})
            return None
        return note["vectors"]

    def _opened(self, vectors: str) -> bool:
        """Return whether the vectors could be opened and a stored one finds a neighbour."""
        self._opening.touch()
        try:
            self._client = _client(self._folder / vectors)
            self._collection = self._client.get_collection(_NAME, embedding_function=None)
            some = self._collection.get(limit=1, include=["embeddings"])
            well = not some["ids"] or bool(self.nearest(np.asarray(some["embeddings"])[0], 1))
        except (GuidanceIndexError, *_BAD) as error:
            _log.warning("index_discarded", extra={"reason": str(error), "folder": str(self._folder)})
            return False
        finally:
            self._opening.unlink(missing_ok=True)
        return well

    def _read_note(self) -> _Note:
        note: _Note = json.loads(self._note.read_text(encoding="utf-8"))
        return note

    def _write_note(self, vectors: str) -> None:
        note = _Note(format=_FORMAT, model=self._model, vectors=vectors, sizes=self._sizes(vectors))
        waiting = self._note.with_suffix(".part")
        waiting.write_text(json.dumps(note), encoding="utf-8")
        # Renaming is atomic, so a crash cannot leave half a note.
        waiting.replace(self._note)

    def _sizes(self, vectors: str) -> dict[str, int]:
        files = (self._folder / vectors).rglob("data_level0.bin")
        return {str(each.relative_to(self._folder)): each.stat().st_size for each in files}


@contextmanager
def writable(folder: Path) -> Iterator[None]:
    """Turn disk errors into a message."""
    try:
        yield
    except OSError as error:
        raise GuidanceIndexError(
            f"the index folder {folder} cannot be written ({error.strerror}); make room or mend it, "
            "or set HUMPHREY_DATA_DIR to another folder"
        ) from error


def _client(folder: Path) -> Client:
    # The declared type lacks `close`, which the returned object has.
    return cast(Client, chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False)))
