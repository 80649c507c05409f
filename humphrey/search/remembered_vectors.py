"""The embedding model with a memory: the vector of a question, or of a statement of the guidance, is computed once.

Embedding is most of the cost of a question answered offline, and the same statements are candidates for many questions.
Vectors that were stored beforehand are read from their file.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from humphrey.search.statements.stored_vectors import StoredVectors

_MOST = 20_000
"""Vectors remembered: 15 MB of half-precision numbers, and the statements of some 3,000 passages."""


_AT_ONCE = 64
"""Texts of one call that are still remembered. Indexing embeds more at once, and each of them once only."""


_PORTION = 8
"""Texts computed at a time when nobody waits for them: one run of the model, so that a question comes in between."""


class Model(Protocol):
    """An embedding model; `digest` distinguishes models, and `dimensions` is the length of its vectors."""

    @property
    def digest(self) -> str:
        """The digest of the model; it changes whenever the vectors would."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector for each text, shape (texts, dimensions)."""


class RememberedVectors:
    """Turns texts into unit vectors as `EmbeddingModel` does, and remembers the latest. Safe to share between threads.

    Vectors have half precision, whether remembered or not, so that the same question always has the same answer.

    Args:
        model: the embedding model.
        most: how many vectors to remember.
        stored: vectors computed beforehand; None if there are none.
    """

    def __init__(self, model: Model, most: int = _MOST, stored: StoredVectors | None = None) -> None:
        self._model = model
        self.stored = stored
        # Part of every key, so that a file of stored vectors can hold those of one model beside another's.
        self._own = hashlib.blake2b(model.digest.encode(), digest_size=16).digest()
        self.digest = model.digest
        self._vectors = np.empty((most, model.dimensions), dtype=np.float16)
        self._rows: OrderedDict[bytes, int] = OrderedDict()
        self._lock = Lock()

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return an array of shape (texts, dimensions), in order."""
        if not texts:
            return np.empty((0, self._vectors.shape[1]), dtype=np.float32)
        if len(texts) > _AT_ONCE:
            return self._model(texts).astype(self._vectors.dtype).astype(np.float32)
        keys = [self.key(text) for text in texts]
        found = self._recall(keys)
        found |= self._read([key for key in dict.fromkeys(keys) if key not in found])
        if missing := {key: text for key, text in zip(keys, texts, strict=True) if key not in found}:
            found |= self._keep(missing)
        return np.stack([found[key] for key in keys]).astype(np.float32)

    def key(self, text: str) -> bytes:
        """Return the key of a text: a digest of the text and the model."""
        return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16, key=self._own).digest()

    def computed(self, texts: Sequence[str]) -> dict[bytes, NDArray[np.float16]]:
        """Return the vectors of some texts by key, without remembering them, for a file of stored vectors."""
        known = self._read([self.key(text) for text in texts])
        missing = {key: text for text in texts if (key := self.key(text)) not in known}
        # The model puts texts of similar length into one run, of which each small portion is one.
        order = sorted(missing, key=lambda key: len(missing[key]))
        for first in range(0, len(order), _PORTION):
            some = order[first : first + _PORTION]
            known |= zip(some, self._model([missing[key] for key in some]).astype(np.float16), strict=True)
        return known

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float16]]:
        """Return the stored vectors of some keys; one of another length is damaged."""
        found = self.stored.recall(keys) if self.stored and keys else {}
        return {key: vector for key, vector in found.items() if len(vector) == self._vectors.shape[1]}

    def _recall(self, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float16]]:
        with self._lock:
            known = [key for key in dict.fromkeys(keys) if key in self._rows]
            for key in known:
                self._rows.move_to_end(key)
            return {key: self._vectors[self._rows[key]].copy() for key in known}

    def _keep(self, texts: dict[bytes, str]) -> dict[bytes, NDArray[np.float16]]:
        made = dict(zip(texts, self._model(list(texts.values())).astype(np.float16), strict=True))
        with self._lock:
            for key, vector in made.items():
                row = self._rows.pop(key, None)
                if row is None:
                    full = len(self._rows) == len(self._vectors)
                    row = self._rows.popitem(last=False)[1] if full else len(self._rows)
                self._rows[key], self._vectors[row] = row, vector
        return made
