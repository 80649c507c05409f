"""The larger embedding model: all-mpnet-base-v2, computed with numpy from the weights that its publisher gives out.

It is an option (`HUMPHREY_EMBEDDING_MODEL`): humphrey does not ship its weights, and computes about ten times as long.
The texts of a batch lie one behind the other in one table of tokens. Only attention looks at each text by itself, so
no padding is computed.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Array = NDArray[np.float32]


_HEADS = 12


# The publisher's own limit; the model reads no more of a text.
_MOST_TOKENS = 384


# Enough rows for full use of the processor; more would only need more memory.
_BATCH_TOKENS = 768


# Position 0 and 1 were never used in training.
_FIRST_POSITION = 2


_REACHES = np.array([1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91])
"""The distances, in tokens, at which the next bias begins: each one to 8, from there two for each doubling."""


_NEAR_ZERO = 1e-5


class MpnetModel:
    """Turns texts into vectors of length 1, as `EmbeddingModel` does. Safe to share between threads.

    Args:
        weights: the model's `model.safetensors`; its digest is checked by the caller.
        vocabulary: the model's `tokenizer.json`; likewise.
        digest: the digest of both.
    """

    name = "all-mpnet-base-v2"

    def __init__(self, weights: Path, vocabulary: Path, digest: str) -> None:
        self.digest = digest
        self._tokenizer = Tokenizer.from_file(str(vocabulary))
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.no_padding()
        tensors = _tensors(weights)
        self._words = tensors["embeddings.word_embeddings.weight"]
        self._positions = tensors["embeddings.position_embeddings.weight"][_FIRST_POSITION:]
        self._first = _below(tensors, "embeddings.LayerNorm.")
        self._bias = _distance_bias(tensors["encoder.relative_attention_bias.weight"])
        self._layers = list(_layers(tensors))
        self.dimensions = self._words.shape[1]

    def __call__(self, texts: Sequence[str]) -> Array:
        """Return an array of shape (texts, dimensions), in order; a text counts up to its 384th token."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        for batch in _batches([len(ids) for ids in tokens]):
            vectors[batch] = self._vectors([tokens[at] for at in batch])
        return vectors

    def _vectors(self, batch: Sequence[Sequence[int]]) -> Array:
        ends = np.cumsum([0, *(len(ids) for ids in batch)]).tolist()
        spans = [slice(start, end) for start, end in pairwise(ends)]
        rows = np.concatenate([self._words[ids] + self._positions[: len(ids)] for ids in batch])
        rows = _normalised(rows, self._first)
        for layer in self._layers:
            rows = self._after(layer, rows, spans)
        means = np.stack([rows[span].mean(axis=0) for span in spans])
        unit: Array = means / np.linalg.norm(means, axis=1, keepdims=True)
        return unit

    def _after(self, layer: Mapping[str, Array], rows: Array, spans: Sequence[slice]) -> Array:
        """Return the rows after one layer: attention, then two dense steps, each added to what went in."""
        query, key, value = (_dense(rows, layer, f"attention.attn.{part}") for part in "qkv")
        attended = np.concatenate([self._attended(query[span], key[span], value[span]) for span in spans])
        attended = _dense(attended, layer, "attention.attn.o")
        attended += rows
        middle = _normalised(attended, _below(layer, "attention.LayerNorm."))
        widened = _gelu(_dense(middle, layer, "intermediate.dense"))
        out = _dense(widened, layer, "output.dense")
        out += middle
        return _normalised(out, _below(layer, "output.LayerNorm."))

    def _attended(self, query: Array, key: Array, value: Array) -> Array:
        """Return the attention of one text to itself; all arguments have the shape (tokens, dimensions)."""
        tokens = len(query)
        by_head = [each.reshape(tokens, _HEADS, -1).swapaxes(0, 1) for each in (query, key, value)]
        scores: Array = by_head[0] @ by_head[1].swapaxes(1, 2)
        scores *= np.float32(by_head[0].shape[-1] ** -0.5)
        scores += self._bias[:, :tokens, :tokens]
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        attended: Array = (scores @ by_head[2]).swapaxes(0, 1).reshape(tokens, -1)
        return attended


def _tensors(weights: Path) -> dict[str, Array]:
    """Return the numbers of a safetensors file by name, read from disk on demand.

    The file begins with the length of a table in JSON, 8 bytes, and the table; positions count from its end.
    """
    with weights.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        table = json.loads(file.read(length))
    numbers = np.memmap(weights, dtype=np.uint8, mode="r", offset=8 + length)
    return {
        name: np.asarray(numbers[slice(*about["data_offsets"])]).view("<f4").reshape(about["shape"])
        for name, about in table.items()
        if about.get("dtype") == "F32"
    }


def _layers(tensors: Mapping[str, Array]) -> Iterator[dict[str, Array]]:
    """Yield the numbers of each layer by their names within it."""
    at = 0
    while layer := _below(tensors, f"encoder.layer.{at}."):
        yield layer
        at += 1


def _below(tensors: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    return {name.removeprefix(prefix): each for name, each in tensors.items() if name.startswith(prefix)}


def _distance_bias(by_reach: Array) -> Array:
    """Return what is added to the attention of each token to each other, shape (heads, tokens, tokens).

    Args:
        by_reach: one row for each reach of distances, first to tokens before or at the place, then to those after it.
    """
    place = np.arange(_MOST_TOKENS)
    ahead = place[None, :] - place[:, None]
    reach = np.searchsorted(_REACHES, np.abs(ahead), side="right") + (ahead > 0) * (len(_REACHES) + 1)
    return np.ascontiguousarray(by_reach[reach].transpose(2, 0, 1))


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield positions of texts that together have few enough tokens to be computed at once, short texts first."""
    batch: list[int] = []
    tokens = 0
    for at in sorted(range(len(lengths)), key=lambda each: lengths[each]):
        if batch and tokens + lengths[at] > _BATCH_TOKENS:
            yield batch
            batch, tokens = [], 0
        batch.append(at)
        tokens += lengths[at]
    if batch:
        yield batch


def _dense(rows: Array, layer: Mapping[str, Array], name: str) -> Array:
    out: Array = rows @ layer[f"{name}.weight"].T
    out += layer[f"{name}.bias"]
    return out


def _normalised(rows: Array, scale: Mapping[str, Array]) -> Array:
    """Return rows of mean 0 and variance 1, then scaled; `rows` is overwritten."""
    rows -= rows.mean(axis=1, keepdims=True)
    rows /= np.sqrt(np.square(rows).mean(axis=1, keepdims=True) + np.float32(_NEAR_ZERO))
    rows *= scale["weight"]
    rows += scale["bias"]
    return rows


def _gelu(rows: Array) -> Array:
    """Return each number times the share of a normal distribution below it; `rows` is overwritten.

    numpy has no such function, so the share is Abramowitz and Stegun's approximation 26.2.17, off by at most 7.5e-8.
    """
    size = np.abs(rows)
    t = 1 / (1 + np.float32(0.2316419) * size)
    series = np.zeros_like(t)
    for term in (1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.319381530):
        series += np.float32(term)
        series *= t
    size *= size
    size *= np.float32(-0.5)
    np.exp(size, out=size)
    size *= np.float32(0.3989422804014327)
    series *= size
    np.subtract(1, series, out=series, where=rows > 0)
    rows *= series
    return rows
