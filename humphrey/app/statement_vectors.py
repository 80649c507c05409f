"""Embed the statements of the guidance in the background. A question then finds their vectors stored."""

import os
import sys
from collections.abc import Callable
from threading import Event, get_native_id
from typing import TYPE_CHECKING

from humphrey.database.engine import Database
from humphrey.digests import sha256
from humphrey.documents.model import Passage
from humphrey.guidance import store as document_store

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from humphrey.search.remembered_vectors import RememberedVectors


_TEXTS = 16
"""Texts embedded between two looks at whether to stop: a quarter of a second."""


_LEAST_PRIORITY = 19


class StatementVectors:
    """Keeps the stored vectors of statements in step with the stored guidance.

    Args:
        database: holds the guidance.
        embed: the model of statements, with the file of stored vectors.
    """

    def __init__(self, database: Database, embed: "Callable[[], RememberedVectors]") -> None:
        self._database = database
        self._embed = embed

    def update(self, over: Event) -> int:
        """Compute missing vectors, drop those of removed documents, and return how many documents were computed.

        A document with a known stamp costs nothing. Stop early once `over` is set; finished documents stay.
        """
        stored = self._embed().stored
        if stored is None:
            return 0
        states = [each for each in document_store.index_states(self._database) if each.passages]
        version, known = self._version(), stored.stamps()
        wanted = {each.document: f"{version} {each.stamp}" for each in states}
        stored.drop(known.keys() - wanted.keys())
        lacking = [document for document, stamp in wanted.items() if known.get(document) != stamp]
        for done, document in enumerate(lacking):
            vectors = self._vectors(document, over)
            if vectors is None:
                return done
            stored.replace(document, wanted[document], vectors)
        return len(lacking)

    def _vectors(self, document: str, over: Event) -> "dict[bytes, NDArray[np.float16]] | None":
        """Return the vectors of a document's statements; None if `over` was set meanwhile."""
        from humphrey.drafting.extractive.selection import embedded_texts

        passages = list(document_store.read_passages(self._database, [document]))
        texts = [text for title, passage in passages for text in embedded_texts(title, passage)]
        vectors: dict[bytes, NDArray[np.float16]] = {}
        for first in range(0, len(texts), _TEXTS):
            if over.is_set():
                return None
            vectors |= self._embed().computed(texts[first : first + _TEXTS])
        return vectors

    def _version(self) -> str:
        """Return a digest that changes with the model, and when another text is made of a statement."""
        from humphrey.drafting.extractive.selection import embedded_texts

        text = "A statement of some words."
        sample = Passage("document", 0, "version", text, 0, len(text), ("Section",))
        return sha256(" ".join((self._embed().digest, *embedded_texts("Title", sample))))


def give_way() -> None:
    """Let this thread run only when no other wants the processor. Linux alone has priorities of threads."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, get_native_id(), _LEAST_PRIORITY)
