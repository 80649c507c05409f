"""The embedding model with a memory: the vector of a question, or of a statement of the guidance, is computed once.

Embedding is most of the cost of a question answered offline, and the same statements are candidates for many questions.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

_MOST = 20_000
"""Vectors remembered: 15 MB of half-precision numbers, and the statements of some 3,000 passages."""


_AT_ONCE = 64
"""Texts of one call that are still remembered. Indexing embeds more at once, and each of them once only."""


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
    """

    def __init__(self, model: Model, most: int = _MOST) -> None:
        self._model = model
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
        keys = [hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest() for text in texts]
        found = self._recall(keys)
        if missing := {key: text for key, text in zip(keys, texts, strict=True) if key not in found}:
            found |= self._keep(missing)
        return np.stack([found[key] for key in keys]).astype(np.float32)

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
