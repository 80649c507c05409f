"""A tiny model of mpnet's build with random weights, and the same forward pass written another way."""

import hashlib
import json
import math
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from humphrey.search.embedding_files import VOCABULARY, WEIGHTS

HEADS, SIZE, LAYERS, LONGEST = 12, 24, 2, 384


_WORDS = ["<s>", "<pad>", "</s>", "[UNK]", *"abcdefghijklmnopqrstuvwxyz", *(f"##{each}" for each in "abcdefghijklmnop")]


def write(folder: Path) -> dict[str, str]:
    """Write the files of the model; return their digests."""
    folder.mkdir(parents=True, exist_ok=True)
    _safetensors(folder / WEIGHTS, random_tensors())
    vocabulary = Tokenizer(models.WordPiece({word: n for n, word in enumerate(_WORDS)}, unk_token="[UNK]"))
    vocabulary.normalizer = normalizers.BertNormalizer(lowercase=True)
    vocabulary.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    vocabulary.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    vocabulary.save(str(folder / VOCABULARY))
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (WEIGHTS, VOCABULARY)}


def random_tensors() -> dict[str, np.ndarray]:
    drawn = np.random.default_rng(7)

    def numbers(*shape: int) -> np.ndarray:
        return drawn.normal(0, 0.5, shape).astype("<f4")

    made = {
        "embeddings.word_embeddings.weight": numbers(len(_WORDS), SIZE),
        "embeddings.position_embeddings.weight": numbers(LONGEST + 2, SIZE),
        "encoder.relative_attention_bias.weight": numbers(32, HEADS),
    }
    shapes = {f"attention.attn.{part}": (SIZE, SIZE) for part in "qkvo"}
    shapes |= {"intermediate.dense": (2 * SIZE, SIZE), "output.dense": (SIZE, 2 * SIZE)}
    for at in range(LAYERS):
        for name, shape in shapes.items():
            made[f"encoder.layer.{at}.{name}.weight"] = numbers(*shape)
            made[f"encoder.layer.{at}.{name}.bias"] = numbers(shape[0])
    scaled = [f"encoder.layer.{at}.{part}" for at in range(LAYERS) for part in ("attention", "output")]
    for name in ("embeddings", *scaled):
        made[f"{name}.LayerNorm.weight"] = 1 + numbers(SIZE)
        made[f"{name}.LayerNorm.bias"] = numbers(SIZE)
    return made


def _safetensors(path: Path, tensors: dict[str, np.ndarray]) -> None:
    table, end = {"__metadata__": {"format": "pt"}}, 0
    for name, each in tensors.items():
        table[name] = {"dtype": "F32", "shape": list(each.shape), "data_offsets": [end, end + each.nbytes]}
        end += each.nbytes
    head = json.dumps(table).encode()
    path.write_bytes(len(head).to_bytes(8, "little") + head + b"".join(each.tobytes() for each in tensors.values()))


def forward(ids: list[int], tensors: dict[str, np.ndarray], heads: int = HEADS) -> np.ndarray:
    """The vector of one text, head by head and token by token, in double precision."""
    wide = {name: each.astype(np.float64) for name, each in tensors.items()}
    rows = [wide["embeddings.word_embeddings.weight"][token] for token in ids]
    rows = [row + wide["embeddings.position_embeddings.weight"][n + 2] for n, row in enumerate(rows)]
    rows = [_scaled(row, wide, "embeddings") for row in rows]
    reach = [[bucket(j - i) for j in range(len(rows))] for i in range(len(rows))]
    bias = wide["encoder.relative_attention_bias.weight"][reach]
    at = 0
    while f"encoder.layer.{at}.output.dense.weight" in wide:
        rows = _layer(rows, bias, wide, f"encoder.layer.{at}", heads)
        at += 1
    mean = np.mean(rows, axis=0)
    return mean / np.linalg.norm(mean)


def _layer(
    rows: list[np.ndarray], bias: np.ndarray, wide: dict[str, np.ndarray], name: str, heads: int
) -> list[np.ndarray]:
    query, key, value = (
        np.stack([_dense(row, wide, f"{name}.attention.attn.{part}") for row in rows]) for part in "qkv"
    )
    width = query.shape[1] // heads
    seen = np.empty_like(query)
    for head in range(heads):
        part = slice(head * width, (head + 1) * width)
        for i in range(len(rows)):
            score = key[:, part] @ query[i, part] / math.sqrt(width) + bias[i, :, head]
            weight = np.exp(score - score.max())
            seen[i, part] = (weight / weight.sum()) @ value[:, part]
    after = []
    for row, attended in zip(rows, seen, strict=True):
        middle = _scaled(_dense(attended, wide, f"{name}.attention.attn.o") + row, wide, f"{name}.attention")
        widened = _dense(middle, wide, f"{name}.intermediate.dense")
        widened = np.array([each * 0.5 * (1 + math.erf(each / math.sqrt(2))) for each in widened])
        after.append(_scaled(_dense(widened, wide, f"{name}.output.dense") + middle, wide, f"{name}.output"))
    return after


def bucket(ahead: int) -> int:
    """The row of the bias for a distance: 16 rows for tokens before, 16 for those after; logarithmic from 8 on."""
    far = abs(ahead)
    if far >= 8:
        far = min(15, 8 + int(math.log(far / 8) / math.log(128 / 8) * 8 + 1e-9))
    return far + (16 if ahead > 0 else 0)


def _dense(row: np.ndarray, wide: dict[str, np.ndarray], name: str) -> np.ndarray:
    return wide[f"{name}.weight"] @ row + wide[f"{name}.bias"]


def _scaled(row: np.ndarray, wide: dict[str, np.ndarray], name: str) -> np.ndarray:
    unit = (row - row.mean()) / math.sqrt(row.var() + 1e-5)
    return unit * wide[f"{name}.LayerNorm.weight"] + wide[f"{name}.LayerNorm.bias"]
