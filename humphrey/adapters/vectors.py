"""Vectors kept by Chroma in a folder: found damaged, cut short or another model's, they are thrown away, never trusted.

A cut vector file can kill the process inside Chroma. So a mark says that opening was begun; where it is still there at
the next start, the vectors are not opened a second time but made anew.
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
"""Goes up when vectors kept before can no longer be used."""

_NAME = "passages"
_SHAPE: CreateCollectionConfiguration = {
    "hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}
}
_FORGET_AT_ONCE = 1000
_BAD = (ChromaError, ValueError, TypeError, RuntimeError)
"""What Chroma raises when its files are not what they should be."""

_log = logging.getLogger(__name__)


class _Note(TypedDict):
    """What is written beside the vectors: their folder, their model, and their files' sizes when all was well."""

    format: int
    model: str
    vectors: str
    sizes: dict[str, int]


class Vectors:
    """Vectors of length 1 by their keys. Whoever makes it holds the folder's lock.

    Args:
        folder: an existing folder of their own.
        model: the digest of the model that they come from; another model's are thrown away.

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
        """The name of the folder they are in; another one whenever they are made anew."""
        with self._usable():
            return self._read_note()["vectors"]

    def keys(self) -> set[str]:
        """The keys of all vectors."""
        with self._usable():
            return set(self._collection.get(include=[])["ids"])

    def add(self, keys: list[str], vectors: NDArray[np.float32]) -> None:
        """Keep a row for each key, instead of the one it may have."""
        with self._usable():
            self._collection.upsert(ids=keys, embeddings=vectors)

    def forget(self, keys: Sequence[str]) -> None:
        """Drop some vectors."""
        with self._usable():
            for first in range(0, len(keys), _FORGET_AT_ONCE):
                self._collection.delete(ids=list(keys[first : first + _FORGET_AT_ONCE]))

    def nearest(self, vector: NDArray[np.float32], limit: int) -> dict[str, float]:
        """Cosines of the nearest vectors by their keys, at most `limit`."""
        with self._usable():
            found = self._collection.query(query_embeddings=vector[None], n_results=limit, include=["distances"])
        distances = found["distances"] or [[]]
        return {key: 1.0 - distance for key, distance in zip(found["ids"][0], distances[0], strict=True)}

    def cosines(self, vector: NDArray[np.float32], keys: list[str]) -> dict[str, float]:
        """Exact cosines of the vectors that are there among some keys."""
        if not keys:
            return {}
        with self._usable():
            found = self._collection.get(ids=keys, include=["embeddings"])
            # Another thread may have dropped all of them since they were looked up; no rows have no width.
            rows = np.asarray(found["embeddings"], dtype=np.float32).reshape(len(found["ids"]), vector.size)
            return dict(zip(found["ids"], (rows @ vector).tolist(), strict=True))

    def settle(self) -> None:
        """Note how large the files are now that all is well; they only ever grow, so a smaller one was cut."""
        with self._usable():
            self._write_note(self._read_note()["vectors"])

    def clear(self) -> None:
        """Start without vectors, in a folder that was never used: Chroma remembers the folders it has had open."""
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
        """Let go of the files."""
        if self._client is not None:
            self._client.close()
            self._client = None

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """Turn complaints of Chroma and the disk into sentences; what may be damaged is made anew at the next start."""
        try:
            with writable(self._folder):
                yield
        except _BAD as error:
            said = str(error).splitlines()[0] if str(error) else type(error).__name__
            if "disk is full" not in said and "readonly" not in said:
                self._opening.touch()
            raise GuidanceIndexError(
                f"the index in {self._folder} cannot be used ({said}); make room if the disk is full, then start "
                "humphrey again: a damaged index is made anew"
            ) from error

    def _trusted(self) -> str | None:
        """The name of the folder with the vectors; None where there is none that can be used."""
        if not self._note.exists():
            return None
        reason = ""
        try:
            note = self._read_note()
            if (note["format"], note["model"]) != (_FORMAT, self._model):
                reason = "other_model"
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
        """Whether the vectors could be opened and one of them finds itself."""
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
        waiting.replace(self._note)

    def _sizes(self, vectors: str) -> dict[str, int]:
        files = (self._folder / vectors).rglob("data_level0.bin")
        return {str(each.relative_to(self._folder)): each.stat().st_size for each in files}


@contextmanager
def writable(folder: Path) -> Iterator[None]:
    """Turn what the disk complains of into a sentence."""
    try:
        yield
    except OSError as error:
        raise GuidanceIndexError(
            f"the index folder {folder} cannot be written ({error.strerror}); make room or mend it, "
            "or set HUMPHREY_DATA_DIR to another folder"
        ) from error


def _client(folder: Path) -> Client:
    # The declared type lacks `close`, which what is returned has.
    return cast(Client, chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False)))
