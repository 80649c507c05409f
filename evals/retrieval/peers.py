"""The retrievers that are compared: humphrey's, its two rankings alone and fused by rank, and LangChain's plain one.

All embed with the same model, so that they differ only in how passages are split, headed and ranked.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from langchain_chroma import Chroma
from langchain_text_splitters import RecursiveCharacterTextSplitter
from numpy.typing import NDArray

from evals.retrieval.pieces import Piece, Way
from humphrey.app.drafting import keyword_ranking
from humphrey.documents.model import Document, split
from humphrey.search.model import Search, indexed

DEEP = 50
"""How many hits are taken of each: enough for ten different sections."""


# The constant of reciprocal rank fusion that is commonly used.
_RANK_CONSTANT = 60


_AT_ONCE = 1024


class Remembered:
    """The embedding model, with every vector stored in a file, so that a second run is fast.

    Args:
        model: the model.
        folder: the folder of the file.
    """

    def __init__(self, model: Any, folder: Path) -> None:  # noqa: ANN401 - the model's type is behind the application
        self.digest: str = model.digest
        self._model = model
        self._file = folder / f"vectors-{hashlib.sha256(self.digest.encode()).hexdigest()[:12]}.npz"
        self._known: dict[str, NDArray[np.float32]] = {}
        if self._file.exists():
            with np.load(self._file) as kept:
                self._known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The model's vectors."""
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if missing:
            self._known |= dict(zip(missing, self._model(list(missing.values())), strict=True))
        return np.stack([self._known[key] for key in keys])

    def keep(self) -> None:
        """Write the file."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        waiting = self._file.with_suffix(".part.npz")
        np.savez(waiting, keys=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))
        waiting.replace(self._file)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The vectors of several texts, in LangChain's interface."""
        return [row for at in range(0, len(texts), _AT_ONCE) for row in self(texts[at : at + _AT_ONCE]).tolist()]

    def embed_query(self, text: str) -> list[float]:
        """The vector of one text, in LangChain's interface."""
        return self.embed_documents([text])[0]


def humphrey(search: Search, documents: Sequence[Document]) -> Way:
    """Return the retrievers to measure."""

    def find(question: str) -> list[Piece]:
        return [
            Piece(hit.passage.document, " ".join((*hit.passage.section, hit.passage.text)))
            for hit in search(question, DEEP)
        ]

    return Way("humphrey", _passages(documents), find)


def words_alone(documents: Sequence[Document]) -> Way:
    """The keyword ranking over the same passages, with the same headings before them."""
    pieces = _passages(documents)
    rank = keyword_ranking(_words(documents))
    return Way("BM25 alone", pieces, lambda question: [pieces[at] for at in rank(question, DEEP)])


def meaning_alone(documents: Sequence[Document], embed: Remembered) -> Way:
    """The embedding over the same passages with the same headings, compared with every one of them."""
    pieces = _passages(documents)
    vectors = np.array(embed.embed_documents(_words(documents)), dtype=np.float32)

    def find(question: str) -> list[Piece]:
        return [pieces[at] for at in np.argsort(-(vectors @ embed([question])[0]), kind="stable")[:DEEP]]

    return Way("embedding alone", pieces, find)


def fused(words: Way, meaning: Way) -> Way:
    """Both rankings by the sum of their reciprocal ranks, as most systems fuse them."""

    def find(question: str) -> list[Piece]:
        worth: Counter[Piece] = Counter()
        for way in (words, meaning):
            worth.update({piece: 1 / (_RANK_CONSTANT + rank) for rank, piece in enumerate(way.find(question), start=1)})
        return [piece for piece, _ in worth.most_common(DEEP)]

    return Way("both fused by rank", words.pieces, find)


def plain_langchain(documents: Sequence[Document], embed: Remembered) -> Way:
    """LangChain's splitter and Chroma retriever with default settings except the number of hits."""
    splitter = RecursiveCharacterTextSplitter()
    pieces = [Piece(document.id, text) for document in documents for text in splitter.split_text(document.text)]
    database = Chroma("plain", embedding_function=embed)  # type: ignore[arg-type]  # it needs no more than the two methods
    for at in range(0, len(pieces), _AT_ONCE):
        block = pieces[at : at + _AT_ONCE]
        database.add_texts([piece.text for piece in block], [{"document": piece.document} for piece in block])
    retriever = database.as_retriever(search_kwargs={"k": DEEP})

    def find(question: str) -> list[Piece]:
        return [Piece(found.metadata["document"], found.page_content) for found in retriever.invoke(question)]

    return Way("LangChain Chroma", pieces, find)


def _passages(documents: Sequence[Document]) -> list[Piece]:
    return [
        Piece(document.id, " ".join((*passage.section, passage.text)))
        for document in documents
        for passage in split(document)
    ]


def _words(documents: Sequence[Document]) -> list[str]:
    return [indexed(document.imprint.title, each).words for document in documents for each in split(document)]
